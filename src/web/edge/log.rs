//! The access log: what happened, not to whom.

use axum::extract::{MatchedPath, Request, State};
use axum::http;
use axum::middleware::Next;
use axum::response::Response;
use tracing::Instrument as _;

use crate::meter::Meter;
use crate::meter::label::Method;

/// Layer: one line an answer, with the method, the template of the route, the status and the
/// milliseconds until the answer began. Never the path, the query, a header or an address: they
/// hold tokens and people. Metrics and traces count the same.
pub(super) async fn access(State(meter): State<Meter>, request: Request, next: Next) -> Response {
    let method = known(request.method());
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let measured = meter.http_request(matched.as_ref().map(MatchedPath::as_str), method);
    let response = next.run(request).instrument(measured.span()).await;
    let status = response.status().as_u16();
    let took = measured.ended(status);
    tracing::info!(
        method = method.as_str(),
        route = matched.as_ref().map_or("none", MatchedPath::as_str),
        status,
        ms = u64::try_from(took.as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

/// The method, unless the client made it up.
fn known(method: &http::Method) -> Method {
    Method::parse(method.as_str()).unwrap_or(Method::Other)
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use axum::{Router, middleware};
    use tower::ServiceExt;

    use super::super::capture::Captured;
    use super::*;
    use crate::meter::process::Process;

    #[tokio::test]
    async fn a_line_names_the_route_and_nothing_of_the_request() {
        let (captured, meter) = (Captured::start(), Meter::default());
        let router = Router::new()
            .route("/status/{token}", get(async || "here"))
            .layer(middleware::from_fn_with_state(meter.clone(), access));
        for (method, uri) in [("GET", "/status/S3CRET?q=S3CRET"), ("S3CRET", "/S3CRET")] {
            let request = Request::builder()
                .method(method)
                .uri(uri)
                .header("cookie", "rd-status-x=S3CRET")
                .header("user-agent", "S3CRET")
                .body(Body::empty())
                .unwrap();
            router.clone().oneshot(request).await.unwrap();
        }
        let log = captured.text();
        assert!(log.contains("method=\"GET\" route=\"/status/{token}\" status=200 ms="), "{log}");
        assert!(log.contains("method=\"other\" route=\"none\" status=404 ms="), "{log}");
        let told = meter.render(None, &Process::default());
        assert!(
            told.contains(r#"{route="/status/{token}",method="GET",status="2xx"} 1"#),
            "{told}"
        );
        assert!(told.contains(r#"{route="none",method="other",status="4xx"} 1"#), "{told}");
        for place in [log, told] {
            assert!(!place.contains("S3CRET"), "{place}");
        }
    }
}
