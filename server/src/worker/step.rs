//! One piece of work: claim, evaluate, finish.

use std::panic::AssertUnwindSafe;

use futures::FutureExt;
use tokio_util::sync::CancellationToken;

use super::Worker;
use crate::{
    evaluation::{EvaluationFault, Verdict},
    storage::{
        StoreResult,
        queue::{Job, Outcome},
    },
};

/// What became of a step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stepped {
    /// Nothing was due.
    #[cfg(test)]
    Idle,
    /// The outcome is written.
    Written,
    /// Somebody else had claimed it meanwhile; nothing was written.
    Fenced,
    /// The database would not take the outcome; the lease will run out and the work be done again.
    Lost,
}

impl Worker {
    pub(super) async fn claim(&self) -> StoreResult<Option<Job>> {
        let now = self.clock.now();
        self.store.claim(now, now.after(self.settings.lease)).await
    }

    /// Evaluates a claimed job and writes the outcome. Told to stop, it does not wait for a grader
    /// that takes its time but gives the job back.
    pub(super) async fn work(&self, job: Job, stop: &CancellationToken) -> Stepped {
        let outcome = if job.attempt > self.settings.retry.max_attempts {
            // Its graders died with it so often that it must be the answer's doing.
            Outcome::Failed(format!(
                "The grader stopped {} times without a result.",
                self.settings.retry.max_attempts
            ))
        } else {
            tokio::select! {
                verdict = self.evaluate(&job) => self.outcome(&job, verdict),
                () = stop.cancelled() => Outcome::Returned,
            }
        };
        self.finish(&job, outcome).await
    }

    /// Grades while the lease is prolonged in time. A panic is the job's failure, not the worker's.
    async fn evaluate(&self, job: &Job) -> Verdict {
        let grading = AssertUnwindSafe(self.evaluator.evaluate(job)).catch_unwind();
        let verdict = tokio::select! {
            verdict = grading => verdict,
            () = self.keep_lease(job) => {
                return Err(EvaluationFault::retry("The evaluation was taken over."));
            }
        };
        verdict.unwrap_or_else(|_| {
            tracing::error!(answer.id = %job.claim.answer_id, "the grader panicked");
            Err(EvaluationFault::fail("The grader stopped unexpectedly on this answer."))
        })
    }

    /// Prolongs the lease at each third of it; returns when the claim has been lost.
    async fn keep_lease(&self, job: &Job) {
        loop {
            tokio::time::sleep(self.settings.lease / 3).await;
            let until = self.clock.now().after(self.settings.lease);
            match self.store.extend(job.claim, until).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(%error, "a lease could not be prolonged"),
            }
        }
    }

    fn outcome(&self, job: &Job, verdict: Verdict) -> Outcome {
        match verdict {
            Ok(assessment) => Outcome::Completed(Box::new(assessment)),
            Err(EvaluationFault::Fail { reason }) => Outcome::Failed(reason),
            Err(EvaluationFault::Retry { reason, .. })
                if self.settings.retry.is_last(job.attempt) =>
            {
                Outcome::Failed(format!("{reason} Tried {} times.", job.attempt))
            }
            Err(EvaluationFault::Retry { after, .. }) => {
                let delay = self.settings.retry.delay(job.attempt, after, rand::random());
                Outcome::Retry(self.clock.now().after(delay))
            }
        }
    }

    async fn finish(&self, job: &Job, outcome: Outcome) -> Stepped {
        if let Outcome::Failed(reason) = &outcome {
            tracing::error!(answer.id = %job.claim.answer_id, reason, "an evaluation failed");
        }
        let again = matches!(outcome, Outcome::Retry(_));
        match self.store.finish(job.claim, outcome, self.clock.now()).await {
            Ok(true) => {
                if again {
                    // It may fall due before the queue is next looked at.
                    self.wake.now();
                }
                self.changes.announce(job.interview_id);
                Stepped::Written
            }
            Ok(false) => Stepped::Fenced,
            Err(error) => {
                tracing::warn!(%error, answer.id = %job.claim.answer_id, "an outcome was not written");
                Stepped::Lost
            }
        }
    }
}
