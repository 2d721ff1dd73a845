//! A separate database for each test, on the server that `VIVA_TEST_POSTGRES` names. The
//! whole-server tests share this file.

use std::{
    process,
    str::FromStr,
    sync::atomic::{AtomicU32, Ordering},
};

use sqlx::{AssertSqlSafe, Connection, Executor, PgConnection, postgres::PgConnectOptions};

/// The server for the tests.
fn server() -> String {
    std::env::var("VIVA_TEST_POSTGRES").expect(
        "this test needs PostgreSQL: run  scripts/with-postgres cargo test -- --ignored postgres, \
         or set VIVA_TEST_POSTGRES to the address of a server where databases may be made",
    )
}

/// Runs a test on a new, empty database, which is dropped when the test has passed.
pub(crate) async fn with_database<T>(test: impl AsyncFnOnce(String) -> T) -> T {
    static NEXT: AtomicU32 = AtomicU32::new(0);
    let number = NEXT.fetch_add(1, Ordering::Relaxed);
    let name = format!("viva_test_{}_{number}", process::id());
    execute(&server(), &format!("CREATE DATABASE {name} ENCODING 'UTF8' TEMPLATE template0")).await;
    let url = with_name(&server(), &name);
    let result = test(url).await;
    execute(&server(), &format!("DROP DATABASE {name} WITH (FORCE)")).await;
    result
}

/// The address with another database in it.
fn with_name(url: &str, name: &str) -> String {
    let (address, settings) = url.split_once('?').unwrap_or((url, ""));
    let slash = address.rfind('/').filter(|at| *at > "postgres://".len());
    let server = slash.map_or(address, |at| &address[..at]);
    format!("{server}/{name}?{settings}")
}

/// A separate connection for the test.
pub(crate) async fn connect(url: &str) -> PgConnection {
    let options = PgConnectOptions::from_str(url).unwrap();
    PgConnection::connect_with(&options).await.unwrap()
}

/// Runs one statement on a separate connection.
pub(crate) async fn execute(url: &str, sql: &str) {
    connect(url).await.execute(AssertSqlSafe(sql.to_owned())).await.unwrap();
}
