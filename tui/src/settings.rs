//! What is in force: flags over the environment over the settings file over the defaults.
//! The environment comes in as a closure, so that only `main` reads it.

pub(crate) mod adopt;

use std::{
    fs,
    path::{Path, PathBuf},
};

use secrecy::SecretString;

use crate::{
    args::{ColourChoice, Flags},
    discovery::ports::Ports,
    local::{
        self,
        model::{ModelConfig, Prospect},
        nearest_setting,
    },
    server_url::ServerUrl,
};

/// The settings of the terminal client.
#[derive(Debug, Clone)]
pub(crate) struct Settings {
    /// The server to use; `None` is the embedded one.
    pub(crate) server: Option<ServerUrl>,
    /// The API key to use the server with; `None` is a session of somebody who signs in.
    pub(crate) api_key: Option<SecretString>,
    /// The language model of the embedded server; `None` is the built-in bank and grader.
    pub(crate) model: Option<ModelConfig>,
    /// Where language models on this machine are looked for.
    pub(crate) local_ports: Ports,
    /// How one that is found would be used; `None`: none is offered, because there is a model
    /// already, or a server that has its own, or nobody wants it.
    pub(crate) prospect: Option<Prospect>,
    /// Replaces the data folder.
    pub(crate) data_dir: Option<PathBuf>,
    /// A folder of bank files beside the built-in bank; a remote server has a bank of its own.
    pub(crate) bank_dir: Option<PathBuf>,
    /// Whether there are colours, once `NO_COLOR` has had its say.
    pub(crate) colour: ColourChoice,
    /// Whether the background is dark or light; unset: the terminal is asked.
    pub(crate) theme: Option<Theme>,
    /// Nothing but ASCII in what Viva itself draws.
    pub(crate) ascii: bool,
    /// The external editor with its arguments, when one is named.
    pub(crate) editor: Option<String>,
    /// The file the settings came from, if there is one.
    pub(crate) file: Option<PathBuf>,
}

/// The background that colours are chosen for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Theme {
    /// Light text on a dark background.
    Dark,
    /// Dark text on a light background.
    Light,
}

/// A setting that cannot be used: which, what is wrong with it, and what is right.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("{setting}: {fault}. {right}")]
pub(crate) struct SettingError {
    /// The setting and where it stands.
    pub(crate) setting: String,
    /// What is wrong.
    pub(crate) fault: String,
    /// What would be right.
    pub(crate) right: String,
}

impl Settings {
    /// Reads the settings; `default_file` may be missing, a named one may not.
    pub(crate) fn load(
        flags: &Flags,
        get: impl Fn(&str) -> Option<String>,
        default_file: &Path,
    ) -> Result<Self, SettingError> {
        let named = flags.config.clone().or_else(|| present(&get, "VIVA_CONFIG").map(Into::into));
        let (file, table) = read_file(named.as_deref(), default_file)?;
        let source = Source { get: &get, table: &table, file: file.as_deref() };
        let named = match &flags.server {
            Some(url) => Some(Found { value: url.clone(), place: "--server".to_owned() }),
            None => source.find("VIVA_SERVER")?,
        };
        let plaintext = flags.plaintext || allows_plaintext(&source)?;
        let server = named.map(|named| server(&named, plaintext)).transpose()?;
        let authorities = source.find("VIVA_CA_FILE")?.map(|s| s.value.into());
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
            data_dir: source.find("VIVA_DATA_DIR")?.map(|s| s.value.into()),
            bank_dir: bank_dir(flags, &source)?,
            colour: colour(flags, &get, &source)?,
            theme: source.choice("VIVA_THEME")?,
            ascii: flags.ascii || !speaks_utf8(&get),
            editor: present(&get, "VISUAL").or_else(|| present(&get, "EDITOR")),
            file,
        })
    }
}

/// A setting that was found, and where.
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

    /// A setting of the language model, whose names and rules are the server's.
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

/// A variable that is set to something; an empty one counts as not set.
fn present(get: &impl Fn(&str) -> Option<String>, name: &str) -> Option<String> {
    get(name).filter(|value| !value.is_empty())
}

/// The model of the embedded server; a remote one has its own, whatever is set here.
fn model<G: Fn(&str) -> Option<String>>(
    source: &Source<'_, G>,
    is_embedded: bool,
) -> Result<Option<ModelConfig>, SettingError> {
    if !is_embedded {
        return Ok(None);
    }
    local::model::settings(|name| source.of_model(name)).map_err(|faults| bad_model(&faults))
}

/// How a model that is found on this machine would be used.
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

/// Where models on this machine are looked for.
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

/// The API key, which only the environment gives: a file is shown and shared too easily. The
/// embedded server needs none, whatever is set.
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

/// The server that is named. Passwords and answers leave this machine as plain text only when
/// somebody says so.
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

/// A flag that changes nothing would be a surprise, so it is refused where the bank is a server's.
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
        None => Ok(source.find("VIVA_BANK_DIR")?.map(|found| found.value.into())),
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

/// Whether the locale is UTF-8. Where none is set at all it is C, which has ASCII alone.
fn speaks_utf8(get: &impl Fn(&str) -> Option<String>) -> bool {
    ["LC_ALL", "LC_CTYPE", "LANG"].iter().find_map(|name| present(get, name)).is_some_and(
        |locale| {
            let locale = locale.to_lowercase();
            locale.contains("utf-8") || locale.contains("utf8")
        },
    )
}

/// What is wrong with the file, and where. The line itself is not repeated: it may hold a key.
fn not_toml(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    format!("line {line} is not TOML: {}", error.message().trim_end())
}

fn read_file(
    named: Option<&Path>,
    default: &Path,
) -> Result<(Option<PathBuf>, toml::Table), SettingError> {
    let path = named.unwrap_or(default);
    let unreadable = |why: &dyn std::fmt::Display| SettingError {
        setting: path.display().to_string(),
        fault: format!("the settings file cannot be read ({why})"),
        right: "Name a file that you may read with --config or VIVA_CONFIG".to_owned(),
    };
    let text = match fs::read(path) {
        Ok(bytes) => crate::cli::decode::text(&bytes).map_err(|fault| unreadable(&fault))?,
        Err(error) if named.is_none() && error.kind() == std::io::ErrorKind::NotFound => {
            return Ok((None, toml::Table::new()));
        }
        Err(error) => return Err(unreadable(&error)),
    };
    let table = text.parse::<toml::Table>().map_err(|error| SettingError {
        setting: path.display().to_string(),
        fault: not_toml(&text, &error),
        right: "Write one setting a line, for instance viva_server = \"https://...\"".to_owned(),
    })?;
    if let Some((key, nearest)) = table.keys().find_map(|key| Some((key, nearest_setting(key)?))) {
        return Err(SettingError {
            setting: format!("{key} in {}", path.display()),
            fault: "there is no such setting".to_owned(),
            right: format!("The nearest is {nearest}"),
        });
    }
    Ok((Some(path.to_path_buf()), table))
}

#[cfg(test)]
mod tests;
