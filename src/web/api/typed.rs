//! Words that a program sends, with the pattern that the description gives for them.

use serde::Deserialize;
use utoipa::openapi::schema::{ObjectBuilder, Type};
use utoipa::openapi::{RefOr, Schema};
use utoipa::{PartialSchema, ToSchema};

use super::problem::Problem;
use crate::domain::flag::PURPOSE_LENGTH;
use crate::domain::text::{TextError, TypedText};
use crate::service::case::TEXT_LENGTH;
use crate::web::view::COUNTRIES;

/// Control characters but line feed and tab, and what changes the direction of text.
pub(super) const REFUSED: &str =
    r"\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028-\u202e\u2066-\u2069\ufeff";

/// Text that has to say something: 1 to 4,000 characters, with line feeds.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Words(String);

impl std::fmt::Debug for Words {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Words(…)")
    }
}

impl Words {
    /// Reads them as the value of `field`.
    pub(super) fn read(&self, field: &'static str) -> Result<TypedText, Problem> {
        match block(&self.0, TEXT_LENGTH) {
            Ok(Some(text)) => Ok(text),
            Ok(None) => Err(Problem::field(field, "missing", "say it in words")),
            Err(error) => Err(Problem::field(field, code(error), error.to_string())),
        }
    }
}

impl PartialSchema for Words {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .min_length(Some(1))
            .max_length(Some(TEXT_LENGTH))
            .pattern(Some(format!(r"^[^{REFUSED}]*[^{REFUSED}\s][^{REFUSED}]*$")))
            .into()
    }
}

impl ToSchema for Words {}

/// Several lines that may say nothing.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Lines(pub(super) String);

impl PartialSchema for Lines {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(TEXT_LENGTH))
            .pattern(Some(format!("^[^{REFUSED}]*$")))
            .into()
    }
}

impl ToSchema for Lines {}

/// One line that may say nothing, of at most 200 characters.
#[derive(Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Line(pub(super) String);

impl PartialSchema for Line {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .max_length(Some(crate::service::intake::NAME_LENGTH))
            .pattern(Some(format!(r"^[^{REFUSED}\n\t]*$")))
            .into()
    }
}

impl ToSchema for Line {}

/// A country's code, two capitals.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct Country(pub(super) String);

impl PartialSchema for Country {
    fn schema() -> RefOr<Schema> {
        let codes = format!("^({})$", COUNTRIES.join("|"));
        ObjectBuilder::new().schema_type(Type::String).pattern(Some(codes)).into()
    }
}

impl ToSchema for Country {}

/// A purpose: a word of ours or of a data map.
#[derive(Deserialize)]
#[serde(transparent)]
pub(super) struct PurposeWord(pub(super) String);

impl PartialSchema for PurposeWord {
    fn schema() -> RefOr<Schema> {
        ObjectBuilder::new()
            .schema_type(Type::String)
            .pattern(Some(format!("^[a-z0-9_-]{{1,{PURPOSE_LENGTH}}}$")))
            .examples(["marketing"])
            .into()
    }
}

impl ToSchema for PurposeWord {}

/// Several lines. Longer by blanks alone is longer, too, as the description says.
pub(super) fn block(typed: &str, most: usize) -> Result<Option<TypedText>, TextError> {
    bounded(typed, most)?;
    if typed.contains('\r') {
        return Err(TextError::Control);
    }
    TypedText::block(typed, most)
}

/// One line.
pub(super) fn line(typed: &str, most: usize) -> Result<Option<TypedText>, TextError> {
    bounded(typed, most)?;
    if typed.contains(['\n', '\t', '\r']) {
        return Err(TextError::Control);
    }
    TypedText::line(typed, most)
}

fn bounded(typed: &str, most: usize) -> Result<(), TextError> {
    if typed.chars().count() > most { Err(TextError::TooLong(most)) } else { Ok(()) }
}

/// A stable word for what is wrong.
pub(super) const fn code(error: TextError) -> &'static str {
    match error {
        TextError::TooLong(_) => "too_long",
        TextError::Control => "control",
    }
}
