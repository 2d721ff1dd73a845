//! An interview's mode, its remaining time, and the time that answers took, in words.

use viva_proto::v1::{Answer, Interview, InterviewClock, InterviewMode, Report};

use crate::words;

/// Shown instead of scores until an interview in real mode ends.
pub(crate) const WITHHELD: &str = "Scores and feedback come once the interview has ended.";

/// The mode and the clock of an interview.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Held {
    mode: InterviewMode,
    clock: InterviewClock,
    /// Whether evaluations are withheld now.
    pub(crate) is_silent: bool,
}

impl From<&Interview> for Held {
    fn from(interview: &Interview) -> Self {
        let clock = interview.clock.unwrap_or_default();
        Self { mode: interview.mode(), clock, is_silent: interview.feedback_withheld }
    }
}

impl From<&Report> for Held {
    fn from(report: &Report) -> Self {
        let clock = report.clock.unwrap_or_default();
        Self { mode: report.mode(), clock, is_silent: report.feedback_withheld }
    }
}

impl Held {
    /// Whether it is in real mode.
    pub(crate) fn is_real(&self) -> bool {
        self.mode == InterviewMode::Real
    }

    /// Whether it is in real mode and has ended.
    pub(crate) fn has_ended(&self) -> bool {
        self.clock.ended_at.is_some()
    }

    /// For a title: `real mode, 29:12 left`; `None` in study mode.
    pub(crate) fn title(&self) -> Option<String> {
        match self.clock.remaining_ms {
            Some(left) => Some(format!("real mode, {} left", words::stopwatch(left))),
            None => self.is_real().then(|| "real mode, ended".to_owned()),
        }
    }

    /// What is left, in a sentence; `None` without a time limit.
    pub(crate) fn left(&self) -> Option<String> {
        let whole = spoken(self.clock.remaining_ms?);
        Some(match self.clock.question_remaining_ms {
            None => format!("Time left: {whole}."),
            Some(left) => format!("Time left: {whole}; for this question: {}.", spoken(left)),
        })
    }

    /// How long an answer took and whether it was late, in a sentence or two; empty if unknown.
    pub(crate) fn taken(&self, answer: &Answer) -> String {
        let mut said = Vec::new();
        if answer.duration_ms > 0 {
            said.push(format!("Time taken: {}.", spoken(answer.duration_ms.max(1_000))));
        }
        let over = answer.duration_ms - i64::from(self.clock.question_minutes) * 60_000;
        if self.clock.question_minutes > 0 && over >= 1_000 {
            said.push(format!("That is {} over the time for a question.", spoken(over)));
        }
        if answer.late {
            said.push("It came after the interview had ended.".to_owned());
        }
        said.join(" ")
    }
}

/// The time that answers took, in words; `None` for less than a minute.
pub(crate) fn practised(milliseconds: i64) -> Option<String> {
    let minutes = milliseconds.max(0) / 60_000;
    match (minutes / 60, minutes % 60) {
        (0, 0) => None,
        (0, minutes) => Some(format!("{minutes} min")),
        (hours, minutes) => Some(format!("{hours} h {minutes} min")),
    }
}

/// A time in words, to the second: `45 s`, `4 min 12 s`.
fn spoken(milliseconds: i64) -> String {
    let seconds = (milliseconds.max(0) + 500) / 1000;
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_real_interview_shows_the_time_left_and_a_study_interview_none() {
        let clock = InterviewClock {
            remaining_ms: Some(1_752_000),
            question_remaining_ms: Some(61_400),
            ..Default::default()
        };
        let running = Held { mode: InterviewMode::Real, clock, is_silent: true };
        assert_eq!(running.title().unwrap(), "real mode, 29:12 left");
        let left = "Time left: 29 min 12 s; for this question: 1 min 1 s.";
        assert_eq!(running.left().unwrap(), left);
        let ended = Held { clock: InterviewClock::default(), is_silent: false, ..running };
        assert_eq!(ended.title().unwrap(), "real mode, ended");
        let study = Held::default();
        assert_eq!((study.title(), study.left(), ended.left()), (None, None, None));
    }

    #[test]
    fn the_time_of_an_answer_is_shown_if_known() {
        let clock = InterviewClock { question_minutes: 1, ..Default::default() };
        let held = Held { clock, ..Held::default() };
        let taken =
            |duration_ms, late| held.taken(&Answer { duration_ms, late, ..Default::default() });
        assert_eq!(taken(0, false), "");
        assert_eq!(taken(1, false), "Time taken: 1 s.");
        assert_eq!(taken(45_400, false), "Time taken: 45 s.");
        assert_eq!(
            taken(72_000, true),
            "Time taken: 1 min 12 s. That is 12 s over the time for a question. It came after the \
             interview had ended."
        );
    }
}
