//! A reply from the server, before it is written as gRPC-Web. It always ends with a status, even if
//! the server goes away in the middle or the gateway stops while a stream is open. The layer that
//! writes it would pass on such an ending unchanged, and a browser could not tell it from a
//! complete reply.

use std::{
    convert::Infallible,
    pin::Pin,
    task::{Context, Poll},
    time::Duration,
};

use bytes::Bytes;
use http::{HeaderMap, HeaderName, HeaderValue, Response};
use http_body::{Body as HttpBody, Frame};
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;
use tonic::{Status, body::Body};
use tracing::Span;
use viva_connect::{LONGEST_STREAM, drop_broken_details};

use crate::{status, upstream::CallSlot};

/// The header that holds the status of a reply.
const STATUS: HeaderName = HeaderName::from_static("grpc-status");

/// A reply that consists only of a status.
pub(crate) fn of_status(status: &Status) -> Response<Body> {
    let mut response = Response::new(Body::empty());
    set_status(response.headers_mut(), status);
    response
}

/// The server's reply, forwarded as it arrives. `stop` ends a stream, and so does its age: over
/// HTTP/1.1 the gateway may not notice that a browser has left.
pub(crate) fn of_server(
    reply: Response<Body>,
    slot: CallSlot,
    stop: Option<CancellationToken>,
) -> Response<Body> {
    of_server_for(LONGEST_STREAM, reply, slot, stop)
}

fn of_server_for(
    longest: Duration,
    reply: Response<Body>,
    slot: CallSlot,
    stop: Option<CancellationToken>,
) -> Response<Body> {
    let (head, body) = reply.into_parts();
    // A status in the headers is the whole reply.
    let has_ended = head.headers.contains_key(STATUS);
    let end = stop.map(|stop| -> EarlyEnd { Box::pin(early_end(longest, stop)) });
    let body = Reply { body, end, has_ended, span: Span::current(), _slot: slot };
    let mut response = Response::new(Body::new(body));
    let mut headers = head.headers.into_iter().fold(HeaderMap::new(), passed_on);
    drop_broken_details(&mut headers);
    *response.headers_mut() = headers;
    response
}

/// Becomes the status of a stream that the gateway ends itself.
type EarlyEnd = Pin<Box<dyn Future<Output = Status> + Send>>;

async fn early_end(longest: Duration, stop: CancellationToken) -> Status {
    match timeout(longest, stop.cancelled()).await {
        Ok(()) => status::shutting_down(),
        Err(_) => status::too_old(),
    }
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
    /// Only streams end early.
    end: Option<EarlyEnd>,
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

    fn poll_end(&mut self, context: &mut Context<'_>) -> Poll<Status> {
        self.end.as_mut().map_or(Poll::Pending, |end| end.as_mut().poll(context))
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
            Poll::Ready(Some(Ok(mut frame))) => {
                if let Some(trailers) = frame.trailers_mut() {
                    drop_broken_details(trailers);
                    self.has_ended = true;
                }
                Poll::Ready(Some(Ok(frame)))
            }
            Poll::Ready(Some(Err(error))) => {
                self.span.in_scope(|| {
                    tracing::warn!(%error, "the server went away in the middle of a reply");
                });
                self.end_with(&status::unavailable())
            }
            Poll::Ready(None) => self.end_with(&status::unavailable()),
            Poll::Pending => match self.poll_end(context) {
                Poll::Ready(status) => self.end_with(&status),
                Poll::Pending => Poll::Pending,
            },
        }
    }

    fn is_end_stream(&self) -> bool {
        self.has_ended
    }
}

#[cfg(test)]
mod tests {
    use futures::stream::pending;
    use http_body_util::{BodyExt, StreamBody};
    use tonic::{Code, transport::Channel};

    use super::*;
    use crate::upstream::Upstream;

    #[tokio::test]
    async fn a_stream_that_never_ends_is_ended() {
        let upstream = Upstream::new(Channel::from_static("http://viva.example").connect_lazy());
        let (_, slot) = upstream.slot(1).unwrap();
        let silent = StreamBody::new(pending::<Result<Frame<Bytes>, Infallible>>());
        let reply = Response::new(Body::new(silent));
        let stop = Some(CancellationToken::new());
        let reply = of_server_for(Duration::from_millis(1), reply, slot, stop);
        let trailers = reply.into_body().collect().await.unwrap().trailers().cloned().unwrap();
        let status = Status::from_header_map(&trailers).unwrap();
        assert_eq!((status.code(), status.message()), (Code::Unavailable, "Please connect again"));
    }
}
