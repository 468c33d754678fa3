//! Reading TOML with an eye on the lines, so that every error can name its own.

use std::borrow::Cow;
use std::cell::RefCell;
use std::path::{Component, Path, PathBuf};

use toml::de::{DeTable, DeValue};

use super::error::{ConfigCode, ConfigError, Refusal};
use crate::domain::duration::Period;

/// Looks up a variable of the environment.
pub type Environment<'e> = &'e dyn Fn(&str) -> Option<String>;

/// The file being read, and what was found wrong in it so far.
pub(super) struct Document<'d> {
    /// The file as it was named.
    pub(super) name: String,
    pub(super) text: &'d str,
    /// Where relative paths begin: the folder of the file, absolute.
    pub(super) folder: PathBuf,
    pub(super) env: Environment<'d>,
    errors: RefCell<Vec<(usize, ConfigError)>>,
}

impl<'d> Document<'d> {
    pub(super) fn new(
        name: String,
        text: &'d str,
        folder: PathBuf,
        env: Environment<'d>,
    ) -> Document<'d> {
        Document { name, text, folder, env, errors: RefCell::default() }
    }

    /// Notes an error at byte `at`.
    pub(super) fn refuse(&self, at: usize, key: String, refusal: Refusal) {
        let Refusal { code, message } = refusal;
        let error = ConfigError { code, place: self.place(at), key, message };
        self.errors.borrow_mut().push((at, error));
    }

    /// File and line of byte `at`.
    pub(super) fn place(&self, at: usize) -> String {
        let before = self.text.as_bytes().iter().take(at);
        format!("{}:{}", self.name, 1 + before.filter(|byte| **byte == b'\n').count())
    }

    /// Everything found, in the order of the file.
    pub(super) fn errors(&self) -> Vec<ConfigError> {
        let mut errors = self.errors.take();
        errors.sort_by_key(|(at, _)| *at);
        errors.into_iter().map(|(_, error)| error).collect()
    }

    /// A path as written, from the folder of the file on, without `.` and `..`.
    pub(super) fn path(&self, written: &str) -> PathBuf {
        clean(&self.folder.join(written))
    }
}

/// The path without `.` and `..`, read as text: the place may not exist yet.
fn clean(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => {
                out.pop();
            }
            other => out.push(other),
        }
    }
    out
}

/// One section of the file, written or not. The keys at the top are the section without a name.
pub(super) struct Section<'d> {
    pub(super) doc: &'d Document<'d>,
    name: Cow<'static, str>,
    at: usize,
    table: Option<&'d DeTable<'d>>,
}

impl<'d> Section<'d> {
    pub(super) fn top(doc: &'d Document<'d>, root: &'d DeTable<'d>) -> Self {
        Self { doc, name: Cow::Borrowed(""), at: 0, table: Some(root) }
    }

    pub(super) fn named(
        doc: &'d Document<'d>,
        root: &'d DeTable<'d>,
        name: &'static str,
    ) -> Section<'d> {
        let found = root.iter().find(|(key, _)| key.get_ref() == name);
        let at = found.map_or(0, |(key, _)| key.span().start);
        let table = found.and_then(|(_, value)| value.get_ref().as_table());
        Self { doc, name: Cow::Borrowed(name), at, table }
    }

    /// The tables of a section that is made of such, each with its own name, as `[webhook.crm]`.
    pub(super) fn each(
        doc: &'d Document<'d>,
        root: &'d DeTable<'d>,
        of: &'static str,
    ) -> Vec<(&'d str, Section<'d>)> {
        let found = root.iter().find(|(key, _)| key.get_ref() == of);
        let tables = found.and_then(|(_, value)| value.get_ref().as_table());
        let each = tables.into_iter().flat_map(DeTable::iter);
        each.filter_map(|(key, value)| {
            let table = Some(value.get_ref().as_table()?);
            let (at, own) = (key.span().start, key.get_ref().as_ref());
            Some((own, Section { doc, name: format!("{of}.{own}").into(), at, table }))
        })
        .collect()
    }

    /// Notes a refusal of the section as a whole.
    pub(super) fn refuse_whole(&self, refusal: Refusal) {
        self.doc.refuse(self.at, full_name(&self.name, ""), refusal);
    }

    /// What is written for `key`.
    pub(super) fn entry(&self, key: &'static str) -> Option<Entry<'d>> {
        let (_, value) = self.table?.iter().find(|(name, _)| name.get_ref() == key)?;
        let (at, value) = (value.span().start, value.get_ref());
        Some(Entry { doc: self.doc, key: full_name(&self.name, key), value, at })
    }

    /// Notes that `key` has to be written.
    pub(super) fn missing(&self, key: &'static str, write: &str) {
        self.refuse(key, Refusal::new(ConfigCode::MissingKey, write));
    }

    /// Notes a refusal of `key`, written or not.
    pub(super) fn refuse(&self, key: &'static str, refusal: Refusal) {
        self.doc.refuse(self.byte_of(key), full_name(&self.name, key), refusal);
    }

    /// Where `key` stands, or would stand.
    pub(super) fn place(&self, key: &'static str) -> String {
        self.doc.place(self.byte_of(key))
    }

    fn byte_of(&self, key: &'static str) -> usize {
        self.entry(key).map_or(self.at, |entry| entry.at)
    }

    /// The text of `key` as `parse` reads it; `None` when it is not written or was refused.
    pub(super) fn read<T>(
        &self,
        key: &'static str,
        parse: impl FnOnce(&str) -> Result<T, Refusal>,
    ) -> Option<T> {
        let entry = self.entry(key)?;
        entry.keep(entry.text().and_then(parse))
    }

    /// One of a few words.
    pub(super) fn choice<T: Copy + Default>(
        &self,
        key: &'static str,
        all: &[T],
        word: fn(T) -> &'static str,
    ) -> T {
        let chosen = self.read(key, |text| {
            all.iter().copied().find(|value| word(*value) == text).ok_or_else(|| {
                let words: Vec<_> =
                    all.iter().map(|value| format!("\"{}\"", word(*value))).collect();
                Refusal::value(format!("write {}", words.join(" or ")))
            })
        });
        chosen.unwrap_or_default()
    }

    /// A length of time, by default `default`; zero only where `zero` allows it.
    ///
    /// # Panics
    /// When `default`, which stands in our own code, cannot be read.
    pub(super) fn period(&self, key: &'static str, default: &str, zero: bool) -> Period {
        let written = self.read(key, |text| {
            let refuse = |message: String| Refusal::new(ConfigCode::BadDuration, message);
            let period = Period::parse(text).map_err(|error| refuse(error.to_string()))?;
            let fits = zero || !period.is_zero();
            fits.then_some(period).ok_or_else(|| refuse("write more than nothing".into()))
        });
        written.unwrap_or_else(|| Period::parse(default).expect("a default of ours is readable"))
    }
}

/// The value written for one key.
pub(super) struct Entry<'d> {
    pub(super) doc: &'d Document<'d>,
    pub(super) key: String,
    pub(super) value: &'d DeValue<'d>,
    pub(super) at: usize,
}

impl<'d> Entry<'d> {
    /// The text, or a refusal of everything that is none.
    pub(super) fn text(&self) -> Result<&'d str, Refusal> {
        self.value.as_str().ok_or_else(|| wrong_type("a text in quotes"))
    }

    /// The texts of a list, each with the place of its own.
    pub(super) fn texts(&self) -> Option<Vec<(usize, &'d str)>> {
        let list = self.keep(
            self.value
                .as_array()
                .ok_or_else(|| wrong_type("a list of texts such as [\"…\", \"…\"]")),
        )?;
        let mut texts = Vec::new();
        for item in list {
            let at = item.span().start;
            match item.get_ref().as_str() {
                Some(text) => texts.push((at, text)),
                None => self.refuse_at(at, wrong_type("texts in quotes in this list")),
            }
        }
        Some(texts)
    }

    /// A whole number within `range`.
    pub(super) fn number(&self, range: std::ops::RangeInclusive<u32>) -> Option<u32> {
        let read = || {
            let number = self.value.as_integer().ok_or_else(|| wrong_type("a whole number"))?;
            let number = u32::from_str_radix(number.as_str(), number.radix()).ok();
            number.filter(|number| range.contains(number)).ok_or_else(|| {
                Refusal::value(format!("write a number from {} to {}", range.start(), range.end()))
            })
        };
        self.keep(read())
    }

    /// `true` or `false`.
    pub(super) fn truth(&self) -> Option<bool> {
        self.keep(self.value.as_bool().ok_or_else(|| wrong_type("true or false")))
    }

    /// Notes a refusal, and where it stood.
    pub(super) fn keep<T>(&self, read: Result<T, Refusal>) -> Option<T> {
        read.map_err(|refusal| self.refuse_at(self.at, refusal)).ok()
    }

    /// Notes a refusal of a part of the value.
    pub(super) fn refuse_at(&self, at: usize, refusal: Refusal) {
        self.doc.refuse(at, self.key.clone(), refusal);
    }
}

/// `[web] base_url`, or the key alone at the top.
pub(super) fn full_name(section: &str, key: &str) -> String {
    match (section, key) {
        ("", key) => key.to_owned(),
        (section, "") => format!("[{section}]"),
        (section, key) => format!("[{section}] {key}"),
    }
}

/// One line of text for people, without control characters, so that it can stand in a header.
pub(super) fn one_line(text: &str, most: usize) -> Result<String, Refusal> {
    let text = text.trim();
    if text.is_empty() || text.chars().count() > most || text.chars().any(char::is_control) {
        return Err(Refusal::value(format!("write one line of 1 to {most} characters")));
    }
    Ok(text.to_owned())
}

/// A value of another type than `wanted`.
pub(super) fn wrong_type(wanted: &str) -> Refusal {
    Refusal::new(ConfigCode::WrongType, format!("write {wanted}"))
}
