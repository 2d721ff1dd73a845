//! A gateway on a port, and a client that speaks HTTP and gRPC-Web to it.

use std::{net::SocketAddr, time::Duration};

use base64::{Engine, engine::general_purpose::STANDARD};
use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Request, Response, StatusCode, header};
use http_body_util::{BodyExt, Full};
use hyper::{body::Incoming, client::conn::http1};
use hyper_util::rt::TokioIo;
use prost::Message;
use tokio::{
    net::{TcpListener, TcpStream},
    task::JoinHandle,
};
use tokio_util::sync::{CancellationToken, DropGuard};
use tonic::{Code, Status, transport::Channel};
use viva_runtime::listen::{ListenLimits, connections};
use viva_web::{
    gateway::{Gateway, GatewaySettings},
    serve::serve,
    session::Sessions,
    upstream::Upstream,
};

pub(crate) const BINARY: &str = "application/grpc-web+proto";
pub(crate) const TEXT: &str = "application/grpc-web-text";

/// A gateway in this process. Dropping it stops it.
pub(crate) struct Web {
    pub(crate) address: SocketAddr,
    pub(crate) stop: CancellationToken,
    pub(crate) serving: JoinHandle<()>,
    _end: DropGuard,
}

impl Web {
    /// Starts a gateway in front of this server.
    pub(crate) async fn before(channel: Channel) -> Self {
        Self::start(channel, settings(), ListenLimits::default()).await
    }

    pub(crate) async fn start(
        channel: Channel,
        settings: GatewaySettings,
        limits: ListenLimits,
    ) -> Self {
        Self::through(Upstream::new(channel), settings, limits).await
    }

    pub(crate) async fn through(
        upstream: Upstream,
        settings: GatewaySettings,
        limits: ListenLimits,
    ) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let stop = CancellationToken::new();
        let gateway = Gateway::new(upstream, Sessions::default(), settings, stop.clone());
        let incoming = connections(listener, limits, None);
        let drain = Duration::from_secs(5);
        let serving = tokio::spawn(serve(incoming, gateway.router(), stop.clone(), drain));
        Self { address, serving, _end: stop.clone().drop_guard(), stop }
    }

    /// The page's own origin.
    pub(crate) fn origin(&self) -> String {
        format!("http://{}", self.address)
    }

    /// Sends a request; the reply's body is not read yet.
    pub(crate) async fn open(&self, request: Request<Full<Bytes>>) -> Open {
        open(self.address, request).await
    }

    /// Sends a request and reads the whole reply.
    pub(crate) async fn send(&self, request: Request<Full<Bytes>>) -> Reply {
        self.open(request).await.read().await
    }

    pub(crate) async fn get(&self, path: &str) -> Reply {
        self.send(request("GET", path, &[], Bytes::new())).await
    }

    /// Calls a method and returns its one message.
    pub(crate) async fn call<M: Message + Default>(
        &self,
        method: &str,
        message: &impl Message,
        headers: &[(&str, &str)],
    ) -> Result<M, Status> {
        let request = grpc_web(method, BINARY, headers, &message.encode_to_vec());
        let messages = self.send(request).await.messages()?;
        Ok(M::decode(messages.into_iter().next().unwrap()).unwrap())
    }

    /// Posts JSON as the page does.
    pub(crate) async fn page(&self, path: &str, json: &str, headers: &[(&str, &str)]) -> Reply {
        let origin = self.origin();
        let own = [("origin", origin.as_str()), ("content-type", "application/json")].into_iter();
        let headers: Vec<_> = own.chain(headers.iter().copied()).collect();
        self.send(request("POST", path, &headers, Bytes::from(json.to_owned()))).await
    }
}

/// Settings for the loopback address, otherwise the defaults.
pub(crate) fn settings() -> GatewaySettings {
    GatewaySettings { is_loopback: true, ..GatewaySettings::default() }
}

/// Opens an HTTP/1.1 connection for one request.
pub(crate) async fn open(address: SocketAddr, mut request: Request<Full<Bytes>>) -> Open {
    let stream = TcpStream::connect(address).await.unwrap();
    let host = HeaderValue::try_from(address.to_string()).unwrap();
    request.headers_mut().entry(header::HOST).or_insert(host);
    open_on(stream, request).await
}

/// The same on an existing connection.
pub(crate) async fn open_on<S>(stream: S, request: Request<Full<Bytes>>) -> Open
where
    S: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
{
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream)).await.unwrap();
    let connection = tokio::spawn(async move {
        let _ = connection.await;
    });
    let response = sender.send_request(request).await.unwrap();
    Open { response, connection }
}

pub(crate) fn request(
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: Bytes,
) -> Request<Full<Bytes>> {
    let mut request = Request::builder().method(method).uri(path);
    for (name, value) in headers {
        request = request.header(*name, *value);
    }
    request.body(Full::new(body)).unwrap()
}

/// A gRPC-Web call.
pub(crate) fn grpc_web(
    method: &str,
    content_type: &str,
    headers: &[(&str, &str)],
    message: &[u8],
) -> Request<Full<Bytes>> {
    let mut frame = vec![0];
    frame.extend(u32::try_from(message.len()).unwrap().to_be_bytes());
    frame.extend(message);
    let body = if content_type.contains("text") { STANDARD.encode(frame).into() } else { frame };
    let own = [("content-type", content_type), ("x-grpc-web", "1")].into_iter();
    let headers: Vec<_> = own.chain(headers.iter().copied()).collect();
    request("POST", &format!("/{method}"), &headers, body.into())
}

/// A reply whose body has not arrived yet. Dropping it closes its connection.
pub(crate) struct Open {
    pub(crate) response: Response<Incoming>,
    connection: JoinHandle<()>,
}

impl Drop for Open {
    fn drop(&mut self) {
        self.connection.abort();
    }
}

impl Open {
    /// The next part of the body.
    pub(crate) async fn part(&mut self) -> Option<Bytes> {
        let frame = self.response.body_mut().frame().await?;
        Some(frame.unwrap().into_data().unwrap())
    }

    pub(crate) async fn read(mut self) -> Reply {
        let body = self.response.body_mut().collect().await.unwrap().to_bytes();
        let (status, headers) = (self.response.status(), self.response.headers().clone());
        Reply { status, headers, body }
    }
}

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

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.body).unwrap()
    }

    /// The messages of a gRPC-Web reply, or the error that ends it.
    pub(crate) fn messages(&self) -> Result<Vec<Bytes>, Status> {
        assert_eq!(self.status, StatusCode::OK, "{self:?}");
        let text = self.header("content-type").contains("text");
        let body = if text { from_text(&self.body) } else { self.body.to_vec() };
        let (messages, trailers) = frames(&body);
        // A status in the headers is the whole reply.
        let from = trailers.as_ref().unwrap_or(&self.headers);
        let status = Status::from_header_map(from).expect("a status");
        if status.code() == Code::Ok { Ok(messages) } else { Err(status) }
    }
}

/// Decodes base64 whose pieces are each padded.
pub(crate) fn from_text(text: &[u8]) -> Vec<u8> {
    let mut bytes = Vec::new();
    for group in text.chunks(4) {
        bytes.extend(STANDARD.decode(group).unwrap());
    }
    bytes
}

/// The messages of a body, and its trailers.
pub(crate) fn frames(mut body: &[u8]) -> (Vec<Bytes>, Option<HeaderMap>) {
    let (mut messages, mut trailers) = (Vec::new(), None);
    while let Some((head, rest)) = body.split_first_chunk::<5>() {
        let length = u32::from_be_bytes([head[1], head[2], head[3], head[4]]);
        let (content, rest) = rest.split_at(usize::try_from(length).unwrap());
        assert!(trailers.is_none(), "a frame follows the trailers");
        match head[0] {
            0 => messages.push(Bytes::copy_from_slice(content)),
            0x80 => trailers = Some(read_trailers(content)),
            other => panic!("a frame of kind {other}"),
        }
        body = rest;
    }
    assert!(body.is_empty(), "the last frame is incomplete");
    (messages, trailers)
}

fn read_trailers(lines: &[u8]) -> HeaderMap {
    let lines = std::str::from_utf8(lines).unwrap().split_terminator("\r\n");
    let pairs = lines.map(|line| line.split_once(':').unwrap());
    pairs
        .map(|(name, value)| {
            let name = HeaderName::try_from(name).unwrap();
            (name, HeaderValue::try_from(value.trim()).unwrap())
        })
        .collect()
}
