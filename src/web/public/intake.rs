//! The form: which right, shown, and sent.

use axum::http::StatusCode;
use axum::response::Response;
use validator::{Validate, ValidationError, ValidationErrors};

use super::frame::{Tongue, Visit};
use super::trouble::{Trouble, html};
use crate::domain::address::{AddressError, EmailAddress};
use crate::domain::correction::{Asked, MOST_CHANGES, VALUE_LENGTH};
use crate::domain::flag::Purposes;
use crate::domain::intake::Contact;
use crate::domain::language::Language;
use crate::domain::particulars::Of;
use crate::domain::representative::Acting;
use crate::domain::right::Right;
use crate::domain::scope::ScopeFault;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::domain::text::{TextError, TypedText};
use crate::ids::Reference;
use crate::ids::Token;
use crate::service::flag::signal::browser_key;
use crate::service::intake::{DETAILS_LENGTH, NAME_LENGTH, NewIntake};
use crate::service::lodge::Wishes;
use crate::web::edge::form::FormFields;
use crate::web::view::{
    COUNTRIES, ChoosePage, Field, FieldError, FormPage, Frame, TypedChange, TypedScope,
};

/// Fields that may stand more than once.
const REPEATABLE: [&str; 6] = ["right", "field", "value", "category", "item", "purpose"];

/// `GET /`
pub(super) async fn start(visit: Visit) -> Response {
    let right = visit.parameter("right").and_then(|word| Right::parse(&word));
    match right {
        Some(right) => {
            let frame = visit.frame(form_address(right));
            let about = visit.parameter("about").and_then(|typed| Reference::parse(&typed));
            let mut page = FormPage {
                about: about.map(|reference| reference.to_string()).unwrap_or_default(),
                ..blank(&visit, frame, right)
            };
            page.scope.items = visit.parameters("item");
            html(StatusCode::OK, &page)
        }
        None => {
            html(StatusCode::OK, &ChoosePage::new(visit.frame("/"), visit.site.promise_hours()))
        }
    }
}

/// `POST /requests`
pub(super) async fn submit(mut visit: Visit, fields: FormFields) -> Result<Response, Trouble> {
    let form = TypedForm::read(&fields, &visit.site.desk().purposes());
    visit.tongue = spoken(&visit, &fields);
    let (valid, language) = (form.check(), visit.tongue.language);
    let browser = form.browser(&visit);
    if let (Ok(()), Some(new)) = (&valid, form.accepted(language, browser.as_ref())) {
        let desk = visit.site.desk();
        let mut keys: Vec<SubjectKey> =
            browser.as_ref().and_then(browser_key).into_iter().collect();
        let email = new.contact.email.as_ref();
        keys.extend(email.and_then(|to| SubjectKey::new(KeyKind::email(), to.as_str())));
        let reference = desk.open_intake(new).await?;
        if visit.signals() {
            desk.honour_signal(&keys).await?;
        }
        let path = format!("/requests/{reference}/sent");
        return Ok(match browser {
            Some(browser) => visit.go_opted_out(&path, &browser),
            None => visit.go(&path),
        });
    }
    let right = form.rights.first().copied().unwrap_or(Right::Access);
    let frame = visit.frame(form_address(right));
    let page = FormPage {
        also: form.rights.iter().copied().skip(1).collect(),
        errors: errors(&frame, &valid.err().unwrap_or_default()),
        country: form.code().unwrap_or_default().to_owned(),
        scope: form.scope,
        email: form.email,
        name: form.name,
        details: form.details,
        acting: form.acting,
        of: form.of,
        about: form.about,
        changes: form.changes.typed,
        chosen: form.purposes,
        ..blank(&visit, frame, right)
    };
    Ok(html(StatusCode::UNPROCESSABLE_ENTITY, &page))
}

/// An empty form, with the purposes that there are to choose from.
fn blank(visit: &Visit, frame: Frame, right: Right) -> FormPage {
    FormPage {
        purposes: visit.site.desk().offered(right),
        signals: visit.signals(),
        ..FormPage::new(frame, right, visit.site.0.retention)
    }
}

fn form_address(right: Right) -> String {
    format!("/?right={right}")
}

/// The language of the form. One that the browser would not have chosen was chosen by hand.
fn spoken(visit: &Visit, fields: &FormFields) -> Tongue {
    let offered = &visit.site.desk().settings().organisation.languages;
    let typed = fields.many("lang").next().and_then(Language::parse);
    match typed.filter(|language| offered.contains(language)) {
        Some(language) if language != visit.tongue.language => Tongue { language, chosen: true },
        _ => visit.tongue,
    }
}

/// The form as it was typed.
#[derive(Validate)]
struct TypedForm {
    /// Fields that our page would not send like this: repeated, or with a word we do not know.
    #[validate(length(max = 0, code = "form"))]
    strange: Vec<String>,
    /// The known rights, each once.
    #[validate(length(min = 1, code = "form"))]
    rights: Vec<Right>,
    #[validate(custom(function = "is_scope"))]
    scope: TypedScope,
    #[validate(custom(function = "is_address"))]
    email: String,
    #[validate(custom(function = "is_name"))]
    name: String,
    #[validate(custom(function = "is_country"))]
    country: String,
    #[validate(custom(function = "is_details"))]
    details: String,
    #[validate(custom(function = "are_changes"))]
    changes: Changes,
    /// The purposes that were ticked, each once.
    purposes: Vec<String>,
    acting: Option<Acting>,
    of: Of,
    #[validate(custom(function = "is_about"))]
    about: String,
}

/// What is to be put right, as it was typed, and whether a correction is asked for.
#[derive(serde::Serialize)]
struct Changes {
    typed: Vec<TypedChange>,
    wanted: bool,
}

impl Changes {
    fn read(fields: &FormFields, wanted: bool) -> Self {
        let pairs = fields.many("field").zip(fields.many("value"));
        let typed = pairs
            .map(|(field, value)| TypedChange { field: field.to_owned(), value: value.to_owned() });
        let said = |one: &TypedChange| !one.value.trim().is_empty();
        Self { typed: typed.filter(said).collect(), wanted }
    }

    fn accepted(&self) -> Result<Vec<Asked>, TextError> {
        let read = self.typed.iter().map(|one| Asked::read(&one.field, &one.value));
        let read: Vec<Option<Asked>> = read.collect::<Result<_, _>>()?;
        Ok(read.into_iter().flatten().collect())
    }
}

impl TypedForm {
    fn read(fields: &FormFields, known: &Purposes) -> Self {
        let first = |name| fields.many(name).next().unwrap_or_default().to_owned();
        let mut rights: Vec<Right> = Vec::new();
        let mut strange = fields.repeated();
        strange.retain(|name| !REPEATABLE.contains(name));
        for word in fields.many("right") {
            match Right::parse(word) {
                Some(right) if !rights.contains(&right) => rights.push(right),
                Some(_) => {}
                None => strange.push("right"),
            }
        }
        if fields.many("field").count() != fields.many("value").count() {
            strange.push("field");
        }
        let changes = Changes::read(fields, rights.contains(&Right::Correction));
        let mut purposes: Vec<String> = Vec::new();
        if rights.iter().any(|right| right.has_purposes()) {
            for word in fields.many("purpose") {
                match known.known(word) {
                    Some(_) if purposes.iter().any(|have| have == word) => {}
                    Some(purpose) => purposes.push(purpose.as_str().to_owned()),
                    None => strange.push("purpose"),
                }
            }
        }
        let deletes = rights.contains(&Right::Deletion);
        let scope = TypedScope::read(fields, deletes);
        // The other rights are about all there is; what asks for less asks for something else.
        if !deletes && fields.many("scope").any(|scope| scope != "everything") {
            strange.push("scope");
        }
        let in_words = rights.iter().any(|right| right.is_answered_in_words());
        let of = fields.many("of").next().filter(|word| !word.is_empty());
        let of = of.map_or(Some(Of::default()), Of::parse).unwrap_or_else(|| {
            strange.push("of");
            Of::default()
        });
        let acting = Acting::read(&first("on_behalf")).unwrap_or_else(|_| {
            strange.push("on_behalf");
            None
        });
        Self {
            strange: strange.into_iter().map(ToOwned::to_owned).collect(),
            rights,
            scope,
            email: first("email"),
            name: first("name"),
            country: first("country"),
            details: first("details"),
            changes,
            purposes,
            acting,
            of,
            about: if in_words { first("about") } else { String::new() },
        }
    }

    /// The country's code; `None` where none is named, or none that there is.
    fn code(&self) -> Option<&'static str> {
        let typed = self.country.trim();
        COUNTRIES.iter().copied().find(|code| code.eq_ignore_ascii_case(typed))
    }

    /// Whether nobody has to be reached, and nobody says how.
    fn is_without_address(&self) -> bool {
        !self.rights.is_empty()
            && self.rights.iter().all(|right| right.needs_no_address())
            && self.email.trim().is_empty()
    }

    /// As [`Validate::validate`], with what depends on more than one field.
    fn check(&self) -> Result<(), ValidationErrors> {
        let mut errors = self.validate().err().unwrap_or_default();
        if self.is_without_address() {
            errors.errors_mut().remove("email");
        }
        if !self.rights.iter().all(|right| right.is_said(&self.purposes)) {
            errors.add("purposes", ValidationError::new(MISSING));
        }
        if errors.is_empty() { Ok(()) } else { Err(errors) }
    }

    /// The name of the browser, where it is needed: for an opt-out without an address, for a signal,
    /// and to undo what was said under it before.
    fn browser(&self, visit: &Visit) -> Option<Token> {
        let flags = self.rights.iter().any(|right| right.sets_flags());
        let known = visit.opted_out();
        if self.is_without_address() || visit.signals() {
            return known.or_else(|| Some(visit.site.desk().new_browser()));
        }
        known.filter(|_| flags)
    }

    /// What the desk is given; `None` for a form that is not valid.
    fn accepted(&self, language: Language, browser: Option<&Token>) -> Option<NewIntake> {
        let email = if self.is_without_address() {
            None
        } else {
            Some(EmailAddress::parse(&self.email).ok()?)
        };
        // A browser is no key to search by.
        let flags = self.rights.iter().all(|right| right.sets_flags());
        let browser = browser.filter(|_| flags).and_then(browser_key);
        Some(NewIntake {
            rights: self.rights.clone(),
            scope: self.scope.scope().ok()?,
            contact: Contact {
                email,
                identifiers: browser.into_iter().collect(),
                name: TypedText::line(&self.name, NAME_LENGTH).ok()?,
                details: TypedText::block(&self.details, DETAILS_LENGTH).ok()?,
                ..Contact::default()
            },
            country: self.code().map(ToOwned::to_owned),
            changes: self.changes.accepted().ok()?,
            purposes: self.purposes.clone(),
            on_behalf: self.acting.is_some(),
            wishes: Wishes {
                of: self.of,
                about: Reference::parse(&self.about),
                acting: self.acting,
            },
            language,
        })
    }
}

const MISSING: &str = "missing";
const TOO_LONG: &str = "too_long";
const CONTROL: &str = "control";
const FORM: &str = "form";
const MANY: &str = "many";

fn is_address(typed: &str) -> Result<(), ValidationError> {
    match EmailAddress::parse(typed) {
        Ok(_) => Ok(()),
        Err(AddressError::Empty) => Err(ValidationError::new(MISSING)),
        Err(AddressError::TooLong | AddressError::Form) => Err(ValidationError::new(FORM)),
    }
}

fn is_scope(typed: &TypedScope) -> Result<(), ValidationError> {
    match typed.scope() {
        Ok(_) => Ok(()),
        Err(ScopeFault::Missing) => Err(ValidationError::new(MISSING)),
        Err(_) => Err(ValidationError::new(FORM)),
    }
}

fn is_name(typed: &str) -> Result<(), ValidationError> {
    TypedText::line(typed, NAME_LENGTH).map(drop).map_err(text_error)
}

fn is_details(typed: &str) -> Result<(), ValidationError> {
    TypedText::block(typed, DETAILS_LENGTH).map(drop).map_err(text_error)
}

fn is_country(typed: &str) -> Result<(), ValidationError> {
    let typed = typed.trim();
    let known = COUNTRIES.iter().any(|code| code.eq_ignore_ascii_case(typed));
    if typed.is_empty() || known { Ok(()) } else { Err(ValidationError::new(FORM)) }
}

fn are_changes(changes: &Changes) -> Result<(), ValidationError> {
    match changes.accepted() {
        Err(error) => Err(text_error(error)),
        Ok(read) if read.len() > MOST_CHANGES => Err(ValidationError::new(MANY)),
        Ok(read) if changes.wanted && read.is_empty() => Err(ValidationError::new(MISSING)),
        Ok(_) => Ok(()),
    }
}

fn is_about(typed: &str) -> Result<(), ValidationError> {
    let known = typed.trim().is_empty() || Reference::parse(typed).is_some();
    if known { Ok(()) } else { Err(ValidationError::new(FORM)) }
}

fn text_error(error: TextError) -> ValidationError {
    ValidationError::new(match error {
        TextError::TooLong(_) => TOO_LONG,
        TextError::Control => CONTROL,
    })
}

/// What is wrong, in the page's language and in the order of its fields.
fn errors(frame: &Frame, found: &ValidationErrors) -> Vec<FieldError> {
    let found = found.field_errors();
    let code = |field: &str| found.get(field)?.first().map(|error| error.code.as_ref());
    let mut errors = Vec::new();
    if code("strange").or(code("rights")).is_some() {
        errors.push(FieldError::form(frame));
    }
    if code("purposes").is_some() {
        errors.push(FieldError::purpose(frame));
    }
    match code("scope") {
        Some(MISSING) => errors.push(FieldError::scope_missing(frame)),
        Some(_) => errors.push(FieldError::scope_form(frame)),
        None => {}
    }
    match code("email") {
        Some(MISSING) => errors.push(FieldError::email_missing(frame)),
        Some(_) => errors.push(FieldError::email_form(frame)),
        None => {}
    }
    let text = |field, most, code| match code {
        Some(TOO_LONG) => Some(FieldError::too_long(frame, field, most)),
        Some(_) => Some(FieldError::control(frame, field)),
        None => None,
    };
    match code("changes") {
        Some(MISSING) => errors.push(FieldError::changes_missing(frame)),
        Some(MANY) => errors.push(FieldError::changes_many(frame, MOST_CHANGES)),
        code => errors.extend(text(Field::Changes, VALUE_LENGTH, code)),
    }
    errors.extend(text(Field::Name, NAME_LENGTH, code("name")));
    errors.extend(code("country").map(|_| FieldError::country(frame)));
    errors.extend(code("about").map(|_| FieldError::about(frame)));
    errors.extend(text(Field::Details, DETAILS_LENGTH, code("details")));
    errors
}
