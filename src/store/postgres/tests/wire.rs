//! What stands between the adapter and the server: passes on, asks for a password, refuses, hangs,
//! breaks off, and speaks TLS with a certificate of the test's own.

use std::io;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt, copy_bidirectional};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::watch;
use tokio::task::JoinSet;
use tokio_rustls::TlsAcceptor;
use url::Url;

/// The number that a client asks for TLS with, in the place of a version.
const SSL_REQUEST: u32 = 80_877_103;

/// What becomes of who connects.
#[derive(Debug, Clone, Copy)]
pub(super) enum Manner {
    /// They reach the server.
    Pass,
    /// They reach it with this password.
    Ask(&'static str),
    /// They are sent away with this SQLSTATE.
    Refuse(&'static str),
    /// They hear nothing.
    Hang,
}

/// A listener before the server. It ends with its test.
pub(super) struct Wire {
    port: u16,
    counts: Arc<Counts>,
    cut: watch::Sender<()>,
    _tasks: JoinSet<()>,
}

#[derive(Debug, Default)]
struct Counts {
    connections: AtomicUsize,
    encrypted: AtomicUsize,
}

impl Wire {
    /// Before the server of `url`.
    pub(super) async fn before(url: &Url, manner: Manner, tls: Option<TlsAcceptor>) -> Self {
        let server = (url.host_str().unwrap().to_owned(), url.port().unwrap_or(5432));
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let (cut, cuts) = watch::channel(());
        let counts = Arc::new(Counts::default());
        let mut tasks = JoinSet::new();
        let counting = Arc::clone(&counts);
        tasks.spawn(async move {
            let mut open = JoinSet::new();
            while let Ok((stream, _)) = listener.accept().await {
                counting.connections.fetch_add(1, Ordering::Relaxed);
                let (server, tls, mut cuts) = (server.clone(), tls.clone(), cuts.clone());
                let counting = Arc::clone(&counting);
                cuts.mark_unchanged();
                open.spawn(async move {
                    tokio::select! {
                        // Whoever breaks off is done; the test looks at what the adapter says.
                        _ = met(stream, manner, &server, tls, &counting) => {}
                        _ = cuts.changed() => {}
                    }
                });
            }
        });
        Self { port, counts, cut, _tasks: tasks }
    }

    /// `url` by way of here, under the name `host`.
    pub(super) fn url(&self, url: &Url, host: &str) -> Url {
        let mut url = url.clone();
        url.set_host(Some(host)).unwrap();
        url.set_port(Some(self.port)).unwrap();
        url.set_query(None);
        url
    }

    pub(super) fn connections(&self) -> usize {
        self.counts.connections.load(Ordering::Relaxed)
    }

    /// How many of them went on in TLS.
    pub(super) fn encrypted(&self) -> usize {
        self.counts.encrypted.load(Ordering::Relaxed)
    }

    /// Breaks off all that is open.
    pub(super) fn cut(&self) {
        self.cut.send(()).unwrap();
    }
}

type Server = (String, u16);

async fn met(
    mut stream: TcpStream,
    manner: Manner,
    server: &Server,
    tls: Option<TlsAcceptor>,
    counts: &Counts,
) -> io::Result<()> {
    let mut first = hello(&mut stream).await?;
    if first[4..8] == SSL_REQUEST.to_be_bytes() {
        if let Some(tls) = tls {
            stream.write_all(b"S").await?;
            let mut stream = tls.accept(stream).await?;
            counts.encrypted.fetch_add(1, Ordering::Relaxed);
            let first = hello(&mut stream).await?;
            return serve(stream, manner, server, &first).await;
        }
        stream.write_all(b"N").await?;
        first = hello(&mut stream).await?;
    }
    serve(stream, manner, server, &first).await
}

/// The message that a client begins with.
async fn hello(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Vec<u8>> {
    let length = stream.read_u32().await?;
    let mut whole = length.to_be_bytes().to_vec();
    whole.resize(usize::try_from(length).unwrap(), 0);
    stream.read_exact(&mut whole[4..]).await?;
    Ok(whole)
}

async fn serve(
    mut stream: impl AsyncRead + AsyncWrite + Unpin,
    manner: Manner,
    (host, port): &Server,
    first: &[u8],
) -> io::Result<()> {
    match manner {
        Manner::Pass => {}
        Manner::Hang => std::future::pending().await,
        Manner::Refuse(state) => return refuse(&mut stream, state).await,
        Manner::Ask(password) => {
            // AuthenticationCleartextPassword
            stream.write_all(b"R\0\0\0\x08\0\0\0\x03").await?;
            assert_eq!(stream.read_u8().await?, b'p');
            let given = hello(&mut stream).await?;
            if given[4..] != [password.as_bytes(), b"\0"].concat() {
                return refuse(&mut stream, "28P01").await;
            }
        }
    }
    let mut server = TcpStream::connect((host.as_str(), *port)).await?;
    server.write_all(first).await?;
    copy_bidirectional(&mut stream, &mut server).await?;
    Ok(())
}

/// An `ErrorResponse`, which names role and database as the real ones do.
async fn refuse(stream: &mut (impl AsyncWrite + Unpin), state: &str) -> io::Result<()> {
    let fields = format!("SFATAL\0VFATAL\0C{state}\0Mno \"role-canary\" in \"data-canary\"\0\0");
    let length = u32::try_from(fields.len() + 4).unwrap();
    stream.write_all(b"E").await?;
    stream.write_u32(length).await?;
    stream.write_all(fields.as_bytes()).await?;
    stream.shutdown().await
}
