//! What the program does once its arguments have been read.

use std::{net::TcpListener as StdListener, sync::Arc};

use anyhow::{Context, Result, bail};
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use viva_runtime::{
    listen::{ListenLimits, connections},
    stop::{DRAIN, stop_signal},
    tls::{Tls, TlsFiles, WEB},
};

use crate::{
    config::Config,
    gateway::{Gateway, GatewaySettings},
    local::Local,
    remote,
    serve::serve,
    session::Sessions,
    upstream::Upstream,
};

/// Serves the page and its calls until a signal to stop, then finishes what is in progress.
pub async fn run(config: Config) -> Result<()> {
    config.transport.check(config.listen).map_err(anyhow::Error::msg)?;
    let stop = stop_signal()?;
    let tls = tls(config.transport.tls.clone())?;
    let is_loopback = config.listen.ip().is_loopback();
    let listener = StdListener::bind(config.listen)
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let (local, upstream, sessions) = match &config.upstream {
        Some(uri) => (None, remote::upstream(uri, &config)?, Sessions::default()),
        None if !is_loopback => bail!(
            "without a server, the page is for you alone, so it is served on the loopback address \
             only; name a server with --upstream, or leave out --listen"
        ),
        None => {
            let local = Local::start(
                config.data_folder.clone(),
                config.bank_dir.clone(),
                config.model.clone(),
            )
            .await?;
            let (sessions, code) = Sessions::with_owner(local.clone());
            let scheme = if tls.is_some() { "https" } else { "http" };
            println!("Open {scheme}://{address}/#code={}", code.expose_secret());
            (Some(local.clone()), Upstream::new(local.channel()), sessions)
        }
    };
    let settings = GatewaySettings {
        origins: config.origins,
        hosts: config.hosts,
        speech: config.speech,
        is_loopback,
        by_tls: tls.is_some(),
    };
    let router = Gateway::new(upstream, sessions, settings, stop.clone()).router();
    tracing::info!(
        %address,
        tls = tls.is_some(),
        upstream = config.upstream.map_or("embedded".to_owned(), |uri| uri.to_string()),
        "serving"
    );
    let incoming = connections(TcpListener::from_std(listener)?, ListenLimits::default(), tls);
    // The embedded server needs the rest of the time.
    serve(incoming, router, stop, DRAIN / 2).await;
    if let Some(local) = local {
        local.shutdown().await;
    }
    tracing::info!("stopped");
    Ok(())
}

/// TLS with these files, if given, kept up to date until the process ends.
fn tls(files: Option<TlsFiles>) -> Result<Option<Arc<Tls>>> {
    let Some(files) = files else { return Ok(None) };
    // Browsers do not present certificates; client certificates are for services that call the
    // server directly.
    let tls = Arc::new(Tls::load(TlsFiles { clients: None, ..files }, WEB)?);
    tls.keep_up()?;
    Ok(Some(tls))
}
