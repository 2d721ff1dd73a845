//! A batch: a few answers at a time, each told of as soon as it is graded.

use tokio::{sync::mpsc, task::JoinSet};
use tracing::Instrument;

use super::{Grading, Item, ItemOutcome, turns::AT_ONCE};
use crate::{
    domain::api_key::Bearer,
    services::{ServiceError, ServiceResult},
};

/// Outcomes that wait for a slow reader; the rest is not graded before it has read.
const BUFFER: usize = 4;

impl Grading {
    /// Grades the items and sends what became of each as soon as it is known. It ends when all are
    /// told, or early and with an error when the server stops or the caller's session or key has
    /// ended. Dropping the receiver stops the work.
    pub fn grade_all(
        &self,
        caller: Bearer,
        items: Vec<Item>,
    ) -> mpsc::Receiver<ServiceResult<ItemOutcome>> {
        let (sender, receiver) = mpsc::channel(BUFFER);
        let batch = Batch { grading: self.clone(), caller, sender };
        tokio::spawn(batch.run(items).in_current_span());
        receiver
    }
}

struct Batch {
    grading: Grading,
    caller: Bearer,
    sender: mpsc::Sender<ServiceResult<ItemOutcome>>,
}

impl Batch {
    async fn run(self, items: Vec<Item>) {
        let end = tokio::select! {
            graded = self.grade_all(items) => graded.err(),
            () = self.grading.shutdown.cancelled() => Some(ServiceError::ShuttingDown),
            () = self.sender.closed() => None,
        };
        if let Some(error) = end {
            // A reader that has no room for the reason is not waited for.
            let _ = self.sender.try_send(Err(error));
        }
    }

    /// Each answer is graded in a task of its own: one that waits for the grader has its place in
    /// line, and must take it when it comes, even while nobody reads this batch's outcomes. When
    /// this future is dropped, the tasks are ended.
    async fn grade_all(&self, items: Vec<Item>) -> ServiceResult<()> {
        let mut under_way = JoinSet::new();
        for item in items {
            if under_way.len() >= AT_ONCE {
                self.tell(under_way.join_next().await).await;
            }
            if !self.grading.callers.is_live(self.caller).await? {
                return Err(ServiceError::TokenInvalid);
            }
            let (grading, user_id) = (self.grading.clone(), self.caller.user_id());
            let grade = async move {
                let graded = match item.task {
                    Ok(task) => grading.grade(user_id, task).await,
                    Err(violations) => Err(ServiceError::Validation(violations)),
                };
                ItemOutcome { id: item.id, graded }
            };
            under_way.spawn(grade.in_current_span());
        }
        while let Some(done) = under_way.join_next().await {
            self.tell(Some(done)).await;
        }
        Ok(())
    }

    async fn tell(&self, done: Option<Result<ItemOutcome, tokio::task::JoinError>>) {
        if let Some(Ok(outcome)) = done {
            // Where nobody reads any more, the batch ends by itself.
            let _ = self.sender.send(Ok(outcome)).await;
        }
    }
}
