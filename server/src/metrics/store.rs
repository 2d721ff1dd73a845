//! The figures that only the store knows, read at intervals and never during a call.

use std::{sync::Arc, time::Duration};

use super::{Metrics, database_is, pool_is, queue_is};
use crate::{
    domain::clock::Timestamp,
    storage::{Store, StoreResult, figures::QueueFigures},
};

/// How often they are read. Reading them is one query over only the pending rows.
const EVERY: Duration = Duration::from_secs(2);

/// Keeps the store's figures up to date for as long as it is polled.
pub async fn keep_up(metrics: Metrics, store: Arc<dyn Store>) {
    loop {
        // Before the query, which takes a connection too.
        for pool in store.pools() {
            pool_is(pool);
        }
        let queue = look(&*store).await;
        database_is(queue.is_ok());
        if let Ok((now, queue)) = queue {
            let oldest = queue.oldest_due.map(|due| now.since(due));
            queue_is(queue, oldest.unwrap_or_default());
        }
        // Puts recorded durations into their buckets; unread, they would accumulate.
        metrics.0.run_upkeep();
        tokio::time::sleep(EVERY).await;
    }
}

/// Reads the queue's figures and the database's time, on which its due times are based.
async fn look(store: &dyn Store) -> StoreResult<(Timestamp, QueueFigures)> {
    let now = store.now().await?;
    Ok((now, store.queue(now).await?))
}
