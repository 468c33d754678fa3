//! A backup that is taken while people ask starts a service that knows them all.

use std::collections::BTreeSet;
use std::fs;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, Mutex};

use axum::http::Method;
use reqwest::header::LOCATION;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Row};
use tokio_util::task::TaskTracker;

use crate::support::folder::Folder;
use crate::support::http::Visitor;
use crate::support::journey::Journey;
use crate::support::process::{Running, run};
use crate::support::wait_for;

/// People who ask at the same time.
const CROWD: u32 = 3;
/// Requests that must have been acknowledged before and after the copy begins.
const ENOUGH: usize = 25;

/// Forms that are sent until it is told to stop, and the references that were given for them.
#[derive(Debug, Default)]
struct Load {
    asked: AtomicU32,
    stop: AtomicBool,
    acknowledged: Mutex<Vec<String>>,
}

impl Load {
    async fn run(&self, base: &str) {
        let visitor = Visitor::new(base, "en");
        while !self.stop.load(Ordering::SeqCst) {
            let number = self.asked.fetch_add(1, Ordering::SeqCst);
            let form = format!("right=access&email=person{number}%40example.org");
            let sent = visitor
                .request(Method::POST, "/requests")
                // As many people from many places.
                .header("X-Forwarded-For", format!("10.1.{}.{}", number / 250, number % 250))
                .header("Content-Type", "application/x-www-form-urlencoded")
                .body(form)
                .send()
                .await
                .unwrap();
            assert_eq!(sent.status(), 303);
            let reference = sent.headers()[LOCATION].to_str().unwrap().split('/').nth(2);
            self.acknowledged.lock().unwrap().push(reference.unwrap().to_owned());
        }
    }

    fn count(&self) -> usize {
        self.acknowledged.lock().unwrap().len()
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_backup_under_load_loses_nothing_that_was_acknowledged() {
    let folder = Folder::shop().await;
    folder.replace("rightsdesk.toml", "[console]", "trusted_proxies = [\"127.0.0.1\"]\n[console]");
    let desk = Running::serve(&folder.dir, &folder.base);
    let mut ada = Journey::ask(&desk, &["access"], "ada@example.org", "en").await;
    ada.ready(0);
    let load = Arc::new(Load::default());
    let crowd = TaskTracker::new();
    for _ in 0..CROWD {
        let (load, base) = (Arc::clone(&load), desk.base.clone());
        crowd.spawn(async move { load.run(&base).await });
    }
    wait_for("requests before the backup", || (load.count() >= ENOUGH).then_some(()));
    let before: BTreeSet<String> = load.acknowledged.lock().unwrap().iter().cloned().collect();
    run(&folder.dir, &["backup", "kept.db"]).expect(0, &["root.key"]);
    let then = load.count();
    wait_for("requests after it", || (load.count() >= then + ENOUGH).then_some(()));
    load.stop.store(true, Ordering::SeqCst);
    crowd.close();
    crowd.wait().await;
    desk.kill();

    // As `docs/operate.md` says.
    let data = folder.dir.join("data");
    for file in ["rightsdesk.db-wal", "rightsdesk.db-shm"] {
        // Fails only where there is none.
        let _ = fs::remove_file(data.join(file));
    }
    fs::rename(folder.dir.join("kept.db"), data.join("rightsdesk.db")).unwrap();
    // Where a checkpoint was signed since, the loss has to be accepted; else there is none.
    drop(run(&folder.dir, &["audit", "accept-restore", "--yes"]));
    let kept = references(&data.join("rightsdesk.db")).await;
    assert!(before.is_subset(&kept), "{:?} are lost", before.difference(&kept));
    assert!(kept.len() < load.count() + 1, "the copy is of one moment");
    let desk = Running::serve(&folder.dir, &folder.base);
    let page = ada.visitor.get(&ada.status).await;
    assert!(page.status == 200 && page.text.contains("R-"), "{page:?}");
    assert!(!ada.download().await.is_empty());
    let bob = Journey::ask(&desk, &["access"], "bob@example.org", "en").await;
    bob.ready(0);
}

async fn references(file: &Path) -> BTreeSet<String> {
    let mut kept = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
    let rows = sqlx::query("SELECT reference FROM request").fetch_all(&mut kept).await.unwrap();
    rows.iter().map(|row| row.get(0)).collect()
}
