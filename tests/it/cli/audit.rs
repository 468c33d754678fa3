//! `rightsdesk audit`: the trail of a real service, damaged behind its back.

use std::fs;
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::support::folder::Folder;
use crate::support::http::Visitor;
use crate::support::journey::Journey;
use crate::support::process::{Running, run};
use crate::support::wait_for;

async fn damage(dir: &Path, statements: &str) {
    let file = SqliteConnectOptions::new().filename(dir.join("data/rightsdesk.db"));
    let mut own = file.connect().await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut own).await.unwrap();
    own.close().await.unwrap();
}

#[tokio::test]
async fn the_trail_of_a_service_holds_until_somebody_touches_it() {
    let folder = Folder::shop().await;
    let dir = &folder.dir;
    let desk = Running::serve(dir, &folder.base);
    Journey::ask(&desk, &["access"], "ada@example.org", "en").await.ready(0);
    assert_eq!(desk.terminate(), Some(0));
    let verify = run(dir, &["audit", "verify", "--json"]).expect(0, &[]).json();
    let lines = verify["lines"].as_u64().unwrap();
    assert!(lines >= 5, "{verify}");
    assert_eq!(verify["unsealed"], 0, "the last look is at the end: {verify}");
    assert!(verify["checkpoints"].as_u64().unwrap() >= 1, "{verify}");

    run(dir, &["check"]).expect(1, &["ok   audit: ", "of them signed for"]);

    run(dir, &["audit", "export", "trail.ndjson"]).expect(0, &["The trail holds"]);
    run(dir, &["audit", "export", "trail.ndjson"]).expect(2, &["is there already"]);
    let trail = folder.read("trail.ndjson");
    assert_eq!(trail.lines().count() as u64, lines);
    assert!(!trail.contains("example.org"), "{trail}");
    let newest = fs::read_dir(dir.join("data/ledger/checkpoint")).unwrap();
    let newest = newest.map(|file| file.unwrap().path()).max().unwrap();
    let elsewhere = ["--checkpoint", newest.to_str().unwrap(), "--key", "keys/signing.pub"];
    let from_file =
        |file: &'static str| run(dir, &[&["audit", "verify", file], &elsewhere[..]].concat());
    from_file("trail.ndjson").expect(0, &["The trail holds", "1 signed checkpoint"]);
    folder.write("forged.ndjson", &trail.replacen("\"person\"", "\"system\"", 1));
    from_file("forged.ndjson").expect(1, &["written anew"]);
    folder.write("short.ndjson", trail.split_inclusive('\n').next().unwrap());
    from_file("short.ndjson").expect(1, &["ends before line 1"]);
    run(dir, &["audit", "verify", "trail.ndjson"]).expect(2, &["--checkpoint"]);

    damage(dir, "UPDATE audit SET line = replace(line, 'person', 'system') WHERE seq = 1").await;
    run(dir, &["audit", "verify"]).expect(1, &["line 1 was changed"]);
    run(dir, &["audit", "accept-restore", "--yes"]).expect(1, &["line 1 was changed"]);
    damage(dir, "UPDATE audit SET line = replace(line, 'system', 'person') WHERE seq = 1").await;

    // The end is cut off.
    damage(dir, "DELETE FROM audit WHERE seq > 0").await;
    run(dir, &["audit", "verify"]).expect(1, &["ends before line 1"]);
    run(dir, &["audit", "accept-restore", "--yes"]).expect(1, &["no restore explains"]);
}

#[tokio::test]
async fn a_restored_backup_lets_nothing_out_until_it_is_accepted() {
    let folder = Folder::shop().await;
    let dir = &folder.dir;
    let desk = Running::serve(dir, &folder.base);
    Journey::ask(&desk, &["access"], "ada@example.org", "en").await.ready(0);
    assert_eq!(desk.terminate(), Some(0));
    run(dir, &["backup", "kept.db"]).expect(0, &[]);
    let before = run(dir, &["audit", "verify", "--json"]).expect(0, &[]).json();
    run(dir, &["audit", "accept-restore", "--yes"]).expect(1, &["nothing to accept"]);
    let desk = Running::serve(dir, &folder.base);
    Journey::ask(&desk, &["access"], "bob@example.org", "en").await.ready(0);
    assert_eq!(desk.terminate(), Some(0));
    let after = run(dir, &["audit", "verify", "--json"]).expect(0, &[]).json();

    let data = dir.join("data");
    for file in ["rightsdesk.db-wal", "rightsdesk.db-shm"] {
        // Fails only where there is none.
        let _ = fs::remove_file(data.join(file));
    }
    fs::rename(dir.join("kept.db"), data.join("rightsdesk.db")).unwrap();
    let desk = Running::serve(dir, &folder.base);
    wait_for("the comparison", || {
        desk.said().contains("the audit trail does not hold").then_some(())
    });
    let mut visitor = Visitor::new(&desk.base, "en");
    assert_eq!(visitor.get("/readyz").await.status, 200);
    // People can ask and prove who they are; no answer goes out.
    let asked = Journey::ask(&desk, &["access"], "carol@example.org", "en").await;
    assert_eq!(desk.terminate(), Some(0));
    drop(asked);
    let [from, to] = [&before, &after].map(|read| read["lines"].as_u64().unwrap());
    let ends = format!("ends before line {from}, and {to} lines were signed for");
    run(dir, &["audit", "verify"]).expect(1, &[&ends]);
    run(dir, &["check"]).expect(1, &["BAD  audit: ", "accept-restore"]);
    let lost = format!("Lines {from} to {to} are lost");
    run(dir, &["audit", "accept-restore"]).expect(1, &[&lost, "--yes"]);
    run(dir, &["audit", "accept-restore", "--yes"]).expect(0, &[&lost, "Accepted and signed"]);
    let desk = Running::serve(dir, &folder.base);
    Journey::ask(&desk, &["access"], "bob@example.org", "en").await.ready(0);
    assert_eq!(desk.terminate(), Some(0));
    let stated = format!("Lines {from} to {to} were lost by a restore accepted at 20");
    run(dir, &["audit", "verify"]).expect(0, &["The trail holds", &stated]);
    run(dir, &["check"]).expect(1, &["ok   audit: ", "of them signed for"]);

    // An auditor with an old checkpoint is shown the acceptance.
    run(dir, &["audit", "export", "trail.ndjson"]).expect(0, &[&stated]);
    let trail = folder.read("trail.ndjson");
    assert_eq!(trail.matches("\"kind\":\"audit.restored\"").count(), 1, "{trail}");
    let old = format!("data/ledger/checkpoint/{to:020}");
    let with = ["audit", "verify", "trail.ndjson", "--key", "keys/signing.pub", "--checkpoint"];
    run(dir, &[&with[..], &[&old]].concat()).expect(1, &["The trail does not hold"]);
    let accepted = format!("data/ledger/restore/{:020}", 1);
    run(dir, &[&with[..], &[&old, "--checkpoint", &accepted]].concat()).expect(0, &[&stated]);
}
