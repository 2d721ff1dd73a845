//! An evaluation that is not there yet: since when, what was wrong last, when it goes on.

use jiff::Timestamp;
use viva_proto::v1::{Evaluation, EvaluationStatus};

use crate::{text, words};

/// How an evaluation stands that is not there yet.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Waiting {
    /// What was wrong with the last attempt, as a sentence; none before there was a fault.
    pub(crate) fault: Option<String>,
    /// Which attempt is made now or comes next, from 1 on; 0 before the first was begun.
    pub(crate) attempt: i32,
    /// Whole seconds until that attempt; 0 when it is due or under way.
    pub(crate) due_in: i64,
    /// Whole seconds since the evaluation was asked for.
    waited: i64,
}

impl Waiting {
    /// How an evaluation that was asked for at `since` stands now; none once it is there or has
    /// failed.
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
            // While an attempt is awaited, those counted are the ones before it.
            attempt: evaluation.attempts.saturating_add(i32::from(next.is_some())),
            due_in: next.map_or(0, |at| words::seconds_until(now, at)),
            waited: since.map_or(0, |since| words::seconds_between(since, now)),
        })
    }

    /// In a few words, without a full stop: `attempt 3 in 8 s`, `being evaluated, 12 s`.
    pub(crate) fn status(&self) -> String {
        let waited = words::lasting(self.waited);
        match (&self.fault, self.attempt) {
            (Some(_), attempt) => format!("attempt {attempt} {}", self.when()),
            (None, 0) => format!("waiting to be evaluated, {waited}"),
            (None, _) => format!("being evaluated, {waited}"),
        }
    }

    /// In a sentence or two; after a fault they begin with it and say that the answer is safe.
    pub(crate) fn sentence(&self) -> String {
        match &self.fault {
            Some(fault) => format!("{fault} Your answer is safe; {}.", self.status()),
            None => text::capitalised(&format!("{}.", self.status())),
        }
    }

    /// How long it has waited, or when it goes on: for where there is no room for words.
    pub(crate) fn seconds(&self) -> String {
        if self.due_in > 0 {
            format!("again in {}", words::lasting(self.due_in))
        } else {
            words::lasting(self.waited)
        }
    }

    /// When the attempt is: `in 8 s`, or `now` when it is due or under way.
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
    // A server that does not say what was wrong still says that it tries again.
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
    fn before_a_fault_it_is_said_how_long_one_has_waited() {
        let mut evaluation = pending();
        assert_eq!(waiting(&evaluation).sentence(), "Waiting to be evaluated, 12 s.");
        evaluation.attempts = 1;
        assert_eq!(waiting(&evaluation).sentence(), "Being evaluated, 12 s.");
        assert_eq!(waiting(&evaluation).seconds(), "12 s");
    }

    #[test]
    fn after_a_fault_it_is_said_what_is_wrong_what_is_safe_and_when_it_goes_on() {
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
        assert_eq!(waiting(&evaluation).status(), "attempt 3 now", "it is under way");
        assert_eq!(waiting(&evaluation).seconds(), "12 s");
    }

    #[test]
    fn a_server_that_names_no_fault_is_not_made_to_name_one() {
        let next_attempt_at = Some(data::on(23, "14:02:39"));
        let evaluation = Evaluation { attempts: 1, next_attempt_at, ..pending() };
        assert_eq!(
            waiting(&evaluation).sentence(),
            "The last attempt failed. Your answer is safe; attempt 2 in 8 s."
        );
    }

    #[test]
    fn what_is_there_or_has_failed_does_not_wait() {
        for status in [EvaluationStatus::Completed, EvaluationStatus::Failed] {
            let evaluation = Evaluation { status: status.into(), ..Evaluation::default() };
            assert_eq!(Waiting::of(&evaluation, None, data::now()), None);
        }
    }
}
