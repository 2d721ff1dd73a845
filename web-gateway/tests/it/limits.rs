//! The limits of a connection: F25 to F27 of the server's fault suite, at the gateway.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use viva_runtime::{limits, listen::ListenLimits};
use viva_testing::{
    flood::{Flood, reset_rapidly},
    http2::{self, ENHANCE_YOUR_CALM},
};

use crate::{
    stub::{CHECK, Stub},
    support::{TestServer, reason},
    web::{BINARY, TEXT, Web, grpc_web, request, settings},
};

const PATIENCE: Duration = Duration::from_secs(20);

async fn web(limits: ListenLimits) -> Web {
    Web::start(Stub::start().await.channel(), settings(), limits).await
}

/// Whether the gateway closes the connection in time.
async fn is_closed(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut rest)).await.is_ok()
}

async fn connect(web: &Web) -> TcpStream {
    TcpStream::connect(web.address).await.unwrap()
}

#[tokio::test]
async fn a_message_that_is_too_large_is_the_requests_fault_in_either_encoding() {
    // This server never replies, so the gateway itself must have refused the call.
    let silent = web(ListenLimits::default()).await;
    let large = vec![7; 1024 * 1024 + 1];
    for kind in [BINARY, TEXT] {
        let reply = timeout(PATIENCE, silent.send(grpc_web(CHECK, kind, &[], &large))).await;
        let error = reply.expect("the gateway itself replies").messages().unwrap_err();
        assert_eq!(reason(&error), "REQUEST_TOO_LARGE", "{kind}");
        assert!(error.message().contains("1048576 bytes"), "{error:?}");
    }
    let server = TestServer::start().await;
    let web = Web::before(server.channel.clone()).await;
    let almost = vec![7; 1024 * 1024];
    let call = grpc_web("viva.v1.AuthService/Login", TEXT, &[], &almost);
    let error = web.send(call).await.messages().unwrap_err();
    assert_eq!(reason(&error), "VALIDATION_FAILED", "it is read, but is not a valid message");
}

#[tokio::test]
async fn too_many_headers_and_too_large_ones_are_refused() {
    let web = web(ListenLimits::default()).await;
    let names: Vec<String> = (0..100).map(|at| format!("x-{at}")).collect();
    let many: Vec<_> = names.iter().map(|name| (name.as_str(), "y")).collect();
    let reply = web.send(request("GET", "/", &many, Bytes::new())).await;
    assert_eq!(reply.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    let large = "y".repeat(100 * 1024);
    let reply = web.send(request("GET", "/", &[("x-large", &large)], Bytes::new())).await;
    assert_eq!(reply.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
    assert_eq!(web.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_connection_that_sends_no_request_is_closed() {
    let limits = ListenLimits { preface: Duration::from_millis(100), ..ListenLimits::default() };
    let web = web(limits).await;
    let mut silent = connect(&web).await;
    let mut dripping = connect(&web).await;
    dripping.write_all(b"GET / HT").await.unwrap();
    assert!(is_closed(&mut silent).await && is_closed(&mut dripping).await);
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let web = web(ListenLimits::default()).await;
    let mut idle = connect(&web).await;
    let ask = format!("GET / HTTP/1.1\r\nhost: {}\r\n\r\n", web.address);
    idle.write_all(ask.as_bytes()).await.unwrap();
    let mut reply = Vec::new();
    // It is kept for half a minute.
    let read = timeout(Duration::from_mins(2), idle.read_to_end(&mut reply)).await;
    read.expect("the gateway closes it").unwrap();
    assert!(reply.starts_with(b"HTTP/1.1 200 "));
}

#[tokio::test]
async fn a_connection_goes_on_after_a_request_that_was_refused_before_its_body_came() {
    let web = web(ListenLimits::default()).await;
    let (address, length) = (web.address, limits::MAX_MESSAGE_BYTES * 2);
    for kind in [BINARY, "application/json", "text/plain"] {
        let mut stream = connect(&web).await;
        let own = format!("host: {address}\r\ncontent-type: {kind}\r\n");
        let head = format!("POST /{CHECK} HTTP/1.1\r\n{own}content-length: {length}\r\n\r\n");
        stream.write_all(head.as_bytes()).await.unwrap();
        let mut begin = [0; 9];
        let read = timeout(PATIENCE, stream.read_exact(&mut begin)).await;
        read.expect("it is refused at once").unwrap();
        stream.write_all(&vec![b' '; length]).await.unwrap();
        let ask = format!("GET / HTTP/1.1\r\nhost: {address}\r\n\r\n");
        stream.write_all(ask.as_bytes()).await.unwrap();
        // The rest of the first reply, and the second.
        let mut replies = Vec::new();
        while !String::from_utf8_lossy(&replies).contains("HTTP/1.1 200") {
            let read = timeout(PATIENCE, stream.read_buf(&mut replies)).await;
            let read = read.expect("another reply").unwrap();
            assert_ne!(read, 0, "the connection is closed: {kind}");
        }
    }
}

#[tokio::test]
async fn a_client_that_reads_nothing_makes_room_for_another() {
    let limits = ListenLimits {
        connections: 1,
        stall: Duration::from_millis(100),
        ..ListenLimits::default()
    };
    let web = web(limits).await;
    let mut deaf = connect(&web).await;
    let ask = format!("GET / HTTP/1.1\r\nhost: {}\r\n\r\n", web.address).repeat(1000);
    let ask_on = async { while deaf.write_all(ask.as_bytes()).await.is_ok() {} };
    timeout(PATIENCE, ask_on).await.expect("the connection is closed");
    // The slot is free once the gateway has noticed the end of the connection.
    let served = async {
        loop {
            let mut next = connect(&web).await;
            let ask = format!("GET /healthz HTTP/1.0\r\nhost: {}\r\n\r\n", web.address);
            let mut reply = Vec::new();
            let _ = next.write_all(ask.as_bytes()).await;
            if next.read_to_end(&mut reply).await.is_ok() && !reply.is_empty() {
                break;
            }
        }
    };
    timeout(PATIENCE, served).await.expect("another client is served");
}

#[tokio::test]
async fn too_many_connections_are_refused_immediately() {
    let limits = ListenLimits { connections: 2, ..ListenLimits::default() };
    let web = web(limits).await;
    let _held = [connect(&web).await, connect(&web).await];
    assert!(is_closed(&mut connect(&web).await).await);
}

#[tokio::test]
async fn a_client_learns_the_limits_of_its_connection() {
    let web = web(ListenLimits::default()).await;
    let told = http2::settings(&web.address.to_string()).await;
    for (name, value) in [
        (http2::MAX_STREAMS, limits::STREAMS_PER_CONNECTION),
        (http2::WINDOW, limits::STREAM_WINDOW_BYTES),
        (http2::FRAME, limits::FRAME_BYTES),
        (http2::HEADERS, limits::HEADER_BYTES),
    ] {
        assert_eq!(told.get(&name), Some(&value), "{name}: {told:?}");
    }
}

#[tokio::test]
async fn rapid_resets_end_their_connection_while_others_are_served() {
    let web = web(ListenLimits::default()).await;
    let path = format!("/{CHECK}");
    let flooding = reset_rapidly(web.address, &path);
    let others = async {
        loop {
            assert_eq!(web.get("/").await.status, StatusCode::OK);
        }
    };
    let goodbye = tokio::select! {
        goodbye = flooding => goodbye,
        () = others => None,
    };
    assert_eq!(goodbye, Some(ENHANCE_YOUR_CALM));
    assert_eq!(web.get("/").await.status, StatusCode::OK);
}

#[tokio::test]
async fn others_are_served_during_floods() {
    let web = web(ListenLimits::default()).await;
    let path = format!("/{CHECK}");
    for flood in Flood::ALL {
        let flooding = flood.run(web.address, &path, 5000);
        // The gateway closes the connection, absorbs the flood, or stops reading.
        let _ = timeout(Duration::from_secs(2), flooding).await;
        assert_eq!(web.get("/").await.status, StatusCode::OK);
    }
}
