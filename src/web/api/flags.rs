//! What may be done with somebody's data: asked for one person, and for all as a file.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderValue, header};
use axum::response::Response;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use utoipa::ToSchema;

use super::ask::Wrong;
use super::body::Json;
use super::guard::Caller;
use super::problem::Problem;
use super::typed::PurposeWord;
use super::words::BecauseWord;
use super::{Api, ok};
use crate::domain::address::EmailAddress;
use crate::domain::flag::Purpose;
use crate::domain::subject::{KeyKind, SubjectKey};

/// What opens the filter, in the header of the answer that brings it and nowhere else.
pub(super) const FILTER_KEY: &str = "rightsdesk-filter-key";

/// Whom it is about, and what for.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Lookup {
    /// The person's address
    #[schema(format = "email", examples("ada@example.org"))]
    email: Option<String>,
    /// Further keys of the person, by kind as data maps name them
    identifiers: Option<BTreeMap<String, String>>,
    /// What the data are to be used for
    purpose: PurposeWord,
}

/// What may be done.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlagAnswer)]
pub(super) struct AnswerView {
    /// Whether the data may be used for the purpose.
    allowed: bool,
    /// Why.
    because: BecauseWord,
    /// From then on there is no answer, and without one nothing may be done.
    #[schema(value_type = String, format = DateTime)]
    until: Timestamp,
}

/// Ask whether data may be used
///
/// Ask before using somebody's data for a purpose. No answer, whatever the reason, and an answer whose
/// `until` is over mean no. The answer is the same whether or not we know the person, as long as they
/// never said anything.
#[utoipa::path(
    post, path = "/flags/lookup", tag = "flags", request_body = Lookup,
    responses((status = 200, description = "May it be done", body = AnswerView)),
)]
pub(super) async fn lookup(
    State(api): State<Api>,
    body: Json<Lookup>,
) -> Result<Response, Problem> {
    let Lookup { email, identifiers, purpose } = body.value;
    let keys = keys(email.as_deref(), identifiers)?;
    let answer = api.desk().look_up(&keys, &purpose.0).await?.ok_or_else(unknown)?;
    Ok(ok(&AnswerView {
        allowed: answer.allowed,
        because: BecauseWord(answer.because),
        until: answer.until,
    }))
}

/// A consent that the person gave in the company's own program.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Consent {
    /// The person's address
    #[schema(format = "email", examples("ada@example.org"))]
    email: Option<String>,
    /// Further keys of the person, by kind as data maps name them
    identifiers: Option<BTreeMap<String, String>>,
    /// What it was given for
    purpose: PurposeWord,
    /// When it was given; not in the future
    #[schema(value_type = String, format = DateTime)]
    given_at: Timestamp,
}

/// What was written down.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = ConsentRecorded)]
pub(super) struct ConsentView {
    /// Whether it changes the answer. It does not where it was recorded before, and where the person
    /// has said otherwise since it was given.
    changed: bool,
}

/// Record a consent
///
/// Models are trained only with data of people whose consent is recorded. What the person said later
/// outdoes a consent that was given earlier.
#[utoipa::path(
    post, path = "/flags/consents", tag = "flags", request_body = Consent,
    responses((status = 200, description = "Written down", body = ConsentView)),
)]
pub(super) async fn consent(
    State(api): State<Api>,
    caller: Caller,
    body: Json<Consent>,
) -> Result<Response, Problem> {
    let Consent { email, identifiers, purpose, given_at } = body.value;
    let keys = keys(email.as_deref(), identifiers)?;
    let purpose = api.desk().purposes().known(&purpose.0).ok_or_else(unknown)?;
    if purpose.as_str() == Purpose::STORAGE {
        return Err(Problem::field("purpose", "no_consent", "storage rests on no consent"));
    }
    if given_at > api.desk().now() {
        return Err(Problem::field("given_at", "future", "lies in the future"));
    }
    let changed = api.desk().record_consent(caller.grant(), &keys, &purpose, given_at).await?;
    Ok(ok(&ConsentView { changed }))
}

/// What everybody has said, to be asked while we cannot be reached.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = FlagFilter)]
pub(super) struct FilterView {
    /// The file. docs/flags.md says how it is read.
    filter: String,
    /// Its signature as minisign writes it, with the published key.
    signature: String,
    /// From then on it says nothing, and nothing may be done on its word.
    #[schema(value_type = String, format = DateTime)]
    valid_until: Timestamp,
}

/// Fetch the filter for offline use
///
/// A signed file of keyed hashes for each purpose. The header `Rightsdesk-Filter-Key` brings the key
/// that the hashes are made with; keep it apart from the file. An outdated filter means no.
#[utoipa::path(
    get, path = "/flags/filter", tag = "flags",
    responses((status = 200, description = "The filter", body = FilterView,
        headers(("Rightsdesk-Filter-Key" = String, description = "Base64 of 32 bytes")))),
)]
pub(super) async fn filter(State(api): State<Api>) -> Result<Response, Problem> {
    let made = api.desk().make_filter().await?;
    let signature = api.signing().sign(made.text.as_bytes(), "rightsdesk filter");
    let mut answer =
        ok(&FilterView { filter: made.text, signature, valid_until: made.valid_until });
    if let Ok(mut key) = HeaderValue::from_str(&made.key) {
        key.set_sensitive(true);
        answer.headers_mut().insert(FILTER_KEY, key);
    }
    answer.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    Ok(answer)
}

fn unknown() -> Problem {
    Problem::field("purpose", "unknown", "is no purpose of ours and none that a data map names")
}

/// Whom it is about, or each field that is wrong.
fn keys(
    email: Option<&str>,
    identifiers: Option<BTreeMap<String, String>>,
) -> Result<Vec<SubjectKey>, Problem> {
    let mut wrong = Wrong::default();
    let email = match email.map(EmailAddress::parse) {
        Some(Ok(email)) => SubjectKey::new(KeyKind::email(), email.as_str()),
        Some(Err(_)) => wrong.add("email", "form", "is no e-mail address"),
        None => None,
    };
    let mut keys = wrong.identifiers(identifiers.unwrap_or_default());
    keys.extend(email);
    wrong.end()?;
    if keys.is_empty() {
        return Err(Problem::field("email", "missing", "or identifiers are needed"));
    }
    Ok(keys)
}
