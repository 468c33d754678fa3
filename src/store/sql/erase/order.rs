//! In which order tables are erased.

use crate::store::sql::plan::Plan;
use crate::store::sql::schema::Schema;

/// All tables of the plan: rows that refer before those that they refer to, people last, since they
/// find the rest. Where the database's own references go in a circle, the map's ways decide.
pub(super) fn order(plan: &Plan, schema: &Schema) -> Vec<usize> {
    let mut left: Vec<usize> = (0..plan.tables.len()).collect();
    let mut order = Vec::with_capacity(left.len());
    while !left.is_empty() {
        let free = |at: usize, strict: u8| {
            left.iter().all(|other| *other == at || !waits(plan, schema, at, *other, strict))
        };
        let next = [3, 2, 1]
            .into_iter()
            .find_map(|strict| left.iter().position(|at| free(*at, strict)))
            .unwrap_or(0);
        order.push(left.remove(next));
    }
    order
}

/// Whether `table` has to wait for `other`.
fn waits(plan: &Plan, schema: &Schema, table: usize, other: usize, strict: u8) -> bool {
    let (there, here) = (&plan.tables[table], &plan.tables[other]);
    let way = here.parents.iter().any(|parent| parent.table == table);
    let person = there.person && !here.person;
    let refers = || {
        let real = schema.table(&here.name);
        real.is_some_and(|real| real.foreign_keys.iter().any(|key| key.table == there.name))
    };
    way || strict > 1 && person || strict > 2 && refers()
}
