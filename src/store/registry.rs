//! Which adapter speaks to which kind of store.

use std::sync::Arc;

use super::map::{DataMap, StoreMap};
use super::objects::ObjectsStore;
use super::postgres::PostgresStore;
use super::sql::check::Wanted;
use super::sqlite::SqliteStore;
use super::throttle::{Limits, Throttled};
use super::{Finding, Store, Stores};
use crate::ids::Entropy;
use crate::keys::pepper::Peppers;
use crate::meter::Meter;

/// Makes a store of its map, of the columns that other maps want of it, and of what keyed hashes are
/// made with.
type Make = fn(&StoreMap, Vec<Wanted>, Option<Peppers>) -> Result<Arc<dyn Store>, Finding>;

/// One line an adapter.
const ADAPTERS: &[(&str, Make)] = &[
    ("objects", |map, _, _| Ok(Arc::new(ObjectsStore::new(map)?))),
    ("postgres", |map, wanted, peppers| {
        Ok(Arc::new(PostgresStore::new(map, wanted)?.peppered(peppers)))
    }),
    ("sqlite", |map, wanted, peppers| {
        Ok(Arc::new(SqliteStore::new(map, wanted)?.peppered(peppers)))
    }),
];

/// Makes all stores of all maps, each behind its limits. Connects to none: a store that is down
/// must not keep the service from starting. `entropy` spreads retries, `meter` measures the calls,
/// `peppers` make keyed hashes where rows are masked: without them only that cannot be done.
pub fn open(
    maps: &[DataMap],
    limits: Limits,
    entropy: &Arc<dyn Entropy>,
    meter: &Meter,
    peppers: Option<&Peppers>,
) -> Result<Stores, Vec<Finding>> {
    let mut stores = Stores::new();
    let mut findings = Vec::new();
    for map in maps.iter().flat_map(|map| &map.stores) {
        match make(map, maps, peppers.cloned()) {
            Ok(store) => {
                let store = Throttled::new(store, limits, Arc::clone(entropy), meter);
                stores.insert(map.name.clone(), Arc::new(store));
            }
            Err(finding) => findings.push(finding),
        }
    }
    if findings.is_empty() { Ok(stores) } else { Err(findings) }
}

fn make(
    map: &StoreMap,
    maps: &[DataMap],
    peppers: Option<Peppers>,
) -> Result<Arc<dyn Store>, Finding> {
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
    make(map, wanted(map, maps), peppers)
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

#[cfg(test)]
mod tests {
    use std::path::Path;

    use tempfile::tempdir;

    use super::*;
    use crate::ids::SeededEntropy;
    use crate::store::check::check;
    use crate::store::map::{DataMap, parse};
    use crate::store::testing::{FACTS, key, lines, pages, seed};

    fn opened(maps: &[DataMap]) -> Result<Stores, Vec<Finding>> {
        let entropy: Arc<dyn Entropy> = Arc::new(SeededEntropy::new(1));
        open(maps, Limits { retries: 0, ..Limits::default() }, &entropy, &Meter::default(), None)
    }

    fn map(dir: &Path, name: &str, kind: &str, tables: &str) -> DataMap {
        let text = format!(
            "format = \"rightsdesk-map/1\"\n[store.{name}]\nkind = \"{kind}\"\n\
             url = \"sqlite:{name}.db\"\n{FACTS}{tables}"
        );
        parse(&dir.join(format!("{name}.toml")), &text, &|_| None).unwrap()
    }

    #[test]
    fn an_unknown_kind_is_a_fault_that_names_the_known_ones() {
        let findings = opened(&[map(Path::new("."), "shop", "oracle", "")]).unwrap_err();
        assert_eq!((findings[0].code, findings[0].line), ("kind", 3));
        assert!(findings[0].message.contains("\"objects\" or \"postgres\" or \"sqlite\""));
    }

    #[tokio::test]
    async fn keys_lead_from_one_store_into_another_and_a_store_that_is_down_opens_too() {
        let dir = tempdir().unwrap();
        let person = "[store.shop.table.c]\nperson = true\nwho = { email = \"m\" }\n\
                      erase = \"delete\"\n";
        let visit = "[store.stats.table.visit]\nvia = \"owner -> shop:c.id\"\n\
                     field = { at = \"user.behavior\" }\nerase = \"delete\"\n";
        let maps =
            [map(dir.path(), "shop", "sqlite", person), map(dir.path(), "stats", "sqlite", visit)];
        let stores = opened(&maps).unwrap();
        let down: Vec<_> = check(&maps, &stores).await.into_iter().map(|f| f.code).collect();
        assert_eq!(down, ["store_trouble", "store_trouble"]);
        seed(
            &dir.path().join("shop.db"),
            "CREATE TABLE c(id INTEGER PRIMARY KEY, m);
            INSERT INTO c VALUES (1, 'ada@example.org'), (10, 'b')",
        )
        .await;
        seed(
            &dir.path().join("stats.db"),
            "CREATE TABLE visit(k INTEGER PRIMARY KEY, owner, at);
            INSERT INTO visit(owner, at) VALUES (1, 'a'), ('1', 'b'), (10, 'c'), ('01', 'd')",
        )
        .await;
        assert_eq!(check(&maps, &stores).await, []);
        let shop = stores["shop"].export().unwrap();
        let found = shop.locate(&[key("email", "ada@example.org")]).await.unwrap();
        assert!(found.keys.contains(&key("shop:c.id", "1")), "{:?}", found.keys);
        assert_eq!(stores["stats"].export().unwrap().asks_for()[0].as_str(), "shop:c.id");
        let visits = lines(&pages(&*stores["stats"], &found.keys).await);
        assert_eq!(visits, ["visit [Text(\"a\")]", "visit [Text(\"b\")]"]);
    }
}
