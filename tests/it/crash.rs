//! The process ends at the worst moment, and nothing is lost.

use tempfile::tempdir;

use crate::support::archive::Downloaded;
use crate::support::folder::Folder;
use crate::support::http::Visitor;
use crate::support::journey::Journey;
use crate::support::mail;
use crate::support::process::Running;
use crate::support::wait_for;

/// So many invoices that gathering them takes several pages.
const MANY: &str =
    "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
    INSERT INTO invoice SELECT i, 1, i / 8.0 FROM n;";

#[tokio::test]
async fn a_power_cut_while_gathering_costs_nothing_but_time() {
    let folder = Folder::shop().await;
    folder.sql(MANY).await;
    let desk = Running::serve(&folder.dir, &folder.base);
    let mut ada = Journey::ask(&desk, &["access"], "ada@example.org", "en").await;
    // The first segment lies there; the archive does not yet.
    let archives = folder.dir.join("data/archives");
    wait_for("a first segment", || files(&archives).into_iter().next());
    let cut = mail::sent(&desk.mails, "archive_ready", "ada@example.org").len();
    desk.kill();
    let desk = Running::serve(&folder.dir, &folder.base);
    let archive = Downloaded::new(&ada.download().await);
    assert_eq!(cut, 0, "the archive was ready before the cut, so nothing was tried");
    let totals = archive.rows("shop", "invoice");
    assert_eq!(totals.len(), 59_901 + 2, "every row, each once");
    archive.verify(&folder.dir).expect(0, &[]);
    assert_eq!(mail::sent(&desk.mails, "archive_ready", "ada@example.org").len(), 1);
}

#[tokio::test]
async fn a_request_taken_before_a_cut_is_there_after_it() {
    let temp = tempdir().unwrap();
    let dir = temp.path().join("sample");
    let demo = Running::demo(&dir);
    let address = demo.offered(1);
    let mut visitor = Visitor::new(&demo.base, "en");
    let form = [("right", "access"), ("email", address.as_str())];
    let sent = visitor.post("/requests", &form).await;
    demo.kill();
    let demo = Running::demo(&dir);
    let verify = mail::wait(&demo.mails, "verify", &address, 0);
    let mut visitor = Visitor::new(&demo.base, "en");
    let at = sent.path.replace("/sent", "/verify");
    let status = visitor.post(&at, &[("code", verify.code())]).await;
    assert!(status.path.starts_with("/status/"), "{status:?}");
    mail::wait(&demo.mails, "archive_ready", &address, 0);
}

fn files(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
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
