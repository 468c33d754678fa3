//! Archives leave here: whole or in parts, and on record.

use std::io;
use std::ops::Range;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};

use axum::body::Body;
use axum::http::{HeaderMap, HeaderName, HeaderValue, Method, header};
use axum::response::{IntoResponse, Response};
use bytes::Bytes;
use data_encoding::{BASE64, HEXLOWER};
use futures::Stream;
use futures::future::BoxFuture;
use futures::stream::BoxStream;
use jiff::{SignedDuration, Timestamp};
use tokio::runtime::Handle;
use tokio_util::task::TaskTracker;

use super::edge::headers::DOWNLOAD_CSP;
use super::edge::range::select;
use crate::clock::Clock;
use crate::ids::Reference;
use crate::service::download::OpenArchive;

/// Reads a part of an archive that is open. The range lies within the archive; an error ends the
/// stream.
pub type ReadArchive =
    Arc<dyn Fn(&OpenArchive, Range<u64>) -> BoxStream<'static, io::Result<Bytes>> + Send + Sync>;

/// Writes down that so many bytes have left, and whether the archive's last byte was among them.
pub(super) type Record = Arc<dyn Fn(u64, bool) -> BoxFuture<'static, ()> + Send + Sync>;

/// Answers with what is asked for of an archive. `None` where its hash is not known, as of none that
/// lies ready.
pub(super) fn answer(
    (method, headers): (&Method, &HeaderMap),
    (open, reference): (&OpenArchive, &Reference),
    read: &ReadArchive,
    records: Records,
) -> Option<Response> {
    let sha256 = open.archive.sha256?;
    let length = open.archive.size;
    let etag = format!("\"{}\"", HEXLOWER.encode(&sha256));
    let selection = select(method, headers, &etag, length);
    let range = selection.bytes(length);
    let body = if method == Method::HEAD || range.is_empty() {
        Body::empty()
    } else {
        Body::from_stream(Sending {
            inner: read(open, range.clone()),
            left: range.end - range.start,
            sent: 0,
            to_the_end: range.end == length,
            noted: (0, records.clock.now()),
            records,
            runtime: Handle::current(),
        })
    };
    let mut response = (selection.status(), body).into_response();
    describe(response.headers_mut(), reference, &sha256);
    selection.set_headers(response.headers_mut(), &etag, length);
    Some(response)
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

/// A download in progress is recorded this often; far below the idle time of its session.
const NOTE_EVERY: SignedDuration = SignedDuration::from_mins(5);

/// How downloads are recorded.
pub(super) struct Records {
    /// What time it is.
    pub(super) clock: Arc<dyn Clock>,
    /// Writes one down.
    pub(super) record: Record,
    /// Where that is done; shutdown waits for it.
    pub(super) tasks: TaskTracker,
}

/// A body that counts what leaves, is cut where the archive cannot be read to its end, and writes
/// the record when it is done with, however it ends.
struct Sending {
    inner: BoxStream<'static, io::Result<Bytes>>,
    left: u64,
    sent: u64,
    /// Whether the range reaches the archive's last byte.
    to_the_end: bool,
    records: Records,
    /// How much of `sent` is recorded, and since when.
    noted: (u64, Timestamp),
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
                self.note_progress();
                Some(Ok(bytes))
            }
            Some(Err(error)) => Some(Err(error)),
            // The length was promised; a body that falls short must not look like a whole one.
            None if self.left > 0 => Some(Err(io::ErrorKind::UnexpectedEof.into())),
            None => None,
        })
    }
}

impl Sending {
    /// Records a long download now and then, so that its session lives on while bytes leave.
    fn note_progress(&mut self) {
        let now = self.records.clock.now();
        if now.duration_since(self.noted.1) < NOTE_EVERY {
            return;
        }
        let bytes = self.sent - std::mem::replace(&mut self.noted, (self.sent, now)).0;
        self.write_down(bytes, false);
    }

    fn write_down(&self, bytes: u64, reached_end: bool) {
        let record = (self.records.record)(bytes, reached_end);
        self.records.tasks.spawn_on(record, &self.runtime);
    }
}

impl Drop for Sending {
    fn drop(&mut self) {
        if self.sent > 0 {
            let reached_end = self.to_the_end && self.left == 0;
            self.write_down(self.sent - self.noted.0, reached_end);
        }
    }
}
