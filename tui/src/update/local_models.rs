//! Language models on this machine: offering, trying, choosing and declining them. A model is used
//! only if the user chooses it.

use std::path::{Path, PathBuf};

use super::keyboard;
use crate::{
    discovery::Found,
    effect::Effect,
    keys::{Action, Context},
    local::llm::Tried,
    model::{
        Model, Overlay,
        link::LinkState,
        local_models::{LocalModels, Offer, Search, Stage},
    },
    problem::Problem,
};

/// Looks for models once at the start, after the server is ready, which they need anyway.
pub(super) fn look_once(model: &mut Model) -> Option<Effect> {
    let search = &mut model.local_models.search;
    if *search != Search::Due {
        return None;
    }
    *search = Search::Begun;
    Some(Effect::FindModels { all: false })
}

/// Shows the offer, or looks for models.
pub(super) fn open(model: &mut Model) -> Vec<Effect> {
    if model.local_models.offer.is_some() {
        model.overlay = Some(Overlay::LocalModels);
        return Vec::new();
    }
    match model.local_models.search {
        Search::Begun => return vec![Effect::FindModels { all: true }],
        Search::Due => {}
        Search::Never if model.server.is_some() => {
            model.tell("The server's settings say which model it uses.");
        }
        Search::Never if model.questions_are_written => {
            model.tell("A language model is set already; viva doctor tests it.");
        }
        Search::Never => {
            model.tell("Viva does not look for models, because VIVA_LOCAL_MODEL_PORTS is off.");
        }
    }
    Vec::new()
}

/// Hides a visible offer until the next start.
pub(super) fn put_off(model: &mut Model) -> bool {
    let is_in_sight = model.offer_in_sight().is_some();
    if let Some(offer) = model.local_models.offer.as_mut().filter(|_| is_in_sight) {
        offer.put_off = true;
    }
    is_in_sight
}

/// Handles the models found.
pub(super) fn found(model: &mut Model, all: bool, models: Vec<Found>) -> Vec<Effect> {
    // The key was pressed twice, and the first reply is shown already.
    if model.local_models.offer.is_some() {
        return Vec::new();
    }
    model.local_models.offer = Offer::new(models);
    let is_there = model.local_models.offer.is_some();
    if all && !is_there {
        model.tell("No language model was found on this machine.");
    }
    if all && is_there && model.context().is_home() {
        model.overlay = Some(Overlay::LocalModels);
    }
    Vec::new()
}

/// Carries out an action in the offer.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    let context = model.context();
    let Some(offer) = &mut model.local_models.offer else {
        model.overlay = None;
        return Vec::new();
    };
    match (context, action) {
        (Context::Models, Action::Confirm) | (Context::Verdict, Action::Retry) => {
            offer.stage = Stage::Trying(model.now);
            offer.chosen().cloned().map(Effect::TryModel).into_iter().collect()
        }
        (Context::Models, Action::No) => decline_all(model),
        (Context::Models, Action::Back) => {
            offer.put_off = true;
            model.overlay = None;
            Vec::new()
        }
        (Context::Models, action) => {
            let last = offer.models.len() - 1;
            offer.selected = keyboard::scrolled(offer.selected, last, 10, action);
            Vec::new()
        }
        (Context::Trial, Action::Back) => {
            offer.stage = Stage::Choosing;
            vec![Effect::StopTrying]
        }
        (Context::Verdict, Action::Yes) => adopt(model),
        (Context::Verdict, Action::No) => decline_one(model),
        (Context::Verdict, Action::Back) => {
            offer.stage = Stage::Choosing;
            Vec::new()
        }
        _ => Vec::new(),
    }
}

/// Handles the result of a trial, if it is still wanted.
pub(super) fn tried(model: &mut Model, found: &Found, tried: Tried) -> Vec<Effect> {
    if let Some(offer) = &mut model.local_models.offer
        && matches!(offer.stage, Stage::Trying(_))
        && offer.chosen() == Some(found)
    {
        offer.stage = Stage::Tried(tried);
    }
    Vec::new()
}

/// Handles a model written to the settings: it is used now.
pub(super) fn adopted(
    model: &mut Model,
    found: Found,
    file: Result<PathBuf, Problem>,
) -> Vec<Effect> {
    match file {
        Ok(file) => {
            model.remark(said(&found, &file));
            model.local_models = LocalModels::default();
            model.questions_are_written = true;
            model.link.state = LinkState::Starting;
            vec![Effect::UseModel(found)]
        }
        Err(problem) => {
            model.complain(&problem.with_safe("Nothing has changed."));
            Vec::new()
        }
    }
}

fn said(found: &Found, file: &Path) -> String {
    format!(
        "From now on {} at {} writes your questions and evaluates your answers. To undo it, delete \
         the lines that begin with llm_ in {}",
        found.name,
        found.address(),
        file.display()
    )
}

fn adopt(model: &mut Model) -> Vec<Effect> {
    let Some(offer) = model.local_models.offer.take_if(|offer| offer.can_be_used()) else {
        return Vec::new();
    };
    model.overlay = None;
    offer.chosen().cloned().map(Effect::AdoptModel).into_iter().collect()
}

fn decline_all(model: &mut Model) -> Vec<Effect> {
    model.overlay = None;
    model.tell("They will not be offered again; m still finds them.");
    let offer = model.local_models.offer.take();
    offer.map(|offer| Effect::DeclineModels(offer.models)).into_iter().collect()
}

/// Declines the model that was tried; the others can still be chosen.
fn decline_one(model: &mut Model) -> Vec<Effect> {
    let Some(mut offer) = model.local_models.offer.take() else {
        return Vec::new();
    };
    let declined = offer.models.remove(offer.selected);
    model.local_models.offer = Offer::new(offer.models);
    if model.local_models.offer.is_none() {
        model.overlay = None;
        model.tell("It will not be offered again; m still finds it.");
    }
    vec![Effect::DeclineModels(vec![declined])]
}
