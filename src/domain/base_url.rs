//! The address under which the service is reached: the only source of links and origins.

use std::fmt;
use std::net::IpAddr;

use url::{Host, Url};

/// Scheme, host and port, nothing else: `https://privacy.example.org`. No slash at the end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl {
    origin: String,
    host: String,
    port: u16,
    secure: bool,
    loopback: bool,
}

/// Why a text is no base URL.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum BaseUrlError {
    /// Not a web address.
    #[error("write a whole address such as \"https://privacy.example.org\"")]
    Form,
    /// Plain http beyond this machine.
    #[error("write https://; http:// is for this machine alone (127.0.0.1, [::1], localhost)")]
    Insecure,
    /// More than scheme, host and port.
    #[error("write only scheme and host, without path, query, user or fragment")]
    Extra,
}

impl BaseUrl {
    /// Reads one. `http` only for this machine.
    ///
    /// ```
    /// # use rightsdesk::domain::base_url::BaseUrl;
    /// let base = BaseUrl::parse("https://privacy.example.org/").unwrap();
    /// assert_eq!(base.link("/requests"), "https://privacy.example.org/requests");
    /// assert!(BaseUrl::parse("http://privacy.example.org").is_err());
    /// ```
    pub fn parse(text: &str) -> Result<Self, BaseUrlError> {
        let url = Url::parse(text).map_err(|_| BaseUrlError::Form)?;
        let secure = match url.scheme() {
            "https" => true,
            "http" => false,
            _ => return Err(BaseUrlError::Form),
        };
        let host = url.host().ok_or(BaseUrlError::Form)?;
        let loopback = is_loopback(&host);
        if !secure && !loopback {
            return Err(BaseUrlError::Insecure);
        }
        let bare = url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        let port = url.port_or_known_default().ok_or(BaseUrlError::Form)?;
        bare.then(|| Self {
            origin: url.origin().ascii_serialization(),
            host: host.to_string(),
            port,
            secure,
            loopback,
        })
        .ok_or(BaseUrlError::Extra)
    }

    /// The address without a slash at the end; also the `Origin` that a browser sends
    /// (RFC 6454, 6.2).
    pub fn as_str(&self) -> &str {
        &self.origin
    }

    /// The host: a lower-case name, or an address (IPv6 in brackets).
    pub fn host(&self) -> &str {
        &self.host
    }

    /// The port, written or not.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// Whether it is https, so that cookies can be `Secure`.
    pub fn is_secure(&self) -> bool {
        self.secure
    }

    /// Whether it names this machine alone.
    pub fn is_loopback(&self) -> bool {
        self.loopback
    }

    /// A whole link. `path` begins with a slash.
    pub fn link(&self, path: &str) -> String {
        format!("{}{path}", self.origin)
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.origin)
    }
}

/// Whether a host of a URL is this machine. `localhost` and names under it never leave it
/// (RFC 6761, 6.3).
pub fn is_loopback(host: &Host<&str>) -> bool {
    match host {
        Host::Domain(name) => *name == "localhost" || name.ends_with(".localhost"),
        Host::Ipv4(address) => IpAddr::V4(*address).is_loopback(),
        Host::Ipv6(address) => IpAddr::V6(*address).is_loopback(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn https_anywhere_and_http_at_home() {
        for (text, origin) in [
            ("https://privacy.example.org", "https://privacy.example.org"),
            ("https://Privacy.Example.org:443/", "https://privacy.example.org"),
            ("https://privacy.example.org:8443", "https://privacy.example.org:8443"),
            ("http://127.0.0.1:8080", "http://127.0.0.1:8080"),
            ("http://127.8.0.1", "http://127.8.0.1"),
            ("http://[::1]:8080", "http://[::1]:8080"),
            ("http://localhost:8080", "http://localhost:8080"),
        ] {
            assert_eq!(BaseUrl::parse(text).unwrap().as_str(), origin);
        }
        assert!(BaseUrl::parse("https://a.example").unwrap().is_secure());
        assert_eq!(BaseUrl::parse("http://localhost:81").unwrap().port(), 81);
    }

    #[test]
    fn what_is_no_base_url() {
        for (text, error) in [
            ("", BaseUrlError::Form),
            ("privacy.example.org", BaseUrlError::Form),
            ("ftp://privacy.example.org", BaseUrlError::Form),
            ("http://privacy.example.org", BaseUrlError::Insecure),
            ("http://0.0.0.0:8080", BaseUrlError::Insecure),
            ("http://localhost.example.org", BaseUrlError::Insecure),
            ("https://example.org/privacy", BaseUrlError::Extra),
            ("https://example.org/?a=b", BaseUrlError::Extra),
            ("https://example.org/#a", BaseUrlError::Extra),
            ("https://user@example.org", BaseUrlError::Extra),
        ] {
            assert_eq!(BaseUrl::parse(text), Err(error), "{text}");
        }
    }
}
