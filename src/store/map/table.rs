//! `[store.NAME.table.T]`: whose the rows are, what is given, how they are erased.

use toml::de::DeValue;

use super::link::link;
use super::model::{
    Aggregate, Blob, Coarse, Field, FieldErase, Keep, Link, Lookup, Noted, TableErase, TableMap,
    ThirdParty, Who,
};
use super::period::Period;
use super::section::{Entry, Section};
use crate::domain::category::Category;
use crate::domain::record::Origin;
use crate::domain::subject::KeyKind;

pub(super) fn table(name: &Noted<String>, section: &Section<'_, '_>) -> TableMap {
    let columns = |key: &str| section.section(key).map_or(Vec::new(), |below| below.entries());
    let who = columns("who").into_iter().filter_map(|(kind, column)| {
        let (kind, column, line) = (KeyKind::new(kind.value), column.text()?.value, kind.line);
        Some(Who { kind, column, line })
    });
    let fields = columns("field").into_iter().filter_map(|(name, entry)| field(&name, &entry));
    let ignore = section.get("ignore").and_then(|entry| entry.texts()).unwrap_or_default();
    TableMap {
        name: name.value.clone(),
        line: name.line,
        person: section.flag("person"),
        controller: section.text("controller"),
        who: who.collect(),
        case_insensitive: section.flag("case_insensitive"),
        proven_by: section.text("proven_by"),
        created: section.text("created"),
        key: section.get("key").and_then(|entry| key(&entry)),
        via: section.get("via").map_or(Vec::new(), |entry| vias(&entry)),
        fields: fields.collect(),
        lookups: section.sections("lookup").into_iter().filter_map(lookup).collect(),
        third_party: section.sections("third_party").into_iter().filter_map(third_party).collect(),
        correct: section.get("correct").and_then(|entry| entry.texts()).unwrap_or_default(),
        ignored: ignore.iter().any(|column| column.value == "*"),
        ignore,
        erase: section.get("erase").and_then(|entry| erase(&entry)),
        keep: section.get("keep").and_then(|entry| keep(&entry)),
        aggregate: section.get("aggregate").and_then(|entry| aggregate(&entry)),
        marks: super::marks::marks(section),
    }
    .finished(section)
}

impl TableMap {
    fn finished(self, section: &Section<'_, '_>) -> Self {
        section.finish();
        self
    }
}

/// One column, or a list of those that name a row together.
fn key(entry: &Entry<'_, '_>) -> Option<Noted<Vec<String>>> {
    let columns = match entry.value {
        DeValue::Array(_) => entry.texts()?,
        _ => vec![entry.text()?],
    };
    let mut value: Vec<String> = Vec::new();
    for column in columns {
        if value.contains(&column.value) {
            return entry.wrong("twice", &format!("{} stands here twice", column.value));
        }
        value.push(column.value);
    }
    if value.is_empty() {
        return entry.wrong("empty", "name the columns: key = [\"customer_id\", \"day\"]");
    }
    Some(Noted { value, line: entry.line })
}

/// One reference, or a list of which any one will do.
fn vias(entry: &Entry<'_, '_>) -> Vec<Link> {
    let texts = match entry.value {
        DeValue::Array(_) => entry.texts().unwrap_or_default(),
        _ => entry.text().into_iter().collect(),
    };
    texts.iter().filter_map(|text| reference(entry, text)).collect()
}

fn reference(entry: &Entry<'_, '_>, text: &Noted<String>) -> Option<Link> {
    link(&text.value, text.line).map_or_else(|help| entry.wrong("reference", &help), Some)
}

fn on(section: &Section<'_, '_>, example: &str) -> Option<Link> {
    let entry = section.need("on", example)?;
    let text = entry.text()?;
    let link = reference(&entry, &text)?;
    if link.store.is_some() {
        return entry.wrong("reference", "this cannot reach into another store");
    }
    Some(link)
}

fn lookup((name, section): (Noted<String>, Section<'_, '_>)) -> Option<Lookup> {
    let on = on(&section, "on = \"track_id -> track.track_id\"");
    let columns = section.need("columns", "columns = [\"name\"]").and_then(|entry| entry.texts());
    section.finish();
    let columns = columns?.into_iter().map(|column| column.value).collect();
    Some(Lookup { name: name.value, on: on?, columns })
}

fn third_party((name, section): (Noted<String>, Section<'_, '_>)) -> Option<ThirdParty> {
    let on = on(&section, "on = \"support_rep_id -> employee.employee_id\"");
    section.finish();
    Some(ThirdParty { name: name.value, on: on? })
}

/// `"category"` or `{ is = "category", … }`.
fn field(name: &Noted<String>, entry: &Entry<'_, '_>) -> Option<Field> {
    let (column, line) = (name.value.clone(), name.line);
    if matches!(entry.value, DeValue::String(_)) {
        let category = category(entry)?;
        return Some(Field {
            column,
            category,
            origin: Origin::default(),
            blob: None,
            erase: None,
            line,
        });
    }
    let section = entry.section()?;
    let category = section.need("is", "is = \"user.content\"").and_then(|entry| category(&entry));
    let origin = origin(&section);
    let blob = section.get("blob").and_then(|entry| blob(&entry));
    let erase = section.get("erase").and_then(|entry| field_erase(&entry));
    section.finish();
    Some(Field { column, category: category?, origin, blob, erase, line })
}

pub(super) fn category(entry: &Entry<'_, '_>) -> Option<Category> {
    let text = entry.text()?;
    Category::parse(&text.value).or_else(|| {
        let near = Category::nearest(&text.value);
        entry.wrong("category", &format!("\"{}\" is no category; is it \"{near}\"?", text.value))
    })
}

pub(super) fn origin(section: &Section<'_, '_>) -> Origin {
    let read = |entry: Entry<'_, '_>| {
        let text = entry.text()?;
        Origin::parse(&text.value).or_else(|| {
            entry.wrong(
                "origin",
                "write \"provided\", \"observed\", \"inferred\" or \"third_party\"",
            )
        })
    };
    section.get("origin").and_then(read).unwrap_or_default()
}

fn blob(entry: &Entry<'_, '_>) -> Option<Blob> {
    let text = entry.text()?;
    let parts = || {
        let (store, template) = text.value.split_once(':')?;
        let (before, after) = template.split_once("{value}")?;
        let around = format!("{before}{after}");
        let plain = !around.contains(['{', '}', '\\'])
            && !around.contains(char::is_control)
            && !before.starts_with('/')
            && !template.contains("//")
            && around.split('/').all(|part| part != "." && part != "..");
        let (store, before, after) = (store.to_owned(), before.to_owned(), after.to_owned());
        plain.then_some(Blob { store, before, after, line: text.line })
    };
    parts().or_else(|| entry.wrong("blob", "write \"STORE:folder/{value}\""))
}

pub(super) fn erase(entry: &Entry<'_, '_>) -> Option<Noted<TableErase>> {
    let text = entry.text()?;
    let value = match text.value.as_str() {
        "delete" => TableErase::Delete,
        "mask" => TableErase::Mask,
        "shred" => TableErase::Shred,
        "keep" => TableErase::Keep,
        _ => return entry.wrong("erase", "write \"delete\", \"mask\", \"shred\" or \"keep\""),
    };
    Some(Noted { value, line: text.line })
}

fn field_erase(entry: &Entry<'_, '_>) -> Option<FieldErase> {
    const HELP: &str =
        "write \"null\", { constant = \"…\" }, { hmac = \"NAME\" } or { generalise = \"RULE\" }";
    if let DeValue::String(word) = entry.value {
        return if word == "null" { Some(FieldErase::Null) } else { entry.wrong("erase", HELP) };
    }
    let section = entry.section()?;
    let constant = match section.get("constant").map(|entry| entry.value) {
        // An empty constant is a fair one.
        Some(DeValue::String(text)) => Some(text.to_string()),
        _ => None,
    };
    let (hmac, rule) = (section.text("hmac"), section.text("generalise"));
    section.finish();
    match (constant, hmac, rule) {
        (Some(text), None, None) => Some(FieldErase::Constant(text)),
        (None, Some(name), None) => Some(FieldErase::Hmac(name.value)),
        (None, None, Some(rule)) => {
            let known: Vec<&str> = Coarse::ALL.iter().map(|rule| rule.as_str()).collect();
            let help = format!("known rules are \"{}\"", known.join("\", \""));
            let rule = Coarse::parse(&rule.value).map(FieldErase::Generalise);
            rule.or_else(|| entry.wrong("generalise", &help))
        }
        _ => entry.wrong("erase", HELP),
    }
}

/// `"30d"` or `{ for = "10y", from = "column", ground = "AO 147" }`.
pub(super) fn keep(entry: &Entry<'_, '_>) -> Option<Keep> {
    let line = entry.line;
    let period = |text: &Noted<String>| {
        Period::parse(&text.value).or_else(|| {
            entry.wrong("period", "write a number and s, m, h, d, w, M or y: \"30d\", \"10y\"")
        })
    };
    if matches!(entry.value, DeValue::String(_)) {
        let period = period(&entry.text()?)?;
        return Some(Keep { period, from: None, ground: None, line });
    }
    let section = entry.section()?;
    let length = section.need_text("for", "for = \"10y\"");
    let from = section.text("from").map(|text| text.value);
    let ground = section.need_text("ground", "ground = \"AO 147\", the rule that wants it kept");
    section.finish();
    Some(Keep { period: period(&length?)?, from, ground: Some(ground?.value), line })
}

fn aggregate(entry: &Entry<'_, '_>) -> Option<Aggregate> {
    let section = entry.section()?;
    let into = section.need_text("into", "into = \"usage_by_day\"");
    let group = section.need("group", "group = [\"day\"]").and_then(|entry| entry.texts());
    let min = section.need("min", "min = 10").and_then(|entry| entry.whole());
    section.finish();
    let group = group?.into_iter().map(|column| column.value).collect();
    Some(Aggregate { into: into?.value, group, min: min?, line: entry.line })
}
