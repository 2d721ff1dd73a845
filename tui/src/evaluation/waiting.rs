//! A pending evaluation: how long it has waited, its last fault, the next attempt.

use jiff::Timestamp;
use viva_proto::v1::{Evaluation, EvaluationStatus};

use crate::{text, words};

/// The status of a pending evaluation.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// The last attempt's fault, as a sentence; `None` if there was no fault.
    pub(crate) fault: Option<String>,
    /// The number of the current or next attempt, from 1; 0 before the first has begun.
    pub(crate) attempt: i32,
    /// Whole seconds until that attempt; 0 if it is due or running.
    pub(crate) due_in: i64,
    /// Whole seconds since the evaluation was requested.
    waited: i64,
}

impl Waiting {
    /// The status now of an evaluation requested at `since`; `None` if it is completed or failed.
    pub(crate) fn of(
        evaluation: &Evaluation,
        since: Option<Timestamp>,
        now: Timestamp,
    ) -> Option<Self> {
        if evaluation.status() != EvaluationStatus::Pending {
            return None;
        }
        let next = words::moment(evaluation.next_attempt_at.as_ref());
        Some(Self {
            fault: fault(evaluation),
            // Before an attempt, `attempts` counts only the earlier ones.
            attempt: evaluation.attempts.saturating_add(i32::from(next.is_some())),
            due_in: next.map_or(0, |at| words::seconds_until(now, at)),
            waited: since.map_or(0, |since| words::seconds_between(since, now)),
        })
    }

    /// The status in a few words, without a full stop: `attempt 3 in 8 s`, `being evaluated, 12 s`.
    pub(crate) fn status(&self) -> String {
        let waited = words::lasting(self.waited);
        match (&self.fault, self.attempt) {
            (Some(_), attempt) => format!("attempt {attempt} {}", self.when()),
            (None, 0) => format!("waiting to be evaluated, {waited}"),
            (None, _) => format!("being evaluated, {waited}"),
        }
    }

    /// The status in a sentence or two; after a fault, names it and says that the answer is safe.
    pub(crate) fn sentence(&self) -> String {
        match &self.fault {
            Some(fault) => format!("{fault} Your answer is safe; {}.", self.status()),
            None => text::capitalised(&format!("{}.", self.status())),
        }
    }

    /// How long it has waited, or when the next attempt is: for places without room for words.
    pub(crate) fn seconds(&self) -> String {
        if self.due_in > 0 {
            format!("again in {}", words::lasting(self.due_in))
        } else {
            words::lasting(self.waited)
        }
    }

    /// When the attempt is: `in 8 s`, or `now` if it is due or running.
    pub(crate) fn when(&self) -> String {
        match self.due_in {
            0 => "now".to_owned(),
            seconds => format!("in {}", words::lasting(seconds)),
        }
    }
}

fn fault(evaluation: &Evaluation) -> Option<String> {
    if !evaluation.last_fault.trim().is_empty() {
        return Some(text::sentence(&evaluation.last_fault));
    }
    // A server that does not name the fault still says that it will retry.
    evaluation.next_attempt_at.is_some().then(|| "The last attempt failed.".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::testing::data;

    fn waiting(evaluation: &Evaluation) -> Waiting {
        let since = words::moment(Some(&data::on(23, "14:02:19")));
        Waiting::of(evaluation, since, data::now()).unwrap()
    }

    fn pending() -> Evaluation {
        Evaluation { status: EvaluationStatus::Pending.into(), ..Evaluation::default() }
    }

    #[test]
    fn before_a_fault_the_waiting_time_is_shown() {
        let mut evaluation = pending();
        assert_eq!(waiting(&evaluation).sentence(), "Waiting to be evaluated, 12 s.");
        evaluation.attempts = 1;
        assert_eq!(waiting(&evaluation).sentence(), "Being evaluated, 12 s.");
        assert_eq!(waiting(&evaluation).seconds(), "12 s");
    }

    #[test]
    fn after_a_fault_the_message_names_it_and_the_next_attempt() {
        let mut evaluation = Evaluation {
            attempts: 2,
            last_fault: "The language model (LLM_API_URL) cannot be reached".into(),
            next_attempt_at: Some(data::on(23, "14:02:39")),
            ..pending()
        };
        assert_eq!(
            waiting(&evaluation).sentence(),
            "The language model (LLM_API_URL) cannot be reached. Your answer is safe; attempt \
             3 in 8 s."
        );
        assert_eq!(waiting(&evaluation).seconds(), "again in 8 s");
        evaluation.next_attempt_at = Some(data::on(23, "14:02:31"));
        assert_eq!(waiting(&evaluation).status(), "attempt 3 now", "it is due");
        evaluation.attempts = 3;
        evaluation.next_attempt_at = None;
        assert_eq!(waiting(&evaluation).status(), "attempt 3 now", "it is running");
        assert_eq!(waiting(&evaluation).seconds(), "12 s");
    }

    #[test]
    fn without_a_named_fault_only_the_failure_is_mentioned() {
        let next_attempt_at = Some(data::on(23, "14:02:39"));
        let evaluation = Evaluation { attempts: 1, next_attempt_at, ..pending() };
        assert_eq!(
            waiting(&evaluation).sentence(),
            "The last attempt failed. Your answer is safe; attempt 2 in 8 s."
        );
    }

    #[test]
    fn completed_and_failed_evaluations_are_not_waiting() {
        for status in [EvaluationStatus::Completed, EvaluationStatus::Failed] {
            let evaluation = Evaluation { status: status.into(), ..Evaluation::default() };
            assert_eq!(Waiting::of(&evaluation, None, data::now()), None);
        }
    }
}
