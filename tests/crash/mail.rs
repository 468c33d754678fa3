//! A mail server on loopback that keeps a journal of what it took, and misbehaves at random.

use std::collections::BTreeSet;
use std::fmt;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};

use mail_parser::MessageParser;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Notify;
use tokio::task::JoinSet;

use crate::dice::Dice;

/// What became of the answer to a mail that was taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Ending {
    /// It was sent.
    Answered,
    /// It was not: the sender cannot know that the mail was taken.
    Cut,
}

/// A mail that was taken.
#[derive(Clone)]
pub(crate) struct Taken {
    /// Its Message-ID, in brackets.
    pub(crate) id: String,
    pub(crate) to: String,
    pub(crate) kind: String,
    pub(crate) text: String,
    /// When its sender began to hand it over, and was alive.
    pub(crate) since: Instant,
    pub(crate) at: Instant,
    pub(crate) ending: Ending,
}

impl fmt::Debug for Taken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { id, to, kind, since, at, ending, .. } = self;
        write!(f, "{kind} {id} to {to} from {since:?} to {at:?}, {ending:?}")
    }
}

impl Taken {
    /// The code, which stands on a line of its own.
    pub(crate) fn code(&self) -> Option<&str> {
        let half = |half: &str| half.len() == 4 && half.bytes().all(|b| b.is_ascii_alphanumeric());
        let is_code =
            |line: &&str| matches!(line.split_once('-'), Some((a, b)) if half(a) && half(b));
        self.text.lines().map(str::trim).find(is_code)
    }

    /// The path of the link under `path`, which stands on a line of its own.
    pub(crate) fn link(&self, path: &str) -> Option<&str> {
        let is_link = |line: &&str| line.starts_with("http") && line.contains(path);
        let line = self.text.lines().map(str::trim).find(is_link)?;
        line.find(path).map(|at| &line[at..])
    }
}

#[derive(Debug)]
struct Inner {
    taken: Mutex<Vec<Taken>>,
    /// Percent of the conversations that go wrong somewhere.
    faults: AtomicU64,
    /// The next mail is taken and its answer kept back until the connection ends.
    hold_next: AtomicU64,
    held: Notify,
    dice: Dice,
}

/// The server; gone when dropped.
#[derive(Debug)]
pub(crate) struct MailServer {
    pub(crate) addr: SocketAddr,
    inner: Arc<Inner>,
    _tasks: JoinSet<()>,
}

impl MailServer {
    pub(crate) async fn start(dice: Dice) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let addr = listener.local_addr().unwrap();
        let inner = Arc::new(Inner {
            taken: Mutex::default(),
            faults: AtomicU64::new(0),
            hold_next: AtomicU64::new(0),
            held: Notify::new(),
            dice,
        });
        let mut tasks = JoinSet::new();
        tasks.spawn(serve(listener, Arc::clone(&inner)));
        Self { addr, inner, _tasks: tasks }
    }

    /// From now on so many conversations in a hundred go wrong somewhere.
    pub(crate) fn misbehave(&self, percent: u64) {
        self.inner.faults.store(percent, Ordering::SeqCst);
    }

    /// Takes the next mail, and returns when it has it; its answer never comes.
    pub(crate) async fn hold_next(&self) {
        self.inner.hold_next.store(1, Ordering::SeqCst);
        self.inner.held.notified().await;
    }

    /// Everything taken, in order.
    pub(crate) fn journal(&self) -> Vec<Taken> {
        self.inner.taken.lock().unwrap().clone()
    }

    /// The mails of a kind to an address, each once, in order.
    pub(crate) fn sent(&self, kind: &str, to: &str) -> Vec<Taken> {
        let mut seen = BTreeSet::new();
        let taken = self.inner.taken.lock().unwrap();
        let wanted = taken.iter().filter(|mail| mail.kind == kind && mail.to == to);
        wanted.filter(|mail| seen.insert(mail.id.clone())).cloned().collect()
    }

    /// Waits for mail number `before` (from 0) of a kind to an address.
    pub(crate) async fn wait(
        &self,
        kind: &str,
        to: &str,
        before: usize,
        patience: Duration,
    ) -> Option<Taken> {
        let begun = Instant::now();
        loop {
            if let Some(mail) = self.sent(kind, to).into_iter().nth(before) {
                return Some(mail);
            }
            if begun.elapsed() > patience {
                return None;
            }
            tokio::time::sleep(Duration::from_millis(25)).await;
        }
    }
}

async fn serve(listener: TcpListener, inner: Arc<Inner>) {
    let mut talks = JoinSet::new();
    while let Ok((stream, _)) = listener.accept().await {
        let inner = Arc::clone(&inner);
        talks.spawn(async move {
            // Senders that are killed break off.
            let _ = Talk { stream, buffer: Vec::new(), inner }.converse().await;
        });
        while talks.try_join_next().is_some() {}
    }
}

/// Where a conversation goes wrong, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Fault {
    None,
    Refuse(&'static str),
    Drop(&'static str),
    /// The whole mail is there and is not taken.
    RefuseBody,
    /// The mail is taken, and the line cut before the answer.
    CutBody,
    /// The answer takes its time.
    Slow,
    /// The mail is taken, and the answer waits until the sender is gone.
    Hold,
}

struct Talk {
    stream: TcpStream,
    buffer: Vec<u8>,
    inner: Arc<Inner>,
}

impl Talk {
    fn fault(&self) -> Fault {
        if self.inner.hold_next.swap(0, Ordering::SeqCst) > 0 {
            return Fault::Hold;
        }
        if !self.inner.dice.percent(self.inner.faults.load(Ordering::SeqCst)) {
            return Fault::None;
        }
        let verb = *self.inner.dice.pick(&["MAIL", "RCPT", "DATA"]);
        *self.inner.dice.pick(&[
            Fault::Refuse(verb),
            Fault::Drop(verb),
            Fault::RefuseBody,
            Fault::CutBody,
            Fault::CutBody,
            Fault::Slow,
        ])
    }

    async fn converse(mut self) -> io::Result<()> {
        self.say("220 crash.example ready").await?;
        let (mut fault, mut to, mut since) = (Fault::None, String::new(), Instant::now());
        loop {
            let command = String::from_utf8_lossy(&self.until(b"\r\n").await?).into_owned();
            let verb = command.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
            if verb == "MAIL" {
                (fault, since) = (self.fault(), Instant::now());
            }
            match fault {
                Fault::Refuse(at) if at == verb => {
                    self.say("451 4.3.0 not now").await?;
                    continue;
                }
                Fault::Drop(at) if at == verb => return Ok(()),
                _ => {}
            }
            match verb.as_str() {
                "EHLO" => self.say("250 crash.example").await?,
                "MAIL" | "NOOP" | "RSET" => self.say("250 2.1.0 ok").await?,
                "RCPT" => {
                    let inner = command.split_once('<').map_or("", |(_, rest)| rest);
                    to = inner.split('>').next().unwrap_or_default().to_owned();
                    self.say("250 2.1.5 ok").await?;
                }
                "DATA" => {
                    self.say("354 go on").await?;
                    let raw = self.until(b"\r\n.\r\n").await?;
                    self.take(&raw, &to, since, fault).await?;
                    if matches!(fault, Fault::CutBody | Fault::Hold) {
                        return Ok(());
                    }
                }
                "QUIT" => return self.say("221 bye").await,
                _ => self.say("500 5.5.1 what").await?,
            }
        }
    }

    async fn take(&mut self, raw: &[u8], to: &str, since: Instant, fault: Fault) -> io::Result<()> {
        if fault == Fault::RefuseBody {
            return self.say("452 4.2.2 not now").await;
        }
        let mail = MessageParser::default().parse(raw).unwrap();
        let cut = matches!(fault, Fault::CutBody | Fault::Hold);
        let taken = Taken {
            id: format!("<{}>", mail.message_id().unwrap()),
            to: to.to_owned(),
            kind: mail.header_raw("X-Rightsdesk-Message").unwrap().trim().to_owned(),
            text: mail.body_text(0).unwrap().replace("\r\n", "\n"),
            since,
            at: Instant::now(),
            ending: if cut { Ending::Cut } else { Ending::Answered },
        };
        self.inner.taken.lock().unwrap().push(taken);
        match fault {
            Fault::CutBody => Ok(()),
            Fault::Hold => {
                self.inner.held.notify_one();
                self.until(b"\0").await.map(drop)
            }
            _ => {
                if fault == Fault::Slow {
                    tokio::time::sleep(Duration::from_millis(400)).await;
                }
                self.say("250 2.0.0 taken").await
            }
        }
    }

    async fn say(&mut self, line: &str) -> io::Result<()> {
        self.stream.write_all(format!("{line}\r\n").as_bytes()).await
    }

    /// Reads up to and without `end`.
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
