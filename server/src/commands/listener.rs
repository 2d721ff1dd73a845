//! The listener of a process that is still getting ready.

use std::{
    net::{SocketAddr, TcpListener},
    sync::Arc,
};

use anyhow::{Context, Result};
use tokio_util::sync::CancellationToken;

use crate::{
    config::DatabaseConfig,
    starting::answer_meanwhile,
    storage::Store,
    tls::{self, Tls, TlsFiles},
};

/// Listens there.
pub(super) fn listen(address: SocketAddr) -> Result<TcpListener> {
    let listener =
        TcpListener::bind(address).with_context(|| format!("cannot listen on {address}"))?;
    listener.set_nonblocking(true)?;
    tracing::info!(address = %listener.local_addr()?, "starting");
    Ok(listener)
}

/// TLS by these files, if there are any, kept up to date until the process ends.
pub(super) fn tls(files: Option<&TlsFiles>) -> Result<Option<Arc<Tls>>> {
    let Some(files) = files else { return Ok(None) };
    let tls = Arc::new(Tls::load(files.clone(), tls::GRPC)?);
    tls.keep_up()?;
    Ok(Some(tls))
}

/// Opens the database while the listener, if there is one, tells callers to come back; none when the
/// process is told to stop before.
pub(super) async fn open_meanwhile(
    config: &DatabaseConfig,
    listener: Option<&TcpListener>,
    tls: Option<&Arc<Tls>>,
    stop: &CancellationToken,
) -> Result<Option<Arc<dyn Store>>> {
    let open = async {
        match listener {
            Some(listener) => answer_meanwhile(listener, tls.cloned(), super::open(config)).await?,
            None => super::open(config).await,
        }
    };
    tokio::select! {
        store = open => Ok(Some(store?)),
        // What a migration has not finished, the database takes back.
        () = stop.cancelled() => Ok(None),
    }
}
