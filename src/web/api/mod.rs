//! The JSON API, `/api/v1`: for the company's own programs, each with a token.
//!
//! Every route is made with the scope that it needs ([`Table::add`]), which the guard asks for and the
//! description of the API ([`description`]) tells, so that neither can be forgotten.

mod archive;
mod ask;
mod body;
mod child;
mod decide;
mod docs;
mod flags;
mod guard;
mod model;
mod plan;
mod problem;
mod report;
mod requests;
mod typed;
mod words;

#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::http::{StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use serde::Serialize;
use tokio_util::task::TaskTracker;
use url::Url;
use utoipa::PartialSchema;
use utoipa::openapi::path::Operation;
use utoipa::openapi::security::{Http, HttpAuthScheme, SecurityRequirement, SecurityScheme};
use utoipa::openapi::{
    ContentBuilder, HeaderBuilder, InfoBuilder, LicenseBuilder, OpenApi, OpenApiBuilder, RefOr,
    Required, ResponseBuilder, ServerBuilder,
};
use utoipa_axum::router::{OpenApiRouter, UtoipaMethodRouter};
use utoipa_axum::routes;

use crate::domain::token::TokenScope;
use crate::keys::signing::SigningKey;
use crate::service::Desk;
use crate::web::edge::client::TrustedProxies;
use crate::web::edge::headers::HeaderPolicy;
use crate::web::edge::limit::{LimitLayer, Quotas};
use crate::web::edge::origin::{OriginRule, Silent};
use crate::web::edge::{Fence, PUBLIC_BODY};
use crate::web::fetch::ReadArchive;

use ask::described;
#[cfg(test)]
pub(in crate::web) use docs::page as docs_page;
pub use docs::pages;
use problem::{Kind, PROBLEM_JSON, Problem};

/// Where the API is.
pub const PATH: &str = "/api/v1";
/// The name of the token in the description.
const TOKEN: &str = "token";

/// What the handlers of the API share. Cheap to clone.
#[derive(Clone)]
pub struct Api(Arc<Shared>);

struct Shared {
    desk: Desk,
    read_archive: ReadArchive,
    recordings: TaskTracker,
    signing: Arc<SigningKey>,
}

impl std::fmt::Debug for Api {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Api(…)")
    }
}

impl Api {
    /// The API of a desk. Records of downloads are written on `recordings`, which shutdown waits for;
    /// `signing` signs what programs take away.
    pub fn new(
        desk: Desk,
        read_archive: ReadArchive,
        recordings: TaskTracker,
        signing: Arc<SigningKey>,
    ) -> Self {
        Self(Arc::new(Shared { desk, read_archive, recordings, signing }))
    }

    fn signing(&self) -> &SigningKey {
        &self.0.signing
    }

    fn desk(&self) -> &Desk {
        &self.0.desk
    }

    fn read_archive(&self) -> &ReadArchive {
        &self.0.read_archive
    }

    fn recordings(&self) -> TaskTracker {
        self.0.recordings.clone()
    }

    /// Where something of the API is.
    fn link(&self, path: &str) -> String {
        self.desk().settings().base_url.link(&format!("{PATH}{path}"))
    }
}

fn json(value: &impl Serialize) -> String {
    serde_json::to_string(value).unwrap_or_else(|_| {
        tracing::error!("an answer could not be written");
        String::new()
    })
}

fn ok(value: &impl Serialize) -> Response {
    (StatusCode::OK, [(header::CONTENT_TYPE, "application/json")], json(value)).into_response()
}

/// Routes as they are added.
struct Table {
    guards: Option<Api>,
    router: OpenApiRouter<Api>,
}

impl Table {
    /// Adds routes that a token with `scope` may use.
    fn add(
        &mut self,
        scope: TokenScope,
        (schemas, mut paths, mut router): UtoipaMethodRouter<Api>,
    ) {
        for item in paths.paths.values_mut() {
            let operations = [&mut item.get, &mut item.post, &mut item.head];
            for operation in operations.into_iter().flatten() {
                tell(operation, scope);
            }
        }
        if let Some(api) = &self.guards {
            let state = (api.clone(), scope);
            router = router.layer(middleware::from_fn_with_state(state, guard::check));
        }
        let added = std::mem::take(&mut self.router).routes((schemas, paths, router));
        self.router = added;
    }
}

/// Bodies that may be left out, since all in them may.
const OPTIONAL: [&str; 3] = ["Approval", "Plain", "Retry"];

/// What any call may be answered.
const GENERAL: [(Kind, &str); 11] = [
    (Kind::Unreadable, "The request cannot be read"),
    (Kind::NoToken, "No token, or none that is good"),
    (Kind::Scope, "The token was not made for this, not for here, or not for this request"),
    (Kind::NotFound, "There is nothing of this name"),
    (Kind::TooSlow, "The body did not arrive in time"),
    (Kind::Invalid, "A field or parameter is not as it should be"),
    (Kind::TooLarge, "The body is too large"),
    (Kind::MediaType, "The body is no JSON"),
    (Kind::TooMany, "Too many requests; Retry-After says when to come back"),
    (Kind::Failed, "Something failed here"),
    (Kind::Unavailable, "Not just now; Retry-After says when to come back"),
];

/// What every route may answer, and the scope that it needs.
fn tell(operation: &mut Operation, scope: TokenScope) {
    if let Some(RefOr::T(body)) = &mut operation.request_body
        && let Some(RefOr::T(content)) = body.content.get("application/json")
        && let Some(RefOr::Ref(named)) = &content.schema
        && OPTIONAL.iter().any(|name| named.ref_location.ends_with(&format!("/{name}")))
    {
        body.required = Some(Required::False);
    }
    operation.security = Some(vec![SecurityRequirement::new(TOKEN, [scope.as_str()])]);
    for (kind, description) in GENERAL {
        let content =
            ContentBuilder::new().schema(Some(utoipa::openapi::Ref::from_schema_name("Problem")));
        let mut response =
            ResponseBuilder::new().description(description).content(PROBLEM_JSON, content.build());
        if matches!(kind, Kind::TooMany | Kind::Unavailable) {
            response = response.header("Retry-After", HeaderBuilder::new().build());
        }
        let status = kind.status().as_u16().to_string();
        operation.responses.responses.entry(status).or_insert_with(|| response.build().into());
    }
}

/// The one table of routes. Without `guards` it is for the description alone.
fn table(guards: Option<Api>) -> OpenApiRouter<Api> {
    use TokenScope as S;
    let mut table = Table { guards, router: OpenApiRouter::with_openapi(preface()) };
    let t = &mut table;
    t.add(S::Create, routes!(requests::create));
    t.add(S::Read, routes!(requests::list));
    t.add(S::Read, routes!(requests::search));
    t.add(S::Read, routes!(requests::show));
    t.add(S::Read, routes!(requests::events));
    t.add(S::Read, routes!(requests::tasks));
    t.add(S::Read, routes!(plan::plan));
    t.add(S::Archives, routes!(archive::get));
    t.add(S::Decide, routes!(decide::approve));
    t.add(S::Decide, routes!(decide::refuse));
    t.add(S::Decide, routes!(decide::extend));
    t.add(S::Decide, routes!(decide::pause));
    t.add(S::Decide, routes!(decide::resume));
    t.add(S::Decide, routes!(decide::hold));
    t.add(S::Decide, routes!(decide::release));
    t.add(S::Decide, routes!(decide::withdraw));
    t.add(S::Decide, routes!(decide::assign));
    t.add(S::Decide, routes!(decide::retry));
    t.add(S::Decide, routes!(decide::messages));
    t.add(S::Decide, routes!(decide::revoke));
    t.add(S::Decide, routes!(child::found));
    t.add(S::Reports, routes!(report::promise));
    t.add(S::Reports, routes!(report::ccpa));
    t.add(S::Flags, routes!(flags::lookup));
    t.add(S::Flags, routes!(flags::filter));
    t.add(S::Consent, routes!(flags::consent));
    table.router
}

fn preface() -> OpenApi {
    let info = InfoBuilder::new()
        .title("Rightsdesk")
        .version(env!("CARGO_PKG_VERSION"))
        .description(Some(
            "Requests of people about their data: handed in, followed, decided, fetched. Each call \
             has a token, made by `rightsdesk token create`. What goes wrong is told as RFC 9457.",
        ))
        .license(Some(
            LicenseBuilder::new().name("Apache-2.0").identifier(Some("Apache-2.0")).build(),
        ))
        .build();
    let mut components = utoipa::openapi::ComponentsBuilder::new()
        .schema("Problem", Problem::schema())
        .schema("FieldProblem", problem::FieldProblem::schema())
        .build();
    let mut bearer = Http::new(HttpAuthScheme::Bearer);
    bearer.description = Some("`rdk_` and 51 characters".to_owned());
    components.add_security_scheme(TOKEN, SecurityScheme::Http(bearer));
    OpenApiBuilder::new()
        .info(info)
        .servers(Some([ServerBuilder::new().url(PATH).build()]))
        .components(Some(components))
        .build()
}

/// The description of the API (OpenAPI 3.1), made from its routes and types.
pub fn description() -> OpenApi {
    table(None).into_openapi()
}

/// The description as it is served.
pub fn description_json() -> String {
    let mut whole = serde_json::to_value(description()).unwrap_or_default();
    // What the types have no word for.
    let schemas = &mut whole["components"]["schemas"];
    let scopes = described::scopes(&schemas["Right"]["enum"]);
    let new = &mut schemas["NewRequest"];
    new["allOf"] = serde_json::json!([
        { "anyOf": described::together() },
        { "anyOf": scopes },
        { "anyOf": described::changes_where_corrected() },
        { "anyOf": described::purposes() },
    ]);
    new["properties"]["identifiers"] = described::identifiers(&new["properties"]["identifiers"]);
    schemas["AskedChange"]["properties"] = described::change();
    for (name, needed) in [
        ("Lookup", described::somebody()),
        ("Consent", described::somebody()),
        ("ChildData", described::child_found()),
    ] {
        let about = &mut schemas[name];
        about["anyOf"] = needed;
        about["properties"]["identifiers"] =
            described::identifiers(&about["properties"]["identifiers"]);
    }
    serde_json::to_string_pretty(&whole).unwrap_or_default()
}

/// The API with the edge's layers around it, to be put at [`PATH`].
///
/// # Panics
/// Never: a base URL has been read as a URL before.
pub fn fenced(api: &Api, quotas: &Quotas, proxies: TrustedProxies) -> Router {
    let settings = api.desk().settings();
    let base_url = Url::parse(settings.base_url.as_str()).expect("a base URL is a URL");
    let fence = Fence {
        headers: HeaderPolicy::public(settings.base_url.is_secure()),
        limits: LimitLayer::new(quotas, proxies),
        origin: OriginRule::new(&base_url, Silent::PassWithoutCookie),
        body: PUBLIC_BODY,
        meter: api.desk().meter().clone(),
        renderer: Arc::new(|_, refusal| Problem::from(refusal).into_response()),
    };
    let (router, _) = table(Some(api.clone())).split_for_parts();
    let router = router
        .fallback(async || Problem::new(Kind::NotFound, "see /docs for what there is"))
        .method_not_allowed_fallback(async || Problem::new(Kind::Method, "see /docs"))
        .with_state(api.clone());
    fence.around(router)
}
