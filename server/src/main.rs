//! `viva-server`: arguments, environment, exit code.

use std::{net::SocketAddr, path::PathBuf, process::ExitCode, sync::Arc, time::Duration};

use anyhow::{Context, Result};
use clap::{Parser, Subcommand};
use tokio::{
    net::TcpListener,
    signal::unix::{SignalKind, signal},
};
use tonic::transport::{Endpoint, server::TcpIncoming};
use tonic_health::pb::{
    HealthCheckRequest, health_check_response::ServingStatus, health_client::HealthClient,
};
use viva_server::{
    app::{App, AppSettings},
    auth::signing_key::{MIN_BYTES, SigningKey},
    config::{Config, DatabaseConfig, DatabasePlace},
    examiner::Examiner,
    private::make_private_folder,
    start::{self, KEY_FILE},
    storage::{
        Store,
        postgres::{PostgresOptions, PostgresStore},
        sqlite::{SqliteOptions, SqliteStore},
    },
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
            let store = open(&config.database).await?;
            println!("{} is up to date", config.database.place);
            store.close().await;
            Ok(())
        }
        Command::CheckConfig => {
            print!("{config}");
            Ok(())
        }
        Command::Healthcheck { listen } => healthcheck(listen.unwrap_or(config.listen)).await,
    }
}

async fn open(config: &DatabaseConfig) -> Result<Arc<dyn Store>> {
    Ok(match &config.place {
        DatabasePlace::Sqlite(path) => {
            let options = SqliteOptions { path: path.clone(), query_timeout: config.timeout };
            Arc::new(SqliteStore::open(options).await?)
        }
        DatabasePlace::Postgres(url) => {
            let options = PostgresOptions {
                url: url.clone(),
                pool_size: config.pool_size,
                query_timeout: config.timeout,
            };
            Arc::new(PostgresStore::open(options).await?)
        }
    })
}

/// The key that is set, or else the one that is kept beside the database. Processes that share a
/// database must share the key as well, so there it has to be set.
fn signing_key(config: &Config) -> Result<SigningKey> {
    match (&config.auth.secret_key, &config.database.place) {
        (Some(key), _) => Ok(key.clone()),
        (None, DatabasePlace::Postgres(_)) => anyhow::bail!(
            "SECRET_KEY is not set; with PostgreSQL it must be, to the same for every process: at \
             least {MIN_BYTES} bytes; `openssl rand -hex 32` makes one"
        ),
        (None, DatabasePlace::Sqlite(_)) => {
            make_private_folder(&config.data_folder).with_context(|| {
                format!("cannot make the data folder {}", config.data_folder.display())
            })?;
            Ok(SigningKey::load_or_create(&config.data_folder.join(KEY_FILE))?)
        }
    }
}

async fn serve(config: Config, listen: Option<SocketAddr>) -> Result<()> {
    telemetry::start(&config.log);
    let listen = listen.unwrap_or(config.listen);
    let key = signing_key(&config)?;
    let store = open(&config.database).await?;
    let examiner = Examiner::of(config.model.as_ref(), store.clone())?;
    let app = App::new(store, examiner, &key, settings(&config))?;
    let listener =
        TcpListener::bind(listen).await.with_context(|| format!("cannot listen on {listen}"))?;
    let address = listener.local_addr()?;
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
    tracing::info!(%address, database = %config.database.place, "serving");
    app.serve(TcpIncoming::from(listener).with_nodelay(Some(true)), stop).await?;
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
