//! The layer around the server's routes: gRPC calls pass, Connect calls are turned into gRPC calls
//! and their replies back, and anything else is told what this port speaks.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures::future::Either;
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Version, header, request::Parts,
};
use http_body_util::Full;
use tonic::body::Body;
use tower::{Layer, Service};
use viva_runtime::{limits::HEADER_BYTES, request_id};

use crate::{
    call::{Call, Received},
    form::ACCEPTED,
    refusal,
    request::Rest,
};

/// Puts the Connect protocol before gRPC routes.
#[derive(Debug, Clone, Copy)]
pub struct ConnectLayer;

impl<S> Layer<S> for ConnectLayer {
    type Service = Connect<S>;

    fn layer(&self, inner: S) -> Connect<S> {
        Connect(inner)
    }
}

/// The routes behind [`ConnectLayer`].
#[derive(Debug, Clone)]
pub struct Connect<S>(S);

/// What to do with a request.
enum Next {
    Pass,
    Translate(Call),
    Reply(Response<Body>),
}

impl<S> Service<Request<Body>> for Connect<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
    S::Future: Send + 'static,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future =
        Either<S::Future, Pin<Box<dyn Future<Output = Result<Response<Body>, Infallible>> + Send>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let (mut head, body) = request.into_parts();
        let version = head.version;
        match next(&mut head) {
            Next::Pass => Either::Left(self.0.call(Request::from_parts(head, body))),
            Next::Translate(call) => {
                let body = call.read(Rest::new(body, version));
                let replied = self.0.call(Request::from_parts(head, body));
                Either::Right(Box::pin(async move { Ok(call.reply(replied.await?).await) }))
            }
            Next::Reply(response) => {
                drop(Rest::new(body, version));
                Either::Right(Box::pin(async { Ok(response) }))
            }
        }
    }
}

fn next(head: &mut Parts) -> Next {
    let is_http1 = head.version < Version::HTTP_2;
    if is_http1 && size(&head.headers) > HEADER_BYTES as usize {
        let words = "The headers of the request are too large\n";
        return Next::Reply(plain(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, words));
    }
    let kind = head.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    if kind.is_some_and(|kind| kind.starts_with(b"application/grpc")) {
        if is_http1 {
            let words = "gRPC needs HTTP/2\n";
            return Next::Reply(plain(StatusCode::HTTP_VERSION_NOT_SUPPORTED, words));
        }
        return Next::Pass;
    }
    if head.method != Method::POST {
        let mut response = plain(StatusCode::METHOD_NOT_ALLOWED, SPOKEN);
        response.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
        return Next::Reply(response);
    }
    let is_from_a_page = head.headers.contains_key(header::ORIGIN);
    let id = request_id::of(&head.headers);
    match Received::of(head) {
        Received::Call(call) if is_from_a_page => {
            // A page of any site can reach a server on its visitor's machine or network.
            let mut response = call.refuse(&refusal::from_a_page());
            response.headers_mut().insert(request_id::HEADER, id);
            Next::Reply(response)
        }
        Received::Call(call) => Next::Translate(call),
        Received::Refused(response) => Next::Reply(*response),
        Received::Other => {
            let mut response = plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, SPOKEN);
            response.headers_mut().insert("accept-post", HeaderValue::from_static(ACCEPTED));
            Next::Reply(response)
        }
    }
}

/// The reply to what is neither gRPC nor Connect.
const SPOKEN: &str = "This port speaks gRPC, and JSON by the Connect protocol: \
    POST /viva.v1.SERVICE/METHOD with content-type: application/json\n";

/// The size of headers as HTTP/2 counts it (RFC 9113, 10.5.1).
fn size(headers: &HeaderMap) -> usize {
    headers.iter().map(|(name, value)| name.as_str().len() + value.len() + 32).sum()
}

fn plain(status: StatusCode, words: &'static str) -> Response<Body> {
    let mut response = Response::new(Body::new(Full::new(Bytes::from_static(words.as_bytes()))));
    *response.status_mut() = status;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    response.headers_mut().insert(header::CONTENT_TYPE, kind);
    response
}
