//! Messages to the user: short ones that disappear, remarks and problems that stay until Esc.

use jiff::Timestamp;

use crate::{drafts::DraftId, problem::Problem};

/// How many milliseconds a message is shown.
const INFO_MS: i64 = 4_000;

/// A message at the foot of the screen.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Notice {
    /// Whether something failed.
    pub(crate) is_problem: bool,
    /// Whether it stays until Esc.
    pub(crate) stays: bool,
    /// The text of the message.
    pub(crate) text: String,
    /// The text that it is about, if it is only true while that one is being written.
    pub(crate) about: Option<DraftId>,
    /// When it was first shown.
    since: Timestamp,
}

impl Notice {
    /// A message that disappears.
    pub(crate) fn info(text: impl Into<String>, now: Timestamp) -> Self {
        Self { is_problem: false, stays: false, text: text.into(), about: None, since: now }
    }

    /// A message that must be read, and so stays until Esc.
    pub(crate) fn remark(text: impl Into<String>, now: Timestamp) -> Self {
        Self { stays: true, ..Self::info(text, now) }
    }

    /// The same message, true only while this text is being written.
    pub(crate) fn about(self, text: Option<DraftId>) -> Self {
        Self { about: text, ..self }
    }

    /// A message about what failed and what is safe.
    pub(crate) fn problem(problem: &Problem, now: Timestamp) -> Self {
        let mut text = problem.message.clone();
        if let [violation, ..] = problem.violations.as_slice() {
            text = format!("{text}: {}", violation.message);
        }
        for part in [problem.safe.map(str::to_owned), reference(problem)].into_iter().flatten() {
            if !text.ends_with(['.', '!', '?']) {
                text.push('.');
            }
            text.push(' ');
            text.push_str(&part);
        }
        Self { is_problem: true, stays: true, text, about: None, since: now }
    }

    /// Whether its time is up.
    pub(crate) fn is_over(&self, now: Timestamp) -> bool {
        !self.stays && now.as_millisecond() - self.since.as_millisecond() >= INFO_MS
    }
}

/// The request id in the server's log, if that is useful.
fn reference(problem: &Problem) -> Option<String> {
    let id = problem.request_id.as_ref()?;
    (problem.kind == crate::problem::ProblemKind::Server)
        .then(|| format!("(request {})", id.chars().take(8).collect::<String>()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::problem::ProblemKind;

    #[test]
    fn messages_disappear_after_four_seconds_unless_they_must_be_read() {
        let start = Timestamp::UNIX_EPOCH;
        let later = |ms| Timestamp::from_millisecond(ms).unwrap();
        let info = Notice::info("Saved.", start);
        assert!(!info.is_over(later(3_999)));
        assert!(info.is_over(later(4_000)));
        let problem = Problem::new(ProblemKind::Busy, "Too many requests").with_safe("It is kept.");
        let notice = Notice::problem(&problem, start);
        assert!(!notice.is_over(later(1_000_000)));
        assert_eq!(notice.text, "Too many requests. It is kept.");
        assert!(!Notice::remark("The bank was used.", start).is_over(later(1_000_000)));
    }
}
