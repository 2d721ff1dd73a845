//! Places to type: the field of one line and the box of many, with the terminal's own caret.

use ratatui::{
    Frame,
    layout::{Position, Rect},
    style::Style,
    text::{Line, Span},
    widgets::{Block, Widget as _},
};

use super::{theme::Theme, wrap};
use crate::model::{Look, editor::Editor};

/// Draws a text into `area`; with the focus, the caret stands in it.
pub(crate) fn text(editor: &Editor, has_focus: bool, area: Rect, frame: &mut Frame<'_>) {
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
    let (caret, (top, left)) = (widget.screen_cursor(), widget.scroll_offset());
    let column = caret
        .col
        .saturating_sub(usize::from(left))
        .min(usize::from(area.width) - 1);
    let row = caret
        .row
        .saturating_sub(usize::from(top))
        .min(usize::from(area.height) - 1);
    let offset = |cells: usize| u16::try_from(cells).unwrap_or(0);
    frame.set_cursor_position(Position::new(area.x + offset(column), area.y + offset(row)));
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
    let style = if labels.fault.is_empty() {
        theme.frame()
    } else {
        theme.bad()
    };
    let room = usize::from(area.width).saturating_sub(4);
    let label = |text: &str, style: Style| {
        let text = wrap::fit(text, room);
        let text = if text.is_empty() {
            text
        } else {
            format!(" {text} ")
        };
        Line::from(Span::styled(text, style))
    };
    let block = Block::bordered()
        .border_style(style)
        .title_top(label(&labels.title, Style::new()))
        .title_top(label(&labels.amount, theme.faint()).right_aligned())
        .title_bottom(label(&labels.fault, theme.bad().bold()))
        .title_bottom(label(&labels.saved, theme.faint()).right_aligned());
    let inside = block.inner(area);
    frame.render_widget(block, area);
    // A cell of air at each side.
    Rect {
        x: inside.x + 1.min(inside.width),
        width: inside.width.saturating_sub(2),
        ..inside
    }
}
