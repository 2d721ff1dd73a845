//! Connections over HTTP/1.1 that are slow, idle, or left.

use std::time::Duration;

use serde_json::json;
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
    time::timeout,
};

use super::{
    address, bearer,
    http::{JSON, JSON_STREAM, begin, post, seal},
};
use crate::{
    metrics,
    support::{
        Person, TestServer,
        page::{is, wait_for},
        settings,
    },
};

/// Longer than an idle connection is kept, which is half a minute.
const PATIENCE: Duration = Duration::from_mins(2);

/// Sends this and reads until the server closes the connection.
async fn closed_after(server: &TestServer, sent: &str) -> String {
    let mut stream = TcpStream::connect(address(server)).await.unwrap();
    stream.write_all(sent.as_bytes()).await.unwrap();
    let mut reply = String::new();
    let read = timeout(PATIENCE, stream.read_to_string(&mut reply)).await;
    read.expect("the server closes the connection").unwrap();
    reply
}

fn head(rpc: &str, length: usize) -> String {
    let own = format!("host: viva.example\r\ncontent-type: {JSON}\r\ncontent-length: {length}");
    format!("POST /viva.v1.{rpc} HTTP/1.1\r\n{own}\r\n\r\n")
}

#[tokio::test]
async fn a_body_that_does_not_arrive_in_time_ends_its_call() {
    let mut settings = settings();
    settings.request_timeout = Duration::from_millis(300);
    let server = TestServer::start_with(settings).await;
    let sent = head("AuthService/Login", 20) + r#"{"username""#;
    let reply = closed_after(&server, &sent).await;
    assert!(reply.starts_with("HTTP/1.1 504 "), "{reply}");
    assert!(reply.contains(r#""code":"deadline_exceeded""#), "{reply}");
}

#[tokio::test]
async fn an_idle_connection_is_closed() {
    let server = TestServer::start().await;
    let sent = head("ServerService/GetServerInfo", 2) + "{}";
    let reply = closed_after(&server, &sent).await;
    assert!(reply.starts_with("HTTP/1.1 200 "), "{reply}");
}

#[tokio::test]
async fn a_watch_is_released_when_its_reader_leaves() {
    let home = tempfile::tempdir().unwrap();
    let program = metrics::serve(home.path(), &[]);
    let ada = Person::register(program.channel().await, "ada").await;
    let interview = ada.create("Backend engineer", 1).await;
    let bearer = bearer(&ada);
    let asked = json!({"interviewId": interview.id.to_string(), "follow": true}).to_string();
    let headers = [("authorization", bearer.as_str())];
    let rpc = "AnswerService/WatchInterview";
    let request = post(rpc, JSON_STREAM, &headers, seal(asked.as_bytes()));
    let watching = begin(&program.address, request).await;
    wait_for(&program.metrics, "viva_watches", is(1.0)).await;
    drop(watching);
    wait_for(&program.metrics, "viva_watches", is(0.0)).await;
}
