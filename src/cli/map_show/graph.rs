//! What maps say, as boxes and arrows.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use crate::domain::language::Language;
use crate::store::map::{DataMap, Link, StoreMap, TableErase, TableMap};

/// All stores of all maps.
#[derive(Debug, Serialize)]
pub(super) struct Graph {
    pub(super) stores: Vec<Store>,
    pub(super) arrows: Vec<Arrow>,
}

/// A store.
#[derive(Debug, Serialize)]
pub(super) struct Store {
    pub(super) name: String,
    pub(super) kind: String,
    pub(super) label: String,
    /// In the order in which a person's rows are reached.
    pub(super) boxes: Vec<Node>,
    /// Tables that were looked at and are about nobody.
    pub(super) left_out: Vec<String>,
}

/// A table, or a prefix of files.
#[derive(Debug, Serialize)]
pub(super) struct Node {
    pub(super) name: String,
    /// One row is one person.
    pub(super) person: bool,
    /// Kinds of keys by which it is found, and where each stands.
    pub(super) keys: Vec<Key>,
    /// Columns that are given, without secrets.
    pub(super) columns: usize,
    /// Columns that never leave.
    pub(super) secrets: usize,
    /// Facts joined in.
    pub(super) lookups: Vec<Joined>,
    /// Others, who are counted and withheld.
    pub(super) third_parties: Vec<Joined>,
    /// How it is erased.
    pub(super) erase: String,
    /// How many references away from a key.
    pub(super) depth: usize,
}

/// `email` in a column.
#[derive(Debug, Serialize)]
pub(super) struct Key {
    pub(super) kind: String,
    pub(super) at: String,
}

/// A reference that leads away.
#[derive(Debug, Serialize)]
pub(super) struct Joined {
    pub(super) name: String,
    pub(super) on: String,
    pub(super) to: String,
    pub(super) columns: Vec<String>,
}

/// One box's rows lead to another's.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Arrow {
    /// Where the person was found: store and box.
    pub(super) from: (String, String),
    /// What is found through it.
    pub(super) to: (String, String),
    /// The key.
    pub(super) by: String,
}

impl Graph {
    pub(super) fn new(maps: &[DataMap]) -> Self {
        let all: Vec<&StoreMap> = maps.iter().flat_map(|map| &map.stores).collect();
        let mut arrows = Vec::new();
        for store in &all {
            for table in &store.tables {
                arrows.extend(table.via.iter().map(|via| arrow(store, table, via)));
                for (field, blob) in table.fields.iter().filter_map(|f| Some((f, f.blob.as_ref()?)))
                {
                    let to = (blob.store.clone(), "files".to_owned());
                    let from = (store.name.clone(), table.name.clone());
                    arrows.push(Arrow { from, to, by: field.column.clone() });
                }
            }
        }
        // A prefix is found under a key that stands in a person's row.
        for store in &all {
            for prefix in &store.prefixes {
                let giver = all.iter().find_map(|other| {
                    let gives = |table: &&TableMap| {
                        table.person && table.who.iter().any(|who| who.kind == prefix.kind)
                    };
                    Some((other.name.clone(), other.tables.iter().find(gives)?.name.clone()))
                });
                if let Some(from) = giver {
                    let to = (store.name.clone(), prefix.name.clone());
                    arrows.push(Arrow { from, to, by: prefix.kind.to_string() });
                }
            }
        }
        let mut stores: Vec<Store> = all.iter().map(|store| Store::new(store, &arrows)).collect();
        settle_depth(&mut stores, &arrows);
        Self { stores, arrows }
    }

    /// The box of that place.
    pub(super) fn node(&self, (store, name): &(String, String)) -> Option<&Node> {
        let store = self.stores.iter().find(|one| one.name == *store)?;
        store.boxes.iter().find(|node| node.name == *name)
    }

    /// Whether it is found through a box of another store.
    pub(super) fn is_fed_from_afar(&self, store: &str, name: &str) -> bool {
        let here = |arrow: &&Arrow| arrow.to.0 == store && arrow.to.1 == name;
        self.arrows.iter().filter(here).any(|arrow| arrow.from.0 != store)
    }

    /// What is found through the box.
    pub(super) fn below<'g>(
        &'g self,
        store: &'g str,
        name: &'g str,
    ) -> impl Iterator<Item = &'g Arrow> {
        self.arrows.iter().filter(move |arrow| arrow.from.0 == store && arrow.from.1 == name)
    }
}

fn arrow(store: &StoreMap, table: &TableMap, via: &Link) -> Arrow {
    let other = via.store.as_ref().unwrap_or(&store.name);
    Arrow {
        from: (other.clone(), via.table.clone()),
        to: (store.name.clone(), table.name.clone()),
        by: via.from.join(", "),
    }
}

impl Store {
    fn new(store: &StoreMap, arrows: &[Arrow]) -> Self {
        let about = store.tables.iter().filter(|table| !table.ignored);
        let mut boxes: Vec<Node> = about.map(table).collect();
        boxes.extend(store.prefixes.iter().map(|prefix| Node {
            name: prefix.name.clone(),
            person: false,
            keys: vec![Key {
                kind: prefix.kind.to_string(),
                at: format!("{}{{{}}}{}", prefix.before, prefix.kind, prefix.after),
            }],
            columns: 0,
            secrets: 0,
            lookups: Vec::new(),
            third_parties: Vec::new(),
            erase: erase(prefix.erase.as_ref().map(|erase| erase.value), prefix.keep.is_some()),
            depth: 0,
        }));
        for node in &mut boxes {
            if let Some(of) = store.facts.holder(&node.name) {
                node.erase = format!("none, held on behalf of {}", of.controller.name);
            }
        }
        if arrows.iter().any(|arrow| arrow.to == (store.name.clone(), "files".to_owned()))
            && !boxes.iter().any(|node| node.name == "files")
        {
            boxes.push(files());
        }
        Self {
            name: store.name.clone(),
            kind: store.kind.value.clone(),
            label: store.facts.label(Language::En).to_owned(),
            boxes,
            left_out: store
                .tables
                .iter()
                .filter(|table| table.ignored)
                .map(|table| table.name.clone())
                .collect(),
        }
    }
}

/// Files that rows name.
fn files() -> Node {
    Node {
        name: "files".to_owned(),
        person: false,
        keys: Vec::new(),
        columns: 0,
        secrets: 0,
        lookups: Vec::new(),
        third_parties: Vec::new(),
        erase: "as the rows that name them".to_owned(),
        depth: 0,
    }
}

/// How far each box is from a key, over the references of all stores.
fn settle_depth(stores: &mut [Store], arrows: &[Arrow]) {
    let count: usize = stores.iter().map(|store| store.boxes.len()).sum();
    // More rounds than boxes would be a circle, which maps cannot hold.
    for _ in 0..count {
        let mut depths = BTreeMap::new();
        for store in stores.iter() {
            for node in &store.boxes {
                depths.insert((store.name.clone(), node.name.clone()), node.depth);
            }
        }
        for store in stores.iter_mut() {
            for node in &mut store.boxes {
                let here = (&store.name, &node.name);
                let above = arrows.iter().filter(|arrow| (&arrow.to.0, &arrow.to.1) == here);
                let depth = above.filter_map(|arrow| depths.get(&arrow.from)).max();
                node.depth = depth.map_or(0, |depth| depth + 1);
            }
        }
    }
    for store in stores.iter_mut() {
        store.boxes.sort_by_key(|node| node.depth);
    }
    // What is found through other stores stands below them.
    stores.sort_by_key(|store| store.boxes.first().map_or(usize::MAX, |node| node.depth));
}

fn table(table: &TableMap) -> Node {
    let joined = |name: &str, on: &Link, columns: &[String]| Joined {
        name: name.to_owned(),
        on: on.from.join(", "),
        to: on.table.clone(),
        columns: columns.to_vec(),
    };
    let secret = table.fields.iter().filter(|field| field.category.is_secret()).count();
    let mut given: BTreeSet<&str> = table.fields.iter().map(|f| f.column.as_str()).collect();
    given.retain(|column| table.field(column).is_some_and(|f| !f.category.is_secret()));
    Node {
        name: table.name.clone(),
        person: table.person,
        keys: table
            .who
            .iter()
            .map(|who| Key { kind: who.kind.to_string(), at: who.column.clone() })
            .collect(),
        columns: given.len(),
        secrets: secret,
        lookups: table.lookups.iter().map(|one| joined(&one.name, &one.on, &one.columns)).collect(),
        third_parties: table
            .third_party
            .iter()
            .map(|one| joined(&one.name, &one.on, &[]))
            .collect(),
        erase: match &table.keep {
            Some(keep) => {
                let ground = keep.ground.as_ref().map_or(String::new(), |g| format!(" ({g})"));
                let then = match table.erase.as_ref().map(|erase| erase.value) {
                    None | Some(TableErase::Keep) => String::new(),
                    how => format!(", then {}", erase(how, false)),
                };
                format!("kept {}{ground}{then}", keep.period)
            }
            None => erase(table.erase.as_ref().map(|erase| erase.value), false),
        },
        depth: 0,
    }
}

fn erase(how: Option<TableErase>, kept: bool) -> String {
    match how {
        _ if kept => "kept for a while",
        None => "not said how",
        Some(TableErase::Delete) => "deleted",
        Some(TableErase::Mask) => "masked",
        Some(TableErase::Shred) => "key destroyed",
        Some(TableErase::Keep) => "kept",
    }
    .to_owned()
}
