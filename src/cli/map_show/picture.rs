//! The maps as a picture: one SVG file without script or reference to anything outside.

use std::fmt::Write;

use super::graph::{Graph, Node};
use super::layout::{LETTER, LINE, PAD, Place, Plan, heading, left_out, lines, place};

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

impl Plan {
    fn lines(&self, svg: &mut String) {
        for (to, into) in &self.into {
            let (Some((top, _)), Some(depth)) = (self.at.get(to), self.depth.get(to)) else {
                continue;
            };
            let end = self.left[*depth];
            for (slot, (from, by)) in into.iter().enumerate() {
                let y = top + PAD + 6 + slot * LINE;
                let (Some(lane), Some((x, start))) =
                    (self.lane.get(from), self.exit(from.as_ref()))
                else {
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
    fn exit(&self, from: Option<&Place>) -> Option<(usize, usize)> {
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
