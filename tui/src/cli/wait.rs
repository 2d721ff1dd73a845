//! Waiting for evaluations. The server is asked again and again instead of watched: a watch tells
//! of a question's latest answer only, and a script may wait for one that is not the latest.

use std::{future::Future, time::Duration};

use clap::Args;
use jiff::Timestamp;
use tokio::time::{Instant, sleep};
use viva_proto::v1::{Answer, Evaluation, EvaluationStatus};

use super::{Exit, Failure, Meanwhile};
use crate::{api::Api, evaluation::waiting, problem::Problem, words};

/// The built-in grader needs some milliseconds.
const FIRST_PAUSE: Duration = Duration::from_millis(20);

/// A language model needs some seconds, and a server has more to do than to be asked.
const LONGEST_PAUSE: Duration = Duration::from_secs(1);

/// Whether to wait, and for how long.
#[derive(Debug, Clone, Copy, Args)]
pub(super) struct Waiting {
    /// Wait until it is evaluated; exit 6 if the evaluation fails
    #[arg(long)]
    pub(super) wait: bool,

    /// Wait no longer than this; exit 124 if it takes longer
    #[arg(long, value_name = "SECONDS", requires = "wait")]
    pub(super) timeout: Option<u32>,
}

impl Waiting {
    /// The longest that is waited; none: for ever.
    pub(super) fn patience(self) -> Option<Duration> {
        self.timeout.map(|seconds| Duration::from_secs(seconds.into()))
    }
}

/// The answer as soon as its evaluation is completed or failed, or as it is when the patience ends.
pub(crate) async fn evaluated(
    api: &Api,
    answer: i64,
    patience: Option<Duration>,
    meanwhile: &mut Meanwhile,
) -> Result<Answer, Problem> {
    let tell = |answer: &Answer| meanwhile.answers(&[answer]);
    until(patience, || api.answer(answer), |answer| !is_pending(answer), tell).await
}

/// What is asked for, once it is settled or the patience ends; until then each reply is told.
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

/// Whether an answer still waits for its evaluation.
pub(super) fn is_pending(answer: &Answer) -> bool {
    status(answer) == EvaluationStatus::Pending
}

fn status(answer: &Answer) -> EvaluationStatus {
    answer.evaluation.as_ref().map_or(EvaluationStatus::Unspecified, Evaluation::status)
}

/// The end of a command that waited for these answers.
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
    async fn waiting_ends_with_the_evaluation_or_with_the_patience() {
        let asked = Cell::new(0);
        let ask = || {
            asked.set(asked.get() + 1);
            std::future::ready(Ok(asked.get()))
        };
        let mut told = Vec::new();
        assert_eq!(until(None, ask, |n| *n == 3, |n| told.push(*n)).await, Ok(3));
        assert_eq!(told, [1, 2], "what is settled is the answer, and no more on the way");
        let impatient = until(Some(Duration::ZERO), ask, |_| false, |_| {});
        assert_eq!(impatient.await, Ok(4));
    }

    #[test]
    fn a_failed_evaluation_and_one_that_is_late_have_codes_of_their_own() {
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
    fn who_waited_in_vain_hears_what_it_waits_for() {
        let waiting = crate::testing::data::waiting(0, "The model cannot be reached.");
        let failure = outcome(&[&waiting]).unwrap_err();
        assert_eq!(failure.exit, Exit::Timeout);
        assert!(failure.message.contains("\nThe model cannot be reached. Your answer is safe; "));
    }
}
