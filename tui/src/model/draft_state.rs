//! Drafts in the app's memory: what is typed, what is not yet on disk, and what was submitted
//! without an acknowledgement.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::drafts::{Draft, DraftId, Kept, Stage};

/// A draft is written to disk at most this many milliseconds after a key.
const SAVE_AFTER_MS: i64 = 500;

/// All drafts on this server.
#[derive(Debug, Default)]
pub(crate) struct Drafts {
    /// The drafts.
    pub(crate) by_id: BTreeMap<DraftId, Draft>,
    /// The draft that has changed since it was written, and since when.
    pub(crate) unsaved: Option<(DraftId, Timestamp)>,
    /// Drafts being sent to the server.
    pub(crate) in_flight: BTreeSet<DraftId>,
    /// Submitted drafts that could not reach the server at least once.
    pub(crate) waited: BTreeSet<DraftId>,
    /// Drafts edited here since they were read.
    pub(crate) typed: BTreeSet<DraftId>,
    /// Other texts for the same question, written by other processes, newest first.
    pub(crate) others: BTreeMap<DraftId, Vec<Kept>>,
}

impl Drafts {
    /// The draft that is still being written.
    pub(crate) fn writing(&self, id: DraftId) -> Option<&Draft> {
        self.by_id.get(&id).filter(|draft| draft.stage == Stage::Writing)
    }

    /// Whether this draft was submitted and not acknowledged.
    pub(crate) fn is_submitting(&self, id: DraftId) -> bool {
        self.by_id.get(&id).is_some_and(|draft| draft.stage == Stage::Submitting)
    }

    /// Other texts that are kept for the same question.
    pub(crate) fn others(&self, id: DraftId) -> &[Kept] {
        self.others.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Notes which other texts are kept; returns whether these are the first.
    pub(crate) fn put_others(&mut self, id: DraftId, others: Vec<Kept>) -> bool {
        if others.is_empty() {
            self.others.remove(&id);
            return false;
        }
        self.others.insert(id, others).is_none()
    }

    /// How many texts are kept for an interview.
    pub(crate) fn count_of(&self, interview: i64) -> usize {
        let own = self.by_id.keys().filter(|id| id.interview == interview).count();
        let others = self.others.iter().filter(|(id, _)| id.interview == interview);
        own + others.map(|(_, others)| others.len()).sum::<usize>()
    }

    /// Forgets a draft that was removed.
    pub(crate) fn forget(&mut self, id: DraftId) -> Option<Draft> {
        self.typed.remove(&id);
        self.unsaved.take_if(|(unsaved, _)| *unsaved == id);
        self.by_id.remove(&id)
    }

    /// Submitted drafts that wait until the server can be reached.
    pub(crate) fn queued(&self) -> impl Iterator<Item = &Draft> {
        self.by_id
            .values()
            .filter(|draft| draft.stage == Stage::Submitting && !self.in_flight.contains(&draft.id))
    }

    /// Takes the unsaved draft to be written, if it is time or if `now` is `None`.
    pub(crate) fn due(&mut self, now: Option<Timestamp>) -> Option<Draft> {
        let (id, since) = self.unsaved?;
        let waited = now.map(|now| now.as_millisecond() - since.as_millisecond());
        if waited.is_some_and(|waited| waited < SAVE_AFTER_MS) {
            return None;
        }
        self.unsaved = None;
        self.by_id.get(&id).cloned()
    }

    /// The unsaved draft, for a panic.
    pub(crate) fn unsaved_draft(&self) -> Option<&Draft> {
        self.unsaved.and_then(|(id, _)| self.by_id.get(&id))
    }
}
