use std::sync::Arc;

use async_trait::async_trait;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tempfile::{TempDir, tempdir};

use crate::domain::change::Edit;
use crate::store::conformance::{CORRECT_MAP, CORRECT_SQL, CorrectBench, CorrectSeeded, Database};
use crate::store::sqlite::SqliteStore;
use crate::store::testing::{key, seed, shop_map};
use crate::store::{Store, StoreErrorCode};

struct SqliteBench;

struct File(TempDir);

#[async_trait]
impl Database for File {
    async fn run(&self, sql: &str) {
        seed(&self.0.path().join("shop.db"), sql).await;
    }

    async fn lines(&self, sql: &str) -> Vec<String> {
        let file = self.0.path().join("shop.db");
        let mut to = SqliteConnectOptions::new().filename(file).connect().await.unwrap();
        let query = sqlx::query_scalar(AssertSqlSafe(sql.to_owned()));
        let lines = query.fetch_all(&mut to).await.unwrap();
        to.close().await.unwrap();
        lines
    }
}

#[async_trait]
impl CorrectBench for SqliteBench {
    async fn seeded(&self) -> CorrectSeeded {
        let dir = tempdir().unwrap();
        seed(&dir.path().join("shop.db"), CORRECT_SQL).await;
        let map = shop_map(dir.path(), CORRECT_MAP);
        let store = SqliteStore::new(&map.stores[0], Vec::new()).unwrap();
        CorrectSeeded { store: Arc::new(store), database: Box::new(File(dir)) }
    }
}

correct_conformance!(SqliteBench);

#[tokio::test]
async fn a_schema_that_is_not_the_maps_is_told_and_nothing_is_open_without_a_word_in_it() {
    let seeded = SqliteBench.seeded().await;
    let store = seeded.store.correct().unwrap();
    let keys = [key("user", "1")];
    let fields = store.current(&keys).await.unwrap().fields;
    let edit = Edit {
        spot: fields[1].spot.clone(),
        expected: fields[1].value.clone(),
        new: Some("x".into()),
    };
    seeded.database.run("ALTER TABLE person RENAME COLUMN name TO called").await;
    let error = store.apply(&keys, &[edit]).await.unwrap_err();
    assert_eq!(error.code, StoreErrorCode::Schema);
    let dir = tempdir().unwrap();
    seed(&dir.path().join("shop.db"), CORRECT_SQL).await;
    let map = shop_map(dir.path(), &CORRECT_MAP.replace("correct = ", "# "));
    let store = SqliteStore::new(&map.stores[0], Vec::new()).unwrap();
    assert!(store.correct().is_none());
}

#[tokio::test]
async fn what_a_map_may_not_open_is_found() {
    let dir = tempdir().unwrap();
    seed(&dir.path().join("shop.db"), CORRECT_SQL).await;
    let opened = CORRECT_MAP
        .replace("\"points\", \"note\"]", "\"id\"]")
        .replace("field = { mail", "field = { id = \"user.unique_id\", mail");
    let map = shop_map(dir.path(), &opened);
    let store = SqliteStore::new(&map.stores[0], Vec::new()).unwrap();
    let codes: Vec<&str> =
        store.check().await.unwrap().into_iter().map(|finding| finding.code).collect();
    assert_eq!(codes, ["correct_key", "correct_reference"]);
    let fields = store.correct().unwrap().current(&[key("user", "1")]).await.unwrap().fields;
    assert!(fields.iter().all(|field| field.spot.column != "id"), "whatever the map says");
}
