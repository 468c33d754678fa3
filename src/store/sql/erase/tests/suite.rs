//! The rules of the contract, over both databases and over limits around one.

use std::sync::Arc;

use async_trait::async_trait;

use super::town::{Kind, Town};
use crate::ids::SeededEntropy;
use crate::meter::Meter;
use crate::store::conformance::{CANARY, Erasable, EraseBench, Hands};
use crate::store::testing::key;
use crate::store::throttle::{Limits, Throttled};

const MAP: &str = "[store.shop.table.person]\nperson = true\n\
    who = { email = \"mail\", user = \"id\" }\nfield = { secret = \"user.authorization\" }\n\
    erase = \"delete\"\n[store.shop.table.note]\nvia = \"owner -> person.id\"\n\
    field = { body = \"user.content\" }\nerase = \"delete\"\n";

const ADA: &str = "INSERT INTO person VALUES (1, 'ada@example.org', 'ada');
    INSERT INTO note VALUES (1, 1, 'ada-1'), (2, 1, 'ada-2'), (3, 1, 'ada-3');";

struct SqlBench {
    kind: Kind,
    limits: bool,
}

#[async_trait]
impl EraseBench for SqlBench {
    async fn seeded(&self) -> Option<Erasable> {
        let sql = format!(
            "CREATE TABLE person(id INTEGER PRIMARY KEY, mail TEXT $ANYCASE, secret TEXT);
             CREATE TABLE note(k INTEGER PRIMARY KEY, owner INTEGER REFERENCES person(id), body TEXT);
             {ADA}
             INSERT INTO person VALUES (10, 'ADA@example.org', '{CANARY}'), (11, 'null', '{CANARY}'),
                 (12, '%', '{CANARY}');
             INSERT INTO note VALUES (4, 10, '{CANARY}'), (5, 11, '{CANARY}'), (6, NULL, '{CANARY}');"
        );
        let town = Town::open(self.kind, &sql, MAP).await?;
        let mut store = Arc::clone(&town.store);
        if self.limits {
            let entropy = Arc::new(SeededEntropy::new(1));
            let limits = Limits { retries: 0, ..Limits::default() };
            store = Arc::new(Throttled::new(store, limits, entropy, &Meter::default()));
        }
        let ada = vec![key("email", "ada@example.org"), key("user", "1")];
        Some(Erasable { store, ada, hands: Box::new(town) })
    }
}

#[async_trait]
impl Hands for Town {
    async fn dump(&self) -> Vec<String> {
        let mut lines = self
            .lines("SELECT secret || ' person ' || id || ' ' || mail FROM person ORDER BY id")
            .await;
        let notes =
            "SELECT body || ' note ' || k || ' ' || coalesce(owner, 0) FROM note ORDER BY k";
        lines.extend(self.lines(notes).await);
        lines
    }

    async fn add_two(&self) {
        self.run("INSERT INTO note VALUES (7, 1, 'ada-7'), (8, 1, 'ada-8')").await;
    }

    async fn restore(&self) {
        self.run(ADA).await;
    }

    async fn twin(&self) -> bool {
        self.run("INSERT INTO person VALUES (13, 'ada@example.org', 'ada')").await;
        true
    }

    async fn stray(&self) -> bool {
        self.run("UPDATE note SET owner = 10 WHERE k = 1").await;
        true
    }
}

mod sqlite {
    use super::*;

    erase_conformance!(SqlBench { kind: Kind::Sqlite, limits: false });
}

mod postgres {
    use super::*;

    erase_conformance!(SqlBench { kind: Kind::Postgres, limits: false });
}

mod limits {
    use super::*;

    erase_conformance!(SqlBench { kind: Kind::Sqlite, limits: true });
}
