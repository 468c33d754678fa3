//! A look at one thing that was gathered.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};

use super::{Form, Unclear, decide, member, page};
use crate::ids::Reference;
use crate::service::case::OpenItem;
use crate::web::console::visit::{Referred, Trouble, Visit, answer};
use crate::web::edge::form::FormFields;
use crate::web::edge::headers::DOWNLOAD_CSP;
use crate::web::view::console::Said;

/// Rows that are shown at most.
const ROWS: usize = 50;

/// `POST …/item`: rows on the page of the request, a file by itself.
pub(in crate::web::console) async fn show(
    visit: Visit,
    Referred(at): Referred,
    fields: FormFields,
) -> Response {
    let Some(by) = member(&visit) else { return visit.say(Said::Denied) };
    let part = Form(&fields).field("part").ok().and_then(|part| part.parse().ok());
    let Some(part) = part else {
        return decide(&visit, &at, "", async { Ok(Err(Unclear)) }).await;
    };
    match visit.console.desk().open_item(by, &at, part).await {
        Ok(Ok(item)) => {
            let shown = open(&visit, &at, item).await;
            answer(&visit, shown)
        }
        Ok(Err(deed)) => decide(&visit, &at, "", async { Ok(Ok(deed)) }).await,
        Err(error) => answer(&visit, Err(error.into())),
    }
}

async fn open(visit: &Visit, at: &Reference, item: OpenItem) -> Result<Response, Trouble> {
    let (store, collection, rows) = (item.store.clone(), item.name.clone(), item.rows);
    let read = (visit.console.0.read_item)(item).await;
    let Ok(bytes) = read else {
        tracing::warn!("something that was gathered cannot be read");
        return Err(Said::Failed.into());
    };
    let Some(all) = rows else { return Ok(file(bytes)) };
    let lines = whole_lines(&bytes);
    let rows = page::Rows { store, collection, all, lines };
    let with = page::With { rows: Some(rows), ..page::With::default() };
    page::page(visit, at, StatusCode::OK, with).await
}

/// The first rows, as far as they are whole; the beginning of a row that is larger than all that is
/// shown.
fn whole_lines(bytes: &[u8]) -> Vec<String> {
    let text = String::from_utf8_lossy(bytes);
    let whole = text.split_inclusive('\n').filter_map(|line| line.strip_suffix('\n'));
    let lines: Vec<String> = whole.take(ROWS).map(str::to_owned).collect();
    if lines.is_empty() { vec![format!("{text} …")] } else { lines }
}

/// A file, in a page where it can do nothing. What is no plain picture and no plain text is saved.
fn file(bytes: Vec<u8>) -> Response {
    let kind = kind(&bytes);
    let how = if kind.is_some() { "inline" } else { "attachment; filename=\"item\"" };
    let headers = [
        (header::CONTENT_TYPE, kind.unwrap_or("application/octet-stream")),
        (header::CONTENT_DISPOSITION, how),
        (header::CONTENT_SECURITY_POLICY, DOWNLOAD_CSP),
    ]
    .map(|(name, value)| (name, HeaderValue::from_static(value)));
    (headers, bytes).into_response()
}

/// What a browser can show of itself, by its first bytes and never by its name.
fn kind(bytes: &[u8]) -> Option<&'static str> {
    let webp = bytes.starts_with(b"RIFF") && bytes.get(8..12) == Some(b"WEBP");
    if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
        Some("image/png")
    } else if bytes.starts_with(b"\xff\xd8\xff") {
        Some("image/jpeg")
    } else if bytes.starts_with(b"GIF8") {
        Some("image/gif")
    } else if webp {
        Some("image/webp")
    } else {
        let is_text = std::str::from_utf8(bytes).is_ok() && !bytes.contains(&0);
        is_text.then_some("text/plain; charset=utf-8")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_shown_by_what_they_are() {
        assert_eq!(kind(b"\x89PNG\r\n\x1a\n\0"), Some("image/png"));
        assert_eq!(kind(b"RIFF\0\0\0\0WEBPVP8 "), Some("image/webp"));
        let page = b"<script>alert(1)</script>";
        assert_eq!(kind(page), Some("text/plain; charset=utf-8"), "never as a page");
        assert_eq!(kind(b"%PDF-1.7\n\xe2\xe3"), None);
        let reply = file(b"PK\x03\x04\0".to_vec());
        assert_eq!(reply.headers()["content-disposition"], "attachment; filename=\"item\"");
        assert_eq!(reply.headers()["content-security-policy"], DOWNLOAD_CSP);
    }

    #[test]
    fn a_row_that_was_cut_is_not_shown() {
        assert_eq!(whole_lines(b"{\"a\":1}\n{\"a\":2}\n{\"a"), ["{\"a\":1}", "{\"a\":2}"]);
        assert_eq!(whole_lines(&b"x\n".repeat(99)).len(), ROWS);
        assert_eq!(whole_lines(b"{\"a\":"), ["{\"a\": …"], "unless it is all there is room for");
    }
}
