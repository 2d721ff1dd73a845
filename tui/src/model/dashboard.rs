//! The list of interviews, and the card for the one to go on with.

use jiff::Timestamp;
use viva_proto::v1::{Interview, Report};

use super::editor::Editor;
use crate::{problem::Problem, words};

/// How many milliseconds it is said that a deletion can be taken back.
const SAID_MS: i64 = 10_000;

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
    /// The interviews that are deleted when the app ends, unless that is taken back; the last one last.
    pub(crate) deleted: Vec<Deleted>,
    /// When the key that deletes was pressed last, and for which interview.
    pub(crate) delete_pressed: Option<(i64, Timestamp)>,
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
    /// Whether it is so recent that it is said how to take it back.
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
            deleted: Vec::new(),
            delete_pressed: None,
        }
    }
}

impl Dashboard {
    /// The interviews that the filter lets through and that are not deleted.
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

    /// The chosen interview.
    pub(crate) fn chosen(&self) -> Option<&Interview> {
        self.visible().get(self.selected).copied()
    }

    /// The newest interview with a question that nobody has answered.
    pub(crate) fn unfinished(&self) -> Option<&Interview> {
        self.interviews.iter().find(|interview| {
            let open = interview.progress.as_ref().is_some_and(|p| p.answered < p.questions);
            open && !self.is_deleted(interview)
        })
    }

    /// The card, unless its interview is deleted or finished.
    pub(crate) fn card(&self) -> Option<&Report> {
        let unfinished = self.unfinished()?.id;
        self.card.as_ref().filter(|card| card.interview_id == unfinished)
    }
}
