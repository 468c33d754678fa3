//! A TCP proxy that stands before a store and misbehaves: it cuts, resets, delays and swallows. It
//! keeps a journal of what went through.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

/// How the line behaves.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Line {
    Good,
    /// Every piece waits so long.
    Slow(Duration),
    /// Nothing goes through, and nobody is told.
    Silent,
    /// Connections end, and new ones are cut at once.
    Cut,
    /// The same by RST, as a firewall does.
    Reset,
}

/// One connection as it went.
#[derive(Debug, Clone)]
struct Passed {
    /// Bytes that the store answered.
    answered: u64,
    /// Whether we ended it.
    cut: bool,
}

/// The proxy; gone when dropped.
#[derive(Debug)]
pub(crate) struct Proxy {
    pub(crate) addr: SocketAddr,
    line: watch::Sender<Line>,
    journal: Arc<Mutex<Vec<Passed>>>,
    _tasks: JoinSet<()>,
}

impl Proxy {
    /// Before the server at `to`, `host:port`.
    pub(crate) async fn start(to: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let (line, seen) = watch::channel(Line::Good);
        let journal = Arc::new(Mutex::new(Vec::new()));
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, to, seen, Arc::clone(&journal)));
        Self { addr, line, journal, _tasks: tasks }
    }

    pub(crate) fn behave(&self, line: Line) {
        self.line.send_replace(line);
    }

    /// What has passed, in words: connections, how many of them were cut, bytes that the store gave.
    pub(crate) fn said(&self) -> String {
        let journal = self.journal.lock().unwrap();
        let cut = journal.iter().filter(|passed| passed.cut).count();
        let bytes: u64 = journal.iter().map(|passed| passed.answered).sum();
        format!("the store: {} connections ended, {cut} of them cut, {bytes} bytes", journal.len())
    }
}

async fn serve(
    listener: TcpListener,
    to: String,
    line: watch::Receiver<Line>,
    journal: Arc<Mutex<Vec<Passed>>>,
) {
    let mut lines = JoinSet::new();
    while let Ok((client, _)) = listener.accept().await {
        let (to, line, journal) = (to.clone(), line.clone(), Arc::clone(&journal));
        lines.spawn(async move {
            let answered = AtomicU64::new(0);
            let cut = pass(client, &to, line, &answered).await;
            let answered = answered.into_inner();
            journal.lock().unwrap().push(Passed { answered, cut });
        });
        while lines.try_join_next().is_some() {}
    }
}

/// Gives true when we ended it.
async fn pass(
    client: TcpStream,
    to: &str,
    mut line: watch::Receiver<Line>,
    answered: &AtomicU64,
) -> bool {
    let Ok(server) = TcpStream::connect(to).await else { return true };
    let (mut from_client, mut to_client) = client.into_split();
    let (mut from_server, mut to_server) = server.into_split();
    let nothing = AtomicU64::new(0);
    let ended = {
        let ways = (line.clone(), line.clone());
        tokio::select! {
            // Where one side has ended, the other has nobody to talk to.
            _ = copy(&mut from_client, &mut to_server, ways.0, &nothing) => None,
            _ = copy(&mut from_server, &mut to_client, ways.1, answered) => None,
            ended = line.wait_for(|line| matches!(line, Line::Cut | Line::Reset)) => {
                ended.ok().map(|line| *line)
            }
        }
    };
    if ended == Some(Line::Reset)
        && let Ok(client) = from_client.reunite(to_client)
    {
        // Whoever closes without lingering sends RST.
        let _ = client.set_zero_linger();
    }
    ended.is_some()
}

async fn copy(
    from: &mut (impl AsyncRead + Unpin),
    to: &mut (impl AsyncWrite + Unpin),
    mut line: watch::Receiver<Line>,
    passed: &AtomicU64,
) -> io::Result<()> {
    let mut buffer = vec![0; 16 * 1024];
    loop {
        let read = from.read(&mut buffer).await?;
        if read == 0 {
            return Ok(());
        }
        let now = *line.borrow_and_update();
        match now {
            Line::Slow(wait) => tokio::time::sleep(wait).await,
            Line::Silent => {
                // Swallowed until the line is another one; then this connection is of no use.
                let _ = line.changed().await;
                return Ok(());
            }
            Line::Good | Line::Cut | Line::Reset => {}
        }
        to.write_all(&buffer[..read]).await?;
        passed.fetch_add(read as u64, Ordering::Relaxed);
    }
}
