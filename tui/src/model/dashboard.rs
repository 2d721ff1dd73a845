//! The list of interviews, and the card of the unfinished one.

use jiff::Timestamp;
use viva_proto::v1::{GetProgressResponse, Interview, Report};

use super::{Screen, editor::Editor, start::Starts};
use crate::{problem::Problem, unfinished::is_unfinished, words};

/// For how many milliseconds the message says how to undo a deletion.
const SAID_MS: i64 = 10_000;

/// The state of the dashboard.
#[derive(Debug)]
pub(crate) struct Dashboard {
    /// The interviews loaded so far, newest first.
    pub(crate) interviews: Vec<Interview>,
    /// The token of the next page; `None` on the last one.
    pub(crate) next_page: Option<String>,
    /// Whether a page is being loaded.
    pub(crate) loading: bool,
    /// Whether the list was loaded at least once.
    pub(crate) loaded: bool,
    /// Why the list could not be loaded.
    pub(crate) problem: Option<Problem>,
    /// The selected line among those visible.
    pub(crate) selected: usize,
    /// The filter's text.
    pub(crate) filter: Editor,
    /// Whether the filter is being typed.
    pub(crate) filtering: bool,
    /// The unfinished interview to continue.
    pub(crate) card: Option<Report>,
    /// The scores over time, once there are any.
    pub(crate) progress: Option<GetProgressResponse>,
    /// The interviews with pending evaluations.
    pub(crate) watched: Vec<Row>,
    /// Interviews to delete when the app ends, unless the deletion is undone; the latest is last.
    pub(crate) deleted: Vec<Deleted>,
    /// What is offered before the first interview.
    pub(crate) starts: Starts,
    /// The interview for which the delete key was pressed last, and when.
    pub(crate) delete_pressed: Option<(i64, Timestamp)>,
}

/// An interview of the list with pending evaluations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Row {
    /// The interview.
    pub(crate) interview: i64,
    /// How many of its answers are evaluated according to the list.
    pub(crate) evaluated: i32,
}

/// A deletion that can be undone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Deleted {
    /// The interview.
    pub(crate) interview: i64,
    /// Its role, for the message.
    pub(crate) role: String,
    /// When it was deleted.
    pub(crate) since: Timestamp,
}

impl Deleted {
    /// Whether it is so recent that the message still says how to undo it.
    pub(crate) fn is_recent(&self, now: Timestamp) -> bool {
        now.as_millisecond() - self.since.as_millisecond() < SAID_MS
    }
}

impl Default for Dashboard {
    fn default() -> Self {
        Self {
            interviews: Vec::new(),
            next_page: None,
            loading: true,
            loaded: false,
            problem: None,
            selected: 0,
            filter: Editor::line(""),
            filtering: false,
            card: None,
            progress: None,
            watched: Vec::new(),
            deleted: Vec::new(),
            starts: Starts::default(),
            delete_pressed: None,
        }
    }
}

impl Dashboard {
    /// The interviews that match the filter and are not deleted.
    pub(crate) fn visible(&self) -> Vec<&Interview> {
        let words: Vec<String> =
            self.filter.text().to_lowercase().split_whitespace().map(str::to_owned).collect();
        let shown = |interview: &&Interview| {
            let level = words::level(interview.level());
            let text = format!("{} {level}", interview.role.to_lowercase());
            !self.is_deleted(interview) && words.iter().all(|word| text.contains(word))
        };
        self.interviews.iter().filter(shown).collect()
    }

    fn is_deleted(&self, interview: &Interview) -> bool {
        self.deleted.iter().any(|deleted| deleted.interview == interview.id)
    }

    /// The selected interview.
    pub(crate) fn chosen(&self) -> Option<&Interview> {
        self.visible().get(self.selected).copied()
    }

    /// The newest unfinished interview.
    pub(crate) fn unfinished(&self) -> Option<&Interview> {
        self.interviews.iter().find(|it| is_unfinished(it) && !self.is_deleted(it))
    }

    /// The card, unless its interview is deleted or finished.
    pub(crate) fn card(&self) -> Option<&Report> {
        let unfinished = self.unfinished()?.id;
        self.card.as_ref().filter(|card| card.interview_id == unfinished)
    }
}

/// The screen that an interview opens on: its questions, or its report if none is left.
pub(crate) fn screen_of(interview: &Interview) -> Screen {
    if is_unfinished(interview) { Screen::Interview } else { Screen::Report }
}
