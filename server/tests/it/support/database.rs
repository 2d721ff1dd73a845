//! Reads and changes a program's database from outside.

use std::{
    collections::BTreeMap,
    path::{Path, PathBuf},
};

use sqlx::{
    AssertSqlSafe, Connection, PgConnection, SqliteConnection, sqlite::SqliteConnectOptions,
};

/// The database file of a program that was started with this home.
pub(crate) fn file(home: &Path) -> PathBuf {
    home.join(".local/share/viva/viva.db")
}

/// The number that a query returns.
pub(crate) async fn number(file: &Path, query: &'static str) -> i64 {
    let options = SqliteConnectOptions::new().filename(file);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query_scalar(query).fetch_one(&mut database).await.unwrap()
}

/// Runs a statement.
pub(crate) async fn run(file: &Path, statement: &'static str) {
    let options = SqliteConnectOptions::new().filename(file).foreign_keys(false);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query(statement).execute(&mut database).await.unwrap();
}

/// Deletes rows, and with them the rows that refer to them.
pub(crate) async fn delete(file: &Path, statement: &'static str) {
    let options = SqliteConnectOptions::new().filename(file).foreign_keys(true);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    sqlx::query(statement).execute(&mut database).await.unwrap();
}

/// The number of pending evaluations.
pub(crate) const PENDING: &str = "SELECT count(*) FROM evaluations WHERE status = 'pending'";

/// The number of leased evaluations in the database with this URL.
pub(crate) async fn leased(url: &str) -> i64 {
    const LEASED: &str = "SELECT count(*) FROM evaluations WHERE lease_until IS NOT NULL";
    if let Some(file) = url.strip_prefix("sqlite:") {
        return number(Path::new(file), LEASED).await;
    }
    let mut database = PgConnection::connect(url).await.unwrap();
    sqlx::query_scalar(LEASED).fetch_one(&mut database).await.unwrap()
}

/// The number of rows of each table in the database with this URL.
pub(crate) async fn rows_of_all(url: &str) -> BTreeMap<String, i64> {
    let Some(file) = url.strip_prefix("sqlite:") else { return rows_in_postgres(url).await };
    let options = SqliteConnectOptions::new().filename(file);
    let mut database = SqliteConnection::connect_with(&options).await.unwrap();
    let query = sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'");
    let tables: Vec<String> = query.fetch_all(&mut database).await.unwrap();
    let mut rows = BTreeMap::new();
    for table in tables {
        let count = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let count = sqlx::query_scalar(count).fetch_one(&mut database).await.unwrap();
        rows.insert(table, count);
    }
    rows
}

async fn rows_in_postgres(url: &str) -> BTreeMap<String, i64> {
    let mut database = PgConnection::connect(url).await.unwrap();
    let query =
        sqlx::query_scalar("SELECT tablename::text FROM pg_tables WHERE schemaname = 'public'");
    let tables: Vec<String> = query.fetch_all(&mut database).await.unwrap();
    let mut rows = BTreeMap::new();
    for table in tables {
        let count = AssertSqlSafe(format!("SELECT count(*) FROM {table}"));
        let count = sqlx::query_scalar(count).fetch_one(&mut database).await.unwrap();
        rows.insert(table, count);
    }
    rows
}
