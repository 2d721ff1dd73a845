//! Reading a report: which question, which page, how far down.

use super::{interview, keyboard, opening};
use crate::{
    effect::Effect,
    keys::Action,
    model::{Model, open::Page},
    view,
};

/// Does what a key means here.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::NextQuestion => turn(model, true),
        Action::PreviousQuestion => turn(model, false),
        Action::TurnPage => page(model, true),
        Action::TurnBack => page(model, false),
        Action::AnswerAgain => return answer_again(model),
        Action::Export => return export(model),
        Action::Retry => return interview::retry(model),
        Action::Refresh => return opening::load(model).into_iter().collect(),
        Action::Back => return opening::leave(model),
        _ => scroll(model, action),
    }
    Vec::new()
}

fn turn(model: &mut Model, forward: bool) {
    let Some(open) = &mut model.open else { return };
    // The summary comes before the first question.
    let count = open.questions().len() + 1;
    open.selected = (open.selected + if forward { 1 } else { count - 1 }) % count;
    open.page_scroll = 0;
}

fn page(model: &mut Model, forward: bool) {
    let Some(open) = &mut model.open else { return };
    open.page = match (open.page, forward) {
        (Page::Points, true) | (Page::Example, false) => Page::Answer,
        (Page::Answer, true) | (Page::Points, false) => Page::Example,
        (Page::Example, true) | (Page::Answer, false) => Page::Points,
    };
    open.page_scroll = 0;
}

fn export(model: &mut Model) -> Vec<Effect> {
    let Some(open) = model.open.as_ref().filter(|open| open.report.is_some()) else {
        return Vec::new();
    };
    let id = open.id;
    model.tell("Saving the report…");
    vec![Effect::Export(id)]
}

fn answer_again(model: &mut Model) -> Vec<Effect> {
    let Some(open) = &mut model.open else {
        return Vec::new();
    };
    let Some(question) = open.selected.checked_sub(1) else {
        model.tell("Choose the question first, with ← and →.");
        return Vec::new();
    };
    open.current = question;
    interview::answer_again(model)
}

fn scroll(model: &mut Model, action: Action) {
    let last = view::report::last_scroll(model);
    let page = usize::from(model.size.1 / 3).max(1);
    if let Some(open) = &mut model.open {
        open.page_scroll = keyboard::scrolled(open.page_scroll, last, page, action);
    }
}
