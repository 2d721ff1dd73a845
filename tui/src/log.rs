//! The log: files in the state folder, never on the screen. Answers, passwords and tokens are never
//! logged.

use tracing_appender::{
    non_blocking::WorkerGuard,
    rolling::{RollingFileAppender, Rotation},
};
use tracing_subscriber::EnvFilter;

use crate::{paths::Paths, private};

/// How many days of logs are kept.
const DAYS: usize = 7;

/// Starts logging, if the folder allows it; dropping the guard writes the rest.
pub(crate) fn start(paths: &Paths, get: impl Fn(&str) -> Option<String>) -> Option<WorkerGuard> {
    let folder = paths.log();
    private::make_folder(&folder).ok()?;
    let files = RollingFileAppender::builder()
        .rotation(Rotation::DAILY)
        .filename_prefix("viva")
        .filename_suffix("log")
        .max_log_files(DAYS)
        .build(folder)
        .ok()?;
    let (writer, guard) = tracing_appender::non_blocking(files);
    let filter = EnvFilter::try_new(get("RUST_LOG").unwrap_or_else(|| "info".to_owned()))
        .unwrap_or_else(|_| EnvFilter::new("info"));
    let log =
        tracing_subscriber::fmt().with_env_filter(filter).with_writer(writer).with_ansi(false);
    let started = match get("LOG_FORMAT").as_deref() {
        Some("json") => log.json().try_init(),
        _ => log.try_init(),
    };
    started.ok().map(|()| guard)
}
