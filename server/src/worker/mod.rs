//! The worker: takes evaluations from the queue, has them graded outside any transaction, and
//! writes the results. What a grade is, it does not know.
//!
//! Leases and due times are counted by the database's clock alone, so that a process whose own clock
//! is wrong neither takes others' work nor holds up its own.

mod retry;
mod step;
#[cfg(test)]
mod tests;

use std::{panic::AssertUnwindSafe, sync::Arc, time::Duration};

use futures::FutureExt;
use tokio::{
    sync::Notify,
    task::{JoinError, JoinSet},
    time::{Instant, timeout_at},
};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::clock::Timestamp,
    evaluation::Evaluator,
    services::changes::Changes,
    storage::{Store, StoreResult},
};
pub use retry::RetryPolicy;
use step::Done;

/// How long an outcome waits for others that come at the same time. One transaction for several
/// leaves the database to the people who submit meanwhile; nobody notices a hundredth of a second.
const GATHER: Duration = Duration::from_millis(10);

/// How many times as long as it has had the database the worker leaves it alone, and how long at
/// the most. Measured with `cargo bench --bench submit`.
const RESTS: u32 = 5;
const LONGEST_REST: Duration = Duration::from_millis(60);

/// Wakes the worker of this process.
#[derive(Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// There is work now. A call while the worker is busy is kept, not lost.
    pub fn now(&self) {
        self.0.notify_one();
    }

    async fn waits(&self) {
        self.0.notified().await;
    }
}

/// How the worker works.
#[derive(Debug, Clone, Copy)]
pub struct WorkerSettings {
    /// Evaluations at the same time.
    pub concurrency: usize,
    /// How long a claimed evaluation is nobody else's, unless it is prolonged.
    pub lease: Duration,
    /// How often the queue is looked at without a wake-up: the guarantee behind the hint.
    pub poll: Duration,
    /// When to try again, and when to give up.
    pub retry: RetryPolicy,
}

/// Evaluates what is queued.
#[derive(Clone)]
pub struct Worker {
    store: Arc<dyn Store>,
    evaluator: Arc<dyn Evaluator>,
    changes: Changes,
    wake: Wake,
    settings: WorkerSettings,
}

impl Worker {
    /// Puts a worker together.
    pub fn new(
        store: Arc<dyn Store>,
        evaluator: Arc<dyn Evaluator>,
        changes: Changes,
        wake: Wake,
        settings: WorkerSettings,
    ) -> Self {
        Self { store, evaluator, changes, wake, settings }
    }

    /// Works until `stop`, then gives back what it has not finished. After a panic of its own, what
    /// was under way is lost until its leases have run out, and it begins anew.
    pub async fn run(self, stop: CancellationToken) {
        while AssertUnwindSafe(self.work_until(&stop)).catch_unwind().await.is_err() {
            tracing::error!("the worker panicked and begins anew");
            // One that panics again and again shall not turn circles.
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

    /// Claims as much as there are free hands, and says how long it may be until there is more.
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

    /// Does one piece of work, if one is due, on the caller's task; for tests that go step by step.
    #[cfg(test)]
    async fn step(&self) -> step::Stepped {
        let Some(job) = self.claim(1).await.unwrap().pop() else { return step::Stepped::Idle };
        let done = self.clone().work(job, CancellationToken::new()).await;
        match self.finish(vec![done]).await.as_slice() {
            [true] => step::Stepped::Written,
            _ => step::Stepped::Fenced,
        }
    }

    /// How long until something may fall due: never longer than the poll.
    async fn until_next(&self) -> Duration {
        match self.next_due().await {
            Ok(Some((due, now))) => {
                let wait = due.since(now);
                // A row that is due already was claimed by somebody else just now; looking again
                // at once would only turn circles.
                wait.clamp(Duration::from_millis(20), self.settings.poll)
            }
            Ok(None) | Err(_) => self.settings.poll,
        }
    }

    /// When something may next fall due, and what time it is.
    async fn next_due(&self) -> StoreResult<Option<(Timestamp, Timestamp)>> {
        let Some(due) = self.store.next_due().await? else { return Ok(None) };
        Ok(Some((due, self.store.now().await?)))
    }
}

/// Leaves the database alone for some times as long as the worker has had it, so that however long
/// the queue is, most of the time belongs to those who wait for a reply.
async fn rest(had: Duration, stop: &CancellationToken) {
    tokio::select! {
        () = tokio::time::sleep(LONGEST_REST.min(had * RESTS)) => {}
        () = stop.cancelled() => {}
    }
}

/// The outcome that came first and those that come right after it.
async fn gather(first: Result<Done, JoinError>, running: &mut JoinSet<Done>) -> Vec<Done> {
    let until = Instant::now() + GATHER;
    let mut batch = Vec::new();
    let mut next = Some(first);
    while let Some(done) = next {
        if let Ok(done) = done {
            batch.push(done);
        } else {
            // Grading catches its panics, so this is the worker's own.
            tracing::error!("an evaluation was lost to a panic; its lease will run out");
        }
        next = timeout_at(until, running.join_next()).await.unwrap_or(None);
    }
    batch
}
