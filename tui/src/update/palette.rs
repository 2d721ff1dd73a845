//! The palette: opening it, and carrying out the selected entry.

use super::{draft_rules, keyboard, new_interview, opening, settings};
use crate::{
    effect::Effect,
    keys::{Action, Context},
    model::{
        Model, Overlay,
        editor::Editor,
        palette::{Destination, Does, found, is_free},
        preferences::Setting,
    },
};

/// The most steps back from any screen to the list.
const MOST_STEPS: usize = 6;

/// Opens the palette on top of the current screen.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    let below = model.overlay.take().map(Box::new);
    let query = Box::new(Editor::line(""));
    model.overlay = Some(Overlay::Palette { query, selected: 0, below });
    let is_missing = model.templates.is_none() && is_free(model.context_below());
    if is_missing { vec![Effect::LoadTemplates] } else { Vec::new() }
}

/// Closes the palette.
pub(super) fn close(model: &mut Model) {
    if let Some(Overlay::Palette { below, .. }) = model.overlay.take() {
        model.overlay = below.map(|below| *below);
    }
}

/// Carries out the selected entry.
pub(super) fn run(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Palette { query, selected, .. }) = &model.overlay else {
        return Vec::new();
    };
    let chosen = found(model, &query.text()).into_iter().nth(*selected);
    close(model);
    let Some((entry, _)) = chosen else { return Vec::new() };
    match entry.does {
        Does::Command(binding) => keyboard::act(model, model.context(), binding.action),
        Does::Go(destination) => go(model, destination),
        Does::Theme(theme) => {
            model.tell(format!("The theme is now {}.", theme.title()));
            settings::set(model, Setting::Theme, theme.name().to_owned())
        }
        Does::Ascii => {
            model.look.ascii = !model.look.ascii;
            Vec::new()
        }
        Does::Interview(id, screen) => {
            let mut effects = go_home(model);
            effects.extend(opening::open(model, id, screen));
            effects
        }
        Does::Template(at) => {
            let mut effects = go_home(model);
            effects.extend(new_interview::open(model));
            new_interview::take_template(model, at);
            effects
        }
    }
}

fn go(model: &mut Model, destination: Destination) -> Vec<Effect> {
    if destination == Destination::Report {
        let effects = draft_rules::flush(model);
        opening::show_question(model);
        return effects;
    }
    let mut effects = go_home(model);
    let action = match destination {
        Destination::New => Some(Action::New),
        Destination::Marks => Some(Action::Marks),
        Destination::Review => Some(Action::Review),
        Destination::Settings => Some(Action::Settings),
        Destination::Sample => Some(Action::Sample),
        Destination::Interviews | Destination::Report => None,
    };
    effects.extend(
        action.into_iter().flat_map(|action| keyboard::act(model, Context::Dashboard, action)),
    );
    effects
}

/// Goes back to the list in the way of Esc, so that every text is kept.
fn go_home(model: &mut Model) -> Vec<Effect> {
    let mut effects = Vec::new();
    for _ in 0..MOST_STEPS {
        if model.context().is_home() {
            break;
        }
        // A message that stays would use up the step back.
        model.notice = None;
        let back = if model.context().asks() { Action::No } else { Action::Back };
        effects.extend(keyboard::act(model, model.context(), back));
    }
    effects
}
