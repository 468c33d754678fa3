//! `rightsdesk demo`, as somebody meets it who has just built it.

use std::fs;
use std::path::Path;

use tempfile::tempdir;

use crate::support::archive::Downloaded;
use crate::support::folder::Folder;
use crate::support::http::Visitor;
use crate::support::journey::Journey;
use crate::support::process::{Running, run};

#[tokio::test]
async fn the_offered_address_gets_rows_and_pictures_and_nobody_elses() {
    let temp = tempdir().unwrap();
    let dir = temp.path().join("sample");
    let demo = Running::demo(&dir);
    for (key, path) in [("form", "/"), ("mailbox", "/demo/mail")] {
        assert_eq!(demo.ready[key], format!("{}{path}", demo.base));
    }
    assert_eq!(demo.ready["config"], dir.join("rightsdesk.toml").to_str().unwrap());
    let mira = demo.offered(0);
    let mut journey = Journey::ask(&demo, &["access"], &mira, "en").await;
    let archive = Downloaded::new(&journey.download().await);
    assert!(archive.counts("studio").len() > 5, "{:?}", archive.counts("studio"));
    assert!(archive.entries.keys().filter(|name| name.starts_with("files/")).count() > 2);
    let text = archive.all_text();
    for at in 1..8 {
        let other = demo.offered(at);
        assert!(!text.contains(&other), "{other} stands in the archive of {mira}");
    }
    assert!(!text.contains("$argon2"));
    archive.verify(&dir).expect(0, &["whole and signed"]);
}

#[tokio::test]
async fn a_second_start_goes_on_with_its_requests() {
    let temp = tempdir().unwrap();
    let dir = temp.path().join("sample");
    let demo = Running::demo(&dir);
    let mira = demo.offered(0);
    let first = Journey::ask(&demo, &["export"], &mira, "en").await;
    first.ready(0);
    let status = first.status.clone();
    assert_eq!(demo.terminate(), Some(0));
    // Another free port, so that links in mails still name the old one; paths stay.
    let demo = Running::demo(&dir);
    let page = Visitor::new(&demo.base, "en").get(&status).await;
    assert_eq!(page.status, 200);
    assert!(page.text.contains("R-"), "{}", page.text);
    let mailbox = Visitor::new(&demo.base, "en").get("/demo/mail").await;
    assert!(mailbox.text.contains("archive_ready"), "{}", mailbox.text);
}

#[tokio::test]
async fn two_demos_run_side_by_side() {
    let temp = tempdir().unwrap();
    let [one, two] = ["one", "two"].map(|name| Running::demo(&temp.path().join(name)));
    for demo in [&one, &two] {
        let page = Visitor::new(&demo.base, "en").get("/").await;
        assert_eq!(page.status, 200);
    }
    let keys = ["one", "two"].map(|name| fs::read(temp.path().join(name).join("keys/root.key")));
    assert_ne!(keys[0].as_ref().unwrap(), keys[1].as_ref().unwrap(), "secrets are made anew");
}

#[test]
fn a_folder_of_somebody_else_is_left_alone() {
    let temp = tempdir().unwrap();
    fs::write(temp.path().join("thesis.txt"), "years of work").unwrap();
    let at = temp.path().to_str().unwrap();
    run(temp.path(), &["demo", "--dir", at]).expect(2, &[at, "--dir"]);
    let names: Vec<_> = fs::read_dir(temp.path()).unwrap().collect();
    assert_eq!(names.len(), 1, "nothing was written");
    let folder = Folder::new();
    let at = folder.dir.to_str().unwrap();
    run(temp.path(), &["demo", "--dir", at]).expect(2, &[at, "--dir"]);
}

#[test]
fn only_this_machine_can_reach_a_demo() {
    let temp = tempdir().unwrap();
    for listen in ["0.0.0.0:8080", "192.0.2.1:8080", "[::]:8080"] {
        let said = run(temp.path(), &["demo", "--listen", listen]);
        said.expect(2, &["--listen", "127.0.0.1:PORT"]);
    }
    assert!(!Path::new(&temp.path().join("rightsdesk-demo")).exists(), "nothing was written");
}

#[tokio::test]
async fn serve_refuses_what_belongs_to_a_demo() {
    let temp = tempdir().unwrap();
    let dir = temp.path().join("sample");
    assert_eq!(Running::demo(&dir).terminate(), Some(0));
    run(&dir, &["serve"]).expect(2, &["rightsdesk.toml", "rightsdesk init"]);
    // Without the line in the configuration, keys and database still say whose they are.
    let config = dir.join("rightsdesk.toml");
    let text = fs::read_to_string(&config).unwrap().replace("demo = true", "demo = false");
    fs::write(&config, text).unwrap();
    run(&dir, &["serve"]).expect(2, &["rightsdesk.toml", "rightsdesk init"]);
}
