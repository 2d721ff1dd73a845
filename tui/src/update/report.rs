//! Reading a report: the question, the scroll position, and actions on it.

use super::{
    challenge, editing, ending, interview, keyboard, new_interview, opening, points, practice,
};
use crate::{
    effect::Effect,
    keys::Action,
    model::{Model, Screen, open::Page},
};

/// Carries out an action in the report.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::NextQuestion => turn(model, true),
        Action::PreviousQuestion => turn(model, false),
        Action::TurnPage => page(model, true),
        Action::TurnBack => page(model, false),
        Action::AnswerAgain | Action::Answer => practice::answer_from_report(model),
        Action::FollowUp => return practice::follow_up(model),
        Action::End => return ending::ask(model),
        Action::Practise => points::practise(model),
        Action::Challenge => challenge::open(model),
        Action::CopyPage => return vec![editing::keep(model, (model.measures.report_text)(model))],
        Action::Export => return export(model),
        Action::Retry => return interview::retry(model),
        Action::Refresh => return opening::load(model).into_iter().collect(),
        Action::Back => return opening::leave(model),
        Action::New => {
            let mut effects = opening::leave(model);
            effects.extend(new_interview::open(model));
            return effects;
        }
        _ => scroll(model, action),
    }
    Vec::new()
}

/// Goes to the question with this number; 0 is the summary.
pub(super) fn pick(model: &mut Model, number: usize) {
    if let Some(open) = model.open.as_mut().filter(|open| number <= open.questions().len()) {
        open.show(number);
    }
}

fn turn(model: &mut Model, forward: bool) {
    let Some(open) = &mut model.open else { return };
    // The summary comes before the first question.
    let count = open.questions().len() + 1;
    open.show((open.selected + if forward { 1 } else { count - 1 }) % count);
}

/// Scrolls to the answer, then to the example, then to the top again.
fn page(model: &mut Model, forward: bool) {
    let Some(open) = model.open.as_ref().filter(|open| open.selected > 0) else { return };
    let page = match (open.page, forward) {
        (Page::Points, true) | (Page::Example, false) => Page::Answer,
        (Page::Answer, true) | (Page::Points, false) => Page::Example,
        (Page::Example, true) | (Page::Answer, false) => Page::Points,
    };
    if let Some(open) = &mut model.open {
        open.page = page;
    }
    go_to_page(model);
}

/// Does something that may lengthen the report, and stays at the answer or the example.
pub(super) fn keep_page(
    model: &mut Model,
    grow: impl FnOnce(&mut Model) -> Vec<Effect>,
) -> Vec<Effect> {
    let was_at_page = is_at_page(model);
    let effects = grow(model);
    if was_at_page && reads_page(model) {
        go_to_page(model);
    }
    effects
}

fn reads_page(model: &Model) -> bool {
    let page = model.open.as_ref().map_or(Page::Points, |open| open.page);
    model.screen == Screen::Report && page != Page::Points
}

/// Whether the reader is still exactly where the answer or the example begins.
fn is_at_page(model: &Model) -> bool {
    let open = model.open.as_ref().filter(|_| reads_page(model));
    open.is_some_and(|open| open.page_scroll == page_start(model, open.page))
}

/// Scrolls to where the page begins, because the text above it may be longer.
fn go_to_page(model: &mut Model) {
    let start = model.open.as_ref().map(|open| page_start(model, open.page));
    if let (Some(open), Some(start)) = (&mut model.open, start) {
        open.page_scroll = start;
    }
}

fn page_start(model: &Model, page: Page) -> usize {
    (model.measures.report_page_start)(model, page).min((model.measures.report_end)(model))
}

fn export(model: &mut Model) -> Vec<Effect> {
    let Some(open) = model.open.as_ref().filter(|open| open.report.is_some()) else {
        return Vec::new();
    };
    let id = open.id;
    model.tell("Saving the report…");
    vec![Effect::Export(id)]
}

fn scroll(model: &mut Model, action: Action) {
    let last = (model.measures.report_end)(model);
    let page = (model.measures.report_page)(model);
    if let Some(open) = &mut model.open {
        open.page_scroll = keyboard::scrolled(open.page_scroll, last, page, action);
    }
}
