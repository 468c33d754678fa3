//! `rightsdesk audit`: the trail of a real service, damaged behind its back.

use std::fs;
use std::path::Path;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};

use crate::support::folder::Folder;
use crate::support::journey::Journey;
use crate::support::process::{Running, run};

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

    run(dir, &["check"]).expect(0, &["audit: ", "of them signed for"]);

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
    let desk = Running::serve(dir, &folder.base);
    Journey::ask(&desk, &["access"], "bob@example.org", "en").await.ready(0);
    let said = desk.said();
    assert!(said.contains("the audit trail does not hold"), "{said}");
    assert_eq!(desk.terminate(), Some(0));
    let after = fs::read_dir(dir.join("data/ledger/checkpoint")).unwrap();
    let after = after.map(|file| file.unwrap().path()).max().unwrap();
    assert_eq!(after, newest, "what does not hold is not signed");

    // The end is cut off, with the tree that is carried on.
    damage(dir, "DELETE FROM audit WHERE seq > 0; DELETE FROM meta WHERE key = 'audit'").await;
    run(dir, &["audit", "verify"]).expect(1, &["ends before line 1"]);
    run(dir, &["check"]).expect(1, &["BAD  audit: it has 0 line(s)"]);
}
