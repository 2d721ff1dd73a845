//! Reads settings by name and collects everything wrong with them.

use std::{fmt, path::PathBuf, time::Duration};

use super::{data_folder, masked};

/// The names that a settings file may contain, in lower case: those of every program, so that one
/// file can serve all of them.
const NAMES: [&str; 47] = [
    "VIVA_LISTEN",
    "VIVA_METRICS_LISTEN",
    "VIVA_DATA_DIR",
    "VIVA_BANK_DIR",
    "VIVA_SERVER",
    "VIVA_THEME",
    "VIVA_COLOR",
    "VIVA_LOCAL_MODEL_PORTS",
    "VIVA_WEB_LISTEN",
    "VIVA_WEB_HOSTS",
    "VIVA_CA_FILE",
    "VIVA_PLAINTEXT",
    "CORS_ORIGINS",
    "TLS_CERT_FILE",
    "TLS_KEY_FILE",
    "TLS_CLIENT_CA_FILE",
    "TLS_CLIENT_CERTIFICATES",
    "UPSTREAM_CLIENT_CERT_FILE",
    "UPSTREAM_CLIENT_KEY_FILE",
    "PLAINTEXT",
    "REFLECTION",
    "DATABASE_URL",
    "DATABASE_POOL_SIZE",
    "DATABASE_TIMEOUT_SECONDS",
    "SECRET_KEY",
    "SECRET_KEY_PREVIOUS",
    "ACCESS_TOKEN_EXPIRE_MINUTES",
    "REFRESH_TOKEN_EXPIRE_DAYS",
    "REGISTRATION",
    "REGISTRATIONS_PER_MINUTE_ADDRESS",
    "REQUESTS_PER_MINUTE_ADDRESS",
    "REQUESTS_PER_MINUTE_USER",
    "TRUSTED_PROXIES",
    "EVALUATION_LEASE_SECONDS",
    "LLM_API_URL",
    "LLM_API_KEY",
    "LLM_MODEL",
    "LLM_TIMEOUT_SECONDS",
    "LLM_CONCURRENCY",
    "LLM_MAX_ATTEMPTS",
    "LLM_REQUESTS_PER_MINUTE",
    "LLM_CALLS_PER_INTERVIEW",
    "LLM_CALLS_PER_USER_AND_DAY",
    "LLM_CALLS_PER_DAY",
    "RUST_LOG",
    "LOG_FORMAT",
    "OTEL_EXPORTER_OTLP_ENDPOINT",
];

/// The setting whose name is closest to an unknown key in a file; none if the key is known.
pub fn nearest_setting(key: &str) -> Option<String> {
    let names = NAMES.map(str::to_lowercase);
    if names.iter().any(|name| name == key) {
        return None;
    }
    let key = key.to_lowercase();
    names.into_iter().min_by_key(|name| strsim::osa_distance(name, &key))
}

/// One thing wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigError(String);

/// Everything wrong with the settings.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ConfigErrors(Vec<ConfigError>);

impl fmt::Display for ConfigErrors {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let lines: Vec<&str> = self.0.iter().map(|error| error.0.as_str()).collect();
        f.write_str(&lines.join("\n"))
    }
}

impl std::error::Error for ConfigErrors {}

/// Reads settings. A bad one counts as its default until `finish` reports all of them.
pub struct Reader<'a> {
    get: &'a dyn Fn(&str) -> Option<String>,
    file: toml::Table,
    errors: Vec<ConfigError>,
}

impl<'a> Reader<'a> {
    /// Reads from `get`, and from the text of a settings file, if there is one.
    pub fn new(get: &'a dyn Fn(&str) -> Option<String>, file: Option<&str>) -> Self {
        let mut errors = Vec::new();
        let file = file.unwrap_or_default().parse().unwrap_or_else(|error: toml::de::Error| {
            errors.push(ConfigError(format!("the settings file is not TOML: {}", error.message())));
            toml::Table::new()
        });
        for (key, nearest) in file.keys().filter_map(|key| Some((key, nearest_setting(key)?))) {
            errors.push(ConfigError(format!(
                "the settings file has {key}, which is not a setting; the nearest is {nearest}, and there are {}",
                NAMES.map(str::to_lowercase).join(", ")
            )));
        }
        Self { get, file, errors }
    }

    /// The setting's text; an empty variable counts as unset.
    fn text(&self, name: &str) -> Option<String> {
        let from_file = || match self.file.get(&name.to_lowercase())? {
            toml::Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        let set = |text: &String| !text.is_empty();
        (self.get)(name).filter(set).or_else(|| from_file().filter(set))
    }

    /// The data folder.
    pub fn data_folder(&self) -> PathBuf {
        data_folder(|name| match name {
            "VIVA_DATA_DIR" => self.text(name),
            _ => (self.get)(name),
        })
    }

    /// The folder of bank files beside the built-in bank, if one is named.
    pub fn bank_dir(&self) -> Option<PathBuf> {
        self.text("VIVA_BANK_DIR").map(PathBuf::from)
    }

    /// The setting, or its default; `right` says what it must be. A bad value is echoed, without
    /// any part that may be a secret.
    pub fn parsed<T>(
        &mut self,
        name: &str,
        default: T,
        right: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> T {
        let Some(text) = self.text(name) else {
            return default;
        };
        parse(&text).unwrap_or_else(|| {
            let shown = masked::quoted(&text);
            self.errors.push(ConfigError(format!("{name} is {shown}; it must be {right}")));
            default
        })
    }

    /// Like `parsed`, but the value is never echoed.
    pub fn secret<T>(
        &mut self,
        name: &str,
        right: &str,
        parse: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let text = self.text(name)?;
        let value = parse(&text);
        if value.is_none() {
            self.errors.push(ConfigError(format!("{name} is not right; it must be {right}")));
        }
        value
    }

    /// Reports a setting that is required because others are set.
    pub fn missing(&mut self, name: &str, right: &str) {
        self.errors.push(ConfigError(format!("{name} is not set; it must be {right}")));
    }

    /// A whole number within bounds.
    pub fn number(&mut self, name: &str, default: u64, min: u64, max: u64, unit: &str) -> u64 {
        let right = format!("a whole number of {unit} from {min} to {max}");
        self.parsed(name, default, &right, |text| {
            text.parse().ok().filter(|number| (min..=max).contains(number))
        })
    }

    /// A whole number of seconds within bounds.
    pub fn seconds(&mut self, name: &str, default: u64, min: u64, max: u64) -> Duration {
        Duration::from_secs(self.number(name, default, min, max, "seconds"))
    }

    /// Returns the value, unless a setting was bad.
    pub fn finish<T>(self, value: T) -> Result<T, ConfigErrors> {
        if self.errors.is_empty() { Ok(value) } else { Err(ConfigErrors(self.errors)) }
    }
}
