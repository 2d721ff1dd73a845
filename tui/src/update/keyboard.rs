//! Finds out what a key means where it was pressed, and passes the rest on as text.

use crossterm::event::{KeyEvent, KeyEventKind};

use super::{
    dashboard, drafts, interview, local_models, marks, new_interview, notes, overlay, report,
    sign_in,
};
use crate::{
    effect::{Effect, StopFor},
    keys::{self, Action, Context},
    model::{Model, Overlay, link::LinkState},
    view,
};

/// Takes a key.
pub(super) fn press(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    if key.kind == KeyEventKind::Release {
        return Vec::new();
    }
    let context = model.context();
    let action = keys::action(context, key);
    if action != Some(Action::Interrupt) {
        model.leaving = None;
    }
    match action {
        Some(action) => act(model, context, action),
        None => type_key(model, context, key),
    }
}

/// Does what an action means in a context.
pub(super) fn act(model: &mut Model, context: Context, action: Action) -> Vec<Effect> {
    match action {
        Action::Interrupt => return interrupt(model),
        Action::Quit => return quit(model),
        Action::Suspend => return suspend(model, StopFor::Shell),
        Action::Repaint => return vec![Effect::Repaint],
        Action::Help => {
            model.overlay = Some(Overlay::Help { scroll: 0 });
            return Vec::new();
        }
        Action::Palette => return overlay::open_palette(model),
        // A message that waits to be closed is what Esc is for first.
        Action::Back if model.notice.take_if(|notice| notice.stays).is_some() => {
            return Vec::new();
        }
        _ => {}
    }
    if let Some(effects) = marks::act(model, action) {
        return effects;
    }
    match context {
        Context::Dashboard | Context::Filter => dashboard::act(model, action),
        Context::FormRole | Context::FormChoice | Context::FormAdvert => {
            new_interview::act(model, action)
        }
        Context::Writing | Context::Confirm | Context::Reading => interview::act(model, action),
        Context::Report => report::act(model, action),
        Context::Marks => marks::act_in_list(model, action),
        Context::Note => notes::act(model, action),
        Context::SignIn => sign_in::act(model, action),
        Context::Fault => restart(model),
        Context::Help | Context::Palette => overlay::act(model, action),
        Context::Models | Context::Trial | Context::Verdict => local_models::act(model, action),
    }
}

/// Takes a pasted text. A line end in it is text, whatever Enter does here.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    match model.context() {
        Context::Filter => dashboard::typed(model, |editor| editor.insert(text)),
        Context::FormRole | Context::FormAdvert => {
            new_interview::typed(model, |editor| editor.insert(text))
        }
        Context::Writing => interview::change(model, |editor| editor.insert(text)),
        Context::SignIn => sign_in::typed(model, |editor| editor.insert(text)),
        Context::Palette => overlay::typed(model, |editor| editor.insert(text)),
        Context::Note => notes::change(model, |editor| editor.insert(text)),
        _ => Vec::new(),
    }
}

/// Stops the app for a while: what is unsaved is written before.
pub(super) fn suspend(model: &mut Model, asked: StopFor) -> Vec<Effect> {
    let mut effects = drafts::flush(model);
    effects.push(Effect::Suspend(asked));
    effects
}

/// Ends the app: what is unsaved is written, what is deleted goes.
pub(super) fn quit(model: &mut Model) -> Vec<Effect> {
    let mut effects = drafts::flush(model);
    effects.extend(dashboard::delete_now(model));
    effects.push(Effect::Quit);
    effects
}

/// Where a scrolled place is after an action, between nothing and `last`.
pub(super) fn scrolled(at: usize, last: usize, page: usize, action: Action) -> usize {
    match action {
        Action::Up => at.saturating_sub(1),
        Action::Down => at + 1,
        Action::PageUp => at.saturating_sub(page),
        Action::PageDown => at + page,
        Action::Top => 0,
        Action::Bottom => last,
        _ => at,
    }
    .min(last)
}

fn type_key(model: &mut Model, context: Context, key: KeyEvent) -> Vec<Effect> {
    match context {
        Context::Filter => dashboard::typed(model, |editor| editor.key(key)),
        Context::FormRole => new_interview::typed(model, |editor| editor.key(key)),
        Context::FormAdvert => {
            let room = view::new_interview::advert_room(model);
            new_interview::typed(model, |editor| editor.key_in(key, room))
        }
        Context::Writing => {
            let room = view::interview::room(model);
            interview::change(model, |editor| editor.key_in(key, room))
        }
        Context::SignIn => sign_in::typed(model, |editor| editor.key(key)),
        Context::Palette => overlay::typed(model, |editor| editor.key(key)),
        Context::Note => {
            let room = view::note::room(model);
            notes::change(model, |editor| editor.key_in(key, room))
        }
        _ => Vec::new(),
    }
}

fn interrupt(model: &mut Model) -> Vec<Effect> {
    if model.leaving.is_some() {
        return quit(model);
    }
    model.leaving = Some(model.now);
    drafts::flush(model)
}

fn restart(model: &mut Model) -> Vec<Effect> {
    model.link.state = LinkState::Starting;
    vec![Effect::Connect]
}
