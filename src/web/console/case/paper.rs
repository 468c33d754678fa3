//! Papers that came with the request.

use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

use super::{Form, member};
use crate::ids::{EvidenceId, Reference};
use crate::service::evidence::{ClosedPaper, OpenPaper};
use crate::service::staff::Colleague;
use crate::web::console::visit::{Referred, Trouble, Visit, answer};
use crate::web::edge::form::FormFields;
use crate::web::edge::headers::DOWNLOAD_CSP;
use crate::web::view::console::{PaperLine, Said};

/// What stands as it is in an extended parameter: `attr-char` of RFC 8187, 3.2.1.
const EXTENDED: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'!')
    .remove(b'#')
    .remove(b'$')
    .remove(b'&')
    .remove(b'+')
    .remove(b'-')
    .remove(b'.')
    .remove(b'^')
    .remove(b'_')
    .remove(b'`')
    .remove(b'|')
    .remove(b'~');

/// `POST …/paper`: a file to be saved, whatever it is, and never a page of ours.
pub(in crate::web::console) async fn open(
    visit: Visit,
    Referred(at): Referred,
    fields: FormFields,
) -> Response {
    let opened = opened(&visit, &at, &fields).await;
    answer(&visit, opened)
}

async fn opened(visit: &Visit, at: &Reference, fields: &FormFields) -> Result<Response, Trouble> {
    let by = member(visit).ok_or(Said::Denied)?;
    let id = Form(fields).field("paper").ok().and_then(|id| id.parse().ok());
    let id = EvidenceId(id.ok_or(Said::Missing)?);
    let paper = visit.console.desk().open_paper(by, at, id).await??.ok_or(Said::Missing)?;
    Ok(file(paper))
}

fn file(mut paper: OpenPaper) -> Response {
    let headers = [
        (header::CONTENT_TYPE, HeaderValue::from_static("application/octet-stream")),
        (header::CONTENT_DISPOSITION, disposition(&paper.name)),
        (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static(DOWNLOAD_CSP)),
        (header::CACHE_CONTROL, HeaderValue::from_static("no-store")),
        (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    ];
    (headers, std::mem::take(&mut *paper.body)).into_response()
}

/// `Content-Disposition` of a file to be saved under its name (RFC 6266): the name for every browser
/// of today, and what is plain of it for all others.
fn disposition(name: &str) -> HeaderValue {
    let is_plain = |c: char| c.is_ascii_alphanumeric() || " .-_()".contains(c);
    let plain: String = name.chars().map(|c| if is_plain(c) { c } else { '_' }).collect();
    let whole = utf8_percent_encode(name, EXTENDED);
    HeaderValue::try_from(format!("attachment; filename=\"{plain}\"; filename*=UTF-8''{whole}"))
        .expect("plain ASCII without control characters")
}

/// The papers as they stand on the page of the request.
pub(super) async fn lines(
    visit: &Visit,
    at: &Reference,
    can_open: bool,
    colleagues: &[Colleague],
) -> Result<Vec<PaperLine>, Trouble> {
    let papers = visit.console.desk().papers(&visit.signed()?.member, at).await??;
    let speaker = visit.speaker();
    let line = |(number, paper): (u64, ClosedPaper)| {
        let (size, time) = (speaker.size(paper.size), speaker.date_time(paper.at));
        let by = colleagues.iter().find(|known| known.id == paper.by);
        let mut words = vec![size, time];
        words.extend(by.map(|known| known.name.clone()));
        PaperLine {
            id: can_open.then(|| paper.id.to_string()),
            name: paper.name.unwrap_or_else(|| speaker.t1("console-paper", "number", number)),
            words: words.join(" · "),
        }
    };
    Ok((1..).zip(papers).map(line).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_reaches_every_browser_and_breaks_out_of_none() {
        for (name, header) in [
            ("Brief.pdf", "filename=\"Brief.pdf\"; filename*=UTF-8''Brief.pdf"),
            ("Brief ä.pdf", "filename=\"Brief _.pdf\"; filename*=UTF-8''Brief%20%C3%A4.pdf"),
            ("a\"; b=\\c", "filename=\"a__ b__c\"; filename*=UTF-8''a%22%3B%20b%3D%5Cc"),
            ("100%27'*.txt", "filename=\"100_27__.txt\"; filename*=UTF-8''100%2527%27%2A.txt"),
            (
                "x\r\nSet-Cookie: y",
                "filename=\"x__Set-Cookie_ y\"; filename*=UTF-8''x%0D%0ASet-Cookie%3A%20y",
            ),
        ] {
            assert_eq!(disposition(name), format!("attachment; {header}"), "{name:?}");
        }
    }
}
