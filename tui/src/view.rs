//! Draws the model. Nothing here changes it, waits, or knows of files: the same model always gives
//! the same cells. Text from people and models is neutralised where it is laid out, and once more
//! over the finished frame.

pub(crate) mod ascii;
pub(crate) mod bar;
pub(crate) mod dashboard;
mod editor;
mod fault;
mod footer;
mod header;
pub(crate) mod help;
pub(crate) mod interview;
mod layout;
mod local_models;
pub(crate) mod markdown;
pub(crate) mod marks;
pub(crate) mod new_interview;
mod news;
pub(crate) mod note;
mod notice;
mod palette;
pub(crate) mod report;
mod sign_in;
mod strip;
pub(crate) mod theme;
mod too_small;
pub(crate) mod wrap;

#[cfg(test)]
mod tests;

use ratatui::Frame;

use crate::{
    keys::Context,
    model::{Model, Overlay, Screen},
    text,
};

/// Draws the whole screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    if too_small::is(frame.area()) {
        too_small::draw(model, frame);
    } else {
        draw_screen(model, frame);
    }
    text::sweep(frame.buffer_mut());
    if model.look.ascii {
        ascii::sweep(frame.buffer_mut());
    }
}

fn draw_screen(model: &Model, frame: &mut Frame<'_>) {
    match (&model.overlay, model.context_below()) {
        (Some(Overlay::Help { scroll }), _) => help::draw(model, *scroll, frame),
        (Some(Overlay::Palette { query, selected }), _) => {
            palette::draw(model, query, *selected, frame);
        }
        (Some(Overlay::LocalModels), _) => local_models::draw(model, frame),
        (Some(Overlay::Note(note)), _) => note::draw(model, note, frame),
        (None, Context::Fault) => fault::draw(model, frame),
        (None, Context::SignIn) => sign_in::draw(model, frame),
        (None, _) => match model.screen {
            Screen::Dashboard => dashboard::draw(model, frame),
            Screen::NewInterview => new_interview::draw(model, frame),
            Screen::Interview => interview::draw(model, frame),
            Screen::Report => report::draw(model, frame),
            Screen::Marks => marks::draw(model, frame),
        },
    }
}
