//! Who is found, and under which further keys.

use sqlx::postgres::PgRow;

use super::claim;
use super::dialect::PgDialect;
use super::types::Print;
use super::value::{get, query, trouble};
use super::{Known, Tx};
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

/// People by their exact keys; by ASCII case ignored where nobody was found and the map allows it;
/// and the values that other stores ask for.
pub(super) async fn locate(
    tx: &mut Tx,
    known: &Known,
    keys: &[SubjectKey],
    store: &str,
    wanted: &[Wanted],
) -> Result<Located, StoreError> {
    let (plan, all) = (&known.plan, Keys::new(keys));
    let dialect = PgDialect(&known.relations);
    let look = Look { plan, keys: &all, dialect: &dialect };
    let mut found = Found::default();
    for (at, table) in plan.tables.iter().enumerate().filter(|(_, table)| table.person) {
        let mut statement = look.statement();
        if let Some(condition) = statement.keyed(at) {
            for row in look.people(tx, table, statement, &condition).await? {
                take(&mut found, &look, table, &row)?;
            }
        }
    }
    for key in keys.iter().filter(|key| key.kind == KeyKind::email()) {
        if !found.keys.contains(key) {
            look.variants(tx, key, &mut found).await?;
        }
    }
    for column in wanted {
        look.values(tx, store, column, &mut found).await?;
    }
    Ok(found.located())
}

/// Takes a person and the keys in their row.
fn take(
    found: &mut Found,
    look: &Look<'_>,
    table: &TablePlan,
    row: &PgRow,
) -> Result<(), StoreError> {
    if !found.has_room(&table.name) {
        return Ok(());
    }
    let person = look.person(table, row)?;
    if table.claimed && found.people.contains(&person) {
        return Err(claim::broken(claim::TWICE));
    }
    found.people.push(person);
    for (at, (kind, column)) in table.who.iter().enumerate() {
        let print = look.print(&table.name, column);
        found.key(kind, &get(row, at, &print)?, || format!("{}.{column}", table.name));
    }
    Ok(())
}

/// What is looked for, and how.
struct Look<'l> {
    plan: &'l Plan,
    keys: &'l Keys,
    dialect: &'l PgDialect<'l>,
}

impl Look<'_> {
    fn statement(&self) -> Statement<'_> {
        Statement::new(self.plan, self.keys, self.dialect)
    }

    fn print(&self, table: &str, column: &str) -> Print {
        self.dialect.kind(table, column).map_or(Print::Text, |kind| kind.print.clone())
    }

    /// The rows of a person's table that match: `who` columns, then proof, then the row's name.
    async fn people(
        &self,
        tx: &mut Tx,
        table: &TablePlan,
        statement: Statement<'_>,
        condition: &str,
    ) -> Result<Vec<PgRow>, StoreError> {
        let text = |column: &String| {
            let bytes = self.print(&table.name, column) == Print::Bytes;
            format!("{}{}", statement.column(column), if bytes { "" } else { "::text" })
        };
        let mut chosen: Vec<String> = table.who.iter().map(|(_, column)| text(column)).collect();
        chosen.push(table.proven_by.as_ref().map_or("'t'".to_owned(), text));
        let named = table.primary_key.iter().chain(&table.keyset);
        chosen.extend(named.map(|column| format!("{}::text", statement.column(column))));
        let order =
            table.keyset.iter().map(|name| self.dialect.order(&statement.of(&table.name, name)).0);
        let select = format!(
            "SELECT {} FROM {} AS t WHERE {condition} ORDER BY {} LIMIT {}",
            chosen.join(", "),
            statement.table(&table.name),
            order.collect::<Vec<_>>().join(", "),
            MAX_PEOPLE + 1
        );
        let query = query(statement.finish(&select));
        query.fetch_all(&mut **tx).await.map_err(|error| trouble(&error))
    }

    fn person(&self, table: &TablePlan, row: &PgRow) -> Result<PersonRow, StoreError> {
        let proof = table.who.len();
        let print = table.proven_by.as_ref().map(|column| self.print(&table.name, column));
        let proven = match get(row, proof, &print.unwrap_or(Print::Bool))? {
            Value::Null | Value::Bool(false) | Value::Int(0) => false,
            Value::Text(text) | Value::Number(text) => !matches!(text.as_str(), "" | "0"),
            Value::Bytes(bytes) => !bytes.is_empty(),
            Value::Real(number) => number != 0.0,
            _ => true,
        };
        let values = |from: usize, count: usize| -> Result<Vec<Value>, StoreError> {
            (from..from + count).map(|at| get(row, at, &Print::Text)).collect()
        };
        let mut named = values(proof + 1, table.primary_key.len())?;
        if named.is_empty() {
            named = values(proof + 1, table.keyset.len())?;
            claim::follows(table, None, &named)?;
        }
        Ok(PersonRow { collection: table.name.clone(), row: row_name(&named), proven })
    }

    /// The second look for one address that nobody was found under.
    async fn variants(
        &self,
        tx: &mut Tx,
        key: &SubjectKey,
        found: &mut Found,
    ) -> Result<(), StoreError> {
        let tables = self.plan.tables.iter();
        for table in tables.filter(|table| table.person && table.case_insensitive) {
            for (at, (kind, column)) in table.who.iter().enumerate() {
                if *kind != key.kind {
                    continue;
                }
                let mut statement = self.statement();
                let condition = statement.like(&table.name, column, key.value());
                for row in self.people(tx, table, statement, &condition).await? {
                    if found.variants.len() >= MAX_PEOPLE {
                        found.gap(&table.name);
                    } else if let Value::Text(stored) = get(&row, at, &Print::Text)? {
                        let person = self.person(table, &row)?;
                        found.variants.push(CaseVariant { person, stored });
                    }
                }
            }
        }
        Ok(())
    }

    /// The values of a column that another store refers to.
    async fn values(
        &self,
        tx: &mut Tx,
        store: &str,
        wanted: &Wanted,
        found: &mut Found,
    ) -> Result<(), StoreError> {
        let Some(at) = self.plan.position(&wanted.table) else { return Ok(()) };
        let mut statement = self.statement();
        let Some(rows) = statement.rows(at, std::slice::from_ref(&wanted.column)) else {
            return Ok(());
        };
        let select = format!(
            "SELECT c0::text FROM {rows} ORDER BY c0::text COLLATE \"C\" LIMIT {}",
            MAX_VALUES + 1
        );
        let query = query(statement.finish(&select));
        let rows = query.fetch_all(&mut **tx).await.map_err(|error| trouble(&error))?;
        let kind = Link::kind(store, &wanted.table, &wanted.column);
        let place = || format!("{}.{}", wanted.table, wanted.column);
        if rows.len() > MAX_VALUES {
            found.gap(&place());
        }
        for row in rows.iter().take(MAX_VALUES) {
            found.key(&kind, &get(row, 0, &Print::Text)?, place);
        }
        Ok(())
    }
}
