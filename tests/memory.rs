//! Memory of the real process while one person's many rows are gathered and downloaded.

#[path = "../benches/rig"]
mod rig {
    pub(crate) mod service;
    pub(crate) mod store;
    pub(crate) mod visit;
}

use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

use rig::service::{OWN_FILE, Service};
use rig::store::{self, ADDRESS};
use rig::visit::Visit;

const ROWS: u32 = 100_000;
/// Above idle, in KiB.
const MOST: u64 = 64 * 1024;

/// Lines of the collection's NDJSON files.
fn rows_in(archive: &Path) -> usize {
    let file = File::open(archive).expect("it was downloaded");
    let mut zip = zip::ZipArchive::new(file).expect("it is a zip");
    let many = zip.len();
    let lines = |at| {
        let entry = zip.by_index(at).expect("it is whole");
        let name = entry.name().expect("names are UTF-8").into_owned();
        let rows = name.starts_with("data/shop/event.") && name.ends_with(".ndjson");
        if rows { BufReader::new(entry).lines().count() } else { 0 }
    };
    (0..many).map(lines).sum()
}

#[tokio::test(flavor = "multi_thread")]
async fn a_hundred_thousand_rows_are_answered_within_64_mib_above_idle() {
    let folder = tempfile::tempdir().unwrap();
    let shop = folder.path().join("shop.db");
    store::make(&shop, ROWS).await;
    let home = folder.path().join("home");
    Service::prepare(&home, &store::map(&shop), OWN_FILE);
    let service = Service::start(&home);
    let mut visit = Visit::new(&service, &home);
    assert!(visit.healthy().await);
    let idle = service.memory("VmRSS");
    let archive = folder.path().join("archive.zip");
    visit.access(ADDRESS, &archive).await;
    let above = service.memory("VmHWM").saturating_sub(idle);
    assert_eq!(rows_in(&archive), ROWS as usize);
    assert!(above <= MOST, "{above} KiB above idle; {MOST} KiB are the most");
    println!("{above} KiB above {idle} KiB");
}
