//! The palette: everything that you can do or go to, found by letters of its name.

use ratatui::{
    Frame,
    style::Style,
    text::{Line, Span, Text},
};

use super::{clicks, editor, footer, header, layout, notice, theme::Theme, wrap};
use crate::{
    fuzzy::Match,
    model::{
        Model,
        editor::Editor,
        palette::{self, Entry},
    },
};

/// Width of the column for keys.
const KEY: usize = 12;

/// The list is no wider than this, to keep each key near its name.
const WIDEST: u16 = 100;

/// Draws the screen.
pub(crate) fn draw(model: &Model, query: &Editor, selected: usize, frame: &mut Frame<'_>) {
    let theme = Theme::of(model.look);
    let parts = layout::parts(model, frame.area());
    header::draw(model, "All commands", &[header::place(model)], parts.header, frame);
    let (field, list) = layout::split_top(parts.body, 2);
    let (prompt, field) = layout::split_left(field, 2, 0);
    frame.render_widget(Line::styled("› ", theme.accent()), prompt);
    editor::field(query, true, layout::split_top(field, 1).0, frame);
    let columns = usize::from(list.width.min(WIDEST));
    let height = usize::from(list.height);
    let found = palette::found(model, &query.text());
    let top = (selected + 1).saturating_sub(height);
    clicks::list(model, list, top..found.len(), selected);
    let shown = found.iter().enumerate().skip(top).take(height);
    let lines = shown.map(|(at, (entry, it))| line(entry, it, at == selected, columns, theme));
    frame.render_widget(lines.collect::<Text<'_>>(), list);
    if found.is_empty() {
        frame.render_widget(Line::styled("  Nothing matches.", Theme::faint()), list);
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// An entry with the matching letters highlighted, and its key or kind on the right.
fn line(entry: &Entry, it: &Match, chosen: bool, columns: usize, theme: Theme) -> Line<'static> {
    let style = if chosen { Theme::chosen() } else { Style::new() };
    let name = wrap::pad(&entry.name, columns.saturating_sub(KEY + 2));
    let mut spans = vec![Span::styled(if chosen { "> " } else { "  " }, theme.accent())];
    for (at, c) in name.chars().enumerate() {
        let is_found = it.places.binary_search(&at).is_ok();
        let style = if is_found { style.patch(theme.accent()) } else { style };
        match spans.last_mut() {
            Some(last) if last.style == style && at > 0 => last.content.to_mut().push(c),
            _ => spans.push(Span::styled(c.to_string(), style)),
        }
    }
    let is_key = entry.key.chars().next().is_none_or(|c| !c.is_lowercase()) || entry.key.len() == 1;
    let key = if is_key { theme.accent() } else { Theme::faint() };
    spans.push(Span::styled(wrap::pad_left(&entry.key, KEY), key));
    Line::from(spans)
}
