//! The body of a request over HTTP/1.1, whose unread rest is dropped for a moment.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::Bytes;
use http::{Version, header, request::Parts};
use http_body::{Body, Frame, SizeHint};
use http_body_util::BodyExt;
use tokio::{runtime::Handle, time::timeout};

/// How much of a body that nobody reads is dropped, and for how long.
const MOST_DROPPED: usize = 8 * 1024 * 1024;
const LONGEST_DROP: Duration = Duration::from_secs(5);

/// A request's body. When it is dropped, what has not been read of it is read for a moment, at most
/// five seconds and 8 MiB, if the request came over HTTP/1.1: the connection would be closed
/// otherwise, perhaps before the client has sent everything and seen the reply, and the next request
/// on it would fail.
#[derive(Debug)]
pub struct Rest<B>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
{
    /// `None` once it has ended.
    body: Option<B>,
    is_drained: bool,
}

impl<B> Rest<B>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
{
    /// The body of the request with this head.
    pub fn of(body: B, head: &Parts) -> Self {
        // A client that expects to be told to send the body sends nothing once it sees a reply.
        let is_sent = !head.headers.contains_key(header::EXPECT);
        Self { body: Some(body), is_drained: is_sent && head.version < Version::HTTP_2 }
    }
}

impl<B> Body for Rest<B>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
{
    type Data = Bytes;
    type Error = B::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, B::Error>>> {
        let Some(body) = &mut self.body else { return Poll::Ready(None) };
        let frame = ready!(Pin::new(body).poll_frame(context));
        if !matches!(frame, Some(Ok(_))) {
            self.body = None;
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.as_ref().is_none_or(Body::is_end_stream)
    }

    fn size_hint(&self) -> SizeHint {
        self.body.as_ref().map_or_else(|| SizeHint::with_exact(0), Body::size_hint)
    }
}

impl<B> Drop for Rest<B>
where
    B: Body<Data = Bytes> + Send + Unpin + 'static,
{
    fn drop(&mut self) {
        if self.is_drained
            && let Some(body) = self.body.take()
            && !body.is_end_stream()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(timeout(LONGEST_DROP, exhaust(body)));
        }
    }
}

async fn exhaust<B: Body<Data = Bytes> + Unpin>(mut body: B) {
    let mut dropped = 0;
    while let Some(Ok(frame)) = body.frame().await {
        dropped += frame.data_ref().map_or(0, Bytes::len);
        if dropped > MOST_DROPPED {
            return;
        }
    }
}
