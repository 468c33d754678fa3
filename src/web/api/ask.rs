//! The body of a new request, and what it comes down to.

use std::collections::BTreeMap;

use serde::Deserialize;
use serde_json::json;
use utoipa::ToSchema;

use super::Api;
use super::guard::Caller;
use super::problem::{FieldProblem, Kind, Problem};
use super::typed::{Country, Line, Lines, block, code, line};
use super::words::{ActingWord, LanguageWord, OfWord, RegimeWord, RightWord};
use crate::domain::address::EmailAddress;
use crate::domain::category::CATEGORIES;
use crate::domain::intake::Contact;
use crate::domain::representative::Acting;
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
const KEYS: usize = 20;
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
    /// About what; a deletion has to say it, all others are about everything
    #[schema(value_type = Option<serde_json::Value>)]
    scope: Option<AskedScope>,
    /// What is to be confirmed; `my_data` unless said. Of a `confirmation`
    of: Option<OfWord>,
    /// The reference of the request that a `complaint`, an `appeal` or a `human_review` is about
    #[schema(examples("R-7F3K9Q2M"))]
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

/// Whether somebody asks for somebody else: yes or no, or in which quality.
#[derive(Debug, Clone, Copy, Deserialize, ToSchema)]
#[serde(untagged)]
pub(super) enum OnBehalf {
    /// Yes or no
    Flag(bool),
    /// In which quality
    Word(ActingWord),
}

impl OnBehalf {
    fn acting(self) -> Option<Acting> {
        match self {
            Self::Flag(flag) => flag.then_some(Acting::Other),
            Self::Word(word) => Some(word.0),
        }
    }
}

/// Which kinds and values there are of `identifiers`.
pub(super) fn identifiers(described: &serde_json::Value) -> serde_json::Value {
    json!({
        "type": ["object", "null"],
        "description": described["description"],
        "maxProperties": KEYS,
        "propertyNames": { "pattern": "^[A-Za-z0-9_-]{1,40}$" },
        "additionalProperties": {
            "type": "string",
            "pattern": r"^[^\u0000-\u001f\u007f-\u009f]{1,200}$",
        },
    })
}

/// What has to stand together in a [`NewRequest`]: an address for a code, or somebody vouched for.
pub(super) fn together() -> serde_json::Value {
    let asserted = |needed: &str, kind: serde_json::Value| {
        json!({
            "required": ["verification", needed],
            "properties": { "verification": { "const": "asserted" }, needed: kind },
        })
    };
    json!([
        {
            "required": ["email"],
            "properties": {
                "email": { "type": "string" },
                "verification": { "enum": ["mail", null] },
                "identifiers": { "maxProperties": 0 },
            },
        },
        asserted("email", json!({ "type": "string" })),
        asserted("identifiers", json!({ "type": "object", "minProperties": 1 })),
    ])
}

/// What `scope` may be for which right: a deletion has to name it, the others know one word.
pub(super) fn scopes(rights: &serde_json::Value) -> serde_json::Value {
    let part = r"[^/\u0000-\u001f\u007f-\u009f]*[^/\s\u0000-\u001f\u007f-\u009f][^/\u0000-\u001f\u007f-\u009f]*";
    let rest = r"[^\u0000-\u001f\u007f-\u009f]*[^\s\u0000-\u001f\u007f-\u009f][^\u0000-\u001f\u007f-\u009f]*";
    let list = |name: &str, most: usize, item: serde_json::Value| {
        json!({
            "type": "object",
            "required": [name],
            "additionalProperties": false,
            "properties": { name: { "type": "array", "minItems": 1, "maxItems": most, "items": item } },
        })
    };
    let item = json!({ "type": "string", "maxLength": scope::ITEM_LENGTH, "pattern": format!("^{part}/{part}/{rest}$") });
    let chosen = json!([
        { "const": "everything" },
        list("categories", scope::MAX_CATEGORIES, json!({ "enum": CATEGORIES })),
        list("items", scope::MAX_ITEMS, item),
    ]);
    let others: Vec<&serde_json::Value> =
        rights.as_array().into_iter().flatten().filter(|right| *right != "deletion").collect();
    json!([
        { "properties": { "right": { "enum": others }, "scope": { "enum": ["everything", null] } } },
        {
            "required": ["scope"],
            "properties": { "right": { "const": "deletion" }, "scope": { "anyOf": chosen } },
        },
    ])
}

impl NewRequest {
    /// What the desk is given, or each field that is wrong.
    pub(super) fn read(self, api: &Api, caller: &Caller) -> Result<NewAsk, Problem> {
        let mut wrong = Wrong::default();
        let verification = self.verification.unwrap_or_default();
        let asserted = verification == Verification::Asserted;
        let offered = &api.desk().settings().organisation;
        let mut email = match self.email.as_deref().map(EmailAddress::parse) {
            Some(Ok(email)) => Some(email),
            Some(Err(_)) => wrong.add("email", "form", "is no e-mail address"),
            None if asserted => None,
            None => wrong.add("email", "missing", "is needed, since a code is mailed there"),
        };
        if self.assertion.as_ref().is_some_and(|text| text.chars().count() > ASSERTION_LENGTH) {
            wrong.add::<()>("assertion", "too_long", "has 8,192 characters at most");
        }
        let mut identifiers = wrong.identifiers(self.identifiers.unwrap_or_default());
        if !identifiers.is_empty() && !asserted {
            let message = "are taken only from a program that vouches for the person";
            wrong.add::<()>("identifiers", "not_asserted", message);
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
            Reference::parse(&typed).or_else(none)
        });
        let acting = self.on_behalf.and_then(OnBehalf::acting);
        wrong.end()?;
        let proof = match verification {
            Verification::Mail => Proof::Mail,
            Verification::Asserted => {
                let compact = self.assertion.as_deref();
                asserted_by(api, caller, compact, self.right.0, &identifiers)?
            }
        };
        Ok(NewAsk {
            right: self.right.0,
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
struct Wrong(Vec<FieldProblem>);

impl Wrong {
    fn add<T>(&mut self, field: &str, code: &'static str, message: &str) -> Option<T> {
        self.0.push(FieldProblem { field: field.to_owned(), code, message: message.to_owned() });
        None
    }

    fn text(
        &mut self,
        field: &str,
        read: Result<Option<TypedText>, TextError>,
    ) -> Option<TypedText> {
        read.unwrap_or_else(|error| self.add(field, code(error), &error.to_string()))
    }

    fn identifiers(&mut self, given: BTreeMap<String, String>) -> Vec<SubjectKey> {
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

    fn end(self) -> Result<(), Problem> {
        if self.0.is_empty() { Ok(()) } else { Err(Problem::invalid(self.0)) }
    }
}
