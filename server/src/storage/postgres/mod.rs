//! The store in a PostgreSQL database, for any number of processes. The SQL that it shares with
//! SQLite is in `storage/sql`; PostgreSQL's own parts are here.

#[path = "../sql/accounts.rs"]
mod accounts;
#[path = "../sql/answers.rs"]
mod answers;
#[path = "../sql/api_keys.rs"]
mod api_keys;
#[path = "../sql/attempts.rs"]
mod attempts;
#[path = "../sql/calls.rs"]
mod calls;
#[path = "../sql/challenges.rs"]
mod challenges;
mod clock;
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
mod listen;
#[path = "../sql/marks.rs"]
mod marks;
#[path = "../sql/memory.rs"]
mod memory;
mod moment;
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
mod url;
mod writes;

#[cfg(test)]
mod tests;

use std::{fmt, sync::Arc, time::Duration};

use async_trait::async_trait;
use futures::{
    future::{BoxFuture, Future},
    stream::BoxStream,
};
use sqlx::{
    Executor, PgConnection, Postgres,
    postgres::{PgArguments, PgConnectOptions},
};
use tokio::time::{Instant, timeout_at};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Lifecycle, StoreError, StoreResult,
    pool::{Pool, PooledConnection},
    signals::{Signal, Signals},
};
use crate::domain::clock::Timestamp;
use clock::ClockOfServer;
use dialect::Row;
use error::from_sqlx;

pub use open::{OpenError, PostgresOptions};
pub use url::PostgresUrl;

/// A statement with its bound values.
type Query = sqlx::query::Query<'static, Postgres, PgArguments>;

/// The greatest age of a reading of the database's clock that is still used.
const CLOCK_KNOWN: Duration = Duration::from_secs(10);

/// The store in one PostgreSQL database.
pub struct PostgresStore {
    writers: Pool<PgConnection>,
    readers: Pool<PgConnection>,
    query_timeout: Duration,
    writes: TaskTracker,
    clock: Arc<ClockOfServer>,
    /// How to make the connection that listens.
    listening: PgConnectOptions,
    closing: CancellationToken,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The options for connecting include the password.
        f.debug_struct("PostgresStore")
            .field("query_timeout", &self.query_timeout)
            .finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Runs `work` in a transaction in a task of its own, so that a caller that goes away cannot stop
    /// it half-way. At the query timeout it is rolled back. If the time runs out or the connection is
    /// lost during the commit, the outcome is unknown.
    async fn write<T, W>(&self, work: W) -> StoreResult<T>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut PgConnection) -> BoxFuture<'c, StoreResult<T>> + Send + 'static,
    {
        let pool = self.writers.clone();
        self.in_task(async move {
            let mut lease = begin(&pool).await.map_err(from_sqlx)?;
            let connection = lease.dirty().map_err(from_sqlx)?;
            // A failure leaves the connection dirty; it is closed, and the database ends the
            // transaction.
            let value = work(connection).await?;
            connection.execute("COMMIT").await.map_err(from_sqlx)?;
            lease.confirm();
            Ok(value)
        })
        .await
    }

    /// Runs one statement that writes, as a transaction of its own. It runs again if the connection
    /// was lost before or during it, so running it twice must have the same effect as once.
    async fn write_one(&self, query: impl Fn() -> Query + Send + 'static) -> StoreResult<Vec<Row>> {
        let pool = self.writers.clone();
        self.in_task(async move { ask(&pool, query).await.map_err(from_sqlx) }).await
    }

    /// Runs one statement that reads.
    async fn rows(&self, query: impl Fn() -> Query + Send) -> StoreResult<Vec<Row>> {
        self.in_time(async { ask(&self.readers, query).await.map_err(from_sqlx) }).await
    }

    /// Runs a write in a task of its own, for at most the query timeout.
    async fn in_task<T: Send + 'static>(
        &self,
        write: impl Future<Output = StoreResult<T>> + Send + 'static,
    ) -> StoreResult<T> {
        let limit = self.query_timeout;
        let deadline = Instant::now() + limit;
        let task = self.writes.spawn(async move {
            timeout_at(deadline, write).await.unwrap_or_else(|_| Err(too_late(limit)))
        });
        task.await.unwrap_or_else(|_| Err(StoreError::panicked()))
    }

    /// Waits for a query for at most the query timeout.
    async fn in_time<T>(&self, query: impl Future<Output = StoreResult<T>>) -> StoreResult<T> {
        let limit = self.query_timeout;
        tokio::time::timeout(limit, query).await.unwrap_or_else(|_| Err(too_late(limit)))
    }
}

/// A connection inside a transaction that has just begun.
async fn begin(pool: &Pool<PgConnection>) -> Result<PooledConnection<PgConnection>, sqlx::Error> {
    let mut lease = pool.acquire().await?;
    loop {
        match lease.dirty()?.execute("BEGIN").await {
            Ok(_) => return Ok(lease),
            Err(error) => lease.replace(error).await?,
        }
    }
}

/// Runs the query, and once more if the connection turns out to have been lost.
async fn ask(
    pool: &Pool<PgConnection>,
    query: impl Fn() -> Query,
) -> Result<Vec<Row>, sqlx::Error> {
    let mut lease = pool.acquire().await?;
    loop {
        match query().fetch_all(lease.dirty()?).await {
            Ok(rows) => {
                lease.confirm();
                return Ok(rows);
            }
            Err(error) => lease.replace(error).await?,
        }
    }
}

fn too_late(limit: Duration) -> StoreError {
    StoreError::Timeout(format!("no answer within {limit:?}"))
}

#[async_trait]
impl Lifecycle for PostgresStore {
    async fn ping(&self) -> StoreResult<()> {
        self.rows(|| sqlx::query("SELECT 1 FROM users LIMIT 1")).await.map(drop)
    }

    async fn now(&self) -> StoreResult<Timestamp> {
        if self.closing.is_cancelled() {
            return Err(from_sqlx(sqlx::Error::PoolClosed));
        }
        if let Some(now) = self.clock.now(CLOCK_KNOWN) {
            return Ok(now);
        }
        let rows = self.rows(|| sqlx::query("SELECT clock_timestamp() AS now_at")).await?;
        rows.first().map_or(Err(from_sqlx(sqlx::Error::RowNotFound)), |row| self.clock.learn(row))
    }

    async fn close(&self) {
        self.closing.cancel();
        self.writes.close();
        self.writes.wait().await;
        self.readers.close().await;
        self.writers.close().await;
    }
}

impl Signals for PostgresStore {
    fn listen(&self) -> Option<BoxStream<'static, Signal>> {
        Some(listen::listen(self.listening.clone(), listen::TIMEOUTS, self.closing.clone()))
    }

    fn tells(&self) -> bool {
        true
    }
}
