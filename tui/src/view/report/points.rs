//! What was found in an answer: its key points with the words that make them, why the scores are
//! what they are, and the step to the next band.

use ratatui::{
    style::Style,
    text::{Line, Span},
};
use viva_proto::v1::{Dimension, Evaluation, KeyPointResult, QuestionReport, ScoreExplanation};

use super::summary::set_apart;
use crate::{
    evaluation::provenance,
    model::{
        Model,
        open::{Open, Standing},
    },
    view::{interview, markdown, marks, news, theme::Theme, wrap},
    words,
};

/// From so many columns on, the evidence stands beside its point.
const BESIDE: usize = 72;

/// Below this confidence an answer "seems to make" a point, as answer.proto says.
const SURE: f64 = 0.75;

/// The page in lines of so many columns.
pub(crate) fn lines(
    model: &Model,
    open: &Open,
    slot: &QuestionReport,
    columns: usize,
) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    let mut lines = question_lines(slot, open.has_model(), columns, usize::MAX);
    set_apart(&mut lines);
    match open.standing(slot, &model.journal) {
        Standing::Done(evaluation, _) => lines.extend(found(evaluation, columns, theme)),
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
        other => {
            let text = interview::outcome(model, open, &other);
            lines.extend(wrap::plain(&text, columns, Style::new()));
        }
    }
    lines
}

/// A question, who wrote it where that is worth a word, and what its owner has noted of it: of the note
/// at most so many lines.
pub(crate) fn question_lines(
    slot: &QuestionReport,
    has_model: bool,
    columns: usize,
    most_note: usize,
) -> Vec<Line<'static>> {
    let Some(question) = &slot.question else {
        return Vec::new();
    };
    let mut lines = wrap::plain(&question.text, columns, Theme::strong());
    let source = words::source(question, has_model);
    if !source.is_empty() {
        lines.extend(wrap::plain(source, columns, Theme::faint()));
    }
    if let Some(mark) = &question.mark {
        lines.extend(marks::lines(mark, columns, most_note));
    }
    lines
}

/// What was found, in lines of so many columns.
pub(crate) fn found(evaluation: &Evaluation, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for point in &evaluation.key_points {
        lines.extend(point_lines(point, columns, theme));
    }
    if let Some(next) = weakest(evaluation) {
        set_apart(&mut lines);
        lines.extend(next_step(next, columns));
    }
    if !evaluation.feedback.trim().is_empty() {
        set_apart(&mut lines);
        lines.extend(markdown::lines(&evaluation.feedback, columns));
    }
    if !evaluation.suggestions.is_empty() {
        set_apart(&mut lines);
        lines.push(Line::styled("Suggestions", Theme::strong()));
        for suggestion in &evaluation.suggestions {
            let wrapped = wrap::plain(suggestion, columns.saturating_sub(2), Style::new());
            lines.extend(wrap::hang(&Span::styled("▸ ", theme.accent()), wrapped));
        }
    }
    lines.extend(reasons(evaluation, columns));
    let by = provenance::sentence(evaluation);
    if !by.is_empty() {
        set_apart(&mut lines);
        lines.extend(wrap::plain(&by, columns, Theme::faint()));
    }
    if let Some((note, opinions)) = provenance::opinions(evaluation) {
        lines.extend(wrap::plain(&note, columns, Theme::faint()));
        lines.extend(wrap::plain(&opinions, columns, Theme::faint()));
    }
    lines
}

/// A key point with its mark, and the words of the answer that make it.
fn point_lines(point: &KeyPointResult, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let mark = mark(point.coverage, theme);
    let evidence = quoted(&point.evidence).map(|words| match point.confidence {
        Some(confidence) if confidence < SURE => format!("perhaps by {words}"),
        _ => words,
    });
    if columns < BESIDE {
        let mut lines =
            wrap::hang(&mark, wrap::plain(&point.point, columns.saturating_sub(2), Style::new()));
        if let Some(evidence) = evidence {
            let wrapped = wrap::plain(&evidence, columns.saturating_sub(4), Theme::faint());
            lines.extend(wrap::hang(&Span::raw("    "), wrapped));
        }
        return lines;
    }
    let left = columns * 3 / 5;
    let points = wrap::hang(&mark, wrap::plain(&point.point, left - 4, Style::new()));
    let quotes = evidence
        .map(|evidence| wrap::plain(&evidence, columns - left, Theme::faint()))
        .unwrap_or_default();
    beside(points, quotes, left)
}

/// How far a point is made, from 0 to 1, as a mark.
pub(super) fn mark(coverage: f64, theme: Theme) -> Span<'static> {
    match coverage {
        c if c >= 0.75 => Span::styled("✓ ", theme.good()),
        c if c > 0.0 => Span::styled("~ ", theme.fair()),
        _ => Span::styled("✗ ", theme.bad()),
    }
}

/// Two columns of lines as one.
fn beside(left: Vec<Line<'static>>, right: Vec<Line<'static>>, at: usize) -> Vec<Line<'static>> {
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

fn quoted(text: &str) -> Option<String> {
    let text = text.trim();
    (!text.is_empty()).then(|| format!("“{text}”"))
}

/// The explanation of the lowest score that says what would raise it.
pub(crate) fn weakest(evaluation: &Evaluation) -> Option<&ScoreExplanation> {
    let with_step = evaluation.explanations.iter().filter(|e| !e.next_step.trim().is_empty());
    with_step.min_by(|a, b| score_of(evaluation, a).total_cmp(&score_of(evaluation, b)))
}

fn score_of(evaluation: &Evaluation, explanation: &ScoreExplanation) -> f64 {
    let scores = evaluation.scores.unwrap_or_default();
    match explanation.dimension() {
        Dimension::Correctness => scores.correctness,
        Dimension::Completeness => scores.completeness,
        Dimension::Quality => scores.quality,
        Dimension::Communication => scores.communication,
        Dimension::Unspecified => 10.0,
    }
}

/// What the step of an explanation is for: `To reach good in quality`.
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

fn next_step(explanation: &ScoreExplanation, columns: usize) -> Vec<Line<'static>> {
    let spans = [
        Span::styled(format!("{}: ", aim(explanation)), Theme::strong()),
        Span::raw(explanation.next_step.clone()),
    ];
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
fn reasons(evaluation: &Evaluation, columns: usize) -> Vec<Line<'static>> {
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
        let spans = [Span::styled(head, Theme::strong()), Span::raw(explanation.reason.clone())];
        lines.extend(wrap::spans(&spans, columns));
    }
    lines
}
