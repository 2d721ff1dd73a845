//! Copies the database file while others use it.

use std::{
    fs::{self, File, OpenOptions},
    io,
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    time::Duration,
};

use sqlx::{Connection, SqliteConnection, sqlite::SqliteConnectOptions};

use super::open::{OpenError, check_file};

/// How long to wait for a lock of another process.
const PATIENCE: Duration = Duration::from_secs(10);

/// Why no copy was made. No part of one is left.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The database cannot be read.
    #[error(transparent)]
    Database(#[from] OpenError),
    /// The database does not exist.
    #[error("there is no database at {}", .0.display())]
    Missing(PathBuf),
    /// Something already exists where the copy should go.
    #[error("{} already exists; name another file", .0.display())]
    Exists(PathBuf),
    /// The copy cannot be written.
    #[error("cannot write the backup {}: {cause}", path.display())]
    Unwritable {
        /// Where it should go.
        path: PathBuf,
        /// The words of the system or the driver.
        cause: String,
    },
}

/// Copies the database as it is now into a new file that only its owner can read. The file appears
/// only when the copy is complete, checked and on the disk.
pub async fn back_up(database: &Path, into: &Path) -> Result<(), BackupError> {
    if !database.exists() {
        return Err(BackupError::Missing(database.to_owned()));
    }
    check_file(database).await?;
    if fs::symlink_metadata(into).is_ok() {
        return Err(BackupError::Exists(into.to_owned()));
    }
    let unwritable = |cause: String| BackupError::Unwritable { path: into.to_owned(), cause };
    let partial = Partial::create(into).map_err(|cause| unwritable(cause.to_string()))?;
    copy(database, &partial.0).await.map_err(|cause| unwritable(cause.to_string()))?;
    partial.publish(into).map_err(|cause| match cause.kind() {
        io::ErrorKind::AlreadyExists => BackupError::Exists(into.to_owned()),
        _ => unwritable(cause.to_string()),
    })
}

/// Writes the copy in one read transaction, so that it shows a single moment, and checks it.
async fn copy(database: &Path, into: &Path) -> Result<(), sqlx::Error> {
    let options = |path| SqliteConnectOptions::new().filename(path).busy_timeout(PATIENCE);
    let mut source = SqliteConnection::connect_with(&options(database)).await?;
    let into_text = into.to_str().ok_or_else(|| sqlx::Error::Protocol(NO_TEXT.into()))?;
    sqlx::query("VACUUM INTO $1").bind(into_text).execute(&mut source).await?;
    source.close().await?;
    let mut copy = SqliteConnection::connect_with(&options(into)).await?;
    let verdict: String = sqlx::query_scalar("PRAGMA integrity_check").fetch_one(&mut copy).await?;
    copy.close().await?;
    if verdict == "ok" { Ok(()) } else { Err(sqlx::Error::Protocol(verdict)) }
}

const NO_TEXT: &str = "the file's name is not UTF-8";

/// An incomplete copy, under a temporary name. Dropping it removes it.
struct Partial(PathBuf);

impl Partial {
    fn create(into: &Path) -> io::Result<Self> {
        let mut name = into.as_os_str().to_owned();
        name.push(format!(".partial-{}", std::process::id()));
        let path = PathBuf::from(name);
        // SQLite writes into an empty file; one that it created itself could be read by others.
        OpenOptions::new().create_new(true).write(true).mode(0o600).open(&path)?;
        Ok(Self(path))
    }

    /// Syncs the copy to the disk and gives it its name, unless that is taken by now.
    fn publish(self, into: &Path) -> io::Result<()> {
        File::open(&self.0)?.sync_all()?;
        fs::hard_link(&self.0, into)?;
        let folder = into.parent().filter(|folder| !folder.as_os_str().is_empty());
        File::open(folder.unwrap_or(Path::new(".")))?.sync_all()
    }
}

impl Drop for Partial {
    fn drop(&mut self) {
        // On an error, a file is left whose name says what it is.
        let _ = fs::remove_file(&self.0);
    }
}
