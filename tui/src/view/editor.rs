//! Text input: fields of one line and boxes of several, with the terminal's own caret.

use std::ops::Range;

use ratatui::{
    Frame,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span, Text},
    widgets::Block,
};

use super::{theme::Theme, wrap};
use crate::{
    model::{
        Look,
        editor::{Editor, Shown},
        soft_wrap::{self, Layout, Row},
    },
    text,
};

/// Draws a field of one line into `area`; with the focus, the caret is in it.
pub(crate) fn field(editor: &Editor, has_focus: bool, area: Rect, frame: &mut Frame<'_>) {
    if area.is_empty() {
        return;
    }
    let shown = editor.shown();
    let rows = soft_wrap::rows(&shown, usize::MAX);
    let layout = Layout::new(&shown, &rows);
    let (_, cell) = layout.place(editor.caret_shown());
    // A text too long for the field is moved to the left until the caret is visible.
    let columns = usize::from(area.width);
    let left = (cell + 1).saturating_sub(columns);
    let marked = editor.marked().filter(|_| has_focus);
    let line = rows.first().map(|row| line(&layout, *row, marked)).unwrap_or_default();
    let offset = u16::try_from(left).unwrap_or(u16::MAX);
    frame.render_widget(ratatui::widgets::Paragraph::new(line).scroll((0, offset)), area);
    if has_focus {
        show_at(editor, usize::MAX, (left, 0), area);
        set_caret(0, cell - left, area, frame);
    }
}

/// Draws a text of several lines into `area`, broken at spaces.
pub(crate) fn text(editor: &Editor, has_focus: bool, area: Rect, frame: &mut Frame<'_>) {
    if area.is_empty() {
        return;
    }
    let seen = Seen::of(editor, area);
    let rows = editor.rows(usize::from(area.width));
    let layout = editor.layout(&rows);
    let shown = rows.iter().skip(seen.top).take(usize::from(area.height));
    let lines = shown.map(|row| line(&layout, *row, editor.marked())).collect::<Text<'_>>();
    frame.render_widget(lines, area);
    if has_focus {
        show_at(editor, usize::from(area.width), (0, seen.top), area);
        let (row, cell) = editor.caret(&layout);
        set_caret(row - seen.top, cell, area, frame);
    }
}

/// A row with its selected part.
fn line(layout: &Layout<'_>, row: Row, marked: Option<Range<usize>>) -> Line<'static> {
    let marked = marked.unwrap_or_default();
    let within = |at: usize| at.clamp(row.start, row.end);
    let (from, to) = (within(marked.start), within(marked.end));
    let part = |start, end, style| {
        Span::styled(text::neutral(layout.part(start..end)).into_owned(), style)
    };
    Line::from(vec![
        part(row.start, from, Style::new()),
        part(from, to, Style::new().reversed()),
        part(to, row.end, Style::new()),
    ])
}

/// Notes where the text is, for the mouse.
fn show_at(editor: &Editor, columns: usize, scrolled: (usize, usize), area: Rect) {
    let (corner, size) = ((area.x, area.y), (area.width, area.height));
    editor.show_at(Shown { corner, size, columns, scrolled });
}

fn set_caret(row: usize, cell: usize, area: Rect, frame: &mut Frame<'_>) {
    // Spaces may extend past the end of a row, but the caret must not.
    let cell = cell.min(usize::from(area.width) - 1);
    let offset = |cells: usize| u16::try_from(cells).unwrap_or(0);
    frame.set_cursor_position(Position::new(area.x + offset(cell), area.y + offset(row)));
}

/// The visible part of a text that may be longer than its area.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Seen {
    /// The first visible row, from 0.
    pub(crate) top: usize,
    /// How many rows there are.
    pub(crate) rows: usize,
    /// How many rows fit.
    pub(crate) height: usize,
}

impl Seen {
    /// The visible part of an editor's text in `area`.
    fn of(editor: &Editor, area: Rect) -> Self {
        let rows = editor.rows(usize::from(area.width));
        let height = usize::from(area.height);
        let (caret, _) = editor.caret(&editor.layout(&rows));
        Self { top: editor.top(caret, height), rows: rows.len(), height }
    }

    /// Which rows are visible; empty if all are.
    fn words(self) -> String {
        if self.rows <= self.height || self.height == 0 {
            return String::new();
        }
        format!("rows {} to {} of {}", self.top + 1, self.top + self.height, self.rows)
    }

    /// Draws the scroll position on the right edge of a box, unless all rows are visible.
    pub(crate) fn draw_mark(self, look: Look, frame_area: Rect, frame: &mut Frame<'_>) {
        let track = usize::from(frame_area.height.saturating_sub(2));
        if self.rows <= self.height || track == 0 || frame_area.width == 0 {
            return;
        }
        let length = (track * self.height / self.rows).clamp(1, track);
        let last = self.rows - self.height;
        let start = (track - length) * self.top.min(last) / last;
        let column = frame_area.right() - 1;
        for row in start..start + length {
            let row = frame_area.y + 1 + u16::try_from(row).unwrap_or(0);
            if let Some(cell) = frame.buffer_mut().cell_mut((column, row)) {
                cell.set_symbol("┃").set_style(Theme::of(look).accent());
            }
        }
    }
}

/// The texts on the frame of a box.
#[derive(Debug, Clone, Default)]
pub(crate) struct Labels {
    /// Top left: what the box is for.
    pub(crate) title: String,
    /// Top right: how much text there is.
    pub(crate) amount: String,
    /// Bottom left: what is wrong.
    pub(crate) fault: String,
    /// Bottom right: whether it is saved.
    pub(crate) saved: String,
}

/// Draws a box with an editor in it.
pub(crate) fn text_box(
    editor: &Editor,
    labels: &Labels,
    (has_focus, look): (bool, Look),
    area: Rect,
    frame: &mut Frame<'_>,
) {
    let inside = inside(area);
    let seen = Seen::of(editor, inside);
    let rows = seen.words();
    let mode = editor.mode_name().map(|mode| format!("{} · {mode}", labels.title));
    let labels = &Labels { title: mode.unwrap_or_else(|| labels.title.clone()), ..labels.clone() };
    let room = usize::from(area.width).saturating_sub(8);
    let fits = wrap::width(&rows) + wrap::width(&labels.saved) <= room;
    // A fault takes precedence over the rows.
    let below = if labels.fault.is_empty() && fits { rows.as_str() } else { "" };
    draw_frame(labels, below, look, area, frame);
    text(editor, has_focus, inside, frame);
    seen.draw_mark(look, area, frame);
}

/// Draws the frame of a box and returns the area inside.
pub(crate) fn frame(labels: &Labels, look: Look, area: Rect, frame: &mut Frame<'_>) -> Rect {
    draw_frame(labels, "", look, area, frame);
    inside(area)
}

/// The area inside a box: without its frame and a space at each side.
pub(crate) fn inside(area: Rect) -> Rect {
    let block = Block::bordered().inner(area);
    Rect { x: block.x + 1.min(block.width), width: block.width.saturating_sub(2), ..block }
}

fn draw_frame(labels: &Labels, rows: &str, look: Look, area: Rect, frame: &mut Frame<'_>) {
    let theme = Theme::of(look);
    let style = if labels.fault.is_empty() { theme.frame() } else { theme.bad() };
    let room = usize::from(area.width).saturating_sub(4);
    // Where both do not fit, the amount is worth more than the end of the title.
    let beside = room.saturating_sub(wrap::width(&labels.amount) + 3);
    let title = wrap::fit(&labels.title, beside);
    let label = |text: &str, style: Style| {
        let text = wrap::fit(text, room);
        let text = if text.is_empty() { text } else { format!(" {text} ") };
        Line::from(Span::styled(text, style))
    };
    let block = Block::bordered()
        .border_style(style)
        .title_top(label(&title, Style::new()))
        .title_top(label(&labels.amount, Theme::faint()).right_aligned())
        .title_bottom(label(&labels.fault, theme.bad().bold()))
        .title_bottom(label(rows, Theme::faint()))
        .title_bottom(label(&labels.saved, Theme::faint()).right_aligned());
    frame.render_widget(block, area);
}
