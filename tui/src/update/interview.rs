//! Going through an interview: writing, submitting, moving between questions.

use std::path::PathBuf;

use super::{drafts, keyboard, link, opening};
use crate::{
    drafts::{Draft, DraftId, Stage},
    effect::Effect,
    external_editor::Edited,
    keys::Action,
    model::{
        Model, Screen,
        editor::Editor,
        open::{ANSWER_CHARS, Open},
    },
    problem::{Problem, ProblemKind},
    view,
};

/// What is told of an answer whose key another one was sent under.
const SENT_BEFORE: &str = "Another answer to this question was sent in place of this one, probably from \
                           another window. Yours is kept here, and submitting it again makes it the \
                           next answer.";

/// What is told of an answer that nothing is there for any more.
const DELETED: &str = "The interview of this answer was deleted, so it cannot be sent.";

/// Does what a key means here.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Submit => ask(model),
        Action::Yes => submit(model),
        Action::No => {
            confirm(model, false);
            Vec::new()
        }
        Action::Edit => edit_outside(model),
        Action::NextQuestion => turn(model, true),
        Action::PreviousQuestion => turn(model, false),
        Action::Retry => retry(model),
        Action::AnswerAgain => answer_again(model),
        Action::Save => drafts::flush(model),
        Action::OtherText => drafts::exchange(model),
        Action::UndoEdit => change(model, Editor::undo),
        Action::RedoEdit => change(model, Editor::redo),
        Action::Report => {
            opening::show_report(model);
            Vec::new()
        }
        Action::Refresh => opening::load(model).into_iter().collect(),
        Action::Back => opening::leave(model),
        _ => {
            scroll(model, action);
            Vec::new()
        }
    }
}

/// Changes the text in front; what changes it says whether it did.
pub(super) fn change(model: &mut Model, with: impl FnOnce(&mut Editor) -> bool) -> Vec<Effect> {
    let editor = model.open.as_mut().and_then(Open::editor_mut);
    if editor.is_some_and(with) {
        drafts::changed(model);
    }
    Vec::new()
}

/// Takes the text that the external editor left, and says what went wrong.
pub(super) fn edited_outside(model: &mut Model, edited: Edited) -> Vec<Effect> {
    let mut effects = Vec::new();
    if let Some(text) = edited.text {
        // Editors end a file with a line feed that nobody typed.
        let text = text.strip_suffix('\n').unwrap_or(&text).to_owned();
        change(model, |editor| {
            let changed = editor.text() != text;
            if changed {
                editor.replace(&text);
            }
            changed
        });
        effects = drafts::flush(model);
    }
    if let Some(fault) = edited.fault {
        model.complain(&Problem::new(ProblemKind::Local, fault).with_safe("Your text is kept."));
    }
    effects
}

/// The server's word on a submitted answer.
pub(super) fn submitted(
    model: &mut Model,
    id: DraftId,
    reply: Result<i64, Problem>,
) -> Vec<Effect> {
    model.journal.in_flight.remove(&id);
    if reply.as_ref().is_err_and(Problem::is_passing) {
        model.journal.waited.insert(id);
    }
    match reply {
        Ok(answer) => acknowledged(model, id, answer),
        Err(problem) if problem.is_offline() || problem.needs_sign_in() => {
            link::heard::<()>(model, &Err(problem))
        }
        Err(problem) if problem.is_passing() => {
            model.complain(&problem.with_safe("Your answer is kept and will be sent again."));
            // It waits like one that found no server, for it goes the same way again.
            model.link.down(model.now);
            Vec::new()
        }
        Err(problem) => {
            let mut effects = link::heard(model, &Ok(()));
            effects.extend(give_back(model, id, problem));
            effects
        }
    }
}

/// The server has the answer, so the draft has done its duty.
fn acknowledged(model: &mut Model, id: DraftId, answer: i64) -> Vec<Effect> {
    if model.journal.waited.remove(&id) {
        model.tell("The server is back; your answer was sent.");
    }
    let text = model.journal.forget(id).map(|draft| draft.text).unwrap_or_default();
    if let Some(open) = model.open.as_mut().filter(|open| open.id == id.interview) {
        // The stream will say more; until then it is known to be pending.
        open.put_submitted(id.question, answer, text, model.now);
    }
    link::heard(model, &Ok(()))
}

/// An answer that the server will never take goes back to its writer.
fn give_back(model: &mut Model, id: DraftId, problem: Problem) -> Vec<Effect> {
    let Some(draft) = model.journal.drafts.get_mut(&id) else {
        return Vec::new();
    };
    draft.stage = Stage::Writing;
    let words = match problem.kind {
        ProblemKind::Conflict => {
            draft.key = model.keys.make();
            Some(SENT_BEFORE)
        }
        ProblemKind::NotFound => Some(DELETED),
        _ => None,
    };
    let draft = draft.clone();
    if let Some(open) = &mut model.open {
        open.open_editors(&model.journal);
    }
    let is_conflict = problem.kind == ProblemKind::Conflict;
    match words {
        Some(words) => model.complain(&Problem { message: words.to_owned(), ..problem }),
        None => model.complain(&problem.with_safe("Your text is kept.")),
    }
    if words == Some(DELETED) {
        return vec![Effect::SetAside(draft)];
    }
    let mut effects = vec![Effect::SaveDraft(draft)];
    // What was sent in its place is to be seen.
    effects.extend(opening::load(model).filter(|_| is_conflict));
    effects
}

/// The text of an answer whose interview was deleted is in a file, and no draft any more.
pub(super) fn set_aside(model: &mut Model, id: DraftId, file: Result<PathBuf, Problem>) {
    match file {
        Ok(file) => {
            model.journal.forget(id);
            if let Some(open) = model.open.as_mut().filter(|open| open.id == id.interview) {
                open.editors.remove(&id.question);
            }
            let problem = Problem::new(
                ProblemKind::NotFound,
                format!("{DELETED} Your text is in {}", file.display()),
            );
            model.complain(&problem);
        }
        Err(problem) => model.complain(&problem.with_safe("Your text is still among the drafts.")),
    }
}

/// A question may have got an answer while another one was being written for it here. A text that says
/// the same is no draft any more; another one stays, and its writer is told.
pub(super) fn overtaken(model: &mut Model, question: i64) -> Vec<Effect> {
    let Some(open) = &mut model.open else { return Vec::new() };
    let id = DraftId { interview: open.id, question };
    if !open.is_overtaken(question) || model.journal.is_submitting(id) {
        return Vec::new();
    }
    let text = open.editors.get(&question).map(Editor::text).unwrap_or_default();
    let answer = open.answer_to(question).map_or("", |answer| answer.answer_text.trim());
    if text.trim().is_empty() || text.trim() == answer {
        open.editors.remove(&question);
        return model.journal.forget(id).map(|_| Effect::RemoveDraft(id)).into_iter().collect();
    }
    let number = open.number_of(question);
    if open.told_of.insert(question) {
        model.remark(format!(
            "Question {number} was answered in another window. What you have written for it here is \
             kept; submitting it makes it the next answer."
        ));
    }
    Vec::new()
}

fn ask(model: &mut Model) -> Vec<Effect> {
    let Some(open) = &mut model.open else {
        return Vec::new();
    };
    let Some(editor) = open.editor() else {
        return Vec::new();
    };
    let chars = editor.text().trim().chars().count();
    if chars < *ANSWER_CHARS.start() {
        open.fault = Some("Answer must be at least 10 characters".to_owned());
    } else if chars > *ANSWER_CHARS.end() {
        open.fault = Some(format!("Answer must be at most 20,000 characters; it has {chars}"));
    } else {
        open.fault = None;
        open.confirming = true;
    }
    drafts::flush(model)
}

fn confirm(model: &mut Model, confirming: bool) {
    if let Some(open) = &mut model.open {
        open.confirming = confirming;
    }
}

fn submit(model: &mut Model) -> Vec<Effect> {
    confirm(model, false);
    let Some(draft) = draft_to_submit(model) else {
        return Vec::new();
    };
    model.journal.forget(draft.id);
    model.journal.in_flight.insert(draft.id);
    model.journal.drafts.insert(draft.id, draft.clone());
    if let Some(open) = &mut model.open {
        open.editors.remove(&draft.id.question);
        open.scroll = 0;
        match open.next_open(&model.journal) {
            Some(next) => open.current = next,
            None => opening::show_report(model),
        }
    }
    vec![Effect::Submit(draft)]
}

fn draft_to_submit(model: &mut Model) -> Option<Draft> {
    let open = model.open.as_ref()?;
    let (id, text) = (open.draft_id()?, open.editor()?.text());
    // Whoever answers a question once more means to: another window may have used the draft's key.
    let is_next = open.is_overtaken(id.question);
    let known = model.journal.drafts.get(&id).filter(|_| !is_next).map(|draft| draft.key.clone());
    Some(Draft {
        id,
        key: known.unwrap_or_else(|| model.keys.make()),
        stage: Stage::Submitting,
        text,
        elapsed_ms: open.elapsed_ms(),
        saved_at_ms: model.now.as_millisecond(),
    })
}

fn turn(model: &mut Model, forward: bool) -> Vec<Effect> {
    let mut effects = drafts::flush(model);
    effects.extend(drop_unchanged(model));
    if let Some(open) = &mut model.open {
        let count = open.questions().len().max(1);
        open.current = (open.current + if forward { 1 } else { count - 1 }) % count;
        open.scroll = 0;
        open.fault = None;
    }
    effects
}

/// Another answer that was begun and is the same as before, or empty, is not one.
pub(super) fn drop_unchanged(model: &mut Model) -> Option<Effect> {
    let open = model.open.as_mut()?;
    let (id, answer, editor) = (open.draft_id()?, open.answer()?, open.editor()?);
    if !editor.is_blank() && editor.text() != answer.answer_text {
        return None;
    }
    open.editors.remove(&id.question);
    model.journal.forget(id).map(|_| Effect::RemoveDraft(id))
}

/// Opens the answered question in front for another answer, which begins with the last one.
pub(super) fn answer_again(model: &mut Model) -> Vec<Effect> {
    let Some(open) = &mut model.open else {
        return Vec::new();
    };
    let Some(id) = open.draft_id() else {
        return Vec::new();
    };
    if model.journal.is_submitting(id) {
        model.tell("This answer is still on its way.");
        return Vec::new();
    }
    let text = open.answer().map(|answer| answer.answer_text.clone()).unwrap_or_default();
    open.begin(id.question, &text);
    open.scroll = 0;
    model.screen = Screen::Interview;
    Vec::new()
}

/// Asks again for the evaluation of the question in front if it failed, else for every one that
/// failed; or for the interview if that could not be loaded.
pub(super) fn retry(model: &mut Model) -> Vec<Effect> {
    let chosen = model.chosen();
    let Some(open) = &model.open else {
        return Vec::new();
    };
    if open.report.is_none() {
        return opening::load(model).into_iter().collect();
    }
    open.to_retry(chosen).into_iter().map(Effect::Retry).collect()
}

fn edit_outside(model: &mut Model) -> Vec<Effect> {
    let Some(text) = model.open.as_ref().and_then(Open::editor).map(Editor::text) else {
        return Vec::new();
    };
    let mut effects = drafts::flush(model);
    effects.push(Effect::Edit(text));
    effects
}

fn scroll(model: &mut Model, action: Action) {
    let last = view::interview::last_scroll(model);
    let page = usize::from(model.size.1 / 3).max(1);
    if let Some(open) = &mut model.open {
        open.scroll = keyboard::scrolled(open.scroll, last, page, action);
    }
}
