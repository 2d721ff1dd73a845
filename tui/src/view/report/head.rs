//! The top of the report: the scores, which evaluations they average, and the strip of questions;
//! or, when the page is scrolled, one line of it.

use ratatui::{
    layout::Rect,
    text::{Line, Span},
};

use super::scores;
use crate::{
    model::{Model, open::OpenInterview, preferences::Switch},
    view::{
        layout,
        strip::{self, Strip},
        theme::Theme,
        wrap,
    },
    words,
};

/// From this many rows, there is room for all scores.
const ALL_SCORES: u16 = 15;

/// The head of a page that is not scrolled, with a column of margin on the left.
pub(super) fn lines(model: &Model, open: &OpenInterview, area: Rect) -> Vec<Line<'static>> {
    // On a low screen, only the overall score is shown.
    let rows = if area.height >= ALL_SCORES { usize::from(scores::ROWS) } else { 1 };
    let mut lines: Vec<Line<'static>> = scores::lines(model, open, area);
    // The rows are fixed, so that nothing moves between questions with and without scores.
    lines.resize(rows, Line::default());
    let theme = Theme::of(model.look);
    lines.extend(scores::note(open, usize::from(area.width), theme));
    lines.push(Line::default());
    for line in &mut lines {
        line.spans.insert(0, Span::raw(" "));
    }
    lines.extend(strip(model, open, area).lines);
    lines.push(Line::default());
    lines
}

/// The strip of questions, at the end of the head but for an empty line.
pub(super) fn strip(model: &Model, open: &OpenInterview, area: Rect) -> Strip {
    strip::of_report(model, open, usize::from(area.width) + 2)
}

/// Makes the strip clickable, if the head is at the top of `shown`.
pub(super) fn note_clicks(model: &Model, open: &OpenInterview, area: Rect, shown: Rect) {
    if model.preferences.mouse == Switch::On {
        let strip = strip(model, open, area);
        let above = lines(model, open, area).len().saturating_sub(strip.lines.len() + 1);
        let below = layout::row(shown, u16::try_from(above).unwrap_or(u16::MAX), shown.height);
        strip.note_clicks(model, open.selected, below);
    }
}

/// The head as one line, with a rule below.
pub(super) fn pinned(model: &Model, open: &OpenInterview, width: u16) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    let mut line = vec![Span::raw(" ")];
    let number = |score: f64| {
        Span::styled(format!("{} {}", words::score(score), words::band(score)), theme.score(score))
    };
    let overall = open.report.as_ref().and_then(|report| report.overall_score);
    if let Some(slot) = open.shown() {
        let of = format!("{} of {}", open.selected, open.questions().len());
        let topic = slot.question.as_ref().map_or("", |question| question.topic.as_str());
        line.push(Span::styled(of, theme.accent()));
        line.push(Span::styled(format!("  {}  ", wrap::fit(topic, 24)), Theme::strong()));
        line.extend(slot.answer.as_ref().and_then(words::answer_score).map(number));
    } else if let Some(overall) = overall {
        line.push(Span::styled("overall  ", Theme::strong()));
        line.push(number(overall));
    }
    let columns = usize::from(width);
    let rule = Line::styled(format!(" {}", "─".repeat(columns.saturating_sub(2))), Theme::faint());
    vec![Line::from(line), rule]
}
