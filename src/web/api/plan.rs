//! What a deletion would touch, as programs see it.

use axum::extract::State;
use axum::response::Response;
use serde::Serialize;
use utoipa::ToSchema;

use super::problem::{Kind, Problem};
use super::requests::{Named, not_found};
use super::{Api, ok};
use crate::domain::plan::StoreOutline;

/// What a deletion would touch.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = Plan)]
pub(super) struct PlanView {
    /// Its fingerprint, which is what gets approved.
    digest: String,
    stores: Vec<PlanStoreView>,
}

/// One store, in the order in which they are erased.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanStore)]
struct PlanStoreView {
    store: String,
    /// What goes.
    collections: Vec<PlanCollectionView>,
    /// What stays.
    kept: Vec<PlanKeptView>,
}

/// Rows of one collection that go.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanCollection)]
struct PlanCollectionView {
    name: String,
    /// `delete`, `mask`, `shred` or `aggregate`.
    method: &'static str,
    rows: u64,
}

/// Rows of one collection that stay.
#[derive(Debug, Serialize, ToSchema)]
#[schema(as = PlanKept)]
struct PlanKeptView {
    name: String,
    rows: u64,
    /// The rule that wants it.
    ground: String,
    /// Who decides over them, where that is another controller.
    #[serde(skip_serializing_if = "Option::is_none")]
    controller: Option<String>,
}

impl PlanStoreView {
    fn new(outline: &StoreOutline) -> Self {
        let collections = outline.collections.iter().map(|one| PlanCollectionView {
            name: one.name.clone(),
            method: one.method.as_str(),
            rows: one.rows,
        });
        let kept = outline.kept.iter().map(|kept| PlanKeptView {
            name: kept.collection.clone(),
            rows: kept.rows,
            ground: kept.ground.clone(),
            controller: kept.controller.as_ref().map(|of| of.name.clone()),
        });
        Self {
            store: outline.store.clone(),
            collections: collections.collect(),
            kept: kept.collect(),
        }
    }
}

/// Look at the plan of a deletion
///
/// Counts and rules; no row is named.
#[utoipa::path(
    get, path = "/requests/{id}/plan", tag = "requests",
    params(("id" = String, Path, description = "Id or reference")),
    responses(
        (status = 200, description = "The plan", body = PlanView),
        (status = 409, description = "There is none (yet)", body = Problem,
            content_type = "application/problem+json"),
    ),
)]
pub(super) async fn plan(State(api): State<Api>, Named(name): Named) -> Result<Response, Problem> {
    let read = api.desk().asked(&name).await?.ok_or_else(not_found)?;
    let Some(facts) = api.desk().plan_of(read.request.id).await? else {
        let detail = "a plan is there once every store has said what a deletion would touch";
        return Err(Problem::new(Kind::WrongStatus, detail).allowing(Vec::new()));
    };
    Ok(ok(&PlanView {
        digest: facts.digest.to_string(),
        stores: facts.outline.stores.iter().map(PlanStoreView::new).collect(),
    }))
}
