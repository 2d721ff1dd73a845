//! The worker: takes evaluations from the queue, has them graded outside any transaction, and
//! writes the results. It does not look into them.
//!
//! Leases and due times are counted only by the database's clock, so that a process with a wrong
//! clock neither takes others' work nor delays its own.

mod leases;
mod retry;
mod step;
#[cfg(test)]
mod tests;

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt;
use tokio::{
    task::{JoinError, JoinSet},
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::clock::Timestamp,
    evaluation::Evaluator,
    hints::{Changes, Wake},
    questions::bank::Bank,
    services::follow_ups::FollowUps,
    storage::{Store, StoreResult},
};
use leases::Leases;
pub use retry::RetryPolicy;
use step::Done;

/// How long an outcome waits for others that arrive at the same time. One transaction for several
/// leaves the database free for submissions, and nobody notices a hundredth of a second.
const GATHER: Duration = Duration::from_millis(10);

/// How long the worker then leaves the database alone: this many times as long as it used it, and
/// at most [`LONGEST_REST`]. Measured with `cargo bench --bench submit`.
const RESTS: u32 = 5;
const LONGEST_REST: Duration = Duration::from_millis(60);

/// The shortest interval of polling the queue if the database notifies of new work.
const TOLD_POLL: Duration = Duration::from_secs(5);

/// Settings of the worker.
#[derive(Debug, Clone, Copy)]
pub struct WorkerSettings {
    /// How many evaluations are in progress at the same time.
    pub concurrency: usize,
    /// How long a claimed evaluation is reserved, unless the lease is extended.
    pub lease: Duration,
    /// How often the queue is polled without a wake-up, in case a hint is missed. If the database
    /// notifies of new work, at most every five seconds.
    pub poll: Duration,
    /// When to retry, and when to give up.
    pub retry: RetryPolicy,
}

/// Evaluates queued answers.
#[derive(Clone)]
pub struct Worker {
    store: Arc<dyn Store>,
    evaluator: Arc<dyn Evaluator>,
    changes: Changes,
    wake: Wake,
    settings: WorkerSettings,
    leases: Leases,
    /// Adds follow-ups in real interviews.
    interviewer: FollowUps,
}

impl Worker {
    /// Creates a worker.
    pub fn new(
        store: Arc<dyn Store>,
        evaluator: Arc<dyn Evaluator>,
        changes: Changes,
        wake: Wake,
        interviewer: FollowUps,
        mut settings: WorkerSettings,
    ) -> Self {
        if store.tells() {
            settings.poll = settings.poll.max(TOLD_POLL);
        }
        let leases = Leases::default();
        Self { store, evaluator, changes, wake, settings, leases, interviewer }
    }

    /// Returns the worker with another bank for the interviewer.
    #[must_use]
    pub fn asking_from(self, bank: Arc<Bank>) -> Self {
        Self { interviewer: self.interviewer.asking_from(bank), ..self }
    }

    /// Works until `stop`, then returns unfinished evaluations to the queue. After a panic of the
    /// worker itself, it starts again; work in progress is taken up when its leases have run out.
    pub async fn run(self, stop: CancellationToken) {
        while AssertUnwindSafe(self.work_until(&stop)).catch_unwind().await.is_err() {
            tracing::error!("the worker panicked and restarts");
            // The pause keeps repeated panics from becoming a busy loop.
            tokio::time::sleep(self.settings.poll).await;
        }
    }

    async fn work_until(&self, stop: &CancellationToken) {
        let mut running = JoinSet::new();
        while !stop.is_cancelled() {
            let began = Instant::now();
            let pause = self.take_up(&mut running, stop).await;
            let claiming = began.elapsed();
            tokio::select! {
                Some(done) = running.join_next() => {
                    let batch = gather(done, &mut running).await;
                    let began = Instant::now();
                    self.finish(batch).await;
                    rest(claiming + began.elapsed(), stop).await;
                }
                () = self.wake.waits() => {}
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => {}
            }
        }
        while let Some(done) = running.join_next().await {
            let batch = gather(done, &mut running).await;
            self.finish(batch).await;
        }
    }

    /// Claims as many evaluations as there is room for, and returns how long to wait for more.
    async fn take_up(&self, running: &mut JoinSet<Done>, stop: &CancellationToken) -> Duration {
        let free = self.settings.concurrency.saturating_sub(running.len());
        if free == 0 {
            return self.settings.poll;
        }
        match self.claim(free).await {
            Ok(jobs) => {
                let all_busy = jobs.len() == free;
                for job in jobs {
                    running.spawn(self.clone().work(job, stop.clone()));
                }
                if all_busy { self.settings.poll } else { self.until_next().await }
            }
            Err(error) => {
                tracing::warn!(%error, "the evaluation queue cannot be read");
                self.settings.poll
            }
        }
    }

    /// Does one evaluation, if one is due, on the caller's task; for tests that go step by step.
    #[cfg(test)]
    async fn step(&self) -> step::Stepped {
        let Some(job) = self.claim(1).await.unwrap().pop() else { return step::Stepped::Idle };
        let done = self.clone().work(job, CancellationToken::new()).await;
        match self.finish(vec![done]).await.as_slice() {
            [true] => step::Stepped::Written,
            _ => step::Stepped::Fenced,
        }
    }

    /// Returns how long until something may be due, at most the polling interval.
    async fn until_next(&self) -> Duration {
        match self.next_due().await {
            Ok(Some((due, now))) => {
                let wait = due.since(now);
                // A row that is due already was just claimed by another worker; looking again
                // immediately would be a busy loop.
                wait.clamp(Duration::from_millis(20), self.settings.poll)
            }
            Ok(None) | Err(_) => self.settings.poll,
        }
    }

    /// Returns when something may next be due, and the current time.
    async fn next_due(&self) -> StoreResult<Option<(Timestamp, Timestamp)>> {
        let Some(due) = self.store.next_due().await? else { return Ok(None) };
        Ok(Some((due, self.store.now().await?)))
    }
}

/// Leaves the database alone for several times as long as the worker used it, so that even with a
/// long queue, most of its time is for callers that wait for a reply.
async fn rest(had: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(LONGEST_REST.min(had * RESTS)) => {}
        () = stop.cancelled() => {}
    }
}

/// Collects the first outcome and those that follow within [`GATHER`].
async fn gather(first: Result<Done, JoinError>, running: &mut JoinSet<Done>) -> Vec<Done> {
    let until = Instant::now() + GATHER;
    let mut batch = Vec::new();
    let mut next = Some(first);
    while let Some(done) = next {
        if let Ok(done) = done {
            batch.push(done);
        } else {
            // Panics of graders are caught, so this one is the worker's.
            tracing::error!("an evaluation was lost to a panic; its lease will run out");
        }
        next = timeout_at(until, running.join_next()).await.unwrap_or(None);
    }
    batch
}
