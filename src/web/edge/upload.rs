//! Forms with files (`multipart/form-data`, RFC 7578), read under limits.
//!
//! Such a form is read to its end even where something is wrong with it: a browser that is still
//! sending does not listen, and what was typed must not be lost with a file that was too large. What
//! is too much is dropped while it is read.

use std::fmt;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::task::Poll;

use axum::body::Body;
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use futures::stream::{self, Stream};
use multer::{Field, Multipart};

use super::form::FormFields;
use super::refusal::Refusal;
use super::{PUBLIC_BODY, body};

/// Bytes between two parts, headers included.
const BETWEEN: usize = 64 * 1024;

/// What a form may bring.
#[derive(Debug, Clone, Copy)]
pub struct UploadLimits {
    /// The field of the files.
    pub field: &'static str,
    /// How many files.
    pub files: usize,
    /// Bytes of one file.
    pub file_bytes: usize,
}

/// A form that may bring files.
#[derive(Debug, Default)]
pub struct Upload {
    /// What was typed, as far as it is not too long.
    pub fields: FormFields,
    /// The files that are not empty, in the order sent; none where there is a fault.
    pub files: Vec<UploadedFile>,
    /// Whether files were picked, taken or not.
    pub had_files: bool,
    /// The first thing that is wrong with it.
    pub fault: Option<UploadFault>,
}

/// A file, with the name that the browser gave it: anything at all.
pub struct UploadedFile {
    /// Its name.
    pub name: String,
    /// Its bytes.
    pub body: Vec<u8>,
}

impl fmt::Debug for UploadedFile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("UploadedFile(…)")
    }
}

/// What is wrong with a form that brings files.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum UploadFault {
    /// More files than may be sent.
    #[error("too many files")]
    TooMany,
    /// A file, or all of them together.
    #[error("too large a file")]
    TooLarge,
    /// More text than [`PUBLIC_BODY`], or too many fields.
    #[error("too much text")]
    TooMuchText,
    /// Cut off, or not what it says it is.
    #[error("not a whole form")]
    Broken,
}

impl Upload {
    /// Reads a form, with files or without: `application/x-www-form-urlencoded` is read as
    /// [`FormFields`] are.
    ///
    /// # Errors
    /// For what is no form at all, and when it does not arrive in time. Everything else is a
    /// [`UploadFault`], and what was typed is there.
    pub async fn read(request: Request, limits: UploadLimits) -> Result<Self, Refusal> {
        let Some(boundary) = boundary(request.headers()) else {
            let fields = FormFields::from_request(request, &()).await?;
            return Ok(Self { fields, ..Self::default() });
        };
        let left = Arc::new(AtomicUsize::new(BETWEEN));
        let parts = Multipart::new(metered(request.into_body(), Arc::clone(&left)), boundary);
        let mut reading = Reading { limits, text: 0, upload: Self::default() };
        if let Err(error) = reading.parts(parts, &left).await {
            reading.fault(fault_of(&error)?);
        }
        Ok(reading.upload)
    }
}

struct Reading {
    limits: UploadLimits,
    /// Bytes of text so far.
    text: usize,
    upload: Upload,
}

impl Reading {
    async fn parts(&mut self, mut parts: Multipart<'_>, left: &AtomicUsize) -> multer::Result<()> {
        loop {
            left.store(BETWEEN, Ordering::Relaxed);
            let Some(part) = parts.next_field().await? else { return Ok(()) };
            left.store(usize::MAX, Ordering::Relaxed);
            let file = part.file_name().map(str::to_owned);
            match (file, part.name().map(str::to_owned)) {
                (Some(file), _) => self.file(part, file).await?,
                (None, Some(name)) if name == self.limits.field => {
                    self.file(part, String::new()).await?;
                }
                (None, Some(name)) => self.text(part, name).await?,
                (None, None) => self.fault(UploadFault::Broken),
            }
        }
    }

    async fn file(&mut self, mut part: Field<'_>, name: String) -> multer::Result<()> {
        self.upload.had_files |= !name.is_empty();
        let mut body = Vec::new();
        let mut begun = false;
        while let Some(chunk) = part.chunk().await? {
            // A browser sends a field without a file as one empty file.
            if !begun && !chunk.is_empty() {
                begun = true;
                self.upload.had_files = true;
                if self.upload.files.len() == self.limits.files {
                    self.fault(UploadFault::TooMany);
                }
            }
            if body.len() + chunk.len() > self.limits.file_bytes {
                self.fault(UploadFault::TooLarge);
            }
            if self.upload.fault.is_none() {
                body.extend_from_slice(&chunk);
            } else {
                body = Vec::new();
            }
        }
        if begun && self.upload.fault.is_none() {
            body.shrink_to_fit();
            self.upload.files.push(UploadedFile { name, body });
        }
        Ok(())
    }

    async fn text(&mut self, mut part: Field<'_>, name: String) -> multer::Result<()> {
        let room = PUBLIC_BODY.saturating_sub(self.text + name.len());
        let mut value = Some(Vec::new());
        while let Some(chunk) = part.chunk().await? {
            value = value.filter(|value| value.len() + chunk.len() <= room);
            if let Some(value) = &mut value {
                value.extend_from_slice(&chunk);
            }
        }
        let Some(value) = value.filter(|_| room > 0) else {
            self.fault(UploadFault::TooMuchText);
            return Ok(());
        };
        self.text += name.len() + value.len();
        let pushed = String::from_utf8(value).map(|value| self.upload.fields.push(name, value));
        match pushed {
            Ok(true) => {}
            Ok(false) => self.fault(UploadFault::TooMuchText),
            Err(_) => self.fault(UploadFault::Broken),
        }
        Ok(())
    }

    /// Keeps the first fault, and no file any more.
    fn fault(&mut self, fault: UploadFault) {
        self.upload.fault.get_or_insert(fault);
        self.upload.files = Vec::new();
    }
}

/// What separates the parts; `None` for what is no form with files.
fn boundary(headers: &HeaderMap) -> Option<String> {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(kind), None) = (types.next(), types.next()) else { return None };
    multer::parse_boundary(kind.to_str().ok()?).ok()
}

/// The errors quote names of fields and the like: nothing of them is kept.
fn fault_of(error: &multer::Error) -> Result<UploadFault, Refusal> {
    let multer::Error::StreamReadFailed(cause) = error else { return Ok(UploadFault::Broken) };
    match body::refusal_of(&**cause) {
        Refusal::BodyTooLarge => Ok(UploadFault::TooLarge),
        Refusal::BodyTooSlow => Err(Refusal::BodyTooSlow),
        _ => Ok(UploadFault::Broken),
    }
}

#[derive(Debug, thiserror::Error)]
#[error("no part begins")]
struct Endless;

/// The body in pieces, with a rest after each and an end when `left` bytes have come. The parser
/// takes all that is there before it gives anything away, and looks for the next part in all that it
/// has: without this a fast line would fill the memory, and a body without parts the processor.
fn metered(
    body: Body,
    left: Arc<AtomicUsize>,
) -> impl Stream<Item = Result<Bytes, axum::Error>> + Send {
    let mut data = body.into_data_stream();
    let mut rests = false;
    stream::poll_fn(move |context| {
        if std::mem::take(&mut rests) {
            context.waker().wake_by_ref();
            return Poll::Pending;
        }
        let may = left.load(Ordering::Relaxed);
        if may == 0 {
            return Poll::Ready(Some(Err(axum::Error::new(Endless))));
        }
        let next = Pin::new(&mut data).poll_next(context);
        if let Poll::Ready(Some(Ok(bytes))) = &next {
            rests = true;
            left.store(may.saturating_sub(bytes.len()), Ordering::Relaxed);
        }
        next
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    const LIMITS: UploadLimits = UploadLimits { field: "papers", files: 2, file_bytes: 10 };

    /// Reads a body that arrives in pieces of `piece` bytes.
    async fn read(body: &[u8], piece: usize) -> Upload {
        let pieces: Vec<Result<Bytes, std::io::Error>> =
            body.chunks(piece).map(|piece| Ok(Bytes::copy_from_slice(piece))).collect();
        let request = Request::post("/")
            .header("content-type", "multipart/form-data; boundary=xx")
            .body(Body::from_stream(stream::iter(pieces)))
            .unwrap();
        Upload::read(request, LIMITS).await.unwrap()
    }

    fn text(name: &str, value: &str) -> String {
        format!("--xx\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    }

    fn file(name: &str, body: &str) -> String {
        format!(
            "--xx\r\ncontent-disposition: form-data; name=\"papers\"; filename=\"{name}\"\r\n\
             content-type: text/html\r\n\r\n{body}\r\n"
        )
    }

    const END: &str = "--xx--\r\n";

    #[tokio::test]
    async fn text_and_files_come_out_in_whatever_pieces_they_arrive() {
        let body = [
            text("name", "Jörg\r\n--x"),
            file("", ""),
            file("empty.txt", ""),
            text("right", "access"),
            file("ä.txt", "1\r\n--x 789"),
            file("2", "\r\n--x\0"),
            END.into(),
        ]
        .concat();
        for piece in [1, 2, 3, 7, 64, 10_000] {
            let upload = read(body.as_bytes(), piece).await;
            assert_eq!(upload.fault, None, "{piece}");
            let fields: Vec<_> = upload.fields.iter().collect();
            assert_eq!(fields, [("name", "Jörg\r\n--x"), ("right", "access")], "{piece}");
            let files: Vec<(&str, &[u8])> =
                upload.files.iter().map(|file| (&*file.name, &*file.body)).collect();
            let wanted: [(&str, &[u8]); 2] = [("ä.txt", b"1\r\n--x 789"), ("2", b"\r\n--x\0")];
            assert_eq!(files, wanted, "{piece}");
        }
    }

    #[tokio::test]
    async fn what_is_wrong_is_told_and_what_was_typed_is_kept() {
        let long = "x".repeat(PUBLIC_BODY);
        let cases = [
            (file("1", "1") + &file("2", "2") + &file("3", "3"), UploadFault::TooMany),
            (file("1", "1") + &file("2", "12345678901"), UploadFault::TooLarge),
            (text("details", &long), UploadFault::TooMuchText),
            (text("a", "b").repeat(101), UploadFault::TooMuchText),
            ("--xx\r\ncontent-disposition: form-data\r\n\r\nx\r\n".into(), UploadFault::Broken),
            ("--xx\r\nno header\r\n\r\nx\r\n".into(), UploadFault::Broken),
        ];
        for (part, fault) in cases {
            for piece in [16, 1_000_000] {
                let body = [&text("name", "Ada"), &*part, &text("last", "word"), END].concat();
                let upload = read(body.as_bytes(), piece).await;
                assert_eq!(upload.fault, Some(fault));
                assert!(upload.files.is_empty(), "{fault:?}");
                assert_eq!(upload.fields.one("name"), Ok(Some("Ada")), "{fault:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_form_cut_off_anywhere_is_no_whole_form() {
        let body = [text("name", "Ada"), file("1", "123"), file("2", "45"), END.into()].concat();
        for end in 1..body.len() - 4 {
            let upload = read(&body.as_bytes()[..end], 16).await;
            assert_eq!(upload.fault, Some(UploadFault::Broken), "{end}");
            assert!(upload.files.is_empty(), "{end}");
        }
    }

    #[tokio::test]
    async fn a_body_without_parts_is_not_read_for_ever() {
        for begin in ["", "--xx\r\nx: "] {
            let body = [begin.as_bytes(), &vec![b'x'; 3 * BETWEEN]].concat();
            let upload = read(&body, 1000).await;
            assert_eq!(upload.fault, Some(UploadFault::Broken));
        }
    }

    #[tokio::test]
    async fn other_types_are_read_as_forms_or_refused() {
        let read = async |kind: &str| {
            let request = Request::post("/").header("content-type", kind);
            Upload::read(request.body(Body::from("a=b")).unwrap(), LIMITS).await
        };
        let upload = read("application/x-www-form-urlencoded").await.unwrap();
        assert_eq!(upload.fields.one("a"), Ok(Some("b")));
        for kind in ["multipart/form-data", "multipart/mixed; boundary=xx", "text/plain"] {
            assert_eq!(read(kind).await.unwrap_err(), Refusal::NotAForm, "{kind}");
        }
    }
}
