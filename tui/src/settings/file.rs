//! Reads the settings file, and says what is wrong with it.

use std::{
    fs,
    path::{Path, PathBuf},
};

use viva_text::decode;

use super::SettingError;
use crate::local::{misshapen, unknown_setting};

/// What is wrong with the file, and where. The line is not quoted: it may contain a key.
fn not_toml(text: &str, error: &toml::de::Error) -> String {
    let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
    let line = before.matches('\n').count() + 1;
    format!("line {line} is not TOML: {}", error.message().trim_end())
}

/// Reads the settings file that was named, or the default one if it exists.
pub(super) fn read(
    named: Option<&Path>,
    default: &Path,
) -> Result<(Option<PathBuf>, toml::Table), SettingError> {
    let path = named.unwrap_or(default);
    let unreadable = |why: &dyn std::fmt::Display| SettingError {
        setting: path.display().to_string(),
        fault: format!("the settings file cannot be read ({why})"),
        right:
            "Write it in UTF-8, readable for you, or name another one with --config or VIVA_CONFIG"
                .to_owned(),
    };
    let text = match fs::read(path) {
        Ok(bytes) => decode::text(&bytes).map_err(|fault| unreadable(&fault))?,
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
    let unknown = table.iter().find_map(|(key, value)| Some((key, unknown_setting(key, value)?)));
    if let Some((key, advice)) = unknown {
        return Err(SettingError {
            setting: format!("{key} in {}", path.display()),
            fault: "there is no such setting".to_owned(),
            right: crate::text::capitalised(&advice),
        });
    }
    if let Some((key, what)) = table.iter().find_map(|(key, value)| Some((key, misshapen(value)?)))
    {
        return Err(SettingError {
            setting: format!("{key} in {}", path.display()),
            fault: format!("it is {what}, not one text"),
            right: format!("Write {key} = \"...\", with commas between several values"),
        });
    }
    Ok((Some(path.to_path_buf()), table))
}
