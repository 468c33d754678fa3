//! Which adapter speaks to which kind of store.

use std::sync::Arc;

use super::map::{DataMap, StoreMap};
use super::objects::ObjectsStore;
use super::sql::check::Wanted;
use super::sqlite::SqliteStore;
use super::throttle::{Limits, Throttled};
use super::{Finding, Store, Stores};
use crate::ids::Entropy;

/// Makes a store of its map and of the columns that other maps want of it.
type Make = fn(&StoreMap, Vec<Wanted>) -> Result<Arc<dyn Store>, Finding>;

/// One line an adapter.
const ADAPTERS: &[(&str, Make)] = &[
    ("objects", |map, _| Ok(Arc::new(ObjectsStore::new(map)?))),
    ("sqlite", |map, wanted| Ok(Arc::new(SqliteStore::new(map, wanted)?))),
];

/// Makes all stores of all maps, each behind its limits. Connects to none: a store that is down
/// must not keep the service from starting. `entropy` spreads retries.
pub fn open(
    maps: &[DataMap],
    limits: Limits,
    entropy: &Arc<dyn Entropy>,
) -> Result<Stores, Vec<Finding>> {
    let mut stores = Stores::new();
    let mut findings = Vec::new();
    for map in maps.iter().flat_map(|map| &map.stores) {
        match make(map, maps) {
            Ok(store) => {
                let store = Throttled::new(store, limits, Arc::clone(entropy));
                stores.insert(map.name.clone(), Arc::new(store));
            }
            Err(finding) => findings.push(finding),
        }
    }
    if findings.is_empty() { Ok(stores) } else { Err(findings) }
}

fn make(map: &StoreMap, maps: &[DataMap]) -> Result<Arc<dyn Store>, Finding> {
    let Some((_, make)) = ADAPTERS.iter().find(|(kind, _)| *kind == map.kind.value) else {
        let known: Vec<String> = ADAPTERS.iter().map(|(kind, _)| format!("\"{kind}\"")).collect();
        return Err(Finding {
            file: map.file.clone(),
            line: map.kind.line,
            code: "kind",
            message: format!(
                "store.{}.kind: \"{}\" is not known here; write {}",
                map.name,
                map.kind.value,
                known.join(" or ")
            ),
        });
    };
    make(map, wanted(map, maps))
}

/// The columns of `store` that the other maps refer to.
fn wanted(store: &StoreMap, maps: &[DataMap]) -> Vec<Wanted> {
    let mut wanted: Vec<Wanted> = Vec::new();
    for other in maps.iter().flat_map(|map| &map.stores).filter(|other| other.name != store.name) {
        for via in other.tables.iter().flat_map(|table| &table.via) {
            if via.store.as_ref() != Some(&store.name) {
                continue;
            }
            let (table, column) = (via.table.clone(), via.to[0].clone());
            if !wanted.iter().any(|known| known.table == table && known.column == column) {
                let (file, line) = (other.file.clone(), via.line);
                wanted.push(Wanted { table, column, file, line });
            }
        }
    }
    wanted
}
