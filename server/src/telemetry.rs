//! The server's log: on standard output, for people or as JSON. Each line of a call has the call's
//! id and, once known, the caller's; each line of an evaluation has its answer and attempt. With
//! the feature `otel`, calls and evaluations are also sent to a collector as spans.

mod json;
#[cfg(feature = "otel")]
mod otel;

use std::{
    io::{self, IsTerminal},
    panic::PanicHookInfo,
};

use tracing::{Span, field::Empty};
use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::{
    config::{LogConfig, LogFormat},
    domain::id::{AnswerId, ApiKeyId, UserId},
};
use json::JsonLines;

/// Why there is no log.
#[derive(Debug, thiserror::Error)]
pub enum TelemetryError {
    /// The collector cannot be called.
    #[error("spans cannot be sent to OTEL_EXPORTER_OTLP_ENDPOINT: {0}")]
    Collector(String),
}

/// What has to be shut down with the process.
pub struct Telemetry {
    #[cfg(feature = "otel")]
    spans: Option<otel::Spans>,
}

/// Starts logging. Only a program's `main` calls this, once.
pub fn start(config: &LogConfig) -> Result<Telemetry, TelemetryError> {
    std::panic::set_hook(Box::new(log_panic));
    // `Config::load` has already checked the filter.
    let filter = EnvFilter::try_new(&config.filter).unwrap_or_else(|_| EnvFilter::new("info"));
    let log = match config.format {
        LogFormat::Text => fmt::layer().with_ansi(io::stdout().is_terminal()).boxed(),
        LogFormat::Json => JsonLines::new(io::stdout).boxed(),
    };
    let registry = tracing_subscriber::registry().with(filter).with(log);
    #[cfg(feature = "otel")]
    {
        let spans = config.collector.as_deref().map(otel::Spans::to).transpose()?;
        registry.with(spans.as_ref().map(otel::Spans::layer)).init();
        Ok(Telemetry { spans })
    }
    #[cfg(not(feature = "otel"))]
    {
        registry.init();
        if config.collector.is_some() {
            tracing::warn!(
                "OTEL_EXPORTER_OTLP_ENDPOINT is set, but this program was built without the \
                 feature otel; no spans are sent"
            );
        }
        Ok(Telemetry {})
    }
}

impl Telemetry {
    /// Sends everything not sent yet, within a second.
    #[cfg_attr(not(feature = "otel"), allow(clippy::unused_async))]
    pub async fn end(self) {
        #[cfg(feature = "otel")]
        if let Some(spans) = self.spans {
            spans.end().await;
        }
    }
}

/// Logs where a panic was, with the fields of the call or evaluation that it ended. The panic
/// message is not logged: that of a bad index, for example, quotes what was indexed, which may be
/// an answer.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "a panic");
}

// Spans are at error level, so that every log line has their fields, whatever is filtered out.
// Fields that begin with `otel.` tell a collector how to show them; JSON leaves them out.

/// The span of a call. The caller is only known later.
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

/// Records whose call this is, for every further line of it.
pub(crate) fn caller_is(user_id: UserId) {
    Span::current().record("user_id", user_id.get());
}

/// Records which API key the call is made with, for every further line of it.
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
