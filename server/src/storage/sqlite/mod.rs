//! The store in one SQLite file: a pool of readers and one writer, so that this process's writes queue
//! fairly instead of competing for the lock. Other processes may use the same file at the same time.
//! The SQL that it shares with PostgreSQL is in `storage/sql`; SQLite's own parts are here.

#[path = "../sql/accounts.rs"]
mod accounts;
#[path = "../sql/answers.rs"]
mod answers;
#[path = "../sql/api_keys.rs"]
mod api_keys;
#[path = "../sql/attempts.rs"]
mod attempts;
mod backup;
#[path = "../sql/calls.rs"]
mod calls;
#[path = "../sql/challenges.rs"]
mod challenges;
mod dialect;
mod error;
#[path = "../sql/export.rs"]
mod export;
#[path = "../sql/figures.rs"]
mod figures;
#[path = "../sql/follow_ups.rs"]
mod follow_ups;
#[path = "../sql/help.rs"]
mod help;
#[path = "../sql/identity.rs"]
mod identity;
#[path = "../sql/interviews.rs"]
mod interviews;
#[path = "../sql/marks.rs"]
mod marks;
#[path = "../sql/memory.rs"]
mod memory;
mod migrations;
mod open;
#[path = "../sql/queue.rs"]
mod queue;
#[path = "../sql/row.rs"]
mod row;
#[path = "../sql/search.rs"]
mod search;
#[path = "../sql/sessions.rs"]
mod sessions;
#[path = "../sql/spending.rs"]
mod spending;
#[path = "../sql/throttles.rs"]
mod throttles;
mod writes;

#[cfg(test)]
mod tests;

use std::{
    fmt,
    future::Future,
    sync::{
        Arc,
        atomic::{AtomicU64, Ordering},
    },
    time::Duration,
};

use async_trait::async_trait;
use futures::{FutureExt, future::BoxFuture, stream::BoxStream};
use sqlx::{Connection, Sqlite, SqliteConnection, SqlitePool, sqlite::SqliteArguments};
use tokio::time::Instant;
use tokio_util::task::TaskTracker;

use super::{
    Lifecycle, StoreError, StoreResult,
    signals::{Signal, Signals},
};
use crate::domain::clock::{Clock, Timestamp};
use dialect::Row;
use error::from_sqlx;

pub use backup::{BackupError, back_up};
pub use open::{OpenError, SqliteOptions};

/// A statement with its bound values.
type Query = sqlx::query::Query<'static, Sqlite, SqliteArguments>;

/// The store in one SQLite file.
pub struct SqliteStore {
    writer: SqlitePool,
    readers: SqlitePool,
    query_timeout: Duration,
    writes: TaskTracker,
    /// How often a connection was given something to do.
    asked: AtomicU64,
    /// A file has no clock of its own; every process that uses it is on the same machine.
    clock: Arc<dyn Clock>,
}

impl fmt::Debug for SqliteStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SqliteStore").field("writer", &self.writer).finish_non_exhaustive()
    }
}

impl SqliteStore {
    /// The same store with another clock than the machine's, for a test.
    #[must_use]
    pub fn with_clock(mut self, clock: Arc<dyn Clock>) -> Self {
        self.clock = clock;
        self
    }

    /// How often this store gave a connection something to do: a statement that reads, or a whole
    /// transaction that writes.
    pub fn times_asked(&self) -> u64 {
        self.asked.load(Ordering::Relaxed)
    }

    /// Runs `work` in a write transaction in a task of its own, so that a caller that goes away cannot
    /// drop it half-way. BEGIN IMMEDIATE takes the write lock at once, because a transaction that
    /// reads first and writes later fails if another one wrote in between.
    async fn write<T, W>(&self, work: W) -> StoreResult<T>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut SqliteConnection) -> BoxFuture<'c, StoreResult<T>>
            + Send
            + 'static,
    {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let pool = self.writer.clone();
        let deadline = Instant::now() + self.query_timeout;
        let task = self.writes.spawn(async move {
            let mut connection = pool.acquire().await.map_err(from_sqlx)?;
            let done = transact(&mut connection, deadline, work).await;
            if done.is_err() {
                // If COMMIT itself fails, as on a full disk, the driver believes the connection to be
                // inside that transaction forever and begins no other on it.
                connection.close_on_drop();
            }
            done
        });
        self.in_time(async move { task.await.unwrap_or_else(|_| Err(StoreError::panicked())) })
            .await
    }

    /// Runs one statement that writes, as a transaction of its own.
    async fn write_one(&self, query: impl Fn() -> Query + Send + 'static) -> StoreResult<Vec<Row>> {
        self.write(move |db| async move { query().fetch_all(db).await.map_err(from_sqlx) }.boxed())
            .await
    }

    /// Runs one statement that reads.
    async fn rows(&self, query: impl Fn() -> Query + Send) -> StoreResult<Vec<Row>> {
        self.asked.fetch_add(1, Ordering::Relaxed);
        let query = query();
        self.in_time(async { query.fetch_all(&self.readers).await.map_err(from_sqlx) }).await
    }

    /// Waits for a query for at most the query timeout.
    async fn in_time<T>(&self, query: impl Future<Output = StoreResult<T>>) -> StoreResult<T> {
        tokio::time::timeout(self.query_timeout, query).await.unwrap_or_else(|_| {
            Err(StoreError::Timeout(format!("no answer within {:?}", self.query_timeout)))
        })
    }
}

/// Does the work in one transaction. After an error, nothing is written.
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
        // The caller has already got a timeout, so the work must not be done after all.
        return Err(StoreError::Timeout("its turn to write came too late".into()));
    }
    let value = work(&mut transaction).await?;
    transaction.commit().await.map_err(from_sqlx)?;
    Ok(value)
}

#[async_trait]
impl Lifecycle for SqliteStore {
    async fn ping(&self) -> StoreResult<()> {
        self.rows(|| sqlx::query("SELECT 1 FROM users LIMIT 1")).await.map(drop)
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
    /// A file has no notifications; its few processes poll, which is enough.
    fn listen(&self) -> Option<BoxStream<'static, Signal>> {
        None
    }

    fn tells(&self) -> bool {
        false
    }
}
