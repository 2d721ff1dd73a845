//! The whole state of the app as plain data. What changes it is in `update`, what shows it in
//! `view`; nothing here acts.

pub(crate) mod dashboard;
pub(crate) mod editor;
pub(crate) mod journal;
pub(crate) mod link;
pub(crate) mod local_models;
pub(crate) mod marks;
pub(crate) mod new_interview;
pub(crate) mod notice;
pub(crate) mod open;
pub(crate) mod preview;
pub(crate) mod sign_in;
pub(crate) mod soft_wrap;

use jiff::{Timestamp, tz::TimeZone};
use viva_proto::v1;

use self::{
    dashboard::Dashboard,
    editor::Editor,
    journal::Journal,
    link::{Link, LinkState},
    local_models::LocalModels,
    marks::{Marks, NoteEditor},
    new_interview::NewInterview,
    notice::Notice,
    open::Open,
    sign_in::SignIn,
};
use crate::{keys::Context, problem::Problem};

/// The state of the app.
#[derive(Debug)]
pub(crate) struct Model {
    /// The moment of the last message.
    pub(crate) now: Timestamp,
    /// Where times of day are read.
    pub(crate) zone: TimeZone,
    /// Columns and rows of the terminal.
    pub(crate) size: (u16, u16),
    /// How things are drawn.
    pub(crate) look: Look,
    /// Host and port of the server; `None` is the embedded one.
    pub(crate) server: Option<String>,
    /// Whether the server answers.
    pub(crate) link: Link,
    /// Whether a language model is known to write the questions; what a remote server has, it does
    /// not say.
    pub(crate) questions_are_written: bool,
    /// Language models that run on this machine.
    pub(crate) local_models: LocalModels,
    /// Makes idempotency keys.
    pub(crate) keys: KeyMaker,
    /// What is drafted and not acknowledged.
    pub(crate) journal: Journal,
    /// Marks on questions, and notes that the server does not have yet.
    pub(crate) marks: Marks,
    /// The screen in front.
    pub(crate) screen: Screen,
    /// The list of interviews, behind every screen.
    pub(crate) dashboard: Dashboard,
    /// The form for a new interview, while it is in front.
    pub(crate) form: Option<NewInterview>,
    /// The form as it was left, until an interview is started from it.
    pub(crate) left_form: Option<Box<NewInterview>>,
    /// The interview that is gone through or reported.
    pub(crate) open: Option<Open>,
    /// Signing in, in front of whatever screen needs it.
    pub(crate) sign_in: Option<SignIn>,
    /// What lies on top of the screen.
    pub(crate) overlay: Option<Overlay>,
    /// The ready-made interviews, once loaded.
    pub(crate) templates: Option<Vec<v1::Template>>,
    /// A message to the user.
    pub(crate) notice: Option<Notice>,
    /// Since when Ctrl+C waits to be pressed again.
    pub(crate) leaving: Option<Timestamp>,
}

/// How things are drawn.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Look {
    /// The colours.
    pub(crate) palette: Palette,
    /// Nothing but ASCII in what Viva itself draws.
    pub(crate) ascii: bool,
}

/// The colours that suit the terminal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Palette {
    /// For a dark background.
    Dark,
    /// For a light one.
    Light,
    /// None; bold and reversed text stay.
    Mono,
}

/// The screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    /// The list of interviews.
    Dashboard,
    /// The form for a new one.
    NewInterview,
    /// Going through one.
    Interview,
    /// What one amounts to.
    Report,
    /// The questions that are marked.
    Marks,
}

/// What lies on top of a screen.
#[derive(Debug)]
pub(crate) enum Overlay {
    /// The keys that hold there.
    Help {
        /// The first line shown.
        scroll: usize,
    },
    /// The commands that hold there, to choose from.
    Palette {
        /// What is looked for.
        query: Box<Editor>,
        /// Which of those found is chosen.
        selected: usize,
    },
    /// The language models that were found on this machine.
    LocalModels,
    /// A note that is being written.
    Note(Box<NoteEditor>),
}

/// Makes idempotency keys: a number that no other run has, and a counter.
#[derive(Debug)]
pub(crate) struct KeyMaker {
    run: u128,
    made: u32,
}

impl KeyMaker {
    /// Keys of the run with this number, which comes from chance.
    pub(crate) fn new(run: u128) -> Self {
        Self { run, made: 0 }
    }

    /// A key that was never used.
    pub(crate) fn make(&mut self) -> String {
        self.made += 1;
        format!("{:032x}-{}", self.run, self.made)
    }
}

impl Model {
    /// The app as it starts.
    pub(crate) fn new(
        now: Timestamp,
        zone: TimeZone,
        look: Look,
        server: Option<String>,
        run: u128,
    ) -> Self {
        Self {
            now,
            zone,
            size: (80, 24),
            look,
            server,
            link: Link::default(),
            questions_are_written: false,
            local_models: LocalModels::default(),
            keys: KeyMaker::new(run),
            journal: Journal::default(),
            marks: Marks::default(),
            screen: Screen::Dashboard,
            dashboard: Dashboard::default(),
            form: None,
            left_form: None,
            open: None,
            sign_in: None,
            overlay: None,
            templates: None,
            notice: None,
            leaving: None,
        }
    }

    /// Where a key is pressed now.
    pub(crate) fn context(&self) -> Context {
        match &self.overlay {
            Some(Overlay::Help { .. }) => Context::Help,
            Some(Overlay::Palette { .. }) => Context::Palette,
            Some(Overlay::LocalModels) => self.local_models.context(),
            Some(Overlay::Note(_)) => Context::Note,
            None => self.context_below(),
        }
    }

    /// Where a key would be pressed if nothing lay on top.
    pub(crate) fn context_below(&self) -> Context {
        if matches!(self.link.state, LinkState::Failed(_)) {
            return Context::Fault;
        }
        if self.sign_in.is_some() {
            return Context::SignIn;
        }
        match self.screen {
            Screen::Dashboard if self.dashboard.filtering => Context::Filter,
            Screen::Dashboard => Context::Dashboard,
            Screen::NewInterview => {
                self.form.as_ref().map_or(Context::FormChoice, NewInterview::context)
            }
            Screen::Interview => self.interview_context(),
            Screen::Report => Context::Report,
            Screen::Marks => Context::Marks,
        }
    }

    fn interview_context(&self) -> Context {
        match &self.open {
            Some(open) if open.confirming => Context::Confirm,
            Some(open) if open.is_writing() => Context::Writing,
            _ => Context::Reading,
        }
    }

    /// Whether something on the screen turns or counts, so that time must go by in small steps.
    pub(crate) fn is_lively(&self) -> bool {
        let waits = matches!(self.link.state, LinkState::Starting)
            || self
                .form
                .as_ref()
                .is_some_and(|form| form.sending_since.is_some() || form.preview.waits())
            || self.sign_in.as_ref().is_some_and(|sign_in| sign_in.sending)
            || self.dashboard.loading
            || self.marks.list.loading
            || self.open.as_ref().is_some_and(|open| open.report.is_none());
        waits
            || self.local_models.is_lively()
            || self.being_evaluated() > 0
            || self.journal.unsaved.is_some()
    }

    /// The question of the open interview that is in front, as its place from 0 on; none is the
    /// summary of the report.
    pub(crate) fn chosen(&self) -> Option<usize> {
        let open = self.open.as_ref()?;
        if self.screen == Screen::Report {
            open.selected.checked_sub(1)
        } else {
            Some(open.current)
        }
    }

    /// How many answers of the open interview are being evaluated, as far as is known.
    pub(crate) fn being_evaluated(&self) -> usize {
        self.open.as_ref().map_or(0, Open::pending)
    }

    /// Shows a problem until Esc.
    pub(crate) fn complain(&mut self, problem: &Problem) {
        self.notice = Some(Notice::problem(problem, self.now));
    }

    /// Shows a message until Esc.
    pub(crate) fn remark(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice::remark(text, self.now));
    }

    /// Shows a message for a few seconds.
    pub(crate) fn tell(&mut self, text: impl Into<String>) {
        self.notice = Some(Notice::info(text, self.now));
    }
}
