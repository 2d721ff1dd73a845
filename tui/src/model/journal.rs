//! Drafts as the app holds them: what is typed, what is not yet on disk, and what was submitted
//! without an acknowledgement. Writing them is the runner's business.

use std::collections::{BTreeMap, BTreeSet};

use jiff::Timestamp;

use crate::drafts::{Draft, DraftId, Kept, Stage};

/// A draft reaches the disk at most this many milliseconds after a key.
const SAVE_AFTER_MS: i64 = 500;

/// All drafts on this server.
#[derive(Debug, Default)]
pub(crate) struct Journal {
    /// The drafts.
    pub(crate) drafts: BTreeMap<DraftId, Draft>,
    /// The draft that has changed since it was written, and since when.
    pub(crate) unsaved: Option<(DraftId, Timestamp)>,
    /// Drafts that are on their way to the server now.
    pub(crate) in_flight: BTreeSet<DraftId>,
    /// Submitted drafts that found no server at least once.
    pub(crate) waited: BTreeSet<DraftId>,
    /// Drafts that somebody has typed in here since they were read.
    pub(crate) typed: BTreeSet<DraftId>,
    /// Other texts that are kept for the same, the newest first: other processes have written them.
    pub(crate) others: BTreeMap<DraftId, Vec<Kept>>,
}

impl Journal {
    /// The draft that is still being written.
    pub(crate) fn writing(&self, id: DraftId) -> Option<&Draft> {
        self.drafts.get(&id).filter(|draft| draft.stage == Stage::Writing)
    }

    /// Whether this one was submitted and not acknowledged.
    pub(crate) fn is_submitting(&self, id: DraftId) -> bool {
        self.drafts.get(&id).is_some_and(|draft| draft.stage == Stage::Submitting)
    }

    /// Other texts that are kept for the same.
    pub(crate) fn others(&self, id: DraftId) -> &[Kept] {
        self.others.get(&id).map_or(&[], Vec::as_slice)
    }

    /// Notes which other texts are kept; whether there are some where there were none.
    pub(crate) fn put_others(&mut self, id: DraftId, others: Vec<Kept>) -> bool {
        if others.is_empty() {
            self.others.remove(&id);
            return false;
        }
        self.others.insert(id, others).is_none()
    }

    /// How many texts are kept for an interview.
    pub(crate) fn count_of(&self, interview: i64) -> usize {
        let own = self.drafts.keys().filter(|id| id.interview == interview).count();
        let others = self.others.iter().filter(|(id, _)| id.interview == interview);
        own + others.map(|(_, others)| others.len()).sum::<usize>()
    }

    /// Forgets a draft that is none any more.
    pub(crate) fn forget(&mut self, id: DraftId) -> Option<Draft> {
        self.typed.remove(&id);
        self.unsaved.take_if(|(unsaved, _)| *unsaved == id);
        self.drafts.remove(&id)
    }

    /// Submitted drafts that wait for the server to be back.
    pub(crate) fn queued(&self) -> impl Iterator<Item = &Draft> {
        self.drafts
            .values()
            .filter(|draft| draft.stage == Stage::Submitting && !self.in_flight.contains(&draft.id))
    }

    /// Takes the unsaved draft out to be written, if it is time, or if `now` is none, at once.
    pub(crate) fn due(&mut self, now: Option<Timestamp>) -> Option<Draft> {
        let (id, since) = self.unsaved?;
        let waited = now.map(|now| now.as_millisecond() - since.as_millisecond());
        if waited.is_some_and(|waited| waited < SAVE_AFTER_MS) {
            return None;
        }
        self.unsaved = None;
        self.drafts.get(&id).cloned()
    }

    /// The unsaved draft, for the last resort of a panic.
    pub(crate) fn unsaved_draft(&self) -> Option<&Draft> {
        self.unsaved.and_then(|(id, _)| self.drafts.get(&id))
    }
}
