//! Opening a database: what it may be, its settings, its migrations.

use std::time::Duration;

use futures::FutureExt;
use sqlx::{
    Connection, PgConnection, PgPool, Row,
    migrate::MigrateError,
    postgres::{PgConnectOptions, PgPoolOptions},
};
use tokio::time::timeout;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{PostgresStore, PostgresUrl, identity};
use crate::storage::schema::{Step, Sum, Verdict, judge, migrator, newest, told};

/// The migrations in their order. A new one is added at the end and in the folder of each database.
pub(super) const MIGRATIONS: [Step; 11] = [
    (1, "accounts", include_str!("../../../../migrations/postgres/0001_accounts.sql")),
    (2, "interviews", include_str!("../../../../migrations/postgres/0002_interviews.sql")),
    (
        3,
        "evaluated answers",
        include_str!("../../../../migrations/postgres/0003_evaluated_answers.sql"),
    ),
    (4, "model", include_str!("../../../../migrations/postgres/0004_model.sql")),
    (5, "line", include_str!("../../../../migrations/postgres/0005_line.sql")),
    (6, "sign in", include_str!("../../../../migrations/postgres/0006_sign_in.sql")),
    (7, "api keys", include_str!("../../../../migrations/postgres/0007_api_keys.sql")),
    (8, "spending", include_str!("../../../../migrations/postgres/0008_spending.sql")),
    (9, "refusals", include_str!("../../../../migrations/postgres/0009_refusals.sql")),
    (10, "identity", include_str!("../../../../migrations/postgres/0010_identity.sql")),
    (11, "question marks", include_str!("../../../../migrations/postgres/0011_question_marks.sql")),
];

/// What a connection is called in `pg_stat_activity` where the address does not say.
const NAME: &str = "viva-server";

/// How long it may take to connect when the database is opened.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which database, and how patiently.
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    /// Where it is.
    pub url: PostgresUrl,
    /// Connections of this process, at least 2: half of them for what writes, so that slow reports
    /// never keep an answer waiting. One more listens.
    pub pool_size: u32,
    /// The longest that a query may take, waiting for locks included. Half of it is for a
    /// connection, so that a database that is gone can be told from one that is slow.
    pub query_timeout: Duration,
}

/// Why a database was not opened. It has been left as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is something else.
    #[error(
        "{place} is not a Viva database ({reason}). It was left as it is; name an empty database, or an empty schema of one, with DATABASE_URL."
    )]
    NotOurs {
        /// The database.
        place: String,
        /// What it seems to be.
        reason: String,
    },
    /// A newer Viva made it.
    #[error(
        "{place} was made by a newer version of Viva (its schema is {found}, this program knows {known}). It was left as it is; please update Viva."
    )]
    Newer {
        /// The database.
        place: String,
        /// The schema's number.
        found: i64,
        /// The newest number that this program knows.
        known: i64,
    },
    /// It cannot be reached or used.
    #[error("cannot open {place}: {cause}")]
    Unusable {
        /// The database.
        place: String,
        /// The driver's or the database's words.
        cause: String,
    },
}

impl PostgresStore {
    /// Connects and brings the schema up to date. Several processes may do so at once.
    pub async fn open(options: PostgresOptions) -> Result<Self, OpenError> {
        Self::open_by(options, &MIGRATIONS).await
    }

    /// The same by these migrations.
    pub(super) async fn open_by(
        options: PostgresOptions,
        steps: &[Step],
    ) -> Result<Self, OpenError> {
        let connect = options.url.options().map_err(|cause| OpenError::Unusable {
            place: options.url.to_string(),
            cause: cause.to_string(),
        })?;
        let place = place(&connect);
        let connect = match connect.get_application_name() {
            Some(_) => connect,
            None => connect.application_name(NAME),
        };
        prepare(&connect, steps).await.map_err(|fault| fault.at(place))?;
        Ok(assemble(&options, connect))
    }
}

/// Where the database is, for people: without user and password.
fn place(options: &PgConnectOptions) -> String {
    // Without a name the database is called as the user is.
    let name = options.get_database().unwrap_or_else(|| options.get_username());
    match options.get_socket() {
        Some(socket) => format!("the PostgreSQL database {name} at {}", socket.display()),
        None => format!(
            "the PostgreSQL database {name} on {}:{}",
            options.get_host(),
            options.get_port()
        ),
    }
}

/// What is wrong with a database, but for where it is.
enum Fault {
    NotOurs(String),
    Newer(i64),
    Unusable(String),
}

impl From<sqlx::Error> for Fault {
    fn from(error: sqlx::Error) -> Self {
        let wants_tls = error.as_database_error().is_some_and(|fault| {
            fault.code().as_deref() == Some(NOT_LET_IN) && fault.message().contains("no encryption")
        });
        Self::Unusable(match &error {
            sqlx::Error::Tls(cause) => format!(
                "{cause}. DATABASE_URL asks for TLS by its sslmode: write sslmode=disable where the \
                 server speaks none, or name the authority of its certificate with sslrootcert"
            ),
            _ if wants_tls => format!(
                "{error}. The server may let in by TLS alone: write sslmode=require in DATABASE_URL"
            ),
            _ => error.to_string(),
        })
    }
}

/// The code of PostgreSQL for somebody whom its rules do not let in.
const NOT_LET_IN: &str = "28000";

impl Fault {
    fn at(self, place: String) -> OpenError {
        match self {
            Self::NotOurs(reason) => OpenError::NotOurs { place, reason },
            Self::Newer(found) => OpenError::Newer { place, found, known: newest(&MIGRATIONS) },
            Self::Unusable(cause) => OpenError::Unusable { place, cause },
        }
    }
}

/// Refuses what is not ours before anything is written, then migrates. The connection is without
/// the time limits of the others: a migration may take its time, and so may waiting for another
/// process's, which holds an advisory lock meanwhile.
async fn prepare(options: &PgConnectOptions, steps: &[Step]) -> Result<(), Fault> {
    // That a table is there already is no news.
    let options = options.clone().options([("client_min_messages", "warning")]);
    let connecting = timeout(PATIENCE, PgConnection::connect_with(&options)).await;
    let nobody = |_| Fault::Unusable(format!("nothing answered within {PATIENCE:?}"));
    let mut connection = connecting.map_err(nobody)??;
    check_encoding(&mut connection).await?;
    let kept = check_schema(&mut connection).await?;
    // Not `run`, whose future cannot move between threads when it is given a connection.
    match migrator(steps, &kept).run_direct(None, &mut connection, false).await {
        Ok(()) => {}
        // Another process has brought it further since it was checked.
        Err(MigrateError::VersionMissing(found)) => return Err(Fault::Newer(found)),
        Err(error) => return Err(Fault::Unusable(told(&error))),
    }
    complete(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// Gives accounts the forms by which they are compared, where an older version has made them, and tells
/// of those that turn out to be called the same. Nobody is registered meanwhile.
async fn complete(connection: &mut PgConnection) -> Result<(), sqlx::Error> {
    if identity::is_incomplete(&mut *connection).await? {
        let mut transaction = connection.begin().await?;
        let lock = sqlx::query("LOCK TABLE users IN SHARE ROW EXCLUSIVE MODE");
        lock.execute(&mut *transaction).await?;
        identity::complete(&mut transaction).await?;
        transaction.commit().await?;
    }
    identity::tell_clashes(connection).await
}

/// Answers come in every language there is.
async fn check_encoding(connection: &mut PgConnection) -> Result<(), Fault> {
    let encoding: String = sqlx::query_scalar("SHOW server_encoding").fetch_one(connection).await?;
    if encoding == "UTF8" {
        return Ok(());
    }
    Err(Fault::Unusable(format!(
        "its encoding is {encoding} and has to be UTF8 (createdb -E UTF8)"
    )))
}

/// Refuses another program's tables and a newer schema than ours. Gives the checksums of its migrations.
async fn check_schema(connection: &mut PgConnection) -> Result<Vec<Sum>, Fault> {
    // Tables that an extension has brought along are nobody's.
    let tables: Vec<String> = sqlx::query_scalar(
        "SELECT relname::text FROM pg_class
         WHERE relnamespace = current_schema()::regnamespace AND relkind IN ('r', 'p')
             AND NOT EXISTS (
                 SELECT 1 FROM pg_depend WHERE objid = pg_class.oid AND deptype = 'e'
             )",
    )
    .fetch_all(&mut *connection)
    .await?;
    if tables.is_empty() {
        return Ok(Vec::new());
    }
    let foreign = || Fault::NotOurs("it holds another program's tables".into());
    if !tables.iter().any(|name| name == "_sqlx_migrations") {
        return Err(foreign());
    }
    let applied: Vec<(i64, String)> =
        sqlx::query_as("SELECT version, description FROM _sqlx_migrations ORDER BY version")
            .fetch_all(&mut *connection)
            .await?;
    match judge(&MIGRATIONS, &applied) {
        Verdict::Ours => {
            let sums = sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations");
            Ok(sums.fetch_all(connection).await?)
        }
        Verdict::Foreign => Err(foreign()),
        Verdict::Newer { found, .. } => Err(Fault::Newer(found)),
    }
}

fn assemble(options: &PostgresOptions, connect: PgConnectOptions) -> PostgresStore {
    let limit = options.query_timeout.as_millis().to_string();
    let limited = connect.clone().options([
        ("statement_timeout", limit.as_str()),
        ("lock_timeout", limit.as_str()),
        // A process that stands still half-way through a transaction must not hold up the others.
        ("idle_in_transaction_session_timeout", limit.as_str()),
    ]);
    let writers = options.pool_size / 2;
    PostgresStore {
        writers: pool(writers, options.query_timeout, limited.clone()),
        readers: pool(options.pool_size - writers, options.query_timeout, limited),
        query_timeout: options.query_timeout,
        writes: TaskTracker::new(),
        listening: connect,
        closing: CancellationToken::new(),
    }
}

fn pool(size: u32, query_timeout: Duration, connect: PgConnectOptions) -> PgPool {
    PgPoolOptions::new()
        .max_connections(size)
        .acquire_timeout(query_timeout / 2)
        .after_release(move |connection, _| is_clean(connection, query_timeout).boxed())
        .connect_lazy_with(connect)
}

/// Whether a connection that comes back to its pool may be used again. One that was let go while it
/// waited for BEGIN is inside a transaction that nobody knows of: what the next one writes on it
/// would be acknowledged, and later be rolled back with it. Then there is no transaction in which
/// this question itself began. One that is silent for too long is not waited for.
async fn is_clean(connection: &mut PgConnection, limit: Duration) -> Result<bool, sqlx::Error> {
    // As a simple query, whose transaction begins with its one statement, to the microsecond.
    let question = sqlx::raw_sql("SELECT now() = statement_timestamp()");
    match timeout(limit, question.fetch_one(connection)).await {
        Ok(answer) => answer?.try_get(0),
        Err(_) => Err(sqlx::Error::PoolTimedOut),
    }
}
