//! Settings: environment variables first, then the TOML file with the same names in lower case,
//! then defaults. All bad values are reported together, each by name with what is expected.
//! README.md lists the names.

mod database;
mod limits;
mod llm;
#[cfg(test)]
mod tests;

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use viva_runtime::settings::{ConfigErrors, LogConfig, LogFormat, Reader, TransportConfig, masked};

use crate::auth::signing_key::{MIN_BYTES, SigningKey};
pub use database::{DatabaseConfig, DatabaseLocation};
pub use limits::LimitsConfig;
pub use llm::{LlmConfig, llm};

/// The database's name in the data folder.
pub const DATABASE_FILE: &str = "viva.db";

/// The signing key's name in the data folder.
pub const KEY_FILE: &str = "secret_key";

/// Where a listener listens by default.
const DEFAULT_LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 50051);

/// All settings.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// TLS, and whether the services are described to clients.
    pub transport: TransportConfig,
    /// Where metrics are served; `None`: nowhere, and nothing is counted.
    pub metrics_listen: Option<SocketAddr>,
    /// The folder for the database and the key, unless they are configured otherwise.
    pub data_folder: PathBuf,
    /// A folder of bank files to add to the built-in bank.
    pub bank_dir: Option<PathBuf>,
    /// Where the data is stored.
    pub database: DatabaseConfig,
    /// Tokens.
    pub auth: AuthConfig,
    /// How often clients may call, register and try passwords.
    pub limits: LimitsConfig,
    /// Evaluations.
    pub evaluation: EvaluationConfig,
    /// The language model; `None`: the built-in bank and grader.
    pub model: Option<LlmConfig>,
    /// The log.
    pub log: LogConfig,
}

/// Settings for tokens.
#[derive(Debug, Clone)]
pub struct AuthConfig {
    /// The signing key; `None`: the one stored in the data folder.
    pub secret_key: Option<SigningKey>,
    /// The previous key, whose tokens are still accepted.
    pub previous_key: Option<SigningKey>,
    /// How long an access token is valid, 1 minute to 1 day.
    pub access_lifetime: Duration,
    /// How long a refresh token is valid, 1 day to 1 year.
    pub refresh_lifetime: Duration,
}

/// Settings for evaluations.
#[derive(Debug, Clone, Copy)]
pub struct EvaluationConfig {
    /// How long a claimed evaluation is reserved for the worker that claimed it, 1 second to 1
    /// hour.
    pub lease: Duration,
}

impl Config {
    /// Reads each setting through `get`, so that tests can pass a map instead of changing the
    /// environment; `file` is the text of the TOML file, if there is one.
    pub fn load(
        get: impl Fn(&str) -> Option<String>,
        file: Option<&str>,
    ) -> Result<Self, ConfigErrors> {
        let mut reader = Reader::new(&get, file);
        let data_folder = reader.data_folder();
        let config = Self {
            listen: reader.parsed(
                "VIVA_LISTEN",
                DEFAULT_LISTEN,
                "an address such as 127.0.0.1:50051",
                |text| text.parse().ok(),
            ),
            transport: TransportConfig::load(&mut reader),
            metrics_listen: reader.parsed(
                "VIVA_METRICS_LISTEN",
                None,
                "an address such as 127.0.0.1:9090",
                |text| text.parse().ok().map(Some),
            ),
            bank_dir: reader.path("VIVA_BANK_DIR"),
            database: DatabaseConfig::load(&mut reader, data_folder.join(DATABASE_FILE)),
            auth: AuthConfig::load(&mut reader),
            limits: LimitsConfig::load(&mut reader),
            evaluation: EvaluationConfig {
                lease: reader.seconds("EVALUATION_LEASE_SECONDS", 90, 1, 3600),
            },
            model: LlmConfig::load(&mut reader),
            log: LogConfig::load(&mut reader),
            data_folder,
        };
        reader.finish(config)
    }
}

impl AuthConfig {
    fn load(reader: &mut Reader) -> Self {
        const MINUTE: u64 = 60;
        const DAY: u64 = 24 * 60 * MINUTE;
        let minutes = reader.number("ACCESS_TOKEN_EXPIRE_MINUTES", 30, 1, 24 * 60, "minutes");
        let days = reader.number("REFRESH_TOKEN_EXPIRE_DAYS", 30, 1, 365, "days");
        let right = format!("at least {MIN_BYTES} bytes; `openssl rand -hex 32` makes one");
        let key = |text: &str| SigningKey::parse(text).ok();
        let secret_key = reader.secret("SECRET_KEY", &right, key);
        let right = format!("the previous SECRET_KEY, at least {MIN_BYTES} bytes");
        let previous_key = reader.secret("SECRET_KEY_PREVIOUS", &right, key);
        Self {
            secret_key,
            previous_key,
            access_lifetime: Duration::from_secs(minutes * MINUTE),
            refresh_lifetime: Duration::from_secs(days * DAY),
        }
    }
}

/// The settings in force, one per line, with secrets masked.
impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = match (&self.auth.secret_key, &self.database.place) {
            (Some(_), _) => "***".to_owned(),
            (None, DatabaseLocation::Postgres(_)) => {
                "not set; serving from PostgreSQL needs it".into()
            }
            (None, DatabaseLocation::Sqlite(_)) => {
                format!("kept in {}", self.data_folder.join("secret_key").display())
            }
        };
        let format = match self.log.format {
            LogFormat::Text => "text",
            LogFormat::Json => "json",
        };
        writeln!(f, "VIVA_LISTEN = {}", self.listen)?;
        for line in self.transport.lines() {
            writeln!(f, "{line}")?;
        }
        match self.metrics_listen {
            Some(address) => writeln!(f, "VIVA_METRICS_LISTEN = {address}")?,
            None => writeln!(f, "VIVA_METRICS_LISTEN = not set: nothing is counted")?,
        }
        writeln!(f, "VIVA_DATA_DIR = {}", self.data_folder.display())?;
        match &self.bank_dir {
            Some(folder) => writeln!(f, "VIVA_BANK_DIR = {}", folder.display())?,
            None => writeln!(f, "VIVA_BANK_DIR = not set: only the built-in bank")?,
        }
        for line in self.database.lines() {
            writeln!(f, "{line}")?;
        }
        writeln!(f, "SECRET_KEY = {key}")?;
        let previous = self.auth.previous_key.as_ref().map_or("not set", |_| "***");
        writeln!(f, "SECRET_KEY_PREVIOUS = {previous}")?;
        let minutes = self.auth.access_lifetime.as_secs() / 60;
        writeln!(f, "ACCESS_TOKEN_EXPIRE_MINUTES = {minutes}")?;
        let days = self.auth.refresh_lifetime.as_secs() / (24 * 60 * 60);
        writeln!(f, "REFRESH_TOKEN_EXPIRE_DAYS = {days}")?;
        for line in self.limits.lines() {
            writeln!(f, "{line}")?;
        }
        writeln!(f, "EVALUATION_LEASE_SECONDS = {}", self.evaluation.lease.as_secs())?;
        match &self.model {
            Some(model) => {
                for line in model.lines() {
                    writeln!(f, "{line}")?;
                }
            }
            None => writeln!(f, "LLM_API_URL = not set: the built-in bank and grader")?,
        }
        writeln!(f, "RUST_LOG = {}", self.log.filter)?;
        writeln!(f, "LOG_FORMAT = {format}")?;
        match &self.log.collector {
            Some(address) => {
                writeln!(f, "OTEL_EXPORTER_OTLP_ENDPOINT = {}", masked::address(address))
            }
            None => writeln!(f, "OTEL_EXPORTER_OTLP_ENDPOINT = not set: no spans are sent"),
        }
    }
}
