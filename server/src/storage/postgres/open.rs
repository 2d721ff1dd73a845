//! Opening a database: what it may be, its settings, its migrations.

use std::{sync::Arc, time::Duration};

use sqlx::{Connection, PgConnection, migrate::MigrateError, postgres::PgConnectOptions};
use tokio::time::timeout;
use tokio_util::{sync::CancellationToken, task::TaskTracker};

use super::{PostgresStore, PostgresUrl, clock::ClockOfServer, identity};
use crate::storage::{
    pool::Pool,
    schema::{
        MigrationChecksum, MigrationSource, SchemaState, explain, migrator, newest, schema_state,
    },
};

/// The migrations in order. Add a new one at the end, and a file in the folder of each database.
pub(super) const MIGRATIONS: [MigrationSource; 19] = [
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
    (13, "progress", include_str!("../../../../migrations/postgres/0013_progress.sql")),
    (14, "follow ups", include_str!("../../../../migrations/postgres/0014_follow_ups.sql")),
    (15, "help", include_str!("../../../../migrations/postgres/0015_help.sql")),
    (16, "modes", include_str!("../../../../migrations/postgres/0016_modes.sql")),
    (17, "memory", include_str!("../../../../migrations/postgres/0017_memory.sql")),
    (
        18,
        "session clients",
        include_str!("../../../../migrations/postgres/0018_session_clients.sql"),
    ),
    (
        19,
        "interviews by user",
        include_str!("../../../../migrations/postgres/0019_interviews_by_user.sql"),
    ),
    (20, "challenges", include_str!("../../../../migrations/postgres/0020_challenges.sql")),
];

/// The connections' name in `pg_stat_activity`, unless the address has one.
const NAME: &str = "viva-server";

/// The time limit for connecting when the database is opened.
const PATIENCE: Duration = Duration::from_secs(10);

/// Which database to open, and the limits for using it.
#[derive(Debug, Clone)]
pub struct PostgresOptions {
    /// Where it is.
    pub url: PostgresUrl,
    /// Connections of this process, at least 2. Half of them are for writes, so that slow reports never
    /// delay an answer. One more listens.
    pub pool_size: u32,
    /// The time limit for a query, including the wait for locks. Half of it is for getting a connection,
    /// so that a database that is gone can be told from a slow one.
    pub query_timeout: Duration,
}

/// Why a database was not opened. It is left as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is not a Viva database.
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
        /// The words of the driver or the database.
        cause: String,
    },
}

impl PostgresStore {
    /// Connects and brings the schema up to date. Several processes may do this at once.
    pub async fn open(options: PostgresOptions) -> Result<Self, OpenError> {
        Self::open_by(options, &MIGRATIONS).await
    }

    /// Opens the database with these migrations.
    pub(super) async fn open_by(
        options: PostgresOptions,
        migrations: &[MigrationSource],
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
        prepare(&connect, migrations).await.map_err(|fault| fault.at(place))?;
        Ok(assemble(&options, connect))
    }
}

/// Where the database is, in words for a person, without user and password.
fn place(options: &PgConnectOptions) -> String {
    // Without a name, the database has the user's name.
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

/// An [`OpenError`] without the database's place.
enum PrepareError {
    NotOurs(String),
    Newer(i64),
    Unusable(String),
}

impl From<sqlx::Error> for PrepareError {
    fn from(error: sqlx::Error) -> Self {
        let wants_tls = error.as_database_error().is_some_and(|fault| {
            fault.code().as_deref() == Some(NOT_LET_IN) && fault.message().contains("no encryption")
        });
        Self::Unusable(match &error {
            sqlx::Error::Tls(cause) => format!(
                "{cause}. DATABASE_URL asks for TLS by its sslmode: write sslmode=disable if the \
                 server has no TLS, or name the authority of its certificate with sslrootcert"
            ),
            _ if wants_tls => format!(
                "{error}. The server may require TLS: write sslmode=require in DATABASE_URL"
            ),
            _ => error.to_string(),
        })
    }
}

/// PostgreSQL's code for a client that its rules do not let in.
const NOT_LET_IN: &str = "28000";

impl PrepareError {
    fn at(self, place: String) -> OpenError {
        match self {
            Self::NotOurs(reason) => OpenError::NotOurs { place, reason },
            Self::Newer(found) => OpenError::Newer { place, found, known: newest(&MIGRATIONS) },
            Self::Unusable(cause) => OpenError::Unusable { place, cause },
        }
    }
}

/// Refuses what is not ours before anything is written, then migrates. This connection has none of the
/// others' time limits: a migration may take long, and so may waiting for another process that migrates
/// and holds an advisory lock.
async fn prepare(
    options: &PgConnectOptions,
    migrations: &[MigrationSource],
) -> Result<(), PrepareError> {
    // No notice is needed when a table already exists.
    let options = options.clone().options([("client_min_messages", "warning")]);
    let connecting = timeout(PATIENCE, PgConnection::connect_with(&options)).await;
    let nobody = |_| PrepareError::Unusable(format!("there was no reply within {PATIENCE:?}"));
    let mut connection = connecting.map_err(nobody)??;
    check_encoding(&mut connection).await?;
    let kept = check_schema(&mut connection).await?;
    // Not `run`: given a connection, its future cannot move between threads.
    match migrator(migrations, &kept).run_direct(None, &mut connection, false).await {
        Ok(()) => {}
        // Another process has migrated it further since the check.
        Err(MigrateError::VersionMissing(found)) => return Err(PrepareError::Newer(found)),
        Err(error) => return Err(PrepareError::Unusable(explain(&error))),
    }
    complete(&mut connection).await?;
    connection.close().await?;
    Ok(())
}

/// Fills in the forms by which accounts are compared where they are missing, and logs which accounts
/// then have the same name. Nobody can register meanwhile.
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

/// Refuses an encoding other than UTF-8: answers come in every language.
async fn check_encoding(connection: &mut PgConnection) -> Result<(), PrepareError> {
    let encoding: String = sqlx::query_scalar("SHOW server_encoding").fetch_one(connection).await?;
    if encoding == "UTF8" {
        return Ok(());
    }
    Err(PrepareError::Unusable(format!(
        "its encoding is {encoding} but must be UTF8 (createdb -E UTF8)"
    )))
}

/// Refuses another program's tables and a newer schema than ours. Returns the checksums of its
/// migrations.
async fn check_schema(
    connection: &mut PgConnection,
) -> Result<Vec<MigrationChecksum>, PrepareError> {
    // Tables of an extension do not count.
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
    let foreign = || PrepareError::NotOurs("it holds another program's tables".into());
    if !tables.iter().any(|name| name == "_sqlx_migrations") {
        return Err(foreign());
    }
    let applied: Vec<(i64, String)> =
        sqlx::query_as("SELECT version, description FROM _sqlx_migrations ORDER BY version")
            .fetch_all(&mut *connection)
            .await?;
    match schema_state(&MIGRATIONS, &applied) {
        SchemaState::Ours => {
            let checksums = sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations");
            Ok(checksums.fetch_all(connection).await?)
        }
        SchemaState::Foreign => Err(foreign()),
        SchemaState::Newer { found, .. } => Err(PrepareError::Newer(found)),
    }
}

fn assemble(options: &PostgresOptions, connect: PgConnectOptions) -> PostgresStore {
    let limit = options.query_timeout.as_millis().to_string();
    let limited = connect.clone().options([
        ("statement_timeout", limit.as_str()),
        ("lock_timeout", limit.as_str()),
        // A process that stops half-way through a transaction must not block the others.
        ("idle_in_transaction_session_timeout", limit.as_str()),
    ]);
    let writers = options.pool_size / 2;
    PostgresStore {
        writers: pool(writers, options.query_timeout, limited.clone()),
        readers: pool(options.pool_size - writers, options.query_timeout, limited),
        query_timeout: options.query_timeout,
        writes: TaskTracker::new(),
        clock: Arc::new(ClockOfServer::default()),
        listening: connect,
        closing: CancellationToken::new(),
    }
}

fn pool(size: u32, query_timeout: Duration, connect: PgConnectOptions) -> Pool<PgConnection> {
    Pool::new(size, query_timeout / 2, connect)
}
