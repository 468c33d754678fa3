//! Keys that the map alone names: of views, foreign tables and tables without a key.
//!
//! A walk goes on behind the key of the last row. Of two rows with the same key the second would be
//! lost at the edge of a page, and so would be one whose key is empty. The database knows nothing of
//! such a key, so each walk looks first whether the claim holds for the person's rows.

use super::Tx;
use super::dialect::PgDialect;
use super::types::Print;
use super::value::{get, query, trouble};
use crate::domain::record::Value;
use crate::store::sql::plan::TablePlan;
use crate::store::sql::statement::Statement;
use crate::store::{StoreError, StoreErrorCode};

/// What PostgreSQL calls a key that stands twice, and one that is empty (its appendix A).
pub(super) const TWICE: &str = "23505";
pub(super) const EMPTY: &str = "23502";

/// The table is not what the map says: its key is none.
pub(super) fn broken(state: &str) -> StoreError {
    StoreError::new(StoreErrorCode::Schema).detail(state)
}

/// Looks in the same state of the database that the walk begins in.
pub(super) async fn hold(
    tx: &mut Tx,
    table: &TablePlan,
    dialect: &PgDialect<'_>,
    statement: Statement<'_>,
    reach: &str,
) -> Result<(), StoreError> {
    let select = fault(table, dialect, &statement, reach);
    let query = query(statement.finish(&select));
    let row = query.fetch_optional(&mut **tx).await.map_err(|error| trouble(&error))?;
    match row.map(|row| get(&row, 0, &Print::Text)).transpose()? {
        None => Ok(()),
        Some(Value::Text(state)) => Err(broken(&state)),
        Some(_) => Err(StoreError::new(StoreErrorCode::BadData)),
    }
}

/// Selects what is wrong with the key among the rows of `reach`, and nothing where it is one. Keys
/// are the same here when the walk's order takes them for the same.
pub(super) fn fault(
    table: &TablePlan,
    dialect: &PgDialect<'_>,
    statement: &Statement<'_>,
    reach: &str,
) -> String {
    let of = |column: &String| dialect.order(&statement.of(&table.name, column)).0;
    let order: Vec<String> = table.keyset.iter().map(of).collect();
    let empty: Vec<String> = (table.keyset.iter())
        .map(|column| format!("{} IS NULL", statement.column(column)))
        .collect();
    format!(
        "SELECT CASE WHEN k.empty THEN '{EMPTY}' ELSE '{TWICE}' END FROM (SELECT bool_or({}) AS \
         empty, count(*) AS rows FROM {} AS t WHERE {reach} GROUP BY {}) AS k \
         WHERE k.empty OR k.rows > 1 ORDER BY k.empty DESC LIMIT 1",
        empty.join(" OR "),
        statement.table(&table.name),
        order.join(", "),
    )
}

/// Looks at the key of one row, after that of the row before it.
pub(super) fn follows(
    table: &TablePlan,
    before: Option<&Vec<Value>>,
    key: &[Value],
) -> Result<(), StoreError> {
    if !table.claimed {
        return Ok(());
    }
    if key.contains(&Value::Null) {
        return Err(broken(EMPTY));
    }
    if before.is_some_and(|before| before == key) { Err(broken(TWICE)) } else { Ok(()) }
}
