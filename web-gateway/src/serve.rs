//! Serves connections over HTTP/1.1 and HTTP/2, within limits, until told to stop.

use std::{convert::Infallible, pin::pin, time::Duration};

use axum::{Router, body::Body};
use futures::{Stream, StreamExt};
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto::Builder, graceful::GracefulShutdown},
};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::sync::CancellationToken;
use tonic::transport::server::{Connected, TcpConnectInfo};
use tower::ServiceExt;
use viva_connect::Rest;
use viva_runtime::limits;

use crate::forward::Peer;

/// How long a client may take to send the head of a request, and how long an idle HTTP/1.1
/// connection is kept for the next one.
const HEAD_TIME: Duration = Duration::from_secs(30);

/// The highest number of headers in a request; browsers send about twenty.
const HEADERS: usize = 64;

/// How much is buffered for an HTTP/1.1 connection, including the head of a request.
const BUFFER_BYTES: usize = 32 * 1024;

/// How much is buffered for an HTTP/2 stream that its reader is not reading.
const SEND_BYTES: usize = 64 * 1024;

/// Serves until `stop`, then finishes what is in progress, for at most the drain time.
pub async fn serve<I, C, E>(incoming: I, router: Router, stop: CancellationToken, drain: Duration)
where
    I: Stream<Item = Result<C, E>>,
    C: AsyncRead + AsyncWrite + Connected<ConnectInfo = TcpConnectInfo> + Unpin + Send + 'static,
{
    let connections = GracefulShutdown::new();
    let mut incoming = pin!(incoming);
    loop {
        let connection = tokio::select! {
            connection = incoming.next() => connection,
            () = stop.cancelled() => break,
        };
        match connection {
            Some(Ok(connection)) => begin(connection, router.clone(), &connections),
            Some(Err(_)) => {}
            None => break,
        }
    }
    if tokio::time::timeout(drain, connections.shutdown()).await.is_err() {
        tracing::warn!("not every connection ended in time");
    }
}

/// Serves a connection in a separate task.
fn begin<C>(connection: C, router: Router, connections: &GracefulShutdown)
where
    C: AsyncRead + AsyncWrite + Connected<ConnectInfo = TcpConnectInfo> + Unpin + Send + 'static,
{
    let peer = Peer(connection.connect_info().remote_addr());
    let service = service_fn(move |request: http::Request<Incoming>| {
        let (mut head, body) = request.into_parts();
        head.extensions.insert(peer);
        let body = Body::new(Rest::of(body, &head));
        let request = http::Request::from_parts(head, body);
        let router = router.clone();
        async move { router.oneshot(request).await.map_err(|never: Infallible| never) }
    });
    let served = builder().serve_connection(TokioIo::new(connection), service).into_owned();
    let served = connections.watch(served);
    tokio::spawn(async move {
        if let Err(error) = served.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}

fn builder() -> Builder<TokioExecutor> {
    let mut builder = Builder::new(TokioExecutor::new());
    builder
        .http1()
        .timer(TokioTimer::new())
        .header_read_timeout(HEAD_TIME)
        .max_buf_size(BUFFER_BYTES)
        .max_headers(HEADERS);
    builder
        .http2()
        .timer(TokioTimer::new())
        .max_concurrent_streams(limits::STREAMS_PER_CONNECTION)
        .max_pending_accept_reset_streams(limits::PENDING_RESETS)
        .max_local_error_reset_streams(limits::BROKEN_STREAMS)
        .max_header_list_size(limits::HEADER_BYTES)
        .max_frame_size(limits::FRAME_BYTES)
        .initial_stream_window_size(limits::STREAM_WINDOW_BYTES)
        .initial_connection_window_size(limits::CONNECTION_WINDOW_BYTES)
        .max_send_buf_size(SEND_BYTES)
        .keep_alive_interval(limits::KEEP_ALIVE)
        .keep_alive_timeout(limits::KEEP_ALIVE_TIMEOUT);
    builder
}
