//! The mode of an interview, and how long its answers took.

use super::words::count;
use crate::domain::{
    answer::Answer,
    timing::{Conditions, Mode, Timing},
};

/// What replaces the scores until a real interview ends.
pub(super) const WITHHELD: &str = "Scores and feedback come once the interview has ended.";

/// Describes the mode and limit of a real interview; `None` in study mode.
pub(super) fn held(timing: &Timing) -> Option<String> {
    let Conditions { mode, minutes, .. } = timing.conditions;
    (mode == Mode::Real).then(|| format!("real mode, {}", of_minutes(minutes)))
}

/// Says how long an answer took, and whether it was late.
pub(super) fn taken(answer: &Answer, conditions: &Conditions) -> String {
    let mut said = Vec::new();
    let seconds = (answer.duration_ms + 500) / 1000;
    if answer.duration_ms > 0 {
        said.push(format!("Time taken: {}.", lasting(seconds.max(1))));
    }
    let over = seconds - i64::from(conditions.question_minutes) * 60;
    if conditions.question_minutes > 0 && over > 0 {
        let limit = of_minutes(conditions.question_minutes);
        said.push(format!("That is {} more than the {limit} for a question.", lasting(over)));
    }
    if answer.is_late {
        said.push("It came after the interview had ended.".to_owned());
    }
    said.join(" ")
}

fn of_minutes(minutes: i32) -> String {
    count(usize::try_from(minutes).unwrap_or(0), "minute")
}

fn lasting(seconds: i64) -> String {
    match (seconds / 3600, seconds / 60 % 60, seconds % 60) {
        (0, 0, seconds) => format!("{seconds} s"),
        (0, minutes, seconds) => format!("{minutes} min {seconds} s"),
        (hours, minutes, _) => format!("{hours} h {minutes} min"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{domain::evaluation::EvaluationState, export::sample};

    fn said(duration_ms: i64, is_late: bool, question_minutes: i32) -> String {
        let state = EvaluationState::Withheld;
        let answer = Answer { duration_ms, is_late, ..sample::answer(1, "It waits.", state) };
        taken(&answer, &Conditions { question_minutes, ..Conditions::default() })
    }

    #[test]
    fn the_time_of_an_answer_is_stated_if_known_with_any_excess() {
        assert_eq!(said(0, false, 5), "");
        assert_eq!(said(1, false, 5), "Time taken: 1 s.");
        assert_eq!(said(299_600, false, 5), "Time taken: 5 min 0 s.");
        assert_eq!(
            said(372_000, true, 5),
            "Time taken: 6 min 12 s. That is 1 min 12 s more than the 5 minutes for a question. It \
             came after the interview had ended."
        );
        assert_eq!(said(3_720_000, false, 0), "Time taken: 1 h 2 min.");
        assert_eq!(
            said(61_000, false, 1),
            "Time taken: 1 min 1 s. That is 1 s more than the 1 minute for a question."
        );
    }
}
