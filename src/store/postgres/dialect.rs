//! How PostgreSQL spells a plan.

use std::collections::BTreeMap;

use super::catalogue::Relation;
use super::kind::{Family, Kind};
use super::types::Print;
use crate::domain::record::Value;
use crate::store::sql::statement::{Bound, Column, Dialect};

/// PostgreSQL's spelling. A comparison that the column's own index can serve comes first; where that
/// one may take other bytes for the same (`citext`, a collation), an exact one stands behind it.
#[derive(Debug)]
pub(super) struct PgDialect<'c>(pub(super) &'c BTreeMap<String, Relation>);

type Pair<'c> = (Column<'c>, Column<'c>);

impl PgDialect<'_> {
    /// What a column is; `None` for hidden ones.
    pub(super) fn kind(&self, table: &str, column: &str) -> Option<&Kind> {
        self.0.get(table)?.kinds.get(column)
    }

    fn of(&self, column: &Column<'_>) -> Option<&Kind> {
        self.kind(column.table, column.name)
    }

    fn compare(&self, (here, there): &Pair<'_>) -> bool {
        match (self.of(here), self.of(there)) {
            (Some(here), Some(there)) => here.compares_with(there),
            _ => false,
        }
    }

    /// That two columns, each as its statement calls it, have the same value.
    pub(super) fn same(&self, pair: &Pair<'_>) -> String {
        let (here, there) = (&pair.0.sql, &pair.1.sql);
        if self.compare(pair) {
            format!("{there} = {here}")
        } else {
            format!("{} = {}", exact(there), exact(here))
        }
    }

    /// By what rows stand in order: an expression, and the type that a place is read as.
    pub(super) fn order(&self, column: &Column<'_>) -> (String, String) {
        match self.of(column) {
            // `tableoid`
            None => (column.sql.clone(), "oid".to_owned()),
            Some(kind) if kind.plain => (column.sql.clone(), kind.cast.clone()),
            Some(_) => (format!("({})", exact(&column.sql)), "text".to_owned()),
        }
    }

    /// That the first of a pair is the value of the second at `slot`.
    pub(super) fn equal(&self, pair: &Pair<'_>, slot: &str) -> String {
        let (here, sql) = (self.of(&pair.0), &pair.0.sql);
        let exactly = format!("{} = {slot}::text", exact(sql));
        let Some((here, there)) = here.zip(self.of(&pair.1)) else { return exactly };
        if here.family == Family::Text {
            let quick = format!("{sql} {} {slot}::text::{}", here.equal, here.cast);
            return if here.loose { format!("{quick} AND {exactly}") } else { quick };
        }
        match (here.family, there.family) {
            _ if !here.compares_with(there) => exactly,
            (Family::Whole, Family::Whole) => format!("{sql} = {slot}::text::int8"),
            _ => format!("{sql} = {slot}::text::{}", there.cast),
        }
    }
}

/// Byte for byte.
fn exact(sql: &str) -> String {
    format!("{sql}::text COLLATE \"C\"")
}

fn array(slots: &[String], cast: &str) -> String {
    let slots: Vec<String> = slots.iter().map(|slot| format!("{slot}::text{cast}")).collect();
    format!("ANY (ARRAY[{}])", slots.join(", "))
}

/// `a` or `(a, b)`.
pub(super) fn tuple(parts: &[String]) -> String {
    match parts {
        [one] => one.clone(),
        _ => format!("({})", parts.join(", ")),
    }
}

impl Dialect for PgDialect<'_> {
    fn slot(&self, number: usize) -> String {
        format!("${number}")
    }

    fn table(&self, name: &str) -> String {
        match self.0.get(name) {
            Some(Relation { place: (schema, table), .. }) => {
                format!("{}.{}", self.quote(schema), self.quote(table))
            }
            None => self.quote(name),
        }
    }

    fn chosen(&self, column: &Column<'_>) -> String {
        match self.of(column) {
            Some(kind) if kind.family == Family::Text && !kind.loose => {
                format!("{}::text", column.sql)
            }
            Some(kind) if kind.plain && !kind.loose => column.sql.clone(),
            _ => exact(&column.sql),
        }
    }

    fn key_is(&self, column: &Column<'_>, keys: &[&str], bound: &mut Bound<'_>) -> String {
        let kind = self.of(column);
        let family = kind.map_or(Family::Other, |kind| kind.family);
        // What the column cannot hold would be an error there instead of no match.
        let fits = |key: &str| match family {
            Family::Whole => key.parse::<i64>().is_ok_and(|number| number.to_string() == key),
            Family::Uuid => {
                uuid::Uuid::parse_str(key).is_ok_and(|uuid| uuid.hyphenated().to_string() == key)
            }
            _ => !key.contains('\0'),
        };
        let fitting = keys.iter().filter(|key| fits(key));
        let slots: Vec<String> =
            fitting.map(|key| bound.bind(Value::Text((*key).to_owned()))).collect();
        if slots.is_empty() || kind.is_some_and(|kind| kind.print == Print::Bytes) {
            return "FALSE".to_owned();
        }
        let sql = &column.sql;
        let exactly = format!("{} = {}", exact(sql), array(&slots, ""));
        match (family, kind) {
            (Family::Whole, _) => format!("{sql} = {}", array(&slots, "::int8")),
            (Family::Uuid, _) => format!("{sql} = {}", array(&slots, "::uuid")),
            (Family::Text, Some(kind)) => {
                let quick =
                    format!("{sql} {} {}", kind.equal, array(&slots, &format!("::{}", kind.cast)));
                if kind.loose { format!("{quick} AND {exactly}") } else { quick }
            }
            _ => exactly,
        }
    }

    fn key_is_like(&self, column: &Column<'_>, key: &str, bound: &mut Bound<'_>) -> String {
        if key.contains('\0') {
            return "FALSE".to_owned();
        }
        // Under this collation lower() folds the 26 letters of ASCII and nothing else.
        let slot = bound.bind(Value::Text(key.to_owned()));
        format!("lower({}) = lower({slot}::text COLLATE \"C\")", exact(&column.sql))
    }

    fn stands_in(&self, pairs: &[Pair<'_>], rows: &str) -> String {
        let (mut here, mut there) = (Vec::new(), Vec::new());
        for (at, pair) in pairs.iter().enumerate() {
            if self.compare(pair) {
                here.push(pair.0.sql.clone());
                there.push(format!("c{at}"));
            } else {
                here.push(exact(&pair.0.sql));
                there.push(exact(&format!("c{at}")));
            }
        }
        format!("{} IN (SELECT {} FROM {rows})", tuple(&here), there.join(", "))
    }

    fn equals(&self, pairs: &[Pair<'_>], values: &[Value], bound: &mut Bound<'_>) -> String {
        let each = pairs.iter().zip(values).map(|(pair, value)| {
            let slot = bound.bind(value.clone());
            self.equal(pair, &slot)
        });
        each.collect::<Vec<_>>().join(" AND ")
    }
}
