//! Starts listeners and workers, and brings them to an end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;

use axum::Router;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{House, StartProblem, database_problem};
use crate::archive::vault::SealedObject;
use crate::config::Config;
use crate::domain::policy::Action;
use crate::domain::settings::Review;
use crate::job::runner::{Runner, RunnerSettings};
use crate::job::seal::Sealer;
use crate::service::case::OpenItem;
use crate::service::download::Readable;
use crate::web::console::{self, Console, ReadItem};
use crate::web::edge::client::TrustedProxies;
use crate::web::edge::limit::Quotas;
use crate::web::edge::{ServeLimits, serve};
use crate::web::public::{ReadArchive, Site, fenced, router};

/// Which parts run in this process.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shape {
    /// Pages.
    pub web: bool,
    /// Jobs.
    pub worker: bool,
}

/// A service that runs.
#[derive(Debug)]
pub struct Running {
    /// Where the public pages are, if here.
    pub listening: Option<SocketAddr>,
    /// Where the console is, if here.
    pub console: Option<SocketAddr>,
    stop: CancellationToken,
    parts: TaskTracker,
    recordings: TaskTracker,
}

impl Running {
    /// Ends accepting, lets what is under way finish, and returns.
    pub async fn stop(self) {
        self.stop.cancel();
        self.parts.close();
        self.parts.wait().await;
        self.recordings.close();
        self.recordings.wait().await;
    }
}

/// Starts the parts of `shape`. The schema has to be current. `more` are further routes of the
/// public listener, the demo's mailbox.
pub async fn start(
    house: &House,
    config: &Config,
    shape: Shape,
    more: impl FnOnce(&Site) -> Router,
) -> Result<Running, StartProblem> {
    let stop = CancellationToken::new();
    let (parts, recordings) = (TaskTracker::new(), TaskTracker::new());
    let broken = |error: &crate::db::DbError| database_problem(config, error);
    let lanes = house.declare_lanes().await.map_err(|error| broken(&error))?;
    let (mut listening, mut console_at) = (None, None);
    if shape.web {
        let listener = listen("[web] listen", config.web.listen).await?;
        listening = listener.local_addr().ok();
        let staff = listen("[console] listen", config.console.listen).await?;
        console_at = staff.local_addr().ok();
        let key = house.signing.public().to_text();
        let site = Site::new(house.desk.clone(), key, reader(house), recordings.clone());
        let proxies = TrustedProxies::from(config.web.trusted_proxies.clone());
        let routes = router(site.clone()).merge(more(&site));
        let routes = fenced(site, routes, &Quotas::default(), proxies.clone());
        let limits = ServeLimits { trusted: proxies.clone(), ..ServeLimits::default() };
        let site = Console::new(house.desk.clone(), &config.console.base_url, item_reader(house));
        let pages = console::fenced(&site, &Quotas::default(), proxies);
        parts.spawn(serve(listener, routes, limits.clone(), stop.clone()));
        parts.spawn(serve(staff, pages, limits, stop.clone()));
    }
    if shape.worker {
        warn_of_nobody(house, config).await;
        house
            .desk
            .start_ticking()
            .await
            .map_err(|error| StartProblem::new("database", "[database]", &error))?;
        let owner = format!("pid {}", std::process::id());
        let settings = RunnerSettings::usual(owner, lanes);
        #[cfg(feature = "crash-points")]
        let settings = match crate::crash::lease() {
            Some(lease) => RunnerSettings { lease, ..settings },
            None => settings,
        };
        let runner = Runner::new(
            house.db.clone(),
            Arc::new(house.worker()),
            settings,
            Arc::clone(&house.entropy),
        );
        parts.spawn(runner.run(stop.clone()));
        let sealer = Sealer::new(house.desk.clone(), house.ledger.clone());
        parts.spawn(sealer.run(stop.clone()));
    }
    Ok(Running { listening, console: console_at, stop, parts, recordings })
}

/// Said where what is gathered waits for staff, and there is none.
pub const NOBODY_RELEASES: &str = "access or export waits for staff to release it, and nobody can; \
    invite an officer with `rightsdesk staff invite`, or set [review] to \"auto\"";

/// Says so in the log when what comes in would wait for nobody.
async fn warn_of_nobody(house: &House, config: &Config) {
    let waits = [config.review.access, config.review.export].contains(&Review::Staff);
    if waits && matches!(house.desk.able_to(Action::Release).await, Ok(0)) {
        tracing::warn!("{NOBODY_RELEASES}");
    }
}

/// No further routes.
pub fn no_more(_: &Site) -> Router {
    Router::new()
}

async fn listen(setting: &str, at: SocketAddr) -> Result<TcpListener, StartProblem> {
    TcpListener::bind(at).await.map_err(|error| {
        let why = match error.kind() {
            io::ErrorKind::AddrInUse => "is in use by another program",
            io::ErrorKind::PermissionDenied => "needs more rights than this user has",
            io::ErrorKind::AddrNotAvailable => "is no address of this machine",
            _ => "cannot be listened on",
        };
        StartProblem::new("listen", setting, &format!("{at} {why}; choose another"))
    })
}

/// Reads archives for downloads.
fn reader(house: &House) -> ReadArchive {
    let vault = house.vault.clone();
    Arc::new(move |readable: &Readable, range| {
        let vault = vault.clone();
        let key = readable.key.clone();
        let object = readable.archive.object.as_deref();
        let object: Option<SealedObject> = object.and_then(|text| serde_json::from_str(text).ok());
        stream::once(async move {
            let object = object.ok_or_else(gone)?;
            let bytes = vault.read(&key, &object, range).await.map_err(|_| gone())?;
            Ok::<_, io::Error>(bytes.map_err(|_| gone()))
        })
        .try_flatten()
        .boxed()
    })
}

/// Reads single things of archives for staff.
fn item_reader(house: &House) -> ReadItem {
    let vault = house.vault.clone();
    Arc::new(move |item: OpenItem| {
        let vault = vault.clone();
        async move {
            let read = vault.beginning(&item.key, &item.object, &item.entry, item.most).await;
            read.map_err(|_| gone())
        }
        .boxed()
    })
}

fn gone() -> io::Error {
    io::Error::from(io::ErrorKind::UnexpectedEof)
}
