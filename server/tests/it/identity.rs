//! One name in several spellings is one account, and one password in several encodings is one
//! password: on SQLite and on PostgreSQL, with accounts from earlier versions too.

/// Makes a promise a test on each database.
macro_rules! on_both {
    ($promise:ident, $on_file:ident, $on_postgres:ident) => {
        #[tokio::test(flavor = "multi_thread")]
        async fn $on_file() {
            $promise(&crate::identity::Database::file()).await;
        }

        #[tokio::test(flavor = "multi_thread")]
        #[ignore = "needs PostgreSQL; scripts/test runs it"]
        async fn $on_postgres() {
            crate::support::scratch::with_database(async |url| {
                $promise(&crate::identity::Database::Postgres(url)).await;
            })
            .await;
        }
    };
}

mod earlier;
mod names;
mod passwords;

use std::path::PathBuf;

use sqlx::{AssertSqlSafe, Connection, Executor, SqliteConnection, sqlite::SqliteConnectOptions};
use tempfile::TempDir;
use tonic::{Code, Status};
use viva_proto::v1;
use viva_server::startup::app::AppSettings;

use crate::support::{PASSWORD, Person, TestServer, fields, reason, scratch, settings};

/// Where servers store their accounts.
enum Database {
    File(TempDir),
    Postgres(String),
}

impl Database {
    fn file() -> Self {
        Self::File(tempfile::tempdir().unwrap())
    }

    fn path(folder: &TempDir) -> PathBuf {
        folder.path().join("viva.db")
    }

    /// Starts a server on it; several may run at once.
    async fn serve_with(&self, settings: AppSettings) -> TestServer {
        match self {
            Self::File(folder) => TestServer::start_at(&Self::path(folder), settings).await,
            Self::Postgres(url) => TestServer::start_on(url, settings).await,
        }
    }

    async fn serve(&self) -> TestServer {
        self.serve_with(settings()).await
    }

    async fn execute(&self, sql: String) {
        let sql = AssertSqlSafe(sql);
        match self {
            Self::File(folder) => {
                let options = SqliteConnectOptions::new().filename(Self::path(folder));
                let mut database = SqliteConnection::connect_with(&options).await.unwrap();
                database.execute(sql).await.unwrap();
            }
            Self::Postgres(url) => {
                scratch::connect(url).await.execute(sql).await.unwrap();
            }
        }
    }

    /// Inserts an account as an earlier version stored it.
    async fn keep(&self, username: &str, email: &str, hashed_password: &str) {
        let moment = if matches!(self, Self::File(_)) { "0" } else { "now()" };
        self.execute(format!(
            "INSERT INTO users (username, email, hashed_password, created_at)
             VALUES ('{username}', '{email}', '{hashed_password}', {moment})"
        ))
        .await;
    }
}

async fn register(server: &TestServer, username: &str, email: &str) -> Result<(), Status> {
    let request = v1::RegisterRequest {
        username: username.into(),
        email: email.into(),
        password: PASSWORD.into(),
    };
    server.auth().register(request).await.map(drop)
}

/// An address that is not taken.
fn some_address() -> String {
    use std::sync::atomic::{AtomicU32, Ordering};
    static NEXT: AtomicU32 = AtomicU32::new(0);
    format!("somebody{}@corpus.example", NEXT.fetch_add(1, Ordering::Relaxed))
}

async fn who(person: &Person) -> v1::GetMeResponse {
    person.auth().get_me(person.ask(v1::GetMeRequest {})).await.unwrap().into_inner()
}

/// The name shown to a person who signs in with this name.
async fn shown(server: &TestServer, username: &str, password: &str) -> String {
    let person = server.sign_in(username, password).await;
    who(&person.unwrap_or_else(|status| panic!("{username:?}: {status}")))
        .await
        .user
        .unwrap()
        .username
}

#[track_caller]
fn assert_refused(status: &Status, field: &str, what: &str) {
    assert_eq!(
        (status.code(), fields(status)),
        (Code::InvalidArgument, vec![field.into()]),
        "{what}"
    );
}

#[track_caller]
fn assert_reason(status: &Status, expected: &str, what: &str) {
    assert_eq!(reason(status), expected, "{what}");
}
