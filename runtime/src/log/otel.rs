//! Sends spans to an OpenTelemetry collector over OTLP/gRPC: calls and evaluations, with the same
//! fields as the log. If the collector is unavailable, only spans are lost.

use std::{
    sync::atomic::{AtomicBool, Ordering},
    time::Duration,
};

use opentelemetry::trace::TracerProvider;
use opentelemetry_otlp::{SpanExporter, WithExportConfig};
use opentelemetry_sdk::{
    Resource,
    error::OTelSdkResult,
    trace::{SdkTracerProvider, SpanData, SpanExporter as Exporter},
};
use tokio::runtime::Handle;
use tracing::Subscriber;
use tracing_subscriber::{Layer, filter::filter_fn, registry::LookupSpan};

use super::LogError;
use crate::{dial, settings::masked};

/// How long one export may take.
const LONGEST: Duration = Duration::from_secs(3);

/// How long the last export may take when the process ends.
const LAST: Duration = Duration::from_secs(1);

/// Collects spans and sends them at intervals.
pub(super) struct Spans(SdkTracerProvider);

impl Spans {
    /// Creates an exporter to this collector. Nothing is sent yet, so it may be unavailable.
    pub(super) fn to(endpoint: &str) -> Result<Self, LogError> {
        let exporter = SpanExporter::builder()
            .with_tonic()
            .with_endpoint(endpoint)
            .with_timeout(LONGEST)
            .build()
            .map_err(|error| {
                // The error may repeat the address, which may contain a secret.
                let words = error.to_string().replace(endpoint, &masked::address(endpoint));
                LogError::Collector(words)
            })?;
        let resource = Resource::builder().with_service_name("viva-server").build();
        let exporter = CheckedExporter {
            exporter,
            place: host_and_port(endpoint),
            runtime: Handle::current(),
            has_warned: AtomicBool::new(false),
        };
        let provider = SdkTracerProvider::builder()
            .with_resource(resource)
            .with_batch_exporter(exporter)
            .build();
        Ok(Self(provider))
    }

    /// Returns a layer for the server's spans; those of libraries are left out.
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

    /// Sends all remaining spans.
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

/// Sends spans, and warns once if the collector speaks TLS: the exporter's own errors name neither TLS nor the
/// setting.
#[derive(Debug)]
struct CheckedExporter {
    exporter: SpanExporter,
    /// The collector's host and port.
    place: String,
    /// Spans are sent from a thread without one.
    runtime: Handle,
    has_warned: AtomicBool,
}

impl Exporter for CheckedExporter {
    async fn export(&self, batch: Vec<SpanData>) -> OTelSdkResult {
        let sent = self.exporter.export(batch).await;
        if sent.is_err() && !self.has_warned.load(Ordering::Relaxed) {
            let place = self.place.clone();
            let speaks_tls =
                self.runtime.spawn(async move { dial::speaks_tls(&place).await }).await;
            if matches!(speaks_tls, Ok(Some(true)))
                && !self.has_warned.swap(true, Ordering::Relaxed)
            {
                tracing::warn!(
                    "OTEL_EXPORTER_OTLP_ENDPOINT begins with http, but the collector speaks TLS there, so no spans \
                     arrive; name a port of it without TLS"
                );
            }
        }
        sent
    }

    fn shutdown_with_timeout(&self, timeout: Duration) -> OTelSdkResult {
        self.exporter.shutdown_with_timeout(timeout)
    }

    fn force_flush(&self) -> OTelSdkResult {
        self.exporter.force_flush()
    }

    fn set_resource(&mut self, resource: &Resource) {
        self.exporter.set_resource(resource);
    }
}

/// Host and port of a collector's address, which `Config` has checked.
fn host_and_port(endpoint: &str) -> String {
    let uri: http::Uri = endpoint.parse().unwrap_or_default();
    format!("{}:{}", uri.host().unwrap_or_default(), uri.port_u16().unwrap_or(80))
}
