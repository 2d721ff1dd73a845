//! The evaluation of an answer: its key points with the words that make them, the reasons for the
//! scores, and the step to the next band.

use ratatui::{
    style::Style,
    text::{Line, Span},
};
use viva_proto::v1::{Dimension, Evaluation, QuestionReport, ScoreExplanation};

use super::{attempts, quotes, summary::set_apart};
use crate::{
    evaluation::{
        findings::{self, Finding, Outcome},
        provenance,
    },
    model::{
        Model,
        open::{OpenInterview, Standing},
    },
    timing::Held,
    view::{code, interview, markdown, marks, news, practice, theme::Theme, wrap},
    words,
};

/// From this many columns, the words of the answer are beside their point.
pub(super) const BESIDE: usize = 72;

/// Lays the page out in lines of this many columns.
pub(crate) fn lines(
    model: &Model,
    open: &OpenInterview,
    slot: &QuestionReport,
    columns: usize,
) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    let mut lines = question_lines(slot, open.has_model(), columns, usize::MAX, theme);
    let circumstances = circumstances(open, slot);
    if !circumstances.is_empty() {
        lines.extend(wrap::plain(&circumstances, columns, Theme::faint()));
    }
    set_apart(&mut lines);
    if let Some(answer) = &slot.answer
        && let Some(compared) = open.practice.compared(answer.question_id, answer.id)
    {
        lines.extend(attempts::lines(compared, columns, theme));
        set_apart(&mut lines);
    }
    match open.standing(slot, &model.drafts) {
        Standing::Done(evaluation, _) => {
            let numbers = slot.answer.as_ref().map(quotes::numbers);
            lines.extend(list(evaluation, &numbers.unwrap_or_default(), columns, theme));
            lines.extend(rest(evaluation, columns, theme));
        }
        Standing::Failed(_) => {
            let failure = model.chosen().and_then(|at| news::failure(model, open, at));
            let [reason, next] = failure.unwrap_or_default();
            lines.extend(wrap::plain(&reason, columns, Style::new()));
            lines.extend(wrap::plain(&next, columns, Theme::faint()));
        }
        Standing::Pending(answer, _) => {
            let waiting = open.waiting(answer, model.now);
            let text = waiting.map(|waiting| waiting.sentence()).unwrap_or_default();
            lines.extend(wrap::plain(&text, columns, Style::new()));
        }
        Standing::Shown => lines.extend(shown_lines(open, slot, columns, theme)),
        other => {
            let text = interview::outcome(model, open, &other);
            lines.extend(wrap::plain(&text, columns, Style::new()));
        }
    }
    lines
}

/// How long an answer took, and the help that was given with it. Without an answer only hints are named here;
/// [`shown_lines`] says that the answer was shown.
fn circumstances(open: &OpenInterview, slot: &QuestionReport) -> String {
    let held = open.report.as_ref().map(Held::from).unwrap_or_default();
    let taken = slot.answer.as_ref().map(|answer| held.taken(answer));
    let help = if slot.answer.is_some() { words::help } else { words::hints };
    let help = slot.question.as_ref().map(help).filter(|help| !help.is_empty());
    let parts = [taken, help.map(|help| format!("Help: {help}."))].into_iter().flatten();
    parts.filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// For a question whose answer was shown: that it has no score, and what a good answer says.
fn shown_lines(
    open: &OpenInterview,
    slot: &QuestionReport,
    columns: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let Some(question) = &slot.question else { return Vec::new() };
    let mut lines = vec![Line::styled("No score: you asked for the answer.", Theme::faint())];
    set_apart(&mut lines);
    lines.push(Line::styled("A good answer", Theme::strong()));
    lines.extend(practice::shown_lines(open, question, columns, theme));
    lines
}

/// A question, its author if that matters, and your marks on it, with at most `most_note` lines of
/// the note.
pub(crate) fn question_lines(
    slot: &QuestionReport,
    has_model: bool,
    columns: usize,
    most_note: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let Some(question) = &slot.question else {
        return Vec::new();
    };
    let mut lines = code::lines(&question.text, columns, Theme::strong(), theme);
    let source = words::source(question, has_model);
    if !source.is_empty() {
        lines.extend(wrap::plain(source, columns, Theme::faint()));
    }
    if let Some(mark) = &question.mark {
        lines.extend(marks::lines(mark, columns, most_note));
    }
    lines
}

/// Lays an evaluation out in lines of this many columns.
pub(crate) fn found(evaluation: &Evaluation, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = list(evaluation, &[], columns, theme);
    lines.extend(rest(evaluation, columns, theme));
    lines
}

/// The feedback's opening, then the points, worst first, with the answer's words and their numbers.
fn list(
    evaluation: &Evaluation,
    numbers: &[Option<usize>],
    columns: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let mut lines = markdown::lines(&findings::opening(evaluation).0, columns, theme);
    set_apart(&mut lines);
    let found = findings::of(evaluation);
    let number = |place: usize| numbers.get(place).copied().flatten();
    lines.extend(found.iter().flat_map(|it| point_lines(it, number(it.place), columns, theme)));
    lines
}

/// The parts of an evaluation other than its points.
fn rest(evaluation: &Evaluation, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let is_new = |text: &str| !text.trim().is_empty() && !findings::is_said(evaluation, text);
    if let Some(next) = weakest(evaluation).filter(|next| is_new(&next.next_step)) {
        lines.push(Line::raw(""));
        lines.extend(next_step(next, columns, theme));
    }
    let (_, feedback) = findings::opening(evaluation);
    if !feedback.trim().is_empty() {
        lines.push(Line::raw(""));
        lines.extend(markdown::lines(&feedback, columns, theme));
    }
    let is_step = |text: &str| {
        let is_it = |e: &ScoreExplanation| e.next_step.trim().eq_ignore_ascii_case(text.trim());
        evaluation.explanations.iter().any(is_it)
    };
    let suggestions = evaluation.suggestions.iter();
    let suggestions: Vec<&String> =
        suggestions.filter(|text| is_new(text) && !is_step(text)).collect();
    if !suggestions.is_empty() {
        lines.push(Line::raw(""));
        lines.push(Line::styled("Suggestions", Theme::strong()));
        for suggestion in suggestions {
            let wrapped = code::lines(suggestion, columns.saturating_sub(2), Style::new(), theme);
            lines.extend(wrap::hang(&Span::styled("▸ ", theme.accent()), wrapped));
        }
    }
    lines.extend(reasons(evaluation, columns, theme));
    let by = provenance::sentence(evaluation);
    if !by.is_empty() {
        lines.push(Line::raw(""));
        lines.extend(wrap::plain(&by, columns, Theme::faint()));
    }
    if let Some((note, opinions)) = provenance::opinions(evaluation) {
        lines.extend(wrap::plain(&note, columns, Theme::faint()));
        lines.extend(wrap::plain(&opinions, columns, Theme::faint()));
    }
    lines
}

/// A point with its mark, and the words of the answer for it or against it.
fn point_lines(
    finding: &Finding<'_>,
    number: Option<usize>,
    columns: usize,
    theme: Theme,
) -> Vec<Line<'static>> {
    let mark = mark(finding.outcome, theme);
    let number = number.map(|number| format!("[{number}] ")).unwrap_or_default();
    let text = format!("{number}{}", words_for(finding));
    let style = match finding.outcome {
        Outcome::Contradicted => theme.bad(),
        _ => Theme::faint(),
    };
    if columns < BESIDE {
        let point = code::lines(finding.point, columns.saturating_sub(2), Style::new(), theme);
        let mut lines = wrap::hang(&mark, point);
        let wrapped = wrap::plain(&text, columns.saturating_sub(4), style);
        lines.extend(wrap::hang(&Span::raw("    "), wrapped));
        lines.extend(remark_lines(finding, columns));
        return lines;
    }
    let left = columns * 3 / 5;
    let point = code::lines(finding.point, left - 4, Style::new(), theme);
    let words = wrap::plain(&text, columns - left, style);
    let mut lines = beside(wrap::hang(&mark, point), words, left);
    lines.extend(remark_lines(finding, columns));
    lines
}

/// What you say about a point, and what came of it.
fn remark_lines(finding: &Finding<'_>, columns: usize) -> Vec<Line<'static>> {
    let wrapped = |remark: &String| wrap::plain(remark, columns.saturating_sub(4), Theme::faint());
    let remarks = finding.remarks.iter().flat_map(wrapped).collect();
    wrap::hang(&Span::raw("    "), remarks)
}

/// The answer's words for or against a point, or that there are none.
fn words_for(finding: &Finding<'_>) -> String {
    let quote = format!("“{}”", finding.quote);
    match finding.outcome {
        Outcome::Contradicted => format!("you say the opposite: {quote}"),
        Outcome::Missed => "not said".to_owned(),
        Outcome::Near => format!("near: {quote}"),
        Outcome::Made if finding.quote.is_empty() => String::new(),
        Outcome::Made if finding.is_sure => quote,
        Outcome::Made => format!("perhaps by {quote}"),
    }
}

/// The mark for a point's outcome.
pub(crate) fn mark(outcome: Outcome, theme: Theme) -> Span<'static> {
    match outcome {
        Outcome::Made => Span::styled("✓ ", theme.good()),
        Outcome::Near => Span::styled("~ ", theme.fair()),
        Outcome::Missed => Span::styled("✗ ", theme.bad()),
        Outcome::Contradicted => Span::styled("! ", theme.bad()),
    }
}

/// Joins two columns of lines.
pub(super) fn beside(
    left: Vec<Line<'static>>,
    right: Vec<Line<'static>>,
    at: usize,
) -> Vec<Line<'static>> {
    let rows = left.len().max(right.len());
    let mut left = left.into_iter();
    let mut right = right.into_iter();
    let join = |_| {
        let mut line = left.next().unwrap_or_default();
        let gap = at.saturating_sub(line.width());
        if let Some(right) = right.next() {
            line.push_span(Span::raw(" ".repeat(gap)));
            line.spans.extend(right.spans);
        }
        line
    };
    (0..rows).map(join).collect()
}

/// The explanation of the lowest score that has a next step.
pub(crate) fn weakest(evaluation: &Evaluation) -> Option<&ScoreExplanation> {
    let with_step = evaluation.explanations.iter().filter(|e| !e.next_step.trim().is_empty());
    with_step.min_by(|a, b| score_of(evaluation, a).total_cmp(&score_of(evaluation, b)))
}

fn score_of(evaluation: &Evaluation, explanation: &ScoreExplanation) -> f64 {
    let scores = evaluation.scores.unwrap_or_default();
    match explanation.dimension() {
        Dimension::Correctness => scores.correctness(),
        Dimension::Completeness => scores.completeness(),
        Dimension::Quality => scores.quality(),
        Dimension::Communication => scores.communication(),
        Dimension::Unspecified => 10.0,
    }
}

/// The aim of an explanation's next step: `To reach good in quality`.
pub(crate) fn aim(explanation: &ScoreExplanation) -> String {
    let name = dimension_name(explanation.dimension());
    format!("To reach {} in {name}", band_above(&explanation.band))
}

/// The next better band.
fn band_above(band: &str) -> &'static str {
    match band {
        "poor" => "weak",
        "weak" => "fair",
        "fair" => "good",
        _ => "excellent",
    }
}

fn next_step(explanation: &ScoreExplanation, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut spans = vec![Span::styled(format!("{}: ", aim(explanation)), Theme::strong())];
    spans.extend(code::spans(&explanation.next_step, Style::new(), theme));
    wrap::spans(&spans, columns)
}

fn dimension_name(dimension: Dimension) -> &'static str {
    match dimension {
        Dimension::Correctness => "correctness",
        Dimension::Completeness => "completeness",
        Dimension::Quality => "quality",
        Dimension::Communication => "communication",
        Dimension::Unspecified => "",
    }
}

/// Why each score is what it is.
fn reasons(evaluation: &Evaluation, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    let known = evaluation.explanations.iter();
    for explanation in known.filter(|e| e.dimension() != Dimension::Unspecified) {
        let name = dimension_name(explanation.dimension());
        if lines.is_empty() {
            lines.push(Line::raw(""));
            lines.push(Line::styled("Why these scores", Theme::strong()));
        }
        let score = score_of(evaluation, explanation);
        let head = format!("{name}, {} {}: ", words::score(score), words::band(score));
        let mut spans = vec![Span::styled(head, Theme::strong())];
        spans.extend(code::spans(&reason(evaluation, explanation), Style::new(), theme));
        lines.extend(wrap::spans(&spans, columns));
    }
    lines
}

/// A reason, without its closing point if the list has that point.
fn reason(evaluation: &Evaluation, explanation: &ScoreExplanation) -> String {
    let reason = explanation.reason.trim();
    match reason.split_once(": ") {
        Some((reason, _)) if findings::is_said(evaluation, &explanation.reason) => {
            format!("{reason}.")
        }
        _ => reason.to_owned(),
    }
}
