//! `viva-server`: arguments, environment, exit code.

use std::{
    net::{SocketAddr, TcpListener as StdListener},
    path::PathBuf,
    process::ExitCode,
    sync::Arc,
    time::Duration,
};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tonic::transport::Endpoint;
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use viva_server::{
    app::{App, AppSettings},
    auth::signing_key::SigningKey,
    config::Config,
    examiner::Examiner,
    listen::{ListenLimits, connections},
    private::make_private_folder,
    start::{self, KEY_FILE},
    starting::answer_meanwhile,
    storage::sqlite::{SqliteOptions, SqliteStore},
    telemetry,
};

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
    },
    /// Brings the database's schema up to date.
    Migrate,
    /// Prints the settings in force, or what is wrong with them.
    CheckConfig,
    /// Asks the server whether it serves; exit code 0 if so.
    Healthcheck {
        /// Where it listens [default: 127.0.0.1:50051].
        #[arg(long, value_name = "ADDRESS")]
        listen: Option<SocketAddr>,
    },
}

#[tokio::main]
async fn main() -> ExitCode {
    match run(Arguments::parse()).await {
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
    let config = Config::load(get, file.as_deref())?;
    match arguments.command {
        Command::Serve { listen } => serve(config, listen).await,
        Command::Migrate => {
            open(&config).await?;
            println!("{} is up to date", config.database.display());
            Ok(())
        }
        Command::CheckConfig => {
            print!("{config}");
            Ok(())
        }
        Command::Healthcheck { listen } => healthcheck(listen.unwrap_or(config.listen)).await,
    }
}

async fn open(config: &Config) -> Result<SqliteStore> {
    let options =
        SqliteOptions { path: config.database.clone(), query_timeout: start::QUERY_TIMEOUT };
    Ok(SqliteStore::open(options).await?)
}

async fn serve(config: Config, listen: Option<SocketAddr>) -> Result<()> {
    telemetry::start(&config.log);
    let listen = listen.unwrap_or(config.listen);
    let listener =
        StdListener::bind(listen).with_context(|| format!("cannot listen on {listen}"))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    tracing::info!(%address, "starting");
    let store = Arc::new(answer_meanwhile(&listener, open(&config)).await??);
    let key = if let Some(key) = config.auth.secret_key.clone() {
        key
    } else {
        make_private_folder(&config.data_folder).with_context(|| {
            format!("cannot make the data folder {}", config.data_folder.display())
        })?;
        SigningKey::load_or_create(&config.data_folder.join(KEY_FILE))?
    };
    let examiner = Examiner::of(config.model.as_ref(), store.clone())?;
    let app = App::new(store, examiner, &key, settings(&config))?;
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let stop = async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        tracing::info!("stopping; a second signal stops at once");
        tokio::spawn(async move {
            tokio::select! {
                _ = terminate.recv() => {}
                _ = interrupt.recv() => {}
            }
            std::process::exit(1);
        });
    };
    tracing::info!(%address, database = %config.database.display(), "serving");
    let incoming = connections(TcpListener::from_std(listener)?, ListenLimits::default());
    app.serve(incoming, stop).await?;
    tracing::info!("stopped");
    Ok(())
}

fn settings(config: &Config) -> AppSettings {
    let mut settings = AppSettings {
        access_lifetime: config.auth.access_lifetime,
        refresh_lifetime: config.auth.refresh_lifetime,
        ..start::app_settings(config.model.as_ref())
    };
    if let Some(worker) = &mut settings.worker {
        worker.lease = config.evaluation.lease;
    }
    settings
}

async fn healthcheck(address: SocketAddr) -> Result<()> {
    let limit = Duration::from_secs(3);
    let endpoint = Endpoint::from_shared(format!("http://{address}"))?.timeout(limit);
    let channel = endpoint.connect_timeout(limit).connect().await;
    let channel = channel.with_context(|| format!("nothing answers on {address}"))?;
    let request = HealthCheckRequest { service: String::new() };
    let reply = HealthClient::new(channel).check(request).await?.into_inner();
    if reply.status() != ServingStatus::Serving {
        anyhow::bail!(
            "the server on {address} answers that it is {}",
            reply.status().as_str_name()
        );
    }
    println!("serving");
    Ok(())
}
