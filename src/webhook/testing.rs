//! An endpoint on this machine that says what it is told to, and names that resolve to it.

use std::collections::{BTreeMap, VecDeque};
use std::io;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Arc, Mutex};

use async_trait::async_trait;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio_util::task::TaskTracker;

use super::{Endpoint, Resolve, SigningSecret, Webhooks};

/// The secret of all endpoints in tests.
pub(crate) const SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// The first byte of a connection in TLS.
const TLS_HANDSHAKE: u8 = 0x16;

/// What a receiver does with a call.
#[derive(Debug, Clone)]
pub(crate) enum Says {
    /// Answers with this status.
    Status(u16),
    /// Sends the browser elsewhere.
    Redirect(String),
    /// Answers 200 and a body that never ends.
    Endless,
    /// Never says a word.
    Nothing,
    /// What is no HTTP.
    Nonsense,
}

/// A call as it came.
#[derive(Debug, Clone)]
pub(crate) struct Heard {
    pub(crate) line: String,
    pub(crate) headers: BTreeMap<String, String>,
    pub(crate) body: String,
}

/// An endpoint on this machine. Once it has said all it was told to, it answers 200.
#[derive(Debug)]
pub(crate) struct Receiver {
    pub(crate) address: SocketAddr,
    heard: Arc<Mutex<Vec<Heard>>>,
}

impl Receiver {
    pub(crate) async fn new(says: &[Says]) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let heard = Arc::<Mutex<Vec<Heard>>>::default();
        let says = Arc::new(Mutex::new(says.iter().cloned().collect::<VecDeque<_>>()));
        let this = Self { address, heard: Arc::clone(&heard) };
        // They end with the runtime of the test.
        let calls = TaskTracker::new();
        let tracker = calls.clone();
        calls.spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (heard, says) = (Arc::clone(&heard), Arc::clone(&says));
                tracker.spawn(async move {
                    // A caller that has gone is not our concern.
                    let _ = serve(stream, &heard, &says).await;
                });
            }
        });
        this
    }

    /// All calls so far.
    pub(crate) fn heard(&self) -> Vec<Heard> {
        self.heard.lock().unwrap().clone()
    }

    /// Its URL by a name that the test resolves.
    pub(crate) fn url_as(&self, name: &str) -> String {
        format!("http://{name}:{}/hook?a=1", self.address.port())
    }
}

async fn serve(
    stream: TcpStream,
    heard: &Mutex<Vec<Heard>>,
    says: &Mutex<VecDeque<Says>>,
) -> io::Result<()> {
    let mut stream = BufReader::new(stream);
    if stream.fill_buf().await?.first() == Some(&TLS_HANDSHAKE) {
        return stream.write_all(b"HTTP/1.1 400 Plain\r\n\r\n").await;
    }
    let mut line = String::new();
    stream.read_line(&mut line).await?;
    let mut headers = BTreeMap::new();
    loop {
        let mut header = String::new();
        stream.read_line(&mut header).await?;
        let Some((name, value)) = header.trim_end().split_once(": ") else { break };
        headers.insert(name.to_ascii_lowercase(), value.to_owned());
    }
    let length = headers.get("content-length").and_then(|length| length.parse().ok()).unwrap_or(0);
    let mut body = vec![0; length];
    stream.read_exact(&mut body).await?;
    let body = String::from_utf8(body).unwrap();
    heard.lock().unwrap().push(Heard { line: line.trim_end().to_owned(), headers, body });
    let said = says.lock().unwrap().pop_front().unwrap_or(Says::Status(200));
    match said {
        Says::Status(status) => {
            let answer = format!("HTTP/1.1 {status} Said\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await
        }
        Says::Redirect(to) => {
            let answer =
                format!("HTTP/1.1 307 Over there\r\nlocation: {to}\r\ncontent-length: 0\r\n\r\n");
            stream.write_all(answer.as_bytes()).await
        }
        Says::Endless => {
            stream.write_all(b"HTTP/1.1 200 Fine\r\ncontent-length: 9000000000\r\n\r\n").await?;
            loop {
                stream.write_all(&[b'x'; 8_192]).await?;
            }
        }
        Says::Nothing => std::future::pending().await,
        Says::Nonsense => stream.write_all(b"220 mail.example.org ESMTP\r\n").await,
    }
}

/// Names that resolve as the test says, and how often somebody asked.
#[derive(Debug, Default)]
pub(crate) struct Names {
    pub(crate) known: Mutex<BTreeMap<String, VecDeque<Vec<IpAddr>>>>,
    pub(crate) asked: Mutex<usize>,
}

impl Names {
    /// `name` has one list of addresses after the other; the last one stays.
    pub(crate) fn of(name: &str, answers: &[&[&str]]) -> Arc<Self> {
        let parse = |list: &&[&str]| list.iter().map(|text| text.parse().unwrap()).collect();
        let answers = answers.iter().map(parse).collect();
        let known = Mutex::new([(name.to_owned(), answers)].into());
        Arc::new(Self { known, asked: Mutex::default() })
    }
}

#[async_trait]
impl Resolve for Names {
    async fn resolve(&self, name: &str, port: u16) -> io::Result<Vec<SocketAddr>> {
        *self.asked.lock().unwrap() += 1;
        let mut known = self.known.lock().unwrap();
        let answers = known.get_mut(name).ok_or(io::ErrorKind::NotFound)?;
        let list = if answers.len() > 1 { answers.pop_front() } else { answers.front().cloned() };
        let list = list.unwrap_or_default();
        Ok(list.into_iter().map(|address| SocketAddr::new(address, port)).collect())
    }
}

/// An endpoint that may stand on this machine.
pub(crate) fn endpoint(url: &str, allow_private: bool) -> Endpoint {
    let secret = SigningSecret::parse(SECRET).unwrap();
    Endpoint::new(url, secret, None, allow_private).unwrap()
}

/// Endpoints on this machine, by name.
pub(crate) fn local(receivers: &[(&str, &Receiver)]) -> Webhooks {
    // Set once a process; a second time finds it set.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let endpoints = receivers.iter().map(|(name, receiver)| {
        ((*name).to_owned(), endpoint(&receiver.url_as("hooks.example"), true))
    });
    Webhooks::new(endpoints.collect(), Names::of("hooks.example", &[&["127.0.0.1"]]))
}
