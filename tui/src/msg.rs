//! What happens to the app: keys, time, signals, and replies to effects. Each message has its time,
//! so that its handlers need no clock.

use std::path::PathBuf;

use crossterm::event::{KeyEvent, MouseEvent};
use jiff::Timestamp;
use viva_proto::v1;

use crate::{
    discovery::Found,
    drafts::{DraftId, Kept, Saved},
    external_editor::Edited,
    local::llm::Tried,
    model::{ThemeName, link::Account},
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
    /// The mouse was used.
    Mouse(MouseEvent),
    /// A text was pasted.
    Paste(String),
    /// The terminal has this many columns and rows.
    Resize(u16, u16),
    /// The terminal lost the focus.
    Blur,
    /// The terminal has the focus again.
    Focus,
    /// These colours suit the terminal's background.
    Background(ThemeName),
    /// Time went by.
    Tick,
    /// The process must end.
    Terminate,
    /// The process must stop until it is continued.
    Stop,
    /// The external editor was closed, with the text or a fault.
    Edited(Edited),
    /// A reply to an effect.
    Reply(Box<Reply>),
}

/// The outcome of an effect.
#[derive(Debug)]
pub(crate) enum Reply {
    /// The server is ready, with the account; on the embedded one, always the owner.
    Connected(Result<Account, Problem>),
    /// The server's notice to an account that has just signed in.
    Remark(String),
    /// The drafts of earlier runs and of other processes.
    Drafts(Result<Vec<Kept>, Problem>),
    /// A draft is on disk, or could not be written.
    DraftSaved(DraftId, Result<Saved, Problem>),
    /// A draft was removed, or could not be.
    DraftRemoved(Result<(), Problem>),
    /// The text of a draft was saved as a separate file, or could not be.
    SetAside(DraftId, Result<PathBuf, Problem>),
    /// The notes of earlier runs.
    Notes(Result<Vec<NoteDraft>, Problem>),
    /// A note was written to disk, or could not be.
    NoteSaved(NoteId, Result<(), Problem>),
    /// A note was removed from disk, or could not be.
    NoteRemoved(Result<(), Problem>),
    /// A mark was changed, or could not be.
    Marked(NoteId, Box<v1::SetQuestionMarkRequest>, Result<v1::QuestionMark, Problem>),
    /// A page of marked questions; the first replaces the list.
    Marks {
        /// Whether it is the first page.
        first: bool,
        /// The page.
        page: Result<v1::ListQuestionMarksResponse, Problem>,
    },
    /// A page of interviews; the first replaces the list.
    Interviews {
        /// Whether it is the first page.
        first: bool,
        /// The page.
        page: Result<v1::ListInterviewsResponse, Problem>,
    },
    /// The list as it was last loaded, because the server cannot be reached.
    KeptInterviews(v1::ListInterviewsResponse),
    /// The open interview as it was last loaded, because the server cannot be reached.
    KeptReport {
        /// Which request it answers.
        turn: u64,
        /// The interview.
        report: Box<v1::Report>,
    },
    /// An evaluation in this row of the list has arrived.
    RowChanged(i64),
    /// How many points are due.
    Memory(Result<v1::GetMemoryResponse, Problem>),
    /// The points to review.
    Reviews(Result<v1::ListReviewsResponse, Problem>),
    /// The result of an answer to a point.
    Reviewed(Result<Box<v1::SubmitReviewResponse>, Problem>),
    /// The scores over time.
    Progress(Result<v1::GetProgressResponse, Problem>),
    /// The report of the interview on the dashboard's card.
    Card(Result<v1::Report, Problem>),
    /// The ready-made interviews, your own first.
    Templates(Result<Vec<v1::Template>, Problem>),
    /// The sample report.
    Sample(Result<Box<v1::Report>, Problem>),
    /// Faults in the files of your own ready-made interviews.
    TemplateFaults(Vec<String>),
    /// A preview of an interview. Only the reply to the latest request is used.
    Previewed {
        /// The interview that was previewed.
        request: Box<v1::CreateInterviewRequest>,
        /// The preview.
        reply: Result<Box<v1::PreviewInterviewResponse>, Problem>,
    },
    /// The text of a file with a job advert.
    AdvertRead {
        /// Its path, as it was typed.
        path: String,
        /// Its text.
        text: Result<String, Problem>,
    },
    /// A new interview.
    Created(Result<v1::CreateInterviewResponse, Problem>),
    /// The open interview. Only the reply to the latest request is used.
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
        /// What the stream brought.
        news: WatchNews,
    },
    /// An evaluation was requested again.
    Retried(Result<Box<v1::Answer>, Problem>),
    /// A hint to a question.
    Hint {
        /// The question.
        question: i64,
        /// The number of the requested hint.
        number: i32,
        /// The hint.
        reply: Result<v1::GetHintResponse, Problem>,
    },
    /// The answer to a question was shown.
    AnswerShown(i64, Result<Box<v1::RevealQuestionResponse>, Problem>),
    /// An interview in real mode has ended, or could not be.
    Ended(Result<Box<v1::Interview>, Problem>),
    /// A follow-up to a question.
    FollowUp(i64, Result<Box<v1::AddFollowUpResponse>, Problem>),
    /// Two attempts at a question, side by side.
    Compared(i64, Result<Box<v1::CompareAttemptsResponse>, Problem>),
    /// A point of an answer was challenged.
    Challenged(Result<Box<v1::ChallengePointResponse>, Problem>),
    /// What was said about a point is kept.
    Assessed(Result<Box<v1::Answer>, Problem>),
    /// A report was saved in this file, or could not be.
    Exported(Result<PathBuf, Problem>),
    /// A setting was written to the file, or could not be.
    SettingKept(Result<(), Problem>),
    /// An interview was deleted.
    Deleted(Result<(), Problem>),
    /// Signing in, or registering and then signing in, succeeded or failed.
    SignedIn(Result<Account, Problem>),
    /// The language models that were found on this machine.
    ModelsFound {
        /// Whether the user asked.
        all: bool,
        /// The models to offer, in order of preference.
        models: Vec<Found>,
    },
    /// The result of a trial of a model.
    ModelTried(Found, Tried),
    /// Models will not be offered again, or this could not be saved.
    ModelsDeclined(Result<(), Problem>),
    /// A model was written to this settings file, or could not be.
    ModelAdopted(Found, Result<PathBuf, Problem>),
    /// An effect panicked; the log says more.
    Died,
}

/// News from the stream of an interview.
#[derive(Debug)]
pub(crate) enum WatchNews {
    /// The stream is open.
    Live,
    /// An answer as it is now.
    Answer(Box<v1::Answer>),
    /// The stream broke and is opened again after this many milliseconds.
    Lost {
        /// How long until then.
        retry_ms: i64,
        /// Why.
        problem: Problem,
    },
}
