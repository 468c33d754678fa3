//! Traces leave over OpenTelemetry's protocol: OTLP over HTTP, as protobuf.
//!
//! Only spans of [`span::TARGET`] leave. They are made in the room `meter`, of its words alone; log
//! lines, and spans of other crates, stay here.

use opentelemetry::KeyValue;
use opentelemetry::trace::TracerProvider as _;
use opentelemetry_otlp::{Protocol, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::{Sampler, SdkTracerProvider};
use tracing::Subscriber;
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::registry::LookupSpan;

use super::{Collector, TracesError};
use crate::meter::span;

/// Sends spans until it is stopped.
#[derive(Debug)]
pub(super) struct Exporter(SdkTracerProvider);

impl Exporter {
    pub(super) fn new(collector: &Collector) -> Result<Self, TracesError> {
        let exporter = SpanExporter::builder()
            .with_http()
            .with_endpoint(collector.traces())
            .with_protocol(Protocol::HttpBinary)
            .build()
            .map_err(|_| TracesError::Unusable)?;
        // Nothing of the machine or its environment: only what is written here.
        let resource = Resource::builder_empty()
            .with_attributes([
                KeyValue::new("service.name", "rightsdesk"),
                KeyValue::new("service.version", env!("CARGO_PKG_VERSION")),
            ])
            .build();
        let provider = SdkTracerProvider::builder()
            .with_batch_exporter(exporter)
            .with_resource(resource)
            .with_sampler(Sampler::AlwaysOn)
            .build();
        Ok(Self(provider))
    }

    /// What hands it the spans.
    pub(super) fn layer<S>(&self) -> impl Layer<S> + use<S>
    where
        S: Subscriber + for<'l> LookupSpan<'l>,
    {
        tracing_opentelemetry::layer()
            .with_tracer(self.0.tracer("rightsdesk"))
            .with_location(false)
            .with_threads(false)
            .with_tracked_inactivity(false)
            .with_level(false)
            .with_target(false)
            .with_filter(Targets::new().with_target(span::TARGET, LevelFilter::INFO))
    }

    /// Sends what is left. Blocks for some seconds where nobody takes it.
    pub(super) fn stop(self) {
        if self.0.shutdown().is_err() {
            tracing::warn!("the last traces did not reach their collector");
        }
    }
}
