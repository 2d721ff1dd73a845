//! The store in a PostgreSQL database: any number of processes at once. The SQL that it shares with
//! SQLite is in `storage/sql`; what is PostgreSQL's own is here.

#[path = "../sql/accounts.rs"]
mod accounts;
#[path = "../sql/answers.rs"]
mod answers;
#[path = "../sql/api_keys.rs"]
mod api_keys;
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
mod listen;
#[path = "../sql/marks.rs"]
mod marks;
mod moment;
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
mod url;

#[cfg(test)]
mod tests;

use std::{fmt, time::Duration};

use async_trait::async_trait;
use futures::{
    future::{BoxFuture, Future},
    stream::BoxStream,
};
use sqlx::{Connection, PgConnection, PgPool, postgres::PgConnectOptions};
use tokio::time::{Instant, timeout_at};
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{
    Lifecycle, StoreError, StoreResult,
    signals::{Signal, Signals},
};
use crate::domain::clock::Timestamp;
use error::from_sqlx;
use moment::Moment;

pub use open::{OpenError, PostgresOptions};
pub use url::PostgresUrl;

/// Everything that the server keeps, in one PostgreSQL database.
pub struct PostgresStore {
    writers: PgPool,
    readers: PgPool,
    query_timeout: Duration,
    writes: TaskTracker,
    /// How the connection that listens is made.
    listening: PgConnectOptions,
    closing: CancellationToken,
}

impl fmt::Debug for PostgresStore {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // How to connect says with which password.
        f.debug_struct("PostgresStore")
            .field("query_timeout", &self.query_timeout)
            .finish_non_exhaustive()
    }
}

impl PostgresStore {
    /// Runs `work` in a transaction of its own task: a caller that goes away cannot drop it
    /// half-way, which this driver may take for a connection that is free. After the query timeout
    /// it is given up, and what it wrote with it; only of one that ends while it commits nobody
    /// knows, as with a connection that is lost then.
    async fn write<T, W>(&self, work: W) -> StoreResult<T>
    where
        T: Send + 'static,
        W: for<'c> FnOnce(&'c mut PgConnection) -> BoxFuture<'c, StoreResult<T>> + Send + 'static,
    {
        let pool = self.writers.clone();
        let limit = self.query_timeout;
        let deadline = Instant::now() + limit;
        let task = self.writes.spawn(async move {
            let transaction = async {
                let mut connection = pool.acquire().await.map_err(from_sqlx)?;
                let mut transaction = connection.begin().await.map_err(from_sqlx)?;
                let value = work(&mut transaction).await?;
                transaction.commit().await.map_err(from_sqlx)?;
                Ok(value)
            };
            timeout_at(deadline, transaction).await.unwrap_or_else(|_| Err(too_late(limit)))
        });
        task.await.unwrap_or_else(|_| Err(StoreError::panicked()))
    }

    /// Waits for a query no longer than the query timeout.
    async fn in_time<T>(&self, query: impl Future<Output = StoreResult<T>>) -> StoreResult<T> {
        let limit = self.query_timeout;
        tokio::time::timeout(limit, query).await.unwrap_or_else(|_| Err(too_late(limit)))
    }
}

fn too_late(limit: Duration) -> StoreError {
    StoreError::Timeout(format!("no answer within {limit:?}"))
}

#[async_trait]
impl Lifecycle for PostgresStore {
    async fn ping(&self) -> StoreResult<()> {
        let query = sqlx::query("SELECT 1 FROM users LIMIT 1").fetch_optional(&self.readers);
        self.in_time(async { query.await.map(|_| ()).map_err(from_sqlx) }).await
    }

    async fn now(&self) -> StoreResult<Timestamp> {
        let query = sqlx::query_scalar("SELECT clock_timestamp()").fetch_one(&self.readers);
        self.in_time(async { query.await.map(|Moment(now)| now).map_err(from_sqlx) }).await
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
        Some(listen::listen(self.listening.clone(), listen::PACE, self.closing.clone()))
    }
}
