//! What a person wants put right: as it is typed into the form, and as it is shown afterwards.

use super::Frame;
use crate::domain::correction::{AskedField, DeclineGround, Fate};

/// Rows of an empty form.
const ROWS: usize = 3;

/// One thing to be put right, as it was typed.
#[derive(Debug, Clone, Default, PartialEq, Eq, serde::Serialize)]
pub struct TypedChange {
    /// A word of the list, or words of the person's own.
    pub field: String,
    /// What it shall say.
    pub value: String,
}

/// One row of the form.
#[derive(Debug)]
pub(super) struct ChangeRow {
    pub(super) number: u64,
    pub(super) options: Vec<(String, String, bool)>,
    pub(super) value: String,
}

/// The rows of a form in which `typed` stands, with some to spare.
pub(super) fn rows(frame: &Frame, typed: &[TypedChange]) -> Vec<ChangeRow> {
    let count = typed.len().max(ROWS);
    let row = |at: usize| {
        let typed = typed.get(at).cloned().unwrap_or_default();
        let known = AskedField::parse(&typed.field);
        let option = |field: &AskedField| {
            (field.as_str().to_owned(), asked_field(frame, *field), known == Some(*field))
        };
        let mut options: Vec<_> = AskedField::ALL.iter().map(option).collect();
        if known.is_none() && !typed.field.is_empty() {
            options.push((typed.field.clone(), typed.field.clone(), true));
        }
        ChangeRow { number: at as u64 + 1, options, value: typed.value }
    };
    (0..count).map(row).collect()
}

/// What is offered on the form, in words.
pub fn asked_field(frame: &Frame, field: AskedField) -> String {
    frame.t(match field {
        AskedField::Name => "web-field-name",
        AskedField::Email => "web-field-email",
        AskedField::Phone => "web-field-phone",
        AskedField::Address => "web-field-address",
        AskedField::DateOfBirth => "web-field-date-of-birth",
        AskedField::Other => "web-field-other",
    })
}

/// One change on the status page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ChangeView {
    /// What was asked about.
    pub field: String,
    /// What it shall say.
    pub value: String,
    /// What became of it.
    pub fate: Fate,
    /// Why it is not made.
    pub ground: Option<DeclineGround>,
    /// The words of whoever decided.
    pub words: Option<String>,
}

impl ChangeView {
    pub(super) fn fate(&self, frame: &Frame) -> String {
        frame.t(match self.fate {
            Fate::Open => "web-change-open",
            Fate::Coming => "web-change-coming",
            Fate::Made => "web-change-made",
            Fate::Part => "web-change-part",
            Fate::Declined => "web-change-declined",
        })
    }

    pub(super) fn ground(&self, frame: &Frame) -> Option<String> {
        Some(frame.t(match self.ground? {
            DeclineGround::Accurate => "web-declined-accurate",
            DeclineGround::NotProven => "web-declined-not-proven",
            DeclineGround::Record => "web-declined-record",
            DeclineGround::NotHeld => "web-declined-not-held",
            DeclineGround::NotIdentified => "web-declined-not-identified",
            DeclineGround::NotController => "web-declined-not-controller",
        }))
    }
}
