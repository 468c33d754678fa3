//! Who is found, and under which further keys.

use sqlx::Transaction;
use sqlx::sqlite::{Sqlite, SqliteRow};

use super::dialect::SqliteDialect;
use super::value::{get, query, trouble};
use crate::domain::record::Value;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::store::map::Link;
use crate::store::sql::check::Wanted;
use crate::store::sql::cursor::row_name;
use crate::store::sql::found::Found;
use crate::store::sql::plan::{Plan, TablePlan};
use crate::store::sql::statement::{Keys, Statement};
use crate::store::sql::{MAX_PEOPLE, MAX_VALUES};
use crate::store::{CaseVariant, Located, PersonRow, StoreError};

type Tx = Transaction<'static, Sqlite>;

/// People by their exact keys; by ASCII case ignored where nobody was found and the map allows it;
/// and the values that other stores ask for.
pub(super) async fn locate(
    tx: &mut Tx,
    plan: &Plan,
    keys: &[SubjectKey],
    store: &str,
    wanted: &[Wanted],
) -> Result<Located, StoreError> {
    let all = Keys::new(keys);
    let mut found = Found::default();
    for (at, table) in plan.tables.iter().enumerate().filter(|(_, table)| table.person) {
        let mut statement = Statement::new(plan, &all, &SqliteDialect);
        if let Some(condition) = statement.keyed(at) {
            for row in people(tx, table, statement, &condition).await? {
                take(&mut found, table, &row)?;
            }
        }
    }
    for key in keys.iter().filter(|key| key.kind == KeyKind::email()) {
        if !found.keys.contains(key) {
            variants(tx, plan, &all, key, &mut found).await?;
        }
    }
    for column in wanted {
        values(tx, plan, &all, store, column, &mut found).await?;
    }
    Ok(found.located())
}

/// Takes a person and the keys in their row.
fn take(found: &mut Found, table: &TablePlan, row: &SqliteRow) -> Result<(), StoreError> {
    if !found.has_room(&table.name) {
        return Ok(());
    }
    found.people.push(person(table, row)?);
    for (at, (kind, column)) in table.who.iter().enumerate() {
        found.key(kind, &get(row, at)?, || format!("{}.{column}", table.name));
    }
    Ok(())
}

/// The rows of a person's table that match: `who` columns, then proof, then the row's name.
async fn people(
    tx: &mut Tx,
    table: &TablePlan,
    statement: Statement<'_>,
    condition: &str,
) -> Result<Vec<SqliteRow>, StoreError> {
    let mut chosen: Vec<String> =
        table.who.iter().map(|(_, column)| statement.column(column)).collect();
    chosen.push(table.proven_by.as_ref().map_or("1".to_owned(), |c| statement.column(c)));
    let named = table.primary_key.iter().chain(&table.keyset);
    chosen.extend(named.map(|column| statement.column(column)));
    let order: Vec<String> = table.keyset.iter().map(|c| statement.column(c)).collect();
    let from = statement.quote(&table.name);
    let select = format!(
        "SELECT {} FROM {from} AS t WHERE {condition} ORDER BY {} LIMIT {}",
        chosen.join(", "),
        order.join(", "),
        MAX_PEOPLE + 1
    );
    let query = query(statement.finish(&select));
    query.fetch_all(&mut **tx).await.map_err(|error| trouble(&error))
}

fn person(table: &TablePlan, row: &SqliteRow) -> Result<PersonRow, StoreError> {
    let proof = table.who.len();
    let proven = match get(row, proof)? {
        Value::Null | Value::Int(0) => false,
        Value::Text(text) => !matches!(text.as_str(), "" | "0"),
        Value::Bytes(bytes) => !bytes.is_empty(),
        Value::Real(number) => number != 0.0,
        _ => true,
    };
    let values = |from: usize, count: usize| -> Result<Vec<Value>, StoreError> {
        (from..from + count).map(|at| get(row, at)).collect()
    };
    let mut named = values(proof + 1, table.primary_key.len())?;
    if named.is_empty() || named.contains(&Value::Null) {
        named = values(proof + 1 + table.primary_key.len(), table.keyset.len())?;
    }
    Ok(PersonRow { collection: table.name.clone(), row: row_name(&named), proven })
}

/// The second look for one address that nobody was found under.
async fn variants(
    tx: &mut Tx,
    plan: &Plan,
    keys: &Keys,
    key: &SubjectKey,
    found: &mut Found,
) -> Result<(), StoreError> {
    for table in plan.tables.iter().filter(|table| table.person && table.case_insensitive) {
        for (at, (kind, column)) in table.who.iter().enumerate() {
            if *kind != key.kind {
                continue;
            }
            let mut statement = Statement::new(plan, keys, &SqliteDialect);
            let condition = statement.like(&table.name, column, key.value());
            for row in people(tx, table, statement, &condition).await? {
                if found.variants.len() >= MAX_PEOPLE {
                    found.gap(&table.name);
                } else if let Value::Text(stored) = get(&row, at)? {
                    found.variants.push(CaseVariant { person: person(table, &row)?, stored });
                }
            }
        }
    }
    Ok(())
}

/// The values of a column that another store refers to.
async fn values(
    tx: &mut Tx,
    plan: &Plan,
    keys: &Keys,
    store: &str,
    wanted: &Wanted,
    found: &mut Found,
) -> Result<(), StoreError> {
    let Some(at) = plan.position(&wanted.table) else { return Ok(()) };
    let mut statement = Statement::new(plan, keys, &SqliteDialect);
    let Some(rows) = statement.rows(at, std::slice::from_ref(&wanted.column)) else {
        return Ok(());
    };
    let select = format!("SELECT * FROM {rows} ORDER BY 1 LIMIT {}", MAX_VALUES + 1);
    let query = query(statement.finish(&select));
    let rows = query.fetch_all(&mut **tx).await.map_err(|error| trouble(&error))?;
    let kind = Link::kind(store, &wanted.table, &wanted.column);
    let place = || format!("{}.{}", wanted.table, wanted.column);
    if rows.len() > MAX_VALUES {
        found.gap(&place());
    }
    for row in rows.iter().take(MAX_VALUES) {
        found.key(&kind, &get(row, 0)?, place);
    }
    Ok(())
}
