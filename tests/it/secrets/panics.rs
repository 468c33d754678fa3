//! A panic tells where, and never what was being worked on: with the real log on stderr.

use std::convert::Infallible;
use std::panic::AssertUnwindSafe;
use std::process::Command;
use std::sync::Arc;

use axum::Router;
use axum::body::{Body, to_bytes};
use axum::http::{Request, StatusCode};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use futures::FutureExt as _;
use rightsdesk::meter::Meter;
use rightsdesk::meter::process::Process;
use rightsdesk::telemetry::{self, Log, LogFormat, LogLevel};
use rightsdesk::web::edge::client::TrustedProxies;
use rightsdesk::web::edge::headers::HeaderPolicy;
use rightsdesk::web::edge::limit::{LimitLayer, Quotas};
use rightsdesk::web::edge::origin::{OriginRule, Silent};
use rightsdesk::web::edge::refusal::{Asked, Refusal};
use rightsdesk::web::edge::{Fence, PUBLIC_BODY, panic};
use tower::ServiceExt as _;

use super::hunt::{Canary, Hunt};

const CANARY: &str = "zq-echidna-panics-5406@example.org";
/// Names the form of the log to the process that panics.
const FORM: &str = "RIGHTSDESK_TEST_PANIC_LOG";

fn page(_: &Asked, refusal: Refusal) -> Response {
    (refusal.status(), "sorry").into_response()
}

async fn broken() -> Result<&'static str, Infallible> {
    let length = CANARY.len();
    panic!("{CANARY} has {length} signs");
}

/// As the composition root makes it, around a handler that panics.
fn fenced(meter: &Meter) -> Router {
    let fence = Fence {
        renderer: Arc::new(page),
        headers: HeaderPolicy::public(true),
        limits: LimitLayer::new(&Quotas::default(), TrustedProxies::default()),
        origin: OriginRule::new(
            &"https://rights.example".parse().unwrap(),
            Silent::PassWithoutCookie,
        ),
        body: PUBLIC_BODY,
        meter: meter.clone(),
    };
    fence.around(Router::new().route("/broken/{token}", get(broken)))
}

/// What the process does that the test below starts.
#[tokio::test]
#[ignore = "started by another test, as a process of its own"]
async fn panicking() {
    let Some(format) = crate::support::setting(FORM).and_then(|form| LogFormat::parse(&form))
    else {
        return;
    };
    let _telemetry = telemetry::start(Log { format, level: LogLevel::Debug }, None).unwrap();
    panic::report_place_only();
    let meter = Meter::default();
    let asked = Request::builder()
        .uri(format!("/broken/{CANARY}?{CANARY}"))
        .header("cookie", CANARY)
        .body(Body::from(CANARY))
        .unwrap();
    let answer = fenced(&meter).oneshot(asked).await.unwrap();
    assert_eq!(answer.status(), StatusCode::INTERNAL_SERVER_ERROR);
    let told = to_bytes(answer.into_body(), 10_000).await.unwrap();
    assert_eq!(told, "sorry");
    let metrics = meter.render(None, &Process::default());
    assert!(metrics.contains("status=\"5xx\"} 1") && !metrics.contains(CANARY), "{metrics}");
    // As the runner catches what a job does, and as a thread of its own ends.
    let job = AssertUnwindSafe(async { broken().await }).catch_unwind().await;
    assert!(job.is_err());
    let thread = tokio::task::spawn_blocking(|| panic!("{CANARY}")).await;
    assert!(thread.is_err());
}

#[test]
fn a_panic_is_told_by_its_place_alone() {
    let hunt = Hunt::new(&[
        Canary::new("canary", CANARY),
        Canary::new("local part", "zq-echidna-panics-5406"),
    ]);
    for form in ["text", "json"] {
        let ran = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "secrets::panics::panicking", "--ignored", "--nocapture"])
            .env(FORM, form)
            .env("RUST_BACKTRACE", "full")
            .output()
            .unwrap();
        let said = [ran.stdout, ran.stderr].concat();
        let text = String::from_utf8_lossy(&said);
        assert!(ran.status.success(), "{text}");
        assert_eq!(text.matches("tests/it/secrets/panics.rs:").count(), 3, "{text}");
        assert_eq!(hunt.search(form, &said, "panicked"), [""; 0]);
        assert_eq!(hunt.find(&[&said, CANARY.as_bytes()].concat()).len(), 2, "it could be seen");
    }
}
