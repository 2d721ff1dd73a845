//! Where the data is stored, and how long to wait for the database.

use std::{fmt, path::PathBuf, time::Duration};
use viva_runtime::settings::{Reader, names::begins_with_tilde};

use crate::storage::postgres::PostgresUrl;

/// What a database address looks like.
const RIGHT: &str = "sqlite:PATH without any ?options and without ~, or postgres://USER:PASSWORD@HOST:PORT/DATABASE, \
                     with @ : / ? # and % in the password written as %40 %3A %2F %3F %23 and %25";

/// Settings for the database.
#[derive(Debug, Clone)]
pub struct DatabaseConfig {
    /// Where it is.
    pub place: DatabaseLocation,
    /// How many connections this process opens to PostgreSQL, 2 to 100.
    pub pool_size: u32,
    /// How long a query may take, including waiting for locks, 1 second to 1 minute.
    pub timeout: Duration,
}

/// Where the database is. When printed, a password in it is masked.
#[derive(Debug, Clone)]
pub enum DatabaseLocation {
    /// In a file.
    Sqlite(PathBuf),
    /// On a PostgreSQL server.
    Postgres(PostgresUrl),
}

impl DatabaseConfig {
    /// `file` is the default database.
    pub(super) fn load(reader: &mut Reader, file: PathBuf) -> Self {
        // The address may contain a password, so a bad one is not echoed.
        let place = reader.secret_or_why("DATABASE_URL", |url| {
            DatabaseLocation::parse(url).ok_or_else(|| why(url))
        });
        let pool_size = reader.number("DATABASE_POOL_SIZE", 10, 2, 100, "connections");
        Self {
            place: place.unwrap_or(DatabaseLocation::Sqlite(file)),
            pool_size: u32::try_from(pool_size).unwrap_or(u32::MAX),
            timeout: reader.seconds("DATABASE_TIMEOUT_SECONDS", 5, 1, 60),
        }
    }

    /// The settings in force.
    pub(super) fn lines(&self) -> [String; 3] {
        [
            format!("DATABASE_URL = {}", self.place),
            match self.place {
                DatabaseLocation::Sqlite(_) => "DATABASE_POOL_SIZE = not used by SQLite".to_owned(),
                DatabaseLocation::Postgres(_) => format!("DATABASE_POOL_SIZE = {}", self.pool_size),
            },
            format!("DATABASE_TIMEOUT_SECONDS = {}", self.timeout.as_secs()),
        ]
    }
}

/// What is wrong with an address.
fn why(url: &str) -> String {
    match PostgresUrl::unknown_setting(url) {
        Some(name) => {
            let known = PostgresUrl::SETTINGS.join(", ");
            format!(
                "it has {name}= after the ?, which has no effect; remove it, or write one of {known}"
            )
        }
        None => format!("it must be {RIGHT}"),
    }
}

impl DatabaseLocation {
    /// Reads `sqlite:PATH`, also written `sqlite://PATH`, or `postgres://...`.
    fn parse(url: &str) -> Option<Self> {
        let Some(path) = url.strip_prefix("sqlite:") else {
            return PostgresUrl::parse(url).map(Self::Postgres);
        };
        let path = path.strip_prefix("//").unwrap_or(path);
        // Options are not part of a file name, and Viva supports none.
        let has_password = path.split_once(':').is_some_and(|(_, rest)| rest.contains('@'));
        let is_file = !path.is_empty()
            && !path.starts_with(':')
            && !begins_with_tilde(path)
            && !path.contains('?')
            // A PostgreSQL address with the wrong scheme; as a file name it would be printed.
            && !has_password;
        is_file.then(|| Self::Sqlite(PathBuf::from(path)))
    }
}

impl fmt::Display for DatabaseLocation {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Sqlite(path) => write!(f, "sqlite:{}", path.display()),
            Self::Postgres(url) => write!(f, "{url}"),
        }
    }
}
