//! All commands of the screen behind it, to be found by name; the same table as the help's.

use ratatui::{
    Frame,
    style::Style,
    text::{Line, Span, Text},
};

use super::{editor, footer, header, layout, notice, theme::Theme, wrap};
use crate::{
    model::{Model, editor::Editor},
    update,
};

/// Columns of the keys at the right.
const KEY: usize = 12;

/// Draws the screen.
pub(crate) fn draw(model: &Model, query: &Editor, selected: usize, frame: &mut Frame<'_>) {
    let theme = Theme::of(model.look);
    let parts = layout::parts(model, frame.area());
    header::draw(model, "All commands", &[header::place(model)], parts.header, frame);
    let (field, list) = layout::split_top(parts.body, 2);
    let (prompt, field) = layout::split_left(field, 2, 0);
    frame.render_widget(Line::styled("› ", theme.accent()), prompt);
    editor::field(query, true, layout::split_top(field, 1).0, frame);
    let columns = usize::from(list.width);
    let height = usize::from(list.height);
    let found = update::commands(model.context_below(), &query.text());
    let top = (selected + 1).saturating_sub(height);
    let lines = found.iter().enumerate().skip(top).take(height).map(|(at, binding)| {
        let chosen = at == selected;
        let style = if chosen { Theme::chosen() } else { Style::new() };
        let key = binding.chords.first().map(|chord| chord.label()).unwrap_or_default();
        Line::from(vec![
            Span::styled(if chosen { "> " } else { "  " }, theme.accent()),
            Span::styled(wrap::pad(binding.help, columns.saturating_sub(KEY + 2)), style),
            Span::styled(wrap::pad_left(&key, KEY), theme.accent()),
        ])
    });
    frame.render_widget(lines.collect::<Text<'_>>(), list);
    if found.is_empty() {
        frame.render_widget(Line::styled("  No command is called that.", Theme::faint()), list);
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}
