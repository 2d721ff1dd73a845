//! What `update` asks for: plain data that `runner` carries out and tests compare.

use std::fmt;

use viva_proto::v1;

use crate::{
    discovery::Found,
    drafts::{Draft, DraftId, Kept},
    notes::{NoteDraft, NoteId},
};

/// Something to be done outside.
#[derive(Debug, Clone, PartialEq)]
pub(crate) enum Effect {
    /// Start or dial the server.
    Connect,
    /// Read the drafts and the notes of earlier runs.
    LoadDrafts,
    /// Write a draft.
    SaveDraft(Draft),
    /// Go on with a draft that was read.
    HoldDraft(Kept),
    /// Remove a draft.
    RemoveDraft(DraftId),
    /// Save the text of a draft that nothing belongs to any more as a file of its own, and remove it.
    SetAside(Draft),
    /// Write a note to disk.
    SaveNote(NoteDraft),
    /// Remove a note from disk.
    RemoveNote(NoteId),
    /// Change a mark on the server.
    SetMark(NoteId, Box<v1::SetQuestionMarkRequest>),
    /// Load marked questions from this page on; empty: the first.
    LoadMarks(String),
    /// Load interviews from this page on; empty: the first.
    LoadInterviews(String),
    /// Load the interview for the dashboard's card.
    LoadCard(i64),
    /// Load the ready-made interviews.
    LoadTemplates,
    /// Ask what an interview would get.
    Preview(Box<v1::CreateInterviewRequest>),
    /// Create an interview.
    Create(Box<v1::CreateInterviewRequest>),
    /// Wait no longer for the interview that is being created.
    StopCreating,
    /// Load an interview; `turn` tells replies apart.
    LoadReport {
        /// The interview.
        interview: i64,
        /// Comes back with the reply.
        turn: u64,
    },
    /// Watch an interview in place of any other.
    Watch(i64),
    /// Watch no more.
    Unwatch,
    /// Journal a draft, submit it, and remove it once the server has it.
    Submit(Draft),
    /// Save the report of an interview as a Markdown file.
    Export(i64),
    /// Ask for a failed evaluation again.
    Retry(i64),
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
        /// Its address.
        email: String,
        /// Its password.
        password: Password,
    },
    /// Look for language models on this machine; those that were answered for only where `all` are
    /// wanted.
    FindModels {
        /// Whether the user asks for it.
        all: bool,
    },
    /// Have a model evaluate an example.
    TryModel(Found),
    /// Wait no longer for it.
    StopTrying,
    /// Offer these models no more.
    DeclineModels(Vec<Found>),
    /// Put a model into the settings.
    AdoptModel(Found),
    /// Start the embedded server again with this model.
    UseModel(Found),
    /// Open this text in the external editor.
    Edit(String),
    /// Hand the terminal back to the shell, and stop.
    Suspend(StopFor),
    /// Draw every cell anew.
    Repaint,
    /// End, once what is being written is written.
    Quit,
}

/// Who wants the process stopped.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum StopFor {
    /// The user, who goes on from the shell if there is one.
    Shell,
    /// Whoever has sent a signal, and will send the other one.
    Other,
}

/// A password on its way to the server; it never shows in a log.
#[derive(Clone, PartialEq, Eq)]
pub(crate) struct Password(pub(crate) String);

impl fmt::Debug for Password {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Password(..)")
    }
}
