//! Passes on inside this process what other processes on the same database do.

use std::sync::Arc;

use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use crate::{
    services::changes::Changes,
    storage::{Store, signals::Signal},
    worker::Wake,
};

/// Wakes the worker and tells the watchers until `stop`. Where the store has no way to hear of
/// others it returns at once, and polls find what they do.
pub async fn pass_on(store: Arc<dyn Store>, wake: Wake, changes: Changes, stop: CancellationToken) {
    let Some(mut signals) = store.listen() else { return };
    while let Some(Some(signal)) = stop.run_until_cancelled(signals.next()).await {
        match signal {
            Signal::Interview(id) => changes.announce(id),
            // Watchers who missed something find it at their next look.
            Signal::Work | Signal::MissedSome => wake.now(),
        }
    }
}
