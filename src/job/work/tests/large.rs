//! Many rows, many files, and names that no file system agrees on.

use super::*;
use crate::db::testing::{db_test, on_sqlite};
use crate::store::testing::{FACTS, seed};

#[tokio::test]
async fn a_hundred_thousand_rows_come_in_parts_that_open_alone() {
    on_sqlite(async |db: TestDb| {
        let dir = tempfile::tempdir().unwrap();
        seed(
            &dir.path().join("shop.db"),
            "CREATE TABLE customer(id INTEGER PRIMARY KEY, email TEXT);
             CREATE TABLE visit(id INTEGER PRIMARY KEY, customer_id INTEGER, text TEXT);
             CREATE INDEX visits ON visit(customer_id);
             INSERT INTO customer VALUES (1, 'ada@example.org');
             WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < 100000)
             INSERT INTO visit SELECT i, 1, printf('%0200d', i) FROM n;",
        )
        .await;
        let stores = opened(
            dir.path(),
            &format!(
                "[store.shop]\nkind = \"sqlite\"\nurl = \"sqlite:shop.db\"\n{FACTS}\
                 [store.shop.table.customer]\nperson = true\nwho = {{ email = \"email\" }}\n\
                 field = {{ email = \"user.contact.email\" }}\n[store.shop.table.visit]\n\
                 via = \"customer_id -> customer.id\"\nfield = {{ text = \"user.behavior\" }}\n"
            ),
        );
        let house = House::new(&db, stores).await;
        let (reference, opened) = house.answered(&[Right::Access], ADA).await;
        let unpacked = house.downloads(&reference, &opened).await;
        let parts: Vec<&String> = unpacked
            .files
            .keys()
            .filter(|name| name.starts_with("data/shop/visit") && name.ends_with(".ndjson"))
            .collect();
        assert!(parts.len() > 1, "{parts:?}");
        assert!(parts.iter().any(|name| *name == "data/shop/visit.ndjson"));
        assert!(parts.iter().any(|name| *name == "data/shop/visit.0002.ndjson"));
        let mut lines = 0;
        for name in parts {
            let rows = unpacked.text(name).lines().map(|row| {
                assert!(row.starts_with("{\"text\":\"0") && row.ends_with("\"}"), "{row}");
            });
            lines += rows.count();
            let csv = unpacked.text(&name.replace(".ndjson", ".csv"));
            assert!(csv.trim_start_matches('\u{feff}').starts_with("text"), "each with a head");
        }
        assert_eq!(lines, 100_000);
        assert_eq!(house.tasks(&reference).await["shop"].tally.rows, 100_001);
    })
    .await;
}

db_test!(files_of_any_name_come_once_each, |db| async move {
    const PLAIN: usize = 300;
    let dir = tempfile::tempdir().unwrap();
    seed(
        &dir.path().join("shop.db"),
        "CREATE TABLE customer(id INTEGER PRIMARY KEY, email TEXT);
         CREATE TABLE upload(id INTEGER PRIMARY KEY, customer_id INTEGER, path TEXT);
         INSERT INTO customer VALUES (1, 'ada@example.org');
         INSERT INTO upload VALUES (1, 1, '1/f0.txt'), (2, 1, '1/f0.txt'), (3, 1, '../1/f1.txt');",
    )
    .await;
    let folder = dir.path().join("images/up/1");
    std::fs::create_dir_all(folder.join("deep/A")).unwrap();
    let names = ["A", "a", "\u{e9}", "e\u{301}", "CON", "con.txt", "a:b", "trail. ", "deep/A/a"];
    let long = "n".repeat(250);
    for name in names.into_iter().chain([long.as_str()]) {
        std::fs::write(folder.join(name), format!("content of {name}")).unwrap();
    }
    for n in 0..PLAIN {
        std::fs::write(folder.join(format!("f{n}.txt")), "plain").unwrap();
    }
    std::fs::write(dir.path().join("images/secret"), "NEIGHBOUR").unwrap();
    let stores = opened(
        dir.path(),
        &format!(
            "[store.shop]\nkind = \"sqlite\"\nurl = \"sqlite:shop.db\"\n{FACTS}\
             [store.shop.table.customer]\nperson = true\n\
             who = {{ email = \"email\", user = \"id\" }}\n\
             field = {{ email = \"user.contact.email\" }}\n[store.shop.table.upload]\n\
             via = \"customer_id -> customer.id\"\n\
             field = {{ path = {{ is = \"user.content\", blob = \"images:up/{{value}}\" }} }}\n\
             [store.images]\nkind = \"objects\"\nurl = \"file:images\"\n{FACTS}\
             [store.images.prefix.up]\nkey = \"up/{{user}}/\"\nis = \"user.content\"\n"
        ),
    );
    let house = House::new(&db, stores).await;
    let (reference, opened) = house.answered(&[Right::Access], ADA).await;
    let unpacked = house.downloads(&reference, &opened).await;
    let files: Vec<&String> =
        unpacked.files.keys().filter(|name| name.starts_with("files/images/")).collect();
    assert_eq!(files.len(), PLAIN + names.len() + 1, "each once");
    for name in names {
        let content = format!("content of {name}");
        let holders = files.iter().filter(|file| unpacked.files[**file] == content.as_bytes());
        assert_eq!(holders.count(), 1, "{name}");
    }
    let folded: std::collections::BTreeSet<String> =
        files.iter().map(|name| name.to_lowercase()).collect();
    assert_eq!(folded.len(), files.len(), "no two meet where case does not count");
    let parts = |name: &&&String| name.split('/').any(|part| part == ".." || part.len() > 100);
    assert_eq!(files.iter().filter(parts).count(), 0);
    assert!(!unpacked.holds("NEIGHBOUR"));
});
