//! Follows whether the server answers, from every reply there is, and catches up when it does
//! again: what was queued is sent, what is shown is loaded anew.

use super::{marks, opening, sign_in};
use crate::{
    drafts::Draft,
    effect::Effect,
    model::{Model, Screen},
    problem::Problem,
};

/// Draws from a reply what it says of the connection.
pub(super) fn heard<T>(model: &mut Model, reply: &Result<T, Problem>) -> Vec<Effect> {
    match reply {
        Err(problem) if problem.needs_sign_in() && model.server.is_some() => {
            sign_in::ask(model, Some(problem.message.clone()))
        }
        Err(problem) if problem.is_offline() => {
            model.link.down(model.now);
            Vec::new()
        }
        // Any other error is an answer too.
        _ if model.link.up() => catch_up(model),
        _ => Vec::new(),
    }
}

/// Tries the server again when it is time.
pub(super) fn retry_due(model: &mut Model) -> Vec<Effect> {
    if model.sign_in.is_some() || !model.link.is_due(model.now) {
        return Vec::new();
    }
    // What is queued is the best question to ask whether the server is back.
    let queued = send_queued(model);
    if queued.is_empty() { refresh(model) } else { queued }
}

/// Sends what is queued and loads anew what is shown.
pub(super) fn catch_up(model: &mut Model) -> Vec<Effect> {
    let mut effects = send_queued(model);
    effects.extend(refresh(model));
    effects
}

/// Loads what the screen shows anew.
pub(super) fn refresh(model: &mut Model) -> Vec<Effect> {
    match model.screen {
        Screen::Dashboard => {
            model.dashboard.loading = true;
            vec![Effect::LoadInterviews(String::new())]
        }
        Screen::NewInterview if model.templates.is_none() => vec![Effect::LoadTemplates],
        Screen::NewInterview => Vec::new(),
        Screen::Marks => marks::load(model),
        Screen::Interview | Screen::Report => opening::load(model).into_iter().collect(),
    }
}

/// Sends every answer that waits.
pub(super) fn send_queued(model: &mut Model) -> Vec<Effect> {
    let queued: Vec<Draft> = model.journal.queued().cloned().collect();
    model.journal.in_flight.extend(queued.iter().map(|draft| draft.id));
    queued.into_iter().map(Effect::Submit).collect()
}
