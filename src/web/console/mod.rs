//! The console: what staff see and decide. A listener of its own, no script, and one table of routes
//! ([`routes`]) with an action each, which the guard asks before any handler.

mod account;
mod accounts;
mod bulk;
mod case;
mod child;
mod enrol;
mod enter;
mod guard;
mod queue;
mod replays;
mod report;
mod routes;
mod sign_in;
#[cfg(test)]
mod tests;
mod visit;
mod webhooks;

use std::io;
use std::sync::Arc;

use axum::Router;
use axum::response::Response;
use futures::future::BoxFuture;
use tokio::sync::Semaphore;
use url::Url;

use crate::domain::base_url::BaseUrl;
use crate::service::Desk;
use crate::service::case::OpenItem;
use crate::web::edge::Fence;
use crate::web::edge::client::TrustedProxies;
use crate::web::edge::cookie::Cookies;
use crate::web::edge::headers::HeaderPolicy;
use crate::web::edge::limit::{LimitLayer, Quotas};
use crate::web::edge::origin::{OriginRule, Silent};
use crate::web::edge::refusal::{Asked, Refusal};
use crate::web::view;
use crate::web::view::console::Said;

/// Reads the beginning of something that [`Desk::open_item`] has opened.
pub type ReadItem = Arc<dyn Fn(OpenItem) -> BoxFuture<'static, io::Result<Vec<u8>>> + Send + Sync>;

/// What the console's handlers share. Cheap to clone.
#[derive(Clone)]
pub struct Console(Arc<Shared>);

struct Shared {
    desk: Desk,
    base_url: Url,
    cookies: Cookies,
    org: Arc<view::Organisation>,
    read_item: ReadItem,
    /// Uploads that may be held in memory at once.
    uploads: Semaphore,
}

/// How many uploads are held in memory at once; further ones wait before anything of them is read.
const UPLOADS: usize = 4;

impl std::fmt::Debug for Console {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Console(…)")
    }
}

impl Console {
    /// A console for `desk`, which staff reach at `base_url`. Single things of archives are read with
    /// `read_item`.
    ///
    /// # Panics
    /// Never: a base URL has been read as a URL before.
    pub fn new(desk: Desk, base_url: &BaseUrl, read_item: ReadItem) -> Self {
        let base_url = Url::parse(base_url.as_str()).expect("a base URL is a URL");
        let org = view::Organisation {
            name: desk.settings().organisation.name.clone(),
            ..view::Organisation::default()
        };
        let cookies = Cookies::new(&base_url);
        let uploads = Semaphore::new(UPLOADS);
        Self(Arc::new(Shared { desk, base_url, cookies, org: Arc::new(org), read_item, uploads }))
    }

    fn desk(&self) -> &Desk {
        &self.0.desk
    }
}

/// All of the console, with the edge's layers around it. `proxies` are believed when they say for
/// whom they ask.
pub fn fenced(console: &Console, quotas: &Quotas, proxies: TrustedProxies) -> Router {
    let site = console.clone();
    let fence = Fence {
        headers: HeaderPolicy::public(console.0.base_url.scheme() == "https"),
        limits: LimitLayer::new(quotas, proxies),
        origin: OriginRule::new(&console.0.base_url, Silent::Refuse),
        // The table of routes has a limit for each; this is the largest of them.
        body: enter::BODY,
        meter: console.desk().meter().clone(),
        renderer: Arc::new(move |asked, refusal| refused(&site, asked, refusal)),
    };
    fence.around(routes::router(console))
}

/// The page of something that the edge refused.
fn refused(console: &Console, asked: &Asked, refusal: Refusal) -> Response {
    let said = match refusal {
        Refusal::CrossOrigin => Said::CrossOrigin,
        Refusal::BodyTooLarge | Refusal::BodyTooSlow | Refusal::NotAForm | Refusal::BrokenForm => {
            Said::Unreadable
        }
        Refusal::TooManyRequests { .. } => Said::Busy,
        Refusal::Crashed => Said::Failed,
    };
    visit::message(console, &asked.uri, asked.accept_language.as_ref(), said)
}
