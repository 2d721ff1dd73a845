//! What callers get until the server is ready: health says NOT_SERVING, everything else
//! UNAVAILABLE.

use std::{io, net::TcpListener as StdListener, sync::Arc, time::Duration};

use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;

use viva_connect::{ConnectLayer, RefusalLayer};
use viva_runtime::{
    limits,
    listen::{ListenLimits, connections},
    tls::Tls,
};

use crate::grpc::{ReadinessLayer, not_ready_routes};

/// How long connections may take to close once the server is ready.
const LINGER: Duration = Duration::from_secs(1);

/// Serves [`not_ready_routes`] on the listener until `work` is done, usually the migration of the
/// database, and returns its result. The listener stays open: calls meanwhile get a reply.
pub async fn serve_not_ready<T>(
    listener: &StdListener,
    tls: Option<Arc<Tls>>,
    work: impl Future<Output = T>,
) -> io::Result<T> {
    let incoming =
        connections(TcpListener::from_std(listener.try_clone()?)?, ListenLimits::default(), tls);
    let routes = not_ready_routes().await;
    let stop = CancellationToken::new();
    let serving = tokio::spawn(
        limits::server()
            .accept_http1(true)
            .layer(ConnectLayer)
            .layer(RefusalLayer)
            .layer(ReadinessLayer)
            .add_routes(routes)
            .serve_with_incoming_shutdown(incoming, stop.clone().cancelled_owned()),
    );
    let done = work.await;
    stop.cancel();
    // Clients reconnect by themselves, so lingering connections are not waited for any longer.
    let _ = tokio::time::timeout(LINGER, serving).await;
    Ok(done)
}
