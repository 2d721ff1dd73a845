//! The scores on top of the report: overall and by dimension, of the interview or of the chosen
//! question.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};
use viva_proto::v1::{Evaluation, Scores};

use crate::{
    evaluation::averages::Averaged,
    model::{Model, open::Open},
    view::{bar, theme::Theme, wrap},
    words,
};

/// Rows that the scores take.
pub(crate) const ROWS: u16 = 5;
/// Columns of the names of scores.
pub(crate) const LABEL: usize = 16;
const BAR: usize = 20;
const WIDE_BAR: usize = 36;
const NARROW_BAR: usize = 10;

/// The names of the four scores with the scores.
pub(crate) fn named(scores: &Scores) -> [(&'static str, f64); 4] {
    [
        ("correctness", scores.correctness),
        ("completeness", scores.completeness),
        ("quality", scores.quality),
        ("communication", scores.communication),
    ]
}

/// The scores of the interview; with a question chosen, of its answer.
pub(crate) fn lines(model: &Model, open: &Open, area: Rect) -> Vec<Line<'static>> {
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
        first.push_span(Span::styled("   offline estimate", Theme::faint()));
    }
    let mut lines = vec![first];
    lines.extend(named(&scores).map(|(name, score)| row(name, score, cells, theme)));
    lines
}

/// The chosen answer's scores if it has any, else the interview's.
fn shown(open: &Open) -> Option<(f64, Scores)> {
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

/// The score of an answer, with the range that it lies in where that is known.
pub(crate) fn answer_row(
    score: f64,
    evaluation: &Evaluation,
    cells: usize,
    theme: Theme,
) -> Line<'static> {
    const NAME: &str = "this answer";
    let mut line = match evaluation.range {
        None => row(NAME, score, cells, theme),
        Some(range) => {
            let mut line = Line::raw(wrap::pad(NAME, LABEL));
            line.spans.extend(bar::ranged(score, range, cells, theme));
            let number = words::score_in_range(score, Some(range));
            line.push_span(Span::raw(format!(" {number:>4} {}", words::band(score))));
            line
        }
    };
    if evaluation.needs_review {
        line.push_span(Span::styled("   not sure: read it yourself", theme.fair()));
    }
    line
}

fn missing(open: &Open) -> Line<'static> {
    let name = if open.selected == 0 { "overall" } else { "this answer" };
    let answered = match open.shown() {
        Some(slot) => slot.answer.is_some(),
        None => open.questions().iter().any(|slot| slot.answer.is_some()),
    };
    let text = if answered { "not evaluated yet" } else { "not answered yet" };
    Line::from(vec![Span::raw(wrap::pad(name, LABEL)), Span::styled(text, Theme::faint())])
}

/// What the averages are over, where there is more than one grader; in lines of so many columns.
pub(crate) fn note(open: &Open, columns: usize) -> Vec<Line<'static>> {
    let averaged = Averaged::of(open.questions()).filter(|_| open.selected == 0);
    let sentence = averaged.and_then(|averaged| averaged.sentence());
    sentence.map(|text| wrap::plain(&text, columns, Theme::faint())).unwrap_or_default()
}

/// Whether the built-in grader gave the scores that are shown.
fn is_estimate(open: &Open) -> bool {
    let slots = open.shown().map_or(open.questions(), std::slice::from_ref);
    Averaged::of(slots).is_some_and(|averaged| averaged.is_estimate())
}
