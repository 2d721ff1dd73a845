//! The screen when the built-in server cannot start: why, and what you can do.

use ratatui::{Frame, style::Style, text::Text};

use super::{footer, header, layout, notice, theme::Theme, wrap};
use crate::model::{Model, link::LinkState};

/// Draws the screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let parts = layout::parts(model, frame.area());
    header::draw(model, "", &[], parts.header, frame);
    if let LinkState::Failed(problem) = &model.link.state {
        let theme = Theme::of(model.look);
        let columns = usize::from(parts.body.width);
        let mut lines = wrap::plain("Viva could not start.", columns, theme.bad().bold());
        lines.push("".into());
        lines.extend(wrap::plain(&problem.message, columns, Style::new()));
        lines.push("".into());
        lines.extend(wrap::plain(
            "Your interviews and drafts are untouched.",
            columns,
            Style::new(),
        ));
        frame.render_widget(Text::from(lines), parts.body);
    }
    notice::draw(model, parts.notice, frame);
    footer::draw(model, parts.footer, frame);
}
