//! `POST /SERVICE/METHOD`: turns a call over gRPC-Web or the Connect protocol into a gRPC call and
//! returns the reply. There is no code for individual RPCs: the services come from the contract's
//! descriptors.

use std::convert::Infallible;

use axum::{
    body::Body,
    extract::{Request, State},
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Method, StatusCode, Version, header, request::Parts};
use http_body_util::Full;
use tonic::Status;
use tonic_web::GrpcWebLayer;
use tower::{Layer, ServiceExt, service_fn};
use tower_http::cors::CorsLayer;
use tracing::Instrument;
use viva_connect::{ACCEPTED, ENVELOPE_BYTES, Received, contract::is_stream};
use viva_runtime::{limits::MAX_MESSAGE_BYTES, request_id};

use crate::{
    body::BodyError,
    forward::{self, Peer},
    gateway::Gateway,
    grpc_web::Encoding,
    reply, status,
    upstream::Stop,
};

/// The calls that sign in with a password, or register. When the owner's link is the only way to
/// sign in, these are refused, whatever page or program makes them.
const BY_PASSWORD: [&str; 2] = ["/viva.v1.AuthService/Register", "/viva.v1.AuthService/Login"];

/// Forwards a call.
pub(crate) async fn call(State(gateway): State<Gateway>, mut request: Request) -> Response {
    let is_streamed = is_stream(request.uri().path()) == Some(true);
    let id = request_id::of(request.headers());
    request.headers_mut().insert(request_id::HEADER, id.clone());
    // An id is plain text, otherwise it would have been replaced.
    let span = tracing::error_span!("call", request_id = id.to_str().unwrap_or_default());
    let mut response = answered(gateway, request).instrument(span).await;
    let headers = response.headers_mut();
    if is_streamed {
        // A proxy that buffers a stream would hold back scores from the people waiting for them.
        headers
            .insert(HeaderName::from_static("x-accel-buffering"), HeaderValue::from_static("no"));
    }
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.entry(request_id::HEADER).or_insert(id);
    response
}

/// The reply to a call, by the protocol that its content type names.
async fn answered(gateway: Gateway, mut request: Request) -> Response {
    if let Some(encoding) = Encoding::of_request(request.headers()) {
        encoding.tell(request.headers_mut());
        let server = service_fn(move |request| by_grpc_web(gateway.clone(), request, encoding));
        let replied = GrpcWebLayer::new().layer(server).oneshot(request).await;
        return replied.unwrap_or_else(|never| match never {}).map(Body::new);
    }
    let (mut head, body) = request.into_parts();
    match Received::of(&mut head) {
        Received::Call(call) => {
            let decode = |body: Bytes| call.frame(&body);
            let replied = pass_on(gateway, (head, body), call.most_bytes(), decode).await;
            call.reply(replied).await.map(Body::new)
        }
        Received::Refused(refused) => refused.reply.map(Body::new),
        Received::Other => {
            let words = "This address speaks gRPC-Web (application/grpc-web+proto) and the Connect protocol \
                         (application/json)\n";
            let accepted = [(HeaderName::from_static("accept-post"), ACCEPTED)];
            (StatusCode::UNSUPPORTED_MEDIA_TYPE, accepted, words).into_response()
        }
    }
}

/// The server from the point of view of gRPC-Web's layer: it gets gRPC requests and always replies.
async fn by_grpc_web(
    gateway: Gateway,
    request: http::Request<tonic::body::Body>,
    encoding: Encoding,
) -> Result<http::Response<tonic::body::Body>, Infallible> {
    let (head, body) = request.into_parts();
    let most = match encoding {
        Encoding::Binary => MAX_MESSAGE_BYTES + ENVELOPE_BYTES,
        Encoding::Text => (MAX_MESSAGE_BYTES + ENVELOPE_BYTES).div_ceil(3) * 4,
    };
    let decode = |body| encoding.decode(body).ok_or_else(status::unreadable);
    Ok(pass_on(gateway, (head, Body::new(body)), most, decode).await)
}

/// Forwards a request whose body has at most `most` bytes and becomes a gRPC message by `decode`.
/// Always returns a gRPC reply.
async fn pass_on(
    gateway: Gateway,
    request: (Parts, Body),
    most: usize,
    decode: impl FnOnce(Bytes) -> Result<Bytes, Status>,
) -> http::Response<tonic::body::Body> {
    match onward(&gateway, request, most, decode).await {
        Ok(onward) => match gateway.upstream.oneshot(onward).await {
            Ok(reply) => reply,
            Err(never) => match never {},
        },
        Err(status) => reply::of_status(&status),
    }
}

/// The request to forward: read completely, within limits, and without anything that is not for the
/// server.
async fn onward(
    gateway: &Gateway,
    (head, body): (Parts, Body),
    most: usize,
    decode: impl FnOnce(Bytes) -> Result<Bytes, Status>,
) -> Result<http::Request<tonic::body::Body>, Status> {
    if gateway.sessions.is_by_link() && BY_PASSWORD.contains(&head.uri.path()) {
        return Err(status::by_link());
    }
    // Over gRPC-Web, this includes methods that only a newer server has: the gateway needs no
    // messages for them, while Connect does.
    let is_stream = is_stream(head.uri.path()).ok_or_else(status::unlisted)?;
    let body = gateway.bodies.read(body, most).await.map_err(unread)?;
    let body = decode(body)?;
    let peer = head.extensions.get().copied().unwrap_or(Peer(None));
    let mut onward = http::Request::new(tonic::body::Body::new(Full::new(body)));
    *onward.method_mut() = Method::POST;
    *onward.version_mut() = Version::HTTP_2;
    *onward.uri_mut() = path(&head.uri)?;
    *onward.headers_mut() = forward::headers(&head.headers, peer);
    for name in [header::CONTENT_TYPE, header::TE] {
        // Those of gRPC, which the request has by now.
        onward.headers_mut().extend(head.headers.get(&name).map(|value| (name, value.clone())));
    }
    if is_stream {
        onward.extensions_mut().insert(Stop(gateway.stop.clone()));
    }
    Ok(onward)
}

/// The path only: the host and the query are not for the server.
fn path(uri: &http::Uri) -> Result<http::Uri, Status> {
    http::Uri::try_from(uri.path()).map_err(|_| status::unreadable())
}

fn unread(fault: BodyError) -> Status {
    match fault {
        BodyError::TooLarge => status::too_large(None),
        BodyError::Broken => status::unreadable(),
        BodyError::TooSlow => status::timeout(),
        BodyError::NoRoom => status::too_many(),
    }
}

/// Which other origins' pages may call: the listed ones, with a bearer token and never a cookie.
pub(crate) fn cors(origins: &[HeaderValue]) -> CorsLayer {
    let also = [
        header::CONTENT_TYPE,
        HeaderName::from_static("x-grpc-web"),
        HeaderName::from_static("x-user-agent"),
        HeaderName::from_static("connect-protocol-version"),
        HeaderName::from_static("connect-timeout-ms"),
    ];
    let exposed =
        ["grpc-status", "grpc-message", "grpc-status-details-bin", "x-request-id", "retry-after"];
    CorsLayer::new()
        .allow_origin(origins.to_vec())
        .allow_methods([Method::POST])
        .allow_headers(forward::ALLOWED.into_iter().chain(also).collect::<Vec<_>>())
        .expose_headers(exposed.map(HeaderName::from_static))
        // The longest time for which browsers cache it.
        .max_age(std::time::Duration::from_hours(2))
}
