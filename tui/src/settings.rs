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
mod tests {
    use super::*;

    fn load(flags: &Flags, env: &[(&str, &str)], file: &str) -> Result<Settings, SettingError> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("config.toml");
        fs::write(&path, file).unwrap();
        let get = |name: &str| env.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        Settings::load(flags, get, &path)
    }

    #[test]
    fn a_flag_wins_over_the_environment_and_that_over_the_file() {
        let file = "viva_server = \"https://file\"";
        let env = [("VIVA_SERVER", "https://env")];
        let flags = Flags { server: Some("https://flag".into()), ..Flags::default() };
        let label = |s: Settings| s.server.map(|s| s.label().to_owned());
        assert_eq!(label(load(&Flags::default(), &[], file).unwrap()).unwrap(), "file");
        assert_eq!(label(load(&Flags::default(), &env, file).unwrap()).unwrap(), "env");
        assert_eq!(label(load(&flags, &env, file).unwrap()).unwrap(), "flag");
    }

    #[test]
    fn a_misspelt_setting_is_named_with_the_nearest_one() {
        let fault = load(&Flags::default(), &[], "viva_teme = \"dark\"").unwrap_err();
        assert!(fault.setting.starts_with("viva_teme in "), "{fault}");
        assert_eq!(fault.right, "The nearest is viva_theme");
        // Settings of the other programs may stand in the same file.
        assert!(load(&Flags::default(), &[], "secret_key = \"x\"\nlog_format = \"json\"").is_ok());
    }

    #[test]
    fn a_missing_default_file_is_fine_and_a_missing_named_one_is_not() {
        let nowhere = Path::new("/nonexistent/config.toml");
        assert!(Settings::load(&Flags::default(), |_| None, nowhere).unwrap().file.is_none());
        let flags = Flags { config: Some(nowhere.into()), ..Flags::default() };
        assert!(Settings::load(&flags, |_| None, nowhere).is_err());
    }

    #[test]
    fn a_bad_value_is_named_with_its_fault_and_what_is_right() {
        let error = load(&Flags::default(), &[("VIVA_SERVER", "ftp://x")], "").unwrap_err();
        insta::assert_snapshot!(error, @r#"VIVA_SERVER: "ftp://x" cannot be used: it is not an http or https address. Write for instance https://viva.example.org or http://127.0.0.1:50051"#);
        let error = load(&Flags::default(), &[("VIVA_THEME", "pink")], "").unwrap_err();
        insta::assert_snapshot!(error, @r#"VIVA_THEME: "pink" is not one of the choices. Write dark, light"#);
        assert!(load(&Flags::default(), &[], "viva_server = 3").is_err());
        assert!(load(&Flags::default(), &[], "viva_server = ").is_err());
    }

    #[test]
    fn plain_text_to_another_machine_is_refused_until_somebody_allows_it() {
        const ELSEWHERE: (&str, &str) = ("VIVA_SERVER", "http://viva.example.org:50051");
        let none = Flags::default();
        let error = load(&none, &[ELSEWHERE], "").unwrap_err();
        insta::assert_snapshot!(error, @"VIVA_SERVER: to http://viva.example.org:50051, your password would go through the network as plain text. Name the server's https:// address, or allow it with --plaintext or VIVA_PLAINTEXT=allow, where a private network protects it");
        let flags = Flags { plaintext: true, ..Flags::default() };
        assert!(load(&flags, &[ELSEWHERE], "").is_ok());
        assert!(load(&none, &[ELSEWHERE, ("VIVA_PLAINTEXT", "allow")], "").is_ok());
        assert!(load(&none, &[ELSEWHERE], "viva_plaintext = \"allow\"").is_ok());
        assert!(load(&none, &[ELSEWHERE, ("VIVA_PLAINTEXT", "yes")], "").is_err());
        assert!(load(&none, &[("VIVA_SERVER", "http://127.0.0.1:50051")], "").is_ok());
    }

    #[test]
    fn a_model_is_taken_from_environment_and_file_and_half_of_one_is_refused() {
        let file = "llm_api_url = \"http://127.0.0.1:9/v1/chat/completions\"\nllm_concurrency = 3";
        let model = load(&Flags::default(), &[("LLM_MODEL", "m")], file).unwrap().model.unwrap();
        assert_eq!((model.endpoint.model.as_str(), model.endpoint.concurrency), ("m", 3));
        let error = load(&Flags::default(), &[], file).unwrap_err();
        insta::assert_snapshot!(error, @"The language model: LLM_MODEL is not set; it must be the name of a model that the endpoint has. Without any LLM_ setting, the built-in bank and grader do the work");
        let remote = Flags { server: Some("https://elsewhere".into()), ..Flags::default() };
        assert!(load(&remote, &[], file).unwrap().model.is_none());
    }

    #[test]
    fn a_model_on_this_machine_is_offered_where_there_is_no_other_and_no_server() {
        let offers = |flags: &Flags, env: &[(&str, &str)], file: &str| {
            load(flags, env, file).unwrap().prospect.is_some()
        };
        let none = Flags::default();
        assert!(offers(&none, &[], ""));
        let remote = Flags { server: Some("https://elsewhere".into()), ..Flags::default() };
        assert!(!offers(&remote, &[], ""));
        let url = "http://127.0.0.1:9/v1/chat/completions";
        assert!(!offers(&none, &[("LLM_API_URL", url), ("LLM_MODEL", "m")], ""));
        assert!(!offers(&none, &[("VIVA_LOCAL_MODEL_PORTS", "off")], ""));
        assert!(!offers(&none, &[], "viva_local_model_ports = \"off\""));
        let error = load(&none, &[("VIVA_LOCAL_MODEL_PORTS", "all")], "").unwrap_err();
        insta::assert_snapshot!(error, @r#"VIVA_LOCAL_MODEL_PORTS: "all" names no ports. Write off, or up to 8 ports with commas between them, for instance 11434,8080"#);
    }

    #[test]
    fn a_found_model_is_used_by_the_settings_there_are_and_one_call_at_a_time() {
        let of = |env: &[(&str, &str)]| load(&Flags::default(), env, "").unwrap().prospect.unwrap();
        let found = of(&[("LLM_TIMEOUT_SECONDS", "90")]);
        let model = found.with("http://127.0.0.1:1/v1".into(), "m".into()).endpoint;
        assert_eq!((model.url.as_str(), model.model.as_str()), ("http://127.0.0.1:1/v1", "m"));
        assert_eq!((model.timeout.as_secs(), model.concurrency), (90, 1));
        assert!(found.sets_pace && model.key.is_none());
        let found = of(&[("LLM_CONCURRENCY", "3")]);
        let model = found.with("http://127.0.0.1:1/v1".into(), "m".into()).endpoint;
        assert!(!found.sets_pace && model.concurrency == 3);
    }

    #[test]
    fn an_api_key_is_for_a_server_and_never_shown() {
        let env = |key| [("VIVA_API_KEY", key), ("VIVA_SERVER", "http://127.0.0.1:1")];
        let settings = load(&Flags::default(), &env("viva_secret"), "").unwrap();
        assert!(settings.api_key.is_some() && !format!("{settings:?}").contains("viva_secret"));
        let none = load(&Flags::default(), &[("VIVA_API_KEY", "rubbish")], "").unwrap();
        assert!(none.api_key.is_none(), "the built-in server needs none");
        for bad in ["sk-rubbish", "viva_ two words", "viva_ü"] {
            let error = load(&Flags::default(), &env(bad), "").unwrap_err();
            assert!(error.setting == "VIVA_API_KEY" && !error.to_string().contains(bad), "{error}");
        }
    }

    #[test]
    fn no_color_counts_when_it_is_not_empty_and_no_flag_disagrees() {
        let colour = |flags: &Flags, value| load(flags, &[("NO_COLOR", value)], "").unwrap().colour;
        let always = Flags { color: Some(ColourChoice::Always), ..Flags::default() };
        assert_eq!(colour(&Flags::default(), "1"), ColourChoice::Never);
        assert_eq!(colour(&Flags::default(), ""), ColourChoice::Auto);
        assert_eq!(colour(&always, "1"), ColourChoice::Always);
    }

    #[test]
    fn a_locale_without_utf8_or_none_at_all_means_ascii() {
        let ascii = |env: &[(&str, &str)]| load(&Flags::default(), env, "").unwrap().ascii;
        assert!(ascii(&[]));
        assert!(ascii(&[("LANG", "")]));
        assert!(!ascii(&[("LANG", "en_GB.UTF-8")]));
        assert!(ascii(&[("LANG", "C")]));
        assert!(ascii(&[("LC_ALL", "POSIX"), ("LANG", "en_GB.UTF-8")]));
    }

    #[test]
    fn a_bad_value_is_told_without_what_may_be_a_secret() {
        for (file, place) in [
            ("viva_theme = \"dark\"\nllm_api_key = sk-hush\n", "line 2"),
            ("llm_api_key = \"sk-hush", "line 1"),
            ("viva_server = \"https://ada:hush@viva.example.org\"", "viva_server"),
            ("viva_server = \"https://viva.example.org/?token=hush\"", "viva_server"),
            ("llm_model = \"m\"\nllm_api_url = \"https://ada:1/hush@example.org\"", "LLM_API_URL"),
        ] {
            let error = load(&Flags::default(), &[], file).unwrap_err().to_string();
            assert!(error.contains(place) && !error.contains("hush"), "{error}");
        }
    }
}
