//! JSON bodies, read strictly: what is not known is refused, and the field that is wrong is named.

use axum::body::{HttpBody, to_bytes};
use axum::extract::{FromRequest, Request};
use axum::http::{HeaderMap, header};
use bytes::Bytes;
use serde::de::DeserializeOwned;

use super::problem::{Kind, Problem};
use crate::web::edge::{PUBLIC_BODY, refusal_of};

/// A body and what it says.
pub(super) struct Json<T> {
    /// What it says.
    pub(super) value: T,
    /// Byte for byte.
    pub(super) bytes: Bytes,
}

impl<S: Send + Sync, T: DeserializeOwned> FromRequest<S> for Json<T> {
    type Rejection = Problem;

    async fn from_request(request: Request, _: &S) -> Result<Self, Problem> {
        // Where there is nothing to say, nothing need be sent.
        let silent =
            !request.headers().contains_key(header::CONTENT_TYPE) && request.body().is_end_stream();
        if !silent && !is_json(request.headers()) {
            return Err(Problem::new(Kind::MediaType, "send application/json"));
        }
        let body = to_bytes(request.into_body(), PUBLIC_BODY).await;
        let bytes = body.map_err(|error| Problem::from(refusal_of(&error)))?;
        let value = if silent { read(b"{}")? } else { read(&bytes)? };
        Ok(Self { value, bytes })
    }
}

/// Reads a body. Nothing of what it says stands in the error: it may be an address.
fn read<T: DeserializeOwned>(bytes: &[u8]) -> Result<T, Problem> {
    let mut json = serde_json::Deserializer::from_slice(bytes);
    let value = serde_path_to_error::deserialize(&mut json).map_err(|error| {
        let path = error.path().to_string();
        let field = if path == "." { String::new() } else { path };
        match error.inner().classify() {
            serde_json::error::Category::Data => {
                let message = "is missing, not known, or not of the right kind; see /docs";
                Problem::field(field, "form", message)
            }
            _ => Problem::new(Kind::Unreadable, "the body is not JSON, or is cut off"),
        }
    })?;
    json.end().map_err(|_| Problem::new(Kind::Unreadable, "send one JSON object"))?;
    Ok(value)
}

fn is_json(headers: &HeaderMap) -> bool {
    let mut types = headers.get_all(header::CONTENT_TYPE).iter();
    let (Some(kind), None) = (types.next(), types.next()) else { return false };
    let kind = kind.to_str().unwrap_or_default();
    let kind = kind.split(';').next().unwrap_or_default().trim();
    kind.eq_ignore_ascii_case("application/json")
}
