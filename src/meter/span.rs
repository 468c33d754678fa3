//! Spans of traces: one a request, a job and a call to a store, told apart by the same words as
//! metrics.
//!
//! They are spans of `tracing` with a target of their own, which the log does not listen to and only
//! the exporter of traces does. No trace goes on from outside (`traceparent` is not read): what a
//! stranger sends would stand in ours.

use tracing::field::Empty;
use tracing::{Span, info_span};

use super::label::{JobEnd, Method, StoreOp, Word};

/// The target of the spans that may be exported.
pub const TARGET: &str = "trace";

/// Of an HTTP request (OpenTelemetry's names for HTTP spans).
pub(super) fn request(route: &Word, method: Method) -> Span {
    info_span!(
        target: TARGET,
        "http",
        otel.name = format_args!("{method} {route}"),
        otel.kind = "server",
        otel.status_code = Empty,
        http.request.method = method.as_str(),
        http.route = route.as_str(),
        http.response.status_code = Empty,
    )
}

/// The answer to a request began.
pub(super) fn answered(span: &Span, status: u16) {
    span.record("http.response.status_code", i64::from(status));
    if status >= 500 {
        span.record("otel.status_code", "ERROR");
    }
}

/// Of an attempt at a job.
pub(super) fn job(kind: &'static str, lane: &Word, attempt: u16) -> Span {
    info_span!(
        target: TARGET,
        "job",
        otel.name = format_args!("job {kind}"),
        otel.kind = "consumer",
        otel.status_code = Empty,
        job.kind = kind,
        job.lane = lane.as_str(),
        job.attempt = i64::from(attempt),
        job.outcome = Empty,
    )
}

/// An attempt at a job ended.
pub(super) fn ended(span: &Span, end: JobEnd) {
    span.record("job.outcome", end.as_str());
    if matches!(end, JobEnd::Retry | JobEnd::Dead) {
        span.record("otel.status_code", "ERROR");
    }
}

/// Of a call to a store.
pub(super) fn store(store: &Word, op: StoreOp) -> Span {
    info_span!(
        target: TARGET,
        "store",
        otel.name = format_args!("store {op}"),
        otel.kind = "client",
        otel.status_code = Empty,
        store.name = store.as_str(),
        store.operation = op.as_str(),
        error.type = Empty,
    )
}

/// A call to a store failed.
pub(super) fn failed(span: &Span, code: &'static str) {
    span.record("error.type", code);
    span.record("otel.status_code", "ERROR");
}
