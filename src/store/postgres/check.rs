//! What only PostgreSQL can have against a map: rights of the role, row security, types.

use super::catalogue::{Catalogue, Relation};
use super::correct;
use super::probe::Probe;
use super::{Tx, touched};
use crate::store::map::StoreMap;
use crate::store::sql::plan::{Output, Plan};
use crate::store::{Finding, StoreError};

/// Findings beside those of the shared comparison.
pub(super) async fn check(
    tx: &mut Tx,
    store: &StoreMap,
    catalogue: &Catalogue,
) -> Result<Vec<Finding>, StoreError> {
    // A map that does not fit is told of already.
    let Ok(plan) = Plan::new(store, &catalogue.schema) else { return Ok(Vec::new()) };
    let mut findings = Vec::new();
    let mut probe = Probe { store, plan: &plan, catalogue, slow: 0 };
    for table in touched(&plan) {
        let Some(relation) = catalogue.relations.get(table) else { continue };
        let used = used(&plan, table);
        let told = rights(table, relation, &used);
        if told.is_empty() {
            findings.extend(probe.finding(tx, table, relation, &used).await?);
        }
        let line = store.table(table).map_or(store.line, |table| table.line);
        findings.extend(told.into_iter().map(|(code, message)| Finding {
            file: store.file.clone(),
            line,
            code,
            message,
        }));
    }
    for table in &plan.tables {
        let Some(relation) = catalogue.relations.get(&table.name) else { continue };
        for (kind, column) in &table.keyed {
            if relation.kinds.get(column).is_some_and(|of| !of.print.is_key()) {
                let message = format!(
                    "table {}: {column} is of a type that holds no key, so nobody would be found \
                     by \"{}\"; name a column of text, numbers or uuids",
                    table.name,
                    kind.as_str()
                );
                let line = store.table(&table.name).map_or(store.line, |table| table.line);
                let (file, code) = (store.file.clone(), "key_type");
                findings.push(Finding { file, line, code, message });
            }
        }
    }
    findings.extend(correct::check(tx, store, &plan, catalogue).await?);
    Ok(findings)
}

/// What the catalogue says that our role may not see of a table.
fn rights(table: &str, relation: &Relation, used: &[&str]) -> Vec<(&'static str, String)> {
    let mut told = Vec::new();
    if relation.guarded {
        let message = format!(
            "table {table} has row security that applies to our role, which would hide rows; \
             give the role BYPASSRLS, or a role of its own to which no policy applies"
        );
        told.push(("row_security", message));
    }
    let closed: Vec<&str> =
        used.iter().copied().filter(|column| relation.closed.contains(*column)).collect();
    if !closed.is_empty() {
        let message = format!(
            "table {table}: our role may not read {}; write GRANT USAGE on its schema and \
             GRANT SELECT on the table, or on these columns",
            closed.join(", ")
        );
        told.push(("no_select", message));
    }
    told
}

/// The columns of a table that are read.
fn used<'p>(plan: &'p Plan, name: &str) -> Vec<&'p str> {
    let mut used: Vec<&str> = Vec::new();
    for table in &plan.tables {
        let own = table.name == name;
        if own {
            used.extend(table.keyset.iter().map(String::as_str));
            used.extend(table.primary_key.iter().filter(|_| table.person).map(String::as_str));
            used.extend(table.keyed.iter().map(|(_, column)| column.as_str()));
            used.extend(table.proven_by.iter().chain(&table.created).map(String::as_str));
            used.extend(table.third_party.iter().flat_map(|(_, c)| c).map(String::as_str));
            used.extend(table.parents.iter().flat_map(|parent| &parent.from).map(String::as_str));
        }
        for parent in table.parents.iter().filter(|p| plan.tables[p.table].name == name) {
            used.extend(parent.to.iter().map(String::as_str));
        }
        for output in &table.outputs {
            match output {
                Output::Own(column) if own => used.push(column),
                Output::Own(_) => {}
                Output::Lookup { table, column, from, to } => {
                    if own {
                        used.extend(from.iter().map(String::as_str));
                    }
                    if table == name {
                        used.extend(to.iter().chain([column]).map(String::as_str));
                    }
                }
            }
        }
    }
    used.sort_unstable();
    used.dedup();
    used
}
