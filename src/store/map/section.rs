//! Reading TOML so that every fault is told, with its line.

use std::cell::RefCell;
use std::collections::BTreeSet;
use std::fs;
use std::path::{Path, PathBuf};

use toml::Spanned;
use toml::de::{DeTable, DeValue};

use super::Env;
use super::model::{Noted, Secret};
use crate::store::Finding;

/// The file being read, and what is wrong with it so far.
pub(super) struct Doc<'t> {
    pub(super) file: String,
    pub(super) folder: PathBuf,
    text: &'t str,
    env: Env<'t>,
    findings: RefCell<Vec<Finding>>,
}

impl<'t> Doc<'t> {
    pub(super) fn new(file: &Path, text: &'t str, env: Env<'t>) -> Self {
        Self {
            file: file.display().to_string(),
            folder: file.parent().unwrap_or(Path::new("")).to_owned(),
            text,
            env,
            findings: RefCell::default(),
        }
    }

    pub(super) fn line(&self, at: usize) -> usize {
        self.text.get(..at).unwrap_or(self.text).split('\n').count()
    }

    pub(super) fn report(&self, line: usize, code: &'static str, message: String) {
        self.findings.borrow_mut().push(Finding { file: self.file.clone(), line, code, message });
    }

    pub(super) fn is_clean(&self) -> bool {
        self.findings.borrow().is_empty()
    }

    pub(super) fn into_findings(self) -> Vec<Finding> {
        let mut findings = self.findings.into_inner();
        findings.sort_by_key(|finding| finding.line);
        findings
    }

    pub(super) fn into_findings_or<T>(self, good: T) -> Result<T, Vec<Finding>> {
        if self.is_clean() { Ok(good) } else { Err(self.into_findings()) }
    }
}

/// One table of the file. Keys that nobody asks for are unknown keys.
pub(super) struct Section<'d, 't> {
    pub(super) doc: &'d Doc<'t>,
    pub(super) path: String,
    pub(super) line: usize,
    table: &'d DeTable<'t>,
    asked: RefCell<BTreeSet<String>>,
}

/// One value and where it stands.
pub(super) struct Entry<'d, 't> {
    pub(super) doc: &'d Doc<'t>,
    /// The whole key, `store.shop.url`.
    pub(super) path: String,
    pub(super) line: usize,
    pub(super) value: &'d DeValue<'t>,
}

impl<'d, 't> Section<'d, 't> {
    pub(super) fn new(doc: &'d Doc<'t>, path: String, line: usize, table: &'d DeTable<'t>) -> Self {
        Self { doc, path, line, table, asked: RefCell::default() }
    }

    fn full(&self, key: &str) -> String {
        if self.path.is_empty() { key.to_owned() } else { format!("{}.{key}", self.path) }
    }

    /// The value of `key`, which is known from now on.
    pub(super) fn get(&self, key: &str) -> Option<Entry<'d, 't>> {
        self.asked.borrow_mut().insert(key.to_owned());
        let value = self.table.get(key)?;
        Some(self.entry(key, value))
    }

    fn entry(&self, key: &str, value: &'d Spanned<DeValue<'t>>) -> Entry<'d, 't> {
        let line = self.doc.line(value.span().start);
        Entry { doc: self.doc, path: self.full(key), line, value: value.get_ref() }
    }

    /// All keys and values in the order of the file.
    pub(super) fn entries(&self) -> Vec<(Noted<String>, Entry<'d, 't>)> {
        let mut all: Vec<_> = self.table.iter().collect();
        all.sort_by_key(|(key, _)| key.span().start);
        let noted = |(key, value): (&Spanned<_>, _)| {
            let name: &std::borrow::Cow<'_, str> = key.get_ref();
            self.asked.borrow_mut().insert(name.to_string());
            let line = self.doc.line(key.span().start);
            (Noted { value: name.to_string(), line }, self.entry(name, value))
        };
        all.into_iter().map(noted).collect()
    }

    pub(super) fn text(&self, key: &str) -> Option<Noted<String>> {
        self.get(key)?.text()
    }

    pub(super) fn need_text(&self, key: &str, example: &str) -> Option<Noted<String>> {
        self.need(key, example)?.text()
    }

    pub(super) fn need(&self, key: &str, example: &str) -> Option<Entry<'d, 't>> {
        let found = self.get(key);
        if found.is_none() {
            let place = if self.path.is_empty() { "the map" } else { &self.path };
            let message = format!("{place} has no `{key}`; write: {example}");
            self.doc.report(self.line, "missing_key", message);
        }
        found
    }

    pub(super) fn flag(&self, key: &str) -> bool {
        match self.get(key).map(|entry| (entry.line, entry.path, entry.value)) {
            None => false,
            Some((_, _, DeValue::Boolean(flag))) => *flag,
            Some((line, path, _)) => {
                self.doc.report(line, "type", format!("{path}: write true or false"));
                false
            }
        }
    }

    pub(super) fn section(&self, key: &str) -> Option<Section<'d, 't>> {
        self.get(key)?.section()
    }

    /// The tables below `key`, by their names, in the order of the file.
    pub(super) fn sections(&self, key: &str) -> Vec<(Noted<String>, Section<'d, 't>)> {
        let Some(below) = self.section(key) else { return Vec::new() };
        let named = |(name, entry): (Noted<String>, Entry<'d, 't>)| {
            let mut section = entry.section()?;
            section.line = name.line;
            Some((name, section))
        };
        below.entries().into_iter().filter_map(named).collect()
    }

    /// Reports the keys that nobody asked for.
    pub(super) fn finish(&self) {
        let asked = self.asked.borrow();
        for (key, _) in self.table {
            let name: &str = key.get_ref();
            if !asked.contains(name) {
                let known: Vec<&str> = asked.iter().map(String::as_str).collect();
                let message =
                    format!("{} is not a key; known here: {}", self.full(name), known.join(", "));
                self.doc.report(self.doc.line(key.span().start), "unknown_key", message);
            }
        }
    }
}

impl<'d, 't> Entry<'d, 't> {
    pub(super) fn wrong<T>(&self, code: &'static str, message: &str) -> Option<T> {
        self.doc.report(self.line, code, format!("{}: {message}", self.path));
        None
    }

    pub(super) fn text(&self) -> Option<Noted<String>> {
        match self.value {
            DeValue::String(text) if !text.trim().is_empty() => {
                Some(Noted { value: text.to_string(), line: self.line })
            }
            DeValue::String(_) => self.wrong("empty", "an empty text says nothing"),
            _ => self.wrong("type", "write a text in quotes"),
        }
    }

    /// A list of texts.
    pub(super) fn texts(&self) -> Option<Vec<Noted<String>>> {
        let DeValue::Array(list) = self.value else {
            return self.wrong("type", "write a list of texts: [\"…\", \"…\"]");
        };
        let each = |item: &'d Spanned<DeValue<'t>>| {
            let line = self.doc.line(item.span().start);
            Entry { doc: self.doc, path: self.path.clone(), line, value: item.get_ref() }.text()
        };
        Some(list.iter().filter_map(each).collect())
    }

    pub(super) fn whole(&self) -> Option<u64> {
        match self.value {
            DeValue::Integer(number) if number.radix() == 10 => number.as_str().parse().ok(),
            _ => None,
        }
        .or_else(|| self.wrong("type", "write a whole number"))
    }

    pub(super) fn section(&self) -> Option<Section<'d, 't>> {
        match self.value {
            DeValue::Table(table) => {
                Some(Section::new(self.doc, self.path.clone(), self.line, table))
            }
            _ => self.wrong("type", "write a table: { … }"),
        }
    }

    /// `{ env = "NAME" }` or `{ file = "PATH" }`.
    pub(super) fn secret(&self) -> Option<Secret> {
        let DeValue::Table(table) = self.value else {
            return self.wrong(
                "literal_secret",
                "a secret does not stand in a map; write { env = \"NAME\" } or { file = \"PATH\" }",
            );
        };
        let section = Section::new(self.doc, self.path.clone(), self.line, table);
        let (env, file) = (section.text("env"), section.text("file"));
        section.finish();
        let found = match (env, file) {
            (Some(name), None) => (self.doc.env)(&name.value).ok_or_else(|| {
                format!(
                    "the environment has no {}; set it or write {{ file = \"PATH\" }}",
                    name.value
                )
            }),
            (None, Some(path)) => {
                fs::read_to_string(self.doc.folder.join(&path.value)).map_err(|error| {
                    format!("the file {} cannot be read: {}", path.value, error.kind())
                })
            }
            _ => Err("write { env = \"NAME\" } or { file = \"PATH\" }".to_owned()),
        };
        match found {
            Ok(text) => Some(Secret::new(text.trim_end_matches(['\r', '\n']).to_owned())),
            Err(message) => self.wrong("secret", &message),
        }
    }
}
