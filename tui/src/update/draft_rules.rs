//! The rules for drafts: what becomes one, when it is saved, and which text is used if other
//! processes have written one, too.

use std::collections::BTreeMap;

use super::notes;
use crate::{
    drafts::{Draft, DraftId, Kept, Ownership, Saved, Stage, foremost},
    effect::Effect,
    keys::{self, Action, Context},
    model::{Model, Screen, editor::Editor, notice::Notice, open::OpenInterview},
    problem::Problem,
};

/// Notes a change to the text in front.
pub(super) fn changed(model: &mut Model) {
    let Some(open) = &mut model.open else { return };
    open.fault = None;
    let (Some(id), Some(editor)) = (open.draft_id(), open.editor()) else {
        return;
    };
    let (text, elapsed_ms) = (editor.text(), open.elapsed_ms());
    write(model, id, text, elapsed_ms);
}

/// Notes a change to the job advert in the form.
pub(super) fn advert_changed(model: &mut Model) {
    let Some(form) = &model.form else { return };
    let text = form.advert.text();
    write(model, DraftId::ADVERT, text, 0);
}

/// Notes a change to the answer in a review.
pub(super) fn review_changed(model: &mut Model) {
    let Some(id) = model.reviews.writing() else { return };
    let text = model.reviews.answer.text();
    write(model, id, text, 0);
}

fn write(model: &mut Model, id: DraftId, text: String, elapsed_ms: i64) {
    let draft = model.drafts.by_id.entry(id).or_insert_with(|| Draft {
        id,
        key: model.keys.make(),
        stage: Stage::Writing,
        text: String::new(),
        elapsed_ms: 0,
        saved_at_ms: 0,
    });
    draft.text = text;
    draft.elapsed_ms = elapsed_ms;
    model.drafts.typed.insert(id);
    // The first unsaved key counts, so that a crash loses at most half a second of typing.
    model.drafts.unsaved.get_or_insert((id, model.now));
}

/// Saves what has waited long enough.
pub(super) fn save_due(model: &mut Model) -> Vec<Effect> {
    let due = model.drafts.due(Some(model.now));
    let mut effects = save(model, due);
    effects.extend(notes::save(model, false));
    effects
}

/// Saves everything that is not on disk yet.
pub(super) fn flush(model: &mut Model) -> Vec<Effect> {
    let due = model.drafts.due(None);
    let mut effects = save(model, due);
    effects.extend(notes::save(model, true));
    effects
}

fn save(model: &mut Model, due: Option<Draft>) -> Vec<Effect> {
    let Some(mut draft) = due else { return Vec::new() };
    // Only in the copy: the draft itself counts as saved once it is on disk.
    draft.saved_at_ms = model.now.as_millisecond();
    if let Some(open) = model.open.as_ref().filter(|open| open.draft_id() == Some(draft.id)) {
        draft.elapsed_ms = open.elapsed_ms();
    }
    vec![Effect::SaveDraft(draft)]
}

/// Handles the result of saving a draft.
pub(super) fn saved(model: &mut Model, id: DraftId, saved: Result<Saved, Problem>) {
    match saved {
        Ok(saved) => {
            let mut others = saved.others;
            let count = others.len();
            if let Some(draft) = model.drafts.by_id.get_mut(&id) {
                draft.saved_at_ms = saved.at_ms;
                others.retain(|kept| kept.draft.text != draft.text);
            }
            // A save ordered before the texts were switched reports the text that is now shown as
            // another one. The drafts loaded after the switch will say which others there are.
            if others.len() == count {
                others_are(model, id, others);
            }
        }
        Err(problem) => {
            model.complain(&problem.with_safe("Your text is still here, but it is not on disk."));
        }
    }
}

/// Handles the drafts on disk: those of earlier runs, and those of other processes.
pub(super) fn take(model: &mut Model, kept: Vec<Kept>) -> Vec<Effect> {
    let mut by_id: BTreeMap<DraftId, Vec<Kept>> = BTreeMap::new();
    for one in kept {
        by_id.entry(one.draft.id).or_default().push(one);
    }
    model.drafts.others.retain(|id, _| by_id.contains_key(id));
    let effects = by_id.into_iter().flat_map(|(id, all)| take_one(model, id, all)).collect();
    show(model);
    effects
}

/// Handles the drafts for one question. Text typed here is kept; an unedited draft is replaced by
/// what another process has written in its place.
fn take_one(model: &mut Model, id: DraftId, mut all: Vec<Kept>) -> Vec<Effect> {
    let is_typed = model.drafts.typed.contains(&id);
    let mine = model.drafts.by_id.get(&id);
    let instead = all.iter().position(|kept| kept.ownership == Ownership::Instead);
    let mut effects = Vec::new();
    let mut taken = all.iter().position(|kept| kept.ownership == Ownership::Own);
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
            // The text typed here is no longer on disk.
            None => {
                effects.extend(mine.filter(|_| instead.is_some()).cloned().map(Effect::SaveDraft));
            }
        }
    }
    if let Some(at) = taken {
        all.remove(at);
    }
    let text = model.drafts.by_id.get(&id).map(|draft| draft.text.clone());
    all.retain(|kept| Some(&kept.draft.text) != text.as_ref());
    others_are(model, id, all);
    effects
}

/// Continues with a draft as it was read.
fn hold(model: &mut Model, kept: Kept) {
    let id = kept.draft.id;
    let is_new = model.drafts.by_id.get(&id).is_none_or(|known| known.text != kept.draft.text);
    if is_new && let Some(open) = model.open.as_mut().filter(|open| open.id == id.interview) {
        open.editors.remove(&id.question);
        open.elapsed.remove(&id.question);
    }
    model.drafts.forget(id);
    model.drafts.by_id.insert(id, kept.draft);
}

/// Puts the drafts into their editors.
fn show(model: &mut Model) {
    if let Some(open) = &mut model.open {
        open.editors.retain(|_, editor| !editor.is_blank());
        open.open_editors(&model.drafts);
    }
    let advert = model.drafts.by_id.get(&DraftId::ADVERT).map(|draft| draft.text.clone());
    let is_typed = model.drafts.typed.contains(&DraftId::ADVERT);
    if let (Some(form), Some(advert)) = (&mut model.form, advert)
        && (form.advert.is_blank() || !is_typed && form.advert.text() != advert)
    {
        form.advert = Editor::lines(&advert);
    }
    show_review(model);
}

fn show_review(model: &mut Model) {
    let Some(id) = model.reviews.writing() else { return };
    let Some(draft) = model.drafts.by_id.get(&id) else { return };
    let is_typed = model.drafts.typed.contains(&id);
    let answer = &mut model.reviews.answer;
    if answer.is_blank() || !is_typed && answer.text() != draft.text {
        *answer = Editor::lines(&draft.text);
    }
}

/// Notes which other texts are kept for this question, and tells the user if these are the first.
fn others_are(model: &mut Model, id: DraftId, others: Vec<Kept>) {
    if !model.drafts.put_others(id, others) || in_front(model).is_some_and(|front| front != id) {
        return;
    }
    let context = if id == DraftId::ADVERT { Context::FormAdvert } else { Context::Writing };
    let key = keys::label(context, Action::OtherText);
    remark_about(
        model,
        id,
        format!(
            "Another window has saved a different text here. Both are kept: {key} switches to the other one."
        ),
    );
}

/// Shows a message about a text until Esc, or until the text is no longer in front.
pub(super) fn remark_about(model: &mut Model, id: DraftId, text: String) {
    let about = in_front(model).filter(|front| *front == id);
    model.notice = Some(Notice::remark(text, model.now).about(about));
}

/// Removes a message about a text that is no longer in front: there it would be untrue.
pub(super) fn drop_outdated_notice(model: &mut Model) {
    let about = model.notice.as_ref().and_then(|notice| notice.about);
    if about.is_some() && about != in_front(model) {
        model.notice = None;
    }
}

/// The draft being written: an answer, the advert of a new interview, or the answer to a point.
pub(crate) fn in_front(model: &Model) -> Option<DraftId> {
    match model.screen {
        Screen::Interview => model.open.as_ref().and_then(OpenInterview::draft_id),
        Screen::NewInterview => Some(DraftId::ADVERT),
        Screen::Review => model.reviews.writing(),
        Screen::Dashboard | Screen::Report | Screen::Marks | Screen::Settings => None,
    }
}

/// Loads what other windows have written, if a text is being written here.
pub(super) fn look(model: &Model) -> Vec<Effect> {
    in_front(model).map(|_| Effect::LoadDrafts).into_iter().collect()
}

/// Switches to another text that is kept for this question; the current one is kept, too.
pub(super) fn exchange(model: &mut Model) -> Vec<Effect> {
    let Some(id) = in_front(model) else { return Vec::new() };
    let Some(other) = model.drafts.others(id).first().cloned() else {
        model.tell("There is no other text here.");
        return Vec::new();
    };
    model.drafts.unsaved = None;
    let mine = model.drafts.by_id.get(&id).cloned();
    let mut effects = save(model, mine.filter(|mine| !mine.text.trim().is_empty()));
    let draft = Draft { stage: Stage::Writing, ..other.draft.clone() };
    hold(model, Kept { draft, ..other.clone() });
    // Keep the entry, so that the user is not told again with each switch.
    if let Some(others) = model.drafts.others.get_mut(&id) {
        others.retain(|kept| *kept != other);
    }
    if let (DraftId::ADVERT, Some(form)) = (id, &mut model.form) {
        form.advert = Editor::lines("");
    }
    if model.reviews.writing() == Some(id) {
        model.reviews.answer = Editor::lines("");
    }
    show(model);
    effects.extend([Effect::HoldDraft(other), Effect::LoadDrafts]);
    effects
}
