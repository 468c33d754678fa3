//! One database of one kind, with a store over it.

use std::path::PathBuf;
use std::sync::Arc;

use jiff::Timestamp;
use sqlx::postgres::PgConnection;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions as _, Connection as _, Row as _};
use tempfile::TempDir;

use crate::domain::erase::{
    Changed, Done, ErasePart, ErasePlan, EraseScope, ItemName, Method, RowId, Stop, Verdict,
};
use crate::domain::subject::SubjectKey;
use crate::ids::SeededEntropy;
use crate::keys::Keys;
use crate::keys::root::RootKey;
use crate::store::erase::{Look, Reach, Step};
use crate::store::postgres::tests::{Fresh, run};
use crate::store::sqlite::SqliteStore;
use crate::store::testing::{key, seed, shop_map};
use crate::store::{Store, StoreError};

/// Which databases a test runs on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    Sqlite,
    Postgres,
}

/// The data, and a store over it.
pub(super) struct Town {
    pub(super) store: Arc<dyn Store>,
    pub(super) place: Place,
    pub(super) keys: Vec<SubjectKey>,
    pub(super) scope: EraseScope,
    pub(super) files: Vec<String>,
    pub(super) now: Timestamp,
    pub(super) most: u64,
}

pub(super) enum Place {
    Sqlite(TempDir),
    Postgres(Fresh),
}

pub(super) fn keys() -> Keys {
    Keys::new(&RootKey::draw(&SeededEntropy::new(5)), &[])
}

impl Town {
    /// `sql` is run, in the words of the kind; `None` where its server is not there.
    pub(super) async fn open(kind: Kind, sql: &str, map: &str) -> Option<Self> {
        let peppers = Some(keys().peppers());
        let (store, place): (Arc<dyn Store>, Place) = match kind {
            Kind::Sqlite => {
                let dir = tempfile::tempdir().unwrap();
                seed(&dir.path().join("shop.db"), &spelled(kind, sql)).await;
                let map = shop_map(dir.path(), map);
                let store = SqliteStore::new(&map.stores[0], Vec::new()).unwrap();
                (Arc::new(store.peppered(peppers)), Place::Sqlite(dir))
            }
            Kind::Postgres => {
                let fresh = Fresh::new(&spelled(kind, sql)).await?;
                let store = fresh.store(map).peppered(peppers);
                (Arc::new(store), Place::Postgres(fresh))
            }
        };
        let keys = vec![key("email", "ada@example.org")];
        let now = "2026-11-21T00:00:00Z".parse().unwrap();
        let (scope, files) = (EraseScope::Everything, Vec::new());
        Some(Self { store, place, keys, scope, files, now, most: 50_000 })
    }

    pub(super) fn file(&self) -> PathBuf {
        match &self.place {
            Place::Sqlite(dir) => dir.path().join("shop.db"),
            Place::Postgres(_) => panic!("a server is no file"),
        }
    }

    /// Runs statements as the store's own program would.
    pub(super) async fn run(&self, sql: &str) {
        match &self.place {
            Place::Sqlite(dir) => {
                seed(&dir.path().join("shop.db"), &spelled(Kind::Sqlite, sql)).await;
            }
            Place::Postgres(fresh) => run(&fresh.url, &spelled(Kind::Postgres, sql)).await,
        }
    }

    /// All rows of a selection of one text.
    pub(super) async fn lines(&self, sql: &str) -> Vec<String> {
        match &self.place {
            Place::Sqlite(dir) => {
                let options = SqliteConnectOptions::new().filename(dir.path().join("shop.db"));
                let mut session = options.connect().await.unwrap();
                let rows = sqlx::query(AssertSqlSafe(sql.to_owned()));
                let rows = rows.fetch_all(&mut session).await.unwrap();
                rows.iter().map(|row| row.get::<Option<String>, _>(0).unwrap_or_default()).collect()
            }
            Place::Postgres(fresh) => {
                let mut session = PgConnection::connect(fresh.url.as_str()).await.unwrap();
                let rows = sqlx::query(AssertSqlSafe(sql.to_owned()));
                let rows = rows.fetch_all(&mut session).await.unwrap();
                rows.iter().map(|row| row.get::<Option<String>, _>(0).unwrap_or_default()).collect()
            }
        }
    }

    /// Whole tables, every row a text.
    pub(super) async fn dump(&self, tables: &[(&str, &[&str])]) -> Vec<String> {
        let mut all = Vec::new();
        for (table, columns) in tables {
            let texts: Vec<String> = columns
                .iter()
                .map(|column| format!("coalesce(cast({column} AS text), '-')"))
                .collect();
            let sql = format!(
                "SELECT '{table}|' || {} FROM {table} ORDER BY 1",
                texts.join(" || '|' || ")
            );
            all.extend(self.lines(&sql).await);
        }
        all
    }

    pub(super) fn reach(&self) -> Reach<'_> {
        let Self { keys, scope, files, now, most, .. } = self;
        Reach { keys, scope, files, now: *now, most: *most }
    }

    pub(super) async fn plan(&self) -> ErasePlan {
        self.store.erase().unwrap().plan(&self.reach()).await.unwrap()
    }

    pub(super) async fn step(
        &self,
        part: &ErasePart,
        people: &[RowId],
        new: u64,
    ) -> Result<Done, StoreError> {
        let step = Step { part, people, new };
        self.store.erase().unwrap().execute(&self.reach(), &step).await
    }

    pub(super) async fn verify(&self, part: &ErasePart) -> Verdict {
        let ErasePart { collection, method, fields, rows } = part;
        let look = Look { collection, method: *method, fields, rows };
        self.store.erase().unwrap().verify(&self.reach(), &look).await.unwrap()
    }

    /// Takes every step of a plan and looks at each; gives the rows that changed.
    pub(super) async fn carry_out(&self, plan: &ErasePlan) -> u64 {
        assert_eq!(plan.blockers, []);
        let mut changed = 0;
        for part in &plan.steps {
            let done = self.step(part, &plan.people, 0).await.unwrap();
            let rows = changed_rows(&done);
            assert_eq!(rows.rows, part.rows, "{}", part.collection);
            assert!(rows.strayed.is_empty() && rows.new == 0);
            changed += rows.rows.len() as u64;
        }
        for part in &plan.steps {
            let left = match part.method {
                Method::Delete | Method::Aggregate => Verdict::Gone,
                Method::Mask | Method::Shred => Verdict::Masked,
            };
            assert_eq!(self.verify(part).await, left, "{}", part.collection);
            let again = self.step(part, &plan.people, 0).await.unwrap();
            assert_eq!(again, Done::Changed(Changed::default()), "{} again", part.collection);
        }
        changed
    }

    pub(super) fn items(&mut self, names: &[&str]) {
        let names = names.iter().map(|name| ItemName::parse(name).unwrap()).collect();
        self.scope = EraseScope::Items(names);
    }
}

pub(super) fn changed_rows(done: &Done) -> &Changed {
    match done {
        Done::Changed(changed) => changed,
        Done::Stopped(stop) => panic!("stopped: {stop}"),
    }
}

pub(super) fn stop(done: &Done) -> Option<Stop> {
    match done {
        Done::Changed(_) => None,
        Done::Stopped(stop) => Some(*stop),
    }
}

/// The steps, a line each: collection, method, fields, how many rows.
pub(super) fn steps(plan: &ErasePlan) -> Vec<String> {
    let line = |part: &ErasePart| {
        let (fields, rows) = (part.fields.join("+"), part.rows.len());
        format!("{} {} {fields} {rows}", part.collection, part.method).replace("  ", " ")
    };
    plan.steps.iter().map(line).collect()
}

/// What forbids to begin, a line each.
pub(super) fn blockers(plan: &ErasePlan) -> Vec<String> {
    let line = |blocker: &crate::domain::erase::EraseBlocker| {
        let by = blocker.by.as_deref().unwrap_or("-");
        format!("{} {} {by} {}", blocker.code, blocker.collection, blocker.rows)
    };
    plan.blockers.iter().map(line).collect()
}

fn spelled(kind: Kind, sql: &str) -> String {
    match kind {
        Kind::Sqlite => sql.replace("$BYTES", "BLOB").replace("$ANYCASE", "COLLATE NOCASE"),
        Kind::Postgres => {
            let any_case = "CREATE COLLATION any_case (provider = icu, locale = 'und-u-ks-level2', \
                deterministic = false);";
            let needs = sql.contains("$ANYCASE") && sql.contains("CREATE TABLE");
            let sql = sql.replace("$BYTES", "BYTEA").replace("$ANYCASE", "COLLATE any_case");
            format!("{}{sql}", if needs { any_case } else { "" })
        }
    }
}
