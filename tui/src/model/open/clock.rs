//! The time of an interview in real mode.

use jiff::{SignedDuration, Timestamp};

use super::OpenInterview;
use crate::words;

impl OpenInterview {
    /// Sets when its time is up, counted from now.
    pub(crate) fn put_clock(&mut self, now: Timestamp) {
        let clock = self.report.as_ref().and_then(|report| report.clock);
        let left = clock.and_then(|clock| clock.remaining_ms);
        self.closes_at = match left {
            // A kept report was loaded earlier, so its remaining time is outdated.
            Some(_) if self.is_kept => words::moment(clock.and_then(|c| c.ends_at).as_ref()),
            Some(left) => now.checked_add(SignedDuration::from_millis(left)).ok(),
            None => None,
        };
    }

    /// Whether it is in real mode and has not ended.
    pub(crate) fn is_running(&self) -> bool {
        self.report.as_ref().is_some_and(|report| report.feedback_withheld)
    }

    /// The milliseconds left; `None` without a time limit, and after the end.
    pub(crate) fn left_ms(&self, now: Timestamp) -> Option<i64> {
        let left = self.closes_at.map_or(0, |at| at.as_millisecond() - now.as_millisecond());
        self.is_running().then_some(left.max(0))
    }
}
