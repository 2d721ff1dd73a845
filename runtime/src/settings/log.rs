//! Settings for the log.

use std::fmt;

use super::{address, masked, reader::Reader};

/// Settings for the log. When printed, possible secrets in the collector's address are masked.
#[derive(Clone)]
pub struct LogConfig {
    /// What is logged, in the syntax of `RUST_LOG`.
    pub filter: String,
    /// The format of its lines.
    pub format: LogFormat,
    /// The collector that spans are sent to; `None`: they are not sent.
    pub collector: Option<String>,
}

/// The format of a line of the log.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LogFormat {
    /// Text for people.
    Text,
    /// One JSON object per line.
    Json,
}

impl LogConfig {
    /// Reads the settings for the log.
    pub fn load(reader: &mut Reader) -> Self {
        let right = "a filter such as info or viva_server=debug,info";
        let filter = reader.parsed("RUST_LOG", "info".to_owned(), right, |text| {
            tracing_subscriber::EnvFilter::try_new(text).ok().map(|_| text.to_owned())
        });
        let format =
            reader.parsed("LOG_FORMAT", LogFormat::Text, "text or json", |text| match text {
                "text" => Some(LogFormat::Text),
                "json" => Some(LogFormat::Json),
                _ => None,
            });
        let right = "a collector's address such as http://127.0.0.1:4317, without TLS (https), user name \
                     or password";
        // It may contain a password that does not belong there, so a bad one is not echoed.
        let collector = reader.secret("OTEL_EXPORTER_OTLP_ENDPOINT", right, |text| {
            let uri: http::Uri = text.parse().ok()?;
            let fits = uri.scheme_str() == Some("http")
                && !text.contains('@')
                && address::has_sound_port(&uri);
            fits.then(|| text.to_owned())
        });
        Self { filter, format, collector }
    }
}

impl fmt::Debug for LogConfig {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LogConfig")
            .field("filter", &self.filter)
            .field("format", &self.format)
            .field("collector", &self.collector.as_deref().map(masked::address))
            .finish()
    }
}
