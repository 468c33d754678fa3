//! Statements that set marks and read them back.

use jiff::Timestamp;

use super::MAX_PEOPLE;
use super::plan::Plan;
use super::statement::{Dialect, Keys, Statement};
use crate::domain::record::Value;
use crate::store::map::StoreMap;
use crate::store::restrict::Mark;

/// What a mark's column holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Holds {
    /// True or false.
    Truth,
    /// One or zero.
    Number,
    /// When it was set, or nothing. The type's name as a cast writes it; none where text is stored.
    Moment(Option<String>),
}

/// How a mark is to stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Turn {
    /// Set; a column of moments is given this one.
    On(Timestamp),
    /// Taken away.
    Off,
}

impl Turn {
    /// As callers say it.
    pub const fn new(on: bool, at: Timestamp) -> Self {
        if on { Self::On(at) } else { Self::Off }
    }
}

/// A mark's column, tied to the plan.
#[derive(Debug, Clone)]
pub struct Place {
    /// The table's place in the plan.
    pub table: usize,
    /// The table.
    pub name: String,
    /// The column.
    pub column: String,
}

/// The columns in which a map keeps `mark`.
pub fn places(map: &StoreMap, plan: &Plan, mark: &Mark) -> Vec<Place> {
    let of = |table: &crate::store::map::TableMap| {
        let at = plan.position(&table.name)?;
        let column = table.marks.iter().find(|known| known.mark == *mark)?;
        plan.tables[at].person.then(|| Place {
            table: at,
            name: table.name.clone(),
            column: column.column.clone(),
        })
    };
    map.tables.iter().filter_map(of).collect()
}

/// All marks of a map, sorted and each once.
pub fn marks(map: &StoreMap) -> Vec<Mark> {
    let all = map.tables.iter().filter(|table| table.person).flat_map(|table| &table.marks);
    let mut marks: Vec<Mark> = all.map(|column| column.mark.clone()).collect();
    marks.sort();
    marks.dedup();
    marks
}

/// Whether a count of rows can be one person.
pub fn is_one_person(rows: u64) -> bool {
    usize::try_from(rows).is_ok_and(|rows| rows <= MAX_PEOPLE)
}

/// A statement and its values.
pub type Made = (String, Vec<Value>);

/// Statements of one column: to count, and to change.
#[derive(Debug)]
pub struct Work {
    /// Counts the person's rows, and those on which the mark is set.
    pub count: Made,
    /// Changes the mark, where it is to be changed.
    pub change: Option<Made>,
}

/// What is to be run for one column; `None` where no key leads there.
pub fn work(
    plan: &Plan,
    keys: &Keys,
    dialect: &dyn Dialect,
    place: &Place,
    holds: &Holds,
    turn: Option<Turn>,
) -> Option<Work> {
    let count = count(plan, keys, dialect, place, holds)?;
    let change = turn.and_then(|turn| change(plan, keys, dialect, place, holds, turn));
    Some(Work { count, change })
}

/// Counts the person's rows, and those on which the mark is set. `None` where no key leads there.
fn count(
    plan: &Plan,
    keys: &Keys,
    dialect: &dyn Dialect,
    place: &Place,
    holds: &Holds,
) -> Option<Made> {
    let mut statement = Statement::new(plan, keys, dialect);
    let person = statement.keyed(place.table)?;
    let set = is_set(&statement.column(&place.column), holds);
    let from = statement.table(&place.name);
    let select = format!(
        "SELECT count(*), count(CASE WHEN {set} THEN 1 END) FROM {from} AS t WHERE {person}"
    );
    Some(statement.finish(&select))
}

/// Changes the mark on those of the person's rows on which it stands otherwise.
fn change(
    plan: &Plan,
    keys: &Keys,
    dialect: &dyn Dialect,
    place: &Place,
    holds: &Holds,
    turn: Turn,
) -> Option<Made> {
    let mut statement = Statement::new(plan, keys, dialect);
    let person = statement.keyed(place.table)?;
    let set = is_set(&statement.column(&place.column), holds);
    let value = match (holds, turn) {
        (Holds::Truth, Turn::On(_)) => "TRUE".to_owned(),
        (Holds::Truth, Turn::Off) => "FALSE".to_owned(),
        (Holds::Number, Turn::On(_)) => "1".to_owned(),
        (Holds::Number, Turn::Off) => "0".to_owned(),
        (Holds::Moment(_), Turn::Off) => "NULL".to_owned(),
        (Holds::Moment(cast), Turn::On(at)) => {
            let slot = statement.bound.bind(Value::Text(at.to_string()));
            match cast {
                Some(cast) => format!("{slot}::text::{cast}"),
                None => slot,
            }
        }
    };
    let other = if turn == Turn::Off { set } else { format!("NOT {set}") };
    let (table, column) = (statement.table(&place.name), statement.quote(&place.column));
    let update = format!("UPDATE {table} AS t SET {column} = {value} WHERE {person} AND {other}");
    Some(statement.finish(&update))
}

fn is_set(column: &str, holds: &Holds) -> String {
    match holds {
        Holds::Truth => format!("({column} IS TRUE)"),
        Holds::Number => format!("(coalesce({column}, 0) <> 0)"),
        Holds::Moment(Some(_)) => format!("({column} IS NOT NULL)"),
        Holds::Moment(None) => format!("(coalesce({column}, '') <> '')"),
    }
}
