//! Marks in SQLite databases.

use std::sync::Arc;

use async_trait::async_trait;
use sqlx::ConnectOptions as _;
use sqlx::sqlite::SqliteConnectOptions;
use tempfile::{TempDir, tempdir};

use crate::store::conformance::marks::{MarkBench, People};
use crate::store::sqlite::SqliteStore;
use crate::store::testing::{seed, shop_map};

const MAP: &str = "[store.shop.table.person]\nperson = true\n\
    who = { email = \"mail\", user = \"id\" }\nfield = { rest = \"user.name\" }\n\
    restrict = { column = \"frozen\" }\nopt_out.marketing = { column = \"no_ads\" }\n\
    opt_out.profiling = { column = \"no_profiles\" }\n";

struct SqliteBench;

impl SqliteBench {
    fn file(of: &People) -> std::path::PathBuf {
        of.data.downcast_ref::<TempDir>().unwrap().path().join("shop.db")
    }
}

#[async_trait]
impl MarkBench for SqliteBench {
    async fn people(&self) -> People {
        let dir = tempdir().unwrap();
        let sql = "CREATE TABLE person(id INTEGER PRIMARY KEY, mail TEXT COLLATE NOCASE,
                frozen DATETIME, no_ads BOOLEAN NOT NULL DEFAULT 0, no_profiles INT, rest TEXT);
            INSERT INTO person(id, mail, rest) VALUES (1, 'ada@example.org', 'a'),
                (10, 'ADA@example.org', 'b'), (11, 'grace@example.org', 'c');
            WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 159)
                INSERT INTO person(id, mail, rest) SELECT i, 'shared@example.org', 'd' FROM n;";
        seed(&dir.path().join("shop.db"), sql).await;
        let map = shop_map(dir.path(), MAP);
        let store = || Arc::new(SqliteStore::new(&map.stores[0], Vec::new()).unwrap());
        People { store: store(), again: store(), data: Box::new(dir) }
    }

    async fn rows(&self, of: &People) -> Vec<String> {
        let rows = "SELECT id || '|' || coalesce(frozen, '') || '|' || no_ads || '|' \
            || coalesce(no_profiles, '') || '|' || mail || rest FROM person ORDER BY id";
        let mut to = SqliteConnectOptions::new().filename(Self::file(of)).connect().await.unwrap();
        sqlx::query_scalar(rows).fetch_all(&mut to).await.unwrap()
    }

    async fn meddle(&self, of: &People) {
        seed(&Self::file(of), "UPDATE person SET no_ads = 0 WHERE id = 1").await;
    }
}

restrict_conformance!(SqliteBench);
