//! A fresh database for each test, made by the real migrations.
//!
//! `db_test!(a_sentence, |db| async move { … });` makes the tests `a_sentence::sqlite` and
//! `a_sentence::postgres`. PostgreSQL is the server of `RIGHTSDESK_TEST_POSTGRES`, the URL of a
//! database from which others may be created. Without it those tests say that they did not run;
//! with `RIGHTSDESK_TEST_TOOLS=1` they fail.

use std::collections::BTreeMap;
use std::ops::Deref;
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::sync::Arc;

use ::entity::outbox;
use futures::FutureExt;
use sea_orm::{ColumnTrait, ConnectionTrait, EntityTrait, QueryFilter, QueryOrder, Statement};
use sqlx::{AssertSqlSafe, Connection, PgConnection};
use tempfile::TempDir;

use super::Db;
use super::outbox::QueuedMail;
use crate::ids::{Entropy, MailId, OsEntropy, SeededEntropy};
use crate::keys::Keys;
use crate::keys::root::RootKey;
use crate::keys::sealer::Sealer;

/// Makes one test for each kind of database.
macro_rules! db_test {
    ($name:ident, |$db:ident| $body:expr) => {
        mod $name {
            #[expect(
                clippy::allow_attributes,
                reason = "some tests need nothing of the parent"
            )]
            #[allow(unused_imports)]
            use super::*;

            async fn check($db: $crate::db::testing::TestDb) {
                $body.await;
            }

            #[tokio::test]
            async fn sqlite() {
                $crate::db::testing::on_sqlite(check).await;
            }

            #[tokio::test]
            async fn postgres() {
                $crate::db::testing::on_postgres(check).await;
            }
        }
    };
}
pub(crate) use db_test;

/// Every table that a use case writes to.
const TABLES: &[&str] = &[
    "intake",
    "request",
    "event",
    "house_event",
    "challenge",
    "change",
    "current_field",
    "correction",
    "link_token",
    "status_session",
    "task",
    "subject_key",
    "found_person",
    "archive",
    "segment",
    "download",
    "outbox",
    "mail_block",
    "mail_budget",
    "message",
    "particulars",
    "withheld_store",
    "recipient_notice",
    "evidence",
    "staff_notice",
    "staff",
    "staff_invite",
    "staff_session",
    "replay",
    "lost_request",
    "webhook_delivery",
    "job",
];

/// A migrated, empty database that goes away with the test.
#[derive(Debug)]
pub(crate) struct TestDb {
    db: Db,
    url: String,
}

impl TestDb {
    /// As [`TestDb::fresh`], without the tables.
    pub(crate) async fn connect(url: String) -> Self {
        Self { db: Db::connect(&url, sealer()).await.unwrap(), url }
    }

    async fn fresh(url: String) -> Self {
        let this = Self::connect(url).await;
        this.db.migrate().await.unwrap();
        this
    }

    /// The number that a query gives.
    pub(crate) async fn number(&self, sql: &str) -> i64 {
        let statement = Statement::from_string(self.pool().get_database_backend(), sql);
        let row = self.pool().query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    /// The text that a query gives.
    pub(crate) async fn text(&self, sql: &str) -> String {
        let statement = Statement::from_string(self.pool().get_database_backend(), sql);
        let row = self.pool().query_one_raw(statement).await.unwrap().unwrap();
        row.try_get_by_index(0).unwrap()
    }

    /// Runs a statement behind the back of the repositories.
    pub(crate) async fn run(&self, sql: &str) {
        self.pool().execute_unprepared(sql).await.unwrap();
    }

    /// The mails that wait, oldest first.
    pub(crate) async fn queued_mails(&self) -> Vec<MailId> {
        let queued = outbox::Entity::find()
            .filter(outbox::Column::Status.eq("queued"))
            .order_by_asc(outbox::Column::CreatedAt)
            .all(self.pool())
            .await
            .unwrap();
        queued.into_iter().map(|row| MailId(row.id)).collect()
    }

    /// How many rows each table has, by name.
    pub(crate) async fn census(&self) -> BTreeMap<String, i64> {
        let mut census = BTreeMap::new();
        for table in TABLES {
            let rows = self.number(&format!("SELECT count(*) FROM {table}")).await;
            census.insert((*table).to_owned(), rows);
        }
        census
    }

    /// Every byte that SQLite keeps of the database on disk; `None` elsewhere.
    pub(crate) fn bytes_on_disk(&self) -> Option<Vec<u8>> {
        let path = self.url.strip_prefix("sqlite:")?;
        let wal = std::fs::read(format!("{path}-wal")).unwrap_or_default();
        Some([std::fs::read(path).unwrap(), wal].concat())
    }

    /// The same database, opened by what could be another process.
    pub(crate) async fn again(&self) -> Db {
        self.again_with(sealer()).await
    }

    /// The same database under other keys.
    pub(crate) async fn again_with(&self, sealer: Sealer) -> Db {
        Db::connect(&self.url, sealer).await.unwrap()
    }

    /// Where it is.
    pub(crate) fn url(&self) -> &str {
        &self.url
    }

    /// Ends every session of it.
    pub(crate) async fn close(self) {
        self.db.close().await.unwrap();
    }
}

impl Deref for TestDb {
    type Target = Db;

    fn deref(&self) -> &Db {
        &self.db
    }
}

/// The root key of every test's database.
pub(crate) fn root_key() -> RootKey {
    RootKey::draw(&SeededEntropy::new(1))
}

/// The same keys for every opening.
pub(crate) fn sealer() -> Sealer {
    let keys = Keys::new(&root_key(), &[]);
    Sealer::new(keys, Arc::new(OsEntropy))
}

/// A new file in a folder of its own.
pub(crate) fn sqlite_url() -> (TempDir, String) {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("data/test.db").display());
    (folder, url)
}

/// Every letter that waits in the outbox of a SQLite database, oldest first.
pub(crate) async fn letters(db: &Db) -> Vec<QueuedMail> {
    let pool = db.pool().get_sqlite_connection_pool();
    let ids: Vec<uuid::Uuid> =
        sqlx::query_scalar("SELECT id FROM outbox ORDER BY rowid").fetch_all(pool).await.unwrap();
    let tx = db.begin_read().await.unwrap();
    let mut letters = Vec::new();
    for id in ids {
        letters.extend(tx.queued_mail(MailId(id)).await.unwrap());
    }
    letters
}

/// Everything that a SQLite database holds, a line a row.
pub(crate) async fn dump(db: &Db) -> Vec<String> {
    let pool = db.pool().get_sqlite_connection_pool();
    let tables = "SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name";
    let tables: Vec<String> = sqlx::query_scalar(tables).fetch_all(pool).await.unwrap();
    let mut lines = Vec::new();
    for table in tables {
        let columns = "SELECT group_concat('quote(\"' || name || '\")', '||'',''||') \
            FROM pragma_table_info(?)";
        let columns: String =
            sqlx::query_scalar(columns).bind(&table).fetch_one(pool).await.unwrap();
        let rows = AssertSqlSafe(format!("SELECT {columns} FROM \"{table}\""));
        let rows: Vec<String> = sqlx::query_scalar(rows).fetch_all(pool).await.unwrap();
        lines.extend(rows.into_iter().map(|row| format!("{table} {row}")));
    }
    lines
}

pub(crate) async fn on_sqlite<F: Future<Output = ()>>(check: impl FnOnce(TestDb) -> F) {
    let (_folder, url) = sqlite_url();
    check(TestDb::fresh(url).await).await;
}

pub(crate) async fn on_postgres<F: Future<Output = ()>>(check: impl FnOnce(TestDb) -> F) {
    let Some(admin) = postgres_server() else { return };
    let source: &dyn Entropy = &OsEntropy;
    let name = format!("rightsdesk_test_{:016x}", u64::from_be_bytes(source.bytes()));
    administer(&admin, format!("CREATE DATABASE {name}")).await;
    let mut url: url::Url = admin.parse().unwrap();
    url.set_path(&name);
    let checked =
        AssertUnwindSafe(async { check(TestDb::fresh(url.into()).await).await }).catch_unwind();
    let outcome = checked.await;
    administer(&admin, format!("DROP DATABASE {name} WITH (FORCE)")).await;
    if let Err(panic) = outcome {
        resume_unwind(panic);
    }
}

#[expect(clippy::disallowed_methods, reason = "no Config in a test; it asks where the server is")]
fn postgres_server() -> Option<String> {
    let admin = std::env::var("RIGHTSDESK_TEST_POSTGRES").ok();
    if admin.is_none() {
        let must = std::env::var("RIGHTSDESK_TEST_TOOLS").is_ok_and(|value| value == "1");
        assert!(!must, "RIGHTSDESK_TEST_POSTGRES must name a PostgreSQL server");
        println!("not run: RIGHTSDESK_TEST_POSTGRES names no server");
    }
    admin
}

async fn administer(admin: &str, statement: String) {
    let mut session = PgConnection::connect(admin).await.unwrap();
    sqlx::query(AssertSqlSafe(statement)).execute(&mut session).await.unwrap();
}
