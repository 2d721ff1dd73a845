//! The server behind the gateway, as one channel: calls from pages and the gateway's own calls go
//! through it. It has a few connections with a limited number of calls on each, and a proper status
//! for everything that can go wrong on the way.
//!
//! tonic's own channel over several connections is not suitable: it picks one at random, however
//! busy it is, and a call on a full connection waits behind watches that may last an hour.

use std::{
    convert::Infallible,
    error::Error,
    pin::Pin,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
    task::{Context, Poll},
};

use arc_swap::ArcSwap;
use http::{Request, Response, header};
use tokio_util::sync::CancellationToken;
use tonic::{
    Status, TimeoutExpired,
    body::Body,
    transport::{Channel, Endpoint},
};
use tower::{Service, ServiceExt};
use viva_runtime::dial::Dial;

use crate::{reply, status};

/// The most calls on one connection. The server allows a client 200 streams on each and makes
/// others wait, behind watches that may last an hour; here they go to the next connection.
const MOST_CALLS: usize = 180;

/// How many of them may be streams, so that short calls always find a free slot.
const MOST_STREAMS: usize = 150;

/// The most connections to a server on the network: enough for 1,200 people to watch and practise
/// through one gateway.
const CONNECTIONS: usize = 8;

/// The server. Clones share its connections.
#[derive(Clone)]
pub struct Upstream {
    connections: Arc<ArcSwap<Vec<Connection>>>,
    /// How the server is dialled; `None` if it is inside this process.
    dial: Option<Dial>,
}

/// A connection, and the number of calls on it now.
struct Connection {
    channel: Channel,
    calls: Arc<AtomicUsize>,
}

/// A call's slot on a connection, released when dropped.
pub(crate) struct CallSlot(Arc<AtomicUsize>);

impl Drop for CallSlot {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

/// In a request's extensions: ends its streamed reply before the server does.
#[derive(Clone)]
pub(crate) struct Stop(pub(crate) CancellationToken);

fn channels(endpoint: &Endpoint, dial: &Dial) -> impl Iterator<Item = Channel> {
    (0..CONNECTIONS).map(|_| endpoint.connect_with_connector_lazy(dial.connector()))
}

fn connections(channels: impl IntoIterator<Item = Channel>) -> Vec<Connection> {
    let connection = |channel| Connection { channel, calls: Arc::default() };
    channels.into_iter().map(connection).collect()
}

impl Upstream {
    /// A server on the network. Each connection is opened by its first call, so the server need not
    /// be running yet.
    pub fn remote(endpoint: &Endpoint) -> Self {
        let dial = Dial::new(endpoint.uri().clone());
        Self { dial: Some(dial.clone()), ..Self::of(channels(endpoint, &dial)) }
    }

    /// Reconnects to the same server in another way. Calls in progress stay on the old connections.
    pub(crate) fn redial(&self, endpoint: &Endpoint) {
        if let Some(dial) = &self.dial {
            self.connections.store(Arc::new(connections(channels(endpoint, dial))));
        }
    }

    /// A server with a single connection.
    pub fn new(channel: Channel) -> Self {
        Self::of([channel])
    }

    fn of(channels: impl IntoIterator<Item = Channel>) -> Self {
        Self { connections: Arc::new(ArcSwap::from_pointee(connections(channels))), dial: None }
    }

    /// The connection with the fewest calls, and a slot on it; `None` if all connections have
    /// `most` calls.
    pub(crate) fn slot(&self, most: usize) -> Option<(Channel, CallSlot)> {
        let calls = |connection: &&Connection| connection.calls.load(Ordering::Relaxed);
        let connections = self.connections.load();
        let connection = connections.iter().min_by_key(calls)?;
        let slot = CallSlot(Arc::clone(&connection.calls));
        // Take first, then check: two simultaneous calls must not both take the last slot.
        let before = connection.calls.fetch_add(1, Ordering::Relaxed);
        (before < most).then(|| (connection.channel.clone(), slot))
    }

    async fn pass_on(&self, request: Request<Body>) -> Result<Response<Body>, Status> {
        let stop = request.extensions().get().map(|Stop(stop)| stop.clone());
        let most = if stop.is_some() { MOST_STREAMS } else { MOST_CALLS };
        let (channel, slot) = self.slot(most).ok_or_else(status::too_many)?;
        let reply = match channel.oneshot(request).await {
            Ok(reply) => reply,
            Err(error) => return Err(self.fault(&error).await),
        };
        let kind = reply.headers().get(header::CONTENT_TYPE);
        if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc")) {
            return Ok(reply::of_server(reply, slot, stop));
        }
        // A proxy on the way answered instead of the server.
        tracing::warn!(status = %reply.status(), "the reply from upstream is not gRPC");
        Err(status::unavailable())
    }

    /// The status that a transport error means to the caller, or that the address is wrong.
    async fn fault(&self, error: &(dyn Error + Send + Sync + 'static)) -> Status {
        if let Some(dial) = &self.dial
            && let Some(fault) = dial.fault().await
        {
            tracing::error!(fault, "VIVA_SERVER is wrong");
            return status::wrong_address();
        }
        fault(error)
    }
}

/// Forwards a call. Whatever happens, the reply is gRPC and ends with a status.
impl Service<Request<Body>> for Upstream {
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let upstream = self.clone();
        Box::pin(async move {
            let reply = upstream.pass_on(request).await;
            Ok(reply.unwrap_or_else(|status| reply::of_status(&status)))
        })
    }
}

/// The status that a transport error means to the caller.
fn fault(error: &(dyn Error + 'static)) -> Status {
    let mut cause = Some(error);
    while let Some(error) = cause {
        if error.is::<TimeoutExpired>() {
            return status::timeout();
        }
        cause = error.source();
    }
    tracing::warn!(cause = chain(error), "the server does not answer");
    status::unavailable()
}

/// An error with the chain of its causes.
fn chain(error: &(dyn Error + 'static)) -> String {
    let mut words = error.to_string();
    let mut cause = error.source();
    while let Some(error) = cause {
        words = format!("{words}: {error}");
        cause = error.source();
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn calls_are_spread_and_one_too_many_gets_no_slot_until_one_ends() {
        let lazy = || Endpoint::from_static("http://127.0.0.1:1").connect_lazy();
        let upstream = Upstream::of([lazy(), lazy()]);
        let each = |count| {
            upstream
                .connections
                .load()
                .iter()
                .all(|connection| connection.calls.load(Ordering::Relaxed) == count)
        };
        let take = |count: usize, most| -> Vec<_> {
            (0..count).map(|_| upstream.slot(most).unwrap().1).collect()
        };
        let streams = take(2 * MOST_STREAMS, MOST_STREAMS);
        assert!(each(MOST_STREAMS) && upstream.slot(MOST_STREAMS).is_none(), "no more streams");
        let mut calls = take(2 * (MOST_CALLS - MOST_STREAMS), MOST_CALLS);
        assert!(each(MOST_CALLS) && upstream.slot(MOST_CALLS).is_none(), "no more calls either");
        calls.pop();
        assert!(upstream.slot(MOST_CALLS).is_some());
        drop((streams, calls));
        assert!(each(0));
    }
}
