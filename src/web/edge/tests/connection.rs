//! What a connection may cost, and how it ends.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};
use std::time::{Duration, Instant};

use axum::Router;
use axum::body::{Body, Bytes};
use axum::routing::get;
use futures::stream;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::time::timeout;

use super::super::client::TrustedProxies;
use super::super::serve::Accept;
use super::{PATIENCE, SHORT, ServeLimits, Server, hello, rest, send, until};

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
    timeout(PATIENCE, gone.notified()).await.expect("the answer is dropped");
    drop(stream);
}

#[tokio::test]
async fn an_old_connection_ends_with_its_answer() {
    let (gate, router) = gated();
    let limits =
        ServeLimits { connection_age: Duration::from_millis(500), ..ServeLimits::default() };
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
    assert!(TcpStream::connect(server.address).await.is_err(), "nobody listens any more");
    gate.open.notify_one();
    assert!(rest(&mut stream).await.ends_with("done"));
    server.stopped().await;
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
                1..=3 => Err(io::Error::from_raw_os_error(24)),
                _ => self.inner.accept().await,
            }
        }
    }
    let inner = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let (address, calls) = (inner.local_addr().unwrap(), Arc::new(AtomicU32::new(0)));
    let listener = Troubled { inner, calls: Arc::clone(&calls) };
    let began = Instant::now();
    let server = Server::on(listener, address, hello(), ServeLimits::default());
    assert!(server.ask("GET / HTTP/1.1\r\nHost: x\r\n", b"").await.ends_with("hello"));
    assert_eq!(calls.load(Ordering::SeqCst), 6, "four errors, one connection, and the wait");
    assert!(began.elapsed() >= Duration::from_millis(300), "it asked again at once");
}
