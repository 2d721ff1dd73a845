//! Programs built from checkouts with other line ends open the same file.

use std::path::Path;

use sha2::{Digest as _, Sha384};

use super::{
    super::{SqliteOptions, SqliteStore, migrations::MIGRATIONS},
    open, world,
};
use crate::storage::{AccountStore, Lifecycle, crlf_checkout::with_crlf, schema::MigrationSource};

async fn open_by(path: &Path, migrations: &[MigrationSource]) -> SqliteStore {
    let options =
        SqliteOptions { path: path.to_owned(), query_timeout: std::time::Duration::from_secs(5) };
    SqliteStore::open_by(options, migrations).await.unwrap()
}

/// When each migration was applied, and its stored checksum.
async fn applied(store: &SqliteStore) -> Vec<(i64, String, Vec<u8>)> {
    let query = "SELECT version, installed_on, checksum FROM _sqlx_migrations ORDER BY version";
    sqlx::query_as(query).fetch_all(&store.readers).await.unwrap()
}

#[tokio::test]
async fn a_file_from_one_checkout_is_opened_by_programs_from_any_other() {
    let checkouts = [
        MIGRATIONS.to_vec(),
        with_crlf(&MIGRATIONS, "sqlite", false),
        with_crlf(&MIGRATIONS, "sqlite", true),
    ];
    for made_by in &checkouts {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("viva.db");
        let store = open_by(&path, made_by).await;
        world::user(&store, "ada").await;
        let before = applied(&store).await;
        // Each stays open while the next one opens it.
        let mut stores = vec![store];
        for migrations in checkouts.iter().chain([made_by]) {
            stores.push(open_by(&path, migrations).await);
            let last = stores.last().unwrap();
            assert_eq!(applied(last).await, before, "nothing is done twice");
            assert!(last.credentials("ada").await.unwrap().is_some());
        }
        for store in stores {
            store.close().await;
        }
    }
}

#[tokio::test]
async fn a_file_that_an_earlier_program_made_from_a_crlf_checkout_is_opened() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("viva.db");
    let store = open(&path).await.unwrap();
    // The checksums of the bytes, as they were stored then.
    for (number, _, text) in with_crlf(&MIGRATIONS, "sqlite", false) {
        sqlx::query("UPDATE _sqlx_migrations SET checksum = $1 WHERE version = $2")
            .bind(Sha384::digest(text).to_vec())
            .bind(number)
            .execute(&store.writer)
            .await
            .unwrap();
    }
    let before = applied(&store).await;
    store.close().await;
    let store = open(&path).await.unwrap();
    assert_eq!(applied(&store).await, before);
    store.close().await;
}

#[tokio::test]
async fn a_migration_whose_text_has_changed_is_refused_with_a_message() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("viva.db");
    open(&path).await.unwrap().close().await;
    let mut changed = MIGRATIONS.to_vec();
    let text: &'static str = changed[0].2.replace("hashed_password", "password_hash").leak();
    changed[0].2 = text;
    let options = SqliteOptions { path, query_timeout: std::time::Duration::from_secs(5) };
    let error = SqliteStore::open_by(options, &changed).await.unwrap_err().to_string();
    assert!(error.contains("migration 1") && error.contains("changed source"), "{error}");
}
