//! Keeps the journal in step with what is typed, and says when it goes to disk; and with what other
//! processes have written there.

use std::collections::BTreeMap;

use super::notes;
use crate::{
    drafts::{Draft, DraftId, Kept, Place, Saved, Stage, foremost},
    effect::Effect,
    keys::{self, Action, Context},
    model::{Model, Screen, editor::Editor, open::Open},
    problem::Problem,
};

/// The text in front was changed.
pub(super) fn changed(model: &mut Model) {
    let Some(open) = &mut model.open else { return };
    open.fault = None;
    let (Some(id), Some(editor)) = (open.draft_id(), open.editor()) else {
        return;
    };
    let (text, elapsed_ms) = (editor.text(), open.elapsed_ms());
    write(model, id, text, elapsed_ms);
}

/// The job advert in the form was changed.
pub(super) fn advert_changed(model: &mut Model) {
    let Some(form) = &model.form else { return };
    let text = form.advert.text();
    write(model, DraftId::ADVERT, text, 0);
}

fn write(model: &mut Model, id: DraftId, text: String, elapsed_ms: i64) {
    let draft = model.journal.drafts.entry(id).or_insert_with(|| Draft {
        id,
        key: model.keys.make(),
        stage: Stage::Writing,
        text: String::new(),
        elapsed_ms: 0,
        saved_at_ms: 0,
    });
    draft.text = text;
    draft.elapsed_ms = elapsed_ms;
    model.journal.typed.insert(id);
    // The first unsaved key counts, so that a crash never costs more than the half second.
    model.journal.unsaved.get_or_insert((id, model.now));
}

/// Writes what has waited long enough.
pub(super) fn save_due(model: &mut Model) -> Vec<Effect> {
    let due = model.journal.due(Some(model.now));
    let mut effects = save(model, due);
    effects.extend(notes::save(model, false));
    effects
}

/// Writes what is not on disk yet, at once.
pub(super) fn flush(model: &mut Model) -> Vec<Effect> {
    let due = model.journal.due(None);
    let mut effects = save(model, due);
    effects.extend(notes::save(model, true));
    effects
}

fn save(model: &mut Model, due: Option<Draft>) -> Vec<Effect> {
    let Some(mut draft) = due else { return Vec::new() };
    // Only the copy: the draft itself counts as saved once it is on disk.
    draft.saved_at_ms = model.now.as_millisecond();
    if let Some(open) = model.open.as_ref().filter(|open| open.draft_id() == Some(draft.id)) {
        draft.elapsed_ms = open.elapsed_ms();
    }
    vec![Effect::SaveDraft(draft)]
}

/// What came of saving a draft.
pub(super) fn saved(model: &mut Model, id: DraftId, saved: Result<Saved, Problem>) {
    match saved {
        Ok(saved) => {
            if let Some(draft) = model.journal.drafts.get_mut(&id) {
                draft.saved_at_ms = saved.at_ms;
            }
            others_are(model, id, saved.others);
        }
        Err(problem) => {
            model.complain(&problem.with_safe("The text is still here; it is not on disk."));
        }
    }
}

/// Takes in what is on disk: drafts of earlier runs, and what other processes have written since.
pub(super) fn take(model: &mut Model, kept: Vec<Kept>) -> Vec<Effect> {
    let mut by_id: BTreeMap<DraftId, Vec<Kept>> = BTreeMap::new();
    for one in kept {
        by_id.entry(one.draft.id).or_default().push(one);
    }
    model.journal.others.retain(|id, _| by_id.contains_key(id));
    let effects = by_id.into_iter().flat_map(|(id, all)| take_one(model, id, all)).collect();
    show(model);
    effects
}

/// The drafts of one question. What was typed here stays, and what nobody has typed on gives way to what
/// another process has put in its place.
fn take_one(model: &mut Model, id: DraftId, mut all: Vec<Kept>) -> Vec<Effect> {
    let is_typed = model.journal.typed.contains(&id);
    let mine = model.journal.drafts.get(&id);
    let instead = all.iter().position(|kept| kept.place == Place::Instead);
    let mut effects = Vec::new();
    let mut taken = all.iter().position(|kept| kept.place == Place::Own);
    if taken.is_none() {
        taken = match mine {
            None => foremost(&all).and_then(|first| all.iter().position(|kept| kept == first)),
            Some(mine) => {
                let is_mine =
                    |kept: &Kept| kept.draft.text == mine.text && kept.draft.key == mine.key;
                let replaces = instead.filter(|at| {
                    let stages = (mine.stage, all[*at].draft.stage);
                    !is_typed && stages == (Stage::Writing, Stage::Writing)
                });
                all.iter().position(is_mine).or(replaces)
            }
        };
        match taken {
            Some(at) => {
                hold(model, all[at].clone());
                effects.push(Effect::HoldDraft(all[at].clone()));
            }
            // What was typed here is not on disk any more.
            None => {
                effects.extend(mine.filter(|_| instead.is_some()).cloned().map(Effect::SaveDraft));
            }
        }
    }
    if let Some(at) = taken {
        all.remove(at);
    }
    let text = model.journal.drafts.get(&id).map(|draft| draft.text.clone());
    all.retain(|kept| Some(&kept.draft.text) != text.as_ref());
    others_are(model, id, all);
    effects
}

/// Goes on with a draft as it was read.
fn hold(model: &mut Model, kept: Kept) {
    let id = kept.draft.id;
    let is_new = model.journal.drafts.get(&id).is_none_or(|known| known.text != kept.draft.text);
    if is_new && let Some(open) = model.open.as_mut().filter(|open| open.id == id.interview) {
        open.editors.remove(&id.question);
        open.elapsed.remove(&id.question);
    }
    model.journal.forget(id);
    model.journal.drafts.insert(id, kept.draft);
}

/// Puts the drafts that there are where they are written.
fn show(model: &mut Model) {
    if let Some(open) = &mut model.open {
        open.editors.retain(|_, editor| !editor.is_blank());
        open.open_editors(&model.journal);
    }
    let advert = model.journal.drafts.get(&DraftId::ADVERT).map(|draft| draft.text.clone());
    let is_typed = model.journal.typed.contains(&DraftId::ADVERT);
    if let (Some(form), Some(advert)) = (&mut model.form, advert)
        && (form.advert.is_blank() || !is_typed && form.advert.text() != advert)
    {
        form.advert = Editor::lines(&advert);
    }
}

/// Notes which other texts are kept for the same, and says so where that is news.
fn others_are(model: &mut Model, id: DraftId, others: Vec<Kept>) {
    if !model.journal.put_others(id, others) || in_front(model).is_some_and(|front| front != id) {
        return;
    }
    let context = if id == DraftId::ADVERT { Context::FormAdvert } else { Context::Writing };
    let key = keys::label(context, Action::OtherText);
    model.remark(format!(
        "Another window has written something else here. Both texts are kept: {key} goes on with the \
         other one."
    ));
}

/// What is being written now: an answer, or the advert of a new interview.
pub(crate) fn in_front(model: &Model) -> Option<DraftId> {
    match model.screen {
        Screen::Interview => model.open.as_ref().and_then(Open::draft_id),
        Screen::NewInterview => Some(DraftId::ADVERT),
        Screen::Dashboard | Screen::Report | Screen::Marks => None,
    }
}

/// Looks at what other windows have written, where something is written here.
pub(super) fn look(model: &Model) -> Vec<Effect> {
    in_front(model).map(|_| Effect::LoadDrafts).into_iter().collect()
}

/// Goes on with another text that is kept for the same; the one that is shown stays beside it.
pub(super) fn exchange(model: &mut Model) -> Vec<Effect> {
    let Some(id) = in_front(model) else { return Vec::new() };
    let Some(other) = model.journal.others(id).first().cloned() else {
        model.tell("No other text is kept here.");
        return Vec::new();
    };
    model.journal.unsaved = None;
    let mine = model.journal.drafts.get(&id).cloned();
    let mut effects = save(model, mine.filter(|mine| !mine.text.trim().is_empty()));
    let draft = Draft { stage: Stage::Writing, ..other.draft.clone() };
    hold(model, Kept { draft, ..other.clone() });
    // That there are others stays known: whoever goes to and fro need not be told each time.
    if let Some(others) = model.journal.others.get_mut(&id) {
        others.retain(|kept| *kept != other);
    }
    if let (DraftId::ADVERT, Some(form)) = (id, &mut model.form) {
        form.advert = Editor::lines("");
    }
    show(model);
    effects.extend([Effect::HoldDraft(other), Effect::LoadDrafts]);
    effects
}
