//! Answering an interview: writing, submitting, moving between questions.

use std::path::PathBuf;

use super::{draft_rules, ending, keyboard, link, opening, practice};
use crate::{
    drafts::{Draft, DraftId, Stage},
    effect::Effect,
    external_editor::Edited,
    keys::Action,
    model::{
        Model,
        editor::Editor,
        open::{ANSWER_CHARS, Asks, OpenInterview},
    },
    problem::{Problem, ProblemKind},
    words,
};

/// The message when the key of an answer was used to send another one.
const SENT_BEFORE: &str = "Another answer to this question was sent instead of this one, probably from another window. Yours is kept here; submit it again to make it your next answer.";

/// The message for an answer whose interview was deleted.
const DELETED: &str = "The interview was deleted, so this answer cannot be sent.";

/// Carries out an action in the interview.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Submit => ask(model),
        Action::Yes => submit(model),
        Action::No => {
            ask_for(model, None);
            Vec::new()
        }
        Action::Hint => practice::hint(model),
        Action::ShowMe => practice::ask_to_show(model),
        Action::FollowUp => practice::follow_up(model),
        Action::End => ending::ask(model),
        Action::GoToOpen => {
            practice::go_on(model);
            Vec::new()
        }
        Action::Edit => edit_outside(model),
        Action::NextQuestion => turn(model, true),
        Action::PreviousQuestion => turn(model, false),
        Action::Retry => retry(model),
        Action::AnswerAgain => {
            practice::ask_again(model);
            Vec::new()
        }
        Action::Save => draft_rules::flush(model),
        Action::OtherText => draft_rules::exchange(model),
        Action::UndoEdit => change(model, Editor::undo),
        Action::RedoEdit => change(model, Editor::redo),
        Action::Report => {
            opening::show_question(model);
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

/// Changes the text in front; `with` returns whether it changed anything.
pub(super) fn change(model: &mut Model, with: impl FnOnce(&mut Editor) -> bool) -> Vec<Effect> {
    let editor = model.open.as_mut().and_then(OpenInterview::editor_mut);
    if editor.is_some_and(with) {
        draft_rules::changed(model);
    }
    Vec::new()
}

/// Uses the text that the external editor saved, and reports its fault.
pub(super) fn edited_outside(model: &mut Model, edited: Edited) -> Vec<Effect> {
    let mut effects = Vec::new();
    if let Some(text) = edited.text {
        // Editors end a file with a line feed that the user did not type.
        let text = text.strip_suffix('\n').unwrap_or(&text).to_owned();
        change(model, |editor| {
            let changed = editor.text() != text;
            if changed {
                editor.replace(&text);
            }
            changed
        });
        effects = draft_rules::flush(model);
    }
    if let Some(fault) = edited.fault {
        model.complain(&Problem::new(ProblemKind::Local, fault).with_safe("Your text is kept."));
    }
    effects
}

/// Handles the server's reply to a submitted answer.
pub(super) fn submitted(
    model: &mut Model,
    id: DraftId,
    reply: Result<i64, Problem>,
) -> Vec<Effect> {
    model.drafts.in_flight.remove(&id);
    if reply.as_ref().is_err_and(Problem::is_passing) {
        model.drafts.waited.insert(id);
    }
    match reply {
        Ok(answer) => acknowledged(model, id, answer),
        Err(problem) if problem.is_offline() || problem.needs_sign_in() => {
            link::heard::<()>(model, &Err(problem))
        }
        Err(problem) if problem.is_passing() => {
            model.complain(&problem.with_safe("Your answer is kept and will be sent again."));
            // Wait as if the server could not be reached: the answer is sent again in the same way.
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

/// Forgets the draft of an answer that the server has.
fn acknowledged(model: &mut Model, id: DraftId, answer: i64) -> Vec<Effect> {
    if model.drafts.waited.remove(&id) {
        model.tell("The server is back; your answer was sent.");
    }
    let text = model.drafts.forget(id).map(|draft| draft.text).unwrap_or_default();
    if let Some(open) = model.open.as_mut().filter(|open| open.id == id.interview) {
        // The stream will say more; until then it is pending.
        open.put_submitted(id.question, answer, text, model.now);
    }
    link::heard(model, &Ok(()))
}

/// Returns an answer that the server will never accept to the user.
fn give_back(model: &mut Model, id: DraftId, problem: Problem) -> Vec<Effect> {
    let Some(draft) = model.drafts.by_id.get_mut(&id) else {
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
        open.open_editors(&model.drafts);
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
    // Show what was sent in its place.
    effects.extend(opening::load(model).filter(|_| is_conflict));
    effects
}

/// Handles the result of saving the text of an answer whose interview was deleted.
pub(super) fn set_aside(model: &mut Model, id: DraftId, file: Result<PathBuf, Problem>) {
    match file {
        Ok(file) => {
            model.drafts.forget(id);
            if let Some(open) = model.open.as_mut().filter(|open| open.id == id.interview) {
                open.editors.remove(&id.question);
            }
            let problem = Problem::new(
                ProblemKind::NotFound,
                format!("{DELETED} Your text is in {}", file.display()),
            );
            model.complain(&problem);
        }
        Err(problem) => model.complain(&problem.with_safe("Your text is still saved as a draft.")),
    }
}

/// Checks for an answer given elsewhere while one was being written here. A draft with the same
/// text is removed; a different one is kept, and the user is told.
pub(super) fn overtaken(model: &mut Model, question: i64) -> Vec<Effect> {
    let Some(open) = &mut model.open else { return Vec::new() };
    let id = DraftId { interview: open.id, question };
    if !open.is_overtaken(question) || model.drafts.is_submitting(id) {
        return Vec::new();
    }
    let text = open.editors.get(&question).map(Editor::text).unwrap_or_default();
    let answer = open.answer_to(question).map_or("", |answer| answer.answer_text.trim());
    if text.trim().is_empty() || text.trim() == answer {
        open.editors.remove(&question);
        return model.drafts.forget(id).map(|_| Effect::RemoveDraft(id)).into_iter().collect();
    }
    let number = open.number_of(question);
    if open.told_of.insert(question) {
        let text = format!(
            "Question {number} was answered in another window. What you wrote for it here is kept; submit it to make it your next answer."
        );
        draft_rules::remark_about(model, id, text);
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
        let chars = words::number(chars);
        open.fault = Some(format!("Answer must be at most 20,000 characters; it has {chars}"));
    } else {
        open.fault = None;
        open.asks = Some(Asks::Submit);
    }
    draft_rules::flush(model)
}

/// Asks the user for confirmation, or stops asking.
pub(super) fn ask_for(model: &mut Model, asks: Option<Asks>) {
    if let Some(open) = &mut model.open {
        open.asks = asks;
    }
}

fn submit(model: &mut Model) -> Vec<Effect> {
    ask_for(model, None);
    let Some(draft) = draft_to_submit(model) else {
        return Vec::new();
    };
    model.drafts.forget(draft.id);
    model.drafts.in_flight.insert(draft.id);
    model.drafts.by_id.insert(draft.id, draft.clone());
    if let Some(open) = &mut model.open {
        open.editors.remove(&draft.id.question);
        // The next attempt is timed from its own start.
        open.elapsed.remove(&draft.id.question);
        open.scroll = 0;
        if std::mem::take(&mut open.is_report_behind) {
            opening::show_question_anew(model);
            return vec![Effect::Submit(draft)];
        }
        match open.next_open(&model.drafts) {
            Some(next) => open.current = next,
            None => opening::show_report(model),
        }
    }
    vec![Effect::Submit(draft)]
}

fn draft_to_submit(model: &mut Model) -> Option<Draft> {
    let open = model.open.as_ref()?;
    let (id, text) = (open.draft_id()?, open.editor()?.text());
    // A question answered elsewhere needs a new key: another window may have used the draft's.
    let is_next = open.is_overtaken(id.question);
    let known = model.drafts.by_id.get(&id).filter(|_| !is_next).map(|draft| draft.key.clone());
    Some(Draft {
        id,
        key: known.unwrap_or_else(|| model.keys.make()),
        stage: Stage::Submitting,
        text,
        elapsed_ms: open.elapsed_ms(),
        saved_at_ms: model.now.as_millisecond(),
    })
}

/// Goes to the question with this number; 0 is the report's summary.
pub(super) fn pick(model: &mut Model, number: usize) {
    let Some(open) = &mut model.open else { return };
    match number.checked_sub(1) {
        None => opening::show_report(model),
        Some(at) if at < open.questions().len() => {
            open.current = at;
            open.scroll = 0;
        }
        Some(_) => {}
    }
}

fn turn(model: &mut Model, forward: bool) -> Vec<Effect> {
    let mut effects = draft_rules::flush(model);
    effects.extend(drop_unchanged(model));
    if let Some(open) = &mut model.open {
        let count = open.questions().len().max(1);
        open.current = (open.current + if forward { 1 } else { count - 1 }) % count;
        open.scroll = 0;
        open.fault = None;
    }
    effects
}

/// Removes a new answer that is empty or repeats the last one.
pub(super) fn drop_unchanged(model: &mut Model) -> Option<Effect> {
    let open = model.open.as_mut()?;
    let (id, answer, editor) = (open.draft_id()?, open.answer()?, open.editor()?);
    if !editor.is_blank() && editor.text() != answer.answer_text {
        return None;
    }
    open.editors.remove(&id.question);
    model.drafts.forget(id).map(|_| Effect::RemoveDraft(id))
}

/// Requests the evaluation of the question in front again if it failed, otherwise all that failed;
/// or reloads the interview if it could not be loaded.
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
    let Some(open) = &model.open else { return Vec::new() };
    let (Some(editor), Some(question)) = (open.editor(), open.question()) else {
        return Vec::new();
    };
    let edit = Effect::Edit { text: editor.text(), question: question.text.clone() };
    let mut effects = draft_rules::flush(model);
    effects.push(edit);
    effects
}

fn scroll(model: &mut Model, action: Action) {
    let last = (model.measures.interview_end)(model);
    let page = usize::from(model.size.1 / 3).max(1);
    if let Some(open) = &mut model.open {
        open.scroll = keyboard::scrolled(open.scroll, last, page, action);
    }
}
