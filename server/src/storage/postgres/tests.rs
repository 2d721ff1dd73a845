//! Tests of PostgreSQL's own parts; the promises of every store are in `contract`.

mod connections;
mod line_ends;
mod lost_replies;
mod opening;
mod plans;
pub(crate) mod scratch;
mod signals;
mod waits;

use std::time::Duration;

use super::{OpenError, PostgresOptions, PostgresStore, PostgresUrl};
use crate::storage::{Lifecycle, Store, contract};
use scratch::with_database;

/// The options with which a test opens its database.
fn options(url: &str) -> PostgresOptions {
    PostgresOptions {
        url: PostgresUrl::parse(url).unwrap(),
        pool_size: 10,
        query_timeout: Duration::from_secs(5),
    }
}

async fn open(url: &str) -> Result<PostgresStore, OpenError> {
    PostgresStore::open(options(url)).await
}

/// Opens a store with one connection that writes, one that reads, and a short time limit.
async fn open_small(url: &str, query_timeout: Duration) -> PostgresStore {
    let options = PostgresOptions { pool_size: 2, query_timeout, ..options(url) };
    PostgresStore::open(options).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn postgres_keeps_every_promise_of_a_store() {
    for promise in contract::promises() {
        println!("{}", promise.name);
        with_database(async |url| {
            let store = open(&url).await.unwrap();
            (promise.test)(&store as &dyn Store).await;
            store.close().await;
        })
        .await;
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn the_clock_is_the_databases() {
    with_database(async |url| {
        let store = open(&url).await.unwrap();
        let mut connection = scratch::connect(&url).await;
        let mut theirs = async || {
            let query = sqlx::query_scalar(
                "SELECT (extract(epoch FROM clock_timestamp()) * 1000000)::bigint",
            );
            query.fetch_one(&mut connection).await.unwrap()
        };
        let (before, now): (i64, _) = (theirs().await, store.now().await.unwrap());
        assert!(before <= now.micros() && now.micros() <= theirs().await, "{before} {now:?}");
        store.close().await;
    })
    .await;
}
