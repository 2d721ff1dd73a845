//! The screen for a terminal that is too small: one sentence with the size needed and the actual
//! size, and below it the messages that matter.

use ratatui::{Frame, layout::Rect, style::Style, text::Text};

use super::{layout, news, wrap};
use crate::model::{Model, open::OpenInterview};

/// The fewest columns and rows for the other screens.
pub(crate) const LEAST: (u16, u16) = (60, 16);

/// Whether the area is too small for the other screens.
pub(crate) fn is(area: Rect) -> bool {
    area.width < LEAST.0 || area.height < LEAST.1
}

/// Draws the sentence and the messages.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    let area = frame.area();
    let columns = usize::from(area.width);
    let sentence = format!(
        "Viva needs {} columns and {} rows; this terminal has {} and {}.",
        LEAST.0, LEAST.1, area.width, area.height
    );
    let room = usize::from(area.height);
    let lay = |texts: &[String]| {
        let mut lines = wrap::plain(&sentence, columns, Style::new());
        for text in texts {
            lines.push("".into());
            lines.extend(wrap::plain(text, columns, Style::new()));
        }
        lines
    };
    let mut lines = lay(&going_on(model, news::texts));
    if lines.len() > room {
        lines = lay(&going_on(model, news::short_texts));
    }
    frame.render_widget(Text::from(layout::cut(lines, room, columns, layout::CUT)), area);
}

/// The message to the user, and news of answers that wait after a fault.
fn going_on(model: &Model, waiting: fn(&Model, &OpenInterview) -> Vec<String>) -> Vec<String> {
    let message = model.notice.as_ref().map(|notice| notice.text.clone());
    let waiting = model.open.as_ref().map(|open| waiting(model, open));
    message.into_iter().chain(waiting.into_iter().flatten()).collect()
}
