//! Writing notes on questions. The text is on disk within half a second and is kept there until the
//! server has it; if the server's note was changed elsewhere meanwhile, both are kept.

use super::marks::Target;
use crate::{
    effect::Effect,
    keys::Action,
    model::{
        Model, Overlay,
        editor::Editor,
        marks::{NOTE_CHARS, NoteEditor},
    },
    notes::{NoteDraft, NoteId},
    problem::{Problem, ProblemKind},
};

/// Opens the editor with the unsent note or, without one, the server's.
pub(super) fn open(model: &mut Model, target: Target) {
    let draft = model.marks.notes.drafts.get(&target.id);
    let text = draft.map_or(target.mark.note.as_str(), |draft| draft.text.as_str());
    let editor = Editor::lines(text);
    if draft.is_none() {
        let (id, base) = (target.id, target.mark.note);
        let draft = NoteDraft { id, text: base.clone(), base };
        model.marks.notes.drafts.insert(id, draft);
    }
    let note = NoteEditor { id: target.id, question: target.text, editor };
    model.overlay = Some(Overlay::Note(Box::new(note)));
}

/// Carries out an action while a note is being written.
pub(super) fn act(model: &mut Model, action: Action) -> Vec<Effect> {
    match action {
        Action::Back => close(model),
        Action::UndoEdit => change(model, Editor::undo),
        Action::RedoEdit => change(model, Editor::redo),
        _ => Vec::new(),
    }
}

/// Changes the note; `with` returns whether it changed anything.
pub(super) fn change(model: &mut Model, with: impl FnOnce(&mut Editor) -> bool) -> Vec<Effect> {
    let Some(Overlay::Note(note)) = &mut model.overlay else {
        return Vec::new();
    };
    if with(&mut note.editor)
        && let Some(draft) = model.marks.notes.drafts.get_mut(&note.id)
    {
        draft.text = note.editor.text();
        model.marks.notes.unsaved.get_or_insert((note.id, model.now));
    }
    Vec::new()
}

/// Saves the unsaved note, if it has waited long enough or if `all` is set.
pub(super) fn save(model: &mut Model, all: bool) -> Option<Effect> {
    let now = (!all).then_some(model.now);
    model.marks.notes.due(now).map(Effect::SaveNote)
}

/// Closes the editor and sends the note, if it differs from the server's.
fn close(model: &mut Model) -> Vec<Effect> {
    let Some(Overlay::Note(note)) = model.overlay.take() else {
        return Vec::new();
    };
    let mut effects: Vec<Effect> = save(model, true).into_iter().collect();
    effects.extend(send(model, note.id));
    complain_of_length(model, note.id);
    effects
}

/// Sends a waiting note, unless the server has it already or it is too long.
fn send(model: &mut Model, id: NoteId) -> Option<Effect> {
    let draft = model.marks.notes.drafts.get(&id)?;
    if draft.text == draft.base {
        model.marks.notes.drafts.remove(&id);
        return Some(Effect::RemoveNote(id));
    }
    let is_short = draft.text.chars().count() <= NOTE_CHARS;
    let mut request = id.request();
    request.note = Some(draft.text.clone());
    // If a change is in progress, the note is sent after it.
    let is_free = is_short && model.marks.in_flight.insert(id);
    is_free.then(|| Effect::SetMark(id, Box::new(request)))
}

/// Reports a note that is too long.
fn complain_of_length(model: &mut Model, id: NoteId) {
    let draft = model.marks.notes.drafts.get(&id);
    let chars = draft.map_or(0, |draft| draft.text.chars().count());
    if chars > NOTE_CHARS {
        let message = format!("A note can have 4,000 characters; this one has {chars}.");
        let problem = Problem::new(ProblemKind::Validation, message);
        model.complain(&problem.with_safe("It is kept here but not sent yet."));
    }
}

/// Handles a changed mark, perhaps with its note: the draft is removed, unless its text has changed
/// meanwhile.
pub(super) fn acknowledged(model: &mut Model, id: NoteId, note: Option<&str>) -> Option<Effect> {
    let draft = model.marks.notes.drafts.get_mut(&id)?;
    if let Some(note) = note {
        note.clone_into(&mut draft.base);
    }
    if is_open(model, id) { None } else { send(model, id) }
}

/// Handles the notes of earlier runs.
pub(super) fn loaded(model: &mut Model, notes: Result<Vec<NoteDraft>, Problem>) -> Vec<Effect> {
    match notes {
        Ok(notes) => {
            for note in notes {
                // The note in memory is newer than the one on disk.
                model.marks.notes.drafts.entry(note.id).or_insert(note);
            }
            settle_open(model)
        }
        Err(problem) => {
            model.complain(&problem.with_safe("Earlier notes are still on disk."));
            Vec::new()
        }
    }
}

/// Sends the waiting notes on the open interview's questions.
pub(super) fn settle_open(model: &mut Model) -> Vec<Effect> {
    let Some(open) = &model.open else { return Vec::new() };
    let known = open.questions().iter().filter_map(|slot| slot.question.as_ref());
    let note = |mark: &viva_proto::v1::QuestionMark| mark.note.clone();
    let notes: Vec<_> = known
        .map(|question| {
            let id = NoteId::question(open.id, question.id);
            (id, question.mark.as_ref().map(note).unwrap_or_default())
        })
        .collect();
    settle(model, notes)
}

/// Sends the waiting notes on the listed questions.
pub(super) fn settle_listed(model: &mut Model) -> Vec<Effect> {
    let listed = model.marks.list.questions.iter();
    let notes: Vec<_> = listed
        .map(|marked| {
            let note = marked.mark.as_ref().map(|mark| mark.note.clone());
            (NoteId::listed(marked), note.unwrap_or_default())
        })
        .collect();
    settle(model, notes)
}

/// Sends each waiting note. If the server's note is not the one that it was based on, both are
/// kept.
fn settle(model: &mut Model, known: Vec<(NoteId, String)>) -> Vec<Effect> {
    let mut effects = Vec::new();
    for (id, theirs) in known {
        if is_open(model, id) || model.marks.in_flight.contains(&id) {
            continue;
        }
        let Some(draft) = model.marks.notes.drafts.get_mut(&id) else { continue };
        if theirs != draft.base && theirs != draft.text && !theirs.is_empty() {
            draft.text = format!("{}\n\n{theirs}", draft.text);
            effects.push(Effect::SaveNote(NoteDraft { base: theirs.clone(), ..draft.clone() }));
        }
        draft.base = theirs;
        effects.extend(send(model, id));
    }
    effects
}

/// Whether this note is being written.
fn is_open(model: &Model, id: NoteId) -> bool {
    matches!(&model.overlay, Some(Overlay::Note(note)) if note.id == id)
}
