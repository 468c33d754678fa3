//! Webhook endpoints: where they are, who may be called, and how a message gets there, as
//! [Standard Webhooks](https://www.standardwebhooks.com) has it.
//!
//! An endpoint's address is resolved and checked at every try, and the connection goes to exactly
//! the addresses that were checked. Redirects are not followed, proxies of the environment not
//! asked, and of an answer only the status is looked at.

mod address;
mod send;
mod sign;
#[cfg(test)]
pub(crate) mod testing;
#[cfg(test)]
mod tests;

use std::collections::BTreeMap;
use std::fmt;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use jiff::Timestamp;
use tokio::time::timeout;
use url::Url;

pub use address::{Resolve, SystemResolver};
pub use sign::{SecretFault, SigningSecret};

use crate::domain::webhook::{Answer, DeliveryTrouble};

/// From looking up the name to the status of the answer.
const TOTAL: Duration = Duration::from_secs(15);

/// Somebody who is told.
#[derive(Clone)]
pub struct Endpoint {
    url: Url,
    /// The newest first.
    secrets: Vec<SigningSecret>,
    allow_private: bool,
}

impl fmt::Debug for Endpoint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        // The URL may be a secret as a whole.
        f.write_str("Endpoint(…)")
    }
}

/// Why a text is no address of an endpoint.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum EndpointFault {
    /// Not a web address.
    #[error("write a whole address such as \"https://example.org/hooks/privacy\"")]
    Form,
    /// Plain http to the internet.
    #[error("write https://; http:// only beside `allow_private = true`")]
    Insecure,
    /// Credentials or a fragment.
    #[error("write it without user, password and fragment; messages are signed instead")]
    Extra,
    /// An address that is never called, or only where private ones are allowed.
    #[error("that address is not public; `allow_private = true` allows those of your own network")]
    Private,
}

impl Endpoint {
    /// An endpoint at `url`. While a secret is being replaced the old one signs too.
    /// `allow_private` lets it stand in a network of one's own, and be plain http.
    pub fn new(
        url: &str,
        secret: SigningSecret,
        old_secret: Option<SigningSecret>,
        allow_private: bool,
    ) -> Result<Self, EndpointFault> {
        let url = Url::parse(url).map_err(|_| EndpointFault::Form)?;
        match url.scheme() {
            "https" => {}
            "http" if allow_private => {}
            "http" => return Err(EndpointFault::Insecure),
            _ => return Err(EndpointFault::Form),
        }
        let has_credentials = !url.username().is_empty() || url.password().is_some();
        if has_credentials || url.fragment().is_some() {
            return Err(EndpointFault::Extra);
        }
        if let Some(written) = address::written(&url)
            && !address::may_be_called(written, allow_private)
        {
            return Err(EndpointFault::Private);
        }
        let secrets = [secret].into_iter().chain(old_secret).collect();
        Ok(Self { url, secrets, allow_private })
    }
}

/// A message as it is sent.
#[derive(Debug, Clone, Copy)]
pub struct Message<'m> {
    /// The same at every try, so that a receiver can tell a second one.
    pub id: &'m str,
    /// The same bytes at every try.
    pub body: &'m str,
}

/// All endpoints, by name.
#[derive(Debug, Clone)]
pub struct Webhooks {
    endpoints: Arc<BTreeMap<String, Endpoint>>,
    resolver: Arc<dyn Resolve>,
}

impl Default for Webhooks {
    /// No endpoint at all.
    fn default() -> Self {
        Self::new(BTreeMap::new(), Arc::new(SystemResolver))
    }
}

impl Webhooks {
    /// Endpoints whose names `resolver` looks up.
    pub fn new(endpoints: BTreeMap<String, Endpoint>, resolver: Arc<dyn Resolve>) -> Self {
        Self { endpoints: Arc::new(endpoints), resolver }
    }

    /// The names, sorted.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.endpoints.keys().map(String::as_str)
    }

    /// Sends a message at `now`, once. `None` when there is no endpoint of that name.
    pub async fn send(&self, name: &str, message: Message<'_>, now: Timestamp) -> Option<Answer> {
        let endpoint = self.endpoints.get(name)?;
        let sent = async {
            let addresses = self.addresses(endpoint).await?;
            send::post(endpoint, addresses, message, now).await
        };
        let answer = timeout(TOTAL, sent).await.unwrap_or(Err(DeliveryTrouble::Timeout));
        Some(answer.map_or_else(Answer::Trouble, Answer::Status))
    }

    /// How many addresses an endpoint has, all of which may be called; sends nothing. `None` when
    /// there is no endpoint of that name.
    pub async fn check(&self, name: &str) -> Option<Result<usize, DeliveryTrouble>> {
        let endpoint = self.endpoints.get(name)?;
        let looked_up = timeout(TOTAL, self.addresses(endpoint)).await;
        let addresses = looked_up.unwrap_or(Err(DeliveryTrouble::Timeout));
        Some(addresses.map(|addresses| addresses.len()))
    }

    /// The addresses of an endpoint. One that may not be called spoils all of them: whoever answers
    /// for the name could send us there next time.
    async fn addresses(&self, endpoint: &Endpoint) -> Result<Vec<SocketAddr>, DeliveryTrouble> {
        let url = &endpoint.url;
        let port = url.port_or_known_default().unwrap_or(443);
        let addresses = match (address::written(url), url.host_str()) {
            (Some(written), _) => vec![SocketAddr::new(written, port)],
            (None, Some(name)) => {
                self.resolver.resolve(name, port).await.map_err(|_| DeliveryTrouble::NoAddress)?
            }
            (None, None) => Vec::new(),
        };
        if addresses.is_empty() {
            return Err(DeliveryTrouble::NoAddress);
        }
        let all = |one: &SocketAddr| address::may_be_called(one.ip(), endpoint.allow_private);
        if addresses.iter().all(all) { Ok(addresses) } else { Err(DeliveryTrouble::AddressRefused) }
    }
}
