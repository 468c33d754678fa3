//! What the law wants said about a store, beside the data in it (GDPR Art. 15(1) and (2)).

use std::collections::BTreeMap;

use super::controller::HeldCollection;
use super::language::Language;
use super::recipient::Recipient;

/// The facts about one store of personal data, from its data map.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct StoreFacts {
    /// Its name in the maps: a short word.
    pub name: String,
    /// The adapter kind, `sqlite`.
    pub kind: String,
    /// What people call it, in each language that the map gives.
    pub label: BTreeMap<Language, String>,
    /// `self`, or who decides about the data, by the id of a `[controller.ID]` or in words.
    pub controller: String,
    /// Collections whose rows belong to another controller that a map describes.
    pub held: Vec<HeldCollection>,
    /// Why the data are processed.
    pub purposes: Vec<String>,
    /// The legal basis.
    pub basis: String,
    /// Where the data come from.
    pub source: String,
    /// Who receives them, by id or name; may be empty.
    pub recipients: Vec<String>,
    /// Those of them that a map describes.
    pub described: Vec<Recipient>,
    /// Where they are, as a country code.
    pub country: String,
    /// How long they are kept.
    pub retention: String,
    /// How long backups keep them.
    pub backup: String,
    /// What protects them outside the EU (Art. 46), where needed.
    pub safeguard: Option<String>,
    /// Automated decisions about the person (Art. 22), `none` or a text.
    pub automated: String,
    /// Whether models are trained with them; `None` where the map does not say.
    pub training: Option<bool>,
    /// Never previewed by staff.
    pub private_content: bool,
    /// The categories of data in it, sorted; secrets not named.
    pub categories: Vec<String>,
}

impl StoreFacts {
    /// What people call it, in `language` or else in any that there is.
    pub fn label(&self, language: Language) -> &str {
        self.label
            .get(&language)
            .or_else(|| self.label.get(&Language::En))
            .or_else(|| self.label.values().next())
            .map_or(&self.name, String::as_str)
    }
}
