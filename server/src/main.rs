//! `viva-server`: arguments, environment, exit code.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use tokio::runtime::Runtime;
use viva_runtime::{log, output::print, settings::names};
use viva_server::{
    config::Config,
    startup::commands::{
        self,
        serve::{self, ServeOptions},
        worker::{self, WorkerOptions},
    },
};

/// How long busy threads may delay the end of the process.
const LINGER: Duration = Duration::from_millis(500);

/// Serves technical interview practice to many users over gRPC.
#[derive(Parser)]
#[command(name = "viva-server", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// A TOML file with settings; the environment overrides it.
    #[arg(long, global = true, value_name = "FILE", env = "VIVA_CONFIG")]
    config: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the API, and evaluate answers; on SIGTERM it finishes calls in progress first.
    Serve {
        /// The address to listen on [default: 127.0.0.1:50051].
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
        /// Allow plain text to leave this machine; a proxy or a private network must protect it.
        #[arg(long)]
        plaintext: bool,
        /// Leave evaluation to `viva-server worker` on the same database.
        #[arg(long)]
        no_worker: bool,
        #[command(flatten)]
        metrics: MetricsArgument,
    },
    /// Evaluate the answers of servers on the same database; on SIGTERM it returns work in progress.
    Worker {
        /// The address to answer health checks on, and nothing else [default: none].
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
        #[command(flatten)]
        metrics: MetricsArgument,
    },
    /// Bring the database's schema up to date.
    Migrate,
    /// Copy a SQLite database to a new file, even while it is in use.
    Backup {
        /// The file to write; it must not exist yet.
        file: PathBuf,
    },
    /// Create an account; asks for its password, or reads it from standard input.
    AddUser {
        /// The name to sign in with, 3 to 50 characters.
        name: String,
        /// The account's email address.
        email: String,
    },
    /// Print the settings in force, or everything that is wrong with them.
    CheckConfig,
    /// Check whether a server or worker is serving; exit code 0 if so.
    Healthcheck {
        /// The address that it listens on [default: 127.0.0.1:50051].
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
    },
}

#[derive(clap::Args)]
struct MetricsArgument {
    /// The address where Prometheus reads metrics, over HTTP without a credential [default: none].
    #[arg(long, value_name = "ADDRESS")]
    metrics_listen: Option<SocketAddr>,
}

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let done = Runtime::new().context("cannot start threads").and_then(|runtime| {
        let done = runtime.block_on(run(arguments));
        runtime.shutdown_timeout(LINGER);
        done
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("viva-server: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run(arguments: Arguments) -> Result<()> {
    let file = match &arguments.config {
        Some(path) => Some(
            viva_text::decode::file(path)
                .with_context(|| format!("cannot read the settings file {}", path.display()))?,
        ),
        None => None,
    };
    // A value that is not valid text is read as far as possible, and refused with its name.
    let get = |name: &str| Some(std::env::var_os(name)?.to_string_lossy().into_owned());
    for warning in names::misspelt(std::env::vars_os()) {
        eprintln!("viva-server: {warning}");
    }
    let mut config = Config::load(get, file.as_deref())?;
    #[cfg(debug_assertions)]
    if let Some(point) = get("VIVA_FAIL_POINT") {
        viva_server::fail_point::arm(&point);
    }
    match arguments.command {
        Command::Serve { listen, plaintext, no_worker, metrics } => {
            config.transport.plaintext |= plaintext;
            let log = log::start(&config.log)?;
            let options = ServeOptions {
                listen: listen.unwrap_or(config.listen),
                metrics_listen: metrics.metrics_listen.or(config.metrics_listen),
                worker: !no_worker,
            };
            let served = serve::serve(config, options).await;
            log.end().await;
            served
        }
        Command::Worker { listen, metrics } => {
            let log = log::start(&config.log)?;
            let metrics_listen = metrics.metrics_listen.or(config.metrics_listen);
            let worked = worker::work(config, WorkerOptions { listen, metrics_listen }).await;
            log.end().await;
            worked
        }
        Command::Migrate => {
            let store = commands::open(&config.database).await?;
            store.close().await;
            Ok(print(&format!("{} is up to date\n", config.database.place))?)
        }
        Command::Backup { file } => commands::backup::backup(&config, &file).await,
        Command::AddUser { name, email } => {
            commands::add_user::add_user(&config, &name, &email).await
        }
        Command::CheckConfig => {
            viva_server::questions::bank(config.bank_dir.as_deref())?;
            Ok(print(&config.to_string())?)
        }
        Command::Healthcheck { listen } => {
            let address = listen.unwrap_or(config.listen);
            commands::healthcheck::healthcheck(address, config.transport.tls.as_ref()).await
        }
    }
}
