//! Refusals of the edge, and how they become pages.
//!
//! A layer that refuses answers with a bare response that carries a [`Refusal`]. One layer further
//! out sees it and asks the handed-in [`Renderer`] for the page, so that the layers know nothing of
//! languages or templates.

use std::fmt;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::Duration;

use axum::extract::{Request, State};
use axum::http::{HeaderValue, Method, StatusCode, Uri, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};

/// Why a request did not reach its handler, or did not come back from it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Another site caused a request that changes something: 403.
    CrossOrigin,
    /// The body is larger than the route takes: 413.
    BodyTooLarge,
    /// The body did not arrive in time: 408.
    BodyTooSlow,
    /// The body is no `application/x-www-form-urlencoded` form: 415.
    NotAForm,
    /// The form is broken: not UTF-8, too many fields, cut off: 400.
    BrokenForm,
    /// Too many requests from one client: 429.
    TooManyRequests {
        /// When to come back; whole seconds, at least one.
        retry_after: Duration,
    },
    /// The handler panicked: 500.
    Crashed,
}

impl Refusal {
    /// The status of the answer, whatever its page says.
    pub fn status(self) -> StatusCode {
        match self {
            Self::CrossOrigin => StatusCode::FORBIDDEN,
            Self::BodyTooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            Self::BodyTooSlow => StatusCode::REQUEST_TIMEOUT,
            Self::NotAForm => StatusCode::UNSUPPORTED_MEDIA_TYPE,
            Self::BrokenForm => StatusCode::BAD_REQUEST,
            Self::TooManyRequests { .. } => StatusCode::TOO_MANY_REQUESTS,
            Self::Crashed => StatusCode::INTERNAL_SERVER_ERROR,
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let mut response = self.status().into_response();
        response.extensions_mut().insert(self);
        response
    }
}

/// What a [`Renderer`] may know of the request: enough to choose a language.
#[derive(Clone)]
pub struct Asked {
    /// The method.
    pub method: Method,
    /// Path and query. Never to be logged.
    pub uri: Uri,
    /// The browser's languages.
    pub accept_language: Option<HeaderValue>,
}

impl fmt::Debug for Asked {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Asked").field("method", &self.method).finish_non_exhaustive()
    }
}

/// Makes the page of a refusal. Status and `Retry-After` are set on whatever it returns.
pub type Renderer = Arc<dyn Fn(&Asked, Refusal) -> Response + Send + Sync>;

/// Layer: puts a page in the place of every bare refusal that comes out of `next`.
pub(super) async fn render(
    State(renderer): State<Renderer>,
    request: Request,
    next: Next,
) -> Response {
    let asked = Asked {
        method: request.method().clone(),
        uri: request.uri().clone(),
        accept_language: request.headers().get(header::ACCEPT_LANGUAGE).cloned(),
    };
    let response = next.run(request).await;
    match response.extensions().get::<Refusal>() {
        Some(&refusal) => page(&renderer, &asked, refusal),
        None => response,
    }
}

fn page(renderer: &Renderer, asked: &Asked, refusal: Refusal) -> Response {
    // A page that panics, too, must not take the connection down: the status alone says enough.
    let mut response = catch_unwind(AssertUnwindSafe(|| renderer(asked, refusal)))
        .unwrap_or_else(|_| refusal.status().into_response());
    *response.status_mut() = refusal.status();
    if let Refusal::TooManyRequests { retry_after } = refusal {
        response.headers_mut().insert(header::RETRY_AFTER, retry_after.as_secs().into());
    }
    response
}
