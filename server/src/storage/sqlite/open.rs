//! Opening the file: what it may be, its settings, its migrations.

use std::{
    fs::{self, File, OpenOptions},
    io::Read,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    sync::Arc,
    time::Duration,
};

use sqlx::{
    Connection, SqliteConnection,
    sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use tokio_util::task::TaskTracker;

use super::{SqliteStore, identity};
use crate::{
    domain::clock::SystemClock,
    private::make_private_folder,
    storage::schema::{Step, Sum, Verdict, judge, migrator, told},
};

/// The migrations in their order. A new one is added at the end and in the folder of each database.
pub(super) const MIGRATIONS: [Step; 11] = [
    (1, "accounts", include_str!("../../../../migrations/sqlite/0001_accounts.sql")),
    (2, "interviews", include_str!("../../../../migrations/sqlite/0002_interviews.sql")),
    (
        3,
        "evaluated answers",
        include_str!("../../../../migrations/sqlite/0003_evaluated_answers.sql"),
    ),
    (4, "model", include_str!("../../../../migrations/sqlite/0004_model.sql")),
    (5, "line", include_str!("../../../../migrations/sqlite/0005_line.sql")),
    (6, "sign in", include_str!("../../../../migrations/sqlite/0006_sign_in.sql")),
    (7, "api keys", include_str!("../../../../migrations/sqlite/0007_api_keys.sql")),
    (8, "spending", include_str!("../../../../migrations/sqlite/0008_spending.sql")),
    (9, "refusals", include_str!("../../../../migrations/sqlite/0009_refusals.sql")),
    (10, "identity", include_str!("../../../../migrations/sqlite/0010_identity.sql")),
    (11, "question marks", include_str!("../../../../migrations/sqlite/0011_question_marks.sql")),
];

/// Every SQLite file begins with these 16 bytes.
const MAGIC: &[u8; 16] = b"SQLite format 3\0";

/// The bytes of a SQLite file's head.
const HEAD: usize = 100;
/// What is said of a database that is not ours.
const FOREIGN: &str = "it holds another program's tables";

/// Readers of one process. Two processes and a hurried person stay far below what this serves.
const READERS: u32 = 4;

/// How long opening the file may take at the least.
const OPENING: Duration = Duration::from_secs(10);

/// Which file, and how patiently.
#[derive(Debug, Clone)]
pub struct SqliteOptions {
    /// The file; made when it is not there, with its folder.
    pub path: PathBuf,
    /// The longest that a query may take, waiting for locks included.
    pub query_timeout: Duration,
}

/// Why a file was not opened. It has been left as it was.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It is something else.
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
        /// Why, what is safe and what to do; the system's or the driver's words where nobody knows better.
        cause: String,
    },
}

impl SqliteStore {
    /// Opens the file, makes it if it is not there, and brings its schema up to date. Several
    /// processes may do so at once.
    pub async fn open(options: SqliteOptions) -> Result<Self, OpenError> {
        Self::open_by(options, &MIGRATIONS).await
    }

    /// The same by these migrations.
    pub(super) async fn open_by(options: SqliteOptions, steps: &[Step]) -> Result<Self, OpenError> {
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
        let _lock = lock.map_err(|cause| unusable(cause.to_string()))?;
        let kept = check_file(path).await?;
        create(path).map_err(|cause| unusable(cause.to_string()))?;
        let store = connect(&options).await.map_err(|cause| unusable(cause.to_string()))?;
        let migrated = migrator(steps, &kept).run(&store.writer).await;
        migrated.map_err(|cause| unusable(told(&cause)))?;
        store.complete().await.map_err(|cause| unusable(cause.to_string()))?;
        Ok(store)
    }

    /// Gives accounts the forms by which they are compared, where an older version has made them, and
    /// tells of those that turn out to be called the same.
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

/// What is known of some causes, by the words of the system and the driver.
const CAUSES: [(&[&str], &str); 6] = [
    (
        &["(code: 13)", "os error 28", "os error 122"],
        "the disk is full. What was stored before is safe; free some space and start again.",
    ),
    (
        &["(code: 11)", "(code: 779)", "malformed"],
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
        &["(code: 14)", "os error 2", "os error 20", "os error 40"],
        "its folder, or what a link there leads to, is not there. Name another place with VIVA_DATA_DIR or, for \
         viva-server, DATABASE_URL.",
    ),
];

/// A cause in words for a person: what failed, what is safe, and what to do next.
fn plainly(cause: &str) -> String {
    // "os error 2" is no part of "os error 28".
    let has = |mark: &&&str| {
        let ends = |rest: &str| !rest.starts_with(|c: char| c.is_ascii_digit());
        cause.match_indices(**mark).any(|(at, mark)| ends(&cause[at + mark.len()..]))
    };
    let known = CAUSES.iter().find(|(marks, _)| marks.iter().any(|mark| has(&mark)));
    known.map_or_else(|| cause.to_owned(), |(_, words)| (*words).to_owned())
}

/// Takes an exclusive lock on `FILE.lock`; dropping it lets go, and so does the process's end.
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

/// Makes the file where there is none, for its owner's eyes alone; SQLite gives the files that it
/// puts beside it the same mode. Done here once and not by each connection, so that a file which is
/// deleted while the server runs is an error and not a new, empty database.
fn create(path: &Path) -> std::io::Result<()> {
    OpenOptions::new().create(true).append(true).mode(0o600).open(path).map(drop)
}

/// Refuses a file that is not ours before anything is written to it. Gives the checksums of its
/// migrations.
pub(super) async fn check_file(path: &Path) -> Result<Vec<Sum>, OpenError> {
    let unusable = |cause: std::io::Error| OpenError::Unusable {
        path: path.to_owned(),
        cause: cause.to_string(),
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
        return Err(not_ours(path, "it is no SQLite file"));
    }
    // With a log beside it the file may rightly be shorter than it says, until the log is written back.
    let length = file.metadata().map_err(unusable)?.len();
    if !log_of(path).exists() && length < pages_length(&head) {
        return Err(not_ours(path, "its end is missing"));
    }
    check_schema(path).await
}

/// The write-ahead log that stands beside a file in use, or after a crash.
fn log_of(path: &Path) -> PathBuf {
    let mut log = path.as_os_str().to_owned();
    log.push("-wal");
    log.into()
}

/// How long a file with this head is at the least: its page size times its pages, as the format has
/// them at 16 and 28. Without this check a file cut within its first page would count as empty, and be
/// written over.
fn pages_length(head: &[u8]) -> u64 {
    let size = head.get(16..18).and_then(|b| b.try_into().ok()).map_or(0, u16::from_be_bytes);
    let pages = head.get(28..32).and_then(|b| b.try_into().ok()).map_or(0, u32::from_be_bytes);
    // 1 stands for 65,536, which two bytes cannot hold.
    let size = if size == 1 { 65_536 } else { u64::from(size) };
    size.max(512) * u64::from(pages.max(1))
}

fn not_ours(path: &Path, reason: impl Into<String>) -> OpenError {
    OpenError::NotOurs { path: path.to_owned(), reason: reason.into() }
}

/// Refuses another program's tables and a newer schema than ours. Gives the checksums of its migrations.
async fn check_schema(path: &Path) -> Result<Vec<Sum>, OpenError> {
    // Even a reader leaves files beside a database in WAL mode, unless it takes it for immutable;
    // which it is when there is no log beside it, for we hold the lock that others open it under.
    let at_rest = !log_of(path).exists();
    let options = SqliteConnectOptions::new().filename(path).read_only(true).immutable(at_rest);
    let broken = |cause: sqlx::Error| {
        let text = cause.to_string();
        let code: Option<String> =
            cause.as_database_error().and_then(|error| error.code().map(Into::into));
        // SQLITE_NOTADB and SQLITE_CORRUPT; anything else is no fault of the file's content.
        let not_a_database = matches!(code.as_deref(), Some("26" | "11"));
        if not_a_database {
            not_ours(path, text)
        } else {
            OpenError::Unusable { path: path.to_owned(), cause: text }
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
        match judge(&MIGRATIONS, &applied) {
            Verdict::Ours => sqlx::query_as("SELECT version, checksum FROM _sqlx_migrations")
                .fetch_all(&mut connection)
                .await
                .map_err(broken),
            Verdict::Foreign => Err(not_ours(path, FOREIGN)),
            Verdict::Newer { found, known } => {
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
        // FULL: what was acknowledged survives a power cut, which NORMAL does not promise here.
        .synchronous(SqliteSynchronous::Full)
        .foreign_keys(true)
        .busy_timeout(options.query_timeout);
    // Queries keep their own time; this one is for opening, which is not to fail because the machine
    // is busy.
    let patience = options.query_timeout.max(OPENING);
    let pool = |size| SqlitePoolOptions::new().max_connections(size).acquire_timeout(patience);
    Ok(SqliteStore {
        writer: pool(1).connect_with(connection.clone()).await?,
        readers: pool(READERS).connect_with(connection.pragma("query_only", "ON")).await?,
        query_timeout: options.query_timeout,
        writes: TaskTracker::new(),
        clock: Arc::new(SystemClock),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_cause_is_told_in_words_for_a_person() {
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
