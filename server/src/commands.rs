//! What the program `viva-server` does, a file a command. `main` reads arguments and environment;
//! the rest is here.

pub mod add_user;
pub mod backup;
pub mod healthcheck;
mod listener;
pub mod serve;
pub mod stop;
pub mod worker;

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use crate::{
    config::{Config, DatabaseConfig, DatabasePlace},
    metrics::{self, Metrics},
    start,
    storage::{
        Store,
        postgres::{PostgresOptions, PostgresStore},
        sqlite::{SqliteOptions, SqliteStore},
    },
    worker::WorkerSettings,
};

/// Opens the database and brings its schema up to date.
pub async fn open(config: &DatabaseConfig) -> Result<Arc<dyn Store>> {
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

/// How evaluations are worked off.
fn worker_settings(config: &Config) -> WorkerSettings {
    WorkerSettings {
        lease: config.evaluation.lease,
        ..start::worker_settings(config.model.as_ref())
    }
}

/// Counts from now on and serves the figures on that address, if there is one.
async fn count(address: Option<SocketAddr>) -> Result<Option<Metrics>> {
    let Some(address) = address else { return Ok(None) };
    let metrics = Metrics::install()?;
    let listener = TcpListener::bind(address)
        .await
        .with_context(|| format!("cannot listen on {address} for metrics"))?;
    let address = listener.local_addr()?;
    tracing::info!(%address, "metrics are at /metrics");
    tokio::spawn(metrics::serve(metrics.clone(), listener));
    Ok(Some(metrics))
}

/// Keeps the figures of the store up to date until the process ends, if anybody counts.
fn measure(metrics: Option<Metrics>, store: Arc<dyn Store>) {
    if let Some(metrics) = metrics {
        tokio::spawn(metrics::keep_up(metrics, store));
    }
}
