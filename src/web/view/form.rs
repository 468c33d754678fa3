//! `GET /?right=…`, and `POST /requests` when something was wrong with it.

use askama::Template;

use super::country::{Country, countries};
use super::{Frame, Retention, RightText, TypedScope};
use crate::domain::particulars::Of;
use crate::domain::representative::Acting;
use crate::domain::right::Right;

/// The form for one right, with the others to be ticked beside it. Everything typed comes back as
/// it was typed.
#[derive(Debug, Template)]
#[template(path = "public/form.html")]
pub struct FormPage {
    /// What stands around it.
    pub frame: Frame,
    /// The right that the page is about.
    pub right: Right,
    /// Others that were ticked too.
    pub also: Vec<Right>,
    /// What is to be deleted, where that is asked for.
    pub scope: TypedScope,
    /// Field `email`, as typed.
    pub email: String,
    /// Field `name`, as typed.
    pub name: String,
    /// Field `country`: a code of [`super::COUNTRIES`] or empty.
    pub country: String,
    /// Field `details`, as typed.
    pub details: String,
    /// Field `on_behalf`.
    pub acting: Option<Acting>,
    /// Field `of`, of a confirmation.
    pub of: Of,
    /// Field `about`, as typed.
    pub about: String,
    /// What is to be put right, in the order of the fields.
    pub errors: Vec<FieldError>,
    /// For the privacy notice.
    pub retention: Retention,
}

/// A field that can be wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Field {
    /// `scope`
    Scope,
    /// `email`
    Email,
    /// `name`
    Name,
    /// `country`
    Country,
    /// `details`
    Details,
    /// `about`
    About,
    /// Not one field but the form, for example a field sent twice.
    Form,
}

impl Field {
    /// Its name in the form and its id on the page; `None` for the form itself.
    pub const fn id(self) -> Option<&'static str> {
        match self {
            Self::Scope => Some("scope"),
            Self::Email => Some("email"),
            Self::Name => Some("name"),
            Self::Country => Some("country"),
            Self::Details => Some("details"),
            Self::About => Some("about"),
            Self::Form => None,
        }
    }
}

/// What is wrong with a field and how to put it right.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct FieldError {
    /// The field.
    pub field: Field,
    /// In words, in the page's language.
    pub message: String,
}

impl FieldError {
    /// Nothing was chosen to be deleted.
    pub fn scope_missing(frame: &Frame) -> Self {
        Self { field: Field::Scope, message: frame.t("web-error-scope-missing") }
    }

    /// What was chosen says nothing.
    pub fn scope_form(frame: &Frame) -> Self {
        Self { field: Field::Scope, message: frame.t("web-error-scope") }
    }

    /// No address was typed.
    pub fn email_missing(frame: &Frame) -> Self {
        Self { field: Field::Email, message: frame.t("web-error-email-missing") }
    }

    /// What was typed is no address.
    pub fn email_form(frame: &Frame) -> Self {
        Self { field: Field::Email, message: frame.t("web-error-email-form") }
    }

    /// Longer than `most` characters.
    pub fn too_long(frame: &Frame, field: Field, most: usize) -> Self {
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        let most = frame.speaker.count(most);
        Self { field, message: frame.t1("web-error-too-long", "most", most) }
    }

    /// Characters that cannot be shown.
    pub fn control(frame: &Frame, field: Field) -> Self {
        Self { field, message: frame.t("web-error-control") }
    }

    /// No country of the list.
    pub fn country(frame: &Frame) -> Self {
        Self { field: Field::Country, message: frame.t("web-error-country") }
    }

    /// What was typed is no reference.
    pub fn about(frame: &Frame) -> Self {
        Self { field: Field::About, message: frame.t("web-error-about") }
    }

    /// The form does not say what our page would send: a right we do not know, a field twice.
    pub fn form(frame: &Frame) -> Self {
        Self { field: Field::Form, message: frame.t("web-error-form") }
    }
}

impl FormPage {
    /// An empty form for `right`.
    pub fn new(frame: Frame, right: Right, retention: Retention) -> Self {
        Self {
            frame,
            right,
            also: Vec::new(),
            scope: TypedScope { asked: right == Right::Deletion, ..TypedScope::default() },
            email: String::new(),
            name: String::new(),
            country: String::new(),
            details: String::new(),
            acting: None,
            of: Of::MyData,
            about: String::new(),
            errors: Vec::new(),
            retention,
        }
    }

    fn chosen(&self) -> RightText {
        RightText::of(&self.frame, self.right)
    }

    /// The other rights, and whether each is ticked.
    fn others(&self) -> Vec<(RightText, bool)> {
        // What is answered in words has a form of its own.
        let alone = self.is_in_words();
        let others = Right::ALL
            .iter()
            .filter(move |right| **right != self.right && !alone && !right.is_answered_in_words());
        others
            .map(|right| (RightText::of(&self.frame, *right), self.also.contains(right)))
            .collect()
    }

    /// Whether staff answers in words, so that the form asks for words.
    fn is_in_words(&self) -> bool {
        self.right.is_answered_in_words()
    }

    fn is_confirmation(&self) -> bool {
        self.right == Right::Confirmation
    }

    fn needs_code(&self) -> bool {
        !self.right.is_lodged()
    }

    /// The ways to ask for somebody else: word, words, whether it is chosen.
    fn actings(&self) -> Vec<(&'static str, String, bool)> {
        let one = |acting: &Acting| {
            let words = self.frame.t(&format!("web-acting-{acting}"));
            (acting.as_str(), words, self.acting == Some(*acting))
        };
        Acting::ALL.iter().map(one).collect()
    }

    /// What can be confirmed.
    fn kinds(&self) -> Vec<(&'static str, String, bool)> {
        let one = |of: &Of| {
            let words = self.frame.t(&format!("web-of-{of}"));
            (of.as_str(), words, self.of == *of)
        };
        Of::ALL.iter().map(one).collect()
    }

    fn countries(&self) -> &'static [Country] {
        countries(self.frame.speaker.language())
    }

    fn error(&self, id: &str) -> Option<&str> {
        let error = self.errors.iter().find(|error| error.field.id() == Some(id))?;
        Some(&error.message)
    }

    fn closed(&self) -> String {
        self.retention.closed.say(&self.frame.speaker)
    }

    fn register(&self) -> String {
        self.retention.register.say(&self.frame.speaker)
    }
}

#[cfg(test)]
impl FormPage {
    pub(super) fn samples(frame: &Frame) -> Vec<(&'static str, Self)> {
        let empty = Self::new(frame.clone(), Right::Access, Retention::sample());
        let wrong = Self {
            also: vec![Right::Access],
            email: "\"><script>alert(1)</script>".to_owned(),
            name: "עדה <b>\"לאבלייס\"</b> & 'Söhne'".to_owned(),
            country: "AT".to_owned(),
            details: "</textarea><script>alert(2)</script>\nsecond line".to_owned(),
            acting: Some(Acting::Parent),
            errors: vec![
                FieldError::form(frame),
                FieldError::email_form(frame),
                FieldError::control(frame, Field::Name),
                FieldError::country(frame),
                FieldError::too_long(frame, Field::Details, 2000),
            ],
            ..Self::new(frame.clone(), Right::Export, Retention::sample())
        };
        let missing = Self {
            errors: vec![FieldError::email_missing(frame)],
            ..Self::new(frame.clone(), Right::Access, Retention::sample())
        };
        let words = Self {
            about: "R-0".to_owned(),
            errors: vec![FieldError::about(frame)],
            ..Self::new(frame.clone(), Right::Complaint, Retention::sample())
        };
        let confirm = Self::new(frame.clone(), Right::Confirmation, Retention::sample());
        let delete = Self {
            scope: TypedScope {
                asked: true,
                word: "categories".to_owned(),
                items: vec!["images/uploads/<b>.png".to_owned()],
                ..TypedScope::default()
            },
            errors: vec![FieldError::scope_form(frame)],
            ..Self::new(frame.clone(), Right::Deletion, Retention::sample())
        };
        let unchosen = Self {
            errors: vec![FieldError::scope_missing(frame)],
            ..Self::new(frame.clone(), Right::Deletion, Retention::sample())
        };
        vec![
            ("form-words", words),
            ("form-confirmation", confirm),
            ("form", empty),
            ("form-wrong", wrong),
            ("form-missing", missing),
            ("form-delete", delete),
            ("form-unchosen", unchosen),
        ]
    }
}
