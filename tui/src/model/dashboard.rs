//! The list of interviews, and the card for the one to go on with.

use jiff::Timestamp;
use viva_proto::v1::{Interview, Report};

use super::editor::Editor;
use crate::{problem::Problem, words};

/// How many milliseconds a deletion can be taken back.
pub(crate) const UNDO_MS: i64 = 10_000;

/// The state of the dashboard.
#[derive(Debug)]
pub(crate) struct Dashboard {
    /// The interviews loaded so far, newest first.
    pub(crate) interviews: Vec<Interview>,
    /// Where the next page begins; `None` when there is none.
    pub(crate) next_page: Option<String>,
    /// Whether a page is on its way.
    pub(crate) loading: bool,
    /// Whether the list was loaded at least once.
    pub(crate) loaded: bool,
    /// Why the list could not be loaded.
    pub(crate) problem: Option<Problem>,
    /// The chosen line among those visible.
    pub(crate) selected: usize,
    /// The filter's text.
    pub(crate) filter: Editor,
    /// Whether the filter is being typed.
    pub(crate) filtering: bool,
    /// The unfinished interview to go on with.
    pub(crate) card: Option<Report>,
    /// The interview that is deleted unless that is taken back in time.
    pub(crate) deleted: Option<Deleted>,
}

/// A deletion that can be taken back.
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
    /// Whole seconds in which it can still be taken back.
    pub(crate) fn seconds_left(&self, now: Timestamp) -> i64 {
        let passed = now.as_millisecond() - self.since.as_millisecond();
        // Rounded up: it says 1 until it is over.
        (UNDO_MS - passed + 999) / 1000
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
            deleted: None,
        }
    }
}

impl Dashboard {
    /// The interviews that the filter lets through and that are not deleted.
    pub(crate) fn visible(&self) -> Vec<&Interview> {
        let words: Vec<String> =
            self.filter.text().to_lowercase().split_whitespace().map(str::to_owned).collect();
        let gone = self.deleted.as_ref().map(|deleted| deleted.interview);
        let shown = |interview: &&Interview| {
            let level = words::level(interview.level());
            let text = format!("{} {level}", interview.role.to_lowercase());
            gone != Some(interview.id) && words.iter().all(|word| text.contains(word))
        };
        self.interviews.iter().filter(shown).collect()
    }

    /// The chosen interview.
    pub(crate) fn chosen(&self) -> Option<&Interview> {
        self.visible().get(self.selected).copied()
    }

    /// The newest interview with a question that nobody has answered.
    pub(crate) fn unfinished(&self) -> Option<&Interview> {
        let gone = self.deleted.as_ref().map(|deleted| deleted.interview);
        self.interviews.iter().find(|interview| {
            let open = interview.progress.as_ref().is_some_and(|p| p.answered < p.questions);
            open && gone != Some(interview.id)
        })
    }

    /// The card, unless its interview is deleted or finished.
    pub(crate) fn card(&self) -> Option<&Report> {
        let unfinished = self.unfinished()?.id;
        self.card.as_ref().filter(|card| card.interview_id == unfinished)
    }
}
