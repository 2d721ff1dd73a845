//! `viva-server`: arguments, environment, exit code.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, time::Duration};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use tokio::runtime::Runtime;
use viva_server::{
    commands::{
        self,
        serve::{self, ServeOptions},
        worker::{self, WorkerOptions},
    },
    config::Config,
    telemetry,
};

/// How long threads that are still busy may hold up the end of the process.
const LINGER: Duration = Duration::from_millis(500);

/// Serves technical interview practice to many users over gRPC.
#[derive(Parser)]
#[command(name = "viva-server", version, about)]
struct Arguments {
    #[command(subcommand)]
    command: Command,
    /// A TOML file with settings; the environment wins over it.
    #[arg(long, global = true, value_name = "FILE", env = "VIVA_CONFIG")]
    config: Option<PathBuf>,
}

#[derive(Subcommand)]
enum Command {
    /// Serves until it is told to stop; SIGTERM finishes what is under way first.
    Serve {
        /// Where to listen [default: 127.0.0.1:50051].
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
        /// Lets plain text leave this machine, where what is in front of the server protects it.
        #[arg(long)]
        plaintext: bool,
        /// Leaves evaluating to `viva-server worker` on the same database.
        #[arg(long)]
        no_worker: bool,
        #[command(flatten)]
        metrics: MetricsArgument,
    },
    /// Evaluates what servers on the same database queue; SIGTERM gives back what is under way.
    Worker {
        /// Where to tell health, and nothing else [default: nowhere].
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
        #[command(flatten)]
        metrics: MetricsArgument,
    },
    /// Brings the database's schema up to date.
    Migrate,
    /// Copies the database into a new file, also while it is in use.
    Backup {
        /// The file; it must not be there yet.
        file: PathBuf,
    },
    /// Makes an account; the password is asked for, or is the first line of standard input.
    AddUser {
        /// The name to sign in with, 3 to 50 characters.
        name: String,
        /// The account's email address.
        email: String,
    },
    /// Prints the settings in force, or what is wrong with them.
    CheckConfig,
    /// Asks a server or worker whether it serves; exit code 0 if so.
    Healthcheck {
        /// Where it listens [default: 127.0.0.1:50051].
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
    },
}

#[derive(clap::Args)]
struct MetricsArgument {
    /// Where Prometheus reads the metrics, over HTTP and without a credential [default: nowhere].
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
            std::fs::read_to_string(path)
                .with_context(|| format!("cannot read the settings file {}", path.display()))?,
        ),
        None => None,
    };
    // A value that is no text is passed on as what it can be read as, which no setting accepts: better
    // an error that shows it than a setting that is silently left out.
    let get = |name: &str| Some(std::env::var_os(name)?.to_string_lossy().into_owned());
    let mut config = Config::load(get, file.as_deref())?;
    #[cfg(debug_assertions)]
    if let Some(point) = get("VIVA_FAIL_POINT") {
        viva_server::fail_point::arm(&point);
    }
    match arguments.command {
        Command::Serve { listen, plaintext, no_worker, metrics } => {
            config.transport.plaintext |= plaintext;
            let log = telemetry::start(&config.log)?;
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
            let log = telemetry::start(&config.log)?;
            let metrics_listen = metrics.metrics_listen.or(config.metrics_listen);
            let worked = worker::work(config, WorkerOptions { listen, metrics_listen }).await;
            log.end().await;
            worked
        }
        Command::Migrate => {
            let store = commands::open(&config.database).await?;
            println!("{} is up to date", config.database.place);
            store.close().await;
            Ok(())
        }
        Command::Backup { file } => commands::backup::backup(&config, &file).await,
        Command::AddUser { name, email } => {
            commands::add_user::add_user(&config, &name, &email).await
        }
        Command::CheckConfig => {
            viva_server::questions::bank(config.bank_dir.as_deref())?;
            print!("{config}");
            Ok(())
        }
        Command::Healthcheck { listen } => {
            let address = listen.unwrap_or(config.listen);
            commands::healthcheck::healthcheck(address, config.transport.tls.as_ref()).await
        }
    }
}
