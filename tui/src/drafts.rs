//! Drafts of answers, one file each: the text, and the idempotency key for submitting it. A draft
//! survives kill -9; it is removed only once the server acknowledges the answer. A process replaces
//! only a file that it has read, so texts by two processes for one question are kept apart.

mod files;
mod thread;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub(crate) use self::{files::DraftFolder, thread::DraftThread};

/// The answer that a draft is for, on its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct DraftId {
    /// The interview.
    pub(crate) interview: i64,
    /// The question in it.
    pub(crate) question: i64,
}

impl DraftId {
    /// The job advert in the form for a new interview, which has no interview yet. A server's ids
    /// start at 1.
    pub(crate) const ADVERT: Self = Self { interview: 0, question: 0 };

    /// The answer to a point in review, which has no interview either.
    pub(crate) fn review(point: i64) -> Self {
        Self { interview: 0, question: point }
    }
}

/// The stage of a draft.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// It is being written.
    Writing,
    /// It was submitted and not yet acknowledged. The text must not change, because the key belongs
    /// to it.
    Submitting,
}

/// An answer that the server does not have yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// The answer that it is for.
    #[serde(flatten)]
    pub(crate) id: DraftId,
    /// The idempotency key for submitting it.
    pub(crate) key: String,
    /// Its stage.
    pub(crate) stage: Stage,
    /// The text.
    pub(crate) text: String,
    /// How many milliseconds were spent on it.
    pub(crate) elapsed_ms: i64,
    /// When it was last saved, in milliseconds since 1970.
    pub(crate) saved_at_ms: i64,
}

impl Draft {
    /// When it was last saved.
    pub(crate) fn saved_at(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.saved_at_ms).ok()
    }
}

/// A draft on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The draft.
    pub(crate) draft: Draft,
    /// The name of its file.
    pub(crate) name: String,
    /// Its relation to this process.
    pub(crate) ownership: Ownership,
}

/// The relation of a draft on disk to this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ownership {
    /// The draft that this process continues with.
    Own,
    /// Another process has written it in the place of this process's draft.
    Instead,
    /// It is a separate file, or this process has not read it.
    Beside,
}

/// The result of saving a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Saved {
    /// When it was saved, in milliseconds since 1970.
    pub(crate) at_ms: i64,
    /// Other texts that are kept for the same question, newest first.
    pub(crate) others: Vec<Kept>,
}

/// Chooses the draft to continue with, of several for one question: the oldest submitted one,
/// because it must be sent; otherwise the newest.
pub(crate) fn foremost(kept: &[Kept]) -> Option<&Kept> {
    let submitted = kept.iter().filter(|kept| kept.draft.stage == Stage::Submitting);
    let oldest = submitted.min_by_key(|kept| kept.draft.saved_at_ms);
    oldest.or_else(|| kept.iter().max_by_key(|kept| kept.draft.saved_at_ms))
}
