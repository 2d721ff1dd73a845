//! The spans of calls and evaluations. Each log line of a call has the call's id and, once known,
//! the caller's; each line of an evaluation has its answer and attempt. With the feature `otel`,
//! the spans are also sent to a collector.

use tracing::{Span, field::Empty};

use crate::domain::id::{AnswerId, ApiKeyId, UserId};

// Spans have error level, so that every log line has their fields, whatever the filter.
// Fields that begin with `otel.` tell a collector how to show them; JSON leaves them out.

/// The span of a call. The caller is recorded later.
pub(crate) fn call(rpc: &'static str, request_id: &str) -> Span {
    #[cfg(feature = "otel")]
    return tracing::error_span!(
        "call",
        otel.name = rpc,
        otel.kind = "server",
        rpc,
        request_id,
        user_id = Empty,
        key_id = Empty,
        code = Empty,
    );
    #[cfg(not(feature = "otel"))]
    tracing::error_span!("call", rpc, request_id, user_id = Empty, key_id = Empty)
}

/// Records for a collector how a call ended; the log has its own line for that.
pub(crate) fn call_ended(call: &Span, code: &'static str) {
    call.record("code", code);
}

/// Records whose call this is, for all its further log lines.
pub(crate) fn caller_is(user_id: UserId) {
    Span::current().record("user_id", user_id.get());
}

/// Records which API key the call is made with, for all its further log lines.
pub(crate) fn key_is(key_id: ApiKeyId) {
    Span::current().record("key_id", key_id.get());
}

/// The span of an attempt at an evaluation.
pub(crate) fn evaluation(answer_id: AnswerId, attempt: i32, user_id: UserId) -> Span {
    tracing::error_span!(
        "evaluation",
        answer.id = answer_id.get(),
        attempt,
        user_id = user_id.get(),
    )
}
