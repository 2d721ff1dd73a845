//! The page that Prometheus reads: `GET /metrics` over HTTP/1.1, one reply per connection. It needs
//! no credential, so it has its own address, and is not served at all unless one is configured.

use std::{convert::Infallible, sync::Arc, time::Duration};

use http::{
    Method, Request, Response, StatusCode,
    header::{CONTENT_TYPE, HeaderValue},
};
use hyper::{server::conn::http1, service::service_fn};
use hyper_util::rt::TokioIo;
use tokio::{
    net::{TcpListener, TcpStream},
    sync::Semaphore,
    time::timeout,
};

use super::Metrics;

/// The most readers at the same time; further connections are closed immediately.
const READERS: usize = 16;

/// How long a reader may take to send its request and read the reply.
const PATIENCE: Duration = Duration::from_secs(5);

/// The longest head of a request that is read, in bytes; the least that hyper allows.
const HEAD_BYTES: usize = 8 * 1024;

/// The format of the page: Prometheus's text.
const FORMAT: HeaderValue = HeaderValue::from_static("text/plain; version=0.0.4; charset=utf-8");

/// How long to pause accepting after a system error.
const PAUSE: Duration = Duration::from_millis(100);

/// Serves the page for as long as it is polled.
pub async fn serve(metrics: Metrics, listener: TcpListener) {
    let places = Arc::new(Semaphore::new(READERS));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            tokio::time::sleep(PAUSE).await;
            continue;
        };
        let Ok(place) = Arc::clone(&places).try_acquire_owned() else { continue };
        let metrics = metrics.clone();
        tokio::spawn(async move {
            // A reader that disconnects or is too slow gets no page; others are not affected.
            let _ = timeout(PATIENCE, answer(stream, &metrics)).await;
            drop(place);
        });
    }
}

/// Answers one request; its body is not read.
async fn answer(stream: TcpStream, metrics: &Metrics) -> hyper::Result<()> {
    let reply = service_fn(|request| async move { Ok::<_, Infallible>(page(&request, metrics)) });
    http1::Builder::new()
        .keep_alive(false)
        .max_buf_size(HEAD_BYTES)
        .serve_connection(TokioIo::new(stream), reply)
        .await
}

fn page<B>(request: &Request<B>, metrics: &Metrics) -> Response<String> {
    let (status, body) = match (request.method(), request.uri().path()) {
        (&Method::GET, "/metrics") => (StatusCode::OK, metrics.text()),
        (&Method::GET, _) => (StatusCode::NOT_FOUND, "The metrics are at /metrics.\n".to_owned()),
        _ => (StatusCode::METHOD_NOT_ALLOWED, "The metrics are read with GET.\n".to_owned()),
    };
    let mut response = Response::new(body);
    *response.status_mut() = status;
    response.headers_mut().insert(CONTENT_TYPE, FORMAT);
    response
}
