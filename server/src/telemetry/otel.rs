//! Sends spans to an OpenTelemetry collector over OTLP/gRPC: calls and evaluations, with the same
//! fields as the log. If the collector is unavailable, only spans are lost.

use std::time::Duration;

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::{Resource, trace::SdkTracerProvider};
use tracing::Subscriber;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

use super::TelemetryError;
use crate::config::masked;

/// How long one export may take.
const LONGEST: Duration = Duration::from_secs(3);

/// How long the last export may take when the process ends.
const LAST: Duration = Duration::from_secs(1);

/// Collects spans and sends them at intervals.
pub(super) struct Spans(SdkTracerProvider);

impl Spans {
    /// For this collector. Nothing is sent yet; it may be unavailable.
    pub(super) fn to(endpoint: &str) -> Result<Self, TelemetryError> {
        let exporter = SpanExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .with_timeout(LONGEST)
            .build()
            .map_err(|error| {
                // The error may repeat the address, which may contain a secret.
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

    /// Takes our own spans; those of libraries are left out.
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

    /// Sends everything not sent yet.
    pub(super) async fn end(self) {
        // Shutting down waits for a thread that needs this runtime to send.
        let ended = tokio::task::spawn_blocking(move || self.0.shutdown_with_timeout(LAST)).await;
        match ended {
            Ok(Ok(())) => {}
            Ok(Err(error)) => tracing::warn!(%error, "not all spans were sent"),
            Err(error) => tracing::warn!(%error, "the last spans were not sent"),
        }
    }
}
