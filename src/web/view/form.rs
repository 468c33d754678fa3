//! `GET /?right=…`, and `POST /requests` when something was wrong with it.

use askama::Template;

use super::changes::{ChangeRow, TypedChange, rows};
use super::country::{Country, countries};
use super::{Frame, Retention, RightText, TypedScope};
#[cfg(test)]
use crate::domain::flag::Purpose;
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
    /// Pairs `field` and `value`, as typed.
    pub changes: Vec<TypedChange>,
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
    /// The purposes to choose from, as words of this instance; none where there is nothing to choose.
    pub purposes: Vec<String>,
    /// Those that were ticked.
    pub chosen: Vec<String>,
    /// Whether the browser sends Global Privacy Control.
    pub signals: bool,
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
    /// The pairs `field` and `value`.
    Changes,
    /// `purpose`
    Purpose,
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
            Self::Changes => Some("changes"),
            Self::Purpose => Some("purposes"),
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

    /// A correction without anything to put right.
    pub fn changes_missing(frame: &Frame) -> Self {
        Self { field: Field::Changes, message: frame.t("web-error-changes-missing") }
    }

    /// More to put right than one request takes.
    pub fn changes_many(frame: &Frame, most: usize) -> Self {
        let most = u64::try_from(most).unwrap_or(u64::MAX);
        let message = frame.t1("web-error-changes-many", "most", frame.speaker.count(most));
        Self { field: Field::Changes, message }
    }

    /// No country of the list.
    pub fn country(frame: &Frame) -> Self {
        Self { field: Field::Country, message: frame.t("web-error-country") }
    }

    /// No purpose was ticked where one has to be.
    pub fn purpose(frame: &Frame) -> Self {
        Self { field: Field::Purpose, message: frame.t("flag-error-purpose") }
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
            changes: Vec::new(),
            acting: None,
            of: Of::MyData,
            about: String::new(),
            errors: Vec::new(),
            retention,
            purposes: Vec::new(),
            chosen: Vec::new(),
            signals: false,
        }
    }

    fn chosen(&self) -> RightText {
        RightText::of(&self.frame, self.right)
    }

    /// The other rights, and whether each is ticked.
    fn others(&self) -> Vec<(RightText, bool)> {
        // What is answered in words has a form of its own, and so have words about the use of data.
        let alone = self.is_in_words() || self.right.sets_flags();
        let beside = |right: Right| !right.is_answered_in_words() && !right.sets_flags();
        let others = Right::ALL
            .iter()
            .filter(move |right| **right != self.right && !alone && beside(**right));
        others
            .map(|right| (RightText::of(&self.frame, *right), self.also.contains(right)))
            .collect()
    }

    /// Whether the page asks what is to be put right.
    fn asks_changes(&self) -> bool {
        self.right == Right::Correction || self.also.contains(&Right::Correction)
    }

    fn change_rows(&self) -> Vec<ChangeRow> {
        rows(&self.frame, &self.changes)
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

    /// Each purpose: its word, what it is called, whether it is ticked.
    fn ticks(&self) -> Vec<(&str, String, bool)> {
        let tick = |word: &String| (self.frame.speaker.purpose(word), self.chosen.contains(word));
        self.purposes
            .iter()
            .map(|word| {
                let (label, ticked) = tick(word);
                (word.as_str(), label, ticked)
            })
            .collect()
    }

    /// What the purposes are asked for with.
    fn purposes_legend(&self) -> String {
        self.frame.t(match self.right {
            Right::ConsentWithdrawal => "flag-form-purposes-consent_withdrawal",
            Right::Objection => "flag-form-purposes-objection",
            Right::OptIn => "flag-form-purposes-opt_in",
            Right::Limit => "flag-form-purposes-limit",
            _ => "flag-form-purposes-opt_out",
        })
    }

    /// Whether nothing ticked means all.
    fn none_means_all(&self) -> bool {
        !self.right.meant().is_empty()
    }

    /// Whether it says yes or no and nothing else: no name, no country, no words.
    fn is_short(&self) -> bool {
        self.right.has_purposes() && self.right != Right::Objection
    }

    /// Whether it holds as soon as it is sent.
    fn holds_at_once(&self) -> bool {
        self.right.starts_at_once(&[])
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
        let optional = || Purpose::OPTIONAL.iter().map(|word| (*word).to_owned()).collect();
        let about = |right: Right| Self {
            purposes: optional(),
            ..Self::new(frame.clone(), right, Retention::sample())
        };
        let opt_out = Self { signals: true, ..about(Right::OptOut) };
        let unsaid = Self {
            errors: vec![FieldError::email_missing(frame), FieldError::purpose(frame)],
            chosen: vec!["training".to_owned()],
            ..about(Right::OptIn)
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
        let correction = Self::new(frame.clone(), Right::Correction, Retention::sample());
        let typed = |field: &str, value: &str| TypedChange {
            field: field.to_owned(),
            value: value.to_owned(),
        };
        let wrong_correction = Self {
            changes: vec![
                typed("name", "עדה <b>"),
                typed("my <nick>", "</textarea><script>alert(3)</script>"),
                typed("", "x"),
                typed("address", "a\nb"),
            ],
            errors: vec![
                FieldError::changes_missing(frame),
                FieldError::changes_many(frame, 20),
                FieldError::too_long(frame, Field::Changes, 1000),
            ],
            ..Self::new(frame.clone(), Right::Correction, Retention::sample())
        };
        vec![
            ("form-words", words),
            ("form-confirmation", confirm),
            ("form", empty),
            ("form-wrong", wrong),
            ("form-missing", missing),
            ("form-delete", delete),
            ("form-unchosen", unchosen),
            ("form-correction", correction),
            ("form-correction-wrong", wrong_correction),
            ("form-opt-out", opt_out),
            ("form-opt-in", about(Right::OptIn)),
            ("form-opt-in-wrong", unsaid),
            ("form-objection", about(Right::Objection)),
            ("form-restriction", Self::new(frame.clone(), Right::Restriction, Retention::sample())),
        ]
    }
}
