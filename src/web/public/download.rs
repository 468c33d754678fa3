//! Archives leave here for the cookie of an open session only.

use std::sync::Arc;

use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderMap, Method};
use axum::response::Response;
use futures::FutureExt;
use uuid::Uuid;

use super::Site;
use super::frame::Visit;
use super::trouble::Trouble;
use crate::ids::{DownloadId, Reference};
use crate::service::download::DownloadAccess;
use crate::service::read::Download;
use crate::web::edge::cookie::{CookieKind, CookieTag};
use crate::web::fetch::{self, Records};
use crate::web::view::Message;

/// `GET` and `HEAD /downloads/{session}/{reference}.zip`
pub(super) async fn fetch(
    visit: Visit,
    path: Result<Path<(Uuid, String)>, PathRejection>,
    method: Method,
    headers: HeaderMap,
) -> Result<Response, Trouble> {
    let Path((session, file)) = path.map_err(|_| Message::NotFound)?;
    let site = visit.site;
    let reference = file.strip_suffix(".zip").and_then(Reference::parse);
    let reference = reference.ok_or(Message::NotFound)?;
    let tag = CookieTag::of(session.as_bytes());
    let cookie = site.0.cookies.read(CookieKind::Download, &tag, &headers);
    let access =
        site.desk().download_access(DownloadId(session), &reference, cookie.as_ref()).await?;
    let readable = match access {
        DownloadAccess::Open(readable) => readable,
        DownloadAccess::Gone => return Err(Message::ArchiveGone.into()),
        DownloadAccess::Unknown => return Err(Message::DownloadEnded.into()),
    };
    let records = records(&site, readable.download);
    let read = &site.0.read_archive;
    fetch::answer((&method, &headers), (&readable.open, &reference), read, records)
        .ok_or_else(|| Message::ArchiveGone.into())
}

fn records(site: &Site, download: Download) -> Records {
    let desk = site.desk().clone();
    let record = move |bytes, reached_end| {
        let (desk, download) = (desk.clone(), download.clone());
        async move {
            if let Err(error) = desk.record_download(&download, bytes, reached_end).await {
                tracing::error!(error = error.word(), "a download could not be recorded");
            }
        }
        .boxed()
    };
    Records {
        clock: site.desk().clock(),
        record: Arc::new(record),
        tasks: site.0.recordings.clone(),
    }
}
