//! What is shown where nothing can be: one sentence with the size needed and the size there is.

use ratatui::{Frame, layout::Rect, style::Style, text::Text};

use super::wrap;

/// The fewest columns and rows that the screens fit into.
pub(crate) const LEAST: (u16, u16) = (60, 16);

/// Whether the screens do not fit.
pub(crate) fn is(area: Rect) -> bool {
    area.width < LEAST.0 || area.height < LEAST.1
}

/// Draws the sentence.
pub(crate) fn draw(frame: &mut Frame<'_>) {
    let area = frame.area();
    let sentence = format!(
        "Viva needs {} columns and {} rows; this terminal has {} and {}.",
        LEAST.0, LEAST.1, area.width, area.height
    );
    frame.render_widget(
        Text::from(wrap::plain(&sentence, usize::from(area.width), Style::new())),
        area,
    );
}
