//! Just enough of an HTML reader to check our own pages, which quote every attribute.

/// A start tag.
#[derive(Debug, Clone)]
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
}

impl Tag {
    pub(super) fn get(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(have, _)| have == name);
        found.map(|(_, value)| value.as_str())
    }
}

const VOID: [&str; 4] = ["meta", "link", "input", "br"];

/// All start tags in order.
///
/// # Panics
/// When the tags are not closed in the order in which they were opened, or an attribute is not
/// quoted: then something typed has become markup, or a template is wrong.
pub(super) fn tags(html: &str) -> Vec<Tag> {
    let mut found = Vec::new();
    let mut open: Vec<String> = Vec::new();
    let mut rest = html.strip_prefix("<!doctype html>").expect("a doctype");
    while let Some(at) = rest.find('<') {
        rest = &rest[at + 1..];
        let end = rest.find('>').expect("a closed tag");
        let (inside, after) = rest.split_at(end);
        rest = &after[1..];
        if let Some(name) = inside.strip_prefix('/') {
            assert_eq!(open.pop().as_deref(), Some(name), "closed in order");
            continue;
        }
        let tag = read_tag(inside.strip_suffix('/').unwrap_or(inside));
        if !inside.ends_with('/') && !VOID.contains(&tag.name.as_str()) {
            open.push(tag.name.clone());
        }
        found.push(tag);
    }
    assert!(open.is_empty(), "left open: {open:?}");
    found
}

fn read_tag(inside: &str) -> Tag {
    let (name, mut rest) = inside.split_once([' ', '\n']).unwrap_or((inside, ""));
    assert!(name.bytes().all(|b| b.is_ascii_alphanumeric()), "a tag named {name:?}");
    let mut attributes = Vec::new();
    while !rest.trim_start().is_empty() {
        rest = rest.trim_start();
        let end = rest.find(['=', ' ']).unwrap_or(rest.len());
        let attribute = rest[..end].to_owned();
        assert!(attribute.bytes().all(|b| b.is_ascii_alphabetic() || b == b'-'), "{attribute:?}");
        rest = &rest[end..];
        let mut value = String::new();
        if let Some(quoted) = rest.strip_prefix("=\"") {
            let (inside, after) = quoted.split_once('"').expect("a closed quote");
            value.push_str(inside);
            rest = after;
        }
        assert!(!rest.starts_with('='), "{attribute} is quoted");
        attributes.push((attribute, value));
    }
    Tag { name: name.to_owned(), attributes }
}
