//! A plain HTTP client, as a program without gRPC has one.

use bytes::Bytes;
use http::{HeaderMap, Request, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::{
    body::{Body, Incoming},
    client::conn::{http1, http2},
};
use hyper_util::rt::{TokioExecutor, TokioIo};
use serde_json::Value;
use tokio::{
    io::{AsyncRead, AsyncWrite},
    net::TcpStream,
};

pub(crate) const JSON: &str = "application/json";
pub(crate) const PROTO: &str = "application/proto";
pub(crate) const JSON_STREAM: &str = "application/connect+json";
pub(crate) const PROTO_STREAM: &str = "application/connect+proto";

/// A whole reply.
#[derive(Debug)]
pub(crate) struct Reply {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: Bytes,
}

impl Reply {
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).map_or("", |value| value.to_str().unwrap())
    }

    pub(crate) fn json(&self) -> Value {
        assert_eq!(self.header("content-type"), JSON, "{self:?}");
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The HTTP status, the code and the reason of an error.
    pub(crate) fn error(&self) -> (u16, String, String) {
        let error = self.json();
        let code = error["code"].as_str().unwrap_or_default().to_owned();
        (self.status.as_u16(), code, reason(&error))
    }

    /// The messages of a stream, and what ends it.
    pub(crate) fn messages(&self) -> (Vec<Bytes>, Value) {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        let (messages, end) = open(&self.body);
        (messages, end.expect("the stream ends with its status"))
    }
}

/// The reason in an error.
pub(crate) fn reason(error: &Value) -> String {
    readable(error, "ErrorInfo")["reason"].as_str().unwrap_or_default().to_owned()
}

/// The fields that an error names.
pub(crate) fn fields(error: &Value) -> Vec<String> {
    let violations = readable(error, "BadRequest")["fieldViolations"].clone();
    let violations = violations.as_array().cloned().unwrap_or_default();
    violations.iter().map(|violation| violation["field"].as_str().unwrap().to_owned()).collect()
}

fn readable(error: &Value, kind: &str) -> Value {
    let details = error["details"].as_array().cloned().unwrap_or_default();
    let of_kind = details.into_iter().find(|one| one["type"] == format!("google.rpc.{kind}"));
    of_kind.map(|detail| detail["debug"].clone()).unwrap_or_default()
}

/// A message in its envelope.
pub(crate) fn seal(message: &[u8]) -> Bytes {
    let length = u32::try_from(message.len()).unwrap().to_be_bytes();
    [&[0], length.as_slice(), message].concat().into()
}

/// The messages in a part of a stream, and what ends it, if it has ended.
pub(crate) fn open(mut body: &[u8]) -> (Vec<Bytes>, Option<Value>) {
    let (mut messages, mut end) = (Vec::new(), None);
    while let Some((head, rest)) = body.split_first_chunk::<5>() {
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let (message, rest) = rest.split_at(usize::try_from(length).unwrap());
        assert!(end.is_none(), "something follows the end");
        match head[0] {
            0 => messages.push(Bytes::copy_from_slice(message)),
            2 => end = Some(serde_json::from_slice(message).unwrap()),
            other => panic!("a message with the flags {other}"),
        }
        body = rest;
    }
    (messages, end)
}

/// A POST to an RPC, `SERVICE/METHOD`.
pub(crate) fn post(
    rpc: &str,
    content_type: &str,
    headers: &[(&str, &str)],
    body: impl Into<Bytes>,
) -> Request<Full<Bytes>> {
    let mut request = Request::post(format!("/viva.v1.{rpc}"))
        .header(header::CONTENT_TYPE, content_type)
        .header(header::HOST, "viva.example");
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Full::new(body.into())).unwrap()
}

/// Sends a request over HTTP/1.1, and returns its reply before the body has arrived.
pub(crate) async fn begin<B>(address: &str, request: Request<B>) -> http::Response<Incoming>
where
    B: Body<Data = Bytes, Error: std::error::Error + Send + Sync> + Send + 'static,
{
    let stream = TcpStream::connect(address).await.unwrap();
    begin_on(stream, request).await
}

/// Does the same on an open connection.
pub(crate) async fn begin_on<B>(
    stream: impl AsyncRead + AsyncWrite + Unpin + Send + 'static,
    request: Request<B>,
) -> http::Response<Incoming>
where
    B: Body<Data = Bytes, Error: std::error::Error + Send + Sync> + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    tokio::spawn(connection);
    sender.send_request(request).await.unwrap()
}

/// Sends a request over HTTP/1.1 and reads the whole reply.
pub(crate) async fn send(address: &str, request: Request<Full<Bytes>>) -> Reply {
    read(begin(address, request).await).await
}

/// Sends a request over HTTP/2 without TLS and reads the whole reply.
pub(crate) async fn send_by_http2(address: &str, mut request: Request<Full<Bytes>>) -> Reply {
    let stream = TokioIo::new(TcpStream::connect(address).await.unwrap());
    let (mut sender, connection) = http2::handshake(TokioExecutor::new(), stream).await.unwrap();
    tokio::spawn(connection);
    *request.uri_mut() = format!("http://{address}{}", request.uri().path()).parse().unwrap();
    request.headers_mut().remove(header::HOST);
    read(sender.send_request(request).await.unwrap()).await
}

/// Reads the rest of a reply.
pub(crate) async fn read(response: http::Response<Incoming>) -> Reply {
    let (head, body) = response.into_parts();
    let body = body.collect().await.unwrap().to_bytes();
    Reply { status: head.status, headers: head.headers, body }
}
