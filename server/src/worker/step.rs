//! One piece of work: claim, evaluate, finish.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::Worker;
use crate::{
    evaluation::{EvaluationFault, Verdict},
    fail_point,
    metrics::{self, Attempt},
    storage::{
        StoreResult,
        queue::{Claim, Job, Outcome},
    },
    telemetry,
};

/// How often an outcome is tried to be written, with doubling pauses between: about as long as a
/// lease.
const WRITES: usize = 6;

/// A job and how it ended.
pub(super) type Done = (Job, Outcome);

/// What became of a step.
#[cfg(test)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stepped {
    /// Nothing was due.
    Idle,
    /// The outcome is written.
    Written,
    /// Somebody else had claimed it meanwhile; nothing was written.
    Fenced,
}

impl Worker {
    pub(super) async fn claim(&self, limit: usize) -> StoreResult<Vec<Job>> {
        let now = self.store.now().await?;
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        self.store.claim(now, now.after(self.settings.lease), limit).await
    }

    /// Evaluates a claimed job; every line of the log on the way says which.
    pub(super) async fn work(self, job: Job, stop: CancellationToken) -> Done {
        let span = telemetry::evaluation(job.claim.answer_id, job.attempt, job.user_id);
        let outcome = self.attempt(&job, stop).instrument(span).await;
        (job, outcome)
    }

    /// Tries a claimed job. Told to stop, it does not wait for a grader that takes its time but
    /// gives the job back.
    async fn attempt(&self, job: &Job, stop: CancellationToken) -> Outcome {
        fail_point::reach("claimed");
        let began = Instant::now();
        let outcome = if job.attempt > self.settings.retry.max_attempts {
            // Its graders died with it so often that it must be the answer's doing.
            Outcome::Failed(format!(
                "The grader stopped {} times without a result.",
                self.settings.retry.max_attempts
            ))
        } else {
            tokio::select! {
                verdict = self.evaluate(job) => self.outcome(job, verdict),
                () = stop.cancelled() => Outcome::Returned,
            }
        };
        fail_point::reach("graded");
        metrics::evaluation_took(self.evaluator.kind(), began.elapsed());
        tracing::debug!(duration_ms = began.elapsed().as_millis(), "the attempt has ended");
        outcome
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
            tracing::error!("the grader panicked");
            Err(EvaluationFault::fail("The grader stopped unexpectedly on this answer."))
        })
    }

    /// Prolongs the lease at each third of it; returns when the claim has been lost.
    async fn keep_lease(&self, job: &Job) {
        loop {
            tokio::time::sleep(self.settings.lease / 3).await;
            match self.prolong(job.claim).await {
                Ok(true) => {}
                Ok(false) => return,
                Err(error) => tracing::warn!(%error, "a lease could not be prolonged"),
            }
        }
    }

    async fn prolong(&self, claim: Claim) -> StoreResult<bool> {
        let until = self.store.now().await?.after(self.settings.lease);
        self.store.extend(claim, until).await
    }

    fn outcome(&self, job: &Job, verdict: Verdict) -> Outcome {
        match verdict {
            Ok(assessment) => Outcome::Completed(Box::new(assessment)),
            Err(EvaluationFault::Fail { reason }) => Outcome::Failed(reason),
            Err(EvaluationFault::Refuse(refusal)) => Outcome::Refused(refusal),
            Err(EvaluationFault::Retry { reason, .. })
                if self.settings.retry.is_last(job.attempt) =>
            {
                let times =
                    if job.attempt == 1 { "once" } else { &format!("{} times", job.attempt) };
                Outcome::Failed(format!("{reason} Tried {times}."))
            }
            Err(EvaluationFault::Retry { after, reason }) => {
                let after = self.settings.retry.delay(job.attempt, after, rand::random());
                Outcome::Retry { after, fault: reason }
            }
        }
    }

    /// Writes outcomes, more than once if the database is in the way: what has been graded is not to
    /// be lost, and to the candidate, for a moment's trouble.
    async fn write(&self, outcomes: Vec<(Claim, Outcome)>) -> Option<Vec<bool>> {
        let mut pause = Duration::from_millis(100);
        for _ in 0..WRITES {
            match self.try_to_write(outcomes.clone()).await {
                Ok(written) => return Some(written),
                Err(error) => {
                    tracing::warn!(%error, evaluations = outcomes.len(), "outcomes are not written");
                }
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        // Their leases have run out or soon will, and the work is done again.
        None
    }

    async fn try_to_write(&self, outcomes: Vec<(Claim, Outcome)>) -> StoreResult<Vec<bool>> {
        let now = self.store.now().await?;
        self.store.finish(outcomes, now).await
    }

    /// Writes the outcomes and tells who watches; says for each whether it was written.
    pub(super) async fn finish(&self, batch: Vec<Done>) -> Vec<bool> {
        let (jobs, outcomes): (Vec<Job>, Vec<Outcome>) = batch.into_iter().unzip();
        for (job, outcome) in jobs.iter().zip(&outcomes) {
            if let Outcome::Failed(reason) = outcome {
                tracing::error!(
                    answer.id = job.claim.answer_id.get(),
                    attempt = job.attempt,
                    user_id = job.user_id.get(),
                    reason,
                    "an evaluation failed"
                );
            }
        }
        let again = outcomes.iter().any(|outcome| matches!(outcome, Outcome::Retry { .. }));
        let attempts: Vec<_> = outcomes.iter().map(attempt).collect();
        let outcomes: Vec<_> = jobs.iter().map(|job| job.claim).zip(outcomes).collect();
        let written = self.write(outcomes).await;
        self.count(&attempts, written.as_deref());
        let Some(written) = written else {
            return vec![false; jobs.len()];
        };
        fail_point::reach("outcome committed");
        let changed = jobs.iter().zip(&written).filter(|(_, written)| **written);
        for interview in changed.filter_map(|(job, _)| job.interview_id) {
            self.changes.announce(interview);
        }
        if again {
            // It may fall due before the queue is next looked at.
            self.wake.now();
        }
        written
    }
    fn count(&self, attempts: &[Attempt], written: Option<&[bool]>) {
        for (at, attempt) in attempts.iter().enumerate() {
            let attempt = match written.and_then(|written| written.get(at)) {
                Some(true) => *attempt,
                Some(false) => Attempt::Fenced,
                None => Attempt::Unwritten,
            };
            metrics::evaluation_ended(self.evaluator.kind(), attempt);
        }
    }
}

/// What an outcome counts as once it is written.
fn attempt(outcome: &Outcome) -> Attempt {
    match outcome {
        Outcome::Completed(_) => Attempt::Completed,
        Outcome::Retry { .. } => Attempt::Retried,
        Outcome::Failed(_) => Attempt::Failed,
        Outcome::Refused(_) => Attempt::Refused,
        Outcome::Returned => Attempt::Returned,
    }
}
