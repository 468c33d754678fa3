//! Columns that are open to corrections, beside the real schema.

use super::Compare;
use crate::store::map::TableMap;
use crate::store::sql::schema::{Keyset, Table};

/// What keeps columns from being corrected that the map opens.
pub(super) fn check(all: &mut Compare<'_>, table: &TableMap, real: &Table) {
    let Some(first) = table.correct.first() else { return };
    let name = &table.name;
    if real.view || real.keyset == Keyset::Nothing {
        let message = format!(
            "table {name} is a view or has no key of its own, so nothing in it is corrected; write \
             correct at a table behind it"
        );
        all.report(first.line, "correct_view", message);
        return;
    }
    for open in &table.correct {
        let names_row = matches!(&real.keyset, Keyset::Columns(key) if key.contains(&open.value));
        if names_row || real.primary_key.contains(&open.value) {
            let message = format!(
                "table {name}: {} is by what a row is found again; take it out of correct",
                open.value
            );
            all.report(open.line, "correct_key", message);
        }
        let refers = real.foreign_keys.iter().any(|key| key.columns.contains(&open.value));
        let is_meant = all.schema.tables.iter().flat_map(|other| &other.foreign_keys);
        let mut is_meant = is_meant.filter(|key| key.table == real.name);
        if refers || is_meant.any(|key| key.to.contains(&open.value)) {
            let message = format!(
                "table {name}: {} ties rows together by a foreign key; take it out of correct",
                open.value
            );
            all.report(open.line, "correct_reference", message);
        }
    }
}
