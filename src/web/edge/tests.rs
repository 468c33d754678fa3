//! The edge over real sockets on loopback.

use std::io;
use std::net::SocketAddr;
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes};
use axum::extract::Extension;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{get, post};
use futures::stream;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::client::{ClientAddr, Peer, TrustedProxies};
use super::form::FormFields;
use super::headers::HeaderPolicy;
use super::limit::{LimitLayer, Quota, Quotas};
use super::origin::{OriginRule, Silent};
use super::refusal::{Asked, Refusal};
use super::serve::{Accept, run};
use super::{Fence, PUBLIC_BODY, ServeLimits};

const SHORT: Duration = Duration::from_millis(50);
const FORM: &str = "Content-Type: application/x-www-form-urlencoded\r\n";

/// A server that ends with the test.
struct Server {
    address: SocketAddr,
    shutdown: CancellationToken,
    tasks: JoinSet<()>,
}

impl Server {
    async fn start(router: Router, limits: ServeLimits) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        Self::on(listener, address, router, limits)
    }

    fn on(
        listener: impl Accept + Sync + 'static,
        address: SocketAddr,
        router: Router,
        limits: ServeLimits,
    ) -> Self {
        let shutdown = CancellationToken::new();
        let mut tasks = JoinSet::new();
        tasks.spawn(run(listener, router, limits, shutdown.clone()));
        Self { address, shutdown, tasks }
    }

    async fn connect(&self) -> TcpStream {
        TcpStream::connect(self.address).await.unwrap()
    }

    /// Sends `head`, the blank line and `body` on a connection of its own, and reads to its end.
    async fn ask(&self, head: &str, body: &[u8]) -> String {
        let mut stream = self.connect().await;
        send(&mut stream, &format!("{head}Connection: close\r\n\r\n")).await;
        stream.write_all(body).await.unwrap();
        rest(&mut stream).await
    }

    async fn stopped(mut self) {
        self.shutdown.cancel();
        while let Some(ended) = self.tasks.join_next().await {
            ended.unwrap();
        }
    }
}

async fn send(stream: &mut TcpStream, text: &str) {
    stream.write_all(text.as_bytes()).await.unwrap();
}

/// What comes until the server hangs up, politely or not.
async fn rest(stream: &mut TcpStream) -> String {
    let (mut all, mut some) = (Vec::new(), [0; 4096]);
    // Longer than any short limit set here, shorter than the default ones.
    let patience = Duration::from_secs(5);
    while let Ok(read @ 1..) = timeout(patience, stream.read(&mut some)).await.expect("an end") {
        all.extend_from_slice(&some[..read]);
    }
    String::from_utf8_lossy(&all).into_owned()
}

/// What comes until `end` has come.
async fn until(stream: &mut TcpStream, end: &str) -> String {
    let mut all = Vec::new();
    while !all.ends_with(end.as_bytes()) {
        all.push(stream.read_u8().await.unwrap());
    }
    String::from_utf8(all).unwrap()
}

fn hello() -> Router {
    Router::new().route("/", get(async || "hello")).route("/echo", post(async |body: Bytes| body))
}

/// Holds an answer back until it is opened.
#[derive(Default)]
struct Gate {
    entered: Notify,
    open: Notify,
}

fn gated() -> (Arc<Gate>, Router) {
    let gate = Arc::new(Gate::default());
    let held = Arc::clone(&gate);
    let handler = async move || {
        held.entered.notify_one();
        held.open.notified().await;
        "done"
    };
    (gate, Router::new().route("/", get(handler)))
}

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
async fn a_half_sent_header_is_cut_off() {
    let limits = ServeLimits { header_read: SHORT, ..ServeLimits::default() };
    let server = Server::start(hello(), limits).await;
    for half in ["", "GET / HTTP/1.1\r\nHost: x\r\nX-Slow: "] {
        let mut stream = server.connect().await;
        send(&mut stream, half).await;
        assert!(!rest(&mut stream).await.contains("hello"));
    }
}

#[tokio::test]
async fn an_idle_connection_is_let_go() {
    let limits = ServeLimits { header_read: SHORT, ..ServeLimits::default() };
    let server = Server::start(hello(), limits).await;
    let mut stream = server.connect().await;
    send(&mut stream, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    until(&mut stream, "hello").await;
    assert_eq!(rest(&mut stream).await, "");
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
async fn an_answer_that_nobody_reads_is_given_up() {
    struct Gone(Arc<Notify>);
    impl Drop for Gone {
        fn drop(&mut self) {
            self.0.notify_one();
        }
    }
    let gone = Arc::new(Notify::new());
    let noticed = Arc::clone(&gone);
    let endless = async move || {
        let chunk = Bytes::from(vec![0; 64 * 1024]);
        Body::from_stream(stream::unfold(Gone(Arc::clone(&noticed)), move |held| {
            let chunk = chunk.clone();
            async move { Some((Ok::<_, io::Error>(chunk), held)) }
        }))
    };
    let limits = ServeLimits { write_stall: SHORT, ..ServeLimits::default() };
    let server = Server::start(Router::new().route("/", get(endless)), limits).await;
    let mut stream = server.connect().await;
    send(&mut stream, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    gone.notified().await;
    drop(stream);
}

#[tokio::test]
async fn an_old_connection_ends_with_its_answer() {
    let (gate, router) = gated();
    let limits = ServeLimits { connection_age: Duration::ZERO, ..ServeLimits::default() };
    let server = Server::start(router, limits).await;
    let mut stream = server.connect().await;
    send(&mut stream, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    gate.entered.notified().await;
    gate.open.notify_one();
    let answer = rest(&mut stream).await;
    assert!(answer.ends_with("done"), "{answer}");
}

#[tokio::test]
async fn connections_above_the_cap_wait_their_turn() {
    let limits = ServeLimits { connections: 1, ..ServeLimits::default() };
    let server = Server::start(hello(), limits).await;
    let mut first = server.connect().await;
    send(&mut first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    until(&mut first, "hello").await;
    let mut second = server.connect().await;
    send(&mut second, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    // The first goes on being served while the second has no slot.
    send(&mut first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    until(&mut first, "hello").await;
    assert_eq!(second.try_read(&mut [0]).unwrap_err().kind(), io::ErrorKind::WouldBlock);
    drop(first);
    until(&mut second, "hello").await;
}

#[tokio::test]
async fn one_address_cannot_take_all_connections() {
    let limits = ServeLimits { connections_per_client: 1, ..ServeLimits::default() };
    let server = Server::start(hello(), limits.clone()).await;
    let mut first = server.connect().await;
    send(&mut first, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    until(&mut first, "hello").await;
    let refused = rest(&mut server.connect().await).await;
    assert!(refused.starts_with("HTTP/1.1 503 "), "{refused}");

    let trusted = TrustedProxies::parse(&["127.0.0.0/8"]).unwrap();
    let server = Server::start(hello(), ServeLimits { trusted, ..limits }).await;
    let _first = server.connect().await;
    assert!(server.ask("GET / HTTP/1.1\r\nHost: x\r\n", b"").await.ends_with("hello"));
}

#[tokio::test]
async fn at_shutdown_an_answer_in_flight_is_finished() {
    let (gate, router) = gated();
    let server = Server::start(router, ServeLimits::default()).await;
    let mut spare = server.connect().await;
    let mut stream = server.connect().await;
    send(&mut stream, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    gate.entered.notified().await;
    server.shutdown.cancel();
    assert_eq!(rest(&mut spare).await, "", "a connection that asked nothing ends at once");
    gate.open.notify_one();
    assert!(rest(&mut stream).await.ends_with("done"));
    let address = server.address;
    server.stopped().await;
    assert!(TcpStream::connect(address).await.is_err(), "nobody listens any more");
}

#[tokio::test]
async fn at_shutdown_what_does_not_finish_is_dropped() {
    let (gate, router) = gated();
    let limits = ServeLimits { grace: SHORT, ..ServeLimits::default() };
    let server = Server::start(router, limits).await;
    let mut stream = server.connect().await;
    send(&mut stream, "GET / HTTP/1.1\r\nHost: x\r\n\r\n").await;
    gate.entered.notified().await;
    server.stopped().await;
    assert_eq!(rest(&mut stream).await, "");
}

#[tokio::test]
async fn errors_of_accept_neither_spin_nor_end_the_loop() {
    struct Troubled {
        inner: TcpListener,
        calls: Arc<AtomicU32>,
    }
    impl Accept for Troubled {
        async fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
            match self.calls.fetch_add(1, Ordering::SeqCst) {
                0 => Err(io::ErrorKind::ConnectionAborted.into()),
                // EMFILE: too many open files.
                1 => Err(io::Error::from_raw_os_error(24)),
                _ => self.inner.accept().await,
            }
        }
    }
    let inner = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, calls) = (inner.local_addr().unwrap(), Arc::new(AtomicU32::new(0)));
    let listener = Troubled { inner, calls: Arc::clone(&calls) };
    let server = Server::on(listener, address, hello(), ServeLimits::default());
    assert!(server.ask("GET / HTTP/1.1\r\nHost: x\r\n", b"").await.ends_with("hello"));
    assert!(calls.load(Ordering::SeqCst) <= 4, "it asked again and again");
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
