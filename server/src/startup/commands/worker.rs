//! `viva-server worker`: evaluates, and serves only health, if an address is given for it.

use std::net::{SocketAddr, TcpListener as StdListener};

use anyhow::Result;
use futures::{StreamExt, stream};
use tokio::net::TcpListener;
use viva_runtime::{
    listen::{ListenLimits, connections},
    stop::{DRAIN, stop_signal},
};

use super::{
    count,
    listener::{listen, open_meanwhile, tls},
    measure, worker_settings,
};
use crate::{config::Config, examiner::Examiner, questions, startup::worker_alone::WorkerAlone};

/// Options from the command line, which override the settings.
#[derive(Debug, Clone, Copy)]
pub struct WorkerOptions {
    /// Where health is served; `None`: nowhere.
    pub listen: Option<SocketAddr>,
    /// Where the metrics are served; `None`: nothing is counted.
    pub metrics_listen: Option<SocketAddr>,
}

/// Works until a signal to stop, then returns unfinished evaluations to the queue.
pub async fn work(config: Config, options: WorkerOptions) -> Result<()> {
    let bank = questions::bank(config.bank_dir.as_deref())?;
    let stop = stop_signal()?;
    let metrics = count(options.metrics_listen).await?;
    // Health is not secret, so here plain text may leave this machine; but if TLS is configured,
    // clients expect it.
    let tls = tls(config.transport.tls.as_ref())?;
    let listener = options.listen.map(listen).transpose()?;
    let Some(store) =
        open_meanwhile(&config.database, listener.as_ref(), tls.as_ref(), &stop).await?
    else {
        return Ok(());
    };
    measure(metrics, store.clone());
    let examiner = Examiner::of(config.model.as_ref(), store.clone())?;
    let settings = worker_settings(&config);
    let worker = WorkerAlone::new(store, examiner, bank, settings, DRAIN);
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
