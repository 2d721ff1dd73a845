//! A reply from the server, before it is written as gRPC-Web. It always ends with a status, even if
//! the server goes away in the middle or the gateway stops while a stream is open. The layer that
//! writes it would pass on such an ending unchanged, and a browser could not tell it from a
//! complete reply.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use http_body::{Body as HttpBody, Frame};
use tokio_util::sync::{CancellationToken, WaitForCancellationFutureOwned};
use tonic::{Status, body::Body};
use tracing::Span;

use crate::{status, upstream::CallSlot};

/// The header that holds the status of a reply.
const STATUS: HeaderName = HeaderName::from_static("grpc-status");

/// A reply that consists only of a status.
pub(crate) fn of_status(status: &Status) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    set_status(response.headers_mut(), status);
    response
}

/// The server's reply, forwarded as it arrives. `stop` ends a stream.
pub(crate) fn of_server(
    reply: Response<Body>,
    slot: CallSlot,
    stop: Option<CancellationToken>,
) -> Response<Body> {
    let (head, body) = reply.into_parts();
    // A status in the headers is the whole reply.
    let has_ended = head.headers.contains_key(STATUS);
    let stop = stop.map(|stop| Box::pin(stop.cancelled_owned()));
    let body = Reply { body, stop, has_ended, span: Span::current(), _slot: slot };
    let mut response = Response::new(Body::new(body));
    *response.headers_mut() = head.headers.into_iter().fold(HeaderMap::new(), passed_on);
    response
}

/// Keeps the headers that are part of the contract, and drops those that only concern the
/// connection between gateway and server.
fn passed_on(
    mut headers: HeaderMap,
    (name, value): (Option<HeaderName>, HeaderValue),
) -> HeaderMap {
    let is_ours = |name: &HeaderName| name.as_str().starts_with("grpc-") || name == "x-request-id";
    if let Some(name) = name.filter(is_ours) {
        headers.insert(name, value);
    }
    headers
}

fn set_status(headers: &mut HeaderMap, status: &Status) {
    if status.add_header(headers).is_err() {
        // Its text is not allowed in a header; the code alone is enough.
        headers.insert(STATUS, HeaderValue::from(i32::from(status.code())));
    }
}

struct Reply {
    body: Body,
    stop: Option<Pin<Box<WaitForCancellationFutureOwned>>>,
    has_ended: bool,
    span: Span,
    _slot: CallSlot,
}

impl Reply {
    fn end_with(&mut self, status: &Status) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        self.has_ended = true;
        let mut trailers = HeaderMap::new();
        set_status(&mut trailers, status);
        Poll::Ready(Some(Ok(Frame::trailers(trailers))))
    }

    fn is_stopped(&mut self, context: &mut Context<'_>) -> bool {
        self.stop.as_mut().is_some_and(|stop| stop.as_mut().poll(context).is_ready())
    }
}

impl HttpBody for Reply {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        if self.has_ended {
            return Poll::Ready(None);
        }
        match Pin::new(&mut self.body).poll_frame(context) {
            Poll::Ready(Some(Ok(frame))) => {
                self.has_ended = frame.is_trailers();
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                self.span.in_scope(|| {
                    tracing::warn!(%error, "the server went away in the middle of a reply");
                });
                self.end_with(&status::unavailable())
            }
            Poll::Ready(None) => self.end_with(&status::unavailable()),
            Poll::Pending if self.is_stopped(context) => self.end_with(&status::shutting_down()),
            Poll::Pending => Poll::Pending,
        }
    }

    fn is_end_stream(&self) -> bool {
        self.has_ended
    }
}
