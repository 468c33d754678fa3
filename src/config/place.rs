//! Where objects lie: a folder, or a bucket of an S3-compatible service.

use std::fmt;
use std::path::PathBuf;

use percent_encoding::percent_decode_str;
use url::Url;

use super::document::{Document, Section};
use super::error::Refusal;
use super::secret::{Given, Secret, literal_secret};
use crate::domain::base_url::is_loopback;

/// A place for objects.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Place {
    /// `file:PATH`. Absolute.
    Folder(PathBuf),
    /// `s3://…`.
    S3(S3),
}

/// `s3://bucket/prefix?region=…&endpoint=…`; as a secret also `s3://KEY:SECRET@bucket/prefix`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct S3 {
    /// The bucket.
    pub bucket: String,
    /// What all keys begin with; no slash at either end, may be empty.
    pub prefix: String,
    /// The region, where the service has them.
    pub region: Option<String>,
    /// The service when it is not AWS. https, or http on this machine.
    pub endpoint: Option<String>,
    /// Access key id and secret access key; `None`: what the machine's own role gives.
    pub login: Option<(Secret, Secret)>,
}

const FORM: &str = "write \"file:FOLDER\" or \"s3://BUCKET/PREFIX?region=REGION\"";

impl Place {
    /// Whether `other` is this place or lies in it.
    pub fn holds(&self, other: &Self) -> bool {
        match (self, other) {
            (Self::Folder(this), Self::Folder(other)) => other.starts_with(this),
            (Self::S3(this), Self::S3(other)) => {
                let inside = this.prefix.is_empty()
                    || other.prefix == this.prefix
                    || other.prefix.starts_with(&format!("{}/", this.prefix));
                this.bucket == other.bucket && this.endpoint == other.endpoint && inside
            }
            _ => false,
        }
    }

    /// The place in `key` of `section`; where it is not written, the folder `default`.
    pub(super) fn read(section: &Section<'_>, key: &'static str, default: &str) -> Option<Self> {
        let Some(entry) = section.entry(key) else {
            return Some(Self::Folder(section.doc.path(default)));
        };
        let given = entry.given()?;
        entry.keep(Self::parse(section.doc, &given))
    }

    fn parse(doc: &Document<'_>, given: &Given) -> Result<Self, Refusal> {
        let text = given.text.expose();
        if let Some(path) = text.strip_prefix("file:") {
            return folder(doc, path).map(Self::Folder);
        }
        let url = Url::parse(text).ok().filter(|url| url.scheme() == "s3");
        let url = url.ok_or_else(|| Refusal::value(FORM))?;
        if given.literal && (url.password().is_some() || !url.username().is_empty()) {
            return Err(literal_secret("\"s3://KEY:SECRET@BUCKET/PREFIX\""));
        }
        let mut s3 = S3 {
            bucket: url.host_str().unwrap_or_default().to_owned(),
            prefix: decoded(url.path().trim_matches('/')),
            region: None,
            endpoint: None,
            login: url
                .password()
                .map(|secret| (Secret::new(decoded(url.username())), Secret::new(decoded(secret)))),
        };
        for (name, value) in url.query_pairs() {
            match &*name {
                "region" => s3.region = Some(value.into_owned()),
                "endpoint" => s3.endpoint = Some(endpoint(&value)?),
                _ => return Err(Refusal::value("after the ? write region and endpoint only")),
            }
        }
        let plain = !s3.bucket.is_empty()
            && url.port().is_none()
            && url.fragment().is_none()
            && (url.username().is_empty() || s3.login.is_some())
            && !s3.prefix.split('/').any(|part| part == "." || part == "..");
        plain.then_some(Self::S3(s3)).ok_or_else(|| Refusal::value(FORM))
    }
}

/// The folder of a `file:` URL; `file:///abs` and `file:/abs` are the same.
pub(super) fn folder(doc: &Document<'_>, path: &str) -> Result<PathBuf, Refusal> {
    let path = match path.strip_prefix("//") {
        Some(absolute) if absolute.starts_with('/') => absolute,
        Some(_) => return Err(Refusal::value(FORM)),
        None => path,
    };
    if path.is_empty() { Err(Refusal::value(FORM)) } else { Ok(doc.path(path)) }
}

/// Without the keys to it.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Folder(path) => write!(f, "file:{}", path.display()),
            Self::S3(s3) => write!(f, "s3://{}/{}", s3.bucket, s3.prefix),
        }
    }
}

fn endpoint(text: &str) -> Result<String, Refusal> {
    let url = Url::parse(text).ok().filter(|url| match url.scheme() {
        "https" => true,
        "http" => url.host().is_some_and(|host| is_loopback(&host)),
        _ => false,
    });
    let message = "write the endpoint with https://; http:// is for this machine alone";
    url.map(|url| url.as_str().trim_end_matches('/').to_owned())
        .ok_or_else(|| Refusal::value(message))
}

pub(super) fn decoded(text: &str) -> String {
    percent_decode_str(text).decode_utf8_lossy().into_owned()
}
