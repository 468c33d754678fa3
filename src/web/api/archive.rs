//! The archive of a request, for the program that asked for it.

use std::sync::Arc;

use axum::extract::State;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use futures::FutureExt;

use super::Api;
use super::guard::Caller;
use super::problem::{Kind, Problem};
use super::requests::{Named, not_found};
use crate::ids::ArchiveId;
use crate::service::fetch::Fetched;
use crate::web::fetch::{self, Records};

/// Fetch the archive
///
/// Of requests that this token handed in, or of all where it was made with `--all-requests`. Whole or
/// one range; `ETag` is the SHA-256 of the whole in hexadecimal digits, `Repr-Digest` the same in the
/// form of RFC 9530. Each fetching is written down. With `HEAD` the headers alone.
#[utoipa::path(
    get, path = "/requests/{id}/archive", tag = "archives",
    params(
        ("id" = String, Path, description = "Id or reference"),
        ("Range" = Option<String>, Header, description = "One range of bytes"),
    ),
    responses(
        (status = 200, description = "The zip", body = Vec<u8>, content_type = "application/zip",
            headers(("ETag" = String), ("Repr-Digest" = String), ("Accept-Ranges" = String))),
        (status = 206, description = "The part that was asked for", body = Vec<u8>,
            content_type = "application/zip",
            headers(("ETag" = String), ("Repr-Digest" = String), ("Content-Range" = String))),
        (status = 409, description = "Not ready", body = Problem,
            content_type = "application/problem+json"),
        (status = 410, description = "Gone", body = Problem,
            content_type = "application/problem+json"),
        (status = 416, description = "The range lies behind the end", body = Vec<u8>,
            content_type = "application/zip"),
    ),
)]
pub(super) async fn get(
    State(api): State<Api>,
    caller: Caller,
    Named(name): Named,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    let gone = || Problem::new(Kind::Gone, "its time is over, or there was nothing to send");
    let (open, reference) = match api.desk().fetch(caller.grant(), &name).await? {
        Fetched::Open(open, reference) => (open, reference),
        Fetched::NotReady(status) => {
            let detail = format!("the request is {status}; wait for archive.ready, or look again");
            return Err(Problem::new(Kind::NotReady, detail));
        }
        Fetched::Gone => return Err(gone()),
        Fetched::NotYours => {
            let detail = "fetch what this token handed in, or make one with --all-requests";
            return Err(Problem::new(Kind::NotYours, detail));
        }
        Fetched::NoSuchRequest => return Err(not_found()),
    };
    let records = records(&api, &caller, open.archive.id);
    fetch::answer((&method, &headers), (&open, &reference), api.read_archive(), records)
        .ok_or_else(gone)
}

fn records(api: &Api, caller: &Caller, archive: ArchiveId) -> Records {
    let (desk, caller) = (api.desk().clone(), caller.clone());
    let record = move |_, reached_end| {
        let (desk, caller) = (desk.clone(), caller.clone());
        async move {
            // That it began stands in the events already.
            if reached_end && let Err(error) = desk.record_fetched(caller.grant(), archive).await {
                tracing::error!(error = error.word(), "a download could not be recorded");
            }
        }
        .boxed()
    };
    Records { clock: api.desk().clock(), record: Arc::new(record), tasks: api.recordings() }
}
