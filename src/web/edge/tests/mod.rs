//! The edge over real sockets on loopback.

mod connection;
mod fence;
mod upload;

use std::net::SocketAddr;
use std::time::Duration;

use axum::Router;
use axum::routing::get;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio::time::timeout;
use tokio_util::sync::CancellationToken;

use super::ServeLimits;
use super::serve::{Accept, run};

/// A limit that a test wants to run into.
const SHORT: Duration = Duration::from_millis(50);
/// Longer than that, shorter than the limits that a test leaves alone.
const PATIENCE: Duration = Duration::from_secs(5);

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
    while let Ok(read @ 1..) = timeout(PATIENCE, stream.read(&mut some)).await.expect("an end") {
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
    Router::new().route("/", get(async || "hello"))
}
