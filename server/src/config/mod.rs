//! Settings: environment variables first, then the TOML file with the same names in lower case,
//! then defaults. Every bad value is told at once, by its name, with what is right. The names are
//! listed in README.md.

mod data_folder;
mod database;
mod limits;
mod model;
mod reader;
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

/// Where a listener listens when nothing says otherwise.
const DEFAULT_LISTEN: SocketAddr =
    SocketAddr::new(std::net::IpAddr::V4(std::net::Ipv4Addr::LOCALHOST), 50051);

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Config {
    /// Where the server listens.
    pub listen: SocketAddr,
    /// TLS, and what is told of the services.
    pub transport: TransportConfig,
    /// Where the metrics are read; none: nowhere, and nothing is counted.
    pub metrics_listen: Option<SocketAddr>,
    /// The folder for the database and the key, where these are not set otherwise.
    pub data_folder: PathBuf,
    /// Where the data is kept.
    pub database: DatabaseConfig,
    /// Tokens.
    pub auth: AuthConfig,
    /// How often one may call, register and try.
    pub limits: LimitsConfig,
    /// Evaluations.
    pub evaluation: EvaluationConfig,
    /// The language model; none: the built-in bank and grader.
    pub model: Option<ModelConfig>,
    /// The log.
    pub log: LogConfig,
}

/// Settings of tokens.
#[derive(Debug, Clone)]
pub struct AuthConfig {
    /// The signing key; none: the one kept in the data folder.
    pub secret_key: Option<SigningKey>,
    /// The key before it, whose tokens are still believed.
    pub previous_key: Option<SigningKey>,
    /// How long an access token works, 1 minute to 1 day.
    pub access_lifetime: Duration,
    /// How long a refresh token works, 1 day to 1 year.
    pub refresh_lifetime: Duration,
}

/// Settings of evaluations.
#[derive(Debug, Clone, Copy)]
pub struct EvaluationConfig {
    /// How long a claimed evaluation is nobody else's, 1 second to 1 hour.
    pub lease: Duration,
}

/// Settings of the log.
#[derive(Debug, Clone)]
pub struct LogConfig {
    /// What is logged, in the words of `RUST_LOG`.
    pub filter: String,
    /// How.
    pub format: LogFormat,
    /// The collector that spans go to; none: they go nowhere.
    pub collector: Option<String>,
}

/// How a line of the log looks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// For people.
    Text,
    /// One JSON object a line.
    Json,
}

impl Config {
    /// Reads each setting through `get`, so that a test passes a map and leaves the environment
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
            // Bytes that are no text come as U+FFFD; a key of those would be no secret.
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
        let right = "a collector's address such as http://127.0.0.1:4317";
        let collector = reader.parsed("OTEL_EXPORTER_OTLP_ENDPOINT", None, right, |text| {
            let address: http::Uri = text.parse().ok()?;
            let fits = address.scheme_str() == Some("http") && !text.contains('@');
            fits.then(|| Some(text.to_owned()))
        });
        Self { filter, format, collector }
    }
}

/// The settings in force, a line each, secrets masked.
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
            Some(address) => writeln!(f, "OTEL_EXPORTER_OTLP_ENDPOINT = {address}"),
            None => writeln!(f, "OTEL_EXPORTER_OTLP_ENDPOINT = not set: no spans are sent"),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashMap;

    use super::*;
    use crate::domain::throttle::DoorLimits;

    fn load(environment: &[(&str, &str)], file: Option<&str>) -> Result<Config, ConfigErrors> {
        let map: HashMap<_, _> = environment.iter().copied().collect();
        let get = |name: &str| match name {
            "HOME" => Some("/home/ada".to_owned()),
            _ => map.get(name).map(|value| (*value).to_owned()),
        };
        Config::load(get, file)
    }

    #[test]
    fn with_nothing_set_everything_has_its_default() {
        let config = load(&[], None).unwrap();
        assert_eq!(config.listen.to_string(), "127.0.0.1:50051");
        let DatabasePlace::Sqlite(file) = &config.database.place else { panic!() };
        assert_eq!(*file, PathBuf::from("/home/ada/.local/share/viva/viva.db"));
        assert_eq!(config.database.timeout, Duration::from_secs(5));
        assert_eq!(config.auth.access_lifetime, Duration::from_mins(30));
        assert_eq!(config.evaluation.lease, Duration::from_secs(90));
    }

    #[test]
    fn the_environment_wins_over_the_file_and_the_file_over_the_default() {
        let file = "access_token_expire_minutes = 5\nlog_format = \"json\"";
        let config = load(&[("ACCESS_TOKEN_EXPIRE_MINUTES", "7")], Some(file)).unwrap();
        assert_eq!(config.auth.access_lifetime, Duration::from_mins(7));
        assert_eq!(config.log.format, LogFormat::Json);
    }

    #[test]
    fn options_are_no_part_of_a_database_files_name() {
        let text =
            load(&[("DATABASE_URL", "sqlite:viva.db?mode=rwc")], None).unwrap_err().to_string();
        assert!(text.contains("sqlite:PATH without any ?options"), "{text}");
        let config = load(&[("DATABASE_URL", "sqlite:viva.db")], None).unwrap();
        assert_eq!(config.database.place.to_string(), "sqlite:viva.db");
    }

    #[test]
    fn every_bad_value_is_named_with_what_is_right() {
        let bad = [
            ("VIVA_LISTEN", "here"),
            ("DATABASE_URL", "mysql://ada:hunter2@x"),
            ("DATABASE_POOL_SIZE", "1"),
            ("DATABASE_TIMEOUT_SECONDS", "61"),
            ("ACCESS_TOKEN_EXPIRE_MINUTES", "0"),
            ("SECRET_KEY", "short"),
            ("SECRET_KEY_PREVIOUS", "hunter2"),
            ("REQUESTS_PER_MINUTE_USER", "-1"),
            ("REGISTRATION", "no"),
            ("TRUSTED_PROXIES", "10.0.0.0/8, proxy"),
            ("LOG_FORMAT", "xml"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "127.0.0.1:4317"),
            ("VIVA_METRICS_LISTEN", "9090"),
        ];
        let text = load(&bad, None).unwrap_err().to_string();
        for part in [
            "VIVA_LISTEN is \"here\"; it must be an address such as 127.0.0.1:50051",
            "DATABASE_URL is not right; it must be sqlite:PATH without any ?options, or postgres://USER:PASSWORD@HOST:PORT/DATABASE, with @",
            "DATABASE_POOL_SIZE is \"1\"; it must be a whole number of connections from 2 to 100",
            "DATABASE_TIMEOUT_SECONDS is \"61\"; it must be a whole number of seconds from 1 to 60",
            "ACCESS_TOKEN_EXPIRE_MINUTES is \"0\"; it must be a whole number of minutes from 1 to 1440",
            "SECRET_KEY is not right; it must be at least 32 bytes",
            "SECRET_KEY_PREVIOUS is not right; it must be what SECRET_KEY was before, at least 32 bytes",
            "REQUESTS_PER_MINUTE_USER is \"-1\"; it must be a whole number of calls a minute, 0 for no limit, from 0 to",
            "REGISTRATION is \"no\"; it must be open or closed",
            "TRUSTED_PROXIES is \"10.0.0.0/8, proxy\"; it must be addresses or networks such as",
            "LOG_FORMAT is \"xml\"; it must be text or json",
            "OTEL_EXPORTER_OTLP_ENDPOINT is \"127.0.0.1:4317\"; it must be a collector's address",
            "VIVA_METRICS_LISTEN is \"9090\"; it must be an address such as 127.0.0.1:9090",
        ] {
            assert!(text.contains(part), "{part}\nnot in\n{text}");
        }
        assert!(!text.contains("short") && !text.contains("hunter2"), "no secret is repeated");
    }

    #[test]
    fn limits_are_sane_by_default_and_nothing_is_no_limit() {
        let limits = load(&[], None).unwrap().limits;
        assert_eq!(limits.requests.per_address.map(Into::into), Some(3000));
        assert_eq!(limits.requests.per_user.map(Into::into), Some(1200));
        assert_eq!(limits.doors, DoorLimits::usual());
        assert!(limits.is_open);
        let none = [
            ("REGISTRATIONS_PER_MINUTE_ADDRESS", "0"),
            ("REQUESTS_PER_MINUTE_ADDRESS", "0"),
            ("REQUESTS_PER_MINUTE_USER", "0"),
            ("TRUSTED_PROXIES", "127.0.0.1, fd00::/8"),
            ("REGISTRATION", "closed"),
        ];
        let config = load(&none, None).unwrap();
        assert!(!config.limits.is_open);
        assert!(config.to_string().contains("\nREGISTRATION = closed\n"));
        let requests = &config.limits.requests;
        assert_eq!((requests.per_address, requests.per_user), (None, None));
        assert_eq!(config.limits.doors.registrations, None);
        assert!(config.to_string().contains("\nTRUSTED_PROXIES = 127.0.0.1/32,fd00::/8\n"));
    }

    #[test]
    fn a_model_needs_its_address_and_its_name() {
        const URL: (&str, &str) = ("LLM_API_URL", "http://127.0.0.1:1/v1/chat/completions");
        const MODEL: (&str, &str) = ("LLM_MODEL", "corpus-1");
        assert!(load(&[], None).unwrap().model.is_none());
        let model = load(&[URL, MODEL], None).unwrap().model.unwrap();
        assert_eq!((model.endpoint.url.as_str(), model.endpoint.model.as_str()), (URL.1, MODEL.1));
        assert_eq!(model.endpoint.timeout, Duration::from_mins(1));
        assert_eq!((model.endpoint.concurrency, model.max_attempts), (16, 5));
        assert_eq!(model.caps.per_day, Some(5000));
        let uncapped = load(&[URL, MODEL, ("LLM_CALLS_PER_DAY", "0")], None).unwrap();
        assert_eq!(uncapped.model.as_ref().unwrap().caps.per_day, None);
        assert!(uncapped.to_string().contains("\nLLM_CALLS_PER_DAY = 0 (no cap)\n"));
        assert!(model.endpoint.key.is_none() && model.endpoint.requests_per_minute.is_none());
        for (half, named) in [
            (&[URL][..], "LLM_MODEL is not set"),
            (&[MODEL][..], "LLM_API_URL is not set"),
            (&[("LLM_API_KEY", "sk-half")][..], "LLM_API_URL is not set"),
            (&[("LLM_API_URL", "ftp://x"), MODEL][..], "LLM_API_URL is not right"),
            (&[URL, MODEL, ("LLM_TIMEOUT_SECONDS", "0")][..], "LLM_TIMEOUT_SECONDS is \"0\""),
            (&[URL, MODEL, ("LLM_API_KEY", "two words")][..], "LLM_API_KEY is not right"),
        ] {
            let text = load(half, None).unwrap_err().to_string();
            assert!(text.contains(named), "{text}");
            assert!(!text.contains("two words") && !text.contains("sk-half"), "{text}");
        }
    }

    #[test]
    fn a_setting_that_nobody_knows_and_a_broken_file_are_refused() {
        let text = load(&[], Some("databse_url = \"x\"")).unwrap_err().to_string();
        assert!(text.contains("databse_url"), "{text}");
        let text = load(&[], Some("= 1")).unwrap_err().to_string();
        assert!(text.contains("TOML"), "{text}");
    }

    #[test]
    fn what_is_in_force_is_printed_without_its_secrets() {
        let secret = "0123456789abcdef0123456789abcdef";
        let settings = [
            ("SECRET_KEY", secret),
            ("SECRET_KEY_PREVIOUS", "fedcba9876543210fedcba9876543210"),
            ("DATABASE_URL", "postgres://viva:hunter2@db.example/viva?sslmode=verify-full"),
            ("LLM_API_URL", "http://127.0.0.1:1/v1/chat/completions"),
            ("LLM_MODEL", "corpus-1"),
            ("LLM_API_KEY", "sk-never-shown"),
        ];
        let config = load(&settings, None).unwrap();
        for text in [config.to_string(), format!("{config:?}")] {
            assert!(!text.contains(secret) && !text.contains("sk-never-shown"), "{text}");
            assert!(!text.contains("fedcba"), "{text}");
            assert!(text.contains("corpus-1") && !text.contains("hunter2"), "{text}");
            assert!(text.contains("viva:***@db.example/viva?sslmode=verify-full"), "{text}");
        }
        let masked = config.to_string();
        assert!(masked.contains("SECRET_KEY = ***\n") && masked.contains("LLM_API_KEY = ***\n"));
        assert!(masked.contains("SECRET_KEY_PREVIOUS = ***\n"), "{masked}");
    }
}
