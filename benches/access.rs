//! An access request of one person with many rows: form, code, archive, download, over HTTP against
//! the real binary. Beside it, on the same rows in the same run, what reading and packing them costs
//! at the least: `sqlite3 … | zip -6`.
//!
//! `cargo bench --bench access -- [--rows 100000] [--rounds 3]`; `benches/README.md` says more.

#![expect(clippy::print_stdout, reason = "a benchmark is run to be read")]

mod rig {
    pub(crate) mod cpu;
    pub(crate) mod service;
    pub(crate) mod store;
    pub(crate) mod visit;
}

use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Instant;

use rig::cpu;
use rig::service::{OWN_FILE, Service};
use rig::store::{self, ADDRESS, PERSON};
use rig::visit::Visit;

const MIB: f64 = 1024.0;

/// The same rows as JSON lines.
const SELECT_JSON: &str = "SELECT json_object('kind', kind, 'occurred_at', occurred_at, 'amount', \
    amount, 'quantity', quantity, 'country', country, 'ip', ip, 'settings', settings, 'message', \
    message, 'note', note) FROM event WHERE customer_id = ";

/// What one round measured.
struct Round {
    start: f64,
    idle: f64,
    above: f64,
    cpu: f64,
    wall: f64,
    size: f64,
    limit: Option<Limit>,
}

struct Limit {
    cpu: f64,
    size: f64,
}

#[tokio::main]
async fn main() {
    let args: Vec<String> = std::env::args().collect();
    if !args.iter().any(|arg| arg == "--bench") {
        // `cargo test --all-targets` runs this too, to see that it starts.
        println!("not run: figures come from `cargo bench --bench access`");
        return;
    }
    let number = |name: &str| {
        let value = args.iter().skip_while(|arg| *arg != name).nth(1);
        value.map(|value| value.parse::<u32>().expect("a whole number"))
    };
    let rows = number("--rows").unwrap_or(100_000);
    let rounds = number("--rounds").unwrap_or(3);
    let folder = tempfile::tempdir().expect("there is room for temporary files");
    let shop = folder.path().join("shop.db");
    store::make(&shop, rows).await;
    println!("{rows} rows of one person, {:.1} MiB store, {rounds} rounds", mib(&shop));
    let mut all = Vec::new();
    for number in 0..rounds {
        let home = folder.path().join(format!("home-{number}"));
        let round = Round { limit: limit(&shop, folder.path()), ..access(&shop, &home).await };
        round.print();
        all.push(round);
    }
    print_medians(&all);
}

/// One request against a service of its own.
async fn access(shop: &Path, home: &Path) -> Round {
    Service::prepare(home, &store::map(shop), OWN_FILE);
    let begun = Instant::now();
    let service = Service::start(home);
    let mut visit = Visit::new(&service, home);
    assert!(visit.healthy().await, "it is healthy");
    let start = begun.elapsed().as_secs_f64();
    let idle = kib(service.memory("VmRSS"));
    let (before, begun) = (cpu::seconds(&service.id().to_string(), 13), Instant::now());
    let archive = home.join("archive.zip");
    visit.access(ADDRESS, &archive).await;
    let wall = begun.elapsed().as_secs_f64();
    let cpu = cpu::seconds(&service.id().to_string(), 13) - before;
    let above = kib(service.memory("VmHWM")) - idle;
    Round { start, idle, above, cpu, wall, size: mib(&archive), limit: None }
}

/// The same rows as JSON lines through `zip -6`. `None` where a tool is missing.
fn limit(shop: &Path, folder: &Path) -> Option<Limit> {
    let zip = folder.join("limit.zip");
    // Fails only where there is none.
    let _ = fs::remove_file(&zip);
    let before = cpu::seconds("self", 15);
    let done = Command::new("sh")
        .args(["-c", r#"sqlite3 -readonly "$1" "$2" | zip -q -6 "$3" -"#, "sh"])
        .arg(shop)
        .arg(format!("{SELECT_JSON}{PERSON}"))
        .arg(&zip)
        .stderr(Stdio::null())
        .status();
    let good = done.is_ok_and(|status| status.success()) && zip.exists();
    good.then(|| Limit { cpu: cpu::seconds("self", 15) - before, size: mib(&zip) })
}

fn kib(kib: u64) -> f64 {
    f64::from(u32::try_from(kib).expect("less than 4 TiB")) / MIB
}

fn mib(file: &Path) -> f64 {
    kib(fs::metadata(file).expect("it is there").len() / 1024)
}

impl Round {
    fn print(&self) {
        let Self { start, idle, above, cpu, wall, size, limit } = self;
        println!(
            "start {start:.2} s; idle {idle:.1} MiB, at most {above:.1} MiB above it; {cpu:.2} CPU s, \
             {wall:.2} s; archive {size:.1} MiB"
        );
        match limit {
            None => println!("  no limit: sqlite3 and zip are not installed"),
            Some(limit) => println!(
                "  sqlite3 | zip -6: {:.2} CPU s, {:.1} MiB; ratio {:.2}",
                limit.cpu,
                limit.size,
                cpu / limit.cpu
            ),
        }
    }
}

/// One figure of a round, where it was taken.
type Figure = fn(&Round) -> Option<f64>;

fn print_medians(all: &[Round]) {
    let figures: [(&str, Figure); 7] = [
        ("start to healthy, s", |round| Some(round.start)),
        ("idle, MiB", |round| Some(round.idle)),
        ("above idle, MiB", |round| Some(round.above)),
        ("CPU s, NDJSON and CSV", |round| Some(round.cpu)),
        ("wall s", |round| Some(round.wall)),
        ("CPU s, sqlite3 | zip -6, JSON alone", |round| Some(round.limit.as_ref()?.cpu)),
        ("ratio of CPU", |round| Some(round.cpu / round.limit.as_ref()?.cpu)),
    ];
    println!("median (least..most) of {}", all.len());
    for (name, figure) in figures {
        let mut values: Vec<f64> = all.iter().filter_map(figure).collect();
        values.sort_by(f64::total_cmp);
        if let (Some(least), Some(most)) = (values.first(), values.last()) {
            println!("{name}: {:.2} ({least:.2}..{most:.2})", values[values.len() / 2]);
        }
    }
}
