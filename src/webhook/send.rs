//! One call of an endpoint.

use std::error::Error;
use std::io;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::header::{CONTENT_TYPE, HeaderValue};
use reqwest::{Client, redirect, retry};

use super::sign::signatures;
use super::{Endpoint, Message};
use crate::domain::webhook::DeliveryTrouble;

const CONNECT: Duration = Duration::from_secs(5);
const USER_AGENT: &str = concat!("rightsdesk/", env!("CARGO_PKG_VERSION"));

/// Answers every name with the addresses that were checked: what the name has by now, nobody asks.
struct Pinned(Vec<SocketAddr>);

impl Resolve for Pinned {
    fn resolve(&self, _: Name) -> Resolving {
        let addresses: Addrs = Box::new(self.0.clone().into_iter());
        Box::pin(async { Ok(addresses) })
    }
}

/// Sends a message to one of `addresses` and gives the status of the answer. What follows the
/// status line is not read.
pub(super) async fn post(
    endpoint: &Endpoint,
    addresses: Vec<SocketAddr>,
    message: Message<'_>,
    now: Timestamp,
) -> Result<u16, DeliveryTrouble> {
    // A client each: nothing of a call, no connection and no address, serves another one.
    let client = Client::builder()
        .dns_resolver(Arc::new(Pinned(addresses)))
        .redirect(redirect::Policy::none())
        .retry(retry::never())
        .no_proxy()
        .referer(false)
        .https_only(endpoint.url.scheme() == "https")
        .connect_timeout(CONNECT)
        .pool_max_idle_per_host(0)
        .user_agent(USER_AGENT)
        .build()
        .map_err(|error| trouble(&error))?;
    let seconds = now.as_second();
    let signed = signatures(&endpoint.secrets, message.id, seconds, message.body);
    let sent = client
        .post(endpoint.url.clone())
        .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
        .header("webhook-id", message.id)
        .header("webhook-timestamp", seconds)
        .header("webhook-signature", signed)
        .body(message.body.to_owned())
        .send()
        .await;
    sent.map(|answer| answer.status().as_u16()).map_err(|error| trouble(&error))
}

/// The kind of an error. Its text may quote the address, and is dropped here.
fn trouble(error: &reqwest::Error) -> DeliveryTrouble {
    if error.is_timeout() {
        DeliveryTrouble::Timeout
    } else if is_about_tls(error) {
        DeliveryTrouble::Tls
    } else if error.is_connect() {
        DeliveryTrouble::Unreachable
    } else {
        DeliveryTrouble::Broken
    }
}

/// Whether TLS is at the bottom of it.
fn is_about_tls(error: &(dyn Error + 'static)) -> bool {
    let inner = error.downcast_ref::<io::Error>().and_then(io::Error::get_ref);
    let inner = inner.map(|inner| inner as &(dyn Error + 'static));
    error.is::<rustls::Error>()
        || inner.is_some_and(is_about_tls)
        || error.source().is_some_and(is_about_tls)
}
