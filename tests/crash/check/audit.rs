//! P12: the audit trail verifies, also against a checkpoint that was kept elsewhere.

use std::fs;
use std::path::PathBuf;

use tempfile::TempDir;

use crate::house::House;

/// Checkpoints and the key, where nobody of the house can write.
#[derive(Debug)]
pub(crate) struct Outside {
    folder: TempDir,
}

impl Outside {
    pub(crate) fn new() -> Self {
        Self { folder: tempfile::tempdir().unwrap() }
    }

    /// Ends the house, for whoever ends signs a checkpoint, and copies that of the most lines.
    pub(crate) fn keep(&self, house: &House) {
        for node in &house.nodes {
            node.lock().unwrap().terminate();
        }
        fs::copy(newest(house).unwrap(), self.folder.path().join("checkpoint")).unwrap();
        let key = house.dir.join("keys/signing.pub");
        fs::copy(key, self.folder.path().join("signing.pub")).unwrap();
    }
}

/// Where the ledger of a house has its objects of a kind.
pub(crate) fn ledger(house: &House, kind: &str) -> PathBuf {
    let folder = house.storage.as_ref().map_or_else(
        || house.dir.join("data/ledger"),
        |storage| storage.folder.join("bucket/ledger"),
    );
    folder.join(kind)
}

/// The checkpoint of the most lines.
fn newest(house: &House) -> Option<PathBuf> {
    let files = fs::read_dir(ledger(house, "checkpoint")).into_iter().flatten();
    files.map(|entry| entry.unwrap().path()).filter(|path| is_checkpoint(path)).max()
}

/// How many lines of the trail no checkpoint was signed for yet.
pub(crate) async fn unsigned(house: &House) -> u64 {
    let signed = newest(house)
        .map_or(0, |path| path.file_name().unwrap().to_string_lossy().parse::<u64>().unwrap());
    house.database.number("SELECT count(*) FROM audit").await - signed
}

/// Not what the storage writes beside its objects.
fn is_checkpoint(path: &std::path::Path) -> bool {
    let name = path.file_name().unwrap_or_default().to_string_lossy();
    name.len() == 20 && name.bytes().all(|byte| byte.is_ascii_digit())
}

/// The trail in the database, and what an outsider sees of it.
pub(super) async fn holds(house: &House, outside: &Outside) {
    let said = house.command(&["--json", "audit", "verify"]);
    said.expect(0, &["\"unsealed\":0"]);
    let lines = said.json()["lines"].as_u64().unwrap();
    let events = house.database.number("SELECT count(*) FROM event").await;
    // Accounts, tokens and the trail itself have lines too, and are kept nowhere else.
    let others = "SELECT count(*) FROM audit WHERE line NOT LIKE '%\"request\":%'";
    let others = house.database.number(others).await;
    assert_eq!(lines, events + others, "a line for every event, and no other");
    let trail = outside.folder.path().join("trail.ndjson");
    let path = |name: &str| outside.folder.path().join(name).display().to_string();
    house.command(&["audit", "export", &trail.display().to_string()]).expect(0, &[]);
    let (checkpoint, key) = (path("checkpoint"), path("signing.pub"));
    let args = ["audit", "verify", &path("trail.ndjson"), "--checkpoint", &checkpoint];
    house.command(&[&args[..], &["--key", &key]].concat()).expect(0, &[]);
}
