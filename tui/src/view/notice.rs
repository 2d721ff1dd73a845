//! Messages above the line of keys: what failed and what is safe, what was done, what can be taken
//! back.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span, Text},
};

use super::{theme::Theme, wrap};
use crate::{
    keys::{self, Action, Context},
    model::Model,
};

/// The most rows that a message takes.
const MOST_ROWS: usize = 3;

/// How many rows the messages take now.
pub(crate) fn height(model: &Model, columns: u16) -> u16 {
    u16::try_from(lines(model, columns).len()).unwrap_or(0)
}

/// Draws the messages.
pub(crate) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    frame.render_widget(Text::from(lines(model, area.width)), area);
}

fn lines(model: &Model, columns: u16) -> Vec<Line<'static>> {
    let theme = Theme::of(model.look);
    let room = usize::from(columns).saturating_sub(3);
    let (mark, spans) = if model.leaving.is_some() {
        let key = keys::label(model.context(), Action::Interrupt);
        let text = format!(" {key} again to quit; what you typed is saved.");
        (theme.accent(), vec![Span::styled("Press".to_owned(), Theme::strong()), Span::raw(text)])
    } else if let Some(notice) = &model.notice {
        let style = if notice.is_problem { theme.bad() } else { theme.good() };
        let mut spans = vec![Span::raw(notice.text.clone())];
        if notice.is_problem {
            spans.push(Span::raw("   "));
            spans.push(Span::styled("Esc", theme.accent()));
            spans.push(Span::raw(" close"));
        }
        (style, spans)
    } else if let Some(deleted) = model.dashboard.deleted.as_ref().filter(|_| shows_undo(model)) {
        let key = keys::label(Context::Dashboard, Action::Undelete);
        let spans = vec![
            Span::raw(format!("Deleted {}.   ", wrap::fit(&deleted.role, room / 2))),
            Span::styled(key, theme.accent()),
            Span::raw(format!(" undo, {} s", deleted.seconds_left(model.now))),
        ];
        (theme.fair(), spans)
    } else {
        return Vec::new();
    };
    let is_problem = model.notice.as_ref().is_some_and(|notice| notice.is_problem);
    let mark = Span::styled(if is_problem { " ! " } else { " • " }, mark);
    let mut lines = wrap::hang(&mark, wrap::spans(&spans, room));
    lines.truncate(MOST_ROWS);
    lines
}

fn shows_undo(model: &Model) -> bool {
    matches!(model.context_below(), Context::Dashboard | Context::Filter)
}
