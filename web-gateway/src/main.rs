//! `viva-web`: arguments, environment, exit code.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use tokio::runtime::Runtime;
use viva_runtime::{log, settings::names::misspelt};
use viva_text::decode;
use viva_web::{
    config::{Config, Flags},
    healthcheck::healthcheck,
    run::run,
};

/// How long threads that are still busy may delay the end of the process.
const LINGER: Duration = Duration::from_millis(500);

/// Serves Viva's page to browsers, and passes their calls on to a server.
///
/// Without a server it is for you alone: it has the same interviews as `viva` in the terminal, and
/// prints the address to open.
#[derive(Parser)]
#[command(name = "viva-web", version)]
struct Arguments {
    /// The address to listen on [default: 127.0.0.1:8080].
    #[arg(long, value_name = "ADDRESS")]
    listen: Option<SocketAddr>,
    /// The server to forward calls to [default: a built-in one].
    #[arg(long, value_name = "URL")]
    upstream: Option<String>,
    /// Allow plain text to leave this machine; a proxy in front must speak TLS to browsers.
    #[arg(long)]
    plaintext: bool,
    /// A TOML file with settings; the environment overrides it.
    #[arg(long, global = true, value_name = "FILE", env = "VIVA_CONFIG")]
    config: Option<PathBuf>,
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Check whether a gateway on this machine and its server are serving; exit code 0 if so.
    Healthcheck,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = Runtime::new().context("cannot start threads").and_then(|runtime| {
        let done = runtime.block_on(start(arguments));
        runtime.shutdown_timeout(LINGER);
        done
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("viva-web: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn start(arguments: Arguments) -> Result<()> {
    let get = |name: &str| Some(std::env::var_os(name)?.to_string_lossy().into_owned());
    let file = settings_file(arguments.config, get)?;
    let flags = Flags {
        listen: arguments.listen,
        upstream: arguments.upstream,
        plaintext: arguments.plaintext,
    };
    for warning in misspelt(std::env::vars_os()) {
        eprintln!("viva-web: {warning}");
    }
    let config = Config::load(&flags, get, file.as_deref())?;
    if let Some(Command::Healthcheck) = arguments.command {
        return healthcheck(config.listen, config.transport.tls.as_ref()).await;
    }
    let log = log::start(&config.log)?;
    let served = run(config).await;
    log.end().await;
    served
}

/// The text of the settings file: the one that was named, or otherwise the one that `viva` reads,
/// if it exists.
fn settings_file(
    named: Option<PathBuf>,
    get: impl Fn(&str) -> Option<String>,
) -> Result<Option<String>> {
    let set = |name| get(name).filter(|value| !value.is_empty()).map(PathBuf::from);
    if let Some(path) = named {
        let text = decode::file(&path);
        return text
            .map(Some)
            .with_context(|| format!("cannot read the settings file {}", path.display()));
    }
    // The XDG specification says to ignore a relative path.
    let folder = set("XDG_CONFIG_HOME").filter(|folder| folder.is_absolute());
    let Some(folder) = folder.or_else(|| set("HOME").map(|home| home.join(".config"))) else {
        return Ok(None);
    };
    let path = folder.join("viva/config.toml");
    match decode::file(&path) {
        Ok(text) => Ok(Some(text)),
        Err(error) if error.kind() == std::io::ErrorKind::NotFound => Ok(None),
        Err(error) => {
            Err(error).with_context(|| format!("cannot read the settings file {}", path.display()))
        }
    }
}
