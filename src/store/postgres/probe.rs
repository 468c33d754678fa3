//! Trying a view before anybody's rows are asked of it.
//!
//! The catalogue says whether our role may select from a view, and nothing of the tables behind it:
//! those are read with the rights of the view's owner, or with ours where it says
//! `security_invoker`, and their row security applies to the same role. The server knows when it
//! plans the query; so it is asked, and what it answers stays there.

use sqlx::{AssertSqlSafe, Connection, Row};

use super::Tx;
use super::catalogue::{Catalogue, Relation};
use super::claim::{self, EMPTY};
use super::dialect::PgDialect;
use super::value::trouble;
use crate::store::map::StoreMap;
use crate::store::sql::plan::{Plan, TablePlan};
use crate::store::sql::statement::{Dialect, Keys, Statement};
use crate::store::{Finding, StoreError};

/// What a probe may take. A view that takes longer is looked at again for each person.
const BRIEFLY: &str = "SET LOCAL statement_timeout = '5s'";
/// Lets policies hide rows, to tell them from rights that are missing.
const HIDING: &str = "SET LOCAL row_security = on; SET LOCAL statement_timeout = '5s'";
/// `insufficient_privilege`, for rights and for row security alike.
const FORBIDDEN: &str = "42501";
/// `object_not_in_prerequisite_state`.
const NOT_YET: &str = "55000";

/// The map and the database it is tried on.
pub(super) struct Probe<'p> {
    pub(super) store: &'p StoreMap,
    pub(super) plan: &'p Plan,
    pub(super) catalogue: &'p Catalogue,
    /// Keys that took too long to look at; the whole check has an end too.
    pub(super) slow: u32,
}

/// How many may take too long.
const SLOW: u32 = 3;

impl Probe<'_> {
    /// What would stop a walk through a table, as far as only the server can tell.
    pub(super) async fn finding(
        &mut self,
        tx: &mut Tx,
        name: &str,
        relation: &Relation,
        used: &[&str],
    ) -> Result<Option<Finding>, StoreError> {
        let finding = |line, (code, message): (&'static str, String)| {
            Some(Finding { file: self.store.file.clone(), line, code, message })
        };
        let mapped = self.store.table(name);
        if relation.borrowed {
            let dialect = PgDialect(&self.catalogue.relations);
            let columns: Vec<String> = used.iter().map(|column| dialect.quote(column)).collect();
            let select =
                format!("SELECT {} FROM {} LIMIT 0", columns.join(", "), dialect.table(name));
            if let Err(error) = asked(tx, BRIEFLY, &select).await? {
                let hidden = error.detail.as_deref() == Some(FORBIDDEN)
                    && asked(tx, HIDING, &select).await?.is_ok();
                let line = mapped.map_or(self.store.line, |table| table.line);
                return Ok(finding(line, unread(name, &error, hidden)));
            }
        }
        let table = self.plan.tables.iter().find(|table| table.name == name && table.claimed);
        let table = table.filter(|_| self.slow < SLOW);
        let Some((table, key)) = table.zip(mapped.and_then(|table| table.key.as_ref())) else {
            return Ok(None);
        };
        Ok(match asked(tx, BRIEFLY, &self.fault(table)).await? {
            Ok(None) => None,
            Ok(Some(state)) => finding(key.line, no_key(name, &key.value, state == EMPTY)),
            Err(error) if error.code.is_passing() => {
                self.slow += 1;
                None
            }
            Err(error) => finding(key.line, unread(name, &error, false)),
        })
    }

    fn fault(&self, table: &TablePlan) -> String {
        let (dialect, keys) = (PgDialect(&self.catalogue.relations), Keys::default());
        let statement = Statement::new(self.plan, &keys, &dialect);
        claim::fault(table, &dialect, &statement, "TRUE")
    }
}

/// Asks for one text, in a part of the transaction that is undone. The inner error is the server's.
async fn asked(
    tx: &mut Tx,
    before: &'static str,
    select: &str,
) -> Result<Result<Option<String>, StoreError>, StoreError> {
    let mut apart = (**tx).begin().await.map_err(|error| trouble(&error))?;
    sqlx::raw_sql(before).execute(&mut *apart).await.map_err(|error| trouble(&error))?;
    let query = sqlx::query(AssertSqlSafe(select.to_owned())).persistent(false);
    let row = query.fetch_optional(&mut *apart).await;
    apart.rollback().await.map_err(|error| trouble(&error))?;
    match row {
        Ok(row) => {
            let text = row.map(|row| row.try_get(0)).transpose();
            Ok(Ok(text.map_err(|error| trouble(&error))?))
        }
        Err(error @ sqlx::Error::Database(_)) => Ok(Err(trouble(&error))),
        Err(error) => Err(trouble(&error)),
    }
}

fn unread(name: &str, error: &StoreError, hidden: bool) -> (&'static str, String) {
    match error.detail.as_deref() {
        Some(FORBIDDEN) if hidden => {
            let message = format!(
                "{name} reads tables whose row security applies to its owner, or to our role where \
                 it is made with security_invoker, and would hide rows; give that role BYPASSRLS"
            );
            ("row_security", message)
        }
        Some(FORBIDDEN) => {
            let message = format!(
                "{name} reads what its owner, or our role where it is made with security_invoker, \
                 may not read; write GRANT SELECT on the tables and EXECUTE on the functions \
                 behind it"
            );
            ("no_select", message)
        }
        Some(NOT_YET) => {
            let message = format!("{name} holds nothing yet; run REFRESH MATERIALIZED VIEW");
            ("not_populated", message)
        }
        _ => {
            let message =
                format!("{name} could not be read: {error}; see that a SELECT from it works");
            ("view_trouble", message)
        }
    }
}

fn no_key(name: &str, columns: &[String], empty: bool) -> (&'static str, String) {
    let columns = columns.join(", ");
    if empty {
        let message = format!(
            "{name}: a row has no value in one of {columns}, so it would be lost; name columns in \
             `key` that are never empty"
        );
        ("key_empty", message)
    } else {
        let message = format!(
            "{name}: two rows are alike in {columns}, so one would be lost; name further columns \
             in `key` until no two rows are"
        );
        ("key_not_unique", message)
    }
}
