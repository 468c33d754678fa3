//! Every key there is, and what was meant by one that is not.

use toml::de::{DeTable, DeValue};

use super::document::{Document, full_name};
use super::error::{ConfigCode, Refusal};

/// Sections and their keys. The section without a name is the top of the file.
pub(super) const KNOWN: &[(&str, &[&str])] = &[
    ("", &["maps", "demo"]),
    (
        "organisation",
        &[
            "name",
            "zone",
            "country",
            "calendar",
            "holidays",
            "regimes",
            "policy_days",
            "languages",
            "privacy_url",
            "contact",
            "postal",
            "authority",
            "processing_agreement",
        ],
    ),
    ("web", &["base_url", "listen", "trusted_proxies", "metrics_listen"]),
    ("console", &["listen", "base_url"]),
    ("database", &["url"]),
    ("archive", &["url", "keep"]),
    ("ledger", &["url"]),
    ("mail", &["url", "user", "password", "from"]),
    ("keys", &["dir", "epochs"]),
    ("verification", &["lapse"]),
    (
        "review",
        &[
            "access",
            "export",
            "confirmation",
            "correction",
            "restriction",
            "deletion",
            "opt_out",
            "objection",
        ],
    ),
    ("deletion", &["cooling_off", "growth", "rows", "an_hour", "protected"]),
    ("restriction", &["lift_notice"]),
    ("promise", &["hours"]),
    ("retention", &["closed", "skeleton", "mails", "downloads", "dead_jobs", "upgrade_copies"]),
    ("webhook.NAME", &["url", "secret", "old_secret", "events", "allow_private"]),
    ("log", &["format", "level"]),
    ("traces", &["url"]),
];

/// Refuses every key and section that is not known, each with the nearest that is.
pub(super) fn check(doc: &Document<'_>, root: &DeTable<'_>) {
    for (name, value) in root {
        let (at, name) = (name.span().start, name.get_ref().as_ref());
        match (keys_of(name), value.get_ref()) {
            (Some(known), DeValue::Table(table)) => check_keys(doc, name, known, table),
            (None, DeValue::Table(tables)) if name == "webhook" => {
                let known = keys_of("webhook.NAME").unwrap_or_default();
                for (key, value) in tables {
                    let full = format!("{name}.{}", key.get_ref());
                    if let DeValue::Table(table) = value.get_ref() {
                        check_keys(doc, &full, known, table);
                    } else {
                        doc.refuse(key.span().start, full_name(&full, ""), no_section(&full));
                    }
                }
            }
            (None, _) if name == "webhook" => {
                doc.refuse(at, full_name(name, ""), no_section("webhook.NAME"));
            }
            (Some(_), _) => {
                doc.refuse(at, full_name(name, ""), no_section(name));
            }
            (None, DeValue::Table(_)) if !top_keys().contains(&name) => {
                doc.refuse(at, full_name(name, ""), unknown_section(name));
            }
            (None, _) if top_keys().contains(&name) => {}
            (None, _) => {
                doc.refuse(at, name.to_owned(), unknown_key("", top_keys(), name));
            }
        }
    }
}

fn check_keys(doc: &Document<'_>, name: &str, known: &[&str], table: &DeTable<'_>) {
    for key in table.keys().filter(|key| !known.contains(&key.get_ref().as_ref())) {
        let (at, key) = (key.span().start, key.get_ref().as_ref());
        doc.refuse(at, full_name(name, key), unknown_key(name, known, key));
    }
}

fn no_section(name: &str) -> Refusal {
    let message = format!("write a section: a line `[{name}]`, its keys below it");
    Refusal::new(ConfigCode::WrongType, message)
}

fn keys_of(section: &str) -> Option<&'static [&'static str]> {
    KNOWN.iter().find(|(name, _)| !name.is_empty() && *name == section).map(|(_, keys)| *keys)
}

fn top_keys() -> &'static [&'static str] {
    KNOWN[0].1
}

fn unknown_key(section: &str, known: &[&str], key: &str) -> Refusal {
    let elsewhere = || {
        let mut others = KNOWN.iter().filter(|(name, _)| *name != section);
        others.find(|(_, keys)| keys.contains(&key)).map(|(name, _)| full_name(name, key))
    };
    let hint = match nearest(key, known).map(ToOwned::to_owned).or_else(elsewhere) {
        Some(meant) => format!("did you mean `{meant}`?"),
        None => format!("the keys here are {}", known.join(", ")),
    };
    Refusal::new(ConfigCode::UnknownKey, format!("there is no such key; {hint}"))
}

fn unknown_section(name: &str) -> Refusal {
    let sections: Vec<_> = KNOWN.iter().skip(1).map(|(name, _)| *name).collect();
    let hint = match nearest(name, &sections) {
        Some(meant) => format!("did you mean `[{meant}]`?"),
        None => format!("the sections are {}", sections.join(", ")),
    };
    Refusal::new(ConfigCode::UnknownKey, format!("there is no such section; {hint}"))
}

/// The one that differs least, when it differs little enough to be meant.
pub(super) fn nearest<'k>(typed: &str, known: &[&'k str]) -> Option<&'k str> {
    let likeness = |name: &str| strsim::normalized_damerau_levenshtein(typed, name);
    known
        .iter()
        .map(|name| (likeness(name), *name))
        .filter(|(likeness, _)| *likeness >= 0.5)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, name)| name)
}
