//! `backup` and `keys`.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{ConnectOptions, Connection};

use crate::support::folder::Folder;
use crate::support::http::Visitor;
use crate::support::postgres::Postgres;
use crate::support::process::{Running, run};

fn form(of: usize) -> Vec<(&'static str, String)> {
    vec![("right", "access".into()), ("email", format!("person{of}@example.org"))]
}

async fn ask(base: &str, of: usize) {
    let form = form(of);
    let fields: Vec<(&str, &str)> = form.iter().map(|(name, value)| (*name, &**value)).collect();
    assert_eq!(Visitor::new(base, "en").post("/requests", &fields).await.status, 200);
}

#[tokio::test]
async fn a_backup_under_load_starts_and_holds_what_was_acknowledged_before() {
    let folder = Folder::shop().await;
    let desk = Running::serve(&folder.dir, &folder.base);
    for of in 0..5 {
        ask(&folder.base, of).await;
    }
    let (dir, base) = (folder.dir.clone(), folder.base.clone());
    let backup = tokio::task::spawn_blocking(move || run(&dir, &["backup", "copy.db", "--json"]));
    for of in 5..15 {
        ask(&base, of).await;
    }
    let said = backup.await.unwrap().expect(0, &[]).json();
    assert_eq!(said["ok"], true);
    assert!(said["keys"][0].as_str().unwrap().ends_with("keys/root.key"), "{said}");
    assert!(said["ledger"].as_str().unwrap().starts_with("file:"), "{said}");
    assert_eq!(desk.terminate(), Some(0));

    let copy = folder.dir.join("copy.db");
    let mut looked_at = SqliteConnectOptions::new().filename(&copy).connect().await.unwrap();
    let forms: i64 =
        sqlx::query_scalar("SELECT count(*) FROM intake").fetch_one(&mut looked_at).await.unwrap();
    looked_at.close().await.unwrap();
    assert!(forms >= 5, "{forms}");
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);
    assert!(!folder.dir.join("copy.db.part").exists());
    run(&folder.dir, &["backup", "copy.db"]).expect(2, &["is there already"]);

    for name in ["data/rightsdesk.db", "data/rightsdesk.db-wal", "data/rightsdesk.db-shm"] {
        let _ = fs::remove_file(folder.dir.join(name));
    }
    fs::rename(copy, folder.dir.join("data/rightsdesk.db")).unwrap();
    let applied = run(&folder.dir, &["migrate", "--json"]).expect(0, &[]).json();
    assert_eq!(applied["applied"].as_array().map(Vec::len), Some(0), "{applied}");
    let status = run(&folder.dir, &["keys", "status", "--json"]).expect(0, &[]).json();
    assert!(status["root"]["rows"].as_u64().unwrap() >= 5, "{status}");
    let desk = Running::serve(&folder.dir, &folder.base);
    assert_eq!(Visitor::new(&folder.base, "en").get("/readyz").await.status, 200);
    ask(&folder.base, 99).await;
    assert_eq!(desk.terminate(), Some(0));
}

#[tokio::test]
async fn a_new_root_key_seals_everything_and_the_old_one_stays_for_a_while() {
    let folder = Folder::shop().await;
    let desk = Running::serve(&folder.dir, &folder.base);
    ask(&folder.base, 1).await;
    let before = folder.read("keys/root.key");
    run(&folder.dir, &["keys", "rotate"]).expect(1, &["stop every one"]);
    assert_eq!(folder.read("keys/root.key"), before, "nothing was touched");
    assert_eq!(desk.terminate(), Some(0));

    let turned = run(&folder.dir, &["keys", "rotate", "--json"]).expect(0, &[]).json();
    assert!(turned["rows"].as_u64().unwrap() >= 1, "{turned}");
    let status = run(&folder.dir, &["keys", "status", "--json"]).expect(0, &[]).json();
    assert_eq!(status["root"]["id"], turned["root"]);
    assert_eq!(status["older"][0]["rows"], 0, "{status}");
    assert_eq!(status["older"][0]["removable"], false, "{status}");
    run(&folder.dir, &["keys", "rotate", "--finish"]).expect(1, &["is needed until"]);
    run(&folder.dir, &["check"]).expect(1, &["ok   root key"]);
    let desk = Running::serve(&folder.dir, &folder.base);
    ask(&folder.base, 2).await;
    assert_eq!(desk.terminate(), Some(0));

    let file = SqliteConnectOptions::new().filename(folder.dir.join("data/rightsdesk.db"));
    let mut database = file.connect().await.unwrap();
    let long_ago = "UPDATE meta SET value = '2026-01-01T00:00:00Z' WHERE key = 'key_rotation'";
    sqlx::query(long_ago).execute(&mut database).await.unwrap();
    database.close().await.unwrap();
    let done = run(&folder.dir, &["keys", "rotate", "--finish", "--json"]).expect(0, &[]).json();
    assert_eq!(done["removed"][0], status["older"][0]["id"], "{done}");
    let left = run(&folder.dir, &["keys", "status", "--json"]).expect(0, &[]).json();
    assert_eq!(left["older"].as_array().map(Vec::len), Some(0), "{left}");
    run(&folder.dir, &["check"]).expect(1, &["ok   root key"]);
}

/// A database of its own on the server of `RIGHTSDESK_TEST_POSTGRES`, as its URL.
#[tokio::test]
async fn a_backup_of_postgres_is_restored_by_pg_restore() {
    let Some(from) = Postgres::fresh("backup_from").await else { return };
    let Some(to) = Postgres::fresh("backup_to").await else { return };
    let (first, second) = (from.url.clone(), to.url.clone());
    let folder = Folder::shop().await;
    let section = format!("[database]\nurl = \"{first}\"\n[mail]");
    folder.replace("rightsdesk.toml", "[mail]", &section);
    run(&folder.dir, &["serve"]).expect(2, &["rightsdesk migrate"]);
    run(&folder.dir, &["migrate"]).expect(0, &[]);
    let desk = Running::serve(&folder.dir, &folder.base);
    for of in 0..3 {
        ask(&folder.base, of).await;
    }
    run(&folder.dir, &["keys", "rotate"]).expect(1, &["stop every one"]);
    run(&folder.dir, &["backup", "copy.dump"]).expect(0, &["keys/root.key"]);
    assert_eq!(desk.terminate(), Some(0));
    let copy = folder.dir.join("copy.dump");
    assert_eq!(fs::metadata(&copy).unwrap().permissions().mode() & 0o777, 0o600);

    let restored = std::process::Command::new("pg_restore")
        .args(["--no-owner", "--exit-on-error", "-d", &second])
        .arg(&copy)
        .status();
    assert!(restored.unwrap().success());
    folder.replace("rightsdesk.toml", &first, &second);
    let applied = run(&folder.dir, &["migrate", "--json"]).expect(0, &[]).json();
    assert_eq!(applied["applied"].as_array().map(Vec::len), Some(0), "{applied}");
    let turned = run(&folder.dir, &["keys", "rotate", "--json"]).expect(0, &[]).json();
    assert!(turned["rows"].as_u64().unwrap() >= 3, "{turned}");
    let desk = Running::serve(&folder.dir, &folder.base);
    ask(&folder.base, 9).await;
    assert_eq!(desk.terminate(), Some(0));
    from.end().await;
    to.end().await;
}
