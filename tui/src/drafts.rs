//! Drafts of answers, one file each: what was typed, and the idempotency key it will be submitted
//! under. A draft outlives kill -9; only the server's acknowledgement removes it. A file is replaced
//! only by a process that has read it: what two processes write for one question is kept apart.

mod folder;

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

pub(crate) use self::folder::DraftFolder;

/// Which answer a draft is for, on its server.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
pub(crate) struct DraftId {
    /// The interview.
    pub(crate) interview: i64,
    /// The question in it.
    pub(crate) question: i64,
}

impl DraftId {
    /// The job advert of the form for a new interview, which has no interview yet. The ids of a server
    /// begin at 1.
    pub(crate) const ADVERT: Self = Self { interview: 0, question: 0 };
}

/// How far a draft has got.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(crate) enum Stage {
    /// It is being written.
    Writing,
    /// It was submitted and the server has not said yet that it has it. The text stays as it is,
    /// for the key belongs to it.
    Submitting,
}

/// An answer that the server does not have yet.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Draft {
    /// What it is for.
    #[serde(flatten)]
    pub(crate) id: DraftId,
    /// The idempotency key that it is, or will be, submitted under.
    pub(crate) key: String,
    /// How far it has got.
    pub(crate) stage: Stage,
    /// What was typed.
    pub(crate) text: String,
    /// How long it was worked on.
    pub(crate) elapsed_ms: i64,
    /// When it was last written, in milliseconds since 1970.
    pub(crate) saved_at_ms: i64,
}

impl Draft {
    /// When it was last written.
    pub(crate) fn saved_at(&self) -> Option<Timestamp> {
        Timestamp::from_millisecond(self.saved_at_ms).ok()
    }
}

/// A draft as it is kept on disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Kept {
    /// The draft.
    pub(crate) draft: Draft,
    /// Its file's name.
    pub(crate) name: String,
    /// What it is to this process.
    pub(crate) place: Place,
}

/// What a kept draft is to this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Place {
    /// The one that it goes on with.
    Own,
    /// Another process has put it where this one's was.
    Instead,
    /// It stands beside, or this process has not taken it.
    Beside,
}

/// What came of saving a draft.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Saved {
    /// When it was, in milliseconds since 1970.
    pub(crate) at_ms: i64,
    /// Other texts that are kept for the same, the newest first.
    pub(crate) others: Vec<Kept>,
}

/// The draft to go on with, of several for one question: one that was submitted has to be sent, the
/// oldest first; else the newest.
pub(crate) fn foremost(kept: &[Kept]) -> Option<&Kept> {
    let submitted = kept.iter().filter(|kept| kept.draft.stage == Stage::Submitting);
    let oldest = submitted.min_by_key(|kept| kept.draft.saved_at_ms);
    oldest.or_else(|| kept.iter().max_by_key(|kept| kept.draft.saved_at_ms))
}
