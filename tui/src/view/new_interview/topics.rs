//! The topics of a new interview: the selected ones and, while you choose, all that match, in
//! columns.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span, Text},
};

use super::LABEL;
use crate::{
    model::{
        Model,
        new_interview::{Field, NewInterview},
    },
    view::{editor, layout, theme::Theme, wrap},
    words,
};

/// Width of a topic with its mark and the gap after it.
const TOPIC: usize = 28;
/// Width of the number of matches.
const COUNT: u16 = 10;
/// The most columns that are easy to take in.
const MOST_COLUMNS: usize = 4;
/// The form's rows above and below the topics.
const OTHER_ROWS: u16 = 13;

/// How many topics fit side by side.
pub(super) fn columns(model: &Model) -> usize {
    let width = model.size.0.saturating_sub(2 * layout::MARGIN + LABEL + 1);
    (usize::from(width) / TOPIC).clamp(1, MOST_COLUMNS)
}

/// Draws the topics and returns the rows used.
pub(super) fn draw(model: &Model, form: &NewInterview, area: Rect, frame: &mut Frame<'_>) -> u16 {
    let (_, area) = layout::split_left(area, 1, 0);
    let marked: Vec<&str> = form.topics.iter().map(String::as_str).collect();
    let marked = if marked.is_empty() { "any".to_owned() } else { marked.join(", ") };
    let templates = model.templates.as_deref().unwrap_or_default();
    if form.field != Field::Topics {
        frame.render_widget(Line::raw(wrap::fit(&marked, usize::from(area.width))), area);
        return 1;
    }
    let (field, below) = layout::split_top(area, 1);
    let field = Rect { width: field.width.saturating_sub(COUNT), ..field };
    editor::field(&form.wanted_topic, true, field, frame);
    if form.wanted_topic.is_blank() {
        let hint = format!("{marked}   type to find one");
        let hint = wrap::fit(&hint, usize::from(field.width));
        frame.render_widget(Line::styled(hint, Theme::faint()), field);
    }
    let found = form.topics_found(templates);
    let count = Line::styled(words::count(found.len(), "topic"), Theme::faint());
    frame.render_widget(count.right_aligned(), layout::split_top(area, 1).0);
    let lines = grid(model, form, &found);
    let rows = u16::try_from(lines.len()).unwrap_or(u16::MAX);
    frame.render_widget(Text::from(lines), below);
    1 + rows
}

/// The rows around the selected topic.
fn grid(model: &Model, form: &NewInterview, found: &[String]) -> Vec<Line<'static>> {
    if found.is_empty() {
        return vec![Line::styled("No topic is called that.", Theme::faint())];
    }
    let columns = columns(model);
    let other_rows = OTHER_ROWS + u16::from(form.is_real) + 3;
    let most = usize::from(model.size.1.saturating_sub(other_rows).clamp(2, 12));
    let rows: Vec<_> = found.chunks(columns).collect();
    let front = form.topic / columns;
    let first = (front + 1).saturating_sub(most.div_ceil(2)).min(rows.len().saturating_sub(most));
    let shown = rows.iter().enumerate().skip(first).take(most);
    shown
        .map(|(row, topics)| {
            let cells = topics.iter().enumerate();
            cells.flat_map(|(column, topic)| cell(form, topic, row * columns + column)).collect()
        })
        .collect()
}

fn cell(form: &NewInterview, topic: &str, at: usize) -> [Span<'static>; 2] {
    let mark = if form.topics.contains(topic) { "[✓]" } else { "[ ]" };
    let style = if at == form.topic { Theme::chosen() } else { Style::new() };
    let text = format!("{mark} {}", wrap::fit(topic, TOPIC - 6));
    let gap = " ".repeat(TOPIC.saturating_sub(wrap::width(&text)));
    [Span::styled(text, style), Span::raw(gap)]
}
