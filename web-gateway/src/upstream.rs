//! The server behind the gateway: a few connections to it, each with so many calls at the most, and
//! a proper status for whatever can go wrong on the way.

use std::{
    error::Error,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering},
    },
};

use http::{Request, Response, header};
use tonic::{Status, TimeoutExpired, body::Body, transport::Channel};
use tower::ServiceExt;

use crate::status;

/// Calls on one connection. The server lets a client have 200 streams on each and lets further ones
/// wait, behind watches that may last an hour; here they go to the next connection.
const CALLS: usize = 180;

/// Connections to a server on the network: some 1,400 people may watch and practise at one gateway.
pub(crate) const LINES: usize = 8;

/// The server; clones share its connections.
#[derive(Clone)]
pub struct Upstream(Arc<[Line]>);

/// A connection, and the calls that are on it now.
struct Line {
    channel: Channel,
    calls: Arc<AtomicUsize>,
}

/// A call's place on a connection, given back when it is dropped.
pub(crate) struct Place(Arc<AtomicUsize>);

impl Drop for Place {
    fn drop(&mut self) {
        self.0.fetch_sub(1, Ordering::Relaxed);
    }
}

impl Upstream {
    /// The server that these channels lead to. Nothing is dialled before it is needed.
    pub fn new(channels: impl IntoIterator<Item = Channel>) -> Self {
        let line = |channel| Line { channel, calls: Arc::default() };
        Self(channels.into_iter().map(line).collect())
    }

    /// The connection with the fewest calls, and a place on it; none when all are full.
    pub(crate) fn place(&self) -> Option<(Channel, Place)> {
        let calls = |line: &&Line| line.calls.load(Ordering::Relaxed);
        let line = self.0.iter().min_by_key(calls)?;
        let place = Place(Arc::clone(&line.calls));
        // Taken first and looked at then: two that come at once do not both take the last one.
        let before = line.calls.fetch_add(1, Ordering::Relaxed);
        (before < CALLS).then(|| (line.channel.clone(), place))
    }

    /// Passes a call on. The reply is gRPC, or the status of why there is none.
    pub(crate) async fn call(
        &self,
        request: Request<Body>,
    ) -> Result<(Response<Body>, Place), Status> {
        let (channel, place) = self.place().ok_or_else(status::too_many)?;
        let reply = channel.oneshot(request).await.map_err(|error| fault(&error))?;
        let kind = reply.headers().get(header::CONTENT_TYPE);
        if kind.is_some_and(|kind| kind.as_bytes().starts_with(b"application/grpc")) {
            return Ok((reply, place));
        }
        // A proxy on the way has answered in the server's place.
        tracing::warn!(status = %reply.status(), "the reply from upstream is not gRPC");
        Err(status::unavailable())
    }
}

/// What a transport's error is to the caller.
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

/// An error with what it comes from.
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
    use tonic::transport::Endpoint;

    use super::*;

    #[tokio::test]
    async fn calls_are_spread_and_one_too_many_finds_no_place_until_one_ends() {
        let lazy = || Endpoint::from_static("http://127.0.0.1:1").connect_lazy();
        let upstream = Upstream::new([lazy(), lazy()]);
        let mut places: Vec<_> = (0..2 * CALLS).map(|_| upstream.place().unwrap().1).collect();
        assert!(upstream.0.iter().all(|line| line.calls.load(Ordering::Relaxed) == CALLS));
        assert!(upstream.place().is_none());
        places.pop();
        assert!(upstream.place().is_some());
        drop(places);
        assert!(upstream.0.iter().all(|line| line.calls.load(Ordering::Relaxed) == 0));
    }
}
