//! `viva config`: the settings of this program and the file they are read from.

use clap::{Args, Subcommand};
use serde::Serialize;

use super::{Context, Failure, json, paper};
use crate::{local, settings::Settings};

/// Commands that show settings.
#[derive(Debug, Subcommand)]
pub(crate) enum Command {
    /// Print the path of the settings file
    Path(PathArguments),
    /// Print the settings in force, as a settings file
    Show(ShowArguments),
}

/// Only the flags that every command has.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  $EDITOR \"$(viva config path)\"")]
pub(crate) struct PathArguments {}

/// Only the flags that every command has.
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  viva config show --json | jq -r .settings.viva_data_dir")]
pub(crate) struct ShowArguments {}

#[derive(Serialize)]
struct FilePath {
    path: String,
    exists: bool,
}

#[derive(Serialize)]
struct Shown {
    settings: InForce,
}

/// The settings by their names in the file. Settings without a value are left out, and so are two
/// secrets: the model's key and the API key. Possible secrets in the model's address are masked.
#[derive(Serialize)]
struct InForce {
    #[serde(rename = "viva_server", skip_serializing_if = "Option::is_none")]
    server: Option<String>,
    #[serde(rename = "viva_ca_file", skip_serializing_if = "Option::is_none")]
    authorities: Option<String>,
    #[serde(rename = "viva_plaintext", skip_serializing_if = "Option::is_none")]
    plaintext: Option<&'static str>,
    #[serde(rename = "llm_api_url", skip_serializing_if = "Option::is_none")]
    model_url: Option<String>,
    #[serde(rename = "llm_model", skip_serializing_if = "Option::is_none")]
    model: Option<String>,
    #[serde(rename = "viva_local_model_ports", skip_serializing_if = "Option::is_none")]
    local_ports: Option<String>,
    #[serde(rename = "viva_data_dir")]
    data_dir: String,
    #[serde(rename = "viva_bank_dir", skip_serializing_if = "Option::is_none")]
    bank_dir: Option<String>,
    #[serde(rename = "viva_color")]
    color: String,
    #[serde(rename = "viva_theme", skip_serializing_if = "Option::is_none")]
    theme: Option<String>,
    #[serde(rename = "viva_notifications")]
    notifications: String,
    #[serde(rename = "viva_bell")]
    bell: String,
    #[serde(rename = "viva_keys")]
    keys: String,
    #[serde(rename = "viva_mouse")]
    mouse: String,
    #[serde(rename = "viva_editor", skip_serializing_if = "Option::is_none")]
    editor: Option<String>,
}

pub(super) fn run(command: &Command, context: &Context) -> Result<(), Failure> {
    match command {
        Command::Path(_) => path(context),
        Command::Show(_) => show(context),
    }
}

fn path(context: &Context) -> Result<(), Failure> {
    let file = context.settings.file.clone();
    let path = file.unwrap_or_else(|| context.paths.config_file());
    if context.json {
        return json::print(&FilePath { exists: path.exists(), path: path.display().to_string() });
    }
    paper::out(&format!("{}\n", path.display()))
}

fn show(context: &Context) -> Result<(), Failure> {
    let settings = in_force(&context.settings, context);
    if context.json {
        return json::print(&Shown { settings });
    }
    let text = toml::to_string(&settings)
        .map_err(|error| Failure::failed(format!("The settings cannot be written: {error}")))?;
    paper::out(&text)
}

fn in_force(settings: &Settings, context: &Context) -> InForce {
    InForce {
        server: settings.server.as_ref().map(ToString::to_string),
        authorities: settings
            .server
            .as_ref()
            .and_then(|server| server.authorities().map(|path| path.display().to_string())),
        // Without it, these settings would have been rejected.
        plaintext: settings.server.as_ref().filter(|server| server.is_exposed()).map(|_| "allow"),
        model_url: settings.model.as_ref().map(|model| local::address(&model.endpoint.url)),
        model: settings.model.as_ref().map(|model| model.endpoint.model.clone()),
        local_ports: settings.local_ports.setting(),
        data_dir: context.paths.data.display().to_string(),
        bank_dir: context.settings.bank_dir.as_ref().map(|folder| folder.display().to_string()),
        color: name(&settings.colour),
        theme: settings.theme.as_ref().map(name),
        notifications: name(&settings.notifications),
        bell: name(&settings.bell),
        keys: name(&settings.keys),
        mouse: name(&settings.mouse),
        editor: settings.editor.clone(),
    }
}

/// A choice as it is written in the settings file.
fn name(choice: &impl clap::ValueEnum) -> String {
    let value = choice.to_possible_value();
    value.map(|value| value.get_name().to_owned()).unwrap_or_default()
}
