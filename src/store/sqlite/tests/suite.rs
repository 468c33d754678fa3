use std::fmt::Write as _;
use std::sync::Arc;

use async_trait::async_trait;
use tempfile::tempdir;

use crate::store::conformance::{Bench, CANARY, Seeded};
use crate::store::sql::Bounds;
use crate::store::sqlite::SqliteStore;
use crate::store::testing::{key, seed, shop_map};

const MAP: &str = "[store.shop.table.person]\nperson = true\n\
    who = { email = \"mail\", user = \"id\" }\nfield = { secret = \"user.authorization\" }\n\
    [store.shop.table.note]\nvia = \"owner -> person.id\"\n\
    field = { n = \"user.content\", body = \"user.content\" }\n\
    [store.shop.table.picture]\nwho = { picture_of = \"owner\" }\n\
    field = { path = { is = \"user.content\", blob = \"images:p/{value}\" } }\n";

pub(crate) struct SqliteBench;

#[async_trait]
impl Bench for SqliteBench {
    async fn seeded(&self, count: usize, page: Option<usize>) -> Seeded {
        let dir = tempdir().unwrap();
        let mut sql = String::from(
            "CREATE TABLE person(id INTEGER PRIMARY KEY, mail TEXT COLLATE NOCASE, secret TEXT);
             CREATE TABLE note(owner INT REFERENCES person, n INT, body TEXT);
             CREATE INDEX note_owner ON note(owner);
             CREATE TABLE picture(owner TEXT, path TEXT);
             INSERT INTO picture VALUES ('h', '../out.png');
             INSERT INTO person VALUES (1, 'ada@example.org', 'grace-canary'),
                 (10, 'ADA@example.org', 'grace-canary'), (11, 'grace-canary@example.org', '');",
        );
        // Ada's rows and her neighbour's stand mixed.
        write!(
            sql,
            "WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n WHERE i < {count})
             INSERT INTO note SELECT o, i, CASE o WHEN 1 THEN 'ada' ELSE '{CANARY}' END
             FROM n, (SELECT 1 AS o UNION ALL SELECT 10) WHERE i > 0 OR o = 10;"
        )
        .unwrap();
        seed(&dir.path().join("shop.db"), &sql).await;
        stand(dir, page)
    }

    async fn broken(&self) -> Seeded {
        let dir = tempdir().unwrap();
        // SQLite's own words for this: malformed database schema (grace-canary).
        let sql = format!(
            "CREATE TABLE person(id INTEGER PRIMARY KEY, mail TEXT, secret TEXT);
             PRAGMA writable_schema = ON;
             INSERT INTO sqlite_schema VALUES ('table', '{CANARY}', '{CANARY}', 0, 'CREATE TABLE')"
        );
        seed(&dir.path().join("shop.db"), &sql).await;
        stand(dir, None)
    }

    fn many(&self) -> usize {
        100_000
    }
}

fn stand(dir: tempfile::TempDir, page: Option<usize>) -> Seeded {
    let map = shop_map(dir.path(), MAP);
    let rows = page.map_or(Bounds::default(), |rows| Bounds { rows, ..Bounds::default() });
    let store = || SqliteStore::new(&map.stores[0], Vec::new()).unwrap().bounded(rows);
    Seeded {
        store: Arc::new(store()),
        again: Arc::new(store()),
        ada: vec![key("email", "ada@example.org"), key("user", "1")],
        nobody: vec![key("email", "ada@example.or"), key("user", "100"), key("user", "' OR ''='")],
        hidden: vec![key("picture_of", "h")],
        _data: Box::new(dir),
    }
}

store_conformance!(SqliteBench);
