//! The body of a request, which becomes one gRPC message once all of it has arrived.

use std::{
    mem,
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::{Bytes, BytesMut};
use http_body::{Body as _, Frame};
use tonic::{Status, body::Body};

use crate::{call::Call, refusal};

/// The body of a call.
pub(crate) struct Request {
    call: Call,
    body: Body,
    read: BytesMut,
    /// The length that the client announced, if any.
    announced: Option<u64>,
    is_done: bool,
}

impl Request {
    pub(crate) fn new(call: Call, body: Body) -> Self {
        let announced = body.size_hint().exact();
        Self { call, body, read: BytesMut::new(), announced, is_done: false }
    }

    /// Reads on; `None` once all has arrived.
    fn poll_part(&mut self, context: &mut Context<'_>) -> Poll<Result<Option<()>, Status>> {
        let most = self.call.most_bytes();
        if self.announced.is_some_and(|bytes| bytes > most as u64) {
            return Poll::Ready(Err(refusal::too_large(self.announced)));
        }
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        Poll::Ready(match frame.map(|frame| frame.map(Frame::into_data)) {
            None => Ok(None),
            Some(Ok(Ok(part))) if part.len() > most - self.read.len() => {
                Err(refusal::too_large(self.announced))
            }
            Some(Ok(Ok(part))) => {
                self.read.extend_from_slice(&part);
                Ok(Some(()))
            }
            // Trailers mean nothing here.
            Some(Ok(Err(_))) => Ok(Some(())),
            // The client has left or broken the protocol, which is no fault of the server.
            Some(Err(_)) => Err(refusal::cut()),
        })
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
            let whole = match ready!(this.poll_part(context)) {
                Ok(Some(())) => continue,
                Ok(None) => this.call.frame(&this.read),
                Err(error) => Err(error),
            };
            this.is_done = true;
            drop(mem::take(&mut this.read));
            return Poll::Ready(Some(whole.map(Frame::data)));
        }
        Poll::Ready(None)
    }

    fn is_end_stream(&self) -> bool {
        self.is_done
    }
}

#[cfg(test)]
mod tests {
    use futures::stream;
    use http::{HeaderMap, HeaderValue, header};
    use http_body_util::{BodyExt, StreamBody};
    use tonic::Code;

    use super::*;
    use crate::{contract, form::Form};

    #[tokio::test]
    async fn a_body_that_breaks_off_is_the_requests_fault() {
        let parts = [Ok(Frame::data(Bytes::from_static(b"{"))), Err(Status::unknown("cut"))];
        let body = Body::new(StreamBody::new(stream::iter(parts)));
        let json = (header::CONTENT_TYPE, HeaderValue::from_static("application/json"));
        let form = Form::of(&HeaderMap::from_iter([json])).unwrap();
        let rpc = contract::method("/grpc.health.v1.Health/Check").unwrap();
        let error = Request::new(Call { rpc, form }, body).collect().await.unwrap_err();
        assert_eq!(error.code(), Code::InvalidArgument);
    }
}
