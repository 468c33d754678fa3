//! The edge: what stands between the open internet and our handlers.
//!
//! [`serve`] takes connections and lets go of those that cost too much. [`Fence`] puts the layers
//! around a router, from the outside in:
//!
//! | layer | does |
//! | --- | --- |
//! | `log` | one line an answer: route and status, never the path; and its metrics |
//! | `headers` | security headers on every answer |
//! | `refusal` | turns what the layers below refuse into pages |
//! | panics | become a 500 that says nothing |
//! | `limit` | 429 for a client that asks too often |
//! | `origin` | 403 for what another site caused |
//! | `body` | 413 for a body too large |
//!
//! The rest is for handlers: [`form`], [`upload`], [`cookie`], [`range`], [`client`].

mod body;
#[cfg(test)]
mod capture;
pub mod client;
pub mod cookie;
mod crowd;
pub mod form;
pub mod headers;
pub mod limit;
mod log;
pub mod origin;
pub mod panic;
pub mod range;
pub mod refusal;
mod serve;
mod stall;
#[cfg(test)]
mod tests;
pub mod upload;

use std::any::Any;

use axum::response::{IntoResponse, Response};
use axum::{Router, middleware};
use tower_http::catch_panic::CatchPanicLayer;

use crate::meter::Meter;

pub use body::{limit as limit_body, refusal_of};
pub use serve::{ServeLimits, serve};

/// Bytes of a body on public routes: the longest form is a tenth of that.
pub const PUBLIC_BODY: usize = 64 * 1024;

/// The layers around one site's router.
pub struct Fence {
    /// Makes the pages of refusals.
    pub renderer: refusal::Renderer,
    /// The security headers.
    pub headers: headers::HeaderPolicy,
    /// How often one client may ask.
    pub limits: limit::LimitLayer,
    /// Where requests that change something may come from.
    pub origin: origin::OriginRule,
    /// The largest body, in bytes, that any route takes; public routes have [`PUBLIC_BODY`].
    pub body: usize,
    /// Counts and times the answers.
    pub meter: Meter,
}

impl Fence {
    /// Puts the layers around `router`, its fallbacks included: set those before.
    pub fn around(self, router: Router) -> Router {
        let refused = |_: Box<dyn Any + Send>| -> Response {
            // The hook has told where; what was being worked on stays untold.
            refusal::Refusal::Crashed.into_response()
        };
        router
            .layer(middleware::from_fn_with_state(self.body, body::limit))
            .layer(middleware::from_fn_with_state(self.origin, origin::check))
            .layer(self.limits)
            .layer(CatchPanicLayer::custom(refused))
            .layer(middleware::from_fn_with_state(self.renderer, refusal::render))
            .layer(middleware::from_fn_with_state(self.headers, headers::set))
            .layer(middleware::from_fn_with_state(self.meter, log::access))
    }
}
