//! What happens to the app: keys, time, signals, and replies to effects. Each comes with the
//! moment it happened, so that nothing behind it asks a clock.

use std::path::PathBuf;

use crossterm::event::KeyEvent;
use jiff::Timestamp;
use viva_proto::v1;

use crate::{
    discovery::Found,
    drafts::{DraftId, Kept, Saved},
    external_editor::Edited,
    local::model::Tried,
    model::Palette,
    notes::{NoteDraft, NoteId},
    problem::Problem,
};

/// Something that happened, and when.
#[derive(Debug)]
pub(crate) struct Msg {
    /// When.
    pub(crate) at: Timestamp,
    /// What.
    pub(crate) event: Event,
}

/// Something that happened.
#[derive(Debug)]
pub(crate) enum Event {
    /// A key was pressed.
    Key(KeyEvent),
    /// A text was pasted.
    Paste(String),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// The terminal lost the focus.
    Blur,
    /// The terminal has the focus again.
    Focus,
    /// The terminal says what background it has, and these colours suit it.
    Background(Palette),
    /// Time went by.
    Tick,
    /// The process is asked to end.
    Terminate,
    /// The process is asked to stop for a while.
    Stop,
    /// The external editor was closed, with the text or with why there is none.
    Edited(Edited),
    /// A reply to an effect.
    Reply(Box<Reply>),
}

/// The outcome of an effect.
#[derive(Debug)]
pub(crate) enum Reply {
    /// The server is there, and who is signed in on it; always somebody on the embedded one.
    Connected(Result<Account, Problem>),
    /// What the server has to say to whoever has just signed in.
    Told(String),
    /// The drafts of earlier runs and of other processes.
    Drafts(Result<Vec<Kept>, Problem>),
    /// A draft is on disk, or could not be written.
    DraftSaved(DraftId, Result<Saved, Problem>),
    /// A draft was removed, or could not be.
    DraftRemoved(Result<(), Problem>),
    /// The text of a draft is in a file of its own.
    SetAside(DraftId, Result<PathBuf, Problem>),
    /// The notes of earlier runs.
    Notes(Result<Vec<NoteDraft>, Problem>),
    /// A note was written to disk, or could not be.
    NoteSaved(NoteId, Result<(), Problem>),
    /// A note was removed from disk, or could not be.
    NoteRemoved(Result<(), Problem>),
    /// A mark was changed, or could not be.
    Marked(NoteId, Box<v1::SetQuestionMarkRequest>, Result<v1::QuestionMark, Problem>),
    /// A page of marked questions; `first` replaces what is shown.
    Marks {
        /// Whether it is the first page.
        first: bool,
        /// The page.
        page: Result<v1::ListQuestionMarksResponse, Problem>,
    },
    /// A page of interviews; `first` replaces what is shown.
    Interviews {
        /// Whether it is the first page.
        first: bool,
        /// The page.
        page: Result<v1::ListInterviewsResponse, Problem>,
    },
    /// The report of the interview on the dashboard's card.
    Card(Result<v1::Report, Problem>),
    /// The ready-made interviews, those of one's own first.
    Templates(Result<Vec<v1::Template>, Problem>),
    /// What is wrong with files of one's own ready-made interviews.
    TemplateFaults(Vec<String>),
    /// What an interview would get. Replies to all but the latest request are stale.
    Previewed {
        /// What was asked about.
        request: Box<v1::CreateInterviewRequest>,
        /// What it would get.
        reply: Result<Box<v1::PreviewInterviewResponse>, Problem>,
    },
    /// A new interview.
    Created(Result<v1::CreateInterviewResponse, Problem>),
    /// The open interview. Replies to all but the latest request are stale.
    Report {
        /// Which request it answers.
        turn: u64,
        /// The interview.
        report: Result<v1::Report, Problem>,
    },
    /// A submitted answer's id.
    Submitted(DraftId, Result<i64, Problem>),
    /// The stream of the open interview.
    Watch {
        /// The interview.
        interview: i64,
        /// What came of it.
        news: WatchNews,
    },
    /// An evaluation was asked for again.
    Retried(Result<Box<v1::Answer>, Problem>),
    /// A report was saved, and where.
    Exported(Result<PathBuf, Problem>),
    /// An interview was deleted.
    Deleted(Result<(), Problem>),
    /// Signing in, or registering and then signing in, came to an end.
    SignedIn(Result<Account, Problem>),
    /// The language models that were found on this machine.
    ModelsFound {
        /// Whether the user asked for it.
        all: bool,
        /// Those to be offered, the one to be preferred first.
        models: Vec<Found>,
    },
    /// What a trial of a model has shown.
    ModelTried(Found, Tried),
    /// Models will not be offered again, or that could not be kept.
    ModelsDeclined(Result<(), Problem>),
    /// A model stands in this settings file, or could not be put there.
    ModelAdopted(Found, Result<PathBuf, Problem>),
    /// An effect died; the log has more.
    Died,
}

/// Who is signed in.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Account {
    /// The owner of the embedded server.
    Owner,
    /// An account of a remote server.
    Named(String),
    /// Nobody.
    Nobody,
}

/// News from the stream of an interview.
#[derive(Debug)]
pub(crate) enum WatchNews {
    /// The stream is open.
    Live,
    /// An answer as it is now.
    Answer(Box<v1::Answer>),
    /// The stream broke and is tried again after this many milliseconds.
    Lost {
        /// How long until then.
        retry_ms: i64,
        /// Why.
        problem: Problem,
    },
}
