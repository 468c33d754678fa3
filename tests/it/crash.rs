//! The process ends at the worst moment, and nothing is lost.

use std::path::{Path, PathBuf};

use crate::support::archive::Downloaded;
use crate::support::folder::Folder;
use crate::support::http::Visitor;
use crate::support::journey::Journey;
use crate::support::mail;
use crate::support::process::Running;
use crate::support::{PATIENCE, wait_for};

/// So many invoices that gathering them takes several pages.
const MANY: &str =
    "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
    INSERT INTO invoice SELECT i, 1, i / 8.0 FROM n;";

/// A job of a process that is gone is given to the next when its lease has run out, which takes half
/// a minute; so one cut has to do for all.
#[tokio::test]
async fn a_power_cut_costs_nothing_but_time() {
    let folder = Folder::shop().await;
    folder.sql(MANY).await;
    let desk = Running::serve(&folder.dir, &folder.base);
    let mut ada = Journey::ask(&desk, &["access"], "ada@example.org", "en").await;
    // The first segment lies there; the archive does not yet.
    let archives = folder.dir.join("data/archives");
    wait_for("a first segment", || files(&archives).into_iter().next());
    let mut bob = Visitor::new(&desk.base, "en");
    let sent = bob.post("/requests", &[("right", "export"), ("email", "bob@example.org")]).await;
    let ready = mail::sent(&desk.mails, "archive_ready", "ada@example.org").len();
    desk.kill();
    assert_eq!(ready, 0, "the archive was ready before the cut, so nothing was tried");

    let desk = Running::serve(&folder.dir, &folder.base);
    let patience = 3 * PATIENCE;
    mail::wait_long(&desk.mails, "verify", "bob@example.org", patience);
    let code = mail::sent(&desk.mails, "verify", "bob@example.org").pop().unwrap();
    let at = sent.path.replace("/sent", "/verify");
    let status = bob.post(&at, &[("code", code.code())]).await;
    assert!(status.path.starts_with("/status/"), "{status:?}");
    mail::wait_long(&desk.mails, "archive_ready", "bob@example.org", patience);

    mail::wait_long(&desk.mails, "archive_ready", "ada@example.org", patience);
    let archive = Downloaded::new(&ada.download().await);
    assert_eq!(archive.rows("shop", "invoice").len(), 59_901 + 2, "every row, each once");
    archive.verify(&folder.dir).expect(0, &[]);
    assert_eq!(mail::sent(&desk.mails, "archive_ready", "ada@example.org").len(), 1);
}

fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    let mut folders = vec![folder.to_owned()];
    while let Some(folder) = folders.pop() {
        for entry in std::fs::read_dir(folder).into_iter().flatten() {
            let path = entry.unwrap().path();
            if path.is_dir() { folders.push(path) } else { found.push(path) }
        }
    }
    found
}
