//! Archives leave here: whole or in parts, for the cookie of an open session only, and on record.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::extract::Path;
use axum::extract::rejection::PathRejection;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use data_encoding::{BASE64, HEXLOWER};
use futures::Stream;
use futures::stream::BoxStream;
use tokio::runtime::Handle;
use uuid::Uuid;

use super::Site;
use super::frame::Visit;
use super::trouble::Trouble;
use crate::ids::{DownloadId, Reference};
use crate::service::download::DownloadAccess;
use crate::service::read::Download;
use crate::web::edge::cookie::{CookieKind, CookieTag};
use crate::web::edge::headers::DOWNLOAD_CSP;
use crate::web::edge::range::select;
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
    let sha256 = readable.archive.sha256.ok_or(Message::ArchiveGone)?;
    let length = readable.archive.size;
    let etag = format!("\"{}\"", HEXLOWER.encode(&sha256));
    let selection = select(&method, &headers, &etag, length);
    let range = selection.bytes(length);
    let body = if method == Method::HEAD || range.is_empty() {
        Body::empty()
    } else {
        let inner = (site.0.read_archive)(&readable, range.clone());
        Body::from_stream(Sending {
            inner,
            left: range.end - range.start,
            sent: 0,
            to_the_end: range.end == length,
            record: Some((site, readable.download)),
            runtime: Handle::current(),
        })
    };
    let mut response = (selection.status(), body).into_response();
    describe(response.headers_mut(), &reference, &sha256);
    selection.set_headers(response.headers_mut(), &etag, length);
    Ok(response)
}

fn describe(headers: &mut HeaderMap, reference: &Reference, sha256: &[u8; 32]) {
    let value = |text: String| HeaderValue::try_from(text).expect("plain ASCII");
    let name = value(format!("attachment; filename=\"{reference}.zip\""));
    let digest = value(format!("sha-256=:{}:", BASE64.encode(sha256)));
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static("application/zip"));
    headers.insert(header::CONTENT_DISPOSITION, name);
    headers.insert(header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(DOWNLOAD_CSP));
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    // Of the whole archive, also on a part of it (RFC 9530, 3).
    headers.insert(HeaderName::from_static("repr-digest"), digest);
}

/// A body that counts what leaves, is cut where the archive cannot be read to its end, and writes
/// the record when it is done with, however it ends.
struct Sending {
    inner: BoxStream<'static, io::Result<Bytes>>,
    left: u64,
    sent: u64,
    /// Whether the range reaches the archive's last byte.
    to_the_end: bool,
    record: Option<(Site, Download)>,
    /// Where the record is written. At shutdown the last drop may come from outside of it.
    runtime: Handle,
}

impl Stream for Sending {
    type Item = io::Result<Bytes>;

    fn poll_next(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        self.inner.as_mut().poll_next(cx).map(|next| match next {
            Some(Ok(bytes)) => {
                let length = bytes.len() as u64;
                let Some(left) = self.left.checked_sub(length) else {
                    return Some(Err(io::ErrorKind::InvalidData.into()));
                };
                self.left = left;
                self.sent += length;
                Some(Ok(bytes))
            }
            Some(Err(error)) => Some(Err(error)),
            // The length was promised; a body that falls short must not look like a whole one.
            None if self.left > 0 => Some(Err(io::ErrorKind::UnexpectedEof.into())),
            None => None,
        })
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        let Some((site, download)) = self.record.take().filter(|_| self.sent > 0) else { return };
        let (bytes, reached_end) = (self.sent, self.to_the_end && self.left == 0);
        let recordings = site.0.recordings.clone();
        let record = async move {
            if let Err(error) = site.desk().record_download(&download, bytes, reached_end).await {
                tracing::error!(error = error.word(), "a download could not be recorded");
            }
        };
        recordings.spawn_on(record, &self.runtime);
    }
}
