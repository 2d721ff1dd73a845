//! The worker: takes evaluations from the queue, has them graded outside any transaction, and
//! writes the results. What a grade is, it does not know.

mod retry;
mod step;
#[cfg(test)]
mod tests;

use std::{sync::Arc, time::Duration};

use tokio::{
    sync::{Notify, Semaphore},
    task::JoinSet,
};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::clock::Clock, evaluation::Evaluator, services::changes::Changes, storage::Store,
};
pub use retry::RetryPolicy;
#[cfg(test)]
use step::Stepped;

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
    clock: Arc<dyn Clock>,
    evaluator: Arc<dyn Evaluator>,
    changes: Changes,
    wake: Wake,
    settings: WorkerSettings,
}

impl Worker {
    /// Puts a worker together.
    pub fn new(
        store: Arc<dyn Store>,
        clock: Arc<dyn Clock>,
        evaluator: Arc<dyn Evaluator>,
        changes: Changes,
        wake: Wake,
        settings: WorkerSettings,
    ) -> Self {
        Self { store, clock, evaluator, changes, wake, settings }
    }

    /// Works until `stop`, then finishes what it has begun.
    pub async fn run(self, stop: CancellationToken) {
        let slots = Arc::new(Semaphore::new(self.settings.concurrency));
        let mut running = JoinSet::new();
        while !stop.is_cancelled() {
            while running.try_join_next().is_some() {}
            let slot = tokio::select! {
                slot = Arc::clone(&slots).acquire_owned() => slot,
                () = stop.cancelled() => break,
            };
            let claimed = self.claim().await;
            let pause = match claimed {
                Ok(Some(job)) => {
                    let worker = self.clone();
                    let stop = stop.clone();
                    running.spawn(async move {
                        let _slot = slot;
                        worker.work(job, &stop).await;
                    });
                    continue;
                }
                Ok(None) => self.until_next().await,
                Err(error) => {
                    tracing::warn!(%error, "the evaluation queue cannot be read");
                    self.settings.poll
                }
            };
            tokio::select! {
                () = self.wake.waits() => {}
                () = tokio::time::sleep(pause) => {}
                () = stop.cancelled() => {}
            }
        }
        while running.join_next().await.is_some() {}
    }

    /// Does one piece of work, if one is due, on the caller's task; for tests that go step by step.
    #[cfg(test)]
    async fn step(&self) -> Stepped {
        match self.claim().await {
            Ok(Some(job)) => self.work(job, &CancellationToken::new()).await,
            Ok(None) => Stepped::Idle,
            Err(error) => panic!("{error}"),
        }
    }

    /// How long until something may fall due: never longer than the poll.
    async fn until_next(&self) -> Duration {
        match self.store.next_due().await {
            Ok(Some(due)) => {
                let wait = due.since(self.clock.now());
                // A row that is due already was claimed by somebody else just now; looking again
                // at once would only turn circles.
                wait.clamp(Duration::from_millis(20), self.settings.poll)
            }
            Ok(None) | Err(_) => self.settings.poll,
        }
    }
}
