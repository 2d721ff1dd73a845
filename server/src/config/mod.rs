//! Settings: environment variables first, then the TOML file with the same names in lower case,
//! then defaults. All bad values are reported together, each by name with what is expected.
//! README.md lists the names.

mod data_folder;
mod database;
mod limits;
pub mod masked;
mod model;
mod reader;
#[cfg(test)]
mod tests;
mod transport;

use std::{fmt, net::SocketAddr, path::PathBuf, time::Duration};

use crate::{
    auth::signing_key::{MIN_BYTES, SigningKey},
    start::DATABASE_FILE,
};
pub use data_folder::data_folder;
pub use database::{DatabaseConfig, DatabasePlace};
pub use limits::LimitsConfig;
pub use model::{ModelConfig, model};
pub use reader::{ConfigError, ConfigErrors, Reader, nearest_setting};
pub use transport::TransportConfig;

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
    /// Where metrics are served; none: nowhere, and nothing is counted.
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
    /// The language model; none: the built-in bank and grader.
    pub model: Option<ModelConfig>,
    /// The log.
    pub log: LogConfig,
}

/// Settings for tokens.
#[derive(Debug, Clone)]
pub struct AuthConfig {
    /// The signing key; none: the one kept in the data folder.
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

/// Settings for the log. When printed, any part of the collector's address that may be a secret is
/// masked.
#[derive(Clone)]
pub struct LogConfig {
    /// What is logged, in the syntax of `RUST_LOG`.
    pub filter: String,
    /// How.
    pub format: LogFormat,
    /// The collector that spans are sent to; none: they are not sent.
    pub collector: Option<String>,
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object per line.
    Json,
}

impl Config {
    /// Reads each setting through `get`, so that tests can pass a map and leave the environment
    /// alone; `file` is the text of the TOML file, if there is one.
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
            bank_dir: reader.bank_dir(),
            database: DatabaseConfig::load(&mut reader, data_folder.join(DATABASE_FILE)),
            auth: AuthConfig::load(&mut reader),
            limits: LimitsConfig::load(&mut reader),
            evaluation: EvaluationConfig {
                lease: reader.seconds("EVALUATION_LEASE_SECONDS", 90, 1, 3600),
            },
            model: ModelConfig::load(&mut reader),
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
        let key = |text: &str| {
            // Bytes that are not text arrive as U+FFFD; a key made of those would not be secret.
            SigningKey::parse(text).ok().filter(|_| !text.contains('\u{fffd}'))
        };
        let secret_key = reader.secret("SECRET_KEY", &right, key);
        let right = format!("what SECRET_KEY was before, at least {MIN_BYTES} bytes");
        let previous_key = reader.secret("SECRET_KEY_PREVIOUS", &right, key);
        Self {
            secret_key,
            previous_key,
            access_lifetime: Duration::from_secs(minutes * MINUTE),
            refresh_lifetime: Duration::from_secs(days * DAY),
        }
    }
}

impl LogConfig {
    /// Reads them.
    pub fn load(reader: &mut Reader) -> Self {
        let right = "a filter such as info or viva_server=debug,info";
        let filter = reader.parsed("RUST_LOG", "info".to_owned(), right, |text| {
            tracing_subscriber::EnvFilter::try_new(text).ok().map(|_| text.to_owned())
        });
        let format =
            reader.parsed("LOG_FORMAT", LogFormat::Text, "text or json", |text| match text {
                "text" => Some(LogFormat::Text),
                "json" => Some(LogFormat::Json),
                _ => None,
            });
        let right = "a collector's address such as http://127.0.0.1:4317, without a user name or \
                     password";
        // It may contain a password that does not belong there, so a bad one is not echoed.
        let collector = reader.secret("OTEL_EXPORTER_OTLP_ENDPOINT", right, |text| {
            let address: http::Uri = text.parse().ok()?;
            let fits = address.scheme_str() == Some("http") && !text.contains('@');
            fits.then(|| text.to_owned())
        });
        Self { filter, format, collector }
    }
}

impl fmt::Debug for LogConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogConfig")
            .field("filter", &self.filter)
            .field("format", &self.format)
            .field("collector", &self.collector.as_deref().map(masked::address))
            .finish()
    }
}

/// The settings in force, one per line, with secrets masked.
impl fmt::Display for Config {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let key = match (&self.auth.secret_key, &self.database.place) {
            (Some(_), _) => "***".to_owned(),
            (None, DatabasePlace::Postgres(_)) => {
                "not set, and with PostgreSQL needed to serve".into()
            }
            (None, DatabasePlace::Sqlite(_)) => {
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
            None => writeln!(f, "VIVA_BANK_DIR = not set: the built-in bank alone")?,
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
