//! A server that never ends a call by itself and reports what it sees of each: a health service
//! that behaves differently. It shows what the gateway forwards, and when it abandons a call.

use std::{net::SocketAddr, pin::Pin};

use futures::{Stream, StreamExt, stream};
use tokio::{net::TcpListener, sync::mpsc};
use tonic::{
    Request, Response, Status,
    metadata::MetadataMap,
    transport::{Channel, Server, server::TcpIncoming},
};
use tonic_health::pb::{
    HealthCheckRequest, HealthCheckResponse,
    health_check_response::ServingStatus,
    health_server::{Health, HealthServer},
};

pub(crate) const CHECK: &str = "grpc.health.v1.Health/Check";
pub(crate) const WATCH: &str = "grpc.health.v1.Health/Watch";

/// What the server sees of a call.
#[derive(Debug)]
pub(crate) enum Seen {
    /// A call begins, with these headers.
    Begins(MetadataMap),
    /// The caller no longer waits for the call.
    GivenUp,
}

/// The server. Dropping it does not end its calls.
pub(crate) struct Stub {
    pub(crate) address: SocketAddr,
    pub(crate) seen: mpsc::UnboundedReceiver<Seen>,
}

struct Silent(mpsc::UnboundedSender<Seen>);

/// Reports when it is dropped.
struct Guard(mpsc::UnboundedSender<Seen>);

impl Drop for Guard {
    fn drop(&mut self) {
        let _ = self.0.send(Seen::GivenUp);
    }
}

impl Silent {
    fn begin<T>(&self, request: &Request<T>) -> Guard {
        let _ = self.0.send(Seen::Begins(request.metadata().clone()));
        Guard(self.0.clone())
    }
}

#[tonic::async_trait]
impl Health for Silent {
    type WatchStream =
        Pin<Box<dyn Stream<Item = Result<HealthCheckResponse, Status>> + Send + 'static>>;

    async fn check(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<HealthCheckResponse>, Status> {
        let _guard = self.begin(&request);
        std::future::pending().await
    }

    async fn watch(
        &self,
        request: Request<HealthCheckRequest>,
    ) -> Result<Response<Self::WatchStream>, Status> {
        let guard = self.begin(&request);
        let first = HealthCheckResponse { status: ServingStatus::Serving.into() };
        let replies = stream::iter([Ok(first)]).chain(stream::pending()).map(move |reply| {
            let _held = &guard;
            reply
        });
        Ok(Response::new(Box::pin(replies)))
    }
}

impl Stub {
    pub(crate) async fn start() -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let (sender, seen) = mpsc::unbounded_channel();
        let serving = Server::builder()
            .add_service(HealthServer::new(Silent(sender)))
            .serve_with_incoming(TcpIncoming::from(listener));
        tokio::spawn(serving);
        Self { address, seen }
    }

    pub(crate) fn channel(&self) -> Channel {
        Channel::from_shared(format!("http://{}", self.address)).unwrap().connect_lazy()
    }

    /// The headers of the next call.
    pub(crate) async fn begins(&mut self) -> MetadataMap {
        match self.seen.recv().await.unwrap() {
            Seen::Begins(headers) => headers,
            Seen::GivenUp => panic!("a call was given up"),
        }
    }

    /// Waits until the caller no longer waits for the call.
    pub(crate) async fn is_given_up(&mut self) {
        assert!(matches!(self.seen.recv().await.unwrap(), Seen::GivenUp));
    }
}
