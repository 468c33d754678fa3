//! A program says that the company holds data of a child.

use std::collections::BTreeMap;

use axum::extract::State;
use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use utoipa::ToSchema;

use super::ask::Wrong;
use super::body::Json;
use super::decide::refused;
use super::guard::Caller;
use super::model::RequestView;
use super::problem::Problem;
use super::requests::not_found;
use super::typed::Words;
use super::words::LanguageWord;
use super::{Api, json};
use crate::domain::address::EmailAddress;
use crate::domain::intake::Contact;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::ids::Reference;
use crate::service::child::{ChildFound, FoundAt};
use crate::service::read::asked::RequestName;

/// Data of a child: at a request, or found by an address or other keys.
#[derive(Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ChildData {
    /// The reference of the request at which they were found; then neither email nor identifiers
    #[schema(examples("R-7F3K9Q2M"), pattern = "^R-[2-9A-HJKMNP-TV-Z]{8}$")]
    request: Option<String>,
    /// An address by which the stores know the child; nothing is mailed there
    #[schema(format = "email", examples("child@example.org"))]
    email: Option<String>,
    /// Keys by which stores know the child, by kind as data maps name them
    identifiers: Option<BTreeMap<String, String>>,
    /// The language of pages; the organisation's first unless said
    locale: Option<LanguageWord>,
    /// How it is known, and why the company must not hold them; for colleagues
    reason: Words,
}

impl ChildData {
    fn found_at(self, api: &Api) -> Result<FoundAt, Problem> {
        let mut wrong = Wrong::default();
        let mut identifiers = wrong.identifiers(self.identifiers.unwrap_or_default());
        match self.email.as_deref().map(EmailAddress::parse) {
            Some(Ok(email)) => {
                identifiers.extend(SubjectKey::new(KeyKind::email(), email.as_str()));
            }
            Some(Err(_)) => {
                wrong.add::<()>("email", "form", "is no e-mail address");
            }
            None => {}
        }
        let known = self.request.as_deref().map(|typed| {
            let read = Reference::parse(typed).filter(|read| read.as_str() == typed);
            read.or_else(|| wrong.add("request", "form", "is no reference such as R-7F3K9Q2M"))
        });
        if known.is_some() && !identifiers.is_empty() {
            wrong.add::<()>("request", "not_needed", "name a request, or keys, and not both");
        }
        wrong.end()?;
        if let Some(at) = known.flatten() {
            return Ok(FoundAt::Request(at));
        }
        let offered = &api.desk().settings().organisation;
        let language = self.locale.map_or_else(|| offered.default_language(), |word| word.0);
        Ok(FoundAt::Elsewhere { contact: Contact { identifiers, ..Contact::default() }, language })
    }
}

/// Say that the company holds data of a child
///
/// Opens an urgent deletion of everything that is held of the child and that the company must not hold
/// (16 CFR 312; GDPR Art. 8, 17(1)(f)), beside the request at which it was found, or for an address or
/// other keys. Nobody has to confirm it, and no cooling-off runs; people approve its plan in the console
/// like that of any deletion.
#[utoipa::path(
    post, path = "/child-data", tag = "decisions", request_body = ChildData,
    responses(
        (status = 201, description = "The deletion that is open now", body = RequestView,
            headers(("Location" = String, description = "Where the request is"))),
        (status = 409, description = "One is open already, or it is not known whose request it is",
            body = Problem, content_type = "application/problem+json"),
    ),
)]
pub(super) async fn found(
    State(api): State<Api>,
    caller: Caller,
    body: Json<ChildData>,
) -> Result<Response, Problem> {
    let reason = body.value.reason.read("reason")?;
    let at = body.value.found_at(&api)?;
    let named = match &at {
        FoundAt::Request(at) => Some(RequestName::Reference(at.clone())),
        FoundAt::Elsewhere { .. } => None,
    };
    match (api.desk().child_data_found(caller.grant(), at, &reason).await?, named) {
        (ChildFound::Opened(reference), _) => {
            let name = RequestName::Reference(reference);
            let read = api.desk().asked(&name).await?.ok_or_else(not_found)?;
            let location = api.link(&format!("/requests/{}", read.request.id));
            let body = json(&RequestView::new(&read));
            let told = [(header::CONTENT_TYPE, "application/json")];
            let mut response = (StatusCode::CREATED, told, body).into_response();
            if let Ok(location) = HeaderValue::try_from(location) {
                response.headers_mut().insert(header::LOCATION, location);
            }
            Ok(response)
        }
        (ChildFound::Not(deed), Some(name)) => Err(refused(&api, &caller, &name, deed).await?),
        (ChildFound::NothingToSearchBy | ChildFound::Not(_), _) => {
            Err(Problem::field("identifiers", "missing", "or email is needed, to search by"))
        }
    }
}
