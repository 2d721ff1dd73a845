//! Draws the model. Nothing here changes it, waits, or reads files: the same model always gives the
//! same cells. Text from people and models is neutralised when it is laid out, and again in the
//! finished frame.

pub(crate) mod ascii;
pub(crate) mod bar;
mod challenge;
mod clicks;
pub(crate) mod code;
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
mod memo;
pub(crate) mod new_interview;
mod news;
pub(crate) mod note;
mod notice;
mod palette;
mod practice;
pub(crate) mod report;
pub(crate) mod review;
mod settings;
mod sign_in;
mod start;
mod strip;
pub(crate) mod theme;
pub(crate) mod title;
mod too_small;
pub(crate) mod wrap;

#[cfg(test)]
mod tests;

use ratatui::Frame;

use crate::{
    keys::Context,
    model::{Model, Overlay, Screen, editor::Room, measures::Measures},
    text,
};

/// The questions of `update` about the screen.
pub(crate) const MEASURES: Measures = Measures {
    list_rows: dashboard::list_height,
    marks_rows: marks::height,
    topic_columns: new_interview::topic_columns,
    help_end: help::last_scroll,
    interview_end: interview::last_scroll,
    report_end: report::last_scroll,
    report_page: report::page_rows,
    report_page_start: report::page_start,
    report_text: report::text,
    room,
};

fn room(model: &Model, context: Context) -> Option<Room> {
    match context {
        Context::FormAdvert => Some(new_interview::advert_room(model)),
        Context::Writing => Some(interview::room(model)),
        Context::Note => Some(note::room(model)),
        Context::Review => Some(review::room(model)),
        _ => None,
    }
}

/// Draws the whole screen.
pub(crate) fn draw(model: &Model, frame: &mut Frame<'_>) {
    model.places.clear();
    if too_small::is(frame.area()) {
        too_small::draw(model, frame);
    } else {
        draw_screen(model, frame);
    }
    theme::Theme::of(model.look).paint(frame.buffer_mut());
    text::sweep(frame.buffer_mut());
    if model.look.ascii {
        ascii::sweep(frame.buffer_mut());
    }
}

fn draw_screen(model: &Model, frame: &mut Frame<'_>) {
    match (&model.overlay, model.context_below()) {
        (Some(Overlay::Help { scroll }), _) => help::draw(model, *scroll, frame),
        (Some(Overlay::Palette { query, selected, .. }), _) => {
            palette::draw(model, query, *selected, frame);
        }
        (Some(Overlay::LocalModels), _) => local_models::draw(model, frame),
        (Some(Overlay::Note(note)), _) => note::draw(model, note, frame),
        (Some(Overlay::Practise { question, selected }), _) => {
            practice::draw(model, *question, *selected, frame);
        }
        (Some(Overlay::Challenge(challenge)), _) => challenge::draw(model, *challenge, frame),
        (None, Context::Fault) => fault::draw(model, frame),
        (None, Context::SignIn) => sign_in::draw(model, frame),
        (None, _) => match model.screen {
            Screen::Dashboard => dashboard::draw(model, frame),
            Screen::NewInterview => new_interview::draw(model, frame),
            Screen::Interview => interview::draw(model, frame),
            Screen::Report => report::draw(model, frame),
            Screen::Marks => marks::draw(model, frame),
            Screen::Review => review::draw(model, frame),
            Screen::Settings => settings::draw(model, frame),
        },
    }
}
