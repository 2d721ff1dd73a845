//! Spans reach a collector, and nothing else does.

use std::{
    convert::Infallible,
    future::Future,
    pin::Pin,
    sync::{Arc, Mutex},
    task::{Context, Poll},
    time::{Duration, Instant},
};

use bytes::Bytes;
use nix::sys::signal::Signal;
use tokio::net::TcpListener;
use tonic::{
    Request, Response, Status,
    body::Body,
    server::{Grpc, NamedService},
    transport::{Server, server::TcpIncoming},
};
use tower::Service;
use viva_testing::certificates::ServerFiles;

use crate::{
    bad_requests::raw::Raw,
    support::{Person, program::Program},
};

const ANSWER: &str = "canary-answer: I would measure first and then change one thing.";

/// Collects everything it receives as bytes, which contain names and texts unchanged.
#[derive(Clone, Default)]
struct Collector(Arc<Mutex<Vec<u8>>>);

impl Collector {
    /// Listens on a free port.
    async fn start(&self) -> String {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        let serving = Server::builder().add_service(self.clone());
        tokio::spawn(serving.serve_with_incoming(TcpIncoming::from(listener)));
        url
    }

    fn has(&self, text: &str) -> bool {
        let bytes = self.0.lock().unwrap();
        bytes.windows(text.len()).any(|window| window == text.as_bytes())
    }
}

impl NamedService for Collector {
    const NAME: &'static str = "opentelemetry.proto.collector.trace.v1.TraceService";
}

impl Service<http::Request<Body>> for Collector {
    type Response = http::Response<Body>;
    type Error = Infallible;
    type Future = Pin<Box<dyn Future<Output = Result<http::Response<Body>, Infallible>> + Send>>;

    fn poll_ready(&mut self, _: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        Poll::Ready(Ok(()))
    }

    fn call(&mut self, request: http::Request<Body>) -> Self::Future {
        let kept = self.0.clone();
        let export = tower::service_fn(move |request: Request<Bytes>| {
            kept.lock().unwrap().extend_from_slice(&request.into_inner());
            // An empty message means that everything was accepted.
            std::future::ready(Ok::<_, Status>(Response::new(Bytes::new())))
        });
        Box::pin(async move { Ok(Grpc::new(Raw).unary(export, request).await) })
    }
}

async fn practise(program: &Program) {
    let ada = Person::register(program.channel().await, "canary-ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    ada.submit(&interview, 0, ANSWER).await.unwrap();
    ada.settled(interview.id).await;
}

#[tokio::test]
async fn calls_and_evaluations_reach_the_collector_before_the_process_ends() {
    let home = tempfile::tempdir().unwrap();
    let collector = Collector::default();
    let url = collector.start().await;
    let settings = [("OTEL_EXPORTER_OTLP_ENDPOINT", url.as_str())];
    let program = Program::serve(home.path(), &settings);
    practise(&program).await;
    program.signal(Signal::SIGTERM);
    let (status, log) = program.ended().await;
    assert_eq!(status.code(), Some(0), "{log}");
    for part in ["viva-server", "viva.v1.AnswerService/SubmitAnswer", "evaluation", "request_id"] {
        assert!(collector.has(part), "{part} did not come; the log:\n{log}");
    }
    for part in ["canary", "measure first", crate::support::PASSWORD] {
        assert!(!collector.has(part), "{part} was sent");
    }
    assert!(!log.contains("otel."), "{log}");
}

#[tokio::test]
async fn a_missing_or_silent_collector_delays_nothing() {
    let silent = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let urls =
        ["http://127.0.0.1:9".to_owned(), format!("http://{}", silent.local_addr().unwrap())];
    for url in urls {
        let home = tempfile::tempdir().unwrap();
        let program = Program::serve(home.path(), &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]);
        practise(&program).await;
        let began = Instant::now();
        program.signal(Signal::SIGTERM);
        let (status, _) = program.ended().await;
        assert_eq!(status.code(), Some(0));
        assert!(began.elapsed() < Duration::from_secs(10), "{:?} for {url}", began.elapsed());
    }
}

#[tokio::test]
async fn a_collector_that_speaks_tls_at_an_http_address_is_named_once_in_the_log() {
    let (files, far, home) =
        (ServerFiles::new(), tempfile::tempdir().unwrap(), tempfile::tempdir().unwrap());
    let environment = files.environment();
    let by_tls: Vec<_> = environment.iter().map(|(name, value)| (&**name, &**value)).collect();
    let collector = Program::serve(far.path(), &by_tls);
    let url = format!("http://{}", collector.address);
    let program = Program::serve(home.path(), &[("OTEL_EXPORTER_OTLP_ENDPOINT", &url)]);
    practise(&program).await;
    program.says("the collector speaks TLS").await;
    Person::register(program.channel().await, "canary-bob").await;
    program.signal(Signal::SIGTERM);
    let (status, log) = program.ended().await;
    assert_eq!(status.code(), Some(0));
    assert_eq!(log.matches("the collector speaks TLS").count(), 1, "{log}");
}
