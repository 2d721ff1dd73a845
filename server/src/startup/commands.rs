//! The commands of `viva-server`, one file each. `main` reads arguments and environment.

pub mod add_user;
pub mod backup;
pub mod healthcheck;
mod listener;
pub mod serve;
pub mod worker;

use std::{net::SocketAddr, sync::Arc};

use anyhow::{Context, Result};
use tokio::net::TcpListener;

use crate::{
    config::{Config, DatabaseConfig, DatabaseLocation},
    metrics::{self, Metrics},
    startup::defaults,
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
        DatabaseLocation::Sqlite(path) => {
            let options = SqliteOptions { path: path.clone(), query_timeout: config.timeout };
            Arc::new(SqliteStore::open(options).await?)
        }
        DatabaseLocation::Postgres(url) => {
            let options = PostgresOptions {
                url: url.clone(),
                pool_size: config.pool_size,
                query_timeout: config.timeout,
            };
            Arc::new(PostgresStore::open(options).await?)
        }
    })
}

/// Returns the settings of the worker.
fn worker_settings(config: &Config) -> WorkerSettings {
    WorkerSettings {
        lease: config.evaluation.lease,
        ..defaults::worker_settings(config.model.as_ref())
    }
}

/// Starts counting and serves the metrics on `address`, if there is one.
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

/// Keeps the metrics of the store up to date until the process ends, if metrics are on.
fn measure(metrics: Option<Metrics>, store: Arc<dyn Store>) {
    if let Some(metrics) = metrics {
        tokio::spawn(metrics::keep_up(metrics, store));
    }
}
