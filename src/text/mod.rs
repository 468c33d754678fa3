//! Every word that people read, by message id, in every language we write in.
//!
//! The messages stand in Fluent files beside this one, `en/` and `de/`, a file a room. A test holds
//! that both have the same ids with the same arguments, and that every id in use exists.

mod deadline;
mod flag;
mod format;
mod law;

use std::borrow::Cow;
use std::collections::HashMap;

use fluent_templates::fluent_bundle::FluentValue;
use fluent_templates::{Loader, static_loader};
use unic_langid::{LanguageIdentifier, langid};

use crate::domain::language::Language;

static_loader! {
    static MESSAGES = {
        locales: "./src/text",
        fallback_language: "en",
        // The isolation marks would stand in codes, links and file names that people copy.
        customise: |bundle| bundle.set_use_isolating(false),
    };
}

const EN: LanguageIdentifier = langid!("en");
const DE: LanguageIdentifier = langid!("de");

/// An argument of a message: a text or a whole number (which plural rules look at).
#[derive(Debug, Clone)]
pub enum Arg {
    /// Any text, shown as it is.
    Text(String),
    /// A count.
    Number(u64),
}

impl From<&str> for Arg {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Arg {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl From<&String> for Arg {
    fn from(text: &String) -> Self {
        Self::Text(text.clone())
    }
}

impl From<u64> for Arg {
    fn from(number: u64) -> Self {
        Self::Number(number)
    }
}

impl From<&u64> for Arg {
    fn from(number: &u64) -> Self {
        Self::Number(*number)
    }
}

/// Speaks one language, and tells dates in one time zone. What templates hold.
#[derive(Debug, Clone)]
pub struct Speaker {
    language: Language,
    zone: jiff::tz::TimeZone,
}

impl Speaker {
    /// Speaks `language`, dates in `zone`.
    pub fn new(language: Language, zone: jiff::tz::TimeZone) -> Self {
        Self { language, zone }
    }

    /// The language.
    pub fn language(&self) -> Language {
        self.language
    }

    /// The message `id`.
    pub fn t(&self, id: &str) -> String {
        self.with(id, [])
    }

    /// The message `id` with one argument.
    pub fn t1(&self, id: &str, name: &'static str, value: impl Into<Arg>) -> String {
        self.with(id, [(name, value.into())])
    }

    /// The message `id` with two arguments.
    pub fn t2(
        &self,
        id: &str,
        name: &'static str,
        value: impl Into<Arg>,
        name2: &'static str,
        value2: impl Into<Arg>,
    ) -> String {
        self.with(id, [(name, value.into()), (name2, value2.into())])
    }

    /// The message `id` with any arguments. An id that does not exist shows itself in brackets;
    /// a test sees to it that none does.
    pub fn with(&self, id: &str, args: impl IntoIterator<Item = (&'static str, Arg)>) -> String {
        self.find(id, args).unwrap_or_else(|| format!("[{id}]"))
    }

    /// The name of a country; a code that is not assigned speaks for itself.
    pub fn country(&self, code: &str) -> String {
        self.find(&format!("country-{code}"), []).unwrap_or_else(|| code.to_owned())
    }

    fn find(
        &self,
        id: &str,
        args: impl IntoIterator<Item = (&'static str, Arg)>,
    ) -> Option<String> {
        let args: HashMap<Cow<'static, str>, FluentValue<'_>> = args
            .into_iter()
            .map(|(name, value)| {
                let value = match value {
                    Arg::Text(text) => FluentValue::from(text),
                    Arg::Number(number) => FluentValue::from(number),
                };
                (Cow::Borrowed(name), value)
            })
            .collect();
        let language = match self.language {
            Language::En => &EN,
            Language::De => &DE,
        };
        MESSAGES.try_lookup_with_args(language, id, &args)
    }
}
