//! Watching an interview: the present state of each question's latest answer, then each change.
//!
//! The watcher compares what it has sent with what the store holds, so a hint that is lost or comes
//! twice does no harm, and a slow reader gets the newest state rather than a queue of old ones.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::{sync::mpsc, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{
        answer::Answer,
        api_key::Bearer,
        id::{InterviewId, QuestionId},
    },
    metrics::Open,
    services::{
        ServiceError, ServiceResult,
        callers::{Callers, LOOK_EVERY},
        changes::{Changes, Listener},
        interviews::check_owner,
        places::{Place, Places},
    },
    storage::Store,
};

/// How long a watch may stay open. A client that wants more connects again and has missed nothing.
const OLDEST: Duration = Duration::from_mins(30);

/// The most watches that an account may have open in one process: those of a few screens.
const MOST_OPEN: usize = 100;

/// Changes that wait for a slow reader; the rest waits in the database.
const BUFFER: usize = 4;

/// The watchers' use case.
#[derive(Clone)]
pub struct Watching {
    store: Arc<dyn Store>,
    callers: Callers,
    changes: Changes,
    open: Places,
    shutdown: CancellationToken,
}

impl Watching {
    /// Puts the use case together; `shutdown` ends every watch.
    pub fn new(
        store: Arc<dyn Store>,
        callers: Callers,
        changes: Changes,
        shutdown: CancellationToken,
    ) -> Self {
        Self { store, callers, changes, open: Places::new(MOST_OPEN), shutdown }
    }

    /// Sends the latest answers and then each change. It ends when nothing is pending any more,
    /// unless `follow` keeps it open for answers that are still to come, and soon after its reader
    /// has gone away.
    pub async fn watch(
        &self,
        caller: Bearer,
        id: InterviewId,
        follow: bool,
    ) -> ServiceResult<mpsc::Receiver<ServiceResult<Answer>>> {
        let place = self.open.take(caller.user_id())?;
        // Listening begins before the first look: no change falls between the two.
        let listener = self.changes.listen(id);
        check_owner(self.store.as_ref(), caller.user_id(), id).await?;
        let (sender, receiver) = mpsc::channel(BUFFER);
        let watcher = Watcher {
            watching: self.clone(),
            caller,
            id,
            follow,
            sender,
            sent: HashMap::new(),
            until: Instant::now() + OLDEST,
            _open: Open::watch(),
            _place: place,
        };
        tokio::spawn(watcher.run(listener));
        Ok(receiver)
    }
}

struct Watcher {
    watching: Watching,
    caller: Bearer,
    id: InterviewId,
    follow: bool,
    sender: mpsc::Sender<ServiceResult<Answer>>,
    sent: HashMap<QuestionId, Answer>,
    until: Instant,
    _open: Open,
    _place: Place,
}

/// The reader has gone away.
struct Gone;

impl Watcher {
    async fn run(mut self, mut listener: Listener) {
        loop {
            let ended = match self.look().await {
                Ok(Ok(done)) => done,
                Ok(Err(Gone)) => return,
                Err(error) => return self.end(error),
            };
            if ended {
                return;
            }
            let wait = async {
                tokio::select! {
                    () = listener.changed() => None,
                    // Changes made by another process are seen this late at the most.
                    () = tokio::time::sleep(LOOK_EVERY) => None,
                    () = self.watching.shutdown.cancelled() => Some(ServiceError::ShuttingDown),
                    () = tokio::time::sleep_until(self.until) => Some(ServiceError::WatchTooOld),
                }
            };
            let end = tokio::select! {
                end = wait => end,
                () = self.sender.closed() => return,
            };
            if let Some(error) = end {
                return self.end(error);
            }
        }
    }

    /// Says why the watch ends, if the reader has room for it; one that has not is not waited for.
    fn end(&self, error: ServiceError) {
        let _ = self.sender.try_send(Err(error));
    }

    /// Sends what has changed since the last look; true when there is nothing more to wait for.
    async fn look(&mut self) -> ServiceResult<Result<bool, Gone>> {
        if !self.watching.callers.is_live(self.caller).await? {
            return Err(ServiceError::TokenInvalid);
        }
        // The interview may have been deleted meanwhile.
        check_owner(self.watching.store.as_ref(), self.caller.user_id(), self.id).await?;
        let answers = self.watching.store.latest_answers(self.id).await?;
        let pending = answers.iter().any(|answer| answer.evaluation.is_pending());
        for answer in answers {
            if self.sent.get(&answer.question_id) == Some(&answer) {
                continue;
            }
            self.sent.insert(answer.question_id, answer.clone());
            // A reader that does not read must not outlast the server or its own time.
            tokio::select! {
                sent = self.sender.send(Ok(answer)) => if sent.is_err() { return Ok(Err(Gone)) },
                () = self.watching.shutdown.cancelled() => return Err(ServiceError::ShuttingDown),
                () = tokio::time::sleep_until(self.until) => return Err(ServiceError::WatchTooOld),
            }
        }
        Ok(Ok(!pending && !self.follow))
    }
}

#[cfg(test)]
mod tests;
