//! What was found in an answer: its key points with the words that make them, why the scores are
//! what they are, and the step to the next band.

use ratatui::{
    style::Style,
    text::{Line, Span},
};
use viva_proto::v1::{
    Dimension, Evaluation, GraderKind, KeyPointResult, QuestionReport, ScoreExplanation,
};

use super::summary::set_apart;
use crate::{
    model::{
        Model,
        open::{Open, Standing},
    },
    view::{interview, markdown, theme::Theme, wrap},
    words,
};

/// From so many columns on, the evidence stands beside its point.
const BESIDE: usize = 72;

/// The page in lines of so many columns.
pub(crate) fn lines(
    model: &Model,
    open: &Open,
    slot: &QuestionReport,
    columns: usize,
) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    let question = slot.question.as_ref().map_or("", |question| question.text.as_str());
    let mut lines = wrap::plain(question, columns, Theme::strong());
    set_apart(&mut lines);
    let standing = open.standing(slot, &model.journal);
    match &standing {
        Standing::Done(evaluation, _) => lines.extend(found(evaluation, columns, theme)),
        Standing::Failed(evaluation) => {
            let text = format!("This answer could not be evaluated: {}", evaluation.failure_reason);
            lines.extend(wrap::plain(&text, columns, Style::new()));
            lines.extend(wrap::plain("The answer itself is safe.", columns, Theme::faint()));
        }
        other => {
            let text = interview::outcome(model, other);
            lines.extend(wrap::plain(&text, columns, Style::new()));
        }
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
    set_apart(&mut lines);
    lines.extend(wrap::plain(&provenance(evaluation), columns, Theme::faint()));
    lines
}

/// A key point with its mark, and the words of the answer that make it.
fn point_lines(point: &KeyPointResult, columns: usize, theme: Theme) -> Vec<Line<'static>> {
    let mark = match point.coverage {
        c if c >= 0.75 => Span::styled("✓ ", theme.good()),
        c if c > 0.0 => Span::styled("~ ", theme.fair()),
        _ => Span::styled("✗ ", theme.bad()),
    };
    let evidence = quoted(&point.evidence);
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

/// The next better band.
pub(crate) fn band_above(band: &str) -> &'static str {
    match band {
        "poor" => "weak",
        "weak" => "fair",
        "fair" => "good",
        _ => "excellent",
    }
}

/// `To reach good: ...`
fn next_step(explanation: &ScoreExplanation, columns: usize) -> Vec<Line<'static>> {
    let band = band_above(&explanation.band);
    let spans = [
        Span::styled(format!("To reach {band}: "), Theme::strong()),
        Span::raw(explanation.next_step.clone()),
    ];
    wrap::spans(&spans, columns)
}

/// Why each score is what it is.
fn reasons(evaluation: &Evaluation, columns: usize) -> Vec<Line<'static>> {
    let mut lines = Vec::new();
    for explanation in &evaluation.explanations {
        let name = match explanation.dimension() {
            Dimension::Correctness => "correctness",
            Dimension::Completeness => "completeness",
            Dimension::Quality => "quality",
            Dimension::Communication => "communication",
            Dimension::Unspecified => continue,
        };
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

/// Who evaluated the answer, and in how many attempts.
fn provenance(evaluation: &Evaluation) -> String {
    let Some(grader) = &evaluation.grader else {
        return String::new();
    };
    let who = match grader.kind() {
        GraderKind::Offline => "Offline estimate by",
        _ => "Evaluated by",
    };
    let attempts = match evaluation.attempts {
        0 | 1 => String::new(),
        n => format!(", attempt {n}"),
    };
    format!("{who} {} {}{attempts}", grader.name, grader.version)
}
