//! Files that are not opened: none of them is written to, and the error says what is wrong.

use std::{fs, path::Path};

use super::{super::OpenError, open, opened};
use crate::storage::Lifecycle;

/// Names and bytes of everything in a folder except the lock file.
fn contents(folder: &Path) -> Vec<(String, Vec<u8>)> {
    let entries = fs::read_dir(folder).unwrap().map(|entry| entry.unwrap());
    let mut files: Vec<_> = entries
        .map(|entry| (entry.file_name().into_string().unwrap(), fs::read(entry.path()).unwrap()))
        .filter(|(name, _)| name != "viva.db.lock")
        .collect();
    files.sort();
    files
}

/// Makes another program's database.
async fn make_foreign(path: &Path, statements: &[&'static str]) {
    let options = sqlx::sqlite::SqliteConnectOptions::new().filename(path).create_if_missing(true);
    let pool = sqlx::SqlitePool::connect_with(options).await.unwrap();
    for sql in statements {
        sqlx::query(*sql).execute(&pool).await.unwrap();
    }
    pool.close().await;
}

#[tokio::test]
async fn a_file_that_is_not_a_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("viva.db");
    fs::write(&path, "Dear diary, today I bought milk.").unwrap();
    let before = contents(folder.path());
    let error = open(&path).await.unwrap_err().to_string();
    assert!(error.contains("not a Viva database") && error.contains("viva.db"), "{error}");
    assert_eq!(contents(folder.path()), before);
}

#[tokio::test]
async fn a_damaged_database_is_called_damaged_and_left_as_it_is() {
    let (folder, store) = opened().await;
    store.close().await;
    let path = folder.path().join("viva.db");
    let whole = fs::read(&path).unwrap();
    let mut scrambled = whole.clone();
    scrambled[100..4096].fill(0xa5);
    for content in [&whole[..whole.len() / 2], &scrambled] {
        fs::write(&path, content).unwrap();
        let error = open(&path).await.unwrap_err().to_string();
        assert!(error.contains("the file is damaged") && error.contains("a backup"), "{error}");
        assert!(!error.contains("(code:"), "{error}");
        assert_eq!(fs::read(&path).unwrap(), content, "it was left as it is");
    }
}

#[tokio::test]
async fn a_folder_in_the_databases_place_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let error = open(folder.path()).await.unwrap_err().to_string();
    assert!(error.contains("it is a folder") && error.contains("VIVA_DATA_DIR"), "{error}");
}

#[tokio::test]
async fn a_file_that_has_lost_its_contents_is_not_taken_for_a_new_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("viva.db");
    // Created by a person, or left by a process that was killed before it wrote anything.
    fs::write(&path, "").unwrap();
    open(&path).await.unwrap().close().await;
    open(&path).await.unwrap().close().await;
    fs::write(&path, "").unwrap();
    let error = open(&path).await.err().unwrap().to_string();
    assert!(error.contains("the file is empty") && error.contains("delete it to start"), "{error}");
    assert_eq!(fs::metadata(&path).unwrap().len(), 0, "it was left as it is");
    fs::remove_file(&path).unwrap();
    open(&path).await.unwrap().close().await;
}

#[tokio::test]
async fn an_empty_file_beside_a_signing_key_is_not_taken_for_a_new_database() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("viva.db");
    fs::write(folder.path().join(crate::config::KEY_FILE), "a key of an earlier version").unwrap();
    fs::write(&path, "").unwrap();
    let error = open(&path).await.err().unwrap().to_string();
    assert!(error.contains("the file is empty"), "{error}");
    fs::remove_file(&path).unwrap();
    open(&path).await.unwrap().close().await;
}

#[tokio::test]
async fn another_programs_database_is_refused_and_left_as_it_is() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("viva.db");
    make_foreign(&path, &["CREATE TABLE bookmarks (url TEXT)"]).await;
    let before = contents(folder.path());
    let error = open(&path).await.unwrap_err().to_string();
    assert!(error.contains("another program's tables"), "{error}");
    assert_eq!(contents(folder.path()), before);
}

#[tokio::test]
async fn a_newer_schema_is_refused_and_left_as_it_is() {
    let (folder, store) = opened().await;
    let newer =
        "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time)
                 VALUES (9999, 'from the future', 1, x'00', 0)";
    sqlx::query(newer).execute(&store.writer).await.unwrap();
    store.close().await;
    let before = contents(folder.path());
    let error = open(&folder.path().join("viva.db")).await.unwrap_err();
    assert!(matches!(error, OpenError::Newer { found: 9999, .. }), "{error}");
    assert!(error.to_string().contains("update Viva"), "{error}");
    assert_eq!(contents(folder.path()), before);
}

#[tokio::test]
async fn another_programs_migrations_are_not_taken_for_ours() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("viva.db");
    let table =
        "CREATE TABLE _sqlx_migrations (version BIGINT PRIMARY KEY, description TEXT NOT NULL)";
    make_foreign(&path, &[table, "INSERT INTO _sqlx_migrations VALUES (1, 'bookmarks')"]).await;
    let before = contents(folder.path());
    let error = open(&path).await.unwrap_err().to_string();
    assert!(error.contains("another program's tables"), "{error}");
    assert_eq!(contents(folder.path()), before);
}
