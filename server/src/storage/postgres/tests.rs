//! What is PostgreSQL's own; the promises of every store are in `contract`.

pub(crate) mod scratch;

use std::time::Duration;

use super::{OpenError, PostgresOptions, PostgresStore, PostgresUrl};
use crate::storage::{Lifecycle, Store, contract};
use scratch::with_database;

/// How a test opens its database.
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
