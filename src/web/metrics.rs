//! `/metrics`, for Prometheus, on a listener of its own that neither people nor staff reach.

use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::State;
use axum::http::header;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use jiff::Timestamp;
use tokio::sync::Mutex;
use tokio::time::Instant;
use tower_http::catch_panic::CatchPanicLayer;

use crate::meter::CONTENT_TYPE;
use crate::meter::gauges::Gauges;
use crate::meter::process::Process;
use crate::service::Desk;

/// Whoever asks more often gets what the database told last.
const FRESH: Duration = Duration::from_secs(5);

#[derive(Clone)]
struct Metrics {
    desk: Desk,
    started: Timestamp,
    last: Arc<Mutex<Option<Look>>>,
}

struct Look {
    at: Instant,
    gauges: Option<Gauges>,
}

/// The listener's routes. What it tells is what `desk` measures with.
pub fn router(desk: Desk) -> Router {
    let metrics = Metrics { started: desk.now(), desk, last: Arc::default() };
    Router::new().route("/metrics", get(tell)).layer(CatchPanicLayer::new()).with_state(metrics)
}

/// `GET /metrics`
async fn tell(State(metrics): State<Metrics>) -> Response {
    let gauges = metrics.gauges().await;
    let process = Process::look(metrics.started);
    let text = metrics.desk.meter().render(gauges.as_ref(), &process);
    ([(header::CONTENT_TYPE, CONTENT_TYPE), (header::CACHE_CONTROL, "no-store")], text)
        .into_response()
}

impl Metrics {
    /// What the database tells, at most [`FRESH`] old. One asks, and the others wait for its answer.
    async fn gauges(&self) -> Option<Gauges> {
        let mut last = self.last.lock().await;
        if let Some(look) = last.as_ref().filter(|look| look.at.elapsed() < FRESH) {
            return look.gauges.clone();
        }
        let gauges = match self.desk.gauges().await {
            Ok(gauges) => Some(gauges),
            Err(error) => {
                tracing::warn!(code = error.word(), "metrics without those of the database");
                None
            }
        };
        *last = Some(Look { at: Instant::now(), gauges: gauges.clone() });
        gauges
    }
}
