//! Wakes the worker of this process.

use std::sync::Arc;

use tokio::sync::Notify;

/// Tells the worker that there is work; clones share it.
#[derive(Clone, Default)]
pub struct Wake(Arc<Notify>);

impl Wake {
    /// Wakes the worker. A call while it is busy is kept, not lost.
    pub fn now(&self) {
        self.0.notify_one();
    }

    /// Waits for the next call, or takes one that was kept.
    pub(crate) async fn waits(&self) {
        self.0.notified().await;
    }
}
