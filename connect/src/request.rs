//! The body of a request, which becomes one gRPC message once all of it has arrived.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
    time::Duration,
};

use bytes::{Bytes, BytesMut};
use http::Version;
use http_body::{Body as _, Frame};
use http_body_util::BodyExt;
use tokio::{runtime::Handle, time::timeout};
use tonic::{Status, body::Body};

use crate::{call::Call, refusal};

/// How much of a body that nobody reads is dropped, and for how long.
const MOST_DROPPED: usize = 8 * 1024 * 1024;
const LONGEST_DROP: Duration = Duration::from_secs(5);

/// The body of a call.
pub(crate) struct Request {
    call: Call,
    rest: Rest,
    read: BytesMut,
    /// The length that the client announced, if any.
    announced: Option<u64>,
    is_done: bool,
}

impl Request {
    pub(crate) fn new(call: Call, rest: Rest) -> Self {
        let announced = rest.body.size_hint().exact();
        Self { call, rest, read: BytesMut::new(), announced, is_done: false }
    }

    fn take(&mut self, part: &Bytes) -> Result<(), Status> {
        if part.len() > self.call.most_bytes() - self.read.len() {
            self.read = BytesMut::new();
            return Err(refusal::too_large(self.announced));
        }
        self.read.extend_from_slice(part);
        Ok(())
    }
}

impl http_body::Body for Request {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let this = &mut *self;
        while !this.is_done {
            let Some(frame) = ready!(Pin::new(&mut this.rest.body).poll_frame(context)) else {
                this.is_done = true;
                this.rest.body = Body::empty();
                let read = mem::take(&mut this.read);
                return Poll::Ready(Some(this.call.frame(&read).map(Frame::data)));
            };
            let taken = match frame.map(Frame::into_data) {
                Ok(Ok(part)) => this.take(&part),
                // Trailers mean nothing here.
                Ok(Err(_)) => Ok(()),
                // The client has left or broken the protocol, which is no fault of the server.
                Err(_) => Err(refusal::cut()),
            };
            if let Err(error) = taken {
                this.is_done = true;
                return Poll::Ready(Some(Err(error)));
            }
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.is_done
    }
}

/// What has not been read of a request. When it is dropped, the rest of a request over HTTP/1.1 is
/// read for a moment: the connection would be closed otherwise, perhaps before the client has sent
/// everything and seen the reply, and the next request on it would fail.
pub(crate) struct Rest {
    body: Body,
    is_http1: bool,
}

impl Rest {
    pub(crate) fn new(body: Body, version: Version) -> Self {
        Self { body, is_http1: version < Version::HTTP_2 }
    }
}

impl Drop for Rest {
    fn drop(&mut self) {
        if self.is_http1
            && !self.body.is_end_stream()
            && let Ok(runtime) = Handle::try_current()
        {
            runtime.spawn(timeout(LONGEST_DROP, exhaust(mem::take(&mut self.body))));
        }
    }
}

async fn exhaust(mut body: Body) {
    let mut dropped = 0;
    while let Some(Ok(frame)) = body.frame().await {
        dropped += frame.data_ref().map_or(0, Bytes::len);
        if dropped > MOST_DROPPED {
            return;
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use http::{HeaderMap, HeaderValue, header};
    use http_body_util::StreamBody;
    use tonic::Code;

    use super::*;
    use crate::{contract, form::Form};

    #[tokio::test]
    async fn a_body_that_breaks_off_is_the_requests_fault() {
        let parts = [Ok(Frame::data(Bytes::from_static(b"{"))), Err(Status::unknown("cut"))];
        let rest = Rest::new(Body::new(StreamBody::new(stream::iter(parts))), Version::HTTP_11);
        let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let form = Form::of(&HeaderMap::from_iter([json])).unwrap();
        let rpc = contract::method("/grpc.health.v1.Health/Check").unwrap();
        let error = Request::new(Call { rpc, form }, rest).collect().await.unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgument);
    }
}
