//! P21 and P23: what is gone is gone from storage too, and nothing grows with each kill.

use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use super::none;
use crate::house::House;

/// Resident memory of one process, built without optimisation, in MiB.
const MEMORY: u64 = 400;
/// Open files and connections of one process.
const OPEN: usize = 200;
/// Connections to the database of one process: its pool, and one that listens.
const SESSIONS: u64 = 17;

pub(super) async fn hold(house: &House) {
    let mut wrong = Vec::new();
    for node in &house.nodes {
        let node = node.lock().unwrap();
        let Some(pid) = node.pid() else { continue };
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap();
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:")).unwrap();
        let memory = line.trim().trim_end_matches(" kB").parse::<u64>().unwrap() / 1024;
        if memory > MEMORY {
            wrong.push(format!("{} has {memory} MiB", node.name));
        }
        // Only root may look at those of a process that leaves no core.
        if let Ok(open) = fs::read_dir(format!("/proc/{pid}/fd")) {
            let open = open.count();
            if open > OPEN {
                wrong.push(format!("{} has {open} open files", node.name));
            }
        }
    }
    for file in files(&house.dir.join("tmp")) {
        wrong.push(format!("{} was left behind", file.display()));
    }
    if house.database.is_postgres() {
        let sessions = "SELECT count(*) FROM pg_stat_activity \
            WHERE datname = current_database() AND application_name = 'rightsdesk'";
        let sessions = house.database.number(sessions).await;
        if sessions > SESSIONS * house.nodes.len() as u64 {
            wrong.push(format!("{sessions} connections to the database"));
        }
    }
    wrong.extend(gone_but_stored(house).await);
    none("bounds", &wrong, house);
}

/// Every file below a folder.
pub(crate) fn files(folder: &Path) -> Vec<PathBuf> {
    let (mut found, mut folders) = (Vec::new(), vec![folder.to_owned()]);
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}

/// The folder or bucket of sealed objects.
pub(crate) fn archives(house: &House) -> PathBuf {
    house.storage.as_ref().map_or_else(
        || house.dir.join("data/archives"),
        |storage| storage.folder.join("bucket/archives"),
    )
}

/// Objects of archives that are gone or never were, and more than the archive of those that are
/// ready. One that was withdrawn may be gone before it was made.
async fn gone_but_stored(house: &House) -> Vec<String> {
    let id = if house.database.is_postgres() { "CAST(id AS TEXT)" } else { "lower(hex(id))" };
    let ready = house
        .database
        .rows(&format!("SELECT replace({id}, '-', '') FROM archive WHERE state = 'ready'"))
        .await;
    let mut ready: BTreeSet<String> = ready.into_iter().map(|mut row| row.remove(0)).collect();
    let folder = archives(house);
    let mut wrong = Vec::new();
    for file in files(&folder) {
        let within = file.strip_prefix(&folder).unwrap();
        let first = within.components().next().unwrap().as_os_str().to_string_lossy();
        if !ready.remove(&first.replace('-', "")) {
            wrong.push(format!("{} belongs to no archive, or is too much", within.display()));
        }
    }
    wrong.extend(ready.iter().map(|id| format!("{id} is ready and not stored")));
    wrong
}
