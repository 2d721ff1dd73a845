//! The settings screen: a choice takes effect immediately and is written to the settings file.

use super::{keyboard, link};
use crate::{
    effect::Effect,
    keys::{Action, Context},
    model::{Model, Screen, editor::Editor, preferences::Setting},
};

/// Opens the screen.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    model.preferences.typing = None;
    model.screen = Screen::Settings;
    Vec::new()
}

/// Carries out an action in the settings.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    if model.context() == Context::SettingsEditor {
        return act_in_text(model, action);
    }
    let last = Setting::ALL.len() - 1;
    match action {
        Action::Left => turn(model, false),
        Action::Confirm if model.preferences.chosen() == Setting::Editor => {
            let command = model.preferences.value(Setting::Editor);
            model.preferences.typing = Some(Editor::line(&command));
            Vec::new()
        }
        Action::Right | Action::Confirm => turn(model, true),
        Action::Back => {
            model.screen = Screen::Dashboard;
            link::refresh(model)
        }
        _ => {
            let selected = model.preferences.selected;
            model.preferences.selected = keyboard::scrolled(selected, last, 1, action);
            Vec::new()
        }
    }
}

fn act_in_text(model: &mut Model, action: Action) -> Vec<Effect> {
    let typed = model.preferences.typing.take();
    let Some(typed) = typed.filter(|_| action == Action::Confirm) else {
        return Vec::new();
    };
    let command = typed.text().trim().to_owned();
    if command == model.preferences.value(Setting::Editor) {
        return Vec::new();
    }
    set(model, Setting::Editor, command)
}

/// Changes the command being typed.
pub(super) fn typed(model: &mut Model, with: impl FnOnce(&mut Editor) -> bool) -> Vec<Effect> {
    if let Some(editor) = &mut model.preferences.typing {
        with(editor);
    }
    Vec::new()
}

/// Moves to the next or previous choice, wrapping around.
fn turn(model: &mut Model, forward: bool) -> Vec<Effect> {
    let setting = model.preferences.chosen();
    let choices = setting.choices();
    let value = model.preferences.value(setting);
    let Some(at) = choices.iter().position(|choice| *choice == value) else {
        return Vec::new();
    };
    let to = (at + if forward { 1 } else { choices.len() - 1 }) % choices.len();
    set(model, setting, choices[to].to_owned())
}

/// Sets a setting here and in the file.
pub(super) fn set(model: &mut Model, setting: Setting, value: String) -> Vec<Effect> {
    model.preferences.set(setting, &value);
    if setting == Setting::Theme {
        match model.preferences.theme {
            Some(theme) => model.look.theme = theme,
            None => model.tell("From the next start on the terminal is asked for its colours."),
        }
    }
    let is_default = value.is_empty() || setting.choices().first() == Some(&value.as_str());
    vec![Effect::KeepSetting { setting, value: Some(value).filter(|_| !is_default) }]
}
