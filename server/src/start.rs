//! What every way of starting the server shares: file names, limits, the worker's settings.

use std::{fs::DirBuilder, io, os::unix::fs::DirBuilderExt, path::Path, time::Duration};

use crate::{
    app::AppSettings,
    worker::{RetryPolicy, WorkerSettings},
};

/// The database's name in the data folder.
pub const DATABASE_FILE: &str = "viva.db";

/// The signing key's name in the data folder.
pub const KEY_FILE: &str = "secret_key";

/// The longest that a query may take.
pub const QUERY_TIMEOUT: Duration = Duration::from_secs(5);

/// The built-in grader needs milliseconds, so what a dead process had claimed is taken over soon.
const OFFLINE_LEASE: Duration = Duration::from_secs(10);

/// Evaluations that are claimed and under way at the same time.
const CONCURRENCY: usize = 16;

/// The settings that nothing changes but a test.
pub fn app_settings() -> AppSettings {
    AppSettings {
        access_lifetime: Duration::from_secs(30 * 60),
        refresh_lifetime: Duration::from_secs(30 * 24 * 60 * 60),
        request_timeout: Duration::from_secs(30),
        drain: Duration::from_secs(10),
        worker: Some(WorkerSettings {
            concurrency: CONCURRENCY,
            lease: OFFLINE_LEASE,
            poll: Duration::from_secs(1),
            retry: RetryPolicy::default(),
        }),
    }
}

/// Makes a folder that nobody else can look into, with the folders above it as usual.
pub fn make_private_folder(folder: &Path) -> io::Result<()> {
    if folder.is_dir() {
        return Ok(());
    }
    if let Some(above) = folder.parent() {
        std::fs::create_dir_all(above)?;
    }
    match DirBuilder::new().mode(0o700).create(folder) {
        // Another process was first.
        Err(error) if error.kind() == io::ErrorKind::AlreadyExists => Ok(()),
        made => made,
    }
}
