//! What is to be deleted, on the form: nothing is chosen beforehand.

use serde::Serialize;

use super::Frame;
use crate::domain::request::Scope;
use crate::domain::scope::{self, OFFERED, ScopeFault};
use crate::web::edge::form::FormFields;

/// The fields of the scope as they were typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct TypedScope {
    /// Whether they are asked for: one of the rights is a deletion.
    pub asked: bool,
    /// Field `scope`.
    pub word: String,
    /// Fields `category`.
    pub categories: Vec<String>,
    /// Fields `item`, which only a link of the company's own app brings along.
    pub items: Vec<String>,
}

/// What people read for each of [`OFFERED`].
const KINDS: [&str; OFFERED.len()] = [
    "web-scope-kind-account",
    "web-scope-kind-name",
    "web-scope-kind-contact",
    "web-scope-kind-content",
    "web-scope-kind-behavior",
    "web-scope-kind-device",
    "web-scope-kind-location",
    "web-scope-kind-payment",
];

impl TypedScope {
    /// Reads the fields. What belongs to a choice that was not taken is passed over.
    pub fn read(fields: &FormFields, asked: bool) -> Self {
        let all = |name| fields.many(name).map(ToOwned::to_owned).collect();
        let word = fields.many("scope").next().unwrap_or_default().to_owned();
        Self { asked, word, categories: all("category"), items: all("item") }
    }

    /// What they say.
    ///
    /// # Errors
    /// When nothing was chosen, or what was chosen says nothing.
    pub fn scope(&self) -> Result<Scope, ScopeFault> {
        if !self.asked {
            return Ok(Scope::Everything);
        }
        let word = self.word.trim();
        let of = |choice: &str, all: &'_ [String]| -> Vec<String> {
            if word == choice { all.to_vec() } else { Vec::new() }
        };
        let (categories, items) = (of("categories", &self.categories), of("items", &self.items));
        let categories: Vec<&str> = categories.iter().map(String::as_str).collect();
        let items: Vec<&str> = items.iter().map(String::as_str).collect();
        scope::read(Some(word), &categories, &items)
    }

    pub(super) fn is(&self, word: &str) -> bool {
        self.word.trim() == word
    }

    /// The kinds of data that can be ticked: word, name, whether it is.
    pub(super) fn kinds(&self, frame: &Frame) -> Vec<(&'static str, String, bool)> {
        let kind = |(word, id): (&&'static str, &str)| {
            (*word, frame.t(id), self.categories.iter().any(|typed| typed == word))
        };
        OFFERED.iter().zip(KINDS).map(kind).collect()
    }
}
