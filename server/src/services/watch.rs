//! Watching an interview: the current state of each question's latest answer, then each change.
//!
//! The watcher compares what it has sent with the store, so a lost or repeated hint does no harm,
//! and a slow reader gets the newest state rather than a queue of old ones.

use std::{collections::HashMap, sync::Arc, time::Duration};

use tokio::{sync::mpsc, time::Instant};
use tokio_util::sync::CancellationToken;

use crate::{
    domain::{
        answer::Answer,
        api_key::Bearer,
        id::{InterviewId, QuestionId},
        question::Question,
    },
    hints::{Changes, Listener},
    metrics::OpenGauge,
    services::{
        Limit, Resource, ServiceError, ServiceResult,
        account_slots::{AccountSlot, AccountSlots},
        callers::{Callers, LOOK_EVERY, live},
    },
    storage::Store,
};

/// How long a watch may stay open. A client that then connects again has missed nothing.
const OLDEST: Duration = Duration::from_mins(30);

/// The most watches that an account may have open in one process.
const MOST_OPEN: usize = 100;

/// How many changes wait for a slow reader; the rest stays in the database.
const BUFFER: usize = 4;

/// What a watch sends for a question.
#[derive(Debug, Clone, PartialEq)]
pub struct Watched {
    /// The latest answer to it.
    pub answer: Answer,
    /// Its follow-ups, in their order.
    pub follow_ups: Vec<Question>,
}

/// The use case of watching.
#[derive(Clone)]
pub struct Watches {
    store: Arc<dyn Store>,
    callers: Callers,
    changes: Changes,
    open: AccountSlots,
    shutdown: CancellationToken,
}

impl Watches {
    /// Creates the use case; `shutdown` ends every watch.
    pub fn new(
        store: Arc<dyn Store>,
        callers: Callers,
        changes: Changes,
        shutdown: CancellationToken,
    ) -> Self {
        Self {
            store,
            callers,
            changes,
            open: AccountSlots::new(MOST_OPEN, Limit::Watches),
            shutdown,
        }
    }

    /// Sends the latest answers and then each change. It ends when no evaluation is pending, unless
    /// `follow` keeps it open for further answers, and soon after its reader has disconnected.
    pub async fn watch(
        &self,
        caller: Bearer,
        id: InterviewId,
        follow: bool,
    ) -> ServiceResult<mpsc::Receiver<ServiceResult<Watched>>> {
        let slot = self.open.take(caller.user_id())?;
        // Listening begins before the first look, so that no change is missed between the two.
        let listener = self.changes.listen(id);
        let first = look(self.store.as_ref(), caller, id).await?;
        let (sender, receiver) = mpsc::channel(BUFFER);
        let watcher = Watcher {
            watches: self.clone(),
            caller,
            id,
            follow,
            sender,
            sent: HashMap::new(),
            until: Instant::now() + OLDEST,
            _open: OpenGauge::watch(),
            _slot: slot,
        };
        tokio::spawn(watcher.run(listener, first));
        Ok(receiver)
    }
}

/// Returns the current state of the interview's questions, if it exists, is the caller's, and the
/// caller may still see it. Evaluations are withheld until a real interview ends.
async fn look(store: &dyn Store, caller: Bearer, id: InterviewId) -> ServiceResult<Vec<Watched>> {
    let found = live(store.answered_interview_for(caller, id).await?)?;
    // It may have been deleted meanwhile.
    let (interview, answers) = found.ok_or(ServiceError::NotFound(Resource::Interview))?;
    if interview.user_id != caller.user_id() {
        return Err(ServiceError::AccessDenied);
    }
    let (withheld, now) = (interview.timing.withheld(), store.now().await?);
    let watched = answers.into_iter().map(|answer| {
        let follows = |question: &&Question| question.parent_id == Some(answer.question_id);
        let follow_ups = interview.questions.iter().filter(follows).cloned().collect();
        Watched { answer: answer.told_at(withheld, now), follow_ups }
    });
    Ok(watched.collect())
}

struct Watcher {
    watches: Watches,
    caller: Bearer,
    id: InterviewId,
    follow: bool,
    sender: mpsc::Sender<ServiceResult<Watched>>,
    sent: HashMap<QuestionId, Watched>,
    until: Instant,
    _open: OpenGauge,
    _slot: AccountSlot,
}

/// The reader has disconnected.
struct Gone;

impl Watcher {
    async fn run(mut self, mut listener: Listener, first: Vec<Watched>) {
        let mut first = Some(first);
        loop {
            let looked = match first.take() {
                Some(watched) => self.send(watched).await,
                None => self.look().await,
            };
            let ended = match looked {
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
                    // Changes by another process are seen at the latest after this time.
                    () = tokio::time::sleep(LOOK_EVERY) => None,
                    () = self.watches.shutdown.cancelled() => Some(ServiceError::ShuttingDown),
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

    /// Sends the reader why the watch ends, unless its queue is full.
    fn end(&self, error: ServiceError) {
        let _ = self.sender.try_send(Err(error));
    }

    /// Sends what has changed since the last look; true if there is nothing more to wait for.
    async fn look(&mut self) -> ServiceResult<Result<bool, Gone>> {
        if let Bearer::Key(_) = self.caller
            && !self.watches.callers.is_live(self.caller).await?
        {
            return Err(ServiceError::ended(self.caller));
        }
        let watched = look(self.watches.store.as_ref(), self.caller, self.id).await?;
        self.send(watched).await
    }

    async fn send(&mut self, all: Vec<Watched>) -> ServiceResult<Result<bool, Gone>> {
        let pending = all.iter().any(|watched| watched.answer.evaluation.is_pending());
        for watched in all {
            let question_id = watched.answer.question_id;
            if self.sent.get(&question_id) == Some(&watched) {
                continue;
            }
            self.sent.insert(question_id, watched.clone());
            // A reader that does not read must not keep the watch open beyond its end.
            tokio::select! {
                sent = self.sender.send(Ok(watched)) => if sent.is_err() { return Ok(Err(Gone)) },
                () = self.watches.shutdown.cancelled() => return Err(ServiceError::ShuttingDown),
                () = tokio::time::sleep_until(self.until) => return Err(ServiceError::WatchTooOld),
            }
        }
        Ok(Ok(!pending && !self.follow))
    }
}

#[cfg(test)]
mod tests;
