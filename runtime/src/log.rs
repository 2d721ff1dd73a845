//! The log: on standard output, for people or as JSON. With the feature `otel`, spans are also sent
//! to a collector.

mod json;
#[cfg(feature = "otel")]
mod otel;

use std::{
    io::{self, IsTerminal},
    panic::PanicHookInfo,
};

use tracing_subscriber::{EnvFilter, Layer, fmt, layer::SubscriberExt, util::SubscriberInitExt};

use crate::settings::{LogConfig, LogFormat};
use json::JsonLines;

/// Why logging cannot start.
#[derive(Debug, thiserror::Error)]
pub enum LogError {
    /// The collector cannot be used.
    #[error("spans cannot be sent to OTEL_EXPORTER_OTLP_ENDPOINT: {0}")]
    Collector(String),
}

/// The log, which must be ended before the process ends.
pub struct Log {
    #[cfg(feature = "otel")]
    spans: Option<otel::Spans>,
}

/// Starts logging. Only a program's `main` calls this, once.
pub fn start(config: &LogConfig) -> Result<Log, LogError> {
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
        Ok(Log { spans })
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
        Ok(Log {})
    }
}

impl Log {
    /// Sends all remaining spans, within a second.
    #[cfg_attr(not(feature = "otel"), allow(clippy::unused_async))]
    pub async fn end(self) {
        #[cfg(feature = "otel")]
        if let Some(spans) = self.spans {
            spans.end().await;
        }
    }
}

/// Logs where a panic was, with the fields of the call or evaluation that it ended. The panic
/// message is not logged, because it may quote data: that of a bad slice index, for example, quotes
/// the text, which may be an answer.
fn log_panic(panic: &PanicHookInfo<'_>) {
    let place = panic.location().map(ToString::to_string).unwrap_or_default();
    tracing::error!(place, "a panic");
}
