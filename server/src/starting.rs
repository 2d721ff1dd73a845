//! What callers hear while the server is not ready yet: health says NOT_SERVING, and everything
//! else is unavailable.

use std::{io, net::TcpListener as StdListener, sync::Arc, time::Duration};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use crate::{
    grpc::{StartingLayer, starting_routes},
    limits,
    listen::{ListenLimits, connections},
    tls::Tls,
};

/// How long connections may take to be told that the server is ready now.
const LINGER: Duration = Duration::from_secs(1);

/// Answers on the listener until `work` is done, which is most often bringing the database up to
/// date, and gives what it gives. The listener stays open: whoever connects meanwhile is served.
pub async fn answer_meanwhile<T>(
    listener: &StdListener,
    tls: Option<Arc<Tls>>,
    work: impl Future<Output = T>,
) -> io::Result<T> {
    let incoming =
        connections(TcpListener::from_std(listener.try_clone()?)?, ListenLimits::default(), tls);
    let routes = starting_routes().await;
    let stop = CancellationToken::new();
    let serving = tokio::spawn(
        limits::server()
            .layer(StartingLayer)
            .add_routes(routes)
            .serve_with_incoming_shutdown(incoming, stop.clone().cancelled_owned()),
    );
    let done = work.await;
    stop.cancel();
    // Connections are told to come again; one that lingers is not waited for.
    let _ = tokio::time::timeout(LINGER, serving).await;
    Ok(done)
}
