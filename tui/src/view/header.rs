//! The title line: the name of the screen on the left, its status on the right, a rule below.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{theme::Theme, wrap};
use crate::{
    model::{
        Model,
        link::{Account, LinkState},
    },
    words,
};

/// The frames of the spinner.
const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// Draws the title line. `standing` is the status on the right.
pub(crate) fn draw(
    model: &Model,
    title: &str,
    standing: &[String],
    area: Rect,
    frame: &mut Frame<'_>,
) {
    let theme = Theme::of(model.look);
    let mut right: Vec<String> = trouble(model).into_iter().collect();
    right.extend(standing.iter().filter(|part| !part.is_empty()).cloned());
    let right = right.join(" · ");
    let columns = usize::from(area.width);
    // The room that a long title leaves, but at least two thirds of the line.
    let most = columns.saturating_sub(10 + wrap::width(title)).max(columns * 2 / 3);
    let right_width = wrap::width(&right).min(most);
    let room = columns.saturating_sub(right_width + 10);
    let title = wrap::fit(title, room);
    let gap = columns.saturating_sub(8 + wrap::width(&title) + right_width + 1);
    let line = Line::from(vec![
        Span::raw(" "),
        Span::styled("viva", theme.accent()),
        Span::raw("   "),
        Span::styled(title, Theme::strong()),
        Span::raw(" ".repeat(gap)),
        Span::styled(wrap::fit(&right, right_width), Theme::faint()),
    ]);
    let rule = Line::styled("─".repeat(columns), Theme::faint());
    frame.render_widget(ratatui::text::Text::from(vec![line, rule]), area);
}

/// What is wrong with the connection; `None` if it works.
fn trouble(model: &Model) -> Option<String> {
    let queued = model.drafts.queued().count();
    if queued > 0 && model.link.is_down() {
        return Some(format!("offline: {queued} queued"));
    }
    let watch = model.open.as_ref().and_then(|open| open.watch_again_at);
    let again = match &model.link.state {
        LinkState::Starting => return Some(format!("{} starting", spinner(model))),
        LinkState::Failed(_) => return None,
        LinkState::Down => model.link.retry_at,
        LinkState::Up => Some(watch?),
    };
    let seconds = again.map_or(0, |at| {
        // Rounded up: it says 1 until the time comes.
        ((at.as_millisecond() - model.now.as_millisecond() + 999) / 1000).max(0)
    });
    Some(if seconds > 0 { format!("reconnecting {seconds} s") } else { "reconnecting".to_owned() })
}

/// The server, and the account on it.
pub(crate) fn place(model: &Model) -> String {
    match (&model.server, &model.link.account) {
        (None, _) => "local".to_owned(),
        (Some(server), Some(Account::Named(name))) => {
            format!("{} @ {server}", crate::text::neutral_line(name))
        }
        (Some(server), _) => server.clone(),
    }
}

/// The time left in the open interview: `29:12 left`; `None` if no time is running.
pub(crate) fn left(model: &Model) -> Option<String> {
    let left = model.open.as_ref()?.left_ms(model.now)?;
    Some(format!("{} left", words::stopwatch(left)))
}

/// The spinner's frame at this moment.
pub(crate) fn spinner(model: &Model) -> &'static str {
    let tenths = model.now.as_millisecond() / 100;
    let at = usize::try_from(tenths.rem_euclid(10)).unwrap_or(0);
    SPINNER[at]
}
