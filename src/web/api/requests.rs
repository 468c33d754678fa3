//! Requests: handed in, listed, looked at.

use std::borrow::Cow;

use axum::extract::rejection::PathRejection;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde::Deserialize;
use utoipa::{IntoParams, ToSchema};
use uuid::Uuid;

use super::ask::NewRequest;
use super::body::Json;
use super::guard::Caller;
use super::model::{EventsView, PageView, RequestView, TaskView, TasksView};
use super::problem::{Kind, Problem};
use super::words::{RightWord, StatusWord};
use super::{Api, json, ok};
use crate::domain::address::EmailAddress;
use crate::domain::right::Right;
use crate::domain::state::Status;
use crate::ids::{Reference, RequestId, StaffId};
use crate::service::ask::{Asked, Call};
use crate::service::read::asked::{AskedPage, AskedRead, LIST_MOST, ListFilter, RequestName};

/// Requests of a page unless another number is asked for.
const PAGE: u64 = 50;
/// Characters of an idempotency key.
const KEY_LENGTH: usize = 255;

/// Hand in a request
///
/// With `verification` absent or `mail` the person is mailed a code and nothing is looked for before
/// they type it. With `asserted` the program vouches for the person, which needs the scope
/// `requests:assert`; a notice with "this was not me" goes to the addresses that the stores know.
///
/// With `Idempotency-Key` the same body gets the same answer for seven days, and another body is 422.
#[utoipa::path(
    post, path = "/requests", tag = "requests", request_body = NewRequest,
    params(("Idempotency-Key" = Option<String>, Header, min_length = 1, max_length = 255,
        pattern = "^[!-~]+$", description = "Any text of the program's own; a UUID will do")),
    responses(
        (status = 201, description = "Taken", body = RequestView,
            headers(("Location" = String, description = "Where the request is"))),
        (status = 409, description = "Another call with this key is under way", body = Problem,
            content_type = "application/problem+json"),
        (status = 413, description = "More than 64 KiB", body = Problem,
            content_type = "application/problem+json"),
        (status = 415, description = "No JSON", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(super) async fn create(
    State(api): State<Api>,
    caller: Caller,
    headers: HeaderMap,
    body: Json<NewRequest>,
) -> Result<Response, Problem> {
    let key = idempotency_key(&headers)?;
    let call = key.map(|key| Call { key, body: &body.bytes });
    let new = body.value.read(&api, &caller)?;
    let asked =
        api.desk().ask(caller.grant(), new, call, |read| json(&RequestView::new(read))).await?;
    let answer = match asked {
        Asked::Done(answer) | Asked::Before(answer) => answer,
        Asked::KeyReused => {
            return Err(Problem::new(Kind::KeyReused, "use a new key for another body"));
        }
        Asked::UnderWay => {
            return Err(Problem::new(Kind::UnderWay, "wait for its answer, or try again").after(1));
        }
        Asked::AssertionUsed => {
            return Err(Problem::field("assertion", "used", "is good once; sign another"));
        }
        Asked::TooMany => {
            let most = caller.grant().requests_a_day;
            let detail =
                format!("{most} within 24 hours; make a token with a larger --requests-a-day");
            return Err(Problem::new(Kind::DailyCap, detail).after(3600));
        }
    };
    Ok(created(&api, answer))
}

/// 201 with what was answered the first time, too.
fn created(api: &Api, answer: String) -> Response {
    #[derive(Deserialize)]
    struct Named {
        id: Uuid,
    }
    let location = serde_json::from_str::<Named>(&answer)
        .ok()
        .and_then(|named| HeaderValue::try_from(api.link(&format!("/requests/{}", named.id))).ok());
    let json = [(header::CONTENT_TYPE, "application/json")];
    let mut response = (StatusCode::CREATED, json, answer).into_response();
    if let Some(location) = location {
        response.headers_mut().insert(header::LOCATION, location);
    }
    response
}

fn idempotency_key(headers: &HeaderMap) -> Result<Option<&str>, Problem> {
    const NAME: &str = "Idempotency-Key";
    let mut values = headers.get_all(NAME).iter();
    let (first, second) = (values.next(), values.next());
    let Some(value) = first else { return Ok(None) };
    let key = value.to_str().ok().filter(|key| {
        (1..=KEY_LENGTH).contains(&key.len()) && key.bytes().all(|byte| byte.is_ascii_graphic())
    });
    if let (Some(key), None) = (key, second) {
        return Ok(Some(key));
    }
    Err(Problem::field(NAME, "form", "is one header of 1 to 255 visible ASCII characters"))
}

/// What of all requests is wanted.
#[derive(Debug, Default, IntoParams)]
#[into_params(parameter_in = Query)]
#[expect(dead_code, reason = "it describes the query, which is read pair by pair")]
pub(super) struct ListQuery {
    /// In this status
    status: Option<StatusWord>,
    /// Of this right
    right: Option<RightWord>,
    /// Of this member of staff
    assignee: Option<Uuid>,
    /// Not answered, with a promise that ends before this
    #[param(value_type = Option<String>, format = DateTime)]
    due_before: Option<Timestamp>,
    /// A reference
    #[param(value_type = Option<String>, pattern = "^R-[2-9A-HJKMNP-TV-Z]{8}$")]
    q: Option<String>,
    /// As `next` of the page before
    cursor: Option<Uuid>,
    /// Requests of a page
    #[param(minimum = 1, maximum = 200, default = 50)]
    limit: Option<u64>,
}

/// What is asked of the list, read.
#[derive(Debug, Default)]
struct Wanted {
    filter: ListFilter,
    reference: Option<Reference>,
    after: Option<RequestId>,
    limit: Option<u64>,
}

impl Wanted {
    fn read(api: &Api, query: Option<&str>) -> Result<Self, Problem> {
        let mut wanted = Self::default();
        for (name, value) in pairs(query)? {
            let wrong = || Problem::field(&*name, "form", "is not as /docs says");
            match &*name {
                "status" => {
                    wanted.filter.status = Some(Status::parse(&value).ok_or_else(wrong)?);
                }
                "right" => wanted.filter.right = Some(Right::parse(&value).ok_or_else(wrong)?),
                "assignee" => {
                    let id = value.parse().map_err(|_| wrong())?;
                    wanted.filter.assignee = Some(StaffId(id));
                }
                "due_before" => {
                    let due = value.parse().map_err(|_| wrong())?;
                    wanted.filter.unanswered_since = Some(api.desk().promised_before(due));
                }
                "q" => wanted.reference = Some(Reference::parse(&value).ok_or_else(wrong)?),
                "cursor" => {
                    wanted.after = Some(RequestId(value.parse().map_err(|_| wrong())?));
                }
                "limit" => {
                    let limit: u64 = value.parse().map_err(|_| wrong())?;
                    wanted.limit = Some(limit);
                    if !(1..=LIST_MOST).contains(&limit) {
                        return Err(wrong());
                    }
                }
                _ => return Err(Problem::field(&*name, "unknown", "is no parameter of this call")),
            }
        }
        Ok(wanted)
    }

    fn has(&self, read: &AskedRead) -> bool {
        let (filter, request) = (&self.filter, &read.request);
        filter.status.is_none_or(|status| status == request.status)
            && filter.right.is_none_or(|right| right == request.right)
            && filter.assignee.is_none_or(|assignee| Some(assignee) == request.assignee)
            && filter
                .unanswered_since
                .is_none_or(|since| request.answered_at.is_none() && request.received_at() < since)
    }
}

/// A parameter of a query, name and value.
pub(super) type Pair<'q> = (Cow<'q, str>, Cow<'q, str>);

/// The parameters of a query, each once.
pub(super) fn pairs(query: Option<&str>) -> Result<Vec<Pair<'_>>, Problem> {
    let pairs: Vec<_> = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).collect();
    for (place, (name, _)) in pairs.iter().enumerate() {
        if pairs[..place].iter().any(|(before, _)| before == name) {
            return Err(Problem::field(&**name, "repeated", "may stand once only"));
        }
    }
    Ok(pairs)
}

/// List requests, the newest first
///
/// Of all channels, whoever handed them in. A page may be short, even empty, while `next` is there:
/// where several filters come together, only so many requests are looked at.
#[utoipa::path(
    get, path = "/requests", tag = "requests", params(ListQuery),
    responses((status = 200, description = "A page", body = PageView)),
)]
pub(super) async fn list(
    State(api): State<Api>,
    RawQuery(query): RawQuery,
) -> Result<Response, Problem> {
    let wanted = Wanted::read(&api, query.as_deref())?;
    let page = if let Some(reference) = &wanted.reference {
        let found = api.desk().asked(&RequestName::Reference(reference.clone())).await?;
        AskedPage { items: found.into_iter().filter(|read| wanted.has(read)).collect(), next: None }
    } else {
        let limit = wanted.limit.unwrap_or(PAGE);
        api.desk().asked_page(&wanted.filter, wanted.after, limit).await?
    };
    Ok(ok(&PageView {
        items: page.items.iter().map(RequestView::new).collect(),
        next: page.next.map(|id| id.to_string()),
    }))
}

/// Look at one request
#[utoipa::path(
    get, path = "/requests/{id}", tag = "requests",
    params(("id" = String, Path, description = "Id or reference")),
    responses((status = 200, description = "The request", body = RequestView)),
)]
pub(super) async fn show(State(api): State<Api>, Named(name): Named) -> Result<Response, Problem> {
    let read = api.desk().asked(&name).await?.ok_or_else(not_found)?;
    Ok(ok(&RequestView::new(&read)))
}

/// Whose requests are looked for.
#[derive(Debug, Deserialize, ToSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct Search {
    /// An address, exactly as it was given
    #[schema(format = "email", examples("ada@example.org"))]
    email: String,
}

/// Find the requests of an address
///
/// Those that this token handed in, or all where it was made with `--all-requests`; 200 at most.
#[utoipa::path(
    post, path = "/requests/search", tag = "requests", request_body = Search,
    responses((status = 200, description = "What was found, the newest first", body = PageView)),
)]
pub(super) async fn search(
    State(api): State<Api>,
    caller: Caller,
    body: Json<Search>,
) -> Result<Response, Problem> {
    let address = EmailAddress::parse(&body.value.email)
        .map_err(|_| Problem::field("email", "form", "is no e-mail address"))?;
    let found = api.desk().asked_by(caller.grant(), &address).await?;
    let items = found.iter().map(RequestView::new).collect();
    Ok(ok(&PageView { items, next: None }))
}

/// What happened to a request
#[utoipa::path(
    get, path = "/requests/{id}/events", tag = "requests",
    params(("id" = String, Path, description = "Id or reference")),
    responses((status = 200, description = "Oldest first", body = EventsView)),
)]
pub(super) async fn events(
    State(api): State<Api>,
    Named(name): Named,
) -> Result<Response, Problem> {
    let history = api.desk().asked_events(&name).await?.ok_or_else(not_found)?;
    Ok(ok(&EventsView::new(history)))
}

/// Each store's share of a request
#[utoipa::path(
    get, path = "/requests/{id}/tasks", tag = "requests",
    params(("id" = String, Path, description = "Id or reference")),
    responses((status = 200, description = "By store", body = TasksView)),
)]
pub(super) async fn tasks(State(api): State<Api>, Named(name): Named) -> Result<Response, Problem> {
    let tasks = api.desk().asked_tasks(&name).await?.ok_or_else(not_found)?;
    Ok(ok(&TasksView { items: tasks.into_iter().map(TaskView::new).collect() }))
}

/// There is no such request.
pub(super) fn not_found() -> Problem {
    Problem::new(Kind::NotFound, "there is no request of this id or reference")
}

/// The request that a path names.
pub(super) struct Named(pub(super) RequestName);

impl axum::extract::FromRequestParts<Api> for Named {
    type Rejection = Problem;

    async fn from_request_parts(
        parts: &mut axum::http::request::Parts,
        api: &Api,
    ) -> Result<Self, Problem> {
        let path: Result<Path<String>, PathRejection> = Path::from_request_parts(parts, api).await;
        let Path(text) = path.map_err(|_| not_found())?;
        let id = text.parse::<Uuid>().ok().map(|id| RequestName::Id(RequestId(id)));
        let reference = || Reference::parse(&text).map(RequestName::Reference);
        id.or_else(reference).map(Self).ok_or_else(not_found)
    }
}
