//! Writes drafts to disk, one order after the other, off the loop that draws: what was typed last
//! is always what is on disk last. Texts that could not be written are remembered, for the end.

use std::{
    collections::BTreeMap,
    io,
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

use tokio::sync::oneshot;

use crate::{
    drafts::{Draft, DraftFolder, DraftId, Saved},
    problem::{Problem, ProblemKind},
};

type Order = Box<dyn FnOnce(&DraftFolder) + Send>;

/// The way to the thread that writes; clones lead to the same.
#[derive(Clone)]
pub(crate) struct JournalWriter {
    orders: mpsc::Sender<Order>,
    unsaved: Arc<Mutex<BTreeMap<DraftId, Draft>>>,
}

impl JournalWriter {
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

    /// Orders a draft to be written.
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

    /// Gives an order at once, whenever the outcome is awaited.
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
            // Nobody need wait for the outcome.
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

    /// Notes that the server has a text, which need not be saved any more.
    pub(crate) fn is_elsewhere(&self, id: DraftId) {
        self.unsaved.lock().unwrap_or_else(PoisonError::into_inner).remove(&id);
    }

    /// Waits until everything ordered so far is on disk, and gives what could not be written.
    pub(crate) async fn finish(&self) -> Vec<Draft> {
        let _ = self.order(|_| Ok(())).await;
        let mut unsaved = self.unsaved.lock().unwrap_or_else(PoisonError::into_inner);
        std::mem::take(&mut *unsaved).into_values().collect()
    }
}

fn problem(why: impl std::fmt::Display) -> Problem {
    Problem::new(ProblemKind::Local, format!("Drafts cannot be saved: {why}."))
}
