//! Opening the file: what it may be, its settings, its migrations.

use std::{
    fs::{self, File, OpenOptions},
    io::{self, Read},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::{Arc, atomic::AtomicU64},
    time::Duration,
};

use sqlx::{
    Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio_util::task::TaskTracker;
use viva_runtime::private::make_private_folder;

use super::{SqliteStore, identity, migrations::MIGRATIONS};
use crate::{
    domain::clock::SystemClock,
    storage::schema::{self, MigrationChecksum, SchemaState},
};

/// The signing key's name in a data folder.
const KEY_FILE: &str = "secret_key";

/// The 16 bytes with which every SQLite file begins.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The length of a SQLite file's header.
const HEAD: usize = 100;

/// The reason given for a database that is not ours.
const FOREIGN: &str = "it holds another program's tables";

/// Connections of one process for reading, far more than two processes and one person need.
const READERS: u32 = 4;

/// The least time limit for opening the file.
const OPENING: Duration = Duration::from_secs(10);

/// Which file to open, and the limits for using it.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// The file; created, with its folder, if it does not exist.
    pub path: PathBuf,
    /// The time limit for a query, including the wait for locks.
    pub query_timeout: Duration,
}

/// Why a file was not opened. It is left as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is not a Viva database.
    #[error("{} is not a Viva database ({reason}). It was left as it is; move it away, or name another place with VIVA_DATA_DIR or, for viva-server, DATABASE_URL.", path.display())]
    NotOurs {
        /// The file.
        path: PathBuf,
        /// What it seems to be.
        reason: String,
    },
    /// A newer Viva made it.
    #[error("{} was made by a newer version of Viva (its schema is {found}, this program knows {known}). It was left as it is; please update Viva.", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The schema's number.
        found: i64,
        /// The newest number that this program knows.
        known: i64,
    },
    /// The file or its folder cannot be used.
    #[error("cannot open the database {}: {cause}", path.display())]
    Unusable {
        /// The file.
        path: PathBuf,
        /// Why, what is safe and what to do; for unknown causes, the words of the system or the driver.
        cause: String,
    },
}

impl SqliteStore {
    /// Opens the file, creates it if it does not exist, and brings its schema up to date. Several
    /// processes may do this at once.
    pub async fn open(options: SqliteOptions) -> Result<Self, OpenError> {
        Self::open_by(options, &MIGRATIONS).await
    }

    /// Opens the file with these migrations.
    pub(super) async fn open_by(
        options: SqliteOptions,
        migrations: &[schema::MigrationSource],
    ) -> Result<Self, OpenError> {
        let path = options.path.as_path();
        let unusable =
            |cause: String| OpenError::Unusable { path: path.to_owned(), cause: plainly(&cause) };
        // Held until the schema is up to date: SQLite itself has no lock that spans a migration.
        // Waiting for it must not hold up other tasks, one of which may be the holder.
        let lock = tokio::task::spawn_blocking({
            let path = path.to_owned();
            move || lock_beside(&path)
        });
        let lock = lock.await.unwrap_or_else(|panic| Err(std::io::Error::other(panic)));
        let lock = lock.map_err(|cause| unusable(cause.to_string()))?;
        if (was_opened(&lock) || has_key_beside(path)) && is_emptied(path) {
            return Err(unusable(EMPTIED.to_owned()));
        }
        let kept = check_file(path).await?;
        create(path).map_err(|cause| unusable(cause.to_string()))?;
        let store = connect(&options).await.map_err(|cause| unusable(cause.to_string()))?;
        let migrated = schema::migrator(migrations, &kept).run(&store.writer).await;
        migrated.map_err(|cause| unusable(schema::explain(&cause)))?;
        store.complete().await.map_err(|cause| unusable(cause.to_string()))?;
        note_opened(&lock).map_err(|cause| unusable(cause.to_string()))?;
        Ok(store)
    }

    /// Fills in the forms by which accounts are compared where they are missing, and logs which accounts
    /// then have the same name.
    async fn complete(&self) -> Result<(), sqlx::Error> {
        let mut connection = self.writer.acquire().await?;
        if identity::is_incomplete(&mut connection).await? {
            let mut transaction = connection.begin_with("BEGIN IMMEDIATE").await?;
            identity::complete(&mut transaction).await?;
            transaction.commit().await?;
        }
        identity::tell_clashes(&mut connection).await
    }
}

/// Words for known causes, by what the messages of the system and the driver contain.
const CAUSES: [(&[&str], &str); 8] = [
    (
        &["must be valid UTF-8"],
        "its path is not UTF-8 text, and SQLite opens no other. Name another place with VIVA_DATA_DIR or, for \
         viva-server, DATABASE_URL.",
    ),
    (
        &["(code: 13)", "os error 28", "os error 122"],
        "the disk is full. What was stored before is safe; free some space and start again.",
    ),
    (
        &["(code: 11)", "(code: 779)", "malformed", CUT_OFF],
        "the file is damaged. It was left as it is: keep a copy of it, and put a backup in its place or move it away.",
    ),
    (
        &["(code: 8)", "(code: 1032)", "os error 13", "os error 30"],
        "it may not be written to. It was left as it is; give yourself the right to write there, or name another \
         place with VIVA_DATA_DIR or, for viva-server, DATABASE_URL.",
    ),
    (
        &["(code: 5)", "(code: 6)", "is locked"],
        "another program holds it. It was left as it is; close that program and start again.",
    ),
    (
        &["(code: 10)", "(code: 266)", "(code: 522)", "(code: 778)", "os error 5"],
        "its disk cannot be read or written. It was left as it is; look at the disk before anything else.",
    ),
    (
        &["os error 21"],
        "it is a folder. It was left as it is; name a file in it, or another place, with VIVA_DATA_DIR or, for \
         viva-server, DATABASE_URL.",
    ),
    (
        &["(code: 14)", "os error 2", "os error 20", "os error 40"],
        "its folder, or what a link there leads to, is not there. Name another place with VIVA_DATA_DIR or, for \
         viva-server, DATABASE_URL.",
    ),
];

/// A cause of ours: the file is shorter than its header says.
const CUT_OFF: &str = "its end is missing";

/// A cause in words for a person: what failed, what is safe, and what to do next.
fn plainly(cause: &str) -> String {
    // "os error 2" does not match "os error 28".
    let has = |mark: &&&str| {
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_digit());
        cause.match_indices(**mark).any(|(at, mark)| ends(&cause[at + mark.len()..]))
    };
    let known = CAUSES.iter().find(|(marks, _)| marks.iter().any(|mark| has(&mark)));
    known.map_or_else(|| cause.to_owned(), |(_, words)| (*words).to_owned())
}

/// Takes an exclusive lock on `FILE.lock`. Dropping it releases the lock, and so does the process's end.
fn lock_beside(path: &Path) -> std::io::Result<File> {
    if let Some(folder) = path.parent().filter(|folder| !folder.as_os_str().is_empty()) {
        make_private_folder(folder)?;
    }
    let mut name = path.as_os_str().to_owned();
    name.push(".lock");
    let lock = OpenOptions::new().create(true).append(true).mode(0o600).open(name)?;
    lock.lock()?;
    Ok(lock)
}

/// The message about a file that has lost its contents.
const EMPTIED: &str = "the file is empty, though Viva has kept its data in it before. It was left as it is; put a \
                       backup in its place, or delete it to start again.";

/// Whether a data folder's signing key is beside the file. The key is created after the database, and earlier
/// versions recorded nothing in the lock.
fn has_key_beside(path: &Path) -> bool {
    path.with_file_name(KEY_FILE).exists()
}

/// Whether a database was opened under this lock before, as [`note_opened`] records in it. A process
/// that is killed while it creates a database also leaves an empty file, but no such record.
fn was_opened(lock: &File) -> bool {
    lock.metadata().is_ok_and(|lock| lock.len() > 0)
}

/// Records that a database was opened under this lock.
fn note_opened(mut lock: &File) -> std::io::Result<()> {
    if was_opened(lock) { Ok(()) } else { io::Write::write_all(&mut lock, b"opened\n") }
}

/// Whether the database file exists and is empty, without a log that would fill it.
fn is_emptied(path: &Path) -> bool {
    let is_empty = |path: &Path| fs::metadata(path).is_ok_and(|file| file.len() == 0);
    let log = log_of(path);
    is_empty(path) && (is_empty(&log) || !log.exists())
}

/// Creates the file if it does not exist, readable only by its owner; SQLite gives the files beside it
/// the same mode. Done once here and not by each connection, so that a file that is deleted while the
/// server runs is an error and not a new, empty database.
fn create(path: &Path) -> std::io::Result<()> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(path).map(drop)
}

/// Refuses a file that is not ours; returns the checksums of its migrations. Nothing is written to it.
pub(super) async fn check_file(path: &Path) -> Result<Vec<MigrationChecksum>, OpenError> {
    let unusable = |cause: std::io::Error| OpenError::Unusable {
        path: path.to_owned(),
        cause: plainly(&cause.to_string()),
    };
    match fs::metadata(path) {
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(error) => return Err(unusable(error)),
        Ok(metadata) if metadata.len() == 0 => return Ok(Vec::new()),
        Ok(_) => {}
    }
    let mut head = Vec::with_capacity(HEAD);
    let mut file = File::open(path).map_err(unusable)?;
    file.by_ref().take(HEAD as u64).read_to_end(&mut head).map_err(unusable)?;
    if !head.starts_with(MAGIC) {
        return Err(not_ours(path, "it is not a SQLite file"));
    }
    // With a log beside it, the file may be shorter than its header says until the log is written back.
    let length = file.metadata().map_err(unusable)?.len();
    if !log_of(path).exists() && length < pages_length(&head) {
        return Err(unusable(io::Error::other(CUT_OFF)));
    }
    check_schema(path).await
}

/// The write-ahead log beside a file that is in use, or was when its program crashed.
fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

/// The least length of a file with this header: page size times pages, which the format has at bytes 16
/// and 28. Without this check, a file cut within its first page would count as empty and be overwritten.
fn pages_length(head: &[u8]) -> u64 {
    let size = head.get(16..18).and_then(|b| b.try_into().ok()).map_or(0, u16::from_be_bytes);
    let pages = head.get(28..32).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes);
    // 1 means 65,536, which does not fit in two bytes.
    let size = if size == 1 { 65_536 } else { u64::from(size) };
    size.max(512) * u64::from(pages.max(1))
}

fn not_ours(path: &Path, reason: impl Into<String>) -> OpenError {
    OpenError::NotOurs { path: path.to_owned(), reason: reason.into() }
}

/// Refuses another program's tables and a newer schema; returns the checksums of the migrations.
async fn check_schema(path: &Path) -> Result<Vec<MigrationChecksum>, OpenError> {
    // Even a reader leaves files beside a database in WAL mode, unless it opens it as immutable. It is
    // immutable when it has no log: we hold the lock under which others open it.
    let at_rest = !log_of(path).exists();
    let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(at_rest);
    let broken = |cause: sqlx::Error| {
        let text = cause.to_string();
        let code: Option<String> =
            cause.as_database_error().and_then(|error| error.code().map(Into::into));
        // SQLITE_NOTADB: its header is not that of a database.
        if code.as_deref() == Some("26") {
            not_ours(path, "it is not a SQLite file")
        } else {
            OpenError::Unusable { path: path.to_owned(), cause: plainly(&text) }
        }
    };
    let mut connection = SqliteConnection::connect_with(&options).await.map_err(broken)?;
    let tables: Vec<String> =
        sqlx::query_scalar("SELECT name FROM sqlite_master WHERE type = 'table'")
            .fetch_all(&mut connection)
            .await
            .map_err(broken)?;
    let verdict = if tables.iter().any(|name| name == "_sqlx_migrations") {
        let applied: Vec<(i64, String)> =
            sqlx::query_as("SELECT version, description FROM _sqlx_migrations ORDER BY version")
                .fetch_all(&mut connection)
                .await
                .map_err(broken)?;
        match schema::schema_state(&MIGRATIONS, &applied) {
            SchemaState::Ours => sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations")
                .fetch_all(&mut connection)
                .await
                .map_err(broken),
            SchemaState::Foreign => Err(not_ours(path, FOREIGN)),
            SchemaState::Newer { found, known } => {
                Err(OpenError::Newer { path: path.to_owned(), found, known })
            }
        }
    } else if tables.is_empty() {
        Ok(Vec::new())
    } else {
        Err(not_ours(path, FOREIGN))
    };
    connection.close().await.map_err(broken)?;
    verdict
}

async fn connect(options: &SqliteOptions) -> Result<SqliteStore, sqlx::Error> {
    let connection = SqliteConnectOptions::new()
        .filename(&options.path)
        .journal_mode(SqliteJournalMode::Wal)
        // FULL: what was acknowledged survives a power cut, which NORMAL does not promise in WAL mode.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(options.query_timeout);
    // Queries have their own time limit. This one is for opening, which must not fail because the
    // machine is busy.
    let patience = options.query_timeout.max(OPENING);
    // A file's connections are not lost, so they are not tested before use.
    let pool = |size| {
        let options = SqlitePoolOptions::new().max_connections(size).acquire_timeout(patience);
        options.test_before_acquire(false)
    };
    Ok(SqliteStore {
        writer: pool(1).connect_with(connection.clone()).await?,
        readers: pool(READERS).connect_with(connection.pragma("query_only", "ON")).await?,
        query_timeout: options.query_timeout,
        writes: TaskTracker::new(),
        asked: AtomicU64::new(0),
        clock: Arc::new(SystemClock),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_explained_in_words_for_a_person() {
        for (cause, words) in [
            (
                "while executing migrations: error returned from database: (code: 13) database or disk is full",
                "the disk is full",
            ),
            ("No space left on device (os error 28)", "the disk is full"),
            ("No such file or directory (os error 2)", "is not there"),
            (
                "error returned from database: (code: 11) database disk image is malformed",
                "is damaged",
            ),
            ("Permission denied (os error 13)", "may not be written to"),
            ("(code: 5) database is locked", "another program holds it"),
            ("something else (os error 281)", "something else (os error 281)"),
        ] {
            assert!(plainly(cause).contains(words), "{cause}: {}", plainly(cause));
        }
    }
}
