//! What `update` requests: plain data that `runner` carries out and tests compare.

use std::fmt;

use viva_proto::v1;

use crate::{
    discovery::Found,
    drafts::{Draft, DraftId, Kept},
    model::{dashboard::Row, preferences::Setting},
    notes::{NoteDraft, NoteId},
};

/// Work outside the model.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Effect {
    /// Start or dial the server.
    Connect,
    /// Load the drafts and notes of earlier runs.
    LoadDrafts,
    /// Write a draft.
    SaveDraft(Draft),
    /// Make a draft that was read this process's own.
    HoldDraft(Kept),
    /// Remove a draft.
    RemoveDraft(DraftId),
    /// Save the text of a draft that is no longer needed as a separate file, and remove the draft.
    SetAside(Draft),
    /// Write a note to disk.
    SaveNote(NoteDraft),
    /// Remove a note from disk.
    RemoveNote(NoteId),
    /// Change a mark on the server.
    SetMark(NoteId, Box<v1::SetQuestionMarkRequest>),
    /// Load marked questions from this page; empty means the first.
    LoadMarks(String),
    /// Load interviews from this page; empty means the first.
    LoadInterviews(String),
    /// Load the interview for the dashboard's card.
    LoadCard(i64),
    /// Load the ready-made interviews.
    LoadTemplates,
    /// Make the sample report.
    LoadSample,
    /// Read a job advert from this file.
    ReadAdvert(String),
    /// Preview an interview.
    Preview(Box<v1::CreateInterviewRequest>),
    /// Create an interview.
    Create(Box<v1::CreateInterviewRequest>),
    /// Stop waiting for the interview that is being created.
    StopCreating,
    /// Load an interview; `turn` tells replies apart.
    LoadReport {
        /// The interview.
        interview: i64,
        /// Comes back with the reply.
        turn: u64,
    },
    /// Watch an interview instead of any other.
    Watch(i64),
    /// Watch these rows of the list instead of any others, until nothing in them is pending.
    WatchRows(Vec<Row>),
    /// Load how many points are due.
    LoadMemory,
    /// Load the points to review.
    LoadReviews(v1::ReviewMode),
    /// Have an answer to a point graded.
    SubmitReview(Box<v1::SubmitReviewRequest>),
    /// Load the scores over time.
    LoadProgress,
    /// Stop watching.
    Unwatch,
    /// Save a draft, submit it, and remove it once the server has it.
    Submit(Draft),
    /// Save the report of an interview as a Markdown file.
    Export(i64),
    /// Request a failed evaluation again.
    Retry(i64),
    /// Request a hint to a question.
    Hint {
        /// The question.
        question: i64,
        /// Which hint, from 1.
        number: i32,
    },
    /// End a question without a score and have its answer shown.
    ShowAnswer(i64),
    /// End an interview in real mode.
    End(i64),
    /// Request a follow-up to a question.
    FollowUp(i64),
    /// Compare an attempt at a question with the previous one.
    Compare {
        /// The question.
        question: i64,
        /// The attempt, from 2.
        attempt: i32,
    },
    /// Have words of an answer read again for one point.
    Challenge(Box<v1::ChallengePointRequest>),
    /// Keep what was said about a point.
    AssessPoint(v1::AssessPointRequest),
    /// Delete an interview and its drafts.
    Delete(i64),
    /// Sign in.
    SignIn {
        /// The account.
        username: String,
        /// Its password.
        password: Password,
    },
    /// Create an account and sign in.
    Register {
        /// The account.
        username: String,
        /// Its email address.
        email: String,
        /// Its password.
        password: Password,
    },
    /// Look for language models on this machine; those that you declined or adopted are left out
    /// unless `all`.
    FindModels {
        /// Whether the user asked.
        all: bool,
    },
    /// Have a model evaluate an example.
    TryModel(Found),
    /// Stop waiting for it.
    StopTrying,
    /// Do not offer these models again.
    DeclineModels(Vec<Found>),
    /// Put a model into the settings.
    AdoptModel(Found),
    /// Restart the embedded server with this model.
    UseModel(Found),
    /// Write a setting into the settings file, or remove it.
    KeepSetting {
        /// The setting.
        setting: Setting,
        /// Its value; `None` removes it.
        value: Option<String>,
    },
    /// Notify you in another window that something is ready.
    Notify(String),
    /// Open this text in the external editor, with its question above it.
    Edit {
        /// The text.
        text: String,
        /// The question.
        question: String,
    },
    /// Copy a text to the terminal's clipboard.
    Copy(String),
    /// Return the terminal to the shell, and stop.
    Suspend(StopFor),
    /// Redraw every cell.
    Repaint,
    /// End once pending writes are done.
    Quit,
}

/// Who wants the process to stop.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopFor {
    /// The user, who continues it from the shell, if there is one.
    Shell,
    /// The sender of a signal, who will send another to continue.
    Other,
}

/// A password on its way to the server; it never appears in a log.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Password(pub(crate) String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}
