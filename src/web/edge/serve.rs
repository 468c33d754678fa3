//! Our own accept loop. `axum::serve` would wait for ever for the end of a header, since it gives
//! hyper no timer, and counts nobody.

use std::convert::Infallible;
use std::io::{self, Write};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::body::Body;
use axum::response::Response;
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;
use tower::ServiceExt;

use super::body::Timed;
use super::client::{Peer, TrustedProxies};
use super::crowd::{Crowd, Seat};
use super::stall::Unstalled;

/// Bytes of request line and headers. Ours are far smaller, even with many cookies.
const MAX_HEADER: usize = 64 * 1024;
/// How long to leave `accept` alone when the machine is out of files or memory.
const ACCEPT_PAUSE: Duration = Duration::from_millis(100);
const FULL: &[u8] = b"HTTP/1.1 503 Service Unavailable\r\nConnection: close\r\n\
    Retry-After: 10\r\nCache-Control: no-store\r\nContent-Length: 0\r\n\r\n";

/// What a connection may cost.
#[derive(Debug, Clone)]
pub struct ServeLimits {
    /// Connections open at once; further ones wait in the system's queue.
    pub connections: usize,
    /// Connections of one IPv4 address or IPv6 /64; further ones get 503 and are closed.
    pub connections_per_client: usize,
    /// Proxies, who may have as many as they like.
    pub trusted: TrustedProxies,
    /// From the opening, or from the end of the last answer, to the end of the next header: so it
    /// is also how long an idle connection is kept.
    pub header_read: Duration,
    /// For the whole body of one request, and a second more for each 64 KiB that come.
    pub body_read: Duration,
    /// How long the other end may read nothing of an answer.
    pub write_stall: Duration,
    /// After this age a connection ends with the answer it is giving.
    pub connection_age: Duration,
    /// How long answers in flight have when the server stops.
    pub grace: Duration,
}

impl Default for ServeLimits {
    fn default() -> Self {
        Self {
            connections: 1024,
            connections_per_client: 64,
            trusted: TrustedProxies::default(),
            header_read: Duration::from_secs(10),
            body_read: Duration::from_secs(30),
            write_stall: Duration::from_mins(1),
            connection_age: Duration::from_mins(15),
            grace: Duration::from_secs(20),
        }
    }
}

/// Serves `router` until `shutdown`: then accepts nobody any more, lets answers in flight finish
/// within the grace, drops the rest and returns. Every request carries its [`Peer`].
pub async fn serve(
    listener: TcpListener,
    router: Router,
    limits: ServeLimits,
    shutdown: CancellationToken,
) {
    run(listener, router, limits, shutdown).await;
}

/// Where connections come from; a test puts one here that fails.
pub(super) trait Accept: Send {
    fn accept(&self) -> impl Future<Output = io::Result<(TcpStream, SocketAddr)>> + Send;
}

impl Accept for TcpListener {
    fn accept(&self) -> impl Future<Output = io::Result<(TcpStream, SocketAddr)>> + Send {
        Self::accept(self)
    }
}

pub(super) async fn run(
    listener: impl Accept,
    router: Router,
    limits: ServeLimits,
    shutdown: CancellationToken,
) {
    let slots = Arc::new(Semaphore::new(limits.connections));
    let crowd = Crowd::new(limits.connections_per_client, limits.trusted.clone());
    let (tracker, abort) = (TaskTracker::new(), CancellationToken::new());
    let limits = Arc::new(limits);
    while let Some(slot) = unless(&shutdown, Arc::clone(&slots).acquire_owned()).await {
        let slot = slot.expect("the semaphore is never closed");
        let Some(accepted) = unless(&shutdown, accept(&listener)).await else { break };
        let (stream, peer) = accepted;
        let Some(seat) = crowd.enter(peer.ip()) else {
            turn_away(stream);
            continue;
        };
        let connection = Connection {
            router: router.clone(),
            limits: Arc::clone(&limits),
            shutdown: shutdown.clone(),
            abort: abort.clone(),
            peer,
            _held: (slot, seat),
        };
        tracker.spawn(connection.run(stream));
    }
    drop(listener);
    tracker.close();
    if timeout(limits.grace, tracker.wait()).await.is_err() {
        tracing::warn!(connections = tracker.len(), "answers were cut off at shutdown");
        abort.cancel();
        tracker.wait().await;
    }
}

/// The outcome of `work`, or `None` when `stop` comes first.
async fn unless<T>(stop: &CancellationToken, work: impl Future<Output = T>) -> Option<T> {
    stop.run_until_cancelled(work).await
}

/// The next connection, however long it takes. Errors of a single connection are nothing; errors of
/// the machine are waited out rather than asked for again at once.
async fn accept(listener: &impl Accept) -> (TcpStream, SocketAddr) {
    use io::ErrorKind::{ConnectionAborted, ConnectionRefused, ConnectionReset, Interrupted};
    loop {
        match listener.accept().await {
            Ok(accepted) => return accepted,
            Err(error) => match error.kind() {
                ConnectionAborted | ConnectionRefused | ConnectionReset | Interrupted => {}
                kind => {
                    tracing::warn!(?kind, os = error.raw_os_error(), "cannot accept connections");
                    sleep(ACCEPT_PAUSE).await;
                }
            },
        }
    }
}

/// Says why, if that is possible without waiting, and hangs up.
fn turn_away(stream: TcpStream) {
    if let Ok(mut stream) = stream.into_std() {
        // Nothing is lost when the few bytes do not go out: the connection ends either way.
        let _ = stream.write(FULL);
    }
}

/// One connection and what it holds while it lasts.
struct Connection {
    router: Router,
    limits: Arc<ServeLimits>,
    shutdown: CancellationToken,
    abort: CancellationToken,
    peer: SocketAddr,
    _held: (OwnedSemaphorePermit, Seat),
}

impl Connection {
    async fn run(self, stream: TcpStream) {
        // Without it the last piece of an answer waits for an acknowledgement. If it cannot be set,
        // answers are only slower.
        let _ = stream.set_nodelay(true);
        let service = service_fn(|request| self.answer(request));
        let mut builder = http1::Builder::new();
        builder
            .timer(TokioTimer::new())
            .header_read_timeout(self.limits.header_read)
            .max_header_size(MAX_HEADER);
        let io = TokioIo::new(Unstalled::new(stream, self.limits.write_stall));
        let mut connection = pin!(builder.serve_connection(io, service));
        let mut old = pin!(sleep(self.limits.connection_age));
        let mut ending = false;
        loop {
            tokio::select! {
                biased;
                () = self.abort.cancelled() => return,
                // How it ended is the other side's affair, and errors may quote what it sent.
                _ = connection.as_mut() => return,
                // Ends at once where nothing was asked, such as on connections opened on spec.
                () = self.shutdown.cancelled(), if !ending => {
                    ending = true;
                    connection.as_mut().graceful_shutdown();
                }
                () = &mut old, if !ending => {
                    ending = true;
                    connection.as_mut().graceful_shutdown();
                }
            }
        }
    }

    async fn answer(&self, request: hyper::Request<Incoming>) -> Result<Response, Infallible> {
        let mut request = request.map(|body| Body::new(Timed::new(body, self.limits.body_read)));
        request.extensions_mut().insert(Peer(self.peer));
        self.router.clone().oneshot(request).await
    }
}
