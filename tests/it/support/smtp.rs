//! A mail server that takes mails into a folder, and refuses some in the words of real ones.

use std::fs;
use std::io;
use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

use tokio::io::{AsyncBufReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinSet;

/// Gone when dropped. Wants a runtime with threads, since tests wait without giving way.
pub(crate) struct MailServer {
    pub(crate) at: SocketAddr,
    _tasks: JoinSet<()>,
}

/// How it treats whom.
#[derive(Clone)]
pub(crate) struct Manners {
    /// Where mails go.
    pub(crate) folder: PathBuf,
    /// No such mailbox, says the server, and says whose.
    pub(crate) refused: String,
    /// Not now, says the server, and says to whom.
    pub(crate) deferred: String,
}

impl MailServer {
    pub(crate) async fn start(manners: Manners) -> Self {
        fs::create_dir_all(&manners.folder).unwrap();
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (at, mut tasks) = (listener.local_addr().unwrap(), JoinSet::new());
        let (manners, count) = (Arc::new(manners), Arc::new(AtomicU32::new(0)));
        tasks.spawn(async move {
            let mut lines = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                let (manners, count) = (Arc::clone(&manners), Arc::clone(&count));
                // A client may break off.
                lines.spawn(async move { drop(talk(stream, &manners, &count).await) });
            }
        });
        Self { at, _tasks: tasks }
    }
}

async fn talk(mut stream: TcpStream, manners: &Manners, count: &AtomicU32) -> io::Result<()> {
    let (reading, mut writing) = stream.split();
    let mut lines = BufReader::new(reading);
    let mut say = async |line: String| writing.write_all(format!("{line}\r\n").as_bytes()).await;
    say("220 fake.example ready".to_owned()).await?;
    let mut command = String::new();
    loop {
        command.clear();
        if lines.read_line(&mut command).await? == 0 {
            return Ok(());
        }
        let line = command.trim_end();
        let verb = line.split([' ', ':']).next().unwrap_or_default().to_ascii_uppercase();
        let answer = match verb.as_str() {
            "EHLO" => "250-fake.example\r\n250 AUTH PLAIN".to_owned(),
            "AUTH" => "235 2.7.0 welcome".to_owned(),
            "RCPT" if line.contains(&manners.refused) => {
                format!("550 5.1.1 {line}: {} is not known here", manners.refused)
            }
            "RCPT" if line.contains(&manners.deferred) => {
                format!("451 4.7.1 {line}: greylisted {}", manners.deferred)
            }
            "DATA" => {
                say("354 go on".to_owned()).await?;
                let mut mail = Vec::new();
                loop {
                    let from = mail.len();
                    if lines.read_until(b'\n', &mut mail).await? == 0 {
                        return Ok(());
                    }
                    if &mail[from..] == b".\r\n" {
                        mail.truncate(from);
                        break;
                    }
                    // Dot-stuffing (RFC 5321, 4.5.2).
                    if mail[from] == b'.' {
                        mail.remove(from);
                    }
                }
                let name = format!("{:08}", count.fetch_add(1, Ordering::SeqCst));
                let draft = manners.folder.join(&name);
                fs::write(&draft, &mail)?;
                fs::rename(&draft, draft.with_extension("eml"))?;
                "250 2.0.0 taken".to_owned()
            }
            "QUIT" => {
                return say("221 bye".to_owned()).await;
            }
            _ => "250 2.0.0 fine".to_owned(),
        };
        say(answer).await?;
    }
}
