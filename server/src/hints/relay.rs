//! Relays signals from other processes on the same database.

use std::sync::Arc;

use futures::StreamExt;
use tokio_util::sync::CancellationToken;

use crate::{
    hints::{Changes, Wake},
    storage::{Store, signals::Signal},
};

/// Wakes the worker and tells the watchers, until `stop`. Returns immediately if the store cannot
/// notify; polling then finds the work.
pub async fn pass_on(store: Arc<dyn Store>, wake: Wake, changes: Changes, stop: CancellationToken) {
    let Some(mut signals) = store.listen() else { return };
    while let Some(Some(signal)) = stop.run_until_cancelled(signals.next()).await {
        match signal {
            Signal::Interview(id) => changes.announce(id),
            // Watchers that missed something find it at their next look.
            Signal::Work | Signal::MissedSome => wake.now(),
        }
    }
}
