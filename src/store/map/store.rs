//! `[store.NAME]`: where it is, what the law wants said, and its tables or prefixes.

use std::collections::{BTreeMap, BTreeSet};

use toml::de::DeValue;

use super::model::{Noted, ObjectOptions, Prefix, Secret, StoreMap, TableMap};
use super::section::{Entry, Section};
use super::table::{self, category, erase, keep, origin};
use crate::domain::facts::StoreFacts;
use crate::domain::language::Language;
use crate::domain::subject::KeyKind;

pub(super) fn store(name: &Noted<String>, section: &Section<'_, '_>) -> Option<StoreMap> {
    let kind = section.need_text("kind", "kind = \"sqlite\"");
    let url = section.get("url").and_then(|entry| url(&entry));
    let options = ObjectOptions {
        endpoint: section.text("endpoint").map(|text| text.value),
        region: section.text("region").map(|text| text.value),
        access_key: section.get("access_key").and_then(|entry| entry.secret()),
        secret_key: section.get("secret_key").and_then(|entry| entry.secret()),
    };
    let tables: Vec<TableMap> = section
        .sections("table")
        .iter()
        .map(|(name, section)| table::table(name, section))
        .collect();
    let prefixes: Vec<Prefix> = section
        .sections("prefix")
        .iter()
        .filter_map(|(name, section)| prefix(name, section))
        .collect();
    let kind_word = kind.as_ref().map_or("", |kind| kind.value.as_str()).to_owned();
    let facts = facts(&name.value, kind_word, section, &tables, &prefixes);
    section.finish();
    Some(StoreMap {
        file: section.doc.file.clone(),
        folder: section.doc.folder.clone(),
        line: name.line,
        name: name.value.clone(),
        kind: kind?,
        url,
        options,
        facts: facts?,
        tables,
        prefixes,
    })
}

/// A URL as a text without a password, or from outside with whatever it has.
fn url(entry: &Entry<'_, '_>) -> Option<Noted<Secret>> {
    let DeValue::String(text) = entry.value else {
        return entry.secret().map(|value| Noted { value, line: entry.line });
    };
    let authority = text.split_once("://").map_or("", |(_, rest)| rest);
    let authority = authority.split(['/', '?', '#']).next().unwrap_or_default();
    let password = authority.rsplit_once('@').is_some_and(|(user, _)| user.contains(':'));
    let query = text.split_once('?').map_or("", |(_, query)| query).to_ascii_lowercase();
    if password || query.contains("password=") {
        return entry.wrong(
            "literal_secret",
            "a password does not stand in a map; write url = { env = \"NAME\" } with the whole URL",
        );
    }
    Some(Noted { value: Secret::new(text.to_string()), line: entry.line })
}

fn facts(
    name: &str,
    kind: String,
    section: &Section<'_, '_>,
    tables: &[TableMap],
    prefixes: &[Prefix],
) -> Option<StoreFacts> {
    let text = |key, example| section.need_text(key, example).map(|text| text.value);
    let texts = |key, example| {
        let list = section.need(key, example)?.texts()?;
        Some(list.into_iter().map(|text| text.value).collect::<Vec<_>>())
    };
    let label = section.need("label", "label = { en = \"Shop accounts\", de = \"Shop-Konten\" }");
    let label = label.and_then(|entry| labels(&entry));
    let controller = text("controller", "controller = \"self\"");
    let purposes = texts("purposes", "purposes = [\"contract\"]");
    let basis = text("basis", "basis = \"GDPR 6(1)(b)\"");
    let source = text("source", "source = \"the person\"");
    let recipients = texts("recipients", "recipients = [\"Payment provider\"], or [] for none");
    let country = section.need_text("country", "country = \"DE\"");
    let retention = text("retention", "retention = \"until the account is closed\"");
    let backup = text("backup", "backup = \"30d\"");
    let safeguard = section.text("safeguard").map(|text| text.value);
    let automated = section.text("automated").map_or("none".to_owned(), |text| text.value);
    let training = section.get("training").is_some().then(|| section.flag("training"));
    let private_content = section.flag("private_content");
    if let Some(country) = &country
        && !(country.value.len() == 2 && country.value.bytes().all(|b| b.is_ascii_uppercase()))
    {
        let message = format!("{}.country: write a country's two capitals: \"DE\"", section.path);
        section.doc.report(country.line, "country", message);
    }
    if purposes.as_ref().is_some_and(Vec::is_empty) {
        let message = format!("{}.purposes: name at least one purpose", section.path);
        section.doc.report(section.line, "empty", message);
    }
    let fields = tables.iter().flat_map(|table| &table.fields).map(|field| field.category);
    let categories: BTreeSet<String> = fields
        .chain(prefixes.iter().map(|prefix| prefix.category))
        .filter(|category| !category.is_secret())
        .map(|category| category.as_str().to_owned())
        .collect();
    Some(StoreFacts {
        name: name.to_owned(),
        kind,
        label: label?,
        controller: controller?,
        held: Vec::new(),
        purposes: purposes?,
        basis: basis?,
        source: source?,
        recipients: recipients?,
        described: Vec::new(),
        country: country?.value,
        retention: retention?,
        backup: backup?,
        safeguard,
        automated,
        training,
        private_content,
        categories: categories.into_iter().collect(),
    })
}

fn labels(entry: &Entry<'_, '_>) -> Option<BTreeMap<Language, String>> {
    let section = entry.section()?;
    let mut labels = BTreeMap::new();
    for language in Language::ALL {
        if let Some(text) = section.text(language.as_str()) {
            labels.insert(*language, text.value);
        }
    }
    section.finish();
    if labels.is_empty() {
        return entry.wrong("empty", "write { en = \"…\", de = \"…\" }");
    }
    Some(labels)
}

/// `[store.X.prefix.P]`.
fn prefix(name: &Noted<String>, section: &Section<'_, '_>) -> Option<Prefix> {
    let key = section.need_text("key", "key = \"uploads/{user}/\"");
    let parts = key.and_then(|key| {
        let parts = template(&key.value);
        if parts.is_none() {
            let message = format!(
                "{}.key: \"{}\" must hold one {{kind}} as a whole folder, so that nobody's files \
                 stand among another's, and end in /; write: key = \"uploads/{{user}}/\"",
                section.path, key.value
            );
            section.doc.report(key.line, "prefix_key", message);
        }
        parts
    });
    let category = section.need("is", "is = \"user.content\"").and_then(|entry| category(&entry));
    let origin = origin(section);
    let erase = section.get("erase").and_then(|entry| erase(&entry));
    let keep = section.get("keep").and_then(|entry| keep(&entry));
    let controller = section.text("controller");
    section.finish();
    let (before, kind, after) = parts?;
    let (name, line) = (name.value.clone(), name.line);
    let category = category?;
    Some(Prefix { name, line, before, kind, after, category, origin, erase, keep, controller })
}

/// Splits `uploads/{user}/`; `None` where it could reach another person's files.
fn template(key: &str) -> Option<(String, KeyKind, String)> {
    let (before, rest) = key.split_once('{')?;
    let (kind, after) = rest.split_once('}')?;
    let folder = before.is_empty() || before.ends_with('/');
    let word = !kind.is_empty()
        && kind.bytes().all(|b| b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-'));
    let parts = before.split('/').chain(after.split('/'));
    let plain = parts.filter(|part| !part.is_empty()).all(|part| part != "." && part != "..")
        && !before.starts_with('/')
        && !key.contains("//")
        && !format!("{before}{after}").contains(['{', '}', '\\'])
        && !key.contains(char::is_control);
    (folder && word && plain && after.starts_with('/') && after.ends_with('/'))
        .then(|| (before.to_owned(), KeyKind::new(kind), after.to_owned()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_prefix_names_one_whole_folder_of_one_person() {
        let (before, kind, after) = template("uploads/{user}/").unwrap();
        assert_eq!((before.as_str(), kind.as_str(), after.as_str()), ("uploads/", "user", "/"));
        assert!(template("{user}/out/").is_some());
        for key in ["", "uploads/", "u/{user}", "u/{user}-x/", "u{user}/", "u/{user}/x", "{a}/{b}/"]
        {
            assert!(template(key).is_none(), "{key}");
        }
        for key in ["/{user}/", "../{user}/", "a//{user}/", "{}/", "a/{user}/../", "a\\b/{user}/"] {
            assert!(template(key).is_none(), "{key}");
        }
    }
}
