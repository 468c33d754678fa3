use std::collections::BTreeSet;
use std::fmt::Write;
use std::path::Path;

use super::graph::Graph;
use super::layout::{Plan, place};
use super::picture::draw;
use crate::store::map::parse;

const FACTS: &str = "label = { en = \"A & <b>\" }\ncontroller = \"self\"\n\
    purposes = [\"contract\"]\nbasis = \"b\"\nsource = \"s\"\nrecipients = []\n\
    country = \"DE\"\nretention = \"r\"\nbackup = \"30d\"\n";

/// A shop of many tables, and a folder that a table names files in.
fn graph() -> Graph {
    let mut shop = format!(
        "format = \"rightsdesk-map/1\"\n[store.shop]\nkind = \"sqlite\"\nurl = \"sqlite:s.db\"\n{FACTS}\
         [store.shop.table.c]\nperson = true\nwho = {{ email = \"mail\", user = \"id\" }}\n\
         [store.shop.table.nothing]\nignore = [\"*\"]\n"
    );
    for (name, via) in [("a", "c"), ("b", "c"), ("d", "a"), ("e", "a"), ("f", "b")] {
        write!(
            shop,
            "[store.shop.table.{name}]\nvia = \"long_name_of_a_column -> {via}.id\"\n\
             field = {{ k = {{ is = \"user.content\", blob = \"box:{name}/{{value}}\" }} }}\n"
        )
        .unwrap();
    }
    shop.push_str("controller = \"acme\"\n[controller.acme]\nname = \"Acme\"\nhow = \"call\"\n");
    let folder = format!(
        "format = \"rightsdesk-map/1\"\n[store.box]\nkind = \"objects\"\nurl = \"file:x\"\n{FACTS}\
         [store.box.prefix.up]\nkey = \"up/{{user}}/\"\nis = \"user.content\"\n"
    );
    let read = |text: &str| parse(Path::new("m.toml"), text, &|_| None).unwrap();
    Graph::new(&[read(&folder), read(&shop)])
}

#[test]
fn no_box_lies_upon_another_and_all_stand_in_their_store() {
    let graph = graph();
    let plan = Plan::new(&graph);
    let mut areas = Vec::new();
    for (store, (top, bottom)) in graph.stores.iter().zip(&plan.bands) {
        for node in &store.boxes {
            let (y, high) = plan.at[&place(store, node)];
            let (x, wide) = (plan.left[node.depth], plan.wide[node.depth]);
            assert!(*top < y && y + high < *bottom, "{}", node.name);
            assert!(x + wide < plan.width, "{}", node.name);
            areas.push((x, x + wide, y, y + high));
        }
    }
    assert_eq!(areas.len(), 8);
    for (at, a) in areas.iter().enumerate() {
        for b in &areas[..at] {
            assert!(a.0 >= b.1 || b.0 >= a.1 || a.2 >= b.3 || b.2 >= a.3, "{a:?} {b:?}");
        }
    }
    // Each box has a lane of its own, and no lane runs through a box.
    let lanes: BTreeSet<&usize> = plan.lane.values().collect();
    assert_eq!(lanes.len(), plan.lane.len());
    assert!(lanes.iter().all(|lane| areas.iter().all(|a| **lane <= a.0 || **lane >= a.1)));
}

#[test]
fn the_picture_stands_alone_and_says_in_words_what_it_shows() {
    let svg = draw(&graph());
    for never in ["<script", "href", "url(", "@import", "<b>"] {
        assert!(!svg.contains(never), "{never}");
    }
    assert!(svg.contains("A &amp; &lt;b&gt;") && svg.contains("prefers-color-scheme: dark"));
    assert!(svg.contains("<title") && svg.contains("d through a by long_name_of_a_column"));
    assert_eq!(svg.matches("http").count(), 1, "the namespace alone");
}

#[test]
fn whose_rows_are_not_ours_is_said() {
    let text = super::tree::text(&graph());
    assert_eq!(text.matches("erasure: none, held on behalf of Acme").count(), 1, "{text}");
}

#[test]
fn stores_that_are_found_through_others_stand_below_them() {
    let graph = graph();
    let names: Vec<&str> = graph.stores.iter().map(|store| store.name.as_str()).collect();
    assert_eq!(names, ["shop", "box"]);
    assert!(graph.stores[1].boxes.iter().all(|node| node.depth > 0));
}
