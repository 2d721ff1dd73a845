//! Spans to an OpenTelemetry collector, over OTLP/gRPC: calls and evaluations with the fields that
//! the log has. A collector that is away costs spans and nothing else.

use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::Subscriber;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

use super::TelemetryError;
use crate::config::masked;

/// How long one sending may take.
const LONGEST: Duration = Duration::from_secs(3);

/// How long what is left may take at the end of the process.
const LAST: Duration = Duration::from_secs(1);

/// What collects spans and sends them now and again.
pub(super) struct Spans(SdkTracerProvider);

impl Spans {
    /// To that collector. Nothing is sent yet; it may be away.
    pub(super) fn to(endpoint: &str) -> Result<Self, TelemetryError> {
        let exporter = SpanExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .with_timeout(LONGEST)
            .build()
            .map_err(|error| {
                // Its words may repeat the address, and that may hold a secret.
                let words = error.to_string().replace(endpoint, &masked::address(endpoint));
                TelemetryError::Collector(words)
            })?;
        let resource = Resource::builder().with_service_name("viva-server").build();
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_batch_exporter(exporter)
            .build();
        Ok(Self(provider))
    }

    /// Takes the spans of ours; what libraries note is theirs.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'a> LookupSpan<'a>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("viva-server"))
            .with_location(false)
            .with_threads(false)
            .with_filter(filter_fn(|metadata| metadata.target().starts_with("viva_server")))
    }

    /// Sends what has not been sent yet.
    pub(super) async fn end(self) {
        // It waits for a thread that needs this runtime to send.
        let ended = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(LAST)).await;
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "not all spans were sent"),
            Err(error) => tracing::warn!(%error, "the last spans were not sent"),
        }
    }
}
