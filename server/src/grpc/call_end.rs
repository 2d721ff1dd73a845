//! The end of a call: counted once and logged in one line, however it ends. A stream ends with its
//! last message, so this is attached to the body of the reply.

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

/// A call in progress. Dropping it ends the call.
pub(super) struct ActiveCall {
    rpc: &'static str,
    span: Span,
    began: Instant,
    code: Option<Code>,
}

impl ActiveCall {
    /// Begins a call.
    pub(super) fn new(rpc: &'static str, span: Span) -> Self {
        Self { rpc, span, began: Instant::now(), code: None }
    }

    /// Records that the reply begins. The headers have a code only if they are the whole reply.
    pub(super) fn reply_begins(&mut self, headers: &HeaderMap) {
        metrics::call_answered(self.rpc, self.began.elapsed());
        self.code = status::code(headers);
    }

    /// Wraps the body of the reply, so that the call ends with it.
    pub(super) fn with(self, body: Body) -> Body {
        Body::new(ActiveBody { body, call: self })
    }
}

impl Drop for ActiveCall {
    fn drop(&mut self) {
        // Without a code, the caller disconnected before the end.
        let code = self.code.unwrap_or(Code::Cancelled);
        metrics::call_ended(self.rpc, word(code));
        telemetry::call_ended(&self.span, word(code));
        let _inside = self.span.enter();
        let (code, duration_ms) = (word(code), self.began.elapsed().as_millis());
        match self.code {
            Some(Code::Internal | Code::Unknown | Code::DataLoss | Code::DeadlineExceeded) => {
                tracing::warn!(code, duration_ms, "the call ended with a server error");
            }
            Some(Code::Unavailable) => tracing::info!(code, duration_ms, "the call ended"),
            _ => tracing::debug!(code, duration_ms, "the call ended"),
        }
    }
}

/// Returns the code's name in the gRPC protocol.
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

/// A body whose end is the end of its call.
struct ActiveBody {
    body: Body,
    call: ActiveCall,
}

impl http_body::Body for ActiveBody {
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
            self.call.code = status::code(trailers);
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
