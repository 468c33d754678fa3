//! Masking many rows of one person in one step of a store's adapter. Beside it, on the same rows in
//! the same run, the bare statements in one durable transaction.
//!
//! `cargo bench --bench erase -- [--rows 10000] [--rounds 5] [--postgres URL]`; `benches/README.md`
//! says more.

#![expect(clippy::print_stdout, reason = "a benchmark is run to be read")]

use std::path::Path;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rightsdesk::domain::erase::{Done, EraseScope};
use rightsdesk::domain::subject::{KeyKind, SubjectKey};
use rightsdesk::ids::{Entropy, OsEntropy};
use rightsdesk::keys::Keys;
use rightsdesk::keys::root::RootKey;
use rightsdesk::meter::Meter;
use rightsdesk::store::erase::{Reach, Step};
use rightsdesk::store::map::parse;
use rightsdesk::store::registry;
use rightsdesk::store::throttle::Limits;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _};

/// How many rows of others stand beside one of the person's.
const OTHERS: u32 = 3;

const SCHEMA: &str = "
    CREATE TABLE customer (customer_id INTEGER PRIMARY KEY, email TEXT NOT NULL);
    CREATE TABLE event (event_id INTEGER PRIMARY KEY, customer_id INTEGER NOT NULL, ip TEXT,
        message TEXT, note TEXT, amount INTEGER);
    CREATE INDEX event_customer ON event (customer_id);
    INSERT INTO customer VALUES (1, 'many@example.org'), (2, 'other@example.org');
    INSERT INTO event WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < $ALL)
        SELECT i, CASE WHEN i <= $OWN THEN 1 ELSE 2 END, '192.0.2.' || (i % 250),
            'a message of some length, number ' || i, 'a note', i FROM n;";

const BARE: &str = "BEGIN;
    UPDATE event SET message = NULL, note = NULL WHERE customer_id = 1;
    UPDATE event SET ip = 'erased' WHERE customer_id = 1;
    COMMIT;";

const TABLES: &str = r#"
label = { en = "Shop", de = "Laden" }
controller = "self"
purposes = ["contract"]
basis = "GDPR 6(1)(b)"
source = "the person"
recipients = []
country = "DE"
retention = "a year"
backup = "30d"
[store.shop.table.customer]
person = true
who = { email = "email" }
erase = "delete"
[store.shop.table.event]
via = "customer_id -> customer.customer_id"
field = { ip = { is = "user.device.ip_address", erase = { hmac = "ip" } }, message = "user.content", note = "user.content" }
ignore = ["amount"]
erase = "mask"
"#;

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    if !args.iter().any(|arg| arg == "--bench") {
        // `cargo test --all-targets` runs this too, to see that it starts.
        println!("not run: figures come from `cargo bench --bench erase`");
        return;
    }
    let value = |name: &str| args.iter().skip_while(|arg| *arg != name).nth(1);
    let number = |name: &str| value(name).map(|value| value.parse().expect("a whole number"));
    let (rows, rounds) = (number("--rows").unwrap_or(10_000), number("--rounds").unwrap_or(5));
    let server = value("--postgres").map(String::as_str);
    println!(
        "{rows} rows of one person, {rounds} rounds, {}",
        server.map_or("SQLite", |_| "PostgreSQL")
    );
    let mut all = Vec::new();
    for _ in 0..rounds {
        let folder = tempfile::tempdir().expect("there is room for temporary files");
        let round = match server {
            Some(server) => in_postgres(server, folder.path(), rows).await,
            None => in_sqlite(folder.path(), rows).await,
        };
        println!(
            "bare {:>8.1} ms, step {:>8.1} ms, {:.2} times",
            ms(round.0),
            ms(round.1),
            ratio(round)
        );
        all.push(ratio(round));
    }
    all.sort_by(f64::total_cmp);
    println!("median {:.2} times; reach: 3", all[all.len() / 2]);
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn ratio((bare, step): (Duration, Duration)) -> f64 {
    step.as_secs_f64() / bare.as_secs_f64()
}

fn schema(rows: u32) -> String {
    let all = rows * (OTHERS + 1);
    SCHEMA.replace("$ALL", &all.to_string()).replace("$OWN", &rows.to_string())
}

async fn in_sqlite(folder: &Path, rows: u32) -> (Duration, Duration) {
    let mut bare = Duration::ZERO;
    for name in ["bare.db", "shop.db"] {
        let options = SqliteConnectOptions::new().filename(folder.join(name));
        let mut session = options.create_if_missing(true).connect().await.expect("a file opens");
        let run = AssertSqlSafe(format!("PRAGMA journal_mode = WAL; {}", schema(rows)));
        sqlx::raw_sql(run).execute(&mut session).await.expect("the schema is right");
        if name == "bare.db" {
            let begun = Instant::now();
            sqlx::raw_sql(BARE).execute(&mut session).await.expect("the rows are there");
            bare = begun.elapsed();
        }
        session.close().await.expect("a file closes");
    }
    let url = "kind = \"sqlite\"\nurl = \"sqlite:shop.db\"";
    (bare, step(folder, url, rows).await)
}

async fn in_postgres(server: &str, folder: &Path, rows: u32) -> (Duration, Duration) {
    let mut admin = PgConnection::connect(server).await.expect("the server answers");
    let name = format!("rightsdesk_bench_{}", std::process::id());
    let mut url: url::Url = server.parse().expect("a URL");
    let (mut bare, mut step) = (Duration::ZERO, Duration::ZERO);
    for with_adapter in [false, true] {
        let make = AssertSqlSafe(format!("CREATE DATABASE {name}"));
        sqlx::raw_sql(make).execute(&mut admin).await.expect("databases can be made");
        url.set_path(&name);
        let mut session = PgConnection::connect(url.as_str()).await.expect("it is there");
        let run = AssertSqlSafe(format!("{}; ANALYZE", schema(rows)));
        sqlx::raw_sql(run).execute(&mut session).await.expect("the schema is right");
        if with_adapter {
            std::fs::write(folder.join("url"), url.as_str()).expect("the folder takes a file");
            let map = "kind = \"postgres\"\nurl = { file = \"url\" }";
            step = self::step(folder, map, rows).await;
        } else {
            let begun = Instant::now();
            sqlx::raw_sql(BARE).execute(&mut session).await.expect("the rows are there");
            bare = begun.elapsed();
        }
        session.close().await.expect("it closes");
        let drop = AssertSqlSafe(format!("DROP DATABASE {name} WITH (FORCE)"));
        sqlx::raw_sql(drop).execute(&mut admin).await.expect("it can go");
    }
    (bare, step)
}

/// How long the step takes, without the plan before it and the look behind it.
async fn step(folder: &Path, url: &str, rows: u32) -> Duration {
    let text = format!("format = \"rightsdesk-map/1\"\n[store.shop]\n{url}{TABLES}");
    let map = parse(&folder.join("shop.toml"), &text, &|_| None).expect("the map is right");
    let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
    let peppers = Keys::new(&RootKey::draw(&*entropy), &[]).peppers();
    let opened =
        registry::open(&[map], Limits::default(), &entropy, &Meter::default(), Some(&peppers));
    let stores = opened.expect("the store opens");
    let keys = [SubjectKey::new(KeyKind::email(), "many@example.org").expect("a key")];
    let now = "2026-11-21T00:00:00Z".parse().expect("a time");
    let most = u64::from(rows) * 2;
    let reach = Reach { keys: &keys, scope: &EraseScope::Everything, files: &[], now, most };
    let eraser = stores["shop"].erase().expect("it can");
    let plan = eraser.plan(&reach).await.expect("a plan");
    let step = Step { part: &plan.steps[0], people: &plan.people, new: 0 };
    let begun = Instant::now();
    let done = eraser.execute(&reach, &step).await.expect("a step");
    let took = begun.elapsed();
    let Done::Changed(changed) = done else { panic!("stopped") };
    assert_eq!(changed.rows.len(), usize::try_from(rows).expect("a count"));
    took
}
