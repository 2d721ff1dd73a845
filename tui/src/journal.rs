//! Writes drafts to disk, one order after the other, off the loop that draws: what was typed last
//! is always what is on disk last.

use std::{io, sync::mpsc, thread};

use tokio::sync::oneshot;

use crate::{
    drafts::DraftFolder,
    problem::{Problem, ProblemKind},
};

type Order = Box<dyn FnOnce(&DraftFolder) + Send>;

/// The way to the thread that writes; clones lead to the same.
#[derive(Clone)]
pub(crate) struct JournalWriter {
    orders: mpsc::Sender<Order>,
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
        Self { orders }
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

    /// Waits until everything ordered so far is on disk.
    pub(crate) async fn finish(&self) {
        let _ = self.order(|_| Ok(())).await;
    }
}

fn problem(why: impl std::fmt::Display) -> Problem {
    Problem::new(ProblemKind::Local, format!("Drafts cannot be saved: {why}."))
}
