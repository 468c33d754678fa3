//! `correct = ["name", "email"]`: what a map may not open to corrections, whatever the database is.

use super::model::{StoreMap, TableMap};

/// What is wrong with the columns that a table's map opens: line, code and words.
pub(super) fn faults(store: &StoreMap, table: &TableMap) -> Vec<(usize, &'static str, String)> {
    let mut faults = Vec::new();
    for (at, open) in table.correct.iter().enumerate() {
        let name = &open.value;
        let mut fault =
            |code, words: &str| faults.push((open.line, code, format!("{name} {words}")));
        if table.correct[..at].iter().any(|before| before.value == *name) {
            fault("twice", "stands in correct twice");
        }
        match table.field(name) {
            None => fault("correct_field", "is corrected but not given; write it into field too"),
            Some(field) if field.category.is_secret() => {
                fault(
                    "correct_secret",
                    "is a secret, which is never shown; take it out of correct",
                );
            }
            Some(field) if field.blob.is_some() => {
                fault("correct_blob", "names a file; take it out of correct");
            }
            Some(_) if store.binds(&table.name, name) => fault(
                "correct_reference",
                "ties rows together, which a correction would tear; take it out of correct",
            ),
            Some(_) => {}
        }
    }
    faults
}
