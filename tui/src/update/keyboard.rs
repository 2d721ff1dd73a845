//! Finds the action of a key in its context, and passes other keys on as text.

use crossterm::event::{KeyCode, KeyEvent, KeyEventKind, KeyModifiers};

use super::{
    challenge, dashboard, draft_rules, editing, interview, local_models, marks, new_interview,
    notes, overlay, palette, points, practice, report, review, settings, sign_in, start,
};
use crate::{
    effect::{Effect, StopFor},
    keys::{self, Action, Chord, Context},
    model::{Model, Overlay, link::LinkState},
};

/// Handles a key.
pub(super) fn press(model: &mut Model, key: KeyEvent) -> Vec<Effect> {
    if key.kind == KeyEventKind::Release {
        return Vec::new();
    }
    let context = model.context();
    if let Some(effects) = editing::vim_key(model, context, key) {
        model.leaving = None;
        return effects;
    }
    let action = keys::action(context, key);
    if action != Some(Action::Interrupt) {
        model.leaving = None;
    }
    match action {
        Some(Action::Pick) => pick(model, context, Chord::from(key).digit().unwrap_or(0)),
        Some(action) => act(model, context, action),
        None if is_text(key) && keeps_writing(model) => press(model, key),
        None => editing::key(model, context, key),
    }
}

fn is_text(key: KeyEvent) -> bool {
    let is_chord = key.modifiers.intersects(KeyModifiers::CONTROL | KeyModifiers::ALT);
    matches!(key.code, KeyCode::Char(_)) && !is_chord
}

/// Takes what is typed or pasted at the question whether to submit, show or end as the wish to keep
/// writing, so that none of it is lost. Returns whether the text is in front now.
pub(super) fn keeps_writing(model: &mut Model) -> bool {
    let context = model.context();
    if !context.asks() {
        return false;
    }
    act(model, context, Action::No);
    model.context() == Context::Writing
}

/// Carries out an action in a context.
pub(super) fn act(model: &mut Model, context: Context, action: Action) -> Vec<Effect> {
    match action {
        Action::Interrupt => {
            // With a selection, Ctrl+C copies, as outside a terminal.
            return editing::copy(model, context).unwrap_or_else(|| interrupt(model));
        }
        Action::Quit => return quit(model),
        Action::Suspend => return suspend(model, StopFor::Shell),
        Action::Repaint => return vec![Effect::Repaint],
        Action::Copy => return editing::copy(model, context).unwrap_or_default(),
        Action::Cut => return editing::cut(model, context),
        Action::Paste => return editing::paste_copied(model, context),
        Action::Help => {
            model.overlay = Some(Overlay::Help { scroll: 0 });
            return Vec::new();
        }
        Action::Palette => return palette::open(model),
        // Esc first closes a message that stays.
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
        Context::Start => start::act(model, action),
        Context::FormRole
        | Context::FormChoice
        | Context::FormTopics
        | Context::FormLanguage
        | Context::FormAdvert => new_interview::act(model, action),
        Context::Writing | Context::Confirm | Context::Reading => interview::act(model, action),
        Context::Report | Context::Sample => report::act(model, action),
        Context::ShowMe | Context::Again | Context::Ending => practice::answered(model, action),
        Context::Practise => points::act_in_list(model, action),
        Context::Challenge | Context::Marking => challenge::act(model, action),
        Context::Marks => marks::act_in_list(model, action),
        Context::Note => notes::act(model, action),
        Context::Review | Context::Reviewed => review::act(model, action),
        Context::Settings | Context::SettingsEditor => settings::act(model, action),
        Context::SignIn => sign_in::act(model, action),
        Context::Fault => restart(model),
        Context::Help | Context::Palette => overlay::act(model, action),
        Context::Models | Context::Trial | Context::Verdict => local_models::act(model, action),
    }
}

/// Suspends the app after saving what is unsaved.
pub(super) fn suspend(model: &mut Model, asked: StopFor) -> Vec<Effect> {
    let mut effects = draft_rules::flush(model);
    effects.push(Effect::Suspend(asked));
    effects
}

/// Ends the app: saves what is unsaved, and deletes the interviews marked for it.
pub(super) fn quit(model: &mut Model) -> Vec<Effect> {
    let mut effects = draft_rules::flush(model);
    effects.extend(dashboard::delete_now(model));
    effects.push(Effect::Quit);
    effects
}

/// The scroll position after an action, between 0 and `last`.
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

/// Chooses the item with this number on the screen.
fn pick(model: &mut Model, context: Context, number: usize) -> Vec<Effect> {
    match context {
        Context::FormChoice => new_interview::pick(model, number),
        Context::Start => return start::pick(model, number),
        Context::Reading => interview::pick(model, number),
        Context::Practise => points::pick(model, number),
        _ => report::pick(model, number),
    }
    Vec::new()
}

fn interrupt(model: &mut Model) -> Vec<Effect> {
    if model.leaving.is_some() {
        return quit(model);
    }
    model.leaving = Some(model.now);
    draft_rules::flush(model)
}

fn restart(model: &mut Model) -> Vec<Effect> {
    model.link.state = LinkState::Starting;
    vec![Effect::Connect]
}
