//! The maps as a picture: one SVG file without script or reference to anything outside.
//!
//! Columns from left to right are steps away from the person; stores lie below each other. Each
//! box's subtree has a stretch of its own, and each box a lane of its own for the lines that leave
//! it, so that nothing lies upon anything else.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;

use super::graph::{Graph, Node, Store};

/// A letter's width, generously, in a font that is not known here.
const LETTER: usize = 8;
const LINE: usize = 19;
const PAD: usize = 12;
/// Between two lanes, and between two boxes below each other.
const LANE: usize = 10;
const GAP: usize = 20;
const STYLE: &str = "\
text { font: 13px system-ui, 'Segoe UI', Roboto, Arial, sans-serif; fill: #1c2430 }
.title { font-size: 20px; font-weight: 600 }
.name { font-weight: 600 }
.quiet { fill: #4f5b6b }
.key { fill: #0b5a8f; font-size: 12px }
.store { fill: #f3f5f8; stroke: #c3cad4 }
.box { fill: #ffffff; stroke: #7b8797 }
.person { fill: #e3f0fa; stroke: #0b5a8f; stroke-width: 2 }
.line { fill: none; stroke: #5d6979; stroke-width: 1.4 }
.tip { fill: #5d6979 }
.page { fill: #ffffff }
@media (prefers-color-scheme: dark) {
text { fill: #e8ecf2 }
.quiet { fill: #b3bdca }
.key { fill: #8fcdf8 }
.store { fill: #1b212a; stroke: #465262 }
.box { fill: #262e3a; stroke: #76849a }
.person { fill: #17374f; stroke: #8fcdf8 }
.line { stroke: #9aa7b8 }
.tip { fill: #9aa7b8 }
.page { fill: #12161c }
}
";

type Place = (String, String);

/// Draws it.
pub(super) fn draw(graph: &Graph) -> String {
    let plan = Plan::new(graph);
    let (width, height) = (plan.width, plan.height);
    let mut svg = String::new();
    put(
        &mut svg,
        format_args!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 {width} {height}\" \
             width=\"{width}\" height=\"{height}\" role=\"img\" aria-labelledby=\"t d\">\n\
             <title id=\"t\">Who finds what through what</title>\n<desc id=\"d\">{}</desc>\n\
             <style>{STYLE}</style>\n<rect class=\"page\" width=\"{width}\" height=\"{height}\"/>\n",
            escaped(&described(graph))
        ),
    );
    write_text(&mut svg, (PAD * 2, 36), "title", "Who finds what through what");
    let legend = "From a person’s key to all that is found through it. A line bears the name of \
                  what leads on.";
    write_text(&mut svg, (PAD * 2, 58), "quiet", legend);
    for (store, (top, bottom)) in graph.stores.iter().zip(&plan.bands) {
        let (x, wide) = (plan.left[0] - PAD, width - plan.left[0]);
        put(
            &mut svg,
            format_args!(
                "<rect class=\"store\" x=\"{x}\" y=\"{top}\" width=\"{wide}\" height=\"{}\" rx=\"8\"/>\n",
                bottom - top
            ),
        );
        write_text(&mut svg, (plan.left[0], top + 24), "name", &heading(store));
        write_text(&mut svg, (plan.left[0], bottom - PAD), "quiet", &left_out(store));
    }
    plan.lines(&mut svg);
    plan.person(&mut svg);
    for store in &graph.stores {
        for node in &store.boxes {
            plan.node(&mut svg, &store.name, node);
        }
    }
    svg.push_str("</svg>\n");
    svg
}

/// Where everything lies. All lengths in pixels.
struct Plan {
    /// Left edges and widths of the columns.
    left: Vec<usize>,
    wide: Vec<usize>,
    /// Top of each box, and its height.
    at: BTreeMap<Place, (usize, usize)>,
    depth: BTreeMap<Place, usize>,
    /// Top and bottom of each store.
    bands: Vec<(usize, usize)>,
    /// What leads into each box: from where, and the words at the line. `None` is the person.
    into: BTreeMap<Place, Vec<(Option<Place>, String)>>,
    /// Where the lines of a box run down.
    lane: BTreeMap<Option<Place>, usize>,
    width: usize,
    height: usize,
}

impl Plan {
    fn new(graph: &Graph) -> Self {
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

    fn lines(&self, svg: &mut String) {
        for (to, into) in &self.into {
            let (Some((top, _)), Some(depth)) = (self.at.get(to), self.depth.get(to)) else {
                continue;
            };
            let end = self.left[*depth];
            for (slot, (from, by)) in into.iter().enumerate() {
                let y = top + PAD + 6 + slot * LINE;
                let (Some(lane), Some((x, start))) = (self.lane.get(from), self.exit(from)) else {
                    continue;
                };
                put(
                    svg,
                    format_args!(
                        "<path class=\"line\" d=\"M{x} {start}H{lane}V{y}H{}\"/>\n\
                         <path class=\"tip\" d=\"M{end} {y}l-9 -4v8z\"/>\n",
                        end - 8
                    ),
                );
                let at = end - PAD - by.chars().count() * LETTER;
                write_text(svg, (at, y - 6), "key", by);
            }
        }
    }

    /// Where the lines of a box begin.
    fn exit(&self, from: &Option<Place>) -> Option<(usize, usize)> {
        let Some(place) = from else {
            return Some((PAD * 4 + "A person".len() * LETTER, self.bands.first()?.0 + 58));
        };
        let (depth, (top, _)) = (*self.depth.get(place)?, self.at.get(place)?);
        Some((self.left[depth] + self.wide[depth], top + PAD + 6))
    }

    fn person(&self, svg: &mut String) {
        let Some((top, _)) = self.bands.first() else { return };
        let wide = "A person".len() * LETTER + PAD * 2;
        put(
            svg,
            format_args!(
                "<rect class=\"person\" x=\"{}\" y=\"{}\" width=\"{wide}\" height=\"36\" rx=\"18\"/>\n",
                PAD * 2,
                top + 40
            ),
        );
        write_text(svg, (PAD * 3, top + 63), "name", "A person");
    }

    fn node(&self, svg: &mut String, store: &str, node: &Node) {
        let here = (store.to_owned(), node.name.clone());
        let Some((y, high)) = self.at.get(&here) else { return };
        let (x, wide) = (self.left[node.depth], self.wide[node.depth]);
        let class = if node.person { "person" } else { "box" };
        put(
            svg,
            format_args!(
                "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{wide}\" height=\"{high}\" rx=\"6\"/>\n"
            ),
        );
        for (at, line) in lines(node).iter().enumerate() {
            let class = if at == 0 { "name" } else { "quiet" };
            write_text(svg, (x + PAD, y + LINE * (at + 1)), class, line);
        }
    }
}

fn place(store: &Store, node: &Node) -> Place {
    (store.name.clone(), node.name.clone())
}

fn heading(store: &Store) -> String {
    format!("{} · {} · {}", store.name, store.kind, store.label)
}

/// The tables that are about nobody; how many more where they are many.
fn left_out(store: &Store) -> String {
    const SHOWN: usize = 4;
    let names = &store.left_out;
    match names.len() {
        0 => String::new(),
        few if few <= SHOWN => format!("left out: {}", names.join(", ")),
        many => format!("left out: {} and {} more", names[..SHOWN].join(", "), many - SHOWN),
    }
}

/// What stands in a box, a line each.
fn lines(node: &Node) -> Vec<String> {
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

/// The picture in words, for those who do not see it.
fn described(graph: &Graph) -> String {
    let stores = graph.stores.iter().map(|store| {
        let boxes: Vec<String> = store
            .boxes
            .iter()
            .map(|node| {
                let above = graph.arrows.iter().filter(|arrow| arrow.to == place(store, node));
                let mut ways: Vec<String> = above
                    .map(|arrow| format!("through {} by {}", arrow.from.1, arrow.by))
                    .collect();
                if ways.is_empty() {
                    let keys = node.keys.iter().map(|key| key.kind.clone());
                    ways.push(format!("by {}", keys.collect::<Vec<_>>().join(" or ")));
                }
                format!("{} {}", node.name, ways.join(" or "))
            })
            .collect();
        format!("Store {}: {}.", store.name, boxes.join("; "))
    });
    stores.collect::<Vec<_>>().join(" ")
}

fn write_text(svg: &mut String, (x, y): (usize, usize), class: &str, text: &str) {
    let text = escaped(text);
    put(svg, format_args!("<text class=\"{class}\" x=\"{x}\" y=\"{y}\">{text}</text>\n"));
}

fn escaped(text: &str) -> String {
    let plain = text.chars().filter(|letter| !letter.is_control());
    plain.collect::<String>().replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}

fn put(svg: &mut String, what: std::fmt::Arguments<'_>) {
    svg.write_fmt(what).expect("a text takes all that is written to it");
}

#[cfg(test)]
mod tests {
    use std::path::Path;

    use super::*;
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
            shop.push_str(&format!(
                "[store.shop.table.{name}]\nvia = \"long_name_of_a_column -> {via}.id\"\n\
                 field = {{ k = {{ is = \"user.content\", blob = \"box:{name}/{{value}}\" }} }}\n"
            ));
        }
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
    fn stores_that_are_found_through_others_stand_below_them() {
        let graph = graph();
        let names: Vec<&str> = graph.stores.iter().map(|store| store.name.as_str()).collect();
        assert_eq!(names, ["shop", "box"]);
        assert!(graph.stores[1].boxes.iter().all(|node| node.depth > 0));
    }
}
