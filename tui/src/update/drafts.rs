//! Keeps the journal in step with what is typed, and says when it goes to disk.

use crate::{
    drafts::{Draft, Stage},
    effect::Effect,
    model::Model,
};

/// The text in front was changed.
pub(super) fn changed(model: &mut Model) {
    let Some(open) = &mut model.open else { return };
    open.fault = None;
    let (Some(id), Some(editor)) = (open.draft_id(), open.editor()) else {
        return;
    };
    let (text, elapsed_ms) = (editor.text(), open.elapsed_ms());
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
    // The first unsaved key counts, so that a crash never costs more than the half second.
    model.journal.unsaved.get_or_insert((id, model.now));
}

/// Writes what has waited long enough.
pub(super) fn save_due(model: &mut Model) -> Vec<Effect> {
    let due = model.journal.due(Some(model.now));
    save(model, due)
}

/// Writes what is not on disk yet, at once.
pub(super) fn flush(model: &mut Model) -> Vec<Effect> {
    let due = model.journal.due(None);
    save(model, due)
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
