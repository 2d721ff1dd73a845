//! What the program does between its arguments and its end.

use std::{net::TcpListener as StdListener, time::Duration};

use anyhow::{Context, Result, bail};
use http::Uri;
use secrecy::ExposeSecret;
use tokio::net::TcpListener;
use tonic::transport::{Channel, ClientTlsConfig, Endpoint};

use crate::{
    config::Config,
    gateway::{Gateway, GatewaySettings},
    local::{DRAIN, ListenLimits, Local, connections, stop_signal},
    serve::serve,
    session::Sessions,
    upstream::{LINES, Upstream},
};

/// Serves the page and its calls until a signal says stop, then finishes what is under way.
pub async fn run(config: Config) -> Result<()> {
    let stop = stop_signal()?;
    let is_loopback = config.listen.ip().is_loopback();
    let listener = StdListener::bind(config.listen)
        .with_context(|| format!("cannot listen on {}", config.listen))?;
    listener.set_nonblocking(true)?;
    let address = listener.local_addr()?;
    let (local, upstream, sessions) = match &config.upstream {
        Some(uri) => (None, remote(uri)?, Sessions::default()),
        None if !is_loopback => bail!(
            "without a server, the page is for you alone, so it is served on the loopback address \
             only; name a server with --upstream, or leave out --listen"
        ),
        None => {
            let local = Local::start(config.data_folder.clone(), config.model.clone()).await?;
            let (sessions, code) = Sessions::with_owner(local.clone());
            println!("Open http://{address}/#code={}", code.expose_secret());
            (Some(local.clone()), Upstream::new([local.channel()]), sessions)
        }
    };
    let settings = GatewaySettings {
        origins: config.origins,
        hosts: config.hosts,
        is_loopback,
        by_tls: false,
    };
    let router = Gateway::new(upstream, sessions, settings, stop.clone()).router();
    tracing::info!(
        %address,
        upstream = config.upstream.map_or("embedded".to_owned(), |uri| uri.to_string()),
        "serving"
    );
    let incoming = connections(TcpListener::from_std(listener)?, ListenLimits::default());
    // The embedded server needs the rest of the time.
    serve(incoming, router, stop, DRAIN / 2).await;
    if let Some(local) = local {
        local.shutdown().await;
    }
    tracing::info!("stopped");
    Ok(())
}

/// A server on the network. It is dialled with the first call, so the gateway may start before it.
fn remote(uri: &Uri) -> Result<Upstream> {
    let mut endpoint = Endpoint::from(uri.clone())
        .user_agent(concat!("viva-web/", env!("CARGO_PKG_VERSION")))?
        .connect_timeout(Duration::from_secs(5))
        .tcp_nodelay(true)
        .http2_keep_alive_interval(Duration::from_secs(20))
        .keep_alive_timeout(Duration::from_secs(10));
    if uri.scheme_str() == Some("https") {
        endpoint = endpoint.tls_config(ClientTlsConfig::new().with_webpki_roots())?;
    }
    let lines = (0..LINES).map(|_| -> Channel { endpoint.connect_lazy() });
    Ok(Upstream::new(lines))
}
