//! A batch: a few answers at a time, each told of as soon as it is graded.

use std::time::Duration;

use tokio::{
    sync::mpsc,
    task::{JoinError, JoinSet},
    time::{sleep, timeout},
};
use tracing::Instrument;

use super::{Grading, Item, ItemOutcome, turns::AT_ONCE};
use crate::{
    domain::api_key::Bearer,
    services::{ServiceError, ServiceResult, places::Place},
};

/// Outcomes that wait for a slow reader; the rest is not graded before it has read.
const BUFFER: usize = 4;

/// How long a reader may leave an outcome unread before the batch is given up.
const PATIENCE: Duration = Duration::from_mins(5);

/// How long a batch may last. With a language model a thousand answers may take longer; the rest can
/// be sent again.
const LONGEST: Duration = Duration::from_hours(1);

impl Grading {
    /// Grades the items and sends what became of each as soon as it is known. It ends when all are
    /// told, or early and with an error when the server stops, the caller's session or key has ended
    /// or an hour has passed. Dropping the receiver stops the work. An account that has too many
    /// batches already is told to come back.
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
        let place = self.batches.take(caller.user_id())?;
        // One place more, for the reason of an early end: without it, a reader who was slow would
        // take the end for that of the whole batch.
        let (sender, receiver) = mpsc::channel(BUFFER + 1);
        let batch = Batch { grading: self.clone(), caller, longest, sender, _place: place };
        tokio::spawn(batch.run(items).in_current_span());
        Ok(receiver)
    }
}

struct Batch {
    grading: Grading,
    caller: Bearer,
    longest: Duration,
    sender: mpsc::Sender<ServiceResult<ItemOutcome>>,
    _place: Place,
}

impl Batch {
    async fn run(self, items: Vec<Item>) {
        let Ok(last_word) = self.sender.clone().try_reserve_owned() else { return };
        let end = tokio::select! {
            graded = self.grade_all(items) => graded.err(),
            () = self.grading.callers.ended(self.caller) => Some(ServiceError::TokenInvalid),
            () = self.grading.shutdown.cancelled() => Some(ServiceError::ShuttingDown),
            () = sleep(self.longest) => {
                Some(ServiceError::Timeout("a batch was not graded in its time".into()))
            }
            () = self.sender.closed() => None,
        };
        if let Some(error) = end {
            last_word.send(Err(error));
        }
    }

    /// Each answer is graded in a task of its own: one that waits for the grader has its place in
    /// line, and must take it when it comes, even while nobody reads this batch's outcomes. When
    /// this future is dropped, the tasks are ended.
    async fn grade_all(&self, items: Vec<Item>) -> ServiceResult<()> {
        let mut under_way = JoinSet::new();
        for item in items {
            if under_way.len() >= AT_ONCE {
                self.tell(under_way.join_next().await).await?;
            }
            if !self.grading.callers.is_live(self.caller).await? {
                return Err(ServiceError::TokenInvalid);
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
            // Where nobody reads any more, the batch ends by itself.
            Ok(_) => Ok(()),
            Err(_) => Err(ServiceError::Timeout("nobody reads the outcomes of a batch".into())),
        }
    }
}

#[cfg(test)]
mod tests;
