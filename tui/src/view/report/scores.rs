//! The scores on top of the report: overall and by dimension, of the interview or of the selected
//! question.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};
use viva_proto::v1::{Evaluation, QuestionReport, Scores};

use crate::{
    evaluation::{averages::Averaged, provenance::UNSURE},
    model::{Model, open::OpenInterview},
    view::{bar, theme::Theme, wrap},
    words,
};

/// Rows of the scores.
pub(crate) const ROWS: u16 = 5;
/// Columns of the names of scores.
pub(crate) const LABEL: usize = 16;
const BAR: usize = 20;
const WIDE_BAR: usize = 36;
const NARROW_BAR: usize = 10;

/// The four scores with their names.
pub(crate) fn named(scores: &Scores) -> [(&'static str, f64); 4] {
    [
        ("correctness", scores.correctness()),
        ("completeness", scores.completeness()),
        ("quality", scores.quality()),
        ("communication", scores.communication()),
    ]
}

/// The interview's scores, or the selected answer's.
pub(crate) fn lines(model: &Model, open: &OpenInterview, area: Rect) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    let cells = match area.width {
        0..72 => NARROW_BAR,
        72..96 => BAR,
        _ => WIDE_BAR,
    };
    let Some((overall, scores)) = shown(open) else {
        return vec![missing(open)];
    };
    let evaluation = open.shown().and_then(|slot| slot.answer.as_ref()?.evaluation.as_ref());
    let mut first = match evaluation {
        Some(evaluation) => answer_row(overall, evaluation, cells, theme),
        None => row("overall", overall, cells, theme),
    };
    if is_estimate(open) {
        let room = usize::from(area.width).saturating_sub(first.width());
        let mut words = ["   offline estimate", "   estimate"].into_iter();
        let word = words.find(|word| wrap::width(word) <= room).unwrap_or_default();
        first.push_span(Span::styled(word, Theme::faint()));
    }
    let mut lines = vec![first];
    lines.extend(named(&scores).map(|(name, score)| row(name, score, cells, theme)));
    lines
}

/// The selected answer's scores, or the interview's if no question is selected.
fn shown(open: &OpenInterview) -> Option<(f64, Scores)> {
    if let Some(slot) = open.shown() {
        let answer = slot.answer.as_ref()?;
        let scores = answer.evaluation.as_ref()?.scores?;
        return Some((words::answer_score(answer)?, scores));
    }
    let report = open.report.as_ref()?;
    Some((report.overall_score?, report.average_scores?))
}

/// A score with its name, bar, number and band.
pub(crate) fn row(name: &'static str, score: f64, cells: usize, theme: Theme) -> Line<'static> {
    let mut line = Line::raw(wrap::pad(name, LABEL));
    line.spans.extend(bar::bar(score, cells, theme));
    line.push_span(Span::raw(format!(" {}", bar::number_and_band(score))));
    line
}

/// The score of an answer, with its range if known.
pub(crate) fn answer_row(
    score: f64,
    evaluation: &Evaluation,
    cells: usize,
    theme: Theme,
) -> Line<'static> {
    const NAME: &str = "this answer";
    let Some(range) = evaluation.range else { return row(NAME, score, cells, theme) };
    let mut line = Line::raw(wrap::pad(NAME, LABEL));
    line.spans.extend(bar::ranged(score, range, cells, theme));
    // Aligned like the scores without a range.
    let gap = 5_usize.saturating_sub(words::score(score).len());
    let number = words::score_in_range(score, Some(range));
    line.push_span(Span::raw(format!("{}{number} {}", " ".repeat(gap), words::band(score))));
    line
}

/// A warning if the grader is unsure of a score, in lines of `columns`.
pub(crate) fn warning(evaluation: &Evaluation, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    if !evaluation.needs_review {
        return Vec::new();
    }
    wrap::plain(UNSURE, columns, theme.fair())
}

fn missing(open: &OpenInterview) -> Line<'static> {
    let is_shown = |slot: &QuestionReport| {
        slot.answer.is_none() && slot.question.as_ref().is_some_and(|q| q.shown.is_some())
    };
    let name = if open.selected == 0 { "overall" } else { "this answer" };
    let text = match open.shown() {
        Some(slot) if is_shown(slot) => "no score, the answer was shown",
        Some(slot) if slot.answer.is_none() => "not answered yet",
        None if open.questions().iter().all(|slot| slot.answer.is_none() && !is_shown(slot)) => {
            "not answered yet"
        }
        _ if open.is_running() => "comes once the interview has ended",
        _ => "no score yet",
    };
    Line::from(vec![Span::raw(wrap::pad(name, LABEL)), Span::styled(text, Theme::faint())])
}

/// Which evaluations the averages use, if there are several graders, or a warning about the
/// selected answer; in lines of `columns`.
pub(crate) fn note(open: &OpenInterview, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    if let Some(slot) = open.shown() {
        let evaluation = slot.answer.as_ref().and_then(|answer| answer.evaluation.as_ref());
        return evaluation.map(|it| warning(it, columns, theme)).unwrap_or_default();
    }
    let averaged = Averaged::of(open.questions());
    let sentence = averaged.and_then(|averaged| averaged.sentence());
    sentence.map(|text| wrap::plain(&text, columns, Theme::faint())).unwrap_or_default()
}

/// Whether the built-in grader gave the scores shown.
fn is_estimate(open: &OpenInterview) -> bool {
    let slots = open.shown().map_or(open.questions(), std::slice::from_ref);
    Averaged::of(slots).is_some_and(|averaged| averaged.is_estimate())
}
