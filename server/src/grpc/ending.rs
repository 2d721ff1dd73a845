//! The end of a call, whichever way it ends: counted once, and one line in the log. A stream ends
//! with its last message, so this goes with the reply's body.

use std::{
    pin::Pin,
    task::{Context, Poll, ready},
};

use bytes::Bytes;
use http::HeaderMap;
use http_body::{Frame, SizeHint};
use tokio::time::Instant;
use tonic::{Code, Status, body::Body};
use tracing::Span;

use super::status;
use crate::{metrics, telemetry};

/// A call that has not ended yet. Dropping it ends it.
pub(super) struct Ending {
    rpc: &'static str,
    span: Span,
    began: Instant,
    code: Option<Code>,
}

impl Ending {
    /// A call begins.
    pub(super) fn new(rpc: &'static str, span: Span) -> Self {
        Self { rpc, span, began: Instant::now(), code: None }
    }

    /// Its reply begins. Headers name a code where they are the whole reply.
    pub(super) fn reply_begins(&mut self, headers: &HeaderMap) {
        metrics::call_answered(self.rpc, self.began.elapsed());
        self.code = status::code(headers);
    }

    /// The body of the reply, with which the call ends.
    pub(super) fn with(self, body: Body) -> Body {
        Body::new(Ends { body, ending: self })
    }
}

impl Drop for Ending {
    fn drop(&mut self) {
        // Without a code nobody has heard the end: the caller went away first.
        let code = self.code.unwrap_or(Code::Cancelled);
        metrics::call_ended(self.rpc, word(code));
        telemetry::call_ended(&self.span, word(code));
        let _inside = self.span.enter();
        let (code, duration_ms) = (word(code), self.began.elapsed().as_millis());
        match self.code {
            Some(Code::Internal | Code::Unknown | Code::DataLoss | Code::DeadlineExceeded) => {
                tracing::warn!(code, duration_ms, "the call ended with a fault of the server");
            }
            Some(Code::Unavailable) => tracing::info!(code, duration_ms, "the call ended"),
            _ => tracing::debug!(code, duration_ms, "the call ended"),
        }
    }
}

/// The code's name as the gRPC protocol has it.
fn word(code: Code) -> &'static str {
    match code {
        Code::Ok => "OK",
        Code::Cancelled => "CANCELLED",
        Code::Unknown => "UNKNOWN",
        Code::InvalidArgument => "INVALID_ARGUMENT",
        Code::DeadlineExceeded => "DEADLINE_EXCEEDED",
        Code::NotFound => "NOT_FOUND",
        Code::AlreadyExists => "ALREADY_EXISTS",
        Code::PermissionDenied => "PERMISSION_DENIED",
        Code::ResourceExhausted => "RESOURCE_EXHAUSTED",
        Code::FailedPrecondition => "FAILED_PRECONDITION",
        Code::Aborted => "ABORTED",
        Code::OutOfRange => "OUT_OF_RANGE",
        Code::Unimplemented => "UNIMPLEMENTED",
        Code::Internal => "INTERNAL",
        Code::Unavailable => "UNAVAILABLE",
        Code::DataLoss => "DATA_LOSS",
        Code::Unauthenticated => "UNAUTHENTICATED",
    }
}

/// A body that knows whose end it is.
struct Ends {
    body: Body,
    ending: Ending,
}

impl http_body::Body for Ends {
    type Data = Bytes;
    type Error = Status;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Status>>> {
        let frame = ready!(Pin::new(&mut self.body).poll_frame(context));
        if let Some(Ok(frame)) = &frame
            && let Some(trailers) = frame.trailers_ref()
        {
            self.ending.code = status::code(trailers);
        }
        Poll::Ready(frame)
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}
