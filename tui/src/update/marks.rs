//! Marking questions: a star, whether to be asked again, and the list of what is marked. Notes are in
//! `notes`.

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
    view,
};

/// A question that can be marked: the one in front, or the one chosen in the list.
pub(super) struct Target {
    pub(super) id: NoteId,
    pub(super) text: String,
    pub(super) mark: QuestionMark,
    is_of_bank: bool,
}

/// The question that a key is about; none where the summary of a report is in front.
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

/// Does what a key about marks means, wherever it is pressed; none where it is about something else.
pub(super) fn act(model: &mut Model, action: Action) -> Option<Vec<Effect>> {
    if !matches!(action, Action::Star | Action::Note | Action::NotAgain | Action::AgainSoon) {
        return None;
    }
    let Some(target) = target(model) else {
        model.tell("Choose the question first, with ← and →.");
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
    // A key that bounces, or is held down, does it once.
    if !model.marks.in_flight.insert(target.id) {
        return Some(Vec::new());
    }
    Some(vec![Effect::SetMark(target.id, Box::new(request))])
}

/// The wish, or none where it is the one there is.
fn other_wish(mark: &QuestionMark, wish: QuestionWish) -> i32 {
    if mark.wish() == wish { QuestionWish::Unspecified.into() } else { wish.into() }
}

/// The server's word on a changed mark.
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
            model.complain(&problem.with_safe("The mark is as it was."));
            if gone {
                effects.extend(link::refresh(model));
            }
        }
    }
    effects
}

/// What a change has come to.
fn said(request: &SetQuestionMarkRequest, mark: &QuestionMark) -> &'static str {
    match (request.note.is_some(), request.starred, mark.wish()) {
        (true, _, _) if mark.note.is_empty() => "The note is taken away.",
        (true, _, _) => "The note is kept.",
        (_, Some(true), _) => "Starred.",
        (_, Some(false), _) => "The star is taken away.",
        (_, _, QuestionWish::NotAgain) => "You will not be asked this again.",
        (_, _, QuestionWish::AgainSoon) => "The next interview that this fits will ask it.",
        (_, _, QuestionWish::Unspecified) => "This may be asked like any other.",
    }
}

/// Shows a mark wherever its question is shown.
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

/// Opens the list.
pub(super) fn open_list(model: &mut Model) -> Vec<Effect> {
    model.screen = Screen::Marks;
    model.marks.list.selected = 0;
    load(model)
}

/// Loads the list from its beginning.
pub(super) fn load(model: &mut Model) -> Vec<Effect> {
    model.marks.list.loading = true;
    vec![Effect::LoadMarks(String::new())]
}

/// Does what a key means in the list.
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
    let page = view::marks::height(model);
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

/// Opens the report of the chosen question's interview at that question.
fn open_question(model: &mut Model) -> Vec<Effect> {
    let Some(marked) = model.marks.list.chosen() else {
        return Vec::new();
    };
    let (interview, question) = (marked.interview_id, marked.question_id);
    if interview == 0 {
        model.tell("The interview that asked this is deleted.");
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

/// Takes a page of the list in.
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
