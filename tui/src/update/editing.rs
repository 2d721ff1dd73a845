//! Typing, selecting, copying and pasting in the text in front.

use crossterm::event::KeyEvent;

use super::{dashboard, interview, new_interview, notes, overlay, review, settings, sign_in};
use crate::{
    effect::Effect,
    keys::{self, Action, Context},
    model::{
        Model,
        editor::{Done, Editor},
        preferences::EditingKeys,
    },
    words,
};

/// Handles a key that is not in the table.
pub(super) fn key(model: &mut Model, context: Context, key: KeyEvent) -> Vec<Effect> {
    let room = (model.measures.room)(model, context);
    change(model, context, |editor| match room {
        Some(room) => editor.key_in(key, room),
        None => editor.key(key),
    })
}

/// Handles a key as vim does, if you asked for its keys; `None` if it does what it does without them.
pub(super) fn vim_key(model: &mut Model, context: Context, key: KeyEvent) -> Option<Vec<Effect>> {
    if model.preferences.keys != EditingKeys::Vim {
        return None;
    }
    let room = (model.measures.room)(model, context)?;
    let copied = model.copied.clone().unwrap_or_default();
    let mut done = Done::default();
    let mut effects = change(model, context, |editor| {
        done = editor.vim_key(key, room, &copied);
        done.has_changed
    });
    if !done.is_command {
        return None;
    }
    match done.taken {
        Some(text) if done.is_copied => effects.push(keep(model, text)),
        Some(text) => model.copied = Some(text),
        None => {}
    }
    Some(effects)
}

/// Moves the caret of the text in front to a cell of the screen; with `marking`, selects the text between.
pub(super) fn point(model: &mut Model, cell: (u16, u16), marking: bool) -> Vec<Effect> {
    let context = model.context();
    change(model, context, |editor| {
        editor.point(cell, marking);
        false
    })
}

/// Inserts a pasted text. Its line ends are text, whatever Enter does here.
pub(super) fn paste(model: &mut Model, text: &str) -> Vec<Effect> {
    let context = model.context();
    change(model, context, |editor| editor.insert(text))
}

/// Copies the selection; `None` if nothing is selected.
pub(super) fn copy(model: &mut Model, context: Context) -> Option<Vec<Effect>> {
    let mut marked = None;
    let mut effects = change(model, context, |editor| {
        marked = editor.marked_text();
        // Pressed again, Ctrl+C means quit.
        editor.unmark();
        false
    });
    effects.push(keep(model, marked?));
    Some(effects)
}

/// Copies the selection and deletes it.
pub(super) fn cut(model: &mut Model, context: Context) -> Vec<Effect> {
    let mut marked = None;
    let mut effects = change(model, context, |editor| {
        marked = editor.marked_text();
        marked.is_some() && editor.delete_marked()
    });
    effects.extend(marked.map(|text| keep(model, text)));
    effects
}

/// Inserts the text copied last. Only the terminal can paste what other programs copied.
pub(super) fn paste_copied(model: &mut Model, context: Context) -> Vec<Effect> {
    let Some(text) = model.copied.clone() else {
        model
            .tell("You have not copied anything in Viva yet; your terminal pastes from elsewhere.");
        return Vec::new();
    };
    change(model, context, |editor| editor.insert(&text))
}

/// Keeps a copied text for pasting, and passes it to the terminal.
pub(super) fn keep(model: &mut Model, text: String) -> Effect {
    let amount = words::count(words::word_count(&text), "word");
    let key = keys::label(model.context(), Action::Paste);
    model.tell(match key.as_str() {
        "" => format!("Copied {amount}."),
        key => format!("Copied {amount}. {key} pastes here."),
    });
    model.copied = Some(text.clone());
    Effect::Copy(text)
}

/// Changes the text in front; `with` returns whether it changed anything.
fn change(
    model: &mut Model,
    context: Context,
    with: impl FnOnce(&mut Editor) -> bool,
) -> Vec<Effect> {
    let now = model.now;
    let with = |editor: &mut Editor| {
        editor.pass_time(now);
        with(editor)
    };
    match context {
        Context::Filter => dashboard::typed(model, with),
        Context::FormRole | Context::FormTopics | Context::FormLanguage | Context::FormAdvert => {
            new_interview::typed(model, with)
        }
        Context::Writing => interview::change(model, with),
        Context::SignIn => sign_in::typed(model, with),
        Context::Palette => overlay::typed(model, with),
        Context::Note => notes::change(model, with),
        Context::SettingsEditor => settings::typed(model, with),
        Context::Review => review::typed(model, with),
        _ => Vec::new(),
    }
}
