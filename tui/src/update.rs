//! The app's logic: takes a message, changes the model, and returns the effects to carry out.
//! Nothing here waits, reads a clock, touches a file or draws.

mod challenge;
mod dashboard;
mod draft_rules;
mod editing;
mod ending;
mod interview;
mod keyboard;
mod link;
mod local_models;
mod marks;
mod mouse;
mod new_interview;
mod notes;
mod opening;
mod overlay;
pub(crate) mod palette;
mod points;
mod practice;
mod preview;
mod replies;
mod report;
mod review;
mod rows;
mod settings;
mod sign_in;
mod start;
mod time;

#[cfg(test)]
mod tests;

use crate::{
    effect::{Effect, StopFor},
    model::Model,
    msg::{Event, Msg},
};

/// The effects at the start of the app.
pub(crate) fn start() -> Vec<Effect> {
    vec![Effect::Connect]
}

/// Handles a message.
pub(crate) fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    time::pass(model, msg.at);
    let mut effects = match msg.event {
        Event::Key(key) => keyboard::press(model, key),
        Event::Mouse(event) => mouse::act(model, event),
        Event::Paste(text) => {
            keyboard::keeps_writing(model);
            editing::paste(model, &text)
        }
        Event::Resize(columns, rows) => {
            model.size = (columns, rows);
            Vec::new()
        }
        Event::Blur => {
            model.has_focus = false;
            draft_rules::flush(model)
        }
        Event::Focus => {
            model.has_focus = true;
            draft_rules::look(model)
        }
        Event::Background(theme) => {
            model.look.theme = theme;
            Vec::new()
        }
        Event::Tick => Vec::new(),
        Event::Terminate => keyboard::quit(model),
        Event::Stop => keyboard::suspend(model, StopFor::Other),
        Event::Edited(text) => interview::edited_outside(model, text),
        Event::Reply(reply) => replies::take(model, *reply),
    };
    // Time passes with every message, so that a flood of keys does not delay saving a draft.
    effects.extend(time::due(model));
    effects.extend(practice::due(model));
    draft_rules::drop_outdated_notice(model);
    effects
}
