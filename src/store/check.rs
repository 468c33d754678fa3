//! Data maps beside the stores they describe.

use super::map::{DataMap, StoreMap, TableMap};
use super::{Finding, Stores};

/// Looks at every store whether it is what its map says. An empty list is a clean bill. A store
/// that cannot be looked at is a finding too: silence is no proof.
pub async fn check(maps: &[DataMap], stores: &Stores) -> Vec<Finding> {
    let mut findings = Vec::new();
    for map in maps.iter().flat_map(|map| &map.stores) {
        let finding =
            |code, message| Finding { file: map.file.clone(), line: map.line, code, message };
        findings.extend(silent(map));
        match stores.get(&map.name) {
            None => {
                let message = format!("store {} was not opened", map.name);
                findings.push(finding("not_opened", message));
            }
            Some(store) => match store.check().await {
                Ok(more) => findings.extend(more),
                Err(error) => {
                    let message = format!(
                        "store {} could not be looked at: {error}; see that its url is right and \
                         that it answers",
                        map.name
                    );
                    findings.push(finding("store_trouble", message));
                }
            },
        }
    }
    findings.sort_by(|a, b| (&a.file, a.line, a.code).cmp(&(&b.file, b.line, b.code)));
    findings.dedup();
    findings
}

/// Tables and prefixes of which nothing says how they are erased. A view has no rule of its own, and
/// neither may what is walked by a key of the map, which may be one.
fn silent(map: &StoreMap) -> Vec<Finding> {
    let said = |table: &TableMap| {
        table.erase.is_some() || table.keep.is_some() || table.aggregate.is_some()
    };
    let silent =
        map.tables.iter().filter(|table| !table.ignored && table.key.is_none() && !said(table));
    let tables = silent.map(|table| (table.line, format!("table {}", table.name)));
    let silent = map.prefixes.iter().filter(|one| one.erase.is_none() && one.keep.is_none());
    let prefixes = silent.map(|prefix| (prefix.line, format!("prefix {}", prefix.name)));
    let finding = |(line, place): (usize, String)| Finding {
        file: map.file.clone(),
        line,
        code: "no_method",
        message: format!(
            "{place}: nothing says how it is erased; write erase = \"delete\", or for rows erase = \
             \"mask\" or \"shred\", or keep = {{ for = \"10y\", from = \"…\", ground = \"…\" }}"
        ),
    };
    tables.chain(prefixes).map(finding).collect()
}
