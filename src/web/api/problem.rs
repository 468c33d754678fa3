//! What goes wrong, in the form of RFC 9457.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde::Serialize;
use utoipa::ToSchema;

use crate::service::ServiceError;
use crate::web::edge::refusal::Refusal;

/// The media type of a problem.
pub(super) const PROBLEM_JSON: &str = "application/problem+json";

/// One field that is not as it should be.
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct FieldProblem {
    /// The field; a path where it lies deeper, empty for the body as a whole.
    #[schema(examples("email"))]
    pub(super) field: String,
    /// A stable word.
    #[schema(examples("form"))]
    pub(super) code: &'static str,
    /// What is wrong and what to do, in English.
    #[schema(examples("is no e-mail address"))]
    pub(super) message: String,
}

/// A problem (RFC 9457).
#[derive(Debug, Clone, Serialize, ToSchema)]
pub(super) struct Problem {
    /// What kind, stable.
    #[serde(rename = "type")]
    #[schema(rename = "type", examples("/problems/invalid"))]
    kind: &'static str,
    /// The kind in words.
    title: &'static str,
    /// The status of the answer.
    status: u16,
    /// What to do next.
    #[schema(value_type = String)]
    detail: Box<str>,
    /// Each field that is wrong.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    #[schema(required = false)]
    errors: Vec<FieldProblem>,
    /// Of a wrong status: what can be done with the request just now.
    #[serde(skip_serializing_if = "Option::is_none")]
    #[schema(required = false, nullable = false)]
    allowed: Option<Vec<&'static str>>,
    #[serde(skip)]
    retry_after: Option<u32>,
}

/// Every kind: its word, its status, its words.
macro_rules! kinds {
    ($($variant:ident = $word:literal, $status:ident, $title:literal;)+) => {
        /// The kinds of problems.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(super) enum Kind { $($variant),+ }

        impl Kind {
            /// All of them.
            pub(super) const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// Its `type`.
            pub(super) const fn path(self) -> &'static str {
                match self { $(Self::$variant => concat!("/problems/", $word)),+ }
            }

            /// The status it comes with.
            pub(super) const fn status(self) -> StatusCode {
                match self { $(Self::$variant => StatusCode::$status),+ }
            }

            /// What it is called.
            pub(super) const fn title(self) -> &'static str {
                match self { $(Self::$variant => $title),+ }
            }
        }
    };
}

kinds! {
    Invalid = "invalid", UNPROCESSABLE_ENTITY, "a field is not as it should be";
    KeyReused = "idempotency-key-reused", UNPROCESSABLE_ENTITY,
        "the idempotency key was used for another body";
    Unreadable = "unreadable", BAD_REQUEST, "the request cannot be read";
    NoToken = "no-token", UNAUTHORIZED, "no token, or none that is good";
    Scope = "scope", FORBIDDEN, "the token was not made for this";
    NotYours = "not-yours", FORBIDDEN, "the token reads its own requests only";
    Elsewhere = "network", FORBIDDEN, "the token may not be used from here";
    CrossOrigin = "cross-origin", FORBIDDEN, "another site caused this request";
    NotFound = "not-found", NOT_FOUND, "there is nothing here";
    Method = "method", METHOD_NOT_ALLOWED, "not with this method";
    TooSlow = "too-slow", REQUEST_TIMEOUT, "the body did not arrive in time";
    WrongStatus = "wrong-status", CONFLICT, "the request is not where it would have to be";
    UnderWay = "under-way", CONFLICT, "another call with this idempotency key is under way";
    NotReady = "not-ready", CONFLICT, "the archive is not ready";
    Gone = "gone", GONE, "there is no archive any more";
    TooLarge = "too-large", PAYLOAD_TOO_LARGE, "the body is too large";
    MediaType = "media-type", UNSUPPORTED_MEDIA_TYPE, "the body is no JSON";
    TooMany = "too-many", TOO_MANY_REQUESTS, "too many requests";
    DailyCap = "daily-cap", TOO_MANY_REQUESTS, "the token has created as many requests as it may today";
    Failed = "failed", INTERNAL_SERVER_ERROR, "something failed here";
    Unavailable = "unavailable", SERVICE_UNAVAILABLE, "not just now";
}

impl Problem {
    /// Of a kind, with what to do next.
    pub(super) fn new(kind: Kind, detail: impl Into<Box<str>>) -> Self {
        Self {
            kind: kind.path(),
            title: kind.title(),
            status: kind.status().as_u16(),
            detail: detail.into(),
            errors: Vec::new(),
            allowed: None,
            retry_after: None,
        }
    }

    /// Nothing is let out while the audit trail differs from what was signed of it.
    pub(super) fn shut() -> Self {
        let detail = "nothing is let out until the operator has looked at the audit trail";
        Self::new(Kind::Unavailable, detail).after(60)
    }

    /// Fields that are wrong.
    pub(super) fn invalid(errors: Vec<FieldProblem>) -> Self {
        Self { errors, ..Self::new(Kind::Invalid, "correct the fields named in `errors`") }
    }

    /// One field that is wrong.
    pub(super) fn field(
        field: impl Into<String>,
        code: &'static str,
        message: impl Into<String>,
    ) -> Self {
        Self::invalid(vec![FieldProblem { field: field.into(), code, message: message.into() }])
    }

    /// With what can be done instead.
    pub(super) fn allowing(self, allowed: Vec<&'static str>) -> Self {
        Self { allowed: Some(allowed), ..self }
    }

    /// With a time to come back after, in seconds.
    pub(super) fn after(self, seconds: u32) -> Self {
        Self { retry_after: Some(seconds), ..self }
    }
}

impl From<ServiceError> for Problem {
    /// Our own trouble is logged here, once and by its word alone.
    fn from(error: ServiceError) -> Self {
        tracing::error!(error = error.word(), "a call could not be answered");
        match error {
            ServiceError::AuditFirst => Self::shut(),
            error if error.is_passing() => {
                Self::new(Kind::Unavailable, "try again in a moment").after(5)
            }
            _ => {
                Self::new(Kind::Failed, "try again; the operator finds a word about it in the log")
            }
        }
    }
}

impl From<Refusal> for Problem {
    fn from(refusal: Refusal) -> Self {
        match refusal {
            Refusal::CrossOrigin => {
                Self::new(Kind::CrossOrigin, "call from a program, or from our own pages")
            }
            Refusal::BodyTooLarge => Self::new(Kind::TooLarge, "send less; 64 KiB at most"),
            Refusal::BodyTooSlow => Self::new(Kind::TooSlow, "send it again"),
            Refusal::NotAForm => Self::new(Kind::MediaType, "send application/json"),
            Refusal::BrokenForm => Self::new(Kind::Unreadable, "send the body whole"),
            Refusal::TooManyRequests { retry_after } => {
                Self::new(Kind::TooMany, "wait as long as Retry-After says")
                    .after(u32::try_from(retry_after.as_secs()).unwrap_or(u32::MAX))
            }
            Refusal::Crashed => Self::new(Kind::Failed, "try again"),
        }
    }
}

impl IntoResponse for Problem {
    fn into_response(self) -> Response {
        let status = StatusCode::from_u16(self.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
        let body = serde_json::to_string(&self).unwrap_or_default();
        let mut response = (status, [(header::CONTENT_TYPE, PROBLEM_JSON)], body).into_response();
        let headers = response.headers_mut();
        if let Some(seconds) = self.retry_after {
            headers.insert(header::RETRY_AFTER, seconds.into());
        }
        if status == StatusCode::UNAUTHORIZED {
            headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static("Bearer"));
        }
        response
    }
}
