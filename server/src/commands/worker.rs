//! `viva-server worker`: evaluates, and serves nothing but health, where somebody asks for it.

use std::net::{SocketAddr, TcpListener as StdListener};

use anyhow::Result;
use futures::{StreamExt, stream};
use tokio::net::TcpListener;

use super::{
    count,
    listener::{listen, open_meanwhile, tls},
    measure,
    stop::stop_signal,
    worker_settings,
};
use crate::{
    config::Config,
    examiner::Examiner,
    listen::{ListenLimits, connections},
    start,
    worker_alone::WorkerAlone,
};

/// What the command line says over the settings.
#[derive(Debug, Clone, Copy)]
pub struct WorkerOptions {
    /// Where health is told; none: nowhere.
    pub listen: Option<SocketAddr>,
    /// Where the metrics are read; none: nothing is counted.
    pub metrics_listen: Option<SocketAddr>,
}

/// Works until a signal says stop, then gives back what it has not finished.
pub async fn work(config: Config, options: WorkerOptions) -> Result<()> {
    let stop = stop_signal()?;
    let metrics = count(options.metrics_listen).await?;
    // Health is no secret, so plain text may leave this machine here; but where there is TLS, those
    // who ask expect it.
    let tls = tls(config.transport.tls.as_ref())?;
    let listener = options.listen.map(listen).transpose()?;
    let Some(store) =
        open_meanwhile(&config.database, listener.as_ref(), tls.as_ref(), &stop).await?
    else {
        return Ok(());
    };
    measure(metrics, store.clone());
    let examiner = Examiner::of(config.model.as_ref(), store.clone())?;
    let worker = WorkerAlone::new(store, examiner, worker_settings(&config), start::DRAIN);
    let address = listener.as_ref().map(StdListener::local_addr).transpose()?;
    let incoming = match listener {
        Some(listener) => {
            connections(TcpListener::from_std(listener)?, ListenLimits::default(), tls)
                .left_stream()
        }
        None => stream::pending().right_stream(),
    };
    tracing::info!(
        address = address.map(tracing::field::display),
        database = %config.database.place,
        "working"
    );
    worker.run(incoming, stop).await?;
    tracing::info!("stopped");
    Ok(())
}
