//! What a client may ask of a connection: F25 to F27 of the server's fault suite, at the gateway.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use viva_web::local::{ListenLimits, limits};

use crate::{
    stub::{CHECK, Stub},
    support::{TestServer, http2, reason},
    web::{BINARY, TEXT, Web, grpc_web, request, settings},
};

const PATIENCE: Duration = Duration::from_secs(20);
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

async fn web(limits: ListenLimits) -> Web {
    Web::start(Stub::start().await.channel(), settings(), limits).await
}

/// Whether the gateway closes the connection before patience ends.
async fn is_closed(stream: &mut TcpStream) -> bool {
    let mut rest = Vec::new();
    timeout(PATIENCE, stream.read_to_end(&mut rest)).await.is_ok()
}

async fn connect(web: &Web) -> TcpStream {
    TcpStream::connect(web.address).await.unwrap()
}

#[tokio::test]
async fn a_message_that_is_too_large_is_the_requests_fault_in_either_encoding() {
    // This one never answers: what is refused here, it has not been asked.
    let silent = web(ListenLimits::default()).await;
    let large = vec![7; 1024 * 1024 + 1];
    for kind in [BINARY, TEXT] {
        let reply = timeout(PATIENCE, silent.send(grpc_web(CHECK, kind, &[], &large))).await;
        let error = reply.expect("the gateway answers by itself").messages().unwrap_err();
        assert_eq!(reason(&error), "VALIDATION_FAILED", "{kind}");
    }
    let server = TestServer::start().await;
    let web = Web::before(server.channel.clone()).await;
    let almost = vec![7; 1024 * 1024];
    let call = grpc_web("viva.v1.AuthService/Login", TEXT, &[], &almost);
    let error = web.send(call).await.messages().unwrap_err();
    assert_eq!(reason(&error), "VALIDATION_FAILED", "it is read, and is no message");
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
async fn a_connection_that_does_not_begin_is_not_kept() {
    let limits = ListenLimits { preface: Duration::from_millis(100), ..ListenLimits::default() };
    let web = web(limits).await;
    let mut silent = connect(&web).await;
    let mut dripping = connect(&web).await;
    dripping.write_all(b"GET / HT").await.unwrap();
    assert!(is_closed(&mut silent).await && is_closed(&mut dripping).await);
}

#[tokio::test]
async fn a_client_that_reads_nothing_gives_its_place_to_another() {
    let limits = ListenLimits {
        connections: 1,
        stall: Duration::from_millis(100),
        ..ListenLimits::default()
    };
    let web = web(limits).await;
    let mut deaf = connect(&web).await;
    let ask = format!("GET / HTTP/1.1\r\nhost: {}\r\n\r\n", web.address).repeat(1000);
    let ask_on = async { while deaf.write_all(ask.as_bytes()).await.is_ok() {} };
    timeout(PATIENCE, ask_on).await.expect("it is let go");
    // The place comes free when the gateway has seen the end of it.
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
    timeout(PATIENCE, served).await.expect("another is served");
}

#[tokio::test]
async fn more_connections_than_places_are_turned_away_at_once() {
    let limits = ListenLimits { connections: 2, ..ListenLimits::default() };
    let web = web(limits).await;
    let _held = [connect(&web).await, connect(&web).await];
    assert!(is_closed(&mut connect(&web).await).await);
}

#[tokio::test]
async fn a_client_is_told_what_it_may_ask_of_a_connection() {
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

/// An HTTP/2 frame.
fn frame(kind: u8, flags: u8, stream: u32, payload: &[u8]) -> Vec<u8> {
    let length = u32::try_from(payload.len()).unwrap().to_be_bytes();
    let mut bytes = length[1..].to_vec();
    bytes.extend([kind, flags]);
    bytes.extend(stream.to_be_bytes());
    bytes.extend(payload);
    bytes
}

#[tokio::test]
async fn floods_of_resets_pings_and_settings_leave_others_served() {
    let web = web(ListenLimits::default()).await;
    let path = format!("/{CHECK}");
    let head: Vec<u8> = [
        &[0x83, 0x86, 0x04, u8::try_from(path.len()).unwrap()][..],
        path.as_bytes(),
        &[0x01, 9],
        b"127.0.0.1",
    ]
    .concat();
    let floods: [Box<dyn Fn(u32) -> Vec<u8> + Send>; 3] = [
        Box::new(move |at| {
            let stream = 2 * at + 1;
            [frame(1, 4, stream, &head), frame(3, 0, stream, &8u32.to_be_bytes())].concat()
        }),
        Box::new(|at| frame(6, 0, 0, &u64::from(at).to_be_bytes())),
        Box::new(|_| frame(4, 0, 0, &[0, 3, 0, 0, 0, 100])),
    ];
    for flood in floods {
        let mut stream = connect(&web).await;
        stream.write_all(PREFACE).await.unwrap();
        stream.write_all(&frame(4, 0, 0, &[])).await.unwrap();
        let flooding = async {
            for at in 0..5000 {
                // The gateway closes it at some point, or bears it.
                if stream.write_all(&flood(at)).await.is_err() {
                    break;
                }
            }
        };
        // Or stops reading, which is as good.
        let _ = timeout(Duration::from_secs(2), flooding).await;
        assert_eq!(web.get("/").await.status, StatusCode::OK);
    }
}
