//! The store in one SQLite file: a pool of readers and one writer, so that writes of this process
//! queue up fairly instead of running into each other's locks. Other processes may use the same
//! file at the same time. The SQL that it shares with PostgreSQL is in `storage/sql`; what is SQLite's
//! own is here.

#[path = "../sql/accounts.rs"]
mod accounts;
#[path = "../sql/answers.rs"]
mod answers;
#[path = "../sql/api_keys.rs"]
mod api_keys;
mod backup;
mod dialect;
mod error;
#[path = "../sql/export.rs"]
mod export;
#[path = "../sql/figures.rs"]
mod figures;
#[path = "../sql/identity.rs"]
mod identity;
#[path = "../sql/interviews.rs"]
mod interviews;
#[path = "../sql/marks.rs"]
mod marks;
mod open;
#[path = "../sql/queue.rs"]
mod queue;
#[path = "../sql/row.rs"]
mod row;
#[path = "../sql/sessions.rs"]
mod sessions;
#[path = "../sql/spending.rs"]
mod spending;
#[path = "../sql/throttles.rs"]
mod throttles;

#[cfg(test)]
mod tests;

use std::{fmt, future::Future, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures::{future::BoxFuture, stream::BoxStream};
use sqlx::{Connection, SqliteConnection, SqlitePool};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::{
    Lifecycle, StoreError, StoreResult,
    signals::{Signal, Signals},
};
use crate::domain::clock::{Clock, Timestamp};
use error::from_sqlx;

pub use backup::{BackupError, back_up};
pub use open::{OpenError, SqliteOptions};

/// Everything that the server keeps, in one SQLite file.
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    query_timeout: Duration,
    writes: TaskTracker,
    /// A file has no clock of its own; every process that uses it is on the same machine.
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("writer", &self.writer).finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// The same store by another clock than the machine's, for a test.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// Runs `work` in a write transaction of its own task: a caller that goes away cannot drop it
    /// half-way. BEGIN IMMEDIATE takes the write lock at once, because a transaction that reads
    /// first and writes later fails where another wrote in between.
    async fn write<T, W>(&self, work: W) -> StoreResult<T>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, StoreResult<T>>
            + Send
            + 'static,
    {
        let pool = self.writer.clone();
        let deadline = Instant::now() + self.query_timeout;
        let task = self.writes.spawn(async move {
            let mut connection = pool.acquire().await.map_err(from_sqlx)?;
            let done = transact(&mut connection, deadline, work).await;
            if done.is_err() {
                // Where COMMIT itself fails, as on a full disk, the driver counts the connection as
                // inside that transaction for ever and begins no other on it.
                connection.close_on_drop();
            }
            done
        });
        self.in_time(async move { task.await.unwrap_or_else(|_| Err(StoreError::panicked())) })
            .await
    }

    /// Waits for a query no longer than the query timeout.
    async fn in_time<T>(&self, query: impl Future<Output = StoreResult<T>>) -> StoreResult<T> {
        tokio::time::timeout(self.query_timeout, query).await.unwrap_or_else(|_| {
            Err(StoreError::Timeout(format!("no answer within {:?}", self.query_timeout)))
        })
    }
}

/// Does the work in one transaction; after an error nothing of it has happened.
async fn transact<T, W>(
    connection: &mut SqliteConnection,
    deadline: Instant,
    work: W,
) -> StoreResult<T>
where
    W: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, StoreResult<T>>,
{
    let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await.map_err(from_sqlx)?;
    if Instant::now() >= deadline {
        // The caller has been told that it took too long; it must not happen after all.
        return Err(StoreError::Timeout("its turn to write came too late".into()));
    }
    let value = work(&mut transaction).await?;
    transaction.commit().await.map_err(from_sqlx)?;
    Ok(value)
}

#[async_trait]
impl Lifecycle for SqliteStore {
    async fn ping(&self) -> StoreResult<()> {
        let query = sqlx::query("SELECT 1 FROM users LIMIT 1").fetch_optional(&self.readers);
        self.in_time(async { query.await.map(|_| ()).map_err(from_sqlx) }).await
    }

    async fn now(&self) -> StoreResult<Timestamp> {
        Ok(self.clock.now())
    }

    async fn close(&self) {
        self.writes.close();
        self.writes.wait().await;
        self.readers.close().await;
        self.writer.close().await;
    }
}

impl Signals for SqliteStore {
    /// A file cannot tell; the polls of its few processes are enough.
    fn listen(&self) -> Option<BoxStream<'static, Signal>> {
        None
    }
}
