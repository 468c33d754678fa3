//! A mail server for tests, on loopback: takes mails and keeps them as they came over the wire, or
//! does at one point of the conversation what a test tells it to. Needs nothing else of the house.

use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;

/// A place in the conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum At {
    Greeting,
    Ehlo,
    StartTls,
    Auth,
    Mail,
    Rcpt,
    Data,
    /// After the whole mail.
    Body,
}

/// What it does there instead of being friendly.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Act {
    /// Answers with this line.
    Answer(&'static str),
    /// Closes the connection without a word.
    Drop,
    /// Says nothing and keeps the line open.
    Hang,
}

/// How it behaves.
#[derive(Clone, Default)]
pub(crate) struct Manners {
    /// Where it misbehaves, and how.
    pub(crate) odd: Option<(At, Act)>,
    /// Offers STARTTLS, or with `wrapped` speaks TLS from the first byte.
    pub(crate) tls: Option<TlsAcceptor>,
    pub(crate) wrapped: bool,
}

/// A mail as it was taken.
#[derive(Debug, Clone)]
pub(crate) struct Taken {
    pub(crate) from: String,
    pub(crate) to: Vec<String>,
    /// What came between DATA's answer and the final dot, dot-stuffing and all.
    pub(crate) raw: Vec<u8>,
    pub(crate) encrypted: bool,
}

#[derive(Debug, Default)]
struct Journal {
    taken: Vec<Taken>,
    commands: Vec<String>,
    connections: usize,
}

/// The server; gone when dropped.
#[derive(Debug)]
pub(crate) struct FakeServer {
    pub(crate) addr: SocketAddr,
    journal: Arc<Mutex<Journal>>,
    _tasks: JoinSet<()>,
}

impl FakeServer {
    pub(crate) async fn start(manners: Manners) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let journal = Arc::new(Mutex::new(Journal::default()));
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, manners, Arc::clone(&journal)));
        Self { addr, journal, _tasks: tasks }
    }

    /// The mails taken, in order.
    pub(crate) fn taken(&self) -> Vec<Taken> {
        self.journal.lock().unwrap().taken.clone()
    }

    /// Every command line that came, over all connections.
    pub(crate) fn commands(&self) -> Vec<String> {
        self.journal.lock().unwrap().commands.clone()
    }

    pub(crate) fn connections(&self) -> usize {
        self.journal.lock().unwrap().connections
    }
}

async fn serve(listener: TcpListener, manners: Manners, journal: Arc<Mutex<Journal>>) {
    let mut talks = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        journal.lock().unwrap().connections += 1;
        let (manners, journal) = (manners.clone(), Arc::clone(&journal));
        talks.spawn(async move {
            // A client that breaks off is what some tests are about.
            let _ = talk(stream, &manners, &journal).await;
        });
    }
}

async fn talk(stream: TcpStream, manners: &Manners, journal: &Mutex<Journal>) -> io::Result<()> {
    let acceptor = manners.tls.clone();
    match acceptor {
        Some(tls) if manners.wrapped => {
            let mut line = Line::new(tls.accept(stream).await?, manners, true);
            line.greet().await?;
            line.converse(journal).await.map(drop)
        }
        _ => {
            let mut line = Line::new(stream, manners, false);
            line.greet().await?;
            if line.converse(journal).await? == Next::Encrypt
                && let Some(tls) = acceptor
            {
                let stream = tls.accept(line.stream).await?;
                Line::new(stream, manners, true).converse(journal).await?;
            }
            Ok(())
        }
    }
}

#[derive(PartialEq, Eq)]
enum Next {
    Close,
    Encrypt,
}

struct Line<'a, S> {
    stream: S,
    manners: &'a Manners,
    encrypted: bool,
    buffer: Vec<u8>,
}

impl<'a, S: AsyncRead + AsyncWrite + Unpin> Line<'a, S> {
    fn new(stream: S, manners: &'a Manners, encrypted: bool) -> Self {
        Self { stream, manners, encrypted, buffer: Vec::new() }
    }

    async fn greet(&mut self) -> io::Result<()> {
        self.answer(At::Greeting, "220 fake.example ready").await.map(drop)
    }

    async fn converse(&mut self, journal: &Mutex<Journal>) -> io::Result<Next> {
        let (mut from, mut to) = (String::new(), Vec::new());
        loop {
            let command = String::from_utf8_lossy(&self.until(b"\r\n").await?).into_owned();
            journal.lock().unwrap().commands.push(command.clone());
            let verb = command.split(' ').next().unwrap_or_default().to_ascii_uppercase();
            match verb.as_str() {
                "EHLO" => {
                    let offer = self.manners.tls.is_some() && !self.encrypted;
                    let first = if offer { "250-STARTTLS\r\n" } else { "" };
                    let lines = format!("250-fake.example\r\n{first}250 AUTH PLAIN");
                    self.answer(At::Ehlo, &lines).await?;
                }
                "STARTTLS" if self.answer(At::StartTls, "220 go on").await? => {
                    return Ok(Next::Encrypt);
                }
                "STARTTLS" => {}
                "AUTH" => drop(self.answer(At::Auth, "235 2.7.0 welcome").await?),
                "MAIL" => {
                    from = command;
                    to.clear();
                    self.answer(At::Mail, "250 2.1.0 ok").await?;
                }
                "RCPT" => {
                    to.push(command);
                    self.answer(At::Rcpt, "250 2.1.5 ok").await?;
                }
                "DATA" => {
                    if !self.answer(At::Data, "354 go on").await? {
                        continue;
                    }
                    let raw = self.until(b"\r\n.\r\n").await?;
                    let (to, encrypted) = (to.clone(), self.encrypted);
                    if self.answer(At::Body, "250 2.0.0 taken").await? {
                        let taken = Taken { from: from.clone(), to, raw, encrypted };
                        journal.lock().unwrap().taken.push(taken);
                    }
                }
                "NOOP" => self.say("250 ok").await?,
                "QUIT" => {
                    self.say("221 bye").await?;
                    return Ok(Next::Close);
                }
                _ => self.say("500 5.5.1 what").await?,
            }
        }
    }

    /// Answers in a friendly way and gives true, unless this is the place to be odd.
    async fn answer(&mut self, at: At, friendly: &str) -> io::Result<bool> {
        match self.manners.odd {
            Some((odd, act)) if odd == at => match act {
                Act::Answer(unfriendly) => self.say(unfriendly).await.map(|()| false),
                Act::Drop => Err(io::ErrorKind::ConnectionAborted.into()),
                Act::Hang => std::future::pending().await,
            },
            _ => self.say(friendly).await.map(|()| true),
        }
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await?;
        self.stream.flush().await
    }

    /// Reads up to and without `end`, byte for byte.
    async fn until(&mut self, end: &[u8]) -> io::Result<Vec<u8>> {
        loop {
            if let Some(at) = self.buffer.windows(end.len()).position(|window| window == end) {
                let rest = self.buffer.split_off(at + end.len());
                let mut read = std::mem::replace(&mut self.buffer, rest);
                read.truncate(at);
                return Ok(read);
            }
            if self.stream.read_buf(&mut self.buffer).await? == 0 {
                return Err(io::ErrorKind::UnexpectedEof.into());
            }
        }
    }
}
