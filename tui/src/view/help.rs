//! The help: the keys of the screen behind it, from the table.

use ratatui::{
    Frame,
    layout::Rect,
    style::Style,
    text::{Line, Span, Text},
};

use super::{
    footer, header, layout, notice,
    report::{draw_more, set_apart},
    theme::Theme,
    wrap,
};
use crate::{
    keys,
    model::{Model, preferences::EditingKeys},
};

/// Width of the column for keys.
const KEYS: usize = 24;

/// Draws the screen.
pub(crate) fn draw(model: &Model, scroll: usize, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    let title = format!("Keys · {}", model.context_below().name());
    header::draw(model, &title, &[header::place(model)], parts.header, frame);
    let mut lines = lines(model, usize::from(parts.body.width));
    lines.drain(..scroll.min(lines.len()));
    let left = lines.len().saturating_sub(usize::from(parts.body.height));
    draw_more(model, left, parts, frame);
    frame.render_widget(Text::from(lines), parts.body);
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}

/// The last line that the help can be scrolled to.
pub(crate) fn last_scroll(model: &Model) -> usize {
    let (columns, rows) = model.size;
    let body = layout::parts(model, Rect::new(0, 0, columns, rows)).body;
    lines(model, usize::from(body.width)).len().saturating_sub(usize::from(body.height))
}

fn lines(model: &Model, columns: usize) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    let mut lines = Vec::new();
    let context = model.context_below();
    for binding in keys::bindings(context) {
        let chords = Span::styled(wrap::pad(&keys::labels(binding), KEYS), theme.accent());
        let help = wrap::plain(binding.help, columns.saturating_sub(KEYS), Style::new());
        lines.extend(wrap::hang(&chords, help));
    }
    let mut list = |title, keys: &[(&str, &str)]| {
        set_apart(&mut lines);
        lines.push(Line::styled(title, Theme::strong()));
        for (labels, help) in keys {
            let labels = Span::styled(wrap::pad(labels, KEYS), theme.accent());
            let help = wrap::plain(help, columns.saturating_sub(KEYS), Style::new());
            lines.extend(wrap::hang(&labels, help));
        }
    };
    if context.is_text() {
        list("In the text", keys::TYPING);
    }
    let has_vim = model.preferences.keys == EditingKeys::Vim;
    if has_vim && (model.measures.room)(model, context).is_some() {
        list("After Esc, as in vim", keys::VIM);
    }
    lines
}
