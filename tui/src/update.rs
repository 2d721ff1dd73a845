//! What happens next: takes a message, changes the model, and says what is to be done outside.
//! Nothing here waits, reads a clock or touches a file; what is drawn is not its business.

mod dashboard;
mod drafts;
mod interview;
mod keyboard;
mod link;
mod local_models;
mod marks;
mod new_interview;
mod notes;
mod opening;
mod overlay;
mod preview;
mod replies;
mod report;
mod sign_in;
mod time;

#[cfg(test)]
mod tests;

pub(crate) use self::overlay::commands;

use crate::{
    effect::{Effect, StopFor},
    model::Model,
    msg::{Event, Msg},
};

/// What is to be done when the app starts.
pub(crate) fn start() -> Vec<Effect> {
    vec![Effect::Connect]
}

/// Takes a message in.
pub(crate) fn update(model: &mut Model, msg: Msg) -> Vec<Effect> {
    time::pass(model, msg.at);
    let mut effects = match msg.event {
        Event::Key(key) => keyboard::press(model, key),
        Event::Paste(text) => keyboard::paste(model, &text),
        Event::Resize(columns, rows) => {
            model.size = (columns, rows);
            Vec::new()
        }
        Event::Blur => drafts::flush(model),
        Event::Focus => drafts::look(model),
        Event::Background(palette) => {
            model.look.palette = palette;
            Vec::new()
        }
        Event::Tick => Vec::new(),
        Event::Terminate => keyboard::quit(model),
        Event::Stop => keyboard::suspend(model, StopFor::Other),
        Event::Edited(text) => interview::edited_outside(model, text),
        Event::Reply(reply) => replies::take(model, *reply),
    };
    // Time goes by with every message: a flood of keys must not keep a draft from the disk.
    effects.extend(time::due(model));
    effects
}
