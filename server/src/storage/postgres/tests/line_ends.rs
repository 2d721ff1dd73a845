//! Programs built from checkouts with other line ends open the same database.

use sha2::{Digest as _, Sha384};
use sqlx::Executor as _;

use super::{
    super::{PostgresStore, open::MIGRATIONS},
    open, options,
    scratch::{connect, with_database},
};
use crate::storage::{AccountStore, Lifecycle, contract::world, crlf_checkout::with_crlf};

/// The stored checksums, and when each migration was applied.
async fn applied(url: &str) -> Vec<(i64, String, Vec<u8>)> {
    let query =
        "SELECT version, installed_on::text, checksum FROM _sqlx_migrations ORDER BY version";
    sqlx::query_as(query).fetch_all(&mut connect(url).await).await.unwrap()
}

#[tokio::test(flavor = "multi_thread")]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_database_from_one_checkout_is_opened_by_programs_from_any_other() {
    let checkouts = [
        MIGRATIONS.to_vec(),
        with_crlf(&MIGRATIONS, "postgres", false),
        with_crlf(&MIGRATIONS, "postgres", true),
    ];
    for made_by in &checkouts {
        with_database(async |url| {
            let store = PostgresStore::open_by(options(&url), made_by).await.unwrap();
            world::user(&store, "ada").await;
            let before = applied(&url).await;
            // Each stays open while the next one opens it.
            let mut stores = vec![store];
            for migrations in &checkouts {
                stores.push(PostgresStore::open_by(options(&url), migrations).await.unwrap());
                assert_eq!(applied(&url).await, before, "nothing is done twice");
                let known = stores.last().unwrap().credentials("ada").await.unwrap();
                assert!(known.is_some());
            }
            for store in stores {
                store.close().await;
            }
        })
        .await;
    }
}

#[tokio::test]
#[ignore = "needs PostgreSQL; scripts/test runs it"]
async fn a_database_that_an_earlier_program_made_from_a_crlf_checkout_is_opened() {
    with_database(async |url| {
        open(&url).await.unwrap().close().await;
        let mut connection = connect(&url).await;
        // The checksums of the bytes, as they were stored then.
        for (number, _, text) in with_crlf(&MIGRATIONS, "postgres", false) {
            let keep = sqlx::query("UPDATE _sqlx_migrations SET checksum = $1 WHERE version = $2");
            let keep = keep.bind(Sha384::digest(text).to_vec()).bind(number);
            connection.execute(keep).await.unwrap();
        }
        let before = applied(&url).await;
        open(&url).await.unwrap().close().await;
        assert_eq!(applied(&url).await, before);
    })
    .await;
}
