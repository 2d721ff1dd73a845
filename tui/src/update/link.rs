//! Tracks from every reply whether the server answers. When it answers again, sends the queued
//! answers and reloads the screen.

use super::{marks, opening, sign_in};
use crate::{
    drafts::Draft,
    effect::Effect,
    model::{Model, Screen},
    problem::Problem,
};

/// Updates the connection's state from a reply.
pub(super) fn heard<T>(model: &mut Model, reply: &Result<T, Problem>) -> Vec<Effect> {
    match reply {
        Err(problem) if problem.needs_sign_in() && model.server.is_some() => {
            sign_in::ask(model, Some(problem.message.clone()))
        }
        Err(problem) if problem.is_offline() => {
            model.link.down(model.now);
            Vec::new()
        }
        // Any other error also shows that the server answers.
        _ if model.link.up() => catch_up(model),
        _ => Vec::new(),
    }
}

/// Tries the server again when it is time.
pub(super) fn retry_due(model: &mut Model) -> Vec<Effect> {
    if model.sign_in.is_some() || !model.link.is_due(model.now) {
        return Vec::new();
    }
    // Sending what is queued also tests whether the server is back.
    let queued = send_queued(model);
    if queued.is_empty() { refresh(model) } else { queued }
}

/// Sends what is queued and reloads the screen.
pub(super) fn catch_up(model: &mut Model) -> Vec<Effect> {
    let mut effects = send_queued(model);
    // The streams ended with the connection.
    model.dashboard.watched.clear();
    effects.extend(refresh(model));
    effects
}

/// Reloads what the screen shows.
pub(super) fn refresh(model: &mut Model) -> Vec<Effect> {
    match model.screen {
        Screen::Dashboard => {
            model.dashboard.loading = true;
            model.dashboard.starts.is_asked = false;
            vec![Effect::LoadInterviews(String::new())]
        }
        Screen::NewInterview if model.templates.is_none() => vec![Effect::LoadTemplates],
        Screen::NewInterview | Screen::Settings | Screen::Review => Vec::new(),
        Screen::Marks => marks::load(model),
        Screen::Interview | Screen::Report => opening::load(model).into_iter().collect(),
    }
}

/// Sends every queued answer.
pub(super) fn send_queued(model: &mut Model) -> Vec<Effect> {
    let queued: Vec<Draft> = model.drafts.queued().cloned().collect();
    model.drafts.in_flight.extend(queued.iter().map(|draft| draft.id));
    queued.into_iter().map(Effect::Submit).collect()
}
