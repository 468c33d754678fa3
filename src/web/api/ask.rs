//! The body of a new request, and what it comes down to.

mod behalf;
pub(in crate::web::api) mod described;

use std::collections::BTreeMap;

use serde::Deserialize;
use utoipa::ToSchema;

use self::behalf::OnBehalf;
use super::Api;
use super::guard::Caller;
use super::problem::{FieldProblem, Kind, Problem};
use super::typed::{Country, Line, Lines, PurposeWord, block, code, line};
use super::words::{LanguageWord, OfWord, RegimeWord, RightWord};
use crate::domain::address::EmailAddress;
use crate::domain::correction::{Asked, MOST_CHANGES};
use crate::domain::intake::Contact;
use crate::domain::request::{Channel, Scope};
use crate::domain::right::Right;
use crate::domain::scope::{self, ScopeFault};
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::domain::text::{TextError, TypedText};
use crate::domain::token::TokenScope;
use crate::ids::Reference;
use crate::keys::jws::AssertionKey;
use crate::service::ask::{NewAsk, Proof};
use crate::service::intake::{DETAILS_LENGTH, NAME_LENGTH};
use crate::service::lodge::Wishes;
use crate::web::view::COUNTRIES;

/// Characters of a signed assertion at most.
const ASSERTION_LENGTH: usize = 8_192;
/// Keys of one person at most.
pub(super) const KEYS: usize = 20;
/// Purposes of one request at most, as the description says.
const PURPOSES: usize = 40;
/// Characters of a key's kind, and of its value.
const KIND_LENGTH: usize = 40;
const KEY_LENGTH: usize = 200;

/// How it reached the company.
#[derive(Debug, Clone, Copy, Default, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum AskedThrough {
    /// A program.
    #[default]
    Api,
    /// A call.
    Phone,
    /// A letter.
    Letter,
    /// At the counter.
    InPerson,
    /// A mail to the company.
    Email,
}

/// How it is known who asks.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Deserialize, ToSchema)]
#[serde(rename_all = "snake_case")]
pub(super) enum Verification {
    /// By a code that is mailed.
    #[default]
    Mail,
    /// By the word of the program, in which they are signed in.
    Asserted,
}

/// About what: a deletion has to say it, the others are about everything.
#[derive(Debug, Clone, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum AskedScope {
    /// All there is.
    Everything,
    /// Some kinds of data, as keys of the fideslang taxonomy.
    Categories(Vec<String>),
    /// Single things, each as `store/collection/name`.
    Items(Vec<String>),
}

impl AskedScope {
    /// What it says about a request of this right.
    fn read(asked: Option<Self>, right: Right) -> Result<Scope, ScopeFault> {
        fn texts(all: &[String]) -> Vec<&str> {
            all.iter().map(String::as_str).collect()
        }
        match asked {
            None if right == Right::Deletion => Err(ScopeFault::Missing),
            None | Some(Self::Everything) => Ok(Scope::Everything),
            Some(_) if right != Right::Deletion => Err(ScopeFault::Form),
            Some(Self::Categories(all)) => scope::read(Some("categories"), &texts(&all), &[]),
            Some(Self::Items(all)) => scope::read(Some("items"), &[], &texts(&all)),
        }
    }
}

/// One thing to be put right.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct AskedChange {
    /// `name`, `email`, `phone`, `address`, `date_of_birth`, `other`, or words of the person's own
    field: Line,
    /// What it shall say
    value: Lines,
}

/// A request for a person.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct NewRequest {
    /// What is asked for
    right: RightWord,
    /// Where the person gets mail; needed unless the program vouches for them
    #[schema(format = "email", examples("ada@example.org"))]
    email: Option<String>,
    /// Further keys by which stores know the person, by kind as data maps name them; only where the
    /// program vouches for them
    identifiers: Option<BTreeMap<String, String>>,
    /// The person's name; one line
    name: Option<Line>,
    /// Two capitals (ISO 3166-1)
    country: Option<Country>,
    /// The law that it falls under, as far as the program knows: a claim, which adds a law and takes
    /// none away
    regime: Option<RegimeWord>,
    /// The language of mails and pages; the organisation's first unless said
    locale: Option<LanguageWord>,
    /// What the person wants us to know
    details: Option<Lines>,
    /// What a correction shall put right; needed for one, and for nothing else
    #[schema(max_items = 20)]
    changes: Option<Vec<AskedChange>>,
    /// About what; a deletion has to say it, all others are about everything
    #[schema(value_type = Option<serde_json::Value>)]
    scope: Option<AskedScope>,
    /// The uses of data that it is about, where its right is about any; all that may be stopped unless
    /// said, for an opt-out and a withdrawal of consent
    #[schema(max_items = 40)]
    purposes: Option<Vec<PurposeWord>>,
    /// What is to be confirmed; `my_data` unless said. Of a `confirmation`
    of: Option<OfWord>,
    /// The reference of the request that a `complaint`, an `appeal` or a `human_review` is about
    #[schema(examples("R-7F3K9Q2M"), pattern = "^R-[2-9A-HJKMNP-TV-Z]{8}$")]
    about: Option<String>,
    /// Whether somebody asks for somebody else, and in which quality
    on_behalf: Option<OnBehalf>,
    /// How it reached the company
    channel: Option<AskedThrough>,
    /// How it is known who asks
    verification: Option<Verification>,
    /// Where the program vouches and its token has a key: a JWS in compact form; its claims stand in
    /// docs/api.md
    #[schema(max_length = 8192)]
    assertion: Option<String>,
}

impl NewRequest {
    /// What the desk is given, or each field that is wrong.
    pub(super) fn read(self, api: &Api, caller: &Caller) -> Result<NewAsk, Problem> {
        let mut wrong = Wrong::default();
        let verification = self.verification.unwrap_or_default();
        let right = self.right.0;
        let purposes = wrong.purposes(api, right, self.purposes);
        // Whoever says no need not prove who they are, nor how they are called here.
        let at_once = right.starts_at_once(&purposes);
        let vouches = verification == Verification::Asserted;
        let asserted = vouches && !at_once;
        let keys_will_do = vouches || right.starts_at_once(&[]);
        let offered = &api.desk().settings().organisation;
        let mut email = match self.email.as_deref().map(EmailAddress::parse) {
            Some(Ok(email)) => Some(email),
            Some(Err(_)) => wrong.add("email", "form", "is no e-mail address"),
            None => None,
        };
        if self.assertion.as_ref().is_some_and(|text| text.chars().count() > ASSERTION_LENGTH) {
            wrong.add::<()>("assertion", "too_long", "has 8,192 characters at most");
        }
        let mut identifiers = wrong.identifiers(self.identifiers.unwrap_or_default());
        if !identifiers.is_empty() && !keys_will_do {
            let message = "are taken only from a program that vouches for the person";
            wrong.add::<()>("identifiers", "not_asserted", message);
        }
        let unreachable = email.is_none() && self.email.is_none();
        if unreachable && !asserted && (!keys_will_do || identifiers.is_empty()) {
            wrong.add::<()>("email", "missing", "is needed, since a code is mailed there");
        }
        if asserted {
            // A key like any other: nobody has proved to read mail there.
            let key = |email: EmailAddress| SubjectKey::new(KeyKind::email(), email.as_str());
            identifiers.extend(email.take().and_then(key));
            if identifiers.is_empty() && wrong.0.is_empty() {
                wrong.add::<()>("identifiers", "missing", "or email is needed, to search by");
            }
        }
        let scope = AskedScope::read(self.scope, self.right.0).unwrap_or_else(|fault| {
            let code = if fault == ScopeFault::Missing { "missing" } else { "form" };
            wrong.add::<()>("scope", code, &fault.to_string());
            Scope::Everything
        });
        let name = wrong.text("name", line(&self.name.unwrap_or_default().0, NAME_LENGTH));
        let details =
            wrong.text("details", block(&self.details.unwrap_or_default().0, DETAILS_LENGTH));
        let changes = wrong.changes(self.right.0, self.changes.unwrap_or_default());
        let country = self.country.and_then(|Country(typed)| {
            let known = COUNTRIES.iter().find(|code| **code == typed);
            let none = || wrong.add("country", "form", "is no code of ISO 3166-1");
            known.map(|code| (*code).to_owned()).or_else(none)
        });
        let language = self.locale.map_or_else(|| offered.default_language(), |word| word.0);
        if !offered.languages.contains(&language) {
            wrong.add::<()>("locale", "not_offered", "is not among [organisation] languages");
        }
        let about = self.about.and_then(|typed| {
            let none = || wrong.add("about", "form", "is no reference such as R-7F3K9Q2M");
            Reference::parse(&typed).filter(|read| read.as_str() == typed).or_else(none)
        });
        let acting = self.on_behalf.and_then(OnBehalf::acting);
        wrong.end()?;
        let proof = match verification {
            Verification::Asserted if asserted => {
                let compact = self.assertion.as_deref();
                asserted_by(api, caller, compact, right, &identifiers)?
            }
            _ => Proof::Mail,
        };
        Ok(NewAsk {
            right,
            scope,
            contact: Contact { email, identifiers, name, details, ..Contact::default() },
            country,
            regime: self.regime.map(|word| word.0),
            on_behalf: acting.is_some(),
            wishes: Wishes { of: self.of.map(|word| word.0).unwrap_or_default(), about, acting },
            language,
            channel: match self.channel.unwrap_or_default() {
                AskedThrough::Api => Channel::Api,
                AskedThrough::Phone => Channel::Phone,
                AskedThrough::Letter => Channel::Letter,
                AskedThrough::InPerson => Channel::InPerson,
                AskedThrough::Email => Channel::Email,
            },
            proof,
            changes,
            purposes,
        })
    }
}

/// Whether the program may vouch, and has signed where its token has a key.
fn asserted_by(
    api: &Api,
    caller: &Caller,
    compact: Option<&str>,
    right: Right,
    subject: &[SubjectKey],
) -> Result<Proof, Problem> {
    if !caller.grant().allows(TokenScope::Assert) {
        return Err(Problem::new(Kind::Scope, "make a token with --scope requests:assert"));
    }
    let field = |code, message: &str| Err(Problem::field("assertion", code, message));
    let key = caller.assertion_key.as_deref();
    match (key, compact) {
        (None, None) => Ok(Proof::Asserted(None)),
        (None, Some(_)) => {
            Err(Problem::new(Kind::Scope, "make a token with the key: --assertion-key"))
        }
        (Some(_), None) => field("missing", "is needed, since this token has a key"),
        (Some(key), Some(compact)) => {
            let Some(key) = AssertionKey::parse(key) else {
                return Err(Problem::new(Kind::Failed, "the registered key cannot be read"));
            };
            match api.desk().read_assertion(&key, compact, right, subject) {
                Ok(assertion) => Ok(Proof::Asserted(Some(assertion))),
                Err(fault) => field("not_believed", &fault.to_string()),
            }
        }
    }
}

/// Fields that are wrong, in order.
#[derive(Debug, Default)]
pub(super) struct Wrong(Vec<FieldProblem>);

impl Wrong {
    pub(super) fn add<T>(&mut self, field: &str, code: &'static str, message: &str) -> Option<T> {
        self.0.push(FieldProblem { field: field.to_owned(), code, message: message.to_owned() });
        None
    }

    /// The purposes of a right, those that are meant where none is named.
    fn purposes(
        &mut self,
        api: &Api,
        right: Right,
        given: Option<Vec<PurposeWord>>,
    ) -> Vec<String> {
        let given = given.unwrap_or_default();
        if !right.has_purposes() {
            if !given.is_empty() {
                self.add::<()>("purposes", "not_needed", "this right is about no purpose");
            }
            return Vec::new();
        }
        if given.len() > PURPOSES {
            self.add::<()>("purposes", "too_many", "at most 40");
        }
        let known = api.desk().purposes();
        let mut purposes: Vec<String> = Vec::new();
        for PurposeWord(word) in given {
            match known.known(&word) {
                None => {
                    self.add::<()>("purposes", "unknown", "each is one of ours or of a data map");
                }
                Some(_) if purposes.contains(&word) => {}
                Some(_) => purposes.push(word),
            }
        }
        if !right.is_said(&purposes) {
            self.add::<()>("purposes", "missing", "name what it is about");
        }
        if purposes.is_empty() {
            purposes = right.meant().iter().map(|word| (*word).to_owned()).collect();
        }
        purposes
    }

    fn text(
        &mut self,
        field: &str,
        read: Result<Option<TypedText>, TextError>,
    ) -> Option<TypedText> {
        read.unwrap_or_else(|error| self.add(field, code(error), &error.to_string()))
    }

    fn changes(&mut self, right: Right, given: Vec<AskedChange>) -> Vec<Asked> {
        let wanted = right == Right::Correction;
        if wanted == given.is_empty() {
            let message = "are needed for a correction, and for nothing else";
            self.add::<()>("changes", if wanted { "missing" } else { "form" }, message);
        }
        if given.len() > MOST_CHANGES {
            self.add::<()>("changes", "too_many", "at most 20");
        }
        let mut all = Vec::new();
        for change in given {
            if change.field.0.trim().is_empty() {
                self.add::<()>("changes", "missing", "each needs a field");
                continue;
            }
            match Asked::read(&change.field.0, &change.value.0) {
                Ok(Some(asked)) => all.push(asked),
                Ok(None) => {
                    self.add::<()>("changes", "missing", "each needs a value");
                }
                Err(error) => {
                    self.add::<()>("changes", code(error), &error.to_string());
                }
            }
        }
        all
    }

    pub(super) fn identifiers(&mut self, given: BTreeMap<String, String>) -> Vec<SubjectKey> {
        if given.len() > KEYS {
            self.add::<()>("identifiers", "too_many", "at most 20");
        }
        let mut keys = Vec::new();
        for (kind, value) in given {
            let is_kind = (1..=KIND_LENGTH).contains(&kind.len())
                && kind.bytes().all(|byte| byte.is_ascii_alphanumeric() || b"_-".contains(&byte));
            let is_value = (1..=KEY_LENGTH).contains(&value.chars().count())
                && !value.chars().any(char::is_control);
            match SubjectKey::new(KeyKind::new(kind), value) {
                Some(key) if is_kind && is_value => keys.push(key),
                _ => {
                    let message = "kinds are words of a data map, values have 1 to 200 characters";
                    self.add::<()>("identifiers", "form", message);
                }
            }
        }
        keys
    }

    pub(super) fn end(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::invalid(self.0)) }
    }
}
