//! Messages above the line of keys: what failed and what is safe, what was done, what can be
//! undone, what the app is waiting for.

use ratatui::{
    Frame,
    layout::Rect,
    text::{Line, Span, Text},
};

use super::{header, layout, local_models, news, theme::Theme, wrap};
use crate::{
    keys::{self, Action, Context},
    model::{Model, notice::Notice},
    words,
};

/// Columns of the mark before a message.
const MARK: usize = 3;

/// How many rows the messages need now on a screen of this size.
pub(crate) fn height(model: &Model, area: Rect) -> u16 {
    u16::try_from(lines(model, area.width, most_rows(model, area.height)).len()).unwrap_or(0)
}

/// Draws the messages.
pub(crate) fn draw(model: &Model, area: Rect, frame: &mut Frame<'_>) {
    frame.render_widget(Text::from(lines(model, area.width, usize::from(area.height))), area);
}

/// The most rows of a message. One that stays until it is closed may cover the screen behind it.
fn most_rows(model: &Model, rows: u16) -> usize {
    let stays = model.notice.as_ref().is_some_and(|notice| notice.stays);
    usize::from(if stays { rows.saturating_sub(8) } else { rows / 3 }).max(3)
}

fn lines(model: &Model, columns: u16, rows: usize) -> Vec<Line<'static>> {
    let room = usize::from(columns).saturating_sub(MARK);
    let Some((mark, spans)) = message(model, room) else {
        return Vec::new();
    };
    let lines = layout::cut(wrap::spans(&spans, room), rows, room, layout::CUT);
    wrap::hang(&mark, lines)
}

/// The most urgent message now, with its mark.
fn message(model: &Model, room: usize) -> Option<(Span<'static>, Vec<Span<'static>>)> {
    let theme = Theme::of(model.look);
    let mark = |style| Span::styled(" • ", style);
    if model.leaving.is_some() {
        let key = keys::label(model.context(), Action::Interrupt);
        let text = format!(" {key} again to quit; what you typed is saved.");
        let spans = vec![Span::styled("Press", Theme::strong()), Span::raw(text)];
        return Some((mark(theme.accent()), spans));
    }
    if let Some(notice) = &model.notice {
        let mark =
            if notice.is_problem { Span::styled(" ! ", theme.bad()) } else { mark(theme.good()) };
        return Some((mark, notice_spans(notice, theme)));
    }
    if let Some(text) = creating(model) {
        let mark = Span::styled(format!(" {} ", header::spinner(model)), theme.accent());
        let mut spans = vec![Span::raw(text)];
        spans.extend(key_hint("Esc", "\u{a0}stop\u{a0}waiting", theme));
        return Some((mark, spans));
    }
    if let Some(since) = model.open.as_ref().and_then(|open| open.practice.follow_up_since()) {
        let mark = Span::styled(format!(" {} ", header::spinner(model)), theme.accent());
        let seconds = match words::seconds_between(since, model.now) {
            0 => String::new(),
            seconds => format!(" {}", words::lasting(seconds)),
        };
        return Some((mark, vec![Span::raw(format!("Thinking of a follow-up…{seconds}"))]));
    }
    let is_list = model.context_below().is_home() || model.context_below() == Context::Filter;
    let deleted = model.dashboard.deleted.last().filter(|last| last.is_recent(model.now));
    if let Some(deleted) = deleted.filter(|_| is_list) {
        let key = keys::label(Context::Dashboard, Action::Undelete);
        let spans = vec![
            Span::raw(format!("Deleted {}.   ", wrap::fit(&deleted.role, room / 2))),
            Span::styled(key, theme.accent()),
            Span::raw(" undo"),
        ];
        return Some((mark(theme.fair()), spans));
    }
    let open = model.open.as_ref().filter(|_| is_list);
    let waiting = open.map(|open| news::texts(model, open)).unwrap_or_default();
    if !waiting.is_empty() {
        return Some((mark(theme.fair()), vec![Span::raw(waiting.join("\n"))]));
    }
    let offer = model.offer_in_sight()?;
    let mut spans = vec![Span::raw(local_models::offering(offer))];
    let look = keys::label(Context::Dashboard, Action::LocalModels);
    spans.extend(key_hint(look, "\u{a0}look", theme));
    spans.extend(key_hint("Esc", "\u{a0}not\u{a0}now", theme));
    Some((mark(theme.accent()), spans))
}

fn notice_spans(notice: &Notice, theme: Theme) -> Vec<Span<'static>> {
    let mut spans = vec![Span::raw(notice.text.clone())];
    if notice.stays {
        spans.extend(key_hint("Esc", " close", theme));
    }
    spans
}

fn key_hint(key: impl Into<String>, does: &'static str, theme: Theme) -> [Span<'static>; 3] {
    [Span::raw("   "), Span::styled(key.into(), theme.accent()), Span::raw(does)]
}

/// The message while a new interview is being created; after a second, with the time that it has
/// taken.
fn creating(model: &Model) -> Option<String> {
    let form = model.form.as_ref().filter(|_| model.context_below() != Context::SignIn)?;
    let seconds = words::seconds_between(form.sending_since?, model.now);
    if seconds < 1 {
        return Some("Choosing questions…".to_owned());
    }
    let doing = words::writing_questions(form.questions, model.questions_are_written);
    Some(format!("{doing} {}", words::lasting(seconds)))
}
