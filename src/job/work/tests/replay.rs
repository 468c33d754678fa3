//! A store that was put back from a backup: what was deleted is there again, and goes again once an
//! officer has approved it; nobody else is touched. On SQLite and PostgreSQL stores, and with files.

use std::collections::BTreeSet;
use std::path::PathBuf;

use jiff::Timestamp;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};

use super::erase::why;
use super::*;
use crate::db::testing::db_test;
use crate::domain::deletion_note::DeletionNote;
use crate::domain::replay::{LeftWhy, Replay, ReplayLeft, ReplayState, StepFate};
use crate::domain::request::Outcome;
use crate::domain::staff::{Member, Role};
use crate::service::case::Deed;
use crate::service::replay::ReplayFound;
use crate::store::postgres::tests::{Fresh, run};
use crate::store::testing::seed;

const TABLES: &str =
    "CREATE TABLE person(id INTEGER PRIMARY KEY, email TEXT, name TEXT, born TEXT, \
    seen TEXT);
    CREATE TABLE note(k INTEGER PRIMARY KEY, owner INTEGER REFERENCES person(id), body TEXT);
    CREATE TABLE invoice(n INTEGER PRIMARY KEY, owner INTEGER REFERENCES person(id), address TEXT);
    CREATE TABLE liked(person INTEGER REFERENCES person(id), note INTEGER, \
    PRIMARY KEY (person, note));";
const ADA_ROWS: &str =
    "INSERT INTO person VALUES (1, 'ada@example.org', 'Ada', '2020-01-01', 'mon');
    INSERT INTO note VALUES (1, 1, 'first'), (2, 1, 'second');
    INSERT INTO invoice VALUES (1, 1, 'Street 1');
    INSERT INTO liked VALUES (1, 7);";
const OTHERS: &str = "INSERT INTO person VALUES (2, 'bob@example.org', 'Bob', '2021-01-01', 'tue'),
        (3, 'ADA@example.org', 'Another', '2022-01-01', 'wed');
    INSERT INTO note VALUES (3, 2, 'of bob'), (4, 3, 'of another');
    INSERT INTO invoice VALUES (2, 2, 'Road 2');
    INSERT INTO liked VALUES (2, 7);";
const MAP: &str = "[store.shop.table.person]\nperson = true\n\
    who = { email = \"email\", user = \"id\" }\ncreated = \"born\"\n\
    field = { name = \"user.name\", seen = \"user.behavior\" }\nerase = \"mask\"\n\
    [store.shop.table.note]\nvia = \"owner -> person.id\"\n\
    field = { body = \"user.content\" }\nerase = \"delete\"\n\
    [store.shop.table.invoice]\nvia = \"owner -> person.id\"\n\
    field = { address = { is = \"user.contact\", erase = { constant = \"gone\" } } }\n\
    erase = \"mask\"\n\
    [store.shop.table.liked]\nvia = \"person -> person.id\"\nerase = \"delete\"\n";
const FILES: &str = "[store.images]\nkind = \"objects\"\nurl = \"file:images\"\n\
    label = { en = \"Images\" }\ncontroller = \"self\"\npurposes = [\"contract\"]\n\
    basis = \"GDPR 6(1)(b)\"\nsource = \"the person\"\nrecipients = []\ncountry = \"DE\"\n\
    retention = \"a year\"\nbackup = \"30d\"\n\
    [store.images.prefix.uploads]\nkey = \"uploads/{user}/\"\nis = \"user.content\"\n\
    erase = \"delete\"\n";

/// Where the shop's rows stand.
enum Shop {
    Sqlite(PathBuf),
    Postgres(Fresh),
}

impl Shop {
    async fn run(&self, sql: &str) {
        match self {
            Self::Sqlite(file) => seed(file, sql).await,
            Self::Postgres(fresh) => run(&fresh.url, sql).await,
        }
    }

    async fn rows(&self, sql: String) -> Vec<String> {
        let sql = AssertSqlSafe(sql);
        match self {
            Self::Sqlite(file) => {
                let mut session =
                    SqliteConnectOptions::new().filename(file).connect().await.unwrap();
                let rows = sqlx::query(sql).fetch_all(&mut session).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
            Self::Postgres(fresh) => {
                let mut session = PgConnection::connect(fresh.url.as_str()).await.unwrap();
                let rows = sqlx::query(sql).fetch_all(&mut session).await.unwrap();
                rows.iter().map(|row| row.get(0)).collect()
            }
        }
    }

    /// Every row of every table as one text.
    async fn dump(&self) -> Vec<String> {
        let mut all = Vec::new();
        for (table, columns) in [
            ("person", &["id", "email", "name", "born", "seen"][..]),
            ("note", &["k", "owner", "body"]),
            ("invoice", &["n", "owner", "address"]),
            ("liked", &["person", "note"]),
        ] {
            let texts = columns.iter().map(|one| format!("coalesce(cast({one} AS text), '-')"));
            let texts: Vec<String> = texts.collect();
            let texts = texts.join(" || '|' || ");
            all.extend(
                self.rows(format!("SELECT '{table}|' || {texts} FROM {table} ORDER BY 1")).await,
            );
        }
        all
    }

    /// As a backup from before is put back: everything of Ada's is there as it was.
    async fn restore(&self) {
        self.run(
            "DELETE FROM liked WHERE person = 1; DELETE FROM note WHERE owner = 1; \
             DELETE FROM invoice WHERE owner = 1; DELETE FROM person WHERE id = 1;",
        )
        .await;
        self.run(ADA_ROWS).await;
    }
}

/// A service over a shop and its pictures; nothing where the shop's server is not there.
struct Town {
    house: House,
    shop: Shop,
    dir: TempDir,
    officer: Member,
}

impl Town {
    async fn open(db: &TestDb, postgres: bool) -> Option<Self> {
        let dir = tempfile::tempdir().unwrap();
        let sql = format!("{TABLES}{ADA_ROWS}{OTHERS}");
        let file = dir.path().join("shop.db");
        let (shop, kind, url) = if postgres {
            let fresh = Fresh::new(&sql).await?;
            let url = fresh.url.to_string();
            (Shop::Postgres(fresh), "postgres", url)
        } else {
            seed(&file, &sql).await;
            (Shop::Sqlite(file), "sqlite", "sqlite:shop.db".to_owned())
        };
        for (key, text) in [("1/a.png", "ada's"), ("2/b.png", "bob's")] {
            let path = dir.path().join("images/uploads").join(key);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        let head = FILES.split("[store.images.prefix").next().unwrap();
        let head = head.replace("images", "shop").replace("objects", kind);
        let head = head.replace("file:shop", &url);
        let stores = opened(dir.path(), &format!("{head}{MAP}{FILES}"));
        let house = House::new(db, stores).await;
        let officer = house.works("one@example.com", Role::Officer).await;
        Some(Self { house, shop, dir, officer })
    }

    fn file(&self, key: &str) -> Option<String> {
        std::fs::read_to_string(self.dir.path().join("images/uploads").join(key)).ok()
    }

    /// Ada asks for everything to be deleted, and it is.
    async fn delete_ada(&self) {
        let two = [self.officer.clone(), self.house.works("two@example.com", Role::Officer).await];
        let (reference, _) = self.house.answered(&[Right::Deletion], ADA).await;
        self.house.agreed(&two, &reference).await;
        self.house.cools_off().await;
        assert_eq!(self.house.run_until_idle().await, []);
        let outcome = self.house.request(&reference).await.outcome;
        assert_eq!(outcome, Some(Outcome::Full));
        self.house.later(24);
    }

    async fn look(&self) -> ReplayFound {
        let since: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let ledger = &self.house.worker.ledger;
        self.house.desk().plan_replay(ledger, since, &BTreeSet::new()).await.unwrap()
    }

    async fn approve(&self, replay: &Replay) -> Deed {
        let by = Member { stepped_up_at: self.house.desk().now(), ..self.officer.clone() };
        let deed = self.house.desk().approve_replay(&by, replay.id, &replay.digest).await.unwrap();
        assert_eq!(self.house.run_until_idle().await, []);
        deed
    }

    async fn newest(&self) -> Replay {
        self.house.desk().replays().await.unwrap().remove(0)
    }
}

fn left(replay: &Replay) -> Vec<(&str, LeftWhy, u64)> {
    replay.left.iter().map(|left| (left.collection.as_str(), left.why, left.rows)).collect()
}

async fn all_goes_again(db: &TestDb, postgres: bool) {
    let Some(town) = Town::open(db, postgres).await else { return };
    let before = town.shop.dump().await;
    town.delete_ada().await;
    let deleted = town.shop.dump().await;
    assert!(before.len() > deleted.len() && town.file("1/a.png").is_none());
    let nothing = town.look().await;
    assert_eq!((nothing.deletions, nothing.replay.lines.len()), (1, 0));
    assert_eq!(left(&nothing.replay), []);

    town.shop.restore().await;
    assert_eq!(town.shop.dump().await, before, "the backup is from before");
    let file = town.dir.path().join("images/uploads/1/a.png");
    std::fs::write(&file, "ada's").unwrap();
    // Since then her address has signed up anew, and so has somebody else.
    town.shop
        .run(
            "INSERT INTO person VALUES (8, 'ada@example.org', 'Ada anew', '2026-03-05', 'thu'),
                (9, 'eve@example.org', 'Eve', '2026-03-05', 'fri');
             INSERT INTO note VALUES (20, 8, 'anew'), (21, 9, 'of eve');",
        )
        .await;
    let restored = town.shop.dump().await;
    let found = town.look().await;
    assert_eq!(town.shop.dump().await, restored, "a look changes nothing");
    let replay = &found.replay;
    assert_eq!((replay.deletions(), replay.rows(), left(replay)), (1, 6, vec![]));

    let agent = town.house.works("agent@example.com", Role::Agent).await;
    let denied = town.house.desk().approve_replay(&agent, replay.id, &replay.digest).await;
    assert!(matches!(denied.unwrap(), Deed::Denied(_)));
    let other = Replay { digest: crate::domain::replay::digest(&[]), ..replay.clone() };
    assert_eq!(town.approve(&other).await, Deed::NotNow);
    assert_eq!(town.shop.dump().await, restored);
    assert_eq!(town.approve(replay).await, Deed::Done);

    let done = town.newest().await;
    assert_eq!(done.state, ReplayState::Done);
    assert!(done.lines.iter().all(|line| line.fate.is_well()), "{:?}", done.lines);
    let mut expected = deleted.clone();
    expected
        .extend(restored.iter().filter(|row| row.contains("anew") || row.contains("eve")).cloned());
    let (mut now, mut expected_sorted) = (town.shop.dump().await, expected);
    now.sort();
    expected_sorted.sort();
    assert_eq!(now, expected_sorted, "she is gone again, and nothing else has changed");
    assert_eq!((town.file("1/a.png"), town.file("2/b.png")), (None, Some("bob's".to_owned())));
    let tx = town.house.worker.db.begin_read().await.unwrap();
    assert_eq!(tx.replay_steps(replay.id).await.unwrap(), None, "row names are forgotten");
    drop(tx);
    // The same again, since what was done again stands in the ledger too.
    assert_eq!(town.look().await.replay.rows(), 0);
    town.shop.restore().await;
    assert_eq!(town.look().await.replay.rows(), 5);
}

db_test!(what_a_restore_brought_back_to_sqlite_goes_again, |db| async move {
    all_goes_again(&db, false).await;
});

db_test!(what_a_restore_brought_back_to_postgres_goes_again, |db| async move {
    all_goes_again(&db, true).await;
});

db_test!(somebody_new_under_the_same_key_is_left_and_told, |db| async move {
    let Some(town) = Town::open(&db, false).await else { return };
    town.delete_ada().await;
    // The backup is from before she came, and her number was given to somebody else.
    town.shop.restore().await;
    town.shop
        .run("UPDATE person SET email = 'new@example.org', name = 'New', born = '2026-03-06' WHERE id = 1")
        .await;
    let before = town.shop.dump().await;
    let found = town.look().await;
    assert_eq!((found.deletions, found.replay.lines.len()), (1, 0));
    assert_eq!(
        left(&found.replay),
        [
            ("invoice", LeftWhy::Anew, 1),
            ("liked", LeftWhy::Anew, 1),
            ("note", LeftWhy::Anew, 2),
            ("person", LeftWhy::Other, 1)
        ]
    );
    assert_eq!(town.shop.dump().await, before);
});

db_test!(what_was_written_down_under_a_key_that_is_gone_is_told, |db| async move {
    let Some(town) = Town::open(&db, false).await else { return };
    town.delete_ada().await;
    let ledger = &town.house.worker.ledger;
    let root = town.house.worker.db.root_key().to_string();
    for note in ledger.deletions().await.unwrap() {
        assert_eq!(note.root, root);
        let (root, reference) = ("00".repeat(8), "R-22222222".to_owned());
        let other = DeletionNote { reference, root, ..note };
        ledger.keep_deletion(&other).await.unwrap();
    }
    town.shop.restore().await;
    let found = town.look().await;
    assert_eq!((found.deletions, found.replay.deletions(), found.replay.rows()), (2, 1, 5));
    let gone = |left: &ReplayLeft| (&*left.reference, left.why) == ("R-22222222", LeftWhy::Keyless);
    assert!(found.replay.left.iter().all(gone), "{:?}", found.replay.left);
    let rows: Vec<u64> = found.replay.left.iter().map(|left| left.rows).collect();
    assert_eq!(rows, [1, 1, 1, 2, 1], "of each place");
});

db_test!(a_row_that_changes_after_the_approval_is_left, |db| async move {
    let Some(town) = Town::open(&db, false).await else { return };
    town.delete_ada().await;
    town.shop.restore().await;
    // What is no sign of another person does not keep her.
    town.shop.run("UPDATE person SET seen = 'sun' WHERE id = 1").await;
    let found = town.look().await;
    assert_eq!(left(&found.replay), []);
    town.shop.run("UPDATE note SET body = 'hers by now' WHERE k = 2").await;
    let before = town.shop.dump().await;
    assert_eq!(town.approve(&found.replay).await, Deed::Done);
    let done = town.newest().await;
    let fate = |collection: &str| {
        done.lines.iter().find(|line| line.collection == collection).unwrap().fate
    };
    assert_eq!((done.state, fate("note")), (ReplayState::Done, StepFate::Changed));
    assert_eq!(fate("person"), StepFate::Stopped, "nothing of her goes after that");
    let now = town.shop.dump().await;
    for row in before.iter().filter(|row| row.starts_with("person") || row.starts_with("note")) {
        assert!(now.contains(row), "{row}");
    }
    let left_now = town.look().await.replay;
    assert!(left(&left_now).contains(&("note", LeftWhy::Other, 1)), "{:?}", left_now.left);
});

db_test!(what_is_held_is_not_deleted_again, |db| async move {
    let Some(town) = Town::open(&db, false).await else { return };
    town.delete_ada().await;
    town.shop.restore().await;
    let before = town.shop.dump().await;
    let (access, _) = town.house.verified(&[Right::Access], ADA).await;
    let by = Member { stepped_up_at: town.house.desk().now(), ..town.officer.clone() };
    let review = town.house.desk().now() + SignedDuration::from_hours(24);
    let held = town.house.desk().hold(&by, &access, review, &why()).await.unwrap();
    assert_eq!(held, Deed::Done);
    let found = town.look().await.replay;
    assert!(found.lines.is_empty());
    assert!(found.left.iter().all(|left| left.why == LeftWhy::Held), "{:?}", found.left);
    assert_eq!(town.shop.dump().await, before);
});

db_test!(a_hold_between_approval_and_step_keeps_the_step_back, |db| async move {
    let Some(town) = Town::open(&db, false).await else { return };
    town.delete_ada().await;
    town.shop.restore().await;
    let replay = town.look().await.replay;
    let (access, _) = town.house.verified(&[Right::Access], ADA).await;
    let by = Member { stepped_up_at: town.house.desk().now(), ..town.officer.clone() };
    let desk = town.house.desk();
    let approved = desk.approve_replay(&by, replay.id, &replay.digest).await.unwrap();
    assert_eq!(approved, Deed::Done);
    let review = desk.now() + SignedDuration::from_hours(24);
    assert_eq!(desk.hold(&by, &access, review, &why()).await.unwrap(), Deed::Done);
    let before = town.shop.dump().await;
    let step = loop {
        let job = town.house.one("store:shop").await;
        if job.kind == "replay_step" {
            break job;
        }
    };
    assert!(matches!(
        town.house.worker.run(&step).await.err(),
        Some(JobError::Wait { code: "held", .. })
    ));
    assert_eq!(town.shop.dump().await, before);
});
