//! What is refused, and in which words.

use std::{num::NonZeroU32, time::Duration};

use ::http::{Request, StatusCode};
use bytes::Bytes;
use http_body_util::Full;
use sqlx::Connection;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};
use viva_runtime::limits;
use viva_server::{domain::throttle::RequestLimits, startup::readiness::serve_not_ready};

use super::{
    address, bearer,
    http::{JSON, JSON_STREAM, PROTO, begin, fields, post, read, send},
};
use crate::support::{TestServer, settings};

const PATIENCE: Duration = Duration::from_secs(20);
const CREATE: &str = "InterviewService/CreateInterview";

/// The HTTP status of an error, its code and its reason.
type Told = (u16, String, String);

fn told(status: u16, code: &str, reason: &str) -> Told {
    (status, code.to_owned(), reason.to_owned())
}

#[tokio::test]
async fn broken_rules_are_named_by_field_whoever_finds_them() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    let bearer = bearer(&ada);
    let headers = [("authorization", bearer.as_str())];
    let call =
        async |body: &'static str| send(address(&server), post(CREATE, JSON, &headers, body)).await;
    let reply = call(r#"{"role": "", "numQuestions": 11}"#).await;
    assert_eq!(reply.error(), told(400, "invalid_argument", "VALIDATION_FAILED"));
    let mut broken = fields(&reply.json());
    broken.sort();
    assert_eq!(broken, ["num_questions", "role"], "the server's own rules");
    assert!(!reply.header("x-request-id").is_empty());
    for (body, field) in [
        (r#"{"role": 7}"#, "role"),
        (r#"{"rle": "x"}"#, "rle"),
        (r#"{"numQuestions": 1.5}"#, "num_questions"),
        (r#"{"numQuestions": "007"}"#, "num_questions"),
        (r#"{"numQuestions": "1."}"#, "num_questions"),
        (r#"{"level": "LEVEL_TOP"}"#, "level"),
        (r#"{"topics": ["sql", null]}"#, "topics[1]"),
    ] {
        let reply = call(body).await;
        assert_eq!(reply.error(), told(400, "invalid_argument", "VALIDATION_FAILED"), "{body}");
        assert_eq!(fields(&reply.json()), [field], "{body}");
        assert!(reply.json()["message"].as_str().unwrap().contains(field), "{reply:?}");
        assert!(!reply.header("x-request-id").is_empty(), "so that the log can be searched");
    }
    for body in ["", "{", "[]", "null", "{}x"] {
        let reply = call(body).await;
        assert_eq!(reply.error(), told(400, "invalid_argument", "VALIDATION_FAILED"), "{body}");
    }
}

#[tokio::test]
async fn credentials_are_checked_as_for_grpc() {
    let server = TestServer::start().await;
    for (credential, reason) in
        [(None, "CREDENTIAL_MISSING"), (Some("Bearer rubbish"), "TOKEN_INVALID")]
    {
        let headers: Vec<_> =
            credential.map(|value| ("authorization", value)).into_iter().collect();
        let reply = send(address(&server), post("AuthService/GetMe", JSON, &headers, "{}")).await;
        assert_eq!(reply.error(), told(401, "unauthenticated", reason));
    }
    let wrong = r#"{"username": "nobody", "password": "x"}"#;
    let reply = send(address(&server), post("AuthService/Login", JSON, &[], wrong)).await;
    assert_eq!(reply.error(), told(401, "unauthenticated", "INVALID_CREDENTIALS"));
}

#[tokio::test]
async fn nothing_of_a_request_without_a_credential_is_read() {
    let server = TestServer::start().await;
    // The body never arrives, so a server that read it first would wait for it.
    let silent = http_body_util::StreamBody::new(futures::stream::pending::<
        Result<http_body::Frame<Bytes>, std::convert::Infallible>,
    >());
    let request = Request::post(format!("/viva.v1.{CREATE}"))
        .header("content-type", JSON)
        .header("host", "viva.example")
        .body(silent)
        .unwrap();
    let response = timeout(PATIENCE, begin(address(&server), request)).await;
    let response = response.expect("the server does not wait");
    assert_eq!(response.status(), StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_connection_goes_on_after_a_call_that_was_refused_before_its_body_came() {
    let server = TestServer::start().await;
    let mut stream = TcpStream::connect(address(&server)).await.unwrap();
    let head = |rpc: &str| {
        let own = format!("host: viva.example\r\ncontent-type: {JSON}\r\ncontent-length: 2\r\n");
        format!("POST /viva.v1.{rpc} HTTP/1.1\r\n{own}\r\n")
    };
    stream.write_all(head(CREATE).as_bytes()).await.unwrap();
    assert!(next(&mut stream).await.starts_with("HTTP/1.1 401 "));
    let rest = format!("{{}}{}{{}}", head("ServerService/GetServerInfo"));
    stream.write_all(rest.as_bytes()).await.unwrap();
    assert!(next(&mut stream).await.starts_with("HTTP/1.1 200 "));
}

#[tokio::test]
async fn a_request_that_announces_too_much_is_refused_before_it_is_sent() {
    let server = TestServer::start().await;
    for expecting in ["", "expect: 100-continue\r\n"] {
        let mut stream = TcpStream::connect(address(&server)).await.unwrap();
        let own = format!("host: viva.example\r\ncontent-type: {JSON}\r\n{expecting}");
        let length = limits::MAX_MESSAGE_BYTES + 1;
        let head = format!(
            "POST /viva.v1.AuthService/Login HTTP/1.1\r\n{own}content-length: {length}\r\n\r\n"
        );
        stream.write_all(head.as_bytes()).await.unwrap();
        let reply = next(&mut stream).await;
        assert!(reply.starts_with("HTTP/1.1 400 "), "{reply}");
        assert!(reply.contains("REQUEST_TOO_LARGE") && reply.contains(&length.to_string()));
    }
}

/// The next whole reply on a connection.
async fn next(stream: &mut TcpStream) -> String {
    let mut reply = String::new();
    loop {
        let mut part = [0; 4096];
        let read = timeout(PATIENCE, stream.read(&mut part)).await.expect("a reply").unwrap();
        assert!(read > 0, "the connection is closed after {reply:?}");
        reply += std::str::from_utf8(&part[..read]).unwrap();
        let Some((head, body)) = reply.split_once("\r\n\r\n") else { continue };
        let mut lines = head.lines();
        let length = lines.find_map(|line| line.strip_prefix("content-length: ")).unwrap();
        if body.len() == length.parse::<usize>().unwrap() {
            return reply;
        }
    }
}

#[tokio::test]
async fn a_request_that_is_not_one_is_told_what_is_right() {
    let server = TestServer::start().await;
    let send = async |request| send(address(&server), request).await;
    for rpc in ["AuthService/Drop", "AuthService", "OtherService/GetMe"] {
        let error = send(post(rpc, JSON, &[], "{}")).await.error();
        assert_eq!(error, told(501, "unimplemented", "UNIMPLEMENTED"), "{rpc}");
    }
    for (rpc, kind) in [("AnswerService/WatchInterview", JSON), ("AuthService/GetMe", JSON_STREAM)]
    {
        let reply = send(post(rpc, kind, &[], "{}")).await;
        assert_eq!(reply.error(), told(415, "invalid_argument", "VALIDATION_FAILED"), "{rpc}");
        assert!(reply.header("accept-post").contains("application/connect+json"));
    }
    for kind in ["text/plain", "application/x-www-form-urlencoded", "application/grpc-web+proto"] {
        let reply = send(post("AuthService/GetMe", kind, &[], "{}")).await;
        let status = if kind.starts_with("application/grpc") { 505 } else { 415 };
        assert_eq!(reply.status, status, "{kind}");
    }
    let reply = send(post("AuthService/GetMe", "application/grpc", &[], "{}")).await;
    assert_eq!((reply.status.as_u16(), &reply.body[..]), (505, &b"gRPC needs HTTP/2\n"[..]));
    let get = Request::get("/").header("host", "viva.example").body(Full::default()).unwrap();
    let reply = send(get).await;
    assert_eq!((reply.status.as_u16(), reply.header("allow")), (405, "POST"));
    for (name, value, status, code) in [
        ("connect-protocol-version", "2", 400, "invalid_argument"),
        ("connect-timeout-ms", "1s", 400, "invalid_argument"),
        ("content-encoding", "gzip", 501, "unimplemented"),
    ] {
        let reply = send(post("AuthService/GetMe", JSON, &[(name, value)], "{}")).await;
        assert_eq!((reply.error().0, reply.error().1.as_str()), (status, code), "{name}");
    }
    let fine = [("connect-protocol-version", "1"), ("content-encoding", "identity")];
    let reply = send(post("ServerService/GetServerInfo", JSON, &fine, "{}")).await;
    assert_eq!(reply.status, StatusCode::OK);
}

#[tokio::test]
async fn a_request_that_is_too_large_says_so_in_either_form() {
    let server = TestServer::start().await;
    for kind in [JSON, PROTO] {
        for bytes in [limits::MAX_MESSAGE_BYTES + 1, 3 << 20] {
            let body = vec![b' '; bytes];
            let reply = send(address(&server), post("AuthService/Login", kind, &[], body)).await;
            assert_eq!(reply.error(), told(400, "invalid_argument", "REQUEST_TOO_LARGE"));
            let said = reply.json()["message"].as_str().unwrap().to_owned();
            assert!(said.contains(&bytes.to_string()) && said.contains("1048576"), "{said}");
        }
    }
    let most = vec![b' '; limits::MAX_MESSAGE_BYTES];
    let reply = send(address(&server), post("AuthService/Login", JSON, &[], most)).await;
    assert_eq!(reply.error().2, "VALIDATION_FAILED", "it is read, but is not JSON");
}

#[tokio::test]
async fn the_callers_deadline_ends_a_call() {
    let server = TestServer::start().await;
    let ada = server.sign_up("ada").await;
    // Another connection holds the write lock, so the call must wait.
    let file =
        sqlx::sqlite::SqliteConnectOptions::new().filename(server.folder.path().join("viva.db"));
    let mut other = sqlx::SqliteConnection::connect_with(&file).await.unwrap();
    let _lock = other.begin_with("BEGIN IMMEDIATE").await.unwrap();
    let bearer = bearer(&ada);
    let headers = [("authorization", bearer.as_str()), ("connect-timeout-ms", "300")];
    let reply = send(address(&server), post("AuthService/Logout", JSON, &headers, "{}")).await;
    assert_eq!(reply.error(), told(504, "deadline_exceeded", "TIMEOUT"));
}

#[tokio::test]
async fn the_limits_of_grpc_apply() {
    let per_address = NonZeroU32::new(2);
    let limits = RequestLimits { per_address, ..RequestLimits::default() };
    let server = TestServer::start_limited(settings(), limits).await;
    let call = || post("ServerService/GetServerInfo", JSON, &[], "{}");
    for _ in 0..2 {
        assert_eq!(send(address(&server), call()).await.status, StatusCode::OK);
    }
    let reply = send(address(&server), call()).await;
    assert_eq!(reply.error(), told(429, "resource_exhausted", "RATE_LIMITED"));
    let wait: u64 = reply.header("retry-after").parse().unwrap();
    assert!((1..=60).contains(&wait), "{wait}");
    let server = TestServer::start().await;
    let large = "y".repeat(20 * 1024);
    let headers = [("x-large", large.as_str())];
    let request = post("ServerService/GetServerInfo", JSON, &headers, "{}");
    let reply = send(address(&server), request).await;
    assert_eq!(reply.status, StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE);
}

#[tokio::test]
async fn what_is_refused_counts_for_the_limits_too() {
    let refused = || {
        let get = Request::get("/").header("host", "viva.example").body(Full::default()).unwrap();
        let from_a_page = [("origin", "https://evil.example")];
        [
            (405, get),
            (415, post("AuthService/GetMe", "text/plain", &[], "{}")),
            (415, post("AnswerService/WatchInterview", JSON, &[], "{}")),
            (501, post("AuthService/Drop", JSON, &[], "{}")),
            (403, post("ServerService/GetServerInfo", JSON, &from_a_page, "{}")),
            (505, post("AuthService/GetMe", "application/grpc", &[], "")),
        ]
    };
    let per_address = NonZeroU32::new(6);
    let limits = RequestLimits { per_address, ..RequestLimits::default() };
    let server = TestServer::start_limited(settings(), limits).await;
    for (status, request) in refused() {
        let reply = send(address(&server), request).await;
        assert_eq!(reply.status, status);
        assert!(!reply.header("x-request-id").is_empty(), "so that the log can be searched");
    }
    for (status, request) in refused() {
        let reply = send(address(&server), request).await;
        assert_eq!(reply.error(), told(429, "resource_exhausted", "RATE_LIMITED"), "{status}");
        assert!(reply.header("retry-after").parse::<u64>().unwrap() > 0);
    }
}

#[tokio::test]
async fn a_page_in_a_browser_is_sent_to_the_gateway() {
    let server = TestServer::start().await;
    for origin in ["https://evil.example", "http://viva.example", "null"] {
        let headers = [("origin", origin)];
        let request = post("ServerService/GetServerInfo", JSON, &headers, "{}");
        let reply = send(address(&server), request).await;
        assert_eq!(reply.error(), told(403, "permission_denied", "ACCESS_DENIED"));
        assert!(reply.json()["message"].as_str().unwrap().contains("viva-web"), "{reply:?}");
        assert!(!reply.headers.contains_key("access-control-allow-origin"));
    }
}

#[tokio::test]
async fn a_server_that_is_starting_says_so_in_json() {
    let listener = std::net::TcpListener::bind("127.0.0.1:0").unwrap();
    listener.set_nonblocking(true).unwrap();
    let address = listener.local_addr().unwrap().to_string();
    let asked = async {
        let wanted = post("ServerService/GetServerInfo", JSON, &[], "{}");
        read(begin(&address, wanted).await).await
    };
    let reply = serve_not_ready(&listener, None, asked).await.unwrap();
    assert_eq!(reply.error(), told(503, "unavailable", "STARTING"));
    assert_eq!(reply.header("retry-after"), "1");
}
