//! A batch: a few answers are graded at a time, and each outcome is sent as soon as it is known.

use std::time::Duration;

use tokio::{
    sync::mpsc,
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};
use tracing::Instrument;

use super::{Grading, Item, ItemOutcome, account_permits::AT_ONCE};
use crate::{
    domain::api_key::Bearer,
    services::{ServiceError, ServiceResult, account_slots::AccountSlot},
};

/// How many outcomes wait for a slow reader. Further answers are not graded until it has read some.
const BUFFER: usize = 4;

/// How long a reader may leave an outcome unread before the batch ends.
const PATIENCE: Duration = Duration::from_mins(5);

/// The longest time for a batch. With a language model, a thousand answers may take longer; the
/// caller can send the rest again.
const LONGEST: Duration = Duration::from_hours(1);

impl Grading {
    /// Grades the items and sends the outcome of each as soon as it is known. It ends after the
    /// last, or early with an error if the server stops, the caller's session or key ends, or an
    /// hour has passed. Dropping the receiver stops the work. `RATE_LIMITED` if the account has too
    /// many batches already.
    pub fn grade_all(
        &self,
        caller: Bearer,
        items: Vec<Item>,
    ) -> ServiceResult<mpsc::Receiver<ServiceResult<ItemOutcome>>> {
        self.grade_within(LONGEST, caller, items)
    }

    fn grade_within(
        &self,
        longest: Duration,
        caller: Bearer,
        items: Vec<Item>,
    ) -> ServiceResult<mpsc::Receiver<ServiceResult<ItemOutcome>>> {
        let slot = self.batches.take(caller.user_id())?;
        // One more place, reserved for the error of an early end: without it, a slow reader would
        // take a cut batch for a whole one.
        let (sender, receiver) = mpsc::channel(BUFFER + 1);
        let batch = Batch { grading: self.clone(), caller, longest, sender, _slot: slot };
        tokio::spawn(batch.run(items).in_current_span());
        Ok(receiver)
    }
}

struct Batch {
    grading: Grading,
    caller: Bearer,
    longest: Duration,
    sender: mpsc::Sender<ServiceResult<ItemOutcome>>,
    _slot: AccountSlot,
}

impl Batch {
    async fn run(self, items: Vec<Item>) {
        let Ok(last_word) = self.sender.clone().try_reserve_owned() else { return };
        let end = tokio::select! {
            graded = self.grade_all(items) => graded.err(),
            () = self.grading.callers.ended(self.caller) => Some(ServiceError::ended(self.caller)),
            () = self.grading.shutdown.cancelled() => Some(ServiceError::ShuttingDown),
            () = sleep(self.longest) => {
                Some(ServiceError::Timeout("a batch was not graded in time".into()))
            }
            () = self.sender.closed() => None,
        };
        if let Some(error) = end {
            last_word.send(Err(error));
        }
    }

    /// Grades each answer in its own task: one that waits in the grader's queue must take its turn
    /// when it comes, even while nobody reads this batch's outcomes. Dropping this ends the tasks.
    async fn grade_all(&self, items: Vec<Item>) -> ServiceResult<()> {
        let mut under_way = JoinSet::new();
        for item in items {
            if under_way.len() >= AT_ONCE {
                self.tell(under_way.join_next().await).await?;
            }
            if !self.grading.callers.is_live(self.caller).await? {
                return Err(ServiceError::ended(self.caller));
            }
            let (grading, user_id) = (self.grading.clone(), self.caller.user_id());
            let grade = async move {
                let graded = match item.task {
                    Ok(task) => grading.in_turn(user_id, task).await,
                    Err(violations) => Err(ServiceError::Validation(violations)),
                };
                ItemOutcome { id: item.id, graded }
            };
            under_way.spawn(grade.in_current_span());
        }
        while let Some(done) = under_way.join_next().await {
            self.tell(Some(done)).await?;
        }
        Ok(())
    }

    async fn tell(&self, done: Option<Result<ItemOutcome, JoinError>>) -> ServiceResult<()> {
        let Some(Ok(outcome)) = done else { return Ok(()) };
        match timeout(PATIENCE, self.sender.send(Ok(outcome))).await {
            // An error means that the reader has disconnected, which ends the batch anyway.
            Ok(_) => Ok(()),
            Err(_) => Err(ServiceError::Timeout("a batch's outcomes were not read in time".into())),
        }
    }
}

#[cfg(test)]
mod tests;
