//! The listener of a process that is not ready yet.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use anyhow::{Context, Result};
use tokio_util::sync::CancellationToken;
use viva_runtime::tls::{self, Tls, TlsFiles};

use crate::{config::DatabaseConfig, startup::readiness::serve_not_ready, storage::Store};

/// Listens on `address`.
pub(super) fn listen(address: SocketAddr) -> Result<TcpListener> {
    let listener =
        TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
    listener.set_nonblocking(true)?;
    tracing::info!(address = %listener.local_addr()?, "starting");
    Ok(listener)
}

/// Loads TLS from `files`, if there are any, and keeps it up to date until the process ends.
pub(super) fn tls(files: Option<&TlsFiles>) -> Result<Option<Arc<Tls>>> {
    let Some(files) = files else { return Ok(None) };
    let tls = Arc::new(Tls::load(files.clone(), tls::WEB)?);
    tls.keep_up()?;
    Ok(Some(tls))
}

/// Opens the database while the listener, if there is one, tells callers to retry; `None` if the
/// process is told to stop before that is done.
pub(super) async fn open_meanwhile(
    config: &DatabaseConfig,
    listener: Option<&TcpListener>,
    tls: Option<&Arc<Tls>>,
    stop: &CancellationToken,
) -> Result<Option<Arc<dyn Store>>> {
    let open = async {
        match listener {
            Some(listener) => serve_not_ready(listener, tls.cloned(), super::open(config)).await?,
            None => super::open(config).await,
        }
    };
    tokio::select! {
        store = open => Ok(Some(store?)),
        // The database rolls back an unfinished migration.
        () = stop.cancelled() => Ok(None),
    }
}
