//! How an interview is held: in study mode, or in real mode with limited time and no feedback until
//! its end.

use std::time::Duration;

use super::{clock::Timestamp, violation::InvalidValue};

/// The longest limit for a whole interview, in minutes.
pub const MOST_MINUTES: i32 = 480;

/// The longest limit for a question, in minutes.
pub const MOST_QUESTION_MINUTES: i32 = 120;

/// How an interview is held.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub enum Mode {
    /// Feedback is shown as soon as an answer is evaluated.
    #[default]
    Study,
    /// Feedback is shown once the interview has ended, and the time is limited.
    Real,
}

impl Mode {
    /// The word for it.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Study => "study",
            Self::Real => "real",
        }
    }

    /// Returns the mode with this word.
    pub fn from_word(word: &str) -> Option<Self> {
        [Self::Study, Self::Real].into_iter().find(|mode| mode.word() == word)
    }
}

/// The mode and time limits of an interview, chosen when it is created.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Conditions {
    /// The mode.
    pub mode: Mode,
    /// Minutes for the whole interview; 0: no limit.
    pub minutes: i32,
    /// Minutes for each question; 0: no limit.
    pub question_minutes: i32,
}

impl Conditions {
    /// When the time of an interview that begins now is up; `None` in study mode, where only the
    /// client measures time.
    pub fn end(&self, now: Timestamp) -> Option<Timestamp> {
        (self.mode == Mode::Real).then(|| now.after(minutes(self.minutes)))
    }
}

/// The conditions of an interview, and how much of its time has passed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Timing {
    /// What was chosen at the start.
    pub conditions: Conditions,
    /// In real mode: when the time is up.
    pub ends_at: Option<Timestamp>,
    /// In real mode: when it ended, if that was earlier.
    pub ended_at: Option<Timestamp>,
    /// When the current question began: at the interview's start, or at the latest answer.
    pub asked_at: Timestamp,
    /// The time left, once [`Timing::seen`] has set it.
    pub left: Option<Left>,
}

/// What is left of an interview's time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Left {
    /// Until the interview ends.
    pub whole: Duration,
    /// For the current question, if its time is limited.
    pub question: Option<Duration>,
}

impl Timing {
    /// The timing of an interview that begins now.
    pub fn beginning(conditions: Conditions, now: Timestamp) -> Self {
        let ends_at = conditions.end(now);
        Self { conditions, ends_at, ended_at: None, asked_at: now, left: None }
    }

    /// Until when scores and feedback are withheld.
    pub fn withheld(&self) -> Withheld {
        Withheld::until(self.ends_at.filter(|_| self.ended_at.is_none()))
    }

    /// Returns the timing at `now`: with the time left, or with the end.
    #[must_use]
    pub fn seen(mut self, now: Timestamp) -> Self {
        let Some(ends_at) = self.ends_at else { return self };
        if self.withheld().at(now) {
            let limit = minutes(self.conditions.question_minutes);
            let question = (!limit.is_zero()).then(|| self.asked_at.after(limit).since(now));
            self.left = Some(Left { whole: ends_at.since(now), question });
        } else {
            self.ended_at = self.ended_at.or(Some(ends_at));
        }
        self
    }
}

/// Until when the scores, findings and references of an interview's answers are withheld.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Withheld(Option<Timestamp>);

impl Withheld {
    /// Withheld until `end`; `None`: not withheld.
    pub const fn until(end: Option<Timestamp>) -> Self {
        Self(end)
    }

    /// Whether they are withheld at `now`.
    pub fn at(self, now: Timestamp) -> bool {
        self.0.is_some_and(|end| now < end)
    }
}

fn minutes(count: i32) -> Duration {
    Duration::from_mins(u64::try_from(count).unwrap_or(0))
}

/// Parses the minutes for a whole interview: at most [`MOST_MINUTES`]; 0 if not chosen.
pub fn parse_minutes(raw: i32) -> Result<i32, InvalidValue> {
    if (0..=MOST_MINUTES).contains(&raw) {
        return Ok(raw);
    }
    Err(InvalidValue(format!("Minutes must be from 1 to {MOST_MINUTES}; 0 chooses none")))
}

/// Parses the minutes for each question: at most [`MOST_QUESTION_MINUTES`]; 0 for no limit.
pub fn parse_question_minutes(raw: i32) -> Result<i32, InvalidValue> {
    if (0..=MOST_QUESTION_MINUTES).contains(&raw) {
        return Ok(raw);
    }
    Err(InvalidValue(format!(
        "Minutes for a question must be from 1 to {MOST_QUESTION_MINUTES}; 0 means no limit"
    )))
}

#[cfg(test)]
mod tests {
    use super::*;

    const START: Timestamp = Timestamp::from_micros(1_800_000_000_000_000);

    fn at(minutes: u64) -> Timestamp {
        START.after(Duration::from_mins(minutes))
    }

    fn real() -> Timing {
        let conditions = Conditions { mode: Mode::Real, minutes: 30, question_minutes: 5 };
        Timing::beginning(conditions, START)
    }

    #[test]
    fn a_real_interview_withholds_feedback_until_its_time_is_up_or_it_is_ended() {
        let timing = real();
        assert!(timing.withheld().at(START) && timing.withheld().at(at(29)));
        assert!(!timing.withheld().at(at(30)));
        let ended = Timing { ended_at: Some(at(10)), ..timing };
        assert!(!ended.withheld().at(at(10)));
    }

    #[test]
    fn time_left_counts_from_the_start_and_for_a_question_from_the_latest_answer() {
        let left = |timing: Timing, minute| timing.seen(at(minute)).left;
        let mins = Duration::from_mins;
        let three = Left { whole: mins(27), question: Some(mins(2)) };
        assert_eq!(left(real(), 3), Some(three));
        let over = Left { whole: mins(23), question: Some(Duration::ZERO) };
        assert_eq!(left(real(), 7), Some(over), "a question's time may be over");
        let again = Left { whole: mins(23), question: Some(mins(4)) };
        assert_eq!(left(Timing { asked_at: at(6), ..real() }, 7), Some(again));
        let seen = real().seen(at(31));
        assert_eq!((seen.left, seen.ended_at), (None, Some(at(30))));
    }

    #[test]
    fn a_study_interview_withholds_nothing_and_has_no_end() {
        let conditions = Conditions { minutes: 30, ..Conditions::default() };
        let timing = Timing::beginning(conditions, START);
        assert!(!timing.withheld().at(START));
        assert_eq!(timing.seen(at(31)), timing);
    }

    #[test]
    fn a_time_limit_has_a_maximum() {
        for good in [0, 1, MOST_MINUTES] {
            assert_eq!(parse_minutes(good), Ok(good));
        }
        assert!(parse_minutes(-1).is_err() && parse_minutes(MOST_MINUTES + 1).is_err());
        assert_eq!(parse_question_minutes(MOST_QUESTION_MINUTES), Ok(MOST_QUESTION_MINUTES));
        assert!(parse_question_minutes(MOST_QUESTION_MINUTES + 1).is_err());
        for mode in [Mode::Study, Mode::Real] {
            assert_eq!(Mode::from_word(mode.word()), Some(mode));
        }
    }
}
