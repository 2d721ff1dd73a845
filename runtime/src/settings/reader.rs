//! Reads settings by name and collects everything wrong with them.

use std::{fmt, path::PathBuf, time::Duration};

use super::{data_folder, masked, names};

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

/// What is wrong with a variable whose bytes are not text.
const NOT_TEXT: &str = "is not UTF-8 text; write it in UTF-8";

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
        for (key, value) in &file {
            if let Some(advice) = names::unknown(key, value) {
                errors.push(ConfigError(format!(
                    "the settings file has {key}, which is not a setting; {advice}"
                )));
            } else if let Some(what) = names::misshapen(value) {
                errors.push(ConfigError(format!(
                    "{key} in the settings file is {what}; it must be one text in quotation marks, with commas \
                     between several values"
                )));
            }
        }
        let unreadable = names::unreadable(get);
        errors.extend(unreadable.map(|name| ConfigError(format!("{name} {NOT_TEXT}"))));
        Self { get, file, errors }
    }

    /// The setting's text; an empty variable counts as unset.
    fn text(&self, name: &str) -> Option<String> {
        let from_file = || match self.file.get(&name.to_lowercase())? {
            toml::Value::String(text) => Some(text.clone()),
            // It has been reported.
            value if names::misshapen(value).is_some() => None,
            other => Some(other.to_string()),
        };
        let set = |text: &String| !text.is_empty();
        // A variable that is not text has been reported.
        let read = |text: &String| set(text) && !names::is_unreadable(text);
        (self.get)(name).filter(read).or_else(|| from_file().filter(set))
    }

    /// The data folder.
    pub fn data_folder(&mut self) -> PathBuf {
        let _reported = self.path("VIVA_DATA_DIR");
        let folder = data_folder(|name| match name {
            "VIVA_DATA_DIR" => self.text(name),
            _ => (self.get)(name),
        });
        if names::is_unreadable(&folder.to_string_lossy()) {
            let right = "write it in UTF-8, or set VIVA_DATA_DIR";
            self.errors
                .push(ConfigError(format!("HOME or XDG_DATA_HOME is not UTF-8 text; {right}")));
        }
        folder
    }

    /// The path that a setting names, if it is set.
    pub fn path(&mut self, name: &str) -> Option<PathBuf> {
        let right = "a whole path such as /home/ada/viva; ~ works only in a shell";
        self.parsed(name, None, right, |text| {
            (!names::begins_with_tilde(text)).then(|| Some(PathBuf::from(text)))
        })
    }

    /// Reads a setting, or returns its default; `right` says what it must be. A bad value is echoed
    /// without any part that may be a secret.
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
        self.secret_or_why(name, |text| parse(text).ok_or_else(|| format!("it must be {right}")))
    }

    /// The same; `parse` says what is wrong, without any part that may be a secret.
    pub fn secret_or_why<T>(
        &mut self,
        name: &str,
        parse: impl Fn(&str) -> Result<T, String>,
    ) -> Option<T> {
        let text = self.text(name)?;
        let why = |why| self.errors.push(ConfigError(format!("{name} is not valid; {why}")));
        parse(&text).map_err(why).ok()
    }

    /// Reports a setting that is required because others are set.
    pub fn missing(&mut self, name: &str, right: &str) {
        self.errors.push(ConfigError(format!("{name} is not set; it must be {right}")));
    }

    /// Reads a whole number within limits.
    pub fn number(&mut self, name: &str, default: u64, min: u64, max: u64, unit: &str) -> u64 {
        let right = format!("a whole number of {unit} from {min} to {max}");
        self.parsed(name, default, &right, |text| {
            text.parse().ok().filter(|number| (min..=max).contains(number))
        })
    }

    /// Reads a whole number of seconds within limits.
    pub fn seconds(&mut self, name: &str, default: u64, min: u64, max: u64) -> Duration {
        Duration::from_secs(self.number(name, default, min, max, "seconds"))
    }

    /// Returns the value, unless a setting was bad.
    pub fn finish<T>(self, value: T) -> Result<T, ConfigErrors> {
        if self.errors.is_empty() { Ok(value) } else { Err(ConfigErrors(self.errors)) }
    }
}
