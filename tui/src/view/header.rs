//! The title line: what screen this is at the left, how things stand at the right, a rule below.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span},
};

use super::{theme::Theme, wrap};
use crate::model::{Model, link::LinkState};

/// The frames of the spinner.
const SPINNER: [&str; 10] = ["⠋", "⠙", "⠹", "⠸", "⠼", "⠴", "⠦", "⠧", "⠇", "⠏"];

/// Draws the title line. `standing` is what the screen itself has to say at the right.
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
    // What a long title leaves, and two thirds of the line in any case.
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

/// What is wrong with the connection, if anything.
fn trouble(model: &Model) -> Option<String> {
    let queued = model.journal.queued().count();
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
        // Rounded up: it says 1 until the moment comes.
        ((at.as_millisecond() - model.now.as_millisecond() + 999) / 1000).max(0)
    });
    Some(if seconds > 0 { format!("reconnecting {seconds} s") } else { "reconnecting".to_owned() })
}

/// Which server this is, and as whom one is there.
pub(crate) fn place(model: &Model) -> String {
    use crate::msg::Account;
    match (&model.server, &model.link.account) {
        (None, _) => "local".to_owned(),
        (Some(server), Some(Account::Named(name))) => {
            format!("{} @ {server}", crate::text::neutral_line(name))
        }
        (Some(server), _) => server.clone(),
    }
}

/// The spinner as it stands at this moment.
pub(crate) fn spinner(model: &Model) -> &'static str {
    let tenths = model.now.as_millisecond() / 100;
    let at = usize::try_from(tenths.rem_euclid(10)).unwrap_or(0);
    SPINNER[at]
}
