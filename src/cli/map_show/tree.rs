//! The maps as a tree of text: from a key to everything found through it.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::graph::{Graph, Joined, Node};

/// A tree for each box that a key leads to, store by store.
pub(super) fn text(graph: &Graph) -> String {
    let mut tree = Tree { graph, text: String::new(), told: BTreeSet::new() };
    for store in &graph.stores {
        tree.line(format_args!("{} ({}, {})", store.name, store.kind, store.label));
        let afar = |node: &&Node| graph.is_fed_from_afar(&store.name, &node.name);
        let roots: Vec<&Node> =
            store.boxes.iter().filter(|node| !node.keys.is_empty() && !afar(node)).collect();
        for (at, node) in roots.iter().enumerate() {
            let keys: Vec<String> =
                node.keys.iter().map(|key| format!("{} = {}", key.kind, key.at)).collect();
            let last = at + 1 == roots.len();
            tree.branch(&store.name, node, &format!("by {}", keys.join(", ")), "", last);
        }
        let elsewhere: Vec<&str> =
            store.boxes.iter().filter(afar).map(|node| node.name.as_str()).collect();
        if !elsewhere.is_empty() {
            tree.line(format_args!("   found through other stores: {}", elsewhere.join(", ")));
        }
        if !store.left_out.is_empty() {
            tree.line(format_args!("   left out: {}", store.left_out.join(", ")));
        }
        tree.line(format_args!(""));
    }
    tree.text
}

struct Tree<'g> {
    graph: &'g Graph,
    text: String,
    told: BTreeSet<(String, String)>,
}

impl Tree<'_> {
    fn line(&mut self, what: std::fmt::Arguments<'_>) {
        writeln!(self.text, "{what}").expect("a text takes all that is written to it");
    }

    /// A box with all that is found through it. `before` is what stands left of it on each line.
    fn branch(&mut self, store: &str, node: &Node, by: &str, before: &str, last: bool) {
        let graph = self.graph;
        let (corner, side) = if last { ("└─", "   ") } else { ("├─", "│  ") };
        let person = if node.person { " · one row is one person" } else { "" };
        self.line(format_args!("{before}{corner} {}  {by}{person}", node.name));
        let inner = format!("{before}{side}");
        if !self.told.insert((store.to_owned(), node.name.clone())) {
            return self.line(format_args!("{inner}   as above"));
        }
        let below = graph.below(store, &node.name);
        let next: Vec<_> =
            below.filter_map(|arrow| Some((arrow, graph.node(&arrow.to)?))).collect();
        let side = if next.is_empty() { "   " } else { "│  " };
        for line in details(node) {
            self.line(format_args!("{inner}{side}{line}"));
        }
        for (at, (arrow, child)) in next.iter().enumerate() {
            let there = &arrow.to.0;
            let way = if there == store { String::new() } else { format!("in {there}, ") };
            let by = format!("{way}by {}", arrow.by);
            self.branch(there, child, &by, &inner, at + 1 == next.len());
        }
    }
}

/// What a box gives, what it joins, whom it withholds, how it goes.
fn details(node: &Node) -> Vec<String> {
    let count = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    };
    let mut parts: Vec<String> = Vec::new();
    parts.extend(count(node.columns, "column", "columns"));
    parts.extend(count(node.secrets, "secret that never leaves", "secrets that never leave"));
    parts.push(format!("erasure: {}", node.erase));
    let mut lines = vec![parts.join(" · ")];
    for Joined { on, to, columns, .. } in &node.lookups {
        lines.push(format!("joins {} of {to}, by {on}", columns.join(", ")));
    }
    for Joined { name, on, to, .. } in &node.third_parties {
        lines.push(format!("withholds {name} of {to}, by {on}"));
    }
    lines
}
