//! What the layers make of requests, good and bad.

use std::num::NonZeroU32;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};

use super::super::client::{ClientAddr, Peer, TrustedProxies};
use super::super::form::FormFields;
use super::super::headers::HeaderPolicy;
use super::super::limit::{LimitLayer, Quota, Quotas};
use super::super::origin::{OriginRule, Silent};
use super::super::refusal::{Asked, Refusal};
use super::super::{Fence, PUBLIC_BODY};
use super::{SHORT, ServeLimits, Server, hello, rest, send};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

fn page(asked: &Asked, refusal: Refusal) -> Response {
    let language = asked.accept_language.as_ref().map_or("", |value| value.to_str().unwrap());
    assert_ne!(asked.uri.path(), "/no-page", "as if a template broke");
    (StatusCode::OK, format!("page {} in {language}", refusal.status().as_u16())).into_response()
}

fn fenced() -> Router {
    let quota =
        |burst| Quota { burst: NonZeroU32::new(burst).unwrap(), every: Duration::from_hours(1) };
    let quotas = Quotas { read: quota(100), write: quota(100), download: quota(1), clients: 100 };
    let trusted = TrustedProxies::parse(&["127.0.0.1"]).unwrap();
    let fence = Fence {
        renderer: Arc::new(page),
        headers: HeaderPolicy::public(true),
        limits: LimitLayer::new(&quotas, trusted),
        origin: OriginRule::new(
            &"https://rights.example".parse().unwrap(),
            Silent::PassWithoutCookie,
        ),
        body: PUBLIC_BODY,
        meter: crate::meter::Meter::default(),
    };
    let broken = async || -> &'static str { panic!("ada@example.org") };
    let who = async |Extension(Peer(peer)): Extension<Peer>,
                     Extension(client): Extension<ClientAddr>| {
        format!("{} behind {}", client.ip(), peer.ip())
    };
    let router = hello()
        .route("/form", post(async |fields: FormFields| format!("{fields:?}")))
        .route("/broken", get(broken))
        .route("/no-page", get(broken))
        .route("/who", get(who))
        .route("/downloads/x", get(async || "zip"));
    fence.around(router)
}

#[tokio::test]
async fn a_body_that_drips_is_refused() {
    let limits = ServeLimits { body_read: SHORT, ..ServeLimits::default() };
    let server = Server::start(fenced(), limits).await;
    let mut stream = server.connect().await;
    send(&mut stream, "POST /form HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n").await;
    send(&mut stream, &format!("{FORM}\r\na=b")).await;
    let answer = rest(&mut stream).await;
    assert!(answer.starts_with("HTTP/1.1 408 ") && answer.contains("page 408"), "{answer}");
}

#[tokio::test]
async fn every_answer_carries_the_security_headers() {
    let server = Server::start(fenced(), ServeLimits::default()).await;
    let get = |path: &str| format!("GET {path} HTTP/1.1\r\nHost: x\r\n");
    let post = |more: &str| format!("POST /form HTTP/1.1\r\nHost: x\r\n{more}");
    let (large, small) = ("Content-Length: 1073741824\r\n", "Content-Length: 3\r\n");
    let long = vec![b'a'; PUBLIC_BODY + 1];
    let chunked = [format!("{:x}\r\n", long.len()).as_bytes(), &long, b"\r\n0\r\n\r\n"].concat();
    let cases: [(u16, &str, String, &[u8]); 12] = [
        (200, "hello", get("/"), b""),
        (404, "", get("/none"), b""),
        (405, "", get("/form"), b""),
        (500, "page 500 in de", get("/broken") + "Accept-Language: de\r\n", b""),
        (500, "", get("/no-page"), b""),
        (413, "page 413 in ", post(&format!("{FORM}{large}")), b""),
        (413, "page 413 in ", post(&format!("{FORM}Transfer-Encoding: chunked\r\n")), &chunked),
        (415, "page 415 in ", post(&format!("Content-Type: text/plain\r\n{small}")), b"a=b"),
        (400, "page 400 in ", post(&format!("{FORM}{small}")), b"a=\xff"),
        (403, "page 403 in ", post("Sec-Fetch-Site: cross-site\r\n"), b""),
        (200, "zip", get("/downloads/x"), b""),
        (429, "page 429 in ", get("/downloads/x"), b""),
    ];
    for (status, body, head, sent) in cases {
        let answer = server.ask(&head, sent).await;
        let (top, content) = answer.split_once("\r\n\r\n").expect("an answer");
        assert!(top.starts_with(&format!("HTTP/1.1 {status} ")), "{head}: {top}");
        assert_eq!(content, body, "{head}");
        for header in [
            "content-security-policy: default-src 'none'; ",
            "x-content-type-options: nosniff",
            "referrer-policy: same-origin",
            "cache-control: no-store",
            "x-frame-options: DENY",
            "cross-origin-opener-policy: same-origin",
            "cross-origin-resource-policy: same-origin",
            "cross-origin-embedder-policy: require-corp",
            "permissions-policy: camera=()",
            "strict-transport-security: max-age=63072000",
        ] {
            assert!(top.contains(&format!("\r\n{header}")), "{status} lacks {header}: {top}");
        }
        assert_eq!(top.contains("\r\nretry-after: "), status == 429, "{top}");
        assert!(!answer.contains("ada@"), "{answer}");
    }
}

#[tokio::test]
async fn a_good_form_comes_through() {
    let server = Server::start(fenced(), ServeLimits::default()).await;
    let head = format!("POST /form HTTP/1.1\r\nHost: x\r\n{FORM}Content-Length: 7\r\n");
    assert!(server.ask(&head, b"a=b&c=d").await.ends_with("FormFields(2 fields)"));
}

#[tokio::test]
async fn two_lengths_are_never_two_requests() {
    let server = Server::start(fenced(), ServeLimits::default()).await;
    for lengths in ["Content-Length: 3\r\nContent-Length: 4\r\n", "Content-Length: x\r\n"] {
        let head = format!("POST /form HTTP/1.1\r\nHost: x\r\n{FORM}{lengths}");
        let answer = server.ask(&head, b"a=bGET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
        assert!(answer.starts_with("HTTP/1.1 400 ") && !answer.contains("hello"), "{answer}");
    }
    let head = format!(
        "POST /form HTTP/1.1\r\nHost: x\r\n{FORM}Content-Length: 3\r\nTransfer-Encoding: chunked\r\n"
    );
    let answer = server.ask(&head, b"0\r\n\r\nGET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert!(!answer.contains("hello"), "the connection ends with the doubtful request: {answer}");
}

#[tokio::test]
async fn handlers_learn_who_asks_and_through_whom() {
    let server = Server::start(fenced(), ServeLimits::default()).await;
    let head = "GET /who HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: 6.6.6.6, 198.51.100.7\r\n";
    assert!(server.ask(head, b"").await.ends_with("198.51.100.7 behind 127.0.0.1"));
}

#[tokio::test]
async fn a_header_beyond_all_measure_is_refused() {
    let server = Server::start(fenced(), ServeLimits::default()).await;
    let head = format!("GET / HTTP/1.1\r\nHost: x\r\nX-Long: {}\r\n", "a".repeat(70_000));
    assert!(server.ask(&head, b"").await.starts_with("HTTP/1.1 431 "));
}
