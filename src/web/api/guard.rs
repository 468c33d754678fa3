//! Who is at the door: a token, and whether it is good for this route.

use std::ops::Deref;
use std::sync::Arc;

use axum::extract::{FromRequestParts, Request, State};
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

use super::Api;
use super::problem::{Kind, Problem};
use crate::domain::token::{Bearer, Grant, TokenScope};
use crate::service::token::{ApiToken, NotLetIn};
use crate::web::edge::client::ClientIp;

/// The token of a program that the guard has let in.
#[derive(Debug, Clone)]
pub(super) struct Caller(Arc<ApiToken>);

impl Caller {
    /// What it may do.
    pub(super) fn grant(&self) -> &Grant {
        &self.0.grant
    }
}

impl Deref for Caller {
    type Target = ApiToken;

    fn deref(&self) -> &ApiToken {
        &self.0
    }
}

impl<S: Send + Sync> FromRequestParts<S> for Caller {
    type Rejection = Problem;

    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Problem> {
        parts.extensions.get().cloned().ok_or_else(no_token)
    }
}

fn no_token() -> Problem {
    Problem::new(
        Kind::NoToken,
        "send `Authorization: Bearer rdk_…`; `rightsdesk token create` makes one",
    )
}

/// Layer: lets a program with a good token for `scope` through.
pub(super) async fn check(
    State((api, scope)): State<(Api, TokenScope)>,
    mut request: Request,
    next: Next,
) -> Response {
    let shown = bearer(request.headers());
    let client = request.extensions().get::<ClientIp>().copied();
    match let_in(&api, scope, shown, client).await {
        Ok(caller) => {
            request.extensions_mut().insert(caller);
            next.run(request).await
        }
        Err(problem) => problem.into_response(),
    }
}

async fn let_in(
    api: &Api,
    scope: TokenScope,
    shown: Option<Bearer>,
    client: Option<ClientIp>,
) -> Result<Caller, Problem> {
    let (Some(bearer), Some(client)) = (shown, client) else { return Err(no_token()) };
    match api.desk().let_in(&bearer, client.0).await? {
        Ok(token) if token.grant.allows(scope) => Ok(Caller(Arc::new(token))),
        Ok(_) => Err(Problem::new(Kind::Scope, format!("make a token with --scope {scope}"))),
        Err(NotLetIn::Unknown) => Err(no_token()),
        Err(NotLetIn::Elsewhere) => {
            Err(Problem::new(Kind::Elsewhere, "call from one of the networks it was made for"))
        }
    }
}

/// The one token of the one header.
fn bearer(headers: &HeaderMap) -> Option<Bearer> {
    let mut values = headers.get_all(header::AUTHORIZATION).iter();
    let (Some(value), None) = (values.next(), values.next()) else { return None };
    let (scheme, secret) = value.to_str().ok()?.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| Bearer::parse(secret.trim()))?
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::{SeededEntropy, Token};

    #[test]
    fn a_token_stands_in_one_header_alone() {
        let secret = Bearer::new(Token::draw(&SeededEntropy::new(1)));
        let text = secret.to_text();
        let read = |values: &[&str]| {
            let mut headers = HeaderMap::new();
            for value in values {
                headers.append(header::AUTHORIZATION, value.parse().unwrap());
            }
            bearer(&headers)
        };
        assert_eq!(read(&[&format!("Bearer {text}")]), Some(secret.clone()));
        assert_eq!(read(&[&format!("bearer  {text}")]), Some(secret));
        for wrong in [&text, &format!("Basic {text}"), "Bearer", "Bearer ", ""] {
            assert_eq!(read(&[wrong]), None, "{wrong}");
        }
        let twice = format!("Bearer {text}");
        assert_eq!(read(&[&twice, &twice]), None);
    }
}
