//! Where each part of the picture lies.
//!
//! Columns from left to right are steps away from the person; stores lie below each other. Each
//! box's subtree has a stretch of its own, and each box a lane of its own for the lines that leave
//! it, so that nothing lies upon anything else.

use std::collections::{BTreeMap, BTreeSet};

use super::graph::{Graph, Node, Store};

/// A letter's width, generously, in a font that is not known here.
pub(super) const LETTER: usize = 8;
pub(super) const LINE: usize = 19;
pub(super) const PAD: usize = 12;
/// Between two lanes.
const LANE: usize = 10;
/// Between two boxes below each other.
const GAP: usize = 20;

/// A store and a box in it.
pub(super) type Place = (String, String);

/// Where everything lies. All lengths in pixels.
pub(super) struct Plan {
    /// Left edges and widths of the columns.
    pub(super) left: Vec<usize>,
    pub(super) wide: Vec<usize>,
    /// Top of each box, and its height.
    pub(super) at: BTreeMap<Place, (usize, usize)>,
    pub(super) depth: BTreeMap<Place, usize>,
    /// Top and bottom of each store.
    pub(super) bands: Vec<(usize, usize)>,
    /// What leads into each box: from where, and the words at the line. `None` is the person.
    pub(super) into: BTreeMap<Place, Vec<(Option<Place>, String)>>,
    /// Where the lines of a box run down.
    pub(super) lane: BTreeMap<Option<Place>, usize>,
    pub(super) width: usize,
    pub(super) height: usize,
}

impl Plan {
    pub(super) fn new(graph: &Graph) -> Self {
        let mut plan = Self {
            left: Vec::new(),
            wide: Vec::new(),
            at: BTreeMap::new(),
            depth: BTreeMap::new(),
            bands: Vec::new(),
            into: into(graph),
            lane: BTreeMap::new(),
            width: 0,
            height: 0,
        };
        for store in &graph.stores {
            for node in &store.boxes {
                plan.depth.insert(place(store, node), node.depth);
            }
        }
        plan.columns(graph);
        let mut y = 84;
        for store in &graph.stores {
            let top = y;
            y += 40;
            let mut placed = BTreeSet::new();
            for node in &store.boxes {
                // A box that is fed from within the store lies behind what feeds it.
                let within = graph
                    .arrows
                    .iter()
                    .any(|arrow| arrow.to == place(store, node) && arrow.from.0 == store.name);
                if !within {
                    y = plan.subtree(graph, store, node, y, &mut placed) + GAP;
                }
            }
            if !store.left_out.is_empty() {
                y += LINE + PAD / 2;
            }
            plan.bands.push((top, y));
            y += GAP;
        }
        plan.height = y + PAD;
        plan
    }

    /// Widths from what stands in the boxes and at the lines; lanes from who has lines.
    fn columns(&mut self, graph: &Graph) {
        let last = self.depth.values().max().copied().unwrap_or(0);
        let mut x = PAD * 2 + "A person".len() * LETTER + PAD * 2;
        let givers: BTreeSet<Option<Place>> =
            self.into.values().flatten().map(|(from, _)| from.clone()).collect();
        for column in 0..=last {
            let of = |place: &Place| self.depth.get(place) == Some(&column);
            let before: Vec<Option<Place>> = givers
                .iter()
                .filter(|from| match from {
                    None => column == 0,
                    Some(place) => self.depth.get(place).is_some_and(|depth| depth + 1 == column),
                })
                .cloned()
                .collect();
            for from in before {
                x += LANE;
                self.lane.insert(from, x);
            }
            let words = self.into.iter().filter(|(place, _)| of(place));
            let label = words.flat_map(|(_, into)| into).map(|(_, by)| by.chars().count()).max();
            x += label.unwrap_or(0) * LETTER + PAD * 2;
            let boxes = graph.stores.iter().flat_map(|store| &store.boxes);
            let inside = boxes.filter(|node| node.depth == column).flat_map(lines);
            let most = inside.map(|line| line.chars().count()).max().unwrap_or(0);
            self.left.push(x);
            self.wide.push(most * LETTER + PAD * 2);
            x += most * LETTER + PAD * 2;
            // Lines run down only right of all that stands above and below the boxes.
            let words = graph.stores.iter().flat_map(|store| [heading(store), left_out(store)]);
            let longest = words.map(|words| words.chars().count()).max().unwrap_or(0);
            x = x.max(self.left[0] + longest * LETTER);
        }
        self.width = x.max(700) + PAD * 2;
    }

    /// Places a box and what lies behind it in the same store; gives the end of that stretch.
    fn subtree(
        &mut self,
        graph: &Graph,
        store: &Store,
        node: &Node,
        y: usize,
        placed: &mut BTreeSet<String>,
    ) -> usize {
        placed.insert(node.name.clone());
        let here = place(store, node);
        let into = self.into.get(&here).map_or(0, Vec::len);
        let high = (lines(node).len() * LINE + PAD).max(into * LINE + PAD);
        self.at.insert(here, (y, high));
        let (mut end, mut next) = (y + high, y);
        for arrow in graph.below(&store.name, &node.name) {
            let Some(child) = store.boxes.iter().find(|n| arrow.to == place(store, n)) else {
                continue;
            };
            if !placed.contains(&child.name) {
                let below = self.subtree(graph, store, child, next, placed);
                end = end.max(below);
                next = below + GAP;
            }
        }
        end
    }
}

pub(super) fn place(store: &Store, node: &Node) -> Place {
    (store.name.clone(), node.name.clone())
}

pub(super) fn heading(store: &Store) -> String {
    format!("{} · {} · {}", store.name, store.kind, store.label)
}

/// The tables that are about nobody; how many more where they are many.
pub(super) fn left_out(store: &Store) -> String {
    const SHOWN: usize = 4;
    let names = &store.left_out;
    match names.len() {
        0 => String::new(),
        few if few <= SHOWN => format!("left out: {}", names.join(", ")),
        many => format!("left out: {} and {} more", names[..SHOWN].join(", "), many - SHOWN),
    }
}

/// What stands in a box, a line each.
pub(super) fn lines(node: &Node) -> Vec<String> {
    let mut lines = vec![node.name.clone()];
    let columns = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    };
    let counts: Vec<String> = columns(node.columns, "column", "columns")
        .into_iter()
        .chain(columns(node.secrets, "secret stays", "secrets stay"))
        .collect();
    if !counts.is_empty() {
        lines.push(counts.join(" · "));
    }
    lines.extend(node.keys.iter().filter(|key| key.at.contains('/')).map(|key| key.at.clone()));
    lines.extend(
        node.lookups.iter().map(|one| format!("+ {} of {}", one.columns.join(", "), one.to)),
    );
    let others = node.third_parties.iter();
    lines.extend(others.map(|one| format!("withheld: {} ({})", one.name, one.to)));
    lines.push(format!("erasure: {}", node.erase));
    lines
}

/// What leads into each box.
fn into(graph: &Graph) -> BTreeMap<Place, Vec<(Option<Place>, String)>> {
    let mut into: BTreeMap<Place, Vec<(Option<Place>, String)>> = BTreeMap::new();
    for store in &graph.stores {
        for node in &store.boxes {
            let fed = graph.arrows.iter().any(|arrow| arrow.to == place(store, node));
            if !node.keys.is_empty() && !fed {
                let kinds: Vec<&str> = node.keys.iter().map(|key| key.kind.as_str()).collect();
                into.entry(place(store, node)).or_default().push((None, kinds.join(", ")));
            }
        }
    }
    for arrow in &graph.arrows {
        let entry = into.entry(arrow.to.clone()).or_default();
        entry.push((Some(arrow.from.clone()), arrow.by.clone()));
    }
    into
}
