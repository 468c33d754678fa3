//! How SQLite spells a plan.

use crate::domain::record::Value;
use crate::store::sql::statement::{Bound, Column, Dialect};

/// SQLite's spelling. A plain comparison comes first each time, since it can use the column's own
/// index whatever its collation; the exact one behind it takes out what is not the same bytes.
#[derive(Debug)]
pub(super) struct SqliteDialect;

impl Dialect for SqliteDialect {
    fn slot(&self, number: usize) -> String {
        format!("?{number}")
    }

    fn key_is(&self, column: &Column<'_>, keys: &[&str], bound: &mut Bound<'_>) -> String {
        let column = &column.sql;
        let texts: Vec<String> =
            keys.iter().map(|key| bound.bind(Value::Text((*key).to_owned()))).collect();
        // A column without affinity compares a number only with a number.
        let numbers = keys.iter().filter_map(|key| {
            let number: i64 = key.parse().ok()?;
            (number.to_string() == **key).then(|| bound.bind(Value::Int(number)))
        });
        let mut any = texts.clone();
        any.extend(numbers);
        format!(
            "{column} {} AND CAST({column} AS TEXT) COLLATE BINARY {} AND typeof({column}) <> 'blob'",
            one_of(&any),
            one_of(&texts)
        )
    }

    fn key_is_like(&self, column: &Column<'_>, key: &str, bound: &mut Bound<'_>) -> String {
        // NOCASE folds the 26 letters of ASCII and nothing else.
        format!("{} COLLATE NOCASE = {}", column.sql, bound.bind(Value::Text(key.to_owned())))
    }

    fn stands_in(&self, pairs: &[(Column<'_>, Column<'_>)], rows: &str) -> String {
        let columns: Vec<String> = pairs.iter().map(|(here, _)| here.sql.clone()).collect();
        let binary: Vec<String> =
            columns.iter().map(|column| format!("{column} COLLATE BINARY")).collect();
        let rows = format!("(SELECT * FROM {rows})");
        format!("{} IN {rows} AND {} IN {rows}", tuple(&columns), tuple(&binary))
    }

    fn equals(
        &self,
        pairs: &[(Column<'_>, Column<'_>)],
        values: &[Value],
        bound: &mut Bound<'_>,
    ) -> String {
        let each = pairs.iter().zip(values).map(|((Column { sql, .. }, _), value)| {
            let slot = bound.bind(value.clone());
            format!("{sql} = {slot} AND {sql} = {slot} COLLATE BINARY")
        });
        each.collect::<Vec<_>>().join(" AND ")
    }
}

fn one_of(slots: &[String]) -> String {
    match slots {
        [one] => format!("= {one}"),
        _ => format!("IN ({})", slots.join(", ")),
    }
}

/// `a` or `(a, b)`.
pub(super) fn tuple(parts: &[String]) -> String {
    match parts {
        [one] => one.clone(),
        _ => format!("({})", parts.join(", ")),
    }
}
