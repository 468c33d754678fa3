//! The access log: what happened, not to whom.

use std::time::Instant;

use axum::extract::{MatchedPath, Request};
use axum::http::Method;
use axum::middleware::Next;
use axum::response::Response;

/// Layer: one line an answer, with the method, the template of the route, the status and the
/// milliseconds until the answer began. Never the path, the query, a header or an address: they
/// hold tokens and people.
pub(super) async fn access(request: Request, next: Next) -> Response {
    let began = Instant::now();
    let method = known(request.method());
    let matched = request.extensions().get::<MatchedPath>().cloned();
    let response = next.run(request).await;
    tracing::info!(
        method,
        route = matched.as_ref().map_or("none", MatchedPath::as_str),
        status = response.status().as_u16(),
        ms = u64::try_from(began.elapsed().as_millis()).unwrap_or(u64::MAX),
        "answered"
    );
    response
}

/// The method, unless the client made it up.
fn known(method: &Method) -> &'static str {
    match *method {
        Method::GET => "GET",
        Method::HEAD => "HEAD",
        Method::POST => "POST",
        Method::PUT => "PUT",
        Method::PATCH => "PATCH",
        Method::DELETE => "DELETE",
        Method::OPTIONS => "OPTIONS",
        _ => "other",
    }
}

#[cfg(test)]
mod tests {
    use axum::body::Body;
    use axum::routing::get;
    use axum::{Router, middleware};
    use tower::ServiceExt;

    use super::super::capture::Captured;
    use super::*;

    #[tokio::test]
    async fn a_line_names_the_route_and_nothing_of_the_request() {
        let captured = Captured::start();
        let router = Router::new()
            .route("/status/{token}", get(async || "here"))
            .layer(middleware::from_fn(access));
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
        assert!(!log.contains("S3CRET"), "{log}");
    }
}
