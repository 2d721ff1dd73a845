//! The whole state of the app as plain data. `update` changes it and `view` shows it; nothing here
//! acts.

pub(crate) mod challenge;
pub(crate) mod dashboard;
pub(crate) mod draft_state;
pub(crate) mod editor;
pub(crate) mod link;
pub(crate) mod local_models;
mod look;
pub(crate) mod marks;
pub(crate) mod measures;
pub(crate) mod new_interview;
pub(crate) mod notice;
pub(crate) mod open;
pub(crate) mod palette;
pub(crate) mod places;
pub(crate) mod preferences;
pub(crate) mod preview;
pub(crate) mod review;
pub(crate) mod sign_in;
pub(crate) mod soft_wrap;
pub(crate) mod start;

use std::collections::BTreeMap;

use jiff::{Timestamp, tz::TimeZone};
use viva_proto::v1;

pub(crate) use self::look::{Look, ThemeName};
use self::{
    challenge::Challenge,
    dashboard::Dashboard,
    draft_state::Drafts,
    editor::Editor,
    link::{Account, Link, LinkState},
    local_models::LocalModels,
    marks::{Marks, NoteEditor},
    measures::Measures,
    new_interview::NewInterview,
    notice::Notice,
    open::{OpenInterview, ReadingPosition},
    places::Places,
    preferences::Preferences,
    review::Reviews,
    sign_in::SignIn,
};
use crate::{keys::Context, problem::Problem};

/// The state of the app.
#[derive(Debug)]
pub(crate) struct Model {
    /// The time of the last message.
    pub(crate) now: Timestamp,
    /// The time zone for times of day.
    pub(crate) zone: TimeZone,
    /// Columns and rows of the terminal.
    pub(crate) size: (u16, u16),
    /// How things are drawn.
    pub(crate) look: Look,
    /// Answers questions about the drawn screen.
    pub(crate) measures: Measures,
    /// Where the screen can be clicked.
    pub(crate) places: Places,
    /// Settings that can be changed while the app runs.
    pub(crate) preferences: Preferences,
    /// Whether the terminal's window has the focus, if it reports that.
    pub(crate) has_focus: bool,
    /// Host and port of the server; `None` is the embedded one.
    pub(crate) server: Option<String>,
    /// Whether the server answers.
    pub(crate) link: Link,
    /// Whether a language model is known to write the questions; a remote server does not say
    /// whether it has one.
    pub(crate) questions_are_written: bool,
    /// Language models that run on this machine.
    pub(crate) local_models: LocalModels,
    /// Makes idempotency keys.
    pub(crate) keys: KeyMaker,
    /// Drafts, and answers not yet acknowledged.
    pub(crate) drafts: Drafts,
    /// Marks on questions, and notes that the server does not have yet.
    pub(crate) marks: Marks,
    /// The screen in front.
    pub(crate) screen: Screen,
    /// The list of interviews, behind every screen.
    pub(crate) dashboard: Dashboard,
    /// The form for a new interview, while it is in front.
    pub(crate) form: Option<NewInterview>,
    /// The form as the user left it, until an interview is started from it.
    pub(crate) left_form: Option<Box<NewInterview>>,
    /// The interview in progress, or its report.
    pub(crate) open: Option<OpenInterview>,
    /// The points that are due for review.
    pub(crate) reviews: Reviews,
    /// Where the user left each report, by interview.
    pub(crate) positions: BTreeMap<i64, ReadingPosition>,
    /// The sign-in form, in front of any screen that needs it.
    pub(crate) sign_in: Option<SignIn>,
    /// What is on top of the screen.
    pub(crate) overlay: Option<Overlay>,
    /// The ready-made interviews, once loaded.
    pub(crate) templates: Option<Vec<v1::Template>>,
    /// The text that was copied last.
    pub(crate) copied: Option<String>,
    /// A message to the user.
    pub(crate) notice: Option<Notice>,
    /// When Ctrl+C was pressed and the app began to wait for the second press.
    pub(crate) leaving: Option<Timestamp>,
}

/// The screens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Screen {
    /// The list of interviews.
    Dashboard,
    /// The form for a new interview.
    NewInterview,
    /// An interview in progress.
    Interview,
    /// The report of an interview.
    Report,
    /// The list of marked questions.
    Marks,
    /// Reviewing due points.
    Review,
    /// The settings.
    Settings,
}

/// What can be on top of a screen.
#[derive(Debug)]
pub(crate) enum Overlay {
    /// The keys of the screen below.
    Help {
        /// The first line shown.
        scroll: usize,
    },
    /// The commands of the screen below, to choose from.
    Palette {
        /// The text to search for.
        query: Box<Editor>,
        /// The selected match.
        selected: usize,
        /// What it was opened on top of.
        below: Option<Box<Overlay>>,
    },
    /// The language models that were found on this machine.
    LocalModels,
    /// A note being written.
    Note(Box<NoteEditor>),
    /// The points to work on, to choose from.
    Practise {
        /// The question whose points they are; `None` for all questions.
        question: Option<usize>,
        /// The selected point.
        selected: usize,
    },
    /// Challenging a finding.
    Challenge(Challenge),
}

/// Makes idempotency keys from a number unique to this run and a counter.
#[derive(Debug)]
pub(crate) struct KeyMaker {
    run: u128,
    made: u32,
}

impl KeyMaker {
    /// A maker for the run with this random number.
    pub(crate) fn new(run: u128) -> Self {
        Self { run, made: 0 }
    }

    /// Returns a key that was never used.
    pub(crate) fn make(&mut self) -> String {
        self.made += 1;
        format!("{:032x}-{}", self.run, self.made)
    }
}

impl Model {
    /// The app at its start.
    pub(crate) fn new(
        now: Timestamp,
        zone: TimeZone,
        look: Look,
        measures: Measures,
        server: Option<String>,
        run: u128,
    ) -> Self {
        Self {
            now,
            zone,
            size: (80, 24),
            look,
            measures,
            places: Places::default(),
            preferences: Preferences::default(),
            has_focus: true,
            server,
            link: Link::default(),
            questions_are_written: false,
            local_models: LocalModels::default(),
            keys: KeyMaker::new(run),
            drafts: Drafts::default(),
            marks: Marks::default(),
            screen: Screen::Dashboard,
            dashboard: Dashboard::default(),
            form: None,
            left_form: None,
            open: None,
            reviews: Reviews::default(),
            positions: BTreeMap::new(),
            sign_in: None,
            overlay: None,
            templates: None,
            copied: None,
            notice: None,
            leaving: None,
        }
    }

    /// The context of keys now.
    pub(crate) fn context(&self) -> Context {
        match &self.overlay {
            Some(overlay) => self.context_of(overlay),
            None => self.context_of_screen(),
        }
    }

    /// The context without the palette or the help on top.
    pub(crate) fn context_below(&self) -> Context {
        match &self.overlay {
            Some(Overlay::Palette { below: Some(below), .. }) => self.context_of(below),
            _ => self.context_of_screen(),
        }
    }

    fn context_of(&self, overlay: &Overlay) -> Context {
        match overlay {
            Overlay::Help { .. } => Context::Help,
            Overlay::Palette { .. } => Context::Palette,
            Overlay::LocalModels => self.local_models.context(),
            Overlay::Note(_) => Context::Note,
            Overlay::Practise { .. } => Context::Practise,
            Overlay::Challenge(Challenge { marking: None, .. }) => Context::Challenge,
            Overlay::Challenge(_) => Context::Marking,
        }
    }

    fn context_of_screen(&self) -> Context {
        if matches!(self.link.state, LinkState::Failed(_)) {
            return Context::Fault;
        }
        if self.sign_in.is_some() {
            return Context::SignIn;
        }
        match self.screen {
            Screen::Dashboard if self.dashboard.filtering => Context::Filter,
            Screen::Dashboard if self.invites() => Context::Start,
            Screen::Dashboard => Context::Dashboard,
            Screen::NewInterview => {
                self.form.as_ref().map_or(Context::FormChoice, NewInterview::context)
            }
            Screen::Interview | Screen::Report => self.interview_context(),
            Screen::Marks => Context::Marks,
            Screen::Review => self.reviews.context(),
            Screen::Settings if self.preferences.typing.is_some() => Context::SettingsEditor,
            Screen::Settings => Context::Settings,
        }
    }

    /// Whether the list is in front, loaded and empty.
    pub(crate) fn has_nothing_to_list(&self) -> bool {
        let list = &self.dashboard;
        let is_empty = list.loaded && list.problem.is_none() && list.visible().is_empty();
        self.screen == Screen::Dashboard && is_empty && list.filter.is_blank() && !list.filtering
    }

    /// Whether the built-in server has not worked once: it could not start, or could not use its database.
    pub(crate) fn never_worked(&self) -> bool {
        let has_no_list = !self.dashboard.loaded && self.dashboard.problem.is_some();
        let is_built_in = self.link.account == Some(Account::Owner);
        matches!(self.link.state, LinkState::Failed(_)) || is_built_in && has_no_list
    }

    /// Whether the screen of first steps replaces the list.
    pub(crate) fn invites(&self) -> bool {
        let is_known = self.templates.is_some() || self.dashboard.starts.has_failed;
        is_known && self.has_nothing_to_list()
    }

    /// The context of keys in an interview or its report; a question to the user takes precedence.
    fn interview_context(&self) -> Context {
        match self.open.as_ref().and_then(|open| open.asks) {
            Some(asks) => asks.context(),
            None if self.open.as_ref().is_some_and(|open| open.is_sample) => Context::Sample,
            None if self.screen == Screen::Report => Context::Report,
            None if self.open.as_ref().is_some_and(OpenInterview::is_writing) => Context::Writing,
            None => Context::Reading,
        }
    }

    /// Whether something on the screen is animated, so that time must pass in small steps.
    pub(crate) fn is_lively(&self) -> bool {
        let waits = matches!(self.link.state, LinkState::Starting)
            || self
                .form
                .as_ref()
                .is_some_and(|form| form.sending_since.is_some() || form.preview.waits())
            || self.sign_in.as_ref().is_some_and(|sign_in| sign_in.sending)
            || self.dashboard.loading
            || (self.has_nothing_to_list() && !self.invites())
            || self.marks.list.loading
            || (self.screen == Screen::Review && self.reviews.is_lively())
            || self.open.as_ref().is_some_and(|open| {
                open.report.is_none() || open.practice.follow_up_since().is_some()
            });
        waits
            || self.local_models.is_lively()
            || self.being_evaluated() > 0
            || self.drafts.unsaved.is_some()
    }

    /// Whether something on the screen changes every second: a stopwatch, a message that
    /// disappears, or the seconds of a wait.
    pub(crate) fn is_counting(&self) -> bool {
        let awaited = self.open.as_ref().and_then(|open| open.watch_again_at.or(open.closes_at));
        matches!(self.context_of_screen(), Context::Writing | Context::Confirm)
            || self.notice.as_ref().is_some_and(|notice| !notice.stays)
            || self.leaving.is_some()
            || self.link.retry_at.or(awaited).is_some()
            || self.dashboard.deleted.last().is_some_and(|last| last.is_recent(self.now))
            || self.marks.notes.unsaved.is_some()
    }

    /// The index of the question in front of the open interview, from 0; `None` for the report's
    /// summary.
    pub(crate) fn chosen(&self) -> Option<usize> {
        let open = self.open.as_ref()?;
        if self.screen == Screen::Report {
            open.selected.checked_sub(1)
        } else {
            Some(open.current)
        }
    }

    /// How many answers of the open interview are being evaluated, as far as known.
    pub(crate) fn being_evaluated(&self) -> usize {
        self.open.as_ref().map_or(0, OpenInterview::pending)
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
