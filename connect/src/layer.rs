//! The layers around the server's routes. [`ConnectLayer`] is outermost: gRPC calls pass, Connect
//! calls are turned into gRPC calls and their replies back, and anything else is told what this port
//! speaks. What it refuses goes through the layers behind it, so that it is counted, limited and
//! logged like any call, up to [`RefusalLayer`].

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use futures::future::{Either, Ready, ready};
use http::{
    HeaderMap, HeaderValue, Method, Request, Response, StatusCode, Version, header, request::Parts,
};
use http_body_util::Full;
use tonic::{Status, body::Body};
use tower::{Layer, Service};
use viva_runtime::limits::HEADER_BYTES;

use crate::{
    call::{Call, Received, Refused},
    form::{ACCEPTED, Form, Format},
    refusal, reply,
    rest::Rest,
};

/// Puts the Connect protocol before gRPC routes. [`RefusalLayer`] must be behind it.
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

/// In the extensions of a request that is refused: why.
#[derive(Clone)]
struct Reason(Status);

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
        if names_grpc(&head) && !is_http1(&head) {
            return Either::Left(self.0.call(Request::from_parts(head, body)));
        }
        let rest = Body::new(Rest::of(body, &head));
        match next(&mut head) {
            Ok(call) => {
                let body = call.read(rest);
                let replied = self.0.call(Request::from_parts(head, body));
                Either::Right(Box::pin(async move { Ok(call.reply(replied.await?).await) }))
            }
            Err(refused) => {
                drop(rest);
                let Refused { form, status, reply } = *refused;
                head.extensions.insert(Reason(status));
                let replied = self.0.call(Request::from_parts(head, Body::empty()));
                Either::Right(Box::pin(
                    async move { Ok(reply::refused(form, reply, &replied.await?)) },
                ))
            }
        }
    }
}

fn is_http1(head: &Parts) -> bool {
    head.version < Version::HTTP_2
}

/// Whether its content type is one of gRPC.
fn names_grpc(head: &Parts) -> bool {
    let kind = head.headers.get(header::CONTENT_TYPE).map(HeaderValue::as_bytes);
    kind.is_some_and(|kind| kind.starts_with(b"application/grpc"))
}

/// The call that a request turns out to be, or why it is refused.
fn next(head: &mut Parts) -> Result<Call, Box<Refused>> {
    if is_http1(head) && size(&head.headers) > HEADER_BYTES as usize {
        let words = "The headers of the request are too large\n";
        return Err(plain(StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE, words));
    }
    if names_grpc(head) {
        return Err(plain(StatusCode::HTTP_VERSION_NOT_SUPPORTED, "gRPC needs HTTP/2\n"));
    }
    if head.method != Method::POST {
        let mut refused = plain(StatusCode::METHOD_NOT_ALLOWED, SPOKEN);
        refused.reply.headers_mut().insert(header::ALLOW, HeaderValue::from_static("POST"));
        return Err(refused);
    }
    let is_from_a_page = head.headers.contains_key(header::ORIGIN);
    match Received::of(head) {
        // A page of any site can reach a server on its visitor's machine or network.
        Received::Call(call) if is_from_a_page => {
            Err(Box::new(call.refuse(refusal::from_a_page())))
        }
        Received::Call(call) => Ok(call),
        Received::Refused(refused) => Err(refused),
        Received::Other => {
            let mut refused = plain(StatusCode::UNSUPPORTED_MEDIA_TYPE, SPOKEN);
            let accepted = HeaderValue::from_static(ACCEPTED);
            refused.reply.headers_mut().insert("accept-post", accepted);
            Err(refused)
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

/// Refuses what is not a Connect call, in plain text.
fn plain(http: StatusCode, words: &'static str) -> Box<Refused> {
    let mut reply = Response::new(Body::new(Full::new(Bytes::from_static(words.as_bytes()))));
    *reply.status_mut() = http;
    let kind = HeaderValue::from_static("text/plain; charset=utf-8");
    reply.headers_mut().insert(header::CONTENT_TYPE, kind);
    let form = Form { format: Format::Json, streams: false };
    Box::new(Refused { form, status: refusal::invalid(words.trim_end()), reply })
}

/// Ends the way of a request that [`ConnectLayer`] has refused. It stands behind the layers that
/// count, limit and log calls, and before everything that answers them.
#[derive(Debug, Clone, Copy)]
pub struct RefusalLayer;

impl<S> Layer<S> for RefusalLayer {
    type Service = Refusals<S>;

    fn layer(&self, inner: S) -> Refusals<S> {
        Refusals(inner)
    }
}

/// The routes behind [`RefusalLayer`].
#[derive(Debug, Clone)]
pub struct Refusals<S>(S);

/// In the extensions of a reply: it is that of [`RefusalLayer`].
#[derive(Clone)]
pub(crate) struct IsRefused;

impl<S> Service<Request<Body>> for Refusals<S>
where
    S: Service<Request<Body>, Response = Response<Body>, Error = Infallible>,
{
    type Response = Response<Body>;
    type Error = Infallible;
    type Future = Either<S::Future, Ready<Result<Response<Body>, Infallible>>>;

    fn poll_ready(&mut self, context: &mut Context<'_>) -> Poll<Result<(), Infallible>> {
        self.0.poll_ready(context)
    }

    fn call(&mut self, request: Request<Body>) -> Self::Future {
        let Some(Reason(status)) = request.extensions().get() else {
            return Either::Left(self.0.call(request));
        };
        let mut reply = status.clone().into_http();
        reply.extensions_mut().insert(IsRefused);
        Either::Right(ready(Ok(reply)))
    }
}
