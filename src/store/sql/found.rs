//! What a search has found so far.

use std::collections::BTreeSet;

use super::MAX_PEOPLE;
use crate::domain::record::{Gap, GapReason, Value};
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::store::{CaseVariant, Located, PersonRow};

/// People, keys in their rows, and what could not be looked at.
#[derive(Debug, Default)]
pub struct Found {
    /// Rows of people.
    pub people: Vec<PersonRow>,
    /// Keys that lead to them.
    pub keys: BTreeSet<SubjectKey>,
    /// Rows that match but for ASCII case.
    pub variants: Vec<CaseVariant>,
    gaps: Vec<Gap>,
}

impl Found {
    /// All of it, in an order of its own.
    pub fn located(mut self) -> Located {
        self.people.sort();
        self.variants.sort();
        self.variants.dedup();
        self.gaps.sort();
        self.gaps.dedup();
        let keys = self.keys.into_iter().collect();
        Located { people: self.people, keys, variants: self.variants, gaps: self.gaps }
    }

    /// Whether another person of `table` can be taken; where not, that is a gap.
    pub fn has_room(&mut self, table: &str) -> bool {
        let has_room = self.people.len() < MAX_PEOPLE;
        if !has_room {
            self.gap(table);
        }
        has_room
    }

    /// Takes the value of a key column; one that cannot be a key is a gap at `place`.
    pub fn key(&mut self, kind: &KeyKind, value: &Value, place: impl Fn() -> String) {
        match value {
            Value::Int(number) => {
                self.keys.extend(SubjectKey::new(kind.clone(), number.to_string()));
            }
            Value::Text(text) | Value::Number(text) => {
                self.keys.extend(SubjectKey::new(kind.clone(), text.clone()));
            }
            Value::Null => {}
            _ => self.gap(&place()),
        }
    }

    /// Something at `place` could not be searched.
    pub fn gap(&mut self, place: &str) {
        self.gaps.push(Gap { place: place.to_owned(), reason: GapReason::NotSearchable, count: 1 });
    }
}
