//! Places to type: the field of one line and the box of many, with the terminal's own caret.

use std::cmp::Ordering;

use ratatui::{
    Frame,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span, Text},
    widgets::{Block, Widget as _},
};

use super::{theme::Theme, wrap};
use crate::{
    model::{
        Look,
        editor::Editor,
        soft_wrap::{Layout, Row},
    },
    text,
};

/// Draws a field of one line into `area`; with the focus, the caret stands in it.
pub(crate) fn field(editor: &Editor, has_focus: bool, area: Rect, frame: &mut Frame<'_>) {
    if area.is_empty() {
        return;
    }
    let widget = editor.widget();
    widget.render(area, frame.buffer_mut());
    if !has_focus {
        // A marked text is marked only where the keys go.
        frame.buffer_mut().set_style(area, Style::reset());
        return;
    }
    let (caret, (_, left)) = (widget.screen_cursor(), widget.scroll_offset());
    set_caret(0, caret.col.saturating_sub(usize::from(left)), area, frame);
}

/// Draws a text of many lines into `area`, broken at spaces.
pub(crate) fn text(editor: &Editor, has_focus: bool, area: Rect, frame: &mut Frame<'_>) {
    if area.is_empty() {
        return;
    }
    let layout = Layout::new(editor.widget().lines(), usize::from(area.width));
    let (row, cell) = editor.caret(&layout);
    let height = usize::from(area.height);
    let top = editor.top(row, height);
    let marked = editor.widget().selection_range();
    let rows = layout.rows.iter().skip(top).take(height);
    let lines = rows.map(|row| line(&layout, *row, marked)).collect::<Text<'_>>();
    frame.render_widget(lines, area);
    if has_focus {
        set_caret(row - top, cell, area, frame);
    }
}

type Marked = Option<((usize, usize), (usize, usize))>;

/// A row with what is marked of it.
fn line(layout: &Layout<'_>, row: Row, marked: Marked) -> Line<'static> {
    let (from, to) = marked.unwrap_or_default();
    let within = |(line, column): (usize, usize)| match line.cmp(&row.line) {
        Ordering::Less => row.start,
        Ordering::Equal => column.clamp(row.start, row.end),
        Ordering::Greater => row.end,
    };
    let (from, to) = (within(from), within(to));
    let part = |start, end, style| {
        let text = layout.text(Row { start, end, ..row });
        Span::styled(text::neutral(&text).into_owned(), style)
    };
    Line::from(vec![
        part(row.start, from, Style::new()),
        part(from, to, Style::new().reversed()),
        part(to, row.end, Style::new()),
    ])
}

fn set_caret(row: usize, cell: usize, area: Rect, frame: &mut Frame<'_>) {
    // Spaces at the end of a row hang over, the caret does not.
    let cell = cell.min(usize::from(area.width) - 1);
    let offset = |cells: usize| u16::try_from(cells).unwrap_or(0);
    frame.set_cursor_position(Position::new(area.x + offset(cell), area.y + offset(row)));
}

/// What stands on the frame of a box.
pub(crate) struct Labels {
    /// Top left: what the box is for.
    pub(crate) title: String,
    /// Top right: how much there is.
    pub(crate) amount: String,
    /// Bottom left: what is wrong.
    pub(crate) fault: String,
    /// Bottom right: whether it is saved.
    pub(crate) saved: String,
}

/// Draws the frame of a box and gives the room inside.
pub(crate) fn frame(labels: &Labels, look: Look, area: Rect, frame: &mut Frame<'_>) -> Rect {
    let theme = Theme::of(look);
    let style = if labels.fault.is_empty() { theme.frame() } else { theme.bad() };
    let room = usize::from(area.width).saturating_sub(4);
    let label = |text: &str, style: Style| {
        let text = wrap::fit(text, room);
        let text = if text.is_empty() { text } else { format!(" {text} ") };
        Line::from(Span::styled(text, style))
    };
    let block = Block::bordered()
        .border_style(style)
        .title_top(label(&labels.title, Style::new()))
        .title_top(label(&labels.amount, Theme::faint()).right_aligned())
        .title_bottom(label(&labels.fault, theme.bad().bold()))
        .title_bottom(label(&labels.saved, Theme::faint()).right_aligned());
    let inside = block.inner(area);
    frame.render_widget(block, area);
    // A cell of air at each side.
    Rect { x: inside.x + 1.min(inside.width), width: inside.width.saturating_sub(2), ..inside }
}
