//! OpenMetrics text, read strictly: what a scraper would only shrug at fails here.

use std::collections::{BTreeMap, BTreeSet};

/// A family and its samples.
#[derive(Debug, Default)]
struct Family {
    kind: String,
    has_help: bool,
}

/// All samples: name, labels as they were written, value.
#[derive(Debug, Default)]
pub(crate) struct Exposition {
    samples: BTreeMap<(String, String), f64>,
}

impl Exposition {
    /// Reads it, or says in which line it is not what the format wants.
    #[track_caller]
    pub(crate) fn read(text: &str) -> Self {
        let body = text.strip_suffix("# EOF\n").expect("ends with # EOF and a line end");
        let (mut families, mut closed) = (BTreeMap::<String, Family>::new(), BTreeSet::new());
        let (mut current, mut all) = (String::new(), Self::default());
        for line in body.lines() {
            if let Some(rest) = line.strip_prefix("# ") {
                let mut words = rest.splitn(3, ' ');
                let mut next = || words.next().unwrap_or_else(|| panic!("short: {line}"));
                let (what, name, value) = (next(), next(), next());
                if name != current {
                    assert!(
                        closed.insert(std::mem::take(&mut current)),
                        "families stand together: {line}"
                    );
                    assert!(!closed.contains(name), "told once: {line}");
                    name.clone_into(&mut current);
                }
                let family = families.entry(name.to_owned()).or_default();
                match what {
                    "HELP" => family.has_help = !value.trim().is_empty(),
                    "TYPE" => value.clone_into(&mut family.kind),
                    "UNIT" => assert!(name.ends_with(&format!("_{value}")), "{line}"),
                    _ => panic!("no such word: {line}"),
                }
                continue;
            }
            let (sample, value) = line.rsplit_once(' ').unwrap_or_else(|| panic!("bare: {line}"));
            let (name, labels) = match sample.split_once('{') {
                Some((name, labels)) => (name, labels.strip_suffix('}').expect("a closing brace")),
                None => (sample, ""),
            };
            let family = &families[&current];
            assert!(family.has_help, "{current} has no help");
            let suffix = name.strip_prefix(&current).unwrap_or_else(|| panic!("stray: {line}"));
            let suffixes: &[&str] = match family.kind.as_str() {
                "counter" => &["_total"],
                "gauge" => &[""],
                "histogram" => &["_bucket", "_sum", "_count"],
                other => panic!("{current} is a {other}"),
            };
            assert!(suffixes.contains(&suffix), "{line}");
            check_labels(labels, line);
            let value = value.parse().unwrap_or_else(|_| panic!("no number: {line}"));
            let again = all.samples.insert((name.to_owned(), labels.to_owned()), value);
            assert_eq!(again, None, "told twice: {line}");
        }
        all.check_buckets();
        all
    }

    /// The value of a sample.
    #[track_caller]
    pub(crate) fn value(&self, name: &str, labels: &str) -> f64 {
        let found = self.samples.get(&(name.to_owned(), labels.to_owned()));
        *found.unwrap_or_else(|| panic!("no {name}{{{labels}}} in {:#?}", self.samples))
    }

    /// The sum of all samples of a name whose labels contain `part`.
    pub(crate) fn sum(&self, name: &str, part: &str) -> f64 {
        let of = |(other, labels): &(String, String)| other == name && labels.contains(part);
        self.samples.iter().filter(|(key, _)| of(key)).map(|(_, value)| value).sum()
    }

    /// How many samples there are.
    pub(crate) fn len(&self) -> usize {
        self.samples.len()
    }

    /// Buckets grow, and the last is the count.
    fn check_buckets(&self) {
        for ((name, labels), count) in &self.samples {
            let Some(of) = name.strip_suffix("_count") else { continue };
            let mut buckets: Vec<(f64, f64)> = Vec::new();
            for ((_, bucket), value) in
                self.samples.iter().filter(|((other, _), _)| *other == format!("{of}_bucket"))
            {
                let (le, rest) = bucket.strip_prefix("le=\"").unwrap().split_once('"').unwrap();
                if rest.trim_start_matches(',') == labels {
                    buckets.push((le.parse().unwrap(), *value));
                }
            }
            buckets.sort_by(|one, other| one.0.total_cmp(&other.0));
            assert!(buckets.is_sorted_by(|one, other| one.1 <= other.1), "{name} {buckets:?}");
            assert_eq!(buckets.last(), Some(&(f64::INFINITY, *count)), "{name}");
        }
    }
}

/// `name="value"` between commas, each name once, nothing unescaped within.
fn check_labels(labels: &str, line: &str) {
    let (mut rest, mut names) = (labels, BTreeSet::new());
    while !rest.is_empty() {
        let (name, after) = rest.split_once("=\"").unwrap_or_else(|| panic!("{line}"));
        let plain = |c: char| c.is_ascii_lowercase() || c == '_';
        assert!(!name.is_empty() && name.chars().all(plain), "{line}");
        assert!(names.insert(name), "twice: {line}");
        let end = after.find('"').unwrap_or_else(|| panic!("{line}"));
        assert!(!after[..end].contains('\\'), "our labels need no escapes: {line}");
        rest = after[end + 1..].trim_start_matches(',');
    }
}
