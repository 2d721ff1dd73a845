//! A client that shows every byte, and requests that follow the protocol.

use std::{io, net::SocketAddr};

use serde_json::{Value, json};
use tokio::{
    io::{AsyncReadExt, AsyncWriteExt},
    net::TcpStream,
};
use viva_fake_model::FakeModel;

pub(crate) const KEY: &str = "sk-test-0001";

const BOUNDARY: &str = "00112233445566778899aabbccddeeff";

/// What the client received before the connection ended.
#[derive(Debug)]
pub(crate) struct Received {
    pub(crate) bytes: Vec<u8>,
    /// `None` if the connection was closed properly.
    pub(crate) error: Option<io::ErrorKind>,
}

impl Received {
    fn split(&self) -> (&str, &[u8]) {
        let end = self.bytes.windows(4).position(|four| four == b"\r\n\r\n").expect("no head");
        (std::str::from_utf8(&self.bytes[..end]).unwrap(), &self.bytes[end + 4..])
    }

    pub(crate) fn status(&self) -> u16 {
        self.split().0.split(' ').nth(1).unwrap().parse().unwrap()
    }

    pub(crate) fn header(&self, name: &str) -> Option<&str> {
        let mut headers = self.split().0.lines().filter_map(|line| line.split_once(": "));
        headers.find(|(known, _)| *known == name).map(|(_, value)| value)
    }

    pub(crate) fn body(&self) -> &[u8] {
        self.split().1
    }

    pub(crate) fn json(&self) -> Value {
        serde_json::from_slice(self.body()).unwrap()
    }

    /// The object in the completion's content.
    pub(crate) fn content(&self) -> Value {
        let body = self.json();
        assert_eq!(self.status(), 200, "{body}");
        serde_json::from_str(body["choices"][0]["message"]["content"].as_str().unwrap()).unwrap()
    }
}

/// As [`send`], for a request without a body.
pub(crate) async fn get(address: SocketAddr, path: &str) -> TcpStream {
    let mut stream = TcpStream::connect(address).await.unwrap();
    let head = format!("GET {path} HTTP/1.1\r\nhost: {address}\r\n\r\n");
    stream.write_all(head.as_bytes()).await.unwrap();
    stream
}

/// Opens a connection and sends a request, but reads nothing.
pub(crate) async fn send(address: SocketAddr, body: &Value) -> TcpStream {
    let body = body.to_string();
    let head = format!(
        "POST /v1/chat/completions HTTP/1.1\r\nhost: {address}\r\nauthorization: Bearer \
         {KEY}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    let mut stream = TcpStream::connect(address).await.unwrap();
    stream.write_all((head + &body).as_bytes()).await.unwrap();
    stream
}

/// Reads to the end of the connection, however it ends.
pub(crate) async fn receive(mut stream: TcpStream) -> Received {
    let mut bytes = Vec::new();
    let read = stream.read_to_end(&mut bytes).await;
    Received { bytes, error: read.err().map(|error| error.kind()) }
}

pub(crate) async fn ask(model: &FakeModel, body: &Value) -> Received {
    receive(send(model.address(), body).await).await
}

/// The body of a request in the strictest form, with these messages.
pub(crate) fn request(system: &str, user: &str) -> Value {
    json!({
        "model": "test-1",
        "messages": [
            {"role": "system", "content": system},
            {"role": "user", "content": user},
        ],
        "stream": false,
        "temperature": 0,
        "response_format": {"type": "json_schema", "json_schema": {"name": "x", "schema": {}}},
    })
}

fn block(name: &str, text: &str) -> String {
    format!("<<<BEGIN {name} {BOUNDARY}>>>\n{text}\n<<<END {name} {BOUNDARY}>>>\n")
}

/// The question that all tests of evaluations use.
pub(crate) fn material(language: &str) -> Value {
    json!({
        "level": "mid",
        "language": language,
        "question": "What is a database index and what does it cost?",
        "reference": "An index is a separate, ordered data structure, usually a B-tree, that maps \
                      column values to rows, so the engine finds rows without scanning the whole \
                      table. Every insert, update and delete must also maintain the index, and it \
                      takes disk space and memory.",
        "key_points": [
            {"point": 1, "weight": 0.5,
             "text": "It lets the engine find rows without scanning the whole table."},
            {"point": 2, "weight": 0.3,
             "text": "Every write must also update the index, so writes become slower."},
            {"point": 3, "weight": 0.2, "text": "It takes extra disk space and memory."},
        ],
        "mistakes": [
            {"claim": "An index makes every kind of query and write faster.",
             "why_wrong": "Writes become slower, as the index must be kept up to date."},
        ],
    })
}

pub(crate) const GOOD: &str = "An index is a sorted side structure, usually a B-tree, so the \
     engine can find rows without scanning the whole table. It makes reads faster but every write \
     must also update the index, so writes become slower. It takes disk space and memory too.";

/// An evaluation request, with further lines of the system message and text before the blocks.
pub(crate) fn evaluation_with(system: &str, user: &str, material: &Value, answer: &str) -> Value {
    let system = format!("Task: evaluation\nBoundary: {BOUNDARY}\n{system}");
    let blocks = block("MATERIAL", &material.to_string()) + &block("ANSWER", answer);
    request(&system, &format!("{user}\n{blocks}"))
}

pub(crate) fn evaluation(answer: &str) -> Value {
    evaluation_with("", "", &material("en"), answer)
}

pub(crate) fn questions(material: &Value) -> Value {
    let system = format!("Task: questions\nBoundary: {BOUNDARY}\nAsk well.");
    request(&system, &block("MATERIAL", &material.to_string()))
}
