//! The settings in force, in order of precedence: flags, environment, settings file, defaults. The
//! environment is passed in as a closure, so that only `main` reads it.

pub(crate) mod adopt;
mod file;

use std::{
    collections::BTreeSet,
    ffi::OsStr,
    path::{Path, PathBuf},
};

use secrecy::SecretString;

use crate::{
    discovery::ports::Ports,
    external_editor,
    flags::{ColourChoice, Flags},
    hyperlinks,
    local::{
        self, begins_with_tilde,
        llm::{LlmConfig, Prospect},
        unreadable_settings,
    },
    model::{
        ThemeName,
        preferences::{EditingKeys, Notifications, Setting, Switch},
    },
    server_url::ServerUrl,
};

/// The settings of the terminal client.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The server to use; `None` is the embedded one.
    pub(crate) server: Option<ServerUrl>,
    /// The API key for the server; `None` uses a session that you sign in to.
    pub(crate) api_key: Option<SecretString>,
    /// The language model of the embedded server; `None` uses the built-in bank and grader.
    pub(crate) model: Option<LlmConfig>,
    /// Where language models on this machine are looked for.
    pub(crate) local_ports: Ports,
    /// How a model found there would be used; `None` offers none, because a model or a remote
    /// server is set, or the search is off.
    pub(crate) prospect: Option<Prospect>,
    /// Replaces the data folder.
    pub(crate) data_dir: Option<PathBuf>,
    /// A folder of bank files beside the built-in bank; a remote server has a bank of its own.
    pub(crate) bank_dir: Option<PathBuf>,
    /// Whether to use colours, with `NO_COLOR` applied.
    pub(crate) colour: ColourChoice,
    /// The theme; `None` asks the terminal for its background.
    pub(crate) theme: Option<ThemeName>,
    /// Whether Viva draws with ASCII characters only.
    pub(crate) ascii: bool,
    /// Whether the terminal is known to understand links to files.
    pub(crate) has_links: bool,
    /// The external editor in the settings, with its arguments.
    pub(crate) editor: Option<String>,
    /// The editor used otherwise: the environment's, or one that is usually installed.
    pub(crate) usual_editor: Option<String>,
    /// Whether and how you are notified that something is ready.
    pub(crate) notifications: Notifications,
    /// Whether a notification rings the bell.
    pub(crate) bell: Switch,
    /// The keys in a text of several lines.
    pub(crate) keys: EditingKeys,
    /// Whether clicks are for Viva.
    pub(crate) mouse: Switch,
    /// The settings of the settings screen that the environment overrides.
    pub(crate) fixed: BTreeSet<&'static str>,
    /// The file that the settings came from, if any.
    pub(crate) file: Option<PathBuf>,
}

/// A setting that cannot be used: which, what is wrong with it, and what is right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {fault}. {right}")]
pub(crate) struct SettingError {
    /// The setting and its source.
    pub(crate) setting: String,
    /// What is wrong.
    pub(crate) fault: String,
    /// What is right.
    pub(crate) right: String,
}

impl Settings {
    /// Loads the settings; `default_file` may be missing, a named file may not.
    pub(crate) fn load(
        flags: &Flags,
        get: impl Fn(&str) -> Option<String>,
        default_file: &Path,
    ) -> Result<Self, SettingError> {
        if let Some(name) = unreadable_settings(&get).next() {
            return Err(SettingError {
                setting: name.to_owned(),
                fault: "its bytes are not UTF-8 text".to_owned(),
                right: "Write it in UTF-8".to_owned(),
            });
        }
        let named = flags.config.clone().or_else(|| present(&get, "VIVA_CONFIG").map(Into::into));
        let (file, table) = file::read(named.as_deref(), default_file)?;
        let source = Source { get: &get, table: &table, file: file.as_deref() };
        let named = match &flags.server {
            Some(url) => Some(Found { value: url.clone(), place: "--server".to_owned() }),
            None => source.find("VIVA_SERVER")?,
        };
        let plaintext = flags.plaintext || allows_plaintext(&source)?;
        let server = named.map(|named| server(&named, plaintext)).transpose()?;
        let authorities = source.path("VIVA_CA_FILE")?;
        let server = server.map(|server| server.trusting(authorities));
        let model = model(&source, server.is_none())?;
        let local_ports = local_ports(&source)?;
        let offers = server.is_none() && model.is_none() && !local_ports.is_none();
        Ok(Self {
            prospect: if offers { prospect(&source)? } else { None },
            model,
            local_ports,
            api_key: api_key(&get, server.is_some())?,
            server,
            data_dir: source.path("VIVA_DATA_DIR")?,
            bank_dir: bank_dir(flags, &source)?,
            colour: colour(flags, &get, &source)?,
            theme: source.choice("VIVA_THEME")?,
            ascii: flags.ascii || !speaks_utf8(&get),
            has_links: hyperlinks::are_known(&get),
            editor: source.find("VIVA_EDITOR")?.map(|found| found.value),
            usual_editor: present(&get, "VISUAL")
                .or_else(|| present(&get, "EDITOR"))
                .or_else(|| external_editor::usual(get("PATH").as_deref().map(OsStr::new))),
            notifications: source.choice("VIVA_NOTIFICATIONS")?.unwrap_or_default(),
            bell: source.choice("VIVA_BELL")?.unwrap_or_default(),
            keys: source.choice("VIVA_KEYS")?.unwrap_or_default(),
            mouse: source.choice("VIVA_MOUSE")?.unwrap_or_default(),
            fixed: Setting::ALL
                .map(Setting::name)
                .into_iter()
                .filter(|name| present(&get, name).is_some())
                .collect(),
            file,
        })
    }
}

/// A setting and its source.
struct Found {
    value: String,
    place: String,
}

/// The environment and the settings file, read by the same names.
struct Source<'a, G> {
    get: &'a G,
    table: &'a toml::Table,
    file: Option<&'a Path>,
}

impl<G: Fn(&str) -> Option<String>> Source<'_, G> {
    fn find(&self, name: &str) -> Result<Option<Found>, SettingError> {
        if let Some(value) = present(self.get, name) {
            return Ok(Some(Found { value, place: name.to_owned() }));
        }
        let key = name.to_lowercase();
        let place = || format!("{key} in {}", self.file.unwrap_or(Path::new("")).display());
        match self.table.get(&key) {
            None => Ok(None),
            Some(toml::Value::String(value)) => {
                Ok(Some(Found { value: value.clone(), place: place() }))
            }
            Some(other) => Err(SettingError {
                setting: place(),
                fault: format!("it is of type {}, not a text", other.type_str()),
                right: format!("Write {key} = \"...\""),
            }),
        }
    }

    /// A setting that names a file or a folder.
    fn path(&self, name: &str) -> Result<Option<PathBuf>, SettingError> {
        match self.find(name)? {
            Some(found) if begins_with_tilde(&found.value) => Err(SettingError {
                setting: found.place,
                fault: "it begins with ~, which works only in a shell".to_owned(),
                right: "Write the whole path, such as /home/ada/viva".to_owned(),
            }),
            found => Ok(found.map(|found| found.value.into())),
        }
    }

    /// A setting of the language model; the server defines these names and rules.
    fn of_model(&self, name: &str) -> Option<String> {
        let from_file = || match self.table.get(&name.to_lowercase())? {
            toml::Value::String(text) => Some(text.clone()),
            other => Some(other.to_string()),
        };
        present(self.get, name).or_else(from_file)
    }

    fn choice<T: clap::ValueEnum>(&self, name: &str) -> Result<Option<T>, SettingError> {
        let Some(found) = self.find(name)? else {
            return Ok(None);
        };
        T::from_str(&found.value, true).map(Some).map_err(|_| SettingError {
            setting: found.place,
            fault: format!("{} is not one of the choices", local::quoted(&found.value)),
            right: format!("Write {}", choices::<T>()),
        })
    }
}

/// A variable's value; an empty one counts as unset.
fn present(get: &impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    get(name).filter(|value| !value.is_empty())
}

/// The model of the embedded server; a remote server uses its own.
fn model<G: Fn(&str) -> Option<String>>(
    source: &Source<'_, G>,
    is_embedded: bool,
) -> Result<Option<LlmConfig>, SettingError> {
    if !is_embedded {
        return Ok(None);
    }
    local::llm::settings(|name| source.of_model(name)).map_err(|faults| bad_model(&faults))
}

/// How a model found on this machine would be used.
fn prospect<G: Fn(&str) -> Option<String>>(
    source: &Source<'_, G>,
) -> Result<Option<Prospect>, SettingError> {
    Prospect::new(|name| source.of_model(name)).map_err(|faults| bad_model(&faults))
}

fn bad_model(faults: &[String]) -> SettingError {
    SettingError {
        setting: "The language model".to_owned(),
        fault: faults.join("; "),
        right: "Without any LLM_ setting, the built-in bank and grader do the work".to_owned(),
    }
}

/// The ports at which to look for models on this machine.
fn local_ports<G: Fn(&str) -> Option<String>>(
    source: &Source<'_, G>,
) -> Result<Ports, SettingError> {
    let Some(found) = source.find("VIVA_LOCAL_MODEL_PORTS")? else {
        return Ok(Ports::default());
    };
    Ports::parse(&found.value).ok_or_else(|| SettingError {
        setting: found.place,
        fault: format!("{} names no ports", local::quoted(&found.value)),
        right: "Write off, or up to 8 ports with commas between them, for instance 11434,8080"
            .to_owned(),
    })
}

/// The API key, which only the environment can set: a file is too easily shown and shared. The
/// embedded server needs none.
fn api_key(
    get: &impl Fn(&str) -> Option<String>,
    is_remote: bool,
) -> Result<Option<SecretString>, SettingError> {
    let Some(key) = present(get, "VIVA_API_KEY").filter(|_| is_remote) else {
        return Ok(None);
    };
    let is_shaped = key.starts_with("viva_") && key.bytes().all(|byte| byte.is_ascii_graphic());
    if !is_shaped {
        return Err(SettingError {
            setting: "VIVA_API_KEY".to_owned(),
            fault: "it is not an API key".to_owned(),
            right: "Write one as `viva api-key create` printed it, beginning with viva_".to_owned(),
        });
    }
    Ok(Some(key.into()))
}

fn choices<T: clap::ValueEnum>() -> String {
    let values = T::value_variants().iter().filter_map(clap::ValueEnum::to_possible_value);
    values.map(|value| value.get_name().to_owned()).collect::<Vec<_>>().join(", ")
}

/// The named server. Passwords and answers may leave this machine as plain text only if `plaintext`
/// is set.
fn server(named: &Found, plaintext: bool) -> Result<ServerUrl, SettingError> {
    let Found { value: text, place } = named;
    let error = |fault, right: &str| {
        Err(SettingError { setting: place.clone(), fault, right: right.to_owned() })
    };
    match text.parse::<ServerUrl>() {
        Ok(server) if server.is_exposed() && !plaintext => error(
            format!("to {server}, your password would go through the network as plain text"),
            "Name the server's https:// address, or allow it with --plaintext or \
             VIVA_PLAINTEXT=allow, where a private network protects it",
        ),
        Ok(server) => Ok(server),
        Err(fault) => error(
            format!("{} cannot be used: {fault}", local::quoted(text)),
            "Write for instance https://viva.example.org or http://127.0.0.1:50051",
        ),
    }
}

/// `--bank` would have no effect with a remote server, so it is refused.
fn bank_dir<G: Fn(&str) -> Option<String>>(
    flags: &Flags,
    source: &Source<'_, G>,
) -> Result<Option<PathBuf>, SettingError> {
    if flags.bank.is_some() && flags.server.is_some() {
        return Err(SettingError {
            setting: "--bank".to_owned(),
            fault: "the server that --server names asks from a bank of its own".to_owned(),
            right: "Leave one of the two out".to_owned(),
        });
    }
    match &flags.bank {
        Some(folder) => Ok(Some(folder.clone())),
        None => source.path("VIVA_BANK_DIR"),
    }
}

fn allows_plaintext<G: Fn(&str) -> Option<String>>(
    source: &Source<'_, G>,
) -> Result<bool, SettingError> {
    match source.find("VIVA_PLAINTEXT")? {
        None => Ok(false),
        Some(found) if found.value == "allow" => Ok(true),
        Some(found) => Err(SettingError {
            setting: found.place,
            fault: format!("{} is not one of the choices", local::quoted(&found.value)),
            right: "Write allow, or leave it out".to_owned(),
        }),
    }
}

fn colour<G: Fn(&str) -> Option<String>>(
    flags: &Flags,
    get: &G,
    source: &Source<'_, G>,
) -> Result<ColourChoice, SettingError> {
    if let Some(choice) = flags.color {
        return Ok(choice);
    }
    if present(get, "NO_COLOR").is_some() {
        return Ok(ColourChoice::Never);
    }
    Ok(source.choice("VIVA_COLOR")?.unwrap_or_default())
}

/// Whether the locale is UTF-8. Without any, it is C, which is limited to ASCII.
fn speaks_utf8(get: &impl Fn(&str) -> Option<String>) -> bool {
    ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| present(get, name)).is_some_and(
        |locale| {
            let locale = locale.to_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        },
    )
}

#[cfg(test)]
mod tests;
