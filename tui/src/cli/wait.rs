//! Waiting for evaluations. The server is polled instead of watched: a watch reports only a
//! question's latest answer, and a script may wait for an earlier one.

use std::{future::Future, time::Duration};

use clap::Args;
use jiff::Timestamp;
use tokio::time::{Instant, sleep};
use viva_proto::v1::{Answer, Evaluation, EvaluationStatus};

use super::{Exit, Failure, Meanwhile};
use crate::{api::Api, evaluation::waiting, problem::Problem, words};

/// The built-in grader needs a few milliseconds.
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// A language model needs a few seconds, and polling should not burden the server.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Whether to wait, and for how long.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Waiting {
    /// Wait until it is evaluated; exit with 6 if the evaluation fails
    #[arg(long)]
    pub(super) wait: bool,

    /// Wait no longer than this; exit with 124 if it takes longer
    #[arg(long, value_name = "SECONDS", requires = "wait")]
    pub(super) timeout: Option<u32>,
}

impl Waiting {
    /// The longest time to wait; `None` means forever.
    pub(super) fn patience(self) -> Option<Duration> {
        self.timeout.map(|seconds| Duration::from_secs(seconds.into()))
    }
}

/// Returns the answer when its evaluation is completed or failed, or as it is when `patience` ends.
pub(crate) async fn evaluated(
    api: &Api,
    answer: i64,
    patience: Option<Duration>,
    meanwhile: &mut Meanwhile,
) -> Result<Answer, Problem> {
    let tell = |answer: &Answer| meanwhile.answers(&[answer]);
    until(patience, || api.answer(answer), |answer| !is_pending(answer), tell).await
}

/// Polls until the reply is settled or `patience` ends; earlier replies go to `tell`.
pub(super) async fn until<T, F>(
    patience: Option<Duration>,
    ask: impl Fn() -> F,
    is_settled: impl Fn(&T) -> bool,
    mut tell: impl FnMut(&T),
) -> Result<T, Problem>
where
    F: Future<Output = Result<T, Problem>>,
{
    let end = patience.map(|patience| Instant::now() + patience);
    let mut pause = FIRST_PAUSE;
    loop {
        let found = ask().await?;
        let left = end.map(|end| end.saturating_duration_since(Instant::now()));
        if is_settled(&found) || left.is_some_and(|left| left.is_zero()) {
            return Ok(found);
        }
        tell(&found);
        sleep(left.map_or(pause, |left| pause.min(left))).await;
        pause = (pause * 2).min(LONGEST_PAUSE);
    }
}

/// Whether an answer is still waiting for its evaluation. A withheld one is not waited for: it
/// comes when the interview ends.
pub(super) fn is_pending(answer: &Answer) -> bool {
    let is_withheld = answer.evaluation.as_ref().is_some_and(|evaluation| evaluation.withheld);
    status(answer) == EvaluationStatus::Pending && !is_withheld
}

fn status(answer: &Answer) -> EvaluationStatus {
    answer.evaluation.as_ref().map_or(EvaluationStatus::Unspecified, Evaluation::status)
}

/// How a command that waited for these answers ends.
pub(super) fn outcome(answers: &[&Answer]) -> Result<(), Failure> {
    let is_failed = |answer: &&&Answer| status(answer) == EvaluationStatus::Failed;
    if let Some(failed) = answers.iter().find(is_failed) {
        return Err(failed_evaluation(failed));
    }
    if let Some(pending) = answers.iter().find(|answer| is_pending(answer)) {
        return Err(late(pending));
    }
    Ok(())
}

fn late(answer: &Answer) -> Failure {
    let message = "The evaluation is not ready yet. What you answered is stored.";
    let failure = Failure::new(Exit::Timeout, message);
    let evaluation = answer.evaluation.as_ref();
    let waiting = evaluation.and_then(|e| waiting::Waiting::of(e, None, Timestamp::now()));
    match waiting.filter(|waiting| waiting.fault.is_some()) {
        Some(waiting) => failure.and(waiting.sentence()),
        None => failure,
    }
}

fn failed_evaluation(answer: &Answer) -> Failure {
    let evaluation = answer.evaluation.as_ref();
    let reason = evaluation.map_or("", |evaluation| evaluation.failure_reason.as_str());
    if evaluation.is_some_and(words::is_refused) {
        return Failure::new(Exit::Evaluation, format!("The answer has no score: {reason}"));
    }
    let message = format!(
        "The answer could not be evaluated: {reason}\nIt is stored. Try again with: viva interview \
         retry {}",
        answer.id
    );
    Failure::new(Exit::Evaluation, message)
}

#[cfg(test)]
mod tests {
    use std::cell::Cell;

    use super::*;
    use EvaluationStatus::{Completed, Failed, Pending};

    #[tokio::test]
    async fn waiting_ends_when_settled_or_when_the_time_is_up() {
        let asked = Cell::new(0);
        let ask = || {
            asked.set(asked.get() + 1);
            std::future::ready(Ok(asked.get()))
        };
        let mut told = Vec::new();
        assert_eq!(until(None, ask, |n| *n == 3, |n| told.push(*n)).await, Ok(3));
        assert_eq!(told, [1, 2], "the settled reply is returned, not reported");
        let impatient = until(Some(Duration::ZERO), ask, |_| false, |_| {});
        assert_eq!(impatient.await, Ok(4));
    }

    #[test]
    fn failed_and_late_evaluations_have_their_own_exit_codes() {
        let answer = |status: EvaluationStatus| Answer {
            evaluation: Some(Evaluation { status: status.into(), ..Default::default() }),
            ..Default::default()
        };
        let exit = |statuses: &[EvaluationStatus]| {
            let answers: Vec<_> = statuses.iter().copied().map(answer).collect();
            outcome(&answers.iter().collect::<Vec<_>>()).map_err(|failure| failure.exit)
        };
        assert_eq!(exit(&[Completed, Completed]), Ok(()));
        assert_eq!(exit(&[Completed, Pending]), Err(Exit::Timeout));
        assert_eq!(exit(&[Pending, Failed]), Err(Exit::Evaluation));
    }

    #[test]
    fn a_timeout_says_what_the_evaluation_is_waiting_for() {
        let waiting = crate::testing::data::waiting(0, "The model cannot be reached.");
        let failure = outcome(&[&waiting]).unwrap_err();
        assert_eq!(failure.exit, Exit::Timeout);
        assert!(failure.message.contains("\nThe model cannot be reached. Your answer is safe; "));
    }
}
