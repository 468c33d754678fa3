//! What goes wrong, as pages in the language of whoever asked.

use askama::Template;
use axum::extract::{MatchedPath, Request, State};
use axum::http::{Method, StatusCode, header};
use axum::middleware::Next;
use axum::response::{Html, IntoResponse, Response};

use super::Site;
use super::frame::Tongue;
use crate::service::ServiceError;
use crate::web::edge::refusal::{Asked, Refusal};
use crate::web::view::{Message, MessagePage, Term};

/// Why a handler shows no page of its own.
#[derive(Debug)]
pub(super) enum Trouble {
    /// A message says it all.
    Say(Message),
    /// The use case was not carried out.
    Service(ServiceError),
}

impl From<Message> for Trouble {
    fn from(message: Message) -> Self {
        Self::Say(message)
    }
}

impl From<ServiceError> for Trouble {
    fn from(error: ServiceError) -> Self {
        Self::Service(error)
    }
}

impl Trouble {
    /// What the person is told. Our own trouble is logged here, once and by its word alone.
    fn message(&self) -> Message {
        match self {
            Self::Say(message) => *message,
            Self::Service(error) => {
                tracing::error!(error = error.word(), "a page could not be made");
                if error.is_passing() { Message::Unavailable } else { Message::Failed }
            }
        }
    }
}

/// Marks an answer whose page [`say`] makes.
#[derive(Debug, Clone, Copy)]
struct Said(Message);

impl IntoResponse for Trouble {
    fn into_response(self) -> Response {
        let message = self.message();
        let mut response = status(message).into_response();
        response.extensions_mut().insert(Said(message));
        response
    }
}

/// Layer: makes the page of every answer that only carries a message.
pub(super) async fn say(State(site): State<Site>, request: Request, next: Next) -> Response {
    let tongue = Tongue::of(&site, request.uri(), request.headers().get(header::ACCEPT_LANGUAGE));
    // The language switch leads back to a page that there is; a made-up path is not repeated.
    let read = matches!(*request.method(), Method::GET | Method::HEAD);
    let known = read && request.extensions().get::<MatchedPath>().is_some();
    let here = if known { request.uri().path().to_owned() } else { "/".to_owned() };
    let response = next.run(request).await;
    let Some(Said(message)) = response.extensions().get().copied() else { return response };
    let page = MessagePage::new(tongue.frame(&site, here), message, None);
    let mut said = html(status(message), &page);
    if let Some(allow) = response.headers().get(header::ALLOW) {
        said.headers_mut().insert(header::ALLOW, allow.clone());
    }
    said
}

/// The page of something that the edge refused.
pub(super) fn refused(site: &Site, asked: &Asked, refusal: Refusal) -> Response {
    let message = match refusal {
        Refusal::CrossOrigin => Message::CrossOrigin,
        Refusal::BodyTooLarge => Message::TooLarge,
        Refusal::BodyTooSlow | Refusal::NotAForm | Refusal::BrokenForm => Message::Unreadable,
        Refusal::TooManyRequests { retry_after } => {
            Message::TooMany(Term::wait(retry_after.as_secs()))
        }
        Refusal::Crashed => Message::Failed,
    };
    let tongue = Tongue::of(site, &asked.uri, asked.accept_language.as_ref());
    let page = MessagePage::new(tongue.frame(site, "/".to_owned()), message, None);
    html(refusal.status(), &page)
}

/// A page with its status.
pub(super) fn html(status: StatusCode, page: &impl Template) -> Response {
    let Ok(text) = page.render() else {
        tracing::error!(error = "template", "a page could not be made");
        return StatusCode::INTERNAL_SERVER_ERROR.into_response();
    };
    (status, Html(text)).into_response()
}

/// The status that goes with a message.
fn status(message: Message) -> StatusCode {
    StatusCode::from_u16(message.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}
