//! Marks on questions: the list of marked questions, notes that the server does not have yet, and
//! the note being written.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;
use viva_proto::v1::MarkedQuestion;

use super::editor::Editor;
use crate::{
    notes::{NoteDraft, NoteId},
    problem::Problem,
};

/// A note is written to disk at most this many milliseconds after a key.
const SAVE_AFTER_MS: i64 = 500;

/// The most characters in a note, according to the wire contract.
pub(crate) const NOTE_CHARS: usize = 4_000;

/// Marks other than those in the open interview's report.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    /// The list of marked questions.
    pub(crate) list: MarkList,
    /// Notes that the server does not have yet.
    pub(crate) notes: Notes,
    /// Whether leaving the open interview returns to the list.
    pub(crate) is_behind: bool,
    /// Marks being changed on the server.
    pub(crate) in_flight: BTreeSet<NoteId>,
}

/// The list of marked questions.
#[derive(Debug, Default)]
pub(crate) struct MarkList {
    /// The questions loaded so far, newest mark first.
    pub(crate) questions: Vec<MarkedQuestion>,
    /// The token of the next page; `None` on the last one.
    pub(crate) next_page: Option<String>,
    /// Whether a page is being loaded.
    pub(crate) loading: bool,
    /// Whether the list was loaded at least once.
    pub(crate) loaded: bool,
    /// Why the list could not be loaded.
    pub(crate) problem: Option<Problem>,
    /// The selected line.
    pub(crate) selected: usize,
}

impl MarkList {
    /// The selected question.
    pub(crate) fn chosen(&self) -> Option<&MarkedQuestion> {
        self.questions.get(self.selected)
    }
}

/// The note being written.
#[derive(Debug)]
pub(crate) struct NoteEditor {
    /// The question.
    pub(crate) id: NoteId,
    /// The question's text.
    pub(crate) question: String,
    /// The text.
    pub(crate) editor: Editor,
}

/// Notes that the server does not have yet.
#[derive(Debug, Default)]
pub(crate) struct Notes {
    /// The notes.
    pub(crate) drafts: BTreeMap<NoteId, NoteDraft>,
    /// The note that has changed since it was written to disk, and since when.
    pub(crate) unsaved: Option<(NoteId, Timestamp)>,
    /// Notes that are on disk in their current form, unless they are unsaved.
    pub(crate) saved: BTreeSet<NoteId>,
}

impl Notes {
    /// Takes the unsaved note to be written, if it is time or if `now` is `None`.
    pub(crate) fn due(&mut self, now: Option<Timestamp>) -> Option<NoteDraft> {
        let (id, since) = self.unsaved?;
        let waited = now.map(|now| now.as_millisecond() - since.as_millisecond());
        if waited.is_some_and(|waited| waited < SAVE_AFTER_MS) {
            return None;
        }
        self.unsaved = None;
        self.saved.remove(&id);
        self.drafts.get(&id).cloned()
    }

    /// Whether a note that the server does not have is on disk in its current form.
    pub(crate) fn is_on_disk(&self, id: NoteId) -> bool {
        self.unsaved.is_none() && self.saved.contains(&id)
    }

    /// The unsaved note, for a panic.
    pub(crate) fn unsaved_note(&self) -> Option<&NoteDraft> {
        self.unsaved.and_then(|(id, _)| self.drafts.get(&id))
    }
}
