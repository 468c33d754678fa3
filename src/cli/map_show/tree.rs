//! The maps as a tree of text: from a key to everything found through it.

use std::collections::BTreeSet;
use std::fmt::Write;

use super::graph::{Graph, Joined, Node};

/// A tree for each box that a key leads to, then what stands apart.
pub(super) fn text(graph: &Graph) -> String {
    let mut text = String::new();
    let mut told = BTreeSet::new();
    for store in &graph.stores {
        push(&mut text, format_args!("{} ({}, {})\n", store.name, store.kind, store.label));
        let afar = |node: &&Node| graph.is_fed_from_afar(&store.name, &node.name);
        for node in store.boxes.iter().filter(|node| !node.keys.is_empty() && !afar(node)) {
            branch(&mut text, graph, &store.name, node, None, "  ", &mut told);
        }
        let elsewhere: Vec<&str> =
            store.boxes.iter().filter(afar).map(|node| node.name.as_str()).collect();
        if !elsewhere.is_empty() {
            let list = elsewhere.join(", ");
            push(&mut text, format_args!("  found through other stores: {list}\n"));
        }
        if !store.left_out.is_empty() {
            let list = store.left_out.join(", ");
            push(&mut text, format_args!("  left out: {list}\n"));
        }
        text.push('\n');
    }
    text
}

fn at(store: &str, name: &str) -> (String, String) {
    (store.to_owned(), name.to_owned())
}

fn branch(
    text: &mut String,
    graph: &Graph,
    store: &str,
    node: &Node,
    by: Option<&str>,
    indent: &str,
    told: &mut BTreeSet<(String, String)>,
) {
    let person = if node.person { " · one row is one person" } else { "" };
    let keys: Vec<String> =
        node.keys.iter().map(|key| format!("{} = {}", key.kind, key.at)).collect();
    let way = match by {
        Some(by) => format!("  by {by}"),
        None => format!("  by {}", keys.join(", ")),
    };
    push(text, format_args!("{indent}{}{way}{person}\n", node.name));
    if !told.insert(at(store, &node.name)) {
        push(text, format_args!("{indent}    as above\n"));
        return;
    }
    push(text, format_args!("{indent}    {}\n", summary(node)));
    for one in &node.lookups {
        let columns = one.columns.join(", ");
        push(text, format_args!("{indent}    joins {columns} of {}  by {}\n", one.to, one.on));
    }
    for Joined { name, on, to, .. } in &node.third_parties {
        push(text, format_args!("{indent}    withholds {name} ({to})  by {on}\n"));
    }
    let deeper = format!("{indent}  ");
    for arrow in graph.below(store, &node.name) {
        let Some(next) = graph.node(&arrow.to) else { continue };
        let other = &arrow.to.0;
        let by =
            if other == store { arrow.by.clone() } else { format!("{}, in {other}", arrow.by) };
        branch(text, graph, other, next, Some(&by), &deeper, told);
    }
}

/// What a box gives and how it goes, in a few words.
pub(super) fn summary(node: &Node) -> String {
    let mut parts = Vec::new();
    match node.columns {
        0 => {}
        1 => parts.push("1 column".to_owned()),
        many => parts.push(format!("{many} columns")),
    }
    match node.secrets {
        0 => {}
        1 => parts.push("1 secret that never leaves".to_owned()),
        many => parts.push(format!("{many} secrets that never leave")),
    }
    parts.push(format!("erasure: {}", node.erase));
    parts.join(" · ")
}

fn push(text: &mut String, what: std::fmt::Arguments<'_>) {
    text.write_fmt(what).expect("a text takes all that is written to it");
}
