//! Against a real server, the one of `RIGHTSDESK_TEST_POSTGRES`: the URL of a database from which
//! others may be created. Without it these tests say that they did not run; with
//! `RIGHTSDESK_TEST_TOOLS=1` they fail. Each test has a database of its own.

mod checks;
mod correct;
mod faults;
mod marks;
mod people;
mod suite;
mod tls;
mod values;
mod views;
mod wire;

use std::path::Path;

use ::url::Url;
use sqlx::postgres::PgConnection;
use sqlx::{AssertSqlSafe, Connection};

use super::*;
use crate::ids::{Entropy, OsEntropy};
use crate::store::map::{DataMap, parse};
use crate::store::testing::FACTS;

/// Where the server is, or nothing and a word about it.
#[expect(clippy::disallowed_methods, reason = "no Config in a test; it asks where the server is")]
pub(in crate::store) fn server() -> Option<Url> {
    let admin = std::env::var("RIGHTSDESK_TEST_POSTGRES").ok();
    if admin.is_none() {
        let must = std::env::var("RIGHTSDESK_TEST_TOOLS").is_ok_and(|value| value == "1");
        assert!(!must, "RIGHTSDESK_TEST_POSTGRES must name a PostgreSQL server");
        println!("not run: RIGHTSDESK_TEST_POSTGRES names no server");
    }
    admin.map(|admin| admin.parse().unwrap())
}

/// Runs statements in a database.
pub(crate) async fn run(at: &Url, sql: &str) {
    let mut session = PgConnection::connect(at.as_str()).await.unwrap();
    sqlx::raw_sql(AssertSqlSafe(sql.to_owned())).execute(&mut session).await.unwrap();
    session.close().await.unwrap();
}

/// A database, and a role of that name that may sign in; both go away with it.
pub(crate) struct Fresh {
    admin: Url,
    pub(in crate::store) name: String,
    pub(crate) url: Url,
}

impl Fresh {
    /// With `sql` run in it. `None` where there is no server.
    pub(crate) async fn new(sql: &str) -> Option<Self> {
        let admin = server()?;
        let source: &dyn Entropy = &OsEntropy;
        let name = format!("rightsdesk_test_{:016x}", u64::from_be_bytes(source.bytes()));
        run(&admin, &format!("CREATE DATABASE {name}")).await;
        let mut url = admin.clone();
        url.set_path(&name);
        let fresh = Self { admin, name, url };
        run(&fresh.url, sql).await;
        Some(fresh)
    }

    /// Makes the role, with what `sql` grants to `$ROLE`, and gives the URL it signs in with.
    pub(in crate::store) async fn role(&self, sql: &str) -> Url {
        let sql = sql.replace("$ROLE", &self.name);
        run(&self.url, &format!("CREATE ROLE {} LOGIN PASSWORD 'canary'; {sql}", self.name)).await;
        let mut url = self.url.clone();
        url.set_username(&self.name).unwrap();
        url.set_password(Some("canary")).unwrap();
        url
    }

    pub(in crate::store) fn store(&self, tables: &str) -> PostgresStore {
        store(&self.url, tables)
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        let (admin, name) = (self.admin.clone(), self.name.clone());
        let drop = move || {
            let runtime = tokio::runtime::Builder::new_current_thread().enable_all().build();
            runtime.unwrap().block_on(async {
                run(&admin, &format!("DROP DATABASE {name} WITH (FORCE)")).await;
                run(&admin, &format!("DROP ROLE IF EXISTS {name}")).await;
            });
        };
        #[expect(clippy::disallowed_methods, reason = "a drop cannot wait for tokio")]
        let dropped = std::thread::spawn(drop).join();
        assert!(dropped.is_ok() || std::thread::panicking());
    }
}

/// A map with one store, `shop`.
pub(super) fn map(url: &Url, tables: &str) -> DataMap {
    let text = format!(
        "format = \"rightsdesk-map/1\"\n[store.shop]\nkind = \"postgres\"\n\
         url = {{ env = \"SHOP\" }}\n{FACTS}{tables}"
    );
    parse(Path::new("shop.toml"), &text, &|_| Some(url.to_string())).unwrap()
}

pub(in crate::store) fn store(url: &Url, tables: &str) -> PostgresStore {
    PostgresStore::new(&map(url, tables).stores[0], Vec::new()).unwrap()
}
