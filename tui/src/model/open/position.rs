//! The position in a report: each question keeps its own, and a report that is opened again is
//! shown where the user left it.

use std::collections::BTreeMap;

use super::{OpenInterview, Page};

/// The position in a report, for when the user returns to it.
#[derive(Debug, Clone)]
pub(crate) struct ReadingPosition {
    selected: usize,
    page: Page,
    page_scroll: usize,
    left_at: BTreeMap<usize, (Page, usize)>,
}

impl OpenInterview {
    /// Shows the summary, which is 0, or a question in the report, at its last position.
    pub(crate) fn show(&mut self, number: usize) {
        self.left_at.insert(self.selected, (self.page, self.page_scroll));
        self.selected = number;
        (self.page, self.page_scroll) =
            self.left_at.get(&number).copied().unwrap_or((Page::Points, 0));
    }

    /// The position in the report.
    pub(crate) fn position(&self) -> ReadingPosition {
        ReadingPosition {
            selected: self.selected,
            page: self.page,
            page_scroll: self.page_scroll,
            left_at: self.left_at.clone(),
        }
    }

    /// Returns to a position.
    pub(crate) fn return_to(&mut self, position: ReadingPosition) {
        (self.selected, self.page) = (position.selected, position.page);
        (self.page_scroll, self.left_at) = (position.page_scroll, position.left_at);
    }
}
