//! References as maps write them: `a -> parent.x`, `(a, b) -> parent(x, y)`, `a -> store:parent.x`.

use super::model::Link;

/// Reads a reference. The error says how to write one.
pub(super) fn link(text: &str, line: usize) -> Result<Link, String> {
    const HELP: &str = "write \"column -> table.column\", \"(a, b) -> table(a, b)\" or \"column -> store:table.column\"";
    let parsed = || {
        let (from, to) = text.split_once("->")?;
        let from = columns(from)?;
        let to = to.trim();
        let (store, to) = match to.split_once(':') {
            Some((store, to)) => (Some(store.trim().to_owned()), to.trim()),
            None => (None, to),
        };
        let (table, there) = match to.find('(') {
            Some(open) => (&to[..open], columns(&to[open..])?),
            None => to.rsplit_once('.').and_then(|(table, one)| Some((table, columns(one)?)))?,
        };
        let table = table.trim().trim_end_matches('.').to_owned();
        let whole = !table.is_empty() && store.as_deref() != Some("") && from.len() == there.len();
        whole.then_some(Link { from, store, table, to: there, line })
    };
    parsed().ok_or_else(|| format!("\"{text}\" is no reference; {HELP}"))
}

fn columns(text: &str) -> Option<Vec<String>> {
    let text = text.trim();
    let inner = match text.strip_prefix('(') {
        Some(rest) => rest.strip_suffix(')')?,
        None if text.contains([',', ')', ' ']) => return None,
        None => text,
    };
    let names: Vec<String> = inner.split(',').map(|name| name.trim().to_owned()).collect();
    names.iter().all(|name| !name.is_empty()).then_some(names)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_three_ways_to_write_a_reference_read() {
        let one = link("customer_id -> customer.id", 3).unwrap();
        assert_eq!((one.table.as_str(), one.to.as_slice()), ("customer", &["id".to_owned()][..]));
        let two = link("(a, b) -> parent(x, y)", 3).unwrap();
        assert_eq!((two.from, two.to.join("+")), (vec!["a".into(), "b".into()], "x+y".into()));
        let far = link("owner -> shop:customer.id", 3).unwrap();
        assert_eq!(far.store.as_deref(), Some("shop"));
    }

    #[test]
    fn half_a_reference_is_refused_with_an_example() {
        for text in
            ["", "a", "a ->", "a -> b", "-> b.c", "(a, b) -> b.c", "(a -> b(c)", "a -> :b.c"]
        {
            assert!(link(text, 1).unwrap_err().contains("table.column"), "{text}");
        }
    }
}
