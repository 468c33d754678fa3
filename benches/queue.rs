//! The queue of a service that has taken a million requests: first pages of every view and filter,
//! as an officer gets them from the real binary. Beside it, in the same run, the same pages where
//! there are few requests: what a page costs that no database can make slow.
//!
//! `cargo bench --bench queue -- [--requests 1000000] [--looks 200] [--postgres URL]`;
//! `benches/README.md` says more.

#![expect(clippy::print_stdout, reason = "a benchmark is run to be read")]

mod rig {
    pub(crate) mod cpu;
    pub(crate) mod desk;
    pub(crate) mod requests;
    pub(crate) mod service;
}

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;
use std::time::Instant;

use jiff::SignedDuration;
use reqwest::StatusCode;
use rig::cpu;
use rig::desk::Desk;
use rig::requests::{self, Known, officer};
use rig::service::{OWN_FILE, Service};
use rightsdesk::clock::{Clock as _, SystemClock};
use rightsdesk::db::Db;
use rightsdesk::domain::promise::PromiseState;
use rightsdesk::domain::queue::{Owner, QueueFilter, View};
use rightsdesk::domain::request::Channel;
use rightsdesk::domain::right::Right;
use rightsdesk::domain::state::Status;
use rightsdesk::ids::OsEntropy;
use rightsdesk::keys::Keys;
use rightsdesk::keys::root::RootKey;
use rightsdesk::keys::sealer::Sealer;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};

/// Requests of the service beside it: enough for full pages.
const FEW: u32 = 10_000;
/// A store that nobody asks; without one no service starts.
const MAP: &str = r#"format = "rightsdesk-map/1"
[store.shop]
kind = "sqlite"
url = "sqlite:shop.db"
label = { en = "Shop", de = "Laden" }
controller = "self"
purposes = ["contract"]
basis = "GDPR 6(1)(b)"
source = "the person"
recipients = []
country = "DE"
retention = "until the account is closed"
backup = "30d"
[store.shop.table.customer]
person = true
who = { email = "email" }
field = { email = "user.contact.email" }
"#;

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    if !args.iter().any(|arg| arg == "--bench") {
        // `cargo test --all-targets` runs this too, to see that it starts.
        println!("not run: figures come from `cargo bench --bench queue`");
        return;
    }
    let given = |name: &str| args.iter().skip_while(|arg| *arg != name).nth(1);
    let number =
        |name: &str| given(name).map(|value| value.parse::<u32>().expect("a whole number"));
    let many = number("--requests").unwrap_or(1_000_000);
    let looks = number("--looks").unwrap_or(200);
    let server = given("--postgres").map(String::as_str);
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let mut all = Vec::new();
    for (name, count) in [("few", FEW), ("many", many)] {
        let home = folder.path().join(name);
        let database = match server {
            Some(server) => new_database(server, name).await,
            None => OWN_FILE.to_owned(),
        };
        all.push(Figures::of(&home, &database, count, looks).await);
        if let Some(server) = server {
            drop_database(server, name).await;
        }
    }
    let [few, many] = &all[..] else { return };
    many.print(few);
}

/// Milliseconds of each look at each page.
struct Figures {
    times: BTreeMap<String, Vec<f64>>,
    cpu: f64,
    memory: u64,
}

impl Figures {
    async fn of(home: &Path, database: &str, count: u32, looks: u32) -> Self {
        Service::prepare(home, MAP, database);
        let shop = SqliteConnectOptions::new().filename(home.join("maps/shop.db"));
        let mut shop = shop.create_if_missing(true).connect().await.expect("there is room");
        let table = "CREATE TABLE customer (customer_id INTEGER PRIMARY KEY, email TEXT)";
        sqlx::query(table).execute(&mut shop).await.expect("it is empty");
        let begun = Instant::now();
        let known = fill(home, database, count).await;
        println!("{count} requests written in {:.0} s", begun.elapsed().as_secs_f64());
        let service = Service::start(home);
        let desk = Desk::open(&service).await;
        let pages = pages();
        let mut times: BTreeMap<String, Vec<f64>> = BTreeMap::new();
        let spent = || cpu::seconds(&service.id().to_string(), 13);
        let before = spent();
        // One page after the other, so that what else the machine does falls on all of them.
        for _ in 0..looks {
            for (name, path) in &pages {
                keep(&mut times, name, desk.look(path)).await;
            }
            let reference = desk.find(known.reference.as_str(), StatusCode::SEE_OTHER);
            keep(&mut times, "find a reference", reference).await;
            let address = desk.find(known.address.as_str(), StatusCode::OK);
            keep(&mut times, "find an address", address).await;
        }
        let all: usize = times.values().map(Vec::len).sum();
        let all = f64::from(u32::try_from(all).expect("nobody looks so often"));
        let cpu = (spent() - before) * 1e3 / all;
        Self { times, cpu, memory: service.memory("VmHWM") / 1024 }
    }

    fn print(&self, few: &Self) {
        println!("| page | p50 ms | p99 ms | p50 beside {FEW} |");
        println!("| --- | ---: | ---: | ---: |");
        for (page, times) in &self.times {
            let [half, high] = [50, 99].map(|at| percentile(times, at));
            let ratio = half / percentile(&few.times[page], 50);
            println!("| {page} | {half:.1} | {high:.1} | {ratio:.2} |");
        }
        let all: Vec<f64> = self.times.values().flatten().copied().collect();
        let worst = self.times.values().map(|times| percentile(times, 99)).fold(0.0, f64::max);
        println!(
            "all looks: p50 {:.1} ms, p99 {:.1} ms",
            percentile(&all, 50),
            percentile(&all, 99)
        );
        println!("the slowest page: p99 {worst:.1} ms");
        println!("CPU: {:.2} ms a page, {:.2} beside {FEW}", self.cpu, few.cpu);
        println!("memory: {} MiB, {} beside {FEW}", self.memory, few.memory);
    }
}

async fn keep(
    times: &mut BTreeMap<String, Vec<f64>>,
    what: &str,
    look: impl Future<Output = usize>,
) {
    let begun = Instant::now();
    let size = look.await;
    let took = begun.elapsed().as_secs_f64() * 1e3;
    assert!(size < 1 << 20, "{what}: {size} bytes are no page");
    times.entry(what.to_owned()).or_default().push(took);
}

/// At `percent` of the looks it took no longer.
fn percentile(times: &[f64], percent: usize) -> f64 {
    let mut sorted = times.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted[(sorted.len() * percent).div_ceil(100).saturating_sub(1)]
}

/// The first page of every view, of every filter within what is open and what is closed, some of
/// both together, and pages from the middle; each with a name.
fn pages() -> Vec<(String, String)> {
    let mut filters: Vec<QueueFilter> = View::ALL.iter().map(|one| QueueFilter::of(*one)).collect();
    for view in [View::Open, View::Closed] {
        let whole = QueueFilter::of(view);
        filters.extend(Right::ALL.iter().map(|one| QueueFilter { right: Some(*one), ..whole }));
        filters.extend(Channel::ALL.iter().map(|one| QueueFilter { channel: Some(*one), ..whole }));
        filters.extend(Status::ALL.iter().map(|one| QueueFilter { status: Some(*one), ..whole }));
        let owners = [Owner::Nobody, Owner::Staff(officer(0)), Owner::Staff(officer(99))];
        filters.extend(owners.map(|one| QueueFilter { owner: Some(one), ..whole }));
        let all = QueueFilter {
            right: Some(Right::Export),
            channel: Some(Channel::Letter),
            owner: Some(Owner::Staff(officer(1))),
            ..whole
        };
        let nobodys = QueueFilter { owner: Some(Owner::Staff(officer(99))), ..all };
        let refused = QueueFilter { status: Some(Status::Refused), ..nobodys };
        let rare = QueueFilter { status: Some(Status::Lapsed), owner: Some(Owner::Nobody), ..all };
        filters.extend([all, nobodys, refused, rare]);
    }
    let promises = [PromiseState::OnTime, PromiseState::AtRisk, PromiseState::Overdue];
    let open = QueueFilter::of(View::Open);
    filters.extend(promises.map(|one| QueueFilter { promise: Some(one), ..open }));
    let path = |filter: &QueueFilter| {
        let mut query = form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(filter.to_pairs());
        format!("/console/?{}", query.finish())
    };
    let query = |path: &str| path.trim_start_matches("/console/?").replace('&', " ");
    let named = filters.iter().map(path).map(|path| (query(&path), path));
    let mut pages: Vec<(String, String)> = named.collect();
    let middle = SystemClock.now() - SignedDuration::from_hours(36);
    let long_ago = SystemClock.now() - SignedDuration::from_hours(365 * 24);
    for (view, at) in [(View::Open, middle), (View::Closed, long_ago)] {
        let key = format!("{}.{}", at.as_millisecond(), uuid::Uuid::nil());
        let whole = path(&QueueFilter::of(view));
        pages.push((format!("{} from the middle", query(&whole)), format!("{whole}&after={key}")));
    }
    pages
}

/// Writes requests as the service would, with its own key.
async fn fill(home: &Path, database: &str, count: u32) -> Known {
    let root = RootKey::read(&home.join("keys/root.key")).expect("init has made one");
    let sealer = Sealer::new(Keys::new(&root, &[]), Arc::new(OsEntropy));
    let url = match database.strip_prefix("sqlite:") {
        Some(path) => format!("sqlite:{}", home.join(path).display()),
        None => database.to_owned(),
    };
    let db = Db::connect(&url, sealer).await.expect("the database is there");
    db.migrate().await.expect("it is empty");
    requests::make(&db, count, SystemClock.now()).await
}

fn named(name: &str) -> String {
    format!("rightsdesk_bench_{name}")
}

/// Makes an empty database on the server of `url`.
async fn new_database(url: &str, name: &str) -> String {
    drop_database(url, name).await;
    let mut server = PgConnection::connect(url).await.expect("the server is there");
    let create = format!("CREATE DATABASE {}", named(name));
    sqlx::query(AssertSqlSafe(create)).execute(&mut server).await.expect("it may be made");
    let mut url = url::Url::parse(url).expect("it is a URL");
    url.set_path(&named(name));
    url.into()
}

async fn drop_database(url: &str, name: &str) {
    let mut server = PgConnection::connect(url).await.expect("the server is there");
    let drop = format!("DROP DATABASE IF EXISTS {} WITH (FORCE)", named(name));
    sqlx::query(AssertSqlSafe(drop)).execute(&mut server).await.expect("it may be dropped");
}
