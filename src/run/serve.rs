//! Starts listeners and workers, and brings them to an end.

use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use futures::{FutureExt, StreamExt, TryStreamExt, stream};
use tokio::net::TcpListener;
use tokio::time::{sleep, timeout};
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::{House, StartProblem, WEBHOOK_WIDTH, database_problem};
use crate::archive::vault::SealedObject;
use crate::config::Config;
use crate::domain::policy::Action;
use crate::domain::settings::Review;
use crate::job::runner::{Runner, RunnerSettings};
use crate::job::seal::Sealer;
use crate::keys::epoch::HELD;
use crate::service::Desk;
use crate::service::case::OpenItem;
use crate::service::download::OpenArchive;
use crate::web::api::{self, Api};
use crate::web::console::{self, Console, ReadItem};
use crate::web::edge::client::TrustedProxies;
use crate::web::edge::limit::Quotas;
use crate::web::edge::{ServeLimits, serve};
use crate::web::fetch::ReadArchive;
use crate::web::metrics;
use crate::web::public::{Site, fenced, router};

/// A ledger that does not answer keeps jobs that need none waiting so long at most.
const HEAD_START: Duration = Duration::from_secs(2);

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
    /// Where metrics are, if anywhere.
    pub metrics: Option<SocketAddr>,
    stop: CancellationToken,
    parts: TaskTracker,
    recordings: TaskTracker,
    /// Ends last, so that what the other parts still did is in the audit trail.
    sealing: TaskTracker,
    all_done: CancellationToken,
}

impl Running {
    /// Ends accepting, lets what is under way finish, and returns.
    pub async fn stop(self) {
        self.stop.cancel();
        self.parts.close();
        self.parts.wait().await;
        self.recordings.close();
        self.recordings.wait().await;
        self.all_done.cancel();
        self.sealing.close();
        self.sealing.wait().await;
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
    let (sealing, all_done) = (TaskTracker::new(), CancellationToken::new());
    let broken = |error: &crate::db::DbError| database_problem(config, error);
    let lanes = house.declare_lanes().await.map_err(|error| broken(&error))?;
    let (mut listening, mut console_at, mut metrics_at) = (None, None, None);
    if let Some(at) = config.web.metrics_listen {
        let listener = listen("[web] metrics_listen", at).await?;
        metrics_at = listener.local_addr().ok();
        let routes = metrics::router(house.desk.clone());
        parts.spawn(serve(listener, routes, ServeLimits::default(), stop.clone()));
    }
    if shape.web {
        let listener = listen("[web] listen", config.web.listen).await?;
        listening = listener.local_addr().ok();
        let staff = listen("[console] listen", config.console.listen).await?;
        console_at = staff.local_addr().ok();
        let key = house.signing.public().to_text();
        let site = Site::new(house.desk.clone(), key, reader(house), recordings.clone());
        let signing = Arc::clone(&house.signing);
        let api = Api::new(house.desk.clone(), reader(house), recordings.clone(), signing);
        let proxies = TrustedProxies::from(config.web.trusted_proxies.clone());
        let routes = router(site.clone()).merge(api::pages(&site)).merge(more(&site));
        let routes = fenced(site, routes, &Quotas::default(), proxies.clone());
        let programs = api::fenced(&api, &Quotas::programs(), proxies.clone());
        let routes = Router::new().nest(api::PATH, programs).fallback_service(routes);
        let limits = ServeLimits { trusted: proxies.clone(), ..ServeLimits::default() };
        let site = Console::new(house.desk.clone(), &config.console.base_url, item_reader(house));
        let pages = console::fenced(&site, &Quotas::default(), proxies);
        parts.spawn(serve(listener, routes, limits.clone(), stop.clone()));
        parts.spawn(serve(staff, pages, limits, stop.clone()));
    }
    parts.spawn(forget_keys(house.desk.clone(), stop.clone()));
    let (desk, ledger) = (house.desk.clone(), house.ledger.clone());
    let mut sealer =
        if shape.worker { Sealer::new(desk, ledger) } else { Sealer::watching(desk, ledger) };
    // Before any job is taken, so that what is due need not wait until it is looked at again.
    let _ = timeout(HEAD_START, sealer.compare()).await;
    sealing.spawn(sealer.run(all_done.clone()));
    if shape.worker {
        warn_of_nobody(house, config).await;
        house
            .desk
            .start_ticking()
            .await
            .map_err(|error| StartProblem::new("database", "[database]", &error))?;
        let owner = format!("pid {}", std::process::id());
        let hooks = house.declare_webhook_lanes().await.map_err(|error| broken(&error))?;
        // A runner of their own: other people's servers that hang take no place from mails, stores
        // and archives.
        let usual = with_lease(RunnerSettings::usual(owner.clone(), lanes));
        // With a place for all that can be under way, whoever hangs.
        let at_once = hooks.len() * usize::from(WEBHOOK_WIDTH);
        let hooks = with_lease(RunnerSettings { at_once, ..RunnerSettings::usual(owner, hooks) });
        for settings in [usual, hooks].into_iter().filter(|settings| !settings.lanes.is_empty()) {
            let runner = Runner::new(
                house.db.clone(),
                Arc::new(house.worker()),
                settings,
                Arc::clone(&house.entropy),
            )
            .metered(house.meter.clone());
            parts.spawn(runner.run(stop.clone()));
        }
    }
    Ok(Running {
        listening,
        console: console_at,
        metrics: metrics_at,
        stop,
        parts,
        recordings,
        sealing,
        all_done,
    })
}

/// Tests that wait for leases to end make them shorter.
#[cfg(feature = "crash-points")]
fn with_lease(settings: RunnerSettings) -> RunnerSettings {
    match crate::crash::lease() {
        Some(lease) => RunnerSettings { lease, ..settings },
        None => settings,
    }
}

/// Leases are what they are.
#[cfg(not(feature = "crash-points"))]
const fn with_lease(settings: RunnerSettings) -> RunnerSettings {
    settings
}

/// Keeps no key of an archive in memory for longer than is stated, whichever process destroys it.
async fn forget_keys(desk: Desk, stop: CancellationToken) {
    while !stop.is_cancelled() {
        tokio::select! {
            () = stop.cancelled() => {}
            () = sleep(HELD) => {}
        }
        desk.forget_keys();
    }
}

/// Said where what is gathered waits for staff, and there is none.
pub const NOBODY_RELEASES: &str = "access or export waits for staff to release it, and nobody can; \
    invite an officer with `rightsdesk staff invite`, or set [review] to \"auto\"";

/// Said where fewer can approve deletions than it takes.
pub const TOO_FEW_APPROVE: &str = "fewer officers can approve deletions than it takes, so deletions \
    wait; invite officers with `rightsdesk staff invite`";

/// Says so in the log when what comes in would wait for nobody.
async fn warn_of_nobody(house: &House, config: &Config) {
    let waits = [config.review.access, config.review.export].contains(&Review::Staff);
    if waits && matches!(house.desk.able_to(Action::Release).await, Ok(0)) {
        tracing::warn!("{NOBODY_RELEASES}");
    }
    let needed = house.desk.approvals_needed();
    if let Ok(approvers) = house.desk.able_to(Action::Approve).await
        && approvers < needed
    {
        tracing::warn!(approvers, needed, "{TOO_FEW_APPROVE}");
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
    Arc::new(move |open: &OpenArchive, range| {
        let vault = vault.clone();
        let key = open.key.clone();
        let object = open.archive.object.as_deref();
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
