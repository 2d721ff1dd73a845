//! The thread that writes drafts to disk in order, while the app draws: the disk always ends up
//! with the latest text. Texts that could not be written are kept until the app ends.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use tokio::sync::oneshot;

use super::{Draft, DraftFolder, DraftId, Saved};
use crate::problem::{Problem, ProblemKind};

type Order = Box<dyn FnOnce(&DraftFolder) + Send>;

/// A handle to the thread that writes; clones share it.
#[derive(Clone)]
pub(crate) struct DraftThread {
    orders: mpsc::Sender<Order>,
    unsaved: Arc<Mutex<BTreeMap<DraftId, Draft>>>,
}

impl DraftThread {
    /// Starts the thread, which ends with the last clone.
    pub(crate) fn start(folder: DraftFolder) -> Self {
        let (orders, work) = mpsc::channel::<Order>();
        thread::spawn(move || {
            for order in work {
                order(&folder);
            }
        });
        Self { orders, unsaved: Arc::default() }
    }

    /// Orders a draft to be saved.
    pub(crate) fn save(
        &self,
        draft: Draft,
    ) -> impl Future<Output = Result<Saved, Problem>> + Send + use<> {
        let unsaved = self.unsaved.clone();
        self.order(move |folder| {
            let saved = folder.save(&draft);
            let mut unsaved = unsaved.lock().unwrap_or_else(PoisonError::into_inner);
            unsaved.remove(&draft.id);
            if saved.is_err() {
                unsaved.insert(draft.id, draft);
            }
            saved
        })
    }

    /// Orders some work now, even if the returned future is polled later.
    pub(crate) fn order<T, W>(
        &self,
        work: W,
    ) -> impl Future<Output = Result<T, Problem>> + Send + use<T, W>
    where
        T: Send + 'static,
        W: FnOnce(&DraftFolder) -> io::Result<T> + Send + 'static,
    {
        let (done, outcome) = oneshot::channel();
        let order: Order = Box::new(move |folder| {
            // The outcome may not be awaited.
            let _ = done.send(work(folder));
        });
        let sent = self.orders.send(order);
        async move {
            sent.map_err(|_| problem("the thread that writes them has ended"))?;
            match outcome.await {
                Ok(outcome) => outcome.map_err(problem),
                Err(_) => Err(problem("the thread that writes them has ended")),
            }
        }
    }

    /// Notes that the server has a text, so that it need not be saved any more.
    pub(crate) fn is_elsewhere(&self, id: DraftId) {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// Waits until everything ordered so far is done, and returns what could not be saved.
    pub(crate) async fn finish(&self) -> Vec<Draft> {
        let _ = self.order(|_| Ok(())).await;
        let mut unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *unsaved).into_values().collect()
    }
}

fn problem(why: impl std::fmt::Display) -> Problem {
    Problem::new(ProblemKind::Local, format!("Drafts cannot be saved: {why}."))
}
