//! Marking questions: stars, wishes to be asked again, and the list of marked questions. Notes are
//! in `notes`.

use viva_proto::v1::{
    ListQuestionMarksResponse, QuestionMark, QuestionSource, QuestionWish, SetQuestionMarkRequest,
};

use super::{keyboard, link, notes, opening};
use crate::{
    effect::Effect,
    keys::Action,
    model::{Model, Screen, open::Page},
    notes::NoteId,
    problem::{Problem, ProblemKind},
};

/// A question to mark: the one in front, or the selected one in the list.
pub(super) struct Target {
    pub(super) id: NoteId,
    pub(super) text: String,
    pub(super) mark: QuestionMark,
    is_of_bank: bool,
}

/// The question that a key marks; `None` for a report's summary.
pub(super) fn target(model: &Model) -> Option<Target> {
    if model.screen == Screen::Marks {
        let marked = model.marks.list.chosen()?;
        return Some(Target {
            id: NoteId::listed(marked),
            text: marked.text.clone(),
            mark: marked.mark.clone().unwrap_or_default(),
            is_of_bank: marked.source() == QuestionSource::Bank,
        });
    }
    let open = model.open.as_ref()?;
    let question = open.questions().get(model.chosen()?)?.question.as_ref()?;
    Some(Target {
        id: NoteId::question(open.id, question.id),
        text: question.text.clone(),
        mark: question.mark.clone().unwrap_or_default(),
        is_of_bank: question.source() == QuestionSource::Bank,
    })
}

/// Carries out an action about marks anywhere; `None` for other actions.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    if !matches!(action, Action::Star | Action::Note | Action::NotAgain | Action::AgainSoon) {
        return None;
    }
    let Some(target) = target(model) else {
        model.tell("Choose a question first, with ← and →.");
        return Some(Vec::new());
    };
    if action == Action::Note {
        notes::open(model, target);
        return Some(Vec::new());
    }
    let mut request = target.id.request();
    let mark = &target.mark;
    match action {
        Action::Star => request.starred = Some(!mark.starred),
        Action::NotAgain => request.wish = Some(other_wish(mark, QuestionWish::NotAgain)),
        _ if !target.is_of_bank => {
            model.tell("Only a question of the question bank can be asked again.");
            return Some(Vec::new());
        }
        _ => request.wish = Some(other_wish(mark, QuestionWish::AgainSoon)),
    }
    // A key that bounces or is held down has one effect.
    if !model.marks.in_flight.insert(target.id) {
        return Some(Vec::new());
    }
    Some(vec![Effect::SetMark(target.id, Box::new(request))])
}

/// The wish to set; cleared if it is set already.
fn other_wish(mark: &QuestionMark, wish: QuestionWish) -> i32 {
    if mark.wish() == wish { QuestionWish::Unspecified.into() } else { wish.into() }
}

/// Handles the server's reply to a changed mark.
pub(super) fn marked(
    model: &mut Model,
    id: NoteId,
    request: &SetQuestionMarkRequest,
    reply: Result<QuestionMark, Problem>,
) -> Vec<Effect> {
    model.marks.in_flight.remove(&id);
    let mut effects = link::heard(model, &reply);
    match reply {
        Ok(mark) => {
            model.tell(said(request, &mark));
            put(model, id, &mark);
            effects.extend(notes::acknowledged(model, id, request.note.as_deref()));
        }
        Err(problem) if problem.needs_sign_in() => {}
        Err(problem) if request.note.is_some() => {
            model.complain(&problem.with_safe("Your note is kept."));
        }
        Err(problem) => {
            let gone = problem.kind == ProblemKind::NotFound;
            model.complain(&problem.with_safe("The mark was not changed."));
            if gone {
                effects.extend(link::refresh(model));
            }
        }
    }
    effects
}

/// The message about a change.
fn said(request: &SetQuestionMarkRequest, mark: &QuestionMark) -> &'static str {
    match (request.note.is_some(), request.starred, mark.wish()) {
        (true, _, _) if mark.note.is_empty() => "Note removed.",
        (true, _, _) => "Note saved.",
        (_, Some(true), _) => "Starred.",
        (_, Some(false), _) => "Star removed.",
        (_, _, QuestionWish::NotAgain) => "You will not be asked this again.",
        (_, _, QuestionWish::AgainSoon) => "It will be asked in the next interview that it fits.",
        (_, _, QuestionWish::Unspecified) => "It can be asked like any other question.",
    }
}

/// Updates a mark wherever its question is shown.
fn put(model: &mut Model, id: NoteId, mark: &QuestionMark) {
    for marked in &mut model.marks.list.questions {
        if marked.mark.as_ref().is_some_and(|known| known.id == mark.id) {
            marked.mark = Some(mark.clone());
        }
    }
    let slots = model.open.as_mut().and_then(|open| open.report.as_mut());
    let questions = slots.into_iter().flat_map(|report| &mut report.questions);
    for question in questions.filter_map(|slot| slot.question.as_mut()) {
        let is_it = question.mark.as_ref().is_some_and(|known| known.id == mark.id);
        if is_it || question.id == id.question {
            question.mark = Some(mark.clone());
        }
    }
}

/// Opens the list of marked questions.
pub(super) fn open_list(model: &mut Model) -> Vec<Effect> {
    model.screen = Screen::Marks;
    model.marks.list.selected = 0;
    load(model)
}

/// Loads the list from the start.
pub(super) fn load(model: &mut Model) -> Vec<Effect> {
    model.marks.list.loading = true;
    vec![Effect::LoadMarks(String::new())]
}

/// Carries out an action in the list.
pub(super) fn act_in_list(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Open => return open_question(model),
        Action::Refresh => return load(model),
        Action::Back => {
            model.screen = Screen::Dashboard;
            return link::refresh(model);
        }
        _ => {}
    }
    let page = (model.measures.marks_rows)(model);
    let list = &mut model.marks.list;
    let last = list.questions.len().saturating_sub(1);
    list.selected = keyboard::scrolled(list.selected, last, page, action);
    let near = list.selected + page >= list.questions.len();
    match &list.next_page {
        Some(token) if near && !list.loading => {
            list.loading = true;
            vec![Effect::LoadMarks(token.clone())]
        }
        _ => Vec::new(),
    }
}

/// Opens the report of the selected question's interview at that question.
fn open_question(model: &mut Model) -> Vec<Effect> {
    let Some(marked) = model.marks.list.chosen() else {
        return Vec::new();
    };
    let (interview, question) = (marked.interview_id, marked.question_id);
    if interview == 0 {
        model.tell("The interview with this question was deleted.");
        return Vec::new();
    }
    let effects = opening::open(model, interview, Screen::Report);
    opening::show_report(model);
    model.marks.is_behind = true;
    if let Some(open) = &mut model.open {
        open.wanted = Some(question);
        open.page = Page::Points;
        open.select_wanted();
    }
    effects
}

/// Handles a page of the list.
pub(super) fn listed(
    model: &mut Model,
    first: bool,
    page: Result<ListQuestionMarksResponse, Problem>,
) -> Vec<Effect> {
    let mut effects = link::heard(model, &page);
    let list = &mut model.marks.list;
    list.loading = false;
    match page {
        Ok(page) => {
            list.problem = None;
            list.loaded = true;
            list.next_page = Some(page.next_page_token).filter(|token| !token.is_empty());
            if first {
                list.questions.clear();
            }
            list.questions.extend(page.questions);
            list.selected = list.selected.min(list.questions.len().saturating_sub(1));
            effects.extend(notes::settle_listed(model));
        }
        Err(problem) if problem.needs_sign_in() => {}
        Err(problem) => {
            if !list.questions.is_empty() && !problem.is_offline() {
                model.complain(&problem);
            }
            model.marks.list.problem = Some(problem);
        }
    }
    effects
}
