//! Where the mail server is and how it is spoken to.

use std::fmt;
use std::net::IpAddr;
use std::time::Duration;

use lettre::transport::smtp::client::{Certificate, TlsParameters};
use url::{Host, Url};
use zeroize::Zeroizing;

const SUBMISSIONS_PORT: u16 = 465;
const SUBMISSION_PORT: u16 = 587;

/// Why a mail server's settings are not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum SettingsError {
    /// No URL of the right form.
    #[error("write smtps://HOST[:PORT] or smtp://HOST[:PORT]")]
    Form,
    /// A user or a password in the URL.
    #[error("user and password do not belong into the URL; use [mail] user and password")]
    Login,
    /// Something else after the host.
    #[error("after the host only ?tls=required or, with smtp://, ?tls=none is known")]
    Tls,
    /// A password would cross the network in the clear.
    #[error("a password needs an encrypted connection; leave out ?tls=none")]
    PlainLogin,
    /// The host cannot stand in a certificate.
    #[error("the host is no name that a certificate can be good for")]
    Host,
    /// The further root certificate cannot be read.
    #[error("the certificate is not in PEM form")]
    Certificate,
}

/// How the connection is protected.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Security {
    /// TLS from the first byte (RFC 8314).
    Wrapped,
    /// STARTTLS before anything else is said; without it nothing is sent.
    Upgrade,
    /// None.
    Plain,
}

/// The settings of one mail server.
pub struct SmtpSettings {
    pub(super) host: String,
    pub(super) port: u16,
    pub(super) security: Security,
    pub(super) login: Option<(String, Zeroizing<String>)>,
    pub(super) limits: Limits,
    loopback: bool,
    root: Option<Certificate>,
}

/// How long an answer may take.
#[derive(Debug, Clone, Copy)]
pub(super) struct Limits {
    /// Until the connection stands and is encrypted.
    pub(super) connect: Duration,
    /// For an answer to a command. RFC 5321 (4.5.3.2) allows five minutes; a job waits for it.
    pub(super) command: Duration,
    /// For the answer to the whole mail, which a server may scan meanwhile (RFC 5321: ten minutes).
    pub(super) body: Duration,
}

impl SmtpSettings {
    /// Reads `smtps://host[:port]` or `smtp://host[:port]`.
    ///
    /// `smtp://` means STARTTLS, and no mail without it; only to a loopback host or with
    /// `?tls=none` the connection stays plain. `?tls=required` asks for it on loopback too. The
    /// ports are 465 and 587 unless given.
    pub fn parse(url: &str) -> Result<Self, SettingsError> {
        let url = Url::parse(url.trim()).map_err(|_| SettingsError::Form)?;
        if !url.username().is_empty() || url.password().is_some() {
            return Err(SettingsError::Login);
        }
        let (host, loopback) = host(&url)?;
        if !matches!(url.path(), "" | "/") || url.fragment().is_some() {
            return Err(SettingsError::Form);
        }
        let (security, port) = match (url.scheme(), url.query()) {
            ("smtps", None | Some("tls=required")) => (Security::Wrapped, SUBMISSIONS_PORT),
            ("smtp", Some("tls=none")) => (Security::Plain, SUBMISSION_PORT),
            ("smtp", None) if loopback => (Security::Plain, SUBMISSION_PORT),
            ("smtp", None | Some("tls=required")) => (Security::Upgrade, SUBMISSION_PORT),
            ("smtp" | "smtps", Some(_)) => return Err(SettingsError::Tls),
            _ => return Err(SettingsError::Form),
        };
        let port = url.port().unwrap_or(port);
        let limits = Limits {
            connect: Duration::from_secs(20),
            command: Duration::from_mins(1),
            body: Duration::from_mins(5),
        };
        Ok(Self { host, port, security, login: None, limits, loopback, root: None })
    }

    /// Signs in as `user`. Refused where the password would cross the network in the clear.
    pub fn login(mut self, user: String, password: String) -> Result<Self, SettingsError> {
        if self.security == Security::Plain && !self.loopback {
            return Err(SettingsError::PlainLogin);
        }
        self.login = Some((user, Zeroizing::new(password)));
        Ok(self)
    }

    /// Trusts the root certificate in `pem` too, beside those of the system: for a mail server with
    /// a certificate of the company's own.
    pub fn trust(mut self, pem: &[u8]) -> Result<Self, SettingsError> {
        self.root = Some(Certificate::from_pem(pem).map_err(|_| SettingsError::Certificate)?);
        Ok(self)
    }

    /// What is needed for TLS; `None` where the connection stays plain.
    pub(super) fn tls(&self) -> Result<Option<TlsParameters>, SettingsError> {
        if self.security == Security::Plain {
            return Ok(None);
        }
        let mut builder = TlsParameters::builder(self.host.clone());
        if let Some(root) = &self.root {
            builder = builder.add_root_certificate(root.clone());
        }
        builder.build_rustls().map(Some).map_err(|_| SettingsError::Certificate)
    }
}

impl fmt::Debug for SmtpSettings {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SmtpSettings")
            .field("host", &self.host)
            .field("port", &self.port)
            .field("security", &self.security)
            .field("login", &self.login.is_some())
            .finish_non_exhaustive()
    }
}

/// The host as the resolver and the certificate want it, and whether it is this machine.
fn host(url: &Url) -> Result<(String, bool), SettingsError> {
    // The scheme is not one of the web's, so the host comes as an opaque text.
    let text = url.host_str().filter(|host| !host.is_empty()).ok_or(SettingsError::Form)?;
    match Host::parse(text).map_err(|_| SettingsError::Host)? {
        Host::Domain(name) => {
            let loopback = name == "localhost";
            Ok((name, loopback))
        }
        Host::Ipv4(ip) => Ok((ip.to_string(), IpAddr::from(ip).is_loopback())),
        Host::Ipv6(ip) => Ok((ip.to_string(), IpAddr::from(ip).is_loopback())),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_url_says_how_the_connection_is_protected() {
        for (url, host, port, security) in [
            ("smtps://mail.example.org", "mail.example.org", 465, Security::Wrapped),
            ("smtps://127.0.0.1:4650", "127.0.0.1", 4650, Security::Wrapped),
            ("smtp://mail.example.org", "mail.example.org", 587, Security::Upgrade),
            ("smtp://Mail.Example.org:25/", "mail.example.org", 25, Security::Upgrade),
            ("smtp://mail.example.org?tls=none", "mail.example.org", 587, Security::Plain),
            ("smtp://localhost:25", "localhost", 25, Security::Plain),
            ("smtp://127.0.0.1:2525", "127.0.0.1", 2525, Security::Plain),
            ("smtp://[::1]:2525", "::1", 2525, Security::Plain),
            ("smtp://localhost:25?tls=required", "localhost", 25, Security::Upgrade),
            ("smtp://localhost.example.org", "localhost.example.org", 587, Security::Upgrade),
            ("smtp://10.0.0.1", "10.0.0.1", 587, Security::Upgrade),
        ] {
            let read = SmtpSettings::parse(url).unwrap();
            assert_eq!(
                (read.host.as_str(), read.port, read.security),
                (host, port, security),
                "{url}"
            );
        }
    }

    #[test]
    fn what_is_no_mail_server() {
        for (url, error) in [
            ("mail.example.org", SettingsError::Form),
            ("http://mail.example.org", SettingsError::Form),
            ("smtp:mail.example.org", SettingsError::Form),
            ("smtp://", SettingsError::Form),
            ("smtp://mail.example.org/ehlo", SettingsError::Form),
            ("smtp://ada@mail.example.org", SettingsError::Login),
            ("smtp://ada:secret@mail.example.org", SettingsError::Login),
            ("smtp://mail.example.org?tls=opportunistic", SettingsError::Tls),
            ("smtps://mail.example.org?tls=none", SettingsError::Tls),
        ] {
            assert_eq!(SmtpSettings::parse(url).unwrap_err(), error, "{url}");
        }
    }

    #[test]
    fn a_password_never_crosses_the_network_in_the_clear() {
        let sign_in = |url: &str| {
            SmtpSettings::parse(url).unwrap().login("ada".to_owned(), "secret".to_owned())
        };
        assert_eq!(
            sign_in("smtp://mail.example.org?tls=none").unwrap_err(),
            SettingsError::PlainLogin
        );
        assert!(sign_in("smtp://mail.example.org").is_ok());
        let local = sign_in("smtp://127.0.0.1:25").unwrap();
        assert!(!format!("{local:?}").contains("secret"));
        assert!(!format!("{local:?}").contains("ada"));
    }
}
