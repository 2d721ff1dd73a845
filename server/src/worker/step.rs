//! The steps of an evaluation: claim, evaluate, finish.

use std::{panic::AssertUnwindSafe, time::Duration};

use futures::FutureExt;
use tokio::time::Instant;
use tokio_util::sync::CancellationToken;
use tracing::Instrument;

use super::Worker;
use crate::{
    evaluation::{EvaluationFault, EvaluationResult},
    fail_point,
    metrics::{self, Attempt},
    storage::{
        StoreResult,
        queue::{Claim, Job, Outcome},
    },
    telemetry,
};

/// How often writing an outcome is tried, with doubling pauses between, in total about as long as a
/// lease.
const WRITES: usize = 6;

/// A job and how it ended.
pub(super) type Done = (Job, Outcome);

/// The result of a step.
#[cfg(test)]
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stepped {
    /// Nothing was due.
    Idle,
    /// The outcome was written.
    Written,
    /// Another worker had claimed it meanwhile; nothing was written.
    Fenced,
}

impl Worker {
    pub(super) async fn claim(&self, limit: usize) -> StoreResult<Vec<Job>> {
        let now = self.store.now().await?;
        let limit = u32::try_from(limit).unwrap_or(u32::MAX);
        self.store.claim(now, now.after(self.settings.lease), limit).await
    }

    /// Evaluates a claimed job, in a span that identifies it in the log.
    pub(super) async fn work(self, job: Job, stop: CancellationToken) -> Done {
        let span = telemetry::evaluation(job.claim.answer_id, job.attempt, job.user_id);
        let outcome = self.attempt(&job, stop).instrument(span).await;
        (job, outcome)
    }

    /// Makes an attempt at a claimed job. When told to stop, it returns the job instead of waiting
    /// for the grader.
    async fn attempt(&self, job: &Job, stop: CancellationToken) -> Outcome {
        fail_point::reach("claimed");
        let began = Instant::now();
        let outcome = if job.attempt > self.settings.retry.max_attempts {
            // The process died so often while grading it that the answer must be the cause.
            Outcome::Failed(format!(
                "The grader stopped {} times without a result.",
                self.settings.retry.max_attempts
            ))
        } else {
            tokio::select! {
                result = self.evaluate(job) => self.outcome(job, result),
                () = stop.cancelled() => Outcome::Returned,
            }
        };
        fail_point::reach("graded");
        metrics::evaluation_took(self.evaluator.kind(), began.elapsed());
        tracing::debug!(duration_ms = began.elapsed().as_millis(), "the attempt has ended");
        outcome
    }

    /// Grades a job and keeps its lease. A panic of the grader fails the job, not the worker.
    async fn evaluate(&self, job: &Job) -> EvaluationResult {
        let grading = AssertUnwindSafe(self.evaluator.evaluate(job)).catch_unwind();
        let result = tokio::select! {
            result = grading => result,
            () = self.keep_lease(job) => {
                return Err(EvaluationFault::retry("The evaluation was taken over."));
            }
        };
        result.unwrap_or_else(|_| {
            tracing::error!("the grader panicked");
            Err(EvaluationFault::fail("The grader stopped unexpectedly on this answer."))
        })
    }

    /// Extends the lease after each third of it, together with all others that will soon be due;
    /// returns when the claim is lost.
    async fn keep_lease(&self, job: &Job) {
        let hold = self.leases.hold(job.claim);
        loop {
            let next = self.leases.prolonged_at(job.claim) + self.settings.lease / 3;
            tokio::select! {
                () = hold.lost.cancelled() => return,
                () = tokio::time::sleep_until(next) => {}
            }
            // Another task may have extended it meanwhile.
            if self.leases.prolonged_at(job.claim) + self.settings.lease / 3 > Instant::now() {
                continue;
            }
            let due = self.leases.take_due(self.settings.lease / 6);
            match self.prolong(due.clone()).await {
                Ok(prolonged) => {
                    let lost = due.iter().zip(prolonged).filter(|(_, prolonged)| !prolonged);
                    lost.for_each(|(claim, _)| self.leases.lose(*claim));
                }
                Err(error) => tracing::warn!(%error, "leases could not be extended"),
            }
        }
    }

    async fn prolong(&self, claims: Vec<Claim>) -> StoreResult<Vec<bool>> {
        let until = self.store.now().await?.after(self.settings.lease);
        self.store.extend_all(claims, until).await
    }

    fn outcome(&self, job: &Job, result: EvaluationResult) -> Outcome {
        match result {
            Ok(assessment) => Outcome::Completed(Box::new(assessment)),
            Err(EvaluationFault::Fail { reason } | EvaluationFault::Spent { reason, .. }) => {
                Outcome::Failed(reason)
            }
            Err(EvaluationFault::Refuse(declined)) => Outcome::Refused(declined),
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

    /// Writes outcomes, and retries if the database fails: a short failure must not lose what has
    /// been graded.
    async fn write(&self, outcomes: Vec<(Claim, Outcome)>) -> Option<Vec<bool>> {
        let mut pause = Duration::from_millis(100);
        for _ in 0..WRITES {
            match self.try_to_write(outcomes.clone()).await {
                Ok(written) => return Some(written),
                Err(error) => {
                    tracing::warn!(%error, evaluations = outcomes.len(), "outcomes were not written");
                }
            }
            tokio::time::sleep(pause).await;
            pause *= 2;
        }
        // Their leases have run out or soon will; then the work is done again.
        None
    }

    async fn try_to_write(&self, outcomes: Vec<(Claim, Outcome)>) -> StoreResult<Vec<bool>> {
        let now = self.store.now().await?;
        self.store.finish(outcomes, now).await
    }

    /// Writes the outcomes and tells watchers; returns for each whether it was written.
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
        let completed: Vec<bool> =
            outcomes.iter().map(|outcome| matches!(outcome, Outcome::Completed(_))).collect();
        let outcomes: Vec<_> = jobs.iter().map(|job| job.claim).zip(outcomes).collect();
        let written = self.write(outcomes).await;
        self.count(&attempts, written.as_deref());
        let Some(written) = written else {
            return vec![false; jobs.len()];
        };
        fail_point::reach("outcome committed");
        for ((job, written), completed) in jobs.iter().zip(&written).zip(completed) {
            if *written && completed {
                self.follow_up_on(job);
            }
        }
        let changed = jobs.iter().zip(&written).filter(|(_, written)| **written);
        for interview in changed.filter_map(|(job, _)| job.interview_id) {
            self.changes.announce(interview);
        }
        if again {
            // It may be due before the queue is next polled.
            self.wake.now();
        }
        written
    }

    /// Lets the interviewer follow up on an answer of a real interview, delaying no other answer.
    fn follow_up_on(&self, job: &Job) {
        let Some(question_id) = job.followed else { return };
        let (interviewer, user_id) = (self.interviewer.clone(), job.user_id);
        tokio::spawn(async move {
            if let Err(error) = interviewer.interject(user_id, question_id).await {
                tracing::warn!(?error, "an answer was not followed up on");
            }
        });
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

/// Returns what an outcome counts as in the metrics once it is written.
fn attempt(outcome: &Outcome) -> Attempt {
    match outcome {
        Outcome::Completed(_) => Attempt::Completed,
        Outcome::Retry { .. } => Attempt::Retried,
        Outcome::Failed(_) => Attempt::Failed,
        Outcome::Refused(_) => Attempt::Refused,
        Outcome::Returned => Attempt::Returned,
    }
}
