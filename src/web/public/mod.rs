//! The public listener: pages for people without an account, their forms, and downloads.
//!
//! Every handler reads what came in, calls one use case of [`Desk`], and shows a page of
//! [`super::view`] or sends the browser on (303). GET and HEAD change nothing, save the record of a
//! download.

mod about;
mod download;
mod frame;
mod intake;
mod receipt;
mod shown;
mod status;
mod stop;
mod trouble;
mod verify;

#[cfg(test)]
pub(super) mod testing;
#[cfg(test)]
mod tests;

use std::sync::Arc;

use axum::Router;
use axum::http::{HeaderMap, Uri, header};
use axum::middleware;
use axum::routing::{get, post};
use tokio_util::task::TaskTracker;
use url::Url;

use crate::domain::duration::{Period, Unit};
use crate::domain::settings::Organisation;
use crate::service::{Desk, Settings};
use crate::web::edge::client::TrustedProxies;
use crate::web::edge::cookie::Cookies;
use crate::web::edge::headers::HeaderPolicy;
use crate::web::edge::limit::{LimitLayer, Quotas};
use crate::web::edge::origin::{OriginRule, Silent};
use crate::web::edge::{Fence, PUBLIC_BODY};
use crate::web::fetch::ReadArchive;
use crate::web::view::{self, Message, Term};

use frame::Tongue;
use trouble::Trouble;

/// What the handlers of the public pages share. Cheap to clone.
#[derive(Clone)]
pub struct Site(Arc<Shared>);

struct Shared {
    desk: Desk,
    base_url: Url,
    cookies: Cookies,
    org: Arc<view::Organisation>,
    retention: view::Retention,
    signing_key: String,
    read_archive: ReadArchive,
    recordings: TaskTracker,
}

impl Site {
    /// A site for `desk`. `signing_key` is the public key that archives are signed with, as
    /// minisign writes it. Records of downloads are written on `recordings`, which shutdown waits
    /// for.
    ///
    /// # Panics
    /// Never: a base URL has been read as a URL before.
    pub fn new(
        desk: Desk,
        signing_key: String,
        read_archive: ReadArchive,
        recordings: TaskTracker,
    ) -> Self {
        let settings = desk.settings();
        let base_url = Url::parse(settings.base_url.as_str()).expect("a base URL is a URL");
        Self(Arc::new(Shared {
            cookies: Cookies::new(&base_url),
            base_url,
            org: Arc::new(shown(&settings.organisation)),
            retention: retention(settings),
            signing_key,
            read_archive,
            recordings,
            desk,
        }))
    }

    /// The frame of a page of another room at `here`, in the language that the request asks for.
    pub fn frame(&self, uri: &Uri, headers: &HeaderMap, here: &str) -> view::Frame {
        let accept = headers.get(header::ACCEPT_LANGUAGE);
        Tongue::of(self, uri, accept).frame(self, here.to_owned())
    }

    /// Where the site is.
    pub fn base_url(&self) -> &str {
        self.desk().settings().base_url.as_str()
    }

    fn desk(&self) -> &Desk {
        &self.0.desk
    }

    /// The host of the site, as people know it.
    fn host(&self) -> Option<String> {
        self.0.base_url.host_str().map(ToOwned::to_owned)
    }

    fn promise_hours(&self) -> u64 {
        self.desk().settings().promise_hours.into()
    }
}

impl std::fmt::Debug for Site {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Site(…)")
    }
}

/// All routes of the public listener. Other routes may be merged in; [`fenced`] comes last.
pub fn router(site: Site) -> Router {
    let not_found = async || Trouble::from(Message::NotFound);
    let not_allowed = async || Trouble::from(Message::MethodNotAllowed);
    Router::new()
        .route("/", get(intake::start))
        .route("/requests", post(intake::submit))
        .route("/requests/{reference}/sent", get(verify::sent))
        .route("/requests/{reference}/verify", post(verify::by_reference))
        .route("/requests/{reference}/code", post(verify::code_by_reference))
        .route("/verify/{token}", get(verify::show).post(verify::by_token))
        .route("/verify/{token}/code", post(verify::code_by_token))
        .route("/verify/{token}/not-me", post(verify::not_me))
        .route("/verify/{token}/resume", post(verify::resume))
        .route("/stop/{token}", get(stop::show).post(stop::stop))
        .route("/status/{token}", get(status::show))
        .route("/status/{token}/code", post(status::code))
        .route("/status/{token}/unlock", post(status::unlock))
        .route("/status/{token}/withdraw", post(status::withdraw))
        .route("/status/{token}/undo", post(status::undo))
        .route("/status/{token}/receipt/{file}", get(receipt::fetch))
        .route("/status/{token}/renew", post(status::renew))
        .route("/status/{token}/messages", post(status::write))
        .route("/status/{token}/download-code", post(status::download_code))
        .route("/status/{token}/download", post(status::download))
        .route("/downloads/{session}/{file}", get(download::fetch))
        .route("/privacy", get(about::privacy))
        .route("/accessibility", get(about::accessibility))
        .route("/.well-known/gpc.json", get(about::gpc))
        .route("/.well-known/security.txt", get(about::security))
        .route("/.well-known/rightsdesk-signing-key.pub", get(about::signing_key))
        .route("/healthz", get(about::healthz))
        .route("/readyz", get(about::readyz))
        .route("/assets/{name}", get(about::asset))
        .fallback(not_found)
        .method_not_allowed_fallback(not_allowed)
        .layer(middleware::from_fn_with_state(site.clone(), trouble::say))
        .with_state(site)
}

/// Puts the edge's layers around `router`: limits a client, security headers, refusals as pages in
/// the browser's language. `proxies` are believed when they say for whom they ask.
pub fn fenced(site: Site, router: Router, quotas: &Quotas, proxies: TrustedProxies) -> Router {
    let https = site.desk().settings().base_url.is_secure();
    let fence = Fence {
        headers: HeaderPolicy::public(https),
        limits: LimitLayer::new(quotas, proxies),
        origin: OriginRule::new(&site.0.base_url, Silent::PassWithoutCookie),
        body: PUBLIC_BODY,
        meter: site.desk().meter().clone(),
        renderer: Arc::new(move |asked, refusal| trouble::refused(&site, asked, refusal)),
    };
    fence.around(router)
}

fn shown(organisation: &Organisation) -> view::Organisation {
    view::Organisation {
        name: organisation.name.clone(),
        contact: organisation.contact.as_ref().map(|contact| contact.as_str().to_owned()),
        postal: organisation.postal.clone(),
        privacy_url: organisation.privacy_url.clone(),
        authority: organisation.authority.clone(),
    }
}

fn retention(settings: &Settings) -> view::Retention {
    view::Retention {
        lapse: term(settings.lapse),
        archive: term(settings.keep),
        closed: term(settings.retention.closed),
        register: term(settings.retention.skeleton),
    }
}

/// A configured length of time as pages say it.
fn term(period: Period) -> Term {
    let count = u64::from(period.count());
    match period.unit() {
        Unit::Seconds => Term::Minutes(count.div_ceil(60)),
        Unit::Minutes => Term::Minutes(count),
        Unit::Hours => Term::Hours(count),
        Unit::Days => Term::Days(count),
        Unit::Weeks => Term::Days(7 * count),
        Unit::Months => Term::Months(count),
        Unit::Years => Term::Years(count),
    }
}
