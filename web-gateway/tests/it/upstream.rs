//! A server that is away, comes back, and goes away in the middle of a reply.

use std::time::Duration;

use futures::future::join_all;
use http::StatusCode;
use tokio::{
    io::copy_bidirectional,
    net::{TcpListener, TcpStream},
    time::timeout,
};
use tonic::{
    Code,
    transport::{Channel, Endpoint, Server, server::TcpIncoming},
};
use tonic_health::pb::{HealthCheckRequest, HealthCheckResponse};
use tonic_types::StatusExt;
use viva_runtime::{
    limits,
    listen::{ListenLimits, connections},
};
use viva_web::upstream::Upstream;

use crate::{
    stub::{CHECK, Stub, WATCH},
    support::reason,
    web::{BINARY, TEXT, Web, frames, from_text, grpc_web, settings},
};

/// How long anything here may take at most, on a busy machine.
const PATIENCE: Duration = Duration::from_secs(20);

#[tokio::test]
async fn a_server_that_is_away_is_reported_clearly_and_used_again_when_it_is_back() {
    let address = TcpListener::bind("127.0.0.1:0").await.unwrap().local_addr().unwrap();
    let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect_lazy();
    let web = Web::before(channel).await;
    let ask = HealthCheckRequest::default();
    let error = web.call::<HealthCheckResponse>(CHECK, &ask, &[]).await.unwrap_err();
    assert_eq!((error.code(), error.message()), (Code::Unavailable, "Server unavailable"));
    assert_eq!(reason(&error), "SERVER_UNAVAILABLE");
    assert!(error.get_details_retry_info().is_some());
    assert_eq!(web.get("/healthz").await.status, StatusCode::SERVICE_UNAVAILABLE);
    let page = web.page("/session/login", r#"{"username":"ada","password":"x"}"#, &[]).await;
    assert_eq!(page.status, StatusCode::SERVICE_UNAVAILABLE);
    assert_eq!(page.json()["reason"], "SERVER_UNAVAILABLE");
    assert_eq!(page.json()["retry_after_seconds"], 1);

    let listener = TcpListener::bind(address).await.unwrap();
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_service_status("", tonic_health::ServingStatus::Serving).await;
    let serving = Server::builder().add_service(health);
    tokio::spawn(serving.serve_with_incoming(TcpIncoming::from(listener)));
    web.call::<HealthCheckResponse>(CHECK, &ask, &[]).await.unwrap();
    assert_eq!(web.get("/healthz").await.status, StatusCode::OK);
    reporter.set_service_status("", tonic_health::ServingStatus::NotServing).await;
    assert_eq!(web.get("/healthz").await.status, StatusCode::SERVICE_UNAVAILABLE);
}

#[tokio::test]
async fn a_reply_that_is_cut_off_still_ends_with_a_status() {
    for kind in [BINARY, TEXT] {
        let (messages, status) = cut_off(kind).await;
        assert_eq!((messages, reason(&status).as_str()), (1, "SERVER_UNAVAILABLE"), "{kind}");
    }
}

/// The number of messages in a reply that is cut off in the middle, and its status.
async fn cut_off(kind: &str) -> (usize, tonic::Status) {
    let stub = Stub::start().await;
    // A relay between gateway and server, so that the connection can be cut.
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let between = listener.local_addr().unwrap();
    let server = stub.address;
    let passing = tokio::spawn(async move {
        let (mut here, _) = listener.accept().await.unwrap();
        let mut there = TcpStream::connect(server).await.unwrap();
        let _ = copy_bidirectional(&mut here, &mut there).await;
    });
    let channel = Channel::from_shared(format!("http://{between}")).unwrap().connect_lazy();
    let web = Web::before(channel).await;
    let mut watch = web.open(grpc_web(WATCH, kind, &[], &[])).await;
    let mut body = watch.part().await.unwrap().to_vec();
    passing.abort();
    while let Some(part) = watch.part().await {
        body.extend(part);
    }
    let body = if kind == TEXT { from_text(&body) } else { body };
    let (messages, trailers) = frames(&body);
    (messages.len(), tonic::Status::from_header_map(&trailers.unwrap()).unwrap())
}

#[tokio::test]
async fn a_gateway_that_stops_ends_its_streams_and_then_itself() {
    let mut stub = Stub::start().await;
    let mut web = Web::before(stub.channel()).await;
    let mut watch = web.open(grpc_web(WATCH, BINARY, &[], &[])).await;
    let mut body = watch.part().await.unwrap().to_vec();
    web.stop.cancel();
    let rest = async {
        while let Some(part) = watch.part().await {
            body.extend(part);
        }
    };
    timeout(PATIENCE, rest).await.expect("the stream ends");
    let status = tonic::Status::from_header_map(&frames(&body).1.unwrap()).unwrap();
    assert_eq!((status.code(), reason(&status)), (Code::Unavailable, "SHUTTING_DOWN".to_owned()));
    timeout(PATIENCE, &mut web.serving).await.expect("the gateway ends").unwrap();
    stub.begins().await;
    stub.is_given_up().await;
}

#[tokio::test]
async fn a_proxy_that_replies_instead_of_the_server_is_not_a_server() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = listener.local_addr().unwrap();
    let bad_gateway =
        axum::Router::new().fallback(|| async { (StatusCode::BAD_GATEWAY, "<html>") });
    tokio::spawn(viva_web::serve::serve(
        connections(listener, ListenLimits::default(), None),
        bad_gateway,
        tokio_util::sync::CancellationToken::new(),
        Duration::from_secs(1),
    ));
    let channel = Channel::from_shared(format!("http://{address}")).unwrap().connect_lazy();
    let web = Web::before(channel).await;
    let error = web.send(grpc_web(CHECK, BINARY, &[], &[])).await.messages().unwrap_err();
    assert_eq!(reason(&error), "SERVER_UNAVAILABLE");
}

#[tokio::test]
async fn three_hundred_watches_leave_room_for_calls_that_end() {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let endpoint = Endpoint::from_shared(format!("http://{}", listener.local_addr().unwrap()));
    let (reporter, health) = tonic_health::server::health_reporter();
    reporter.set_service_status("", tonic_health::ServingStatus::Serving).await;
    // The server's own limits, which a single connection would reach.
    let serving = limits::server().add_service(health);
    tokio::spawn(serving.serve_with_incoming(TcpIncoming::from(listener)));
    let upstream = Upstream::remote(&endpoint.unwrap());
    let web = Web::through(upstream, settings(), ListenLimits::default()).await;
    let watch = || async {
        let mut watch = web.open(grpc_web(WATCH, BINARY, &[], &[])).await;
        let first = watch.part().await.expect("the watch begins");
        assert_eq!(frames(&first).0.len(), 1);
        watch
    };
    let watches = timeout(PATIENCE, join_all((0..300).map(|_| watch()))).await.unwrap();
    let ask = HealthCheckRequest::default();
    for _ in 0..20 {
        let call = web.call::<HealthCheckResponse>(CHECK, &ask, &[]);
        timeout(PATIENCE, call).await.expect("the call does not wait for a watch").unwrap();
    }
    drop(watches);
}
