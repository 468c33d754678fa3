//! Our cookies: one a purpose and page, bound to our host, out of the reach of scripts.

use std::time::Duration;

use axum::http::{HeaderMap, HeaderValue, header};
use cookie::{Cookie, SameSite};
use data_encoding::BASE64URL_NOPAD;
use sha2::{Digest, Sha256};
use url::Url;

use crate::domain::language::Language;
use crate::ids::Token;

/// How long a language stays chosen.
const LANGUAGE_AGE: Duration = Duration::from_hours(365 * 24);

/// How long an opt-out stays in a browser: as long as browsers keep any cookie.
const OPT_OUT_AGE: Duration = Duration::from_hours(400 * 24);

/// Where every name of ours begins, on https and on loopback http.
const PREFIXES: [&str; 2] = ["__Host-rd-", "rd-"];

/// What a cookie opens.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CookieKind {
    /// The private part of one status page.
    Status,
    /// One download session.
    Download,
    /// Signed-in staff.
    Staff,
}

/// Tells the cookies of one kind apart, so that several status pages work in one browser. Says
/// nothing about what it was made of.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct CookieTag(String);

impl CookieTag {
    /// The tag for what is known by `bytes`: the hash of a status token, the id of a session.
    pub fn of(bytes: &[u8]) -> Self {
        let hash = Sha256::new().chain_update(b"rightsdesk cookie v1|").chain_update(bytes);
        Self(BASE64URL_NOPAD.encode(&hash.finalize()[..6]))
    }
}

/// Writes and reads our cookies for one site.
#[derive(Debug, Clone, Copy)]
pub struct Cookies {
    https: bool,
}

impl Cookies {
    /// For the site at `base_url`. `__Host-` and `Secure` need https; loopback http has plain
    /// names.
    pub fn new(base_url: &Url) -> Self {
        Self { https: base_url.scheme() == "https" }
    }

    /// A `Set-Cookie` value that lasts for `age`, in whole seconds.
    pub fn set(
        self,
        kind: CookieKind,
        tag: &CookieTag,
        token: &Token,
        age: Duration,
    ) -> HeaderValue {
        self.header(kind, tag, token.as_str(), age)
    }

    /// A `Set-Cookie` value that takes the cookie away.
    pub fn clear(self, kind: CookieKind, tag: &CookieTag) -> HeaderValue {
        self.header(kind, tag, "", Duration::ZERO)
    }

    /// The token in the cookie, if there is exactly one such cookie and it can be one of ours.
    pub fn read(self, kind: CookieKind, tag: &CookieTag, headers: &HeaderMap) -> Option<Token> {
        let name = self.name(kind, tag);
        let mut found = all(headers).filter(|cookie| cookie.name() == name);
        let cookie = found.next()?;
        // Two of one name: one was slipped in, and nobody can tell which.
        found.next().is_none().then(|| Token::parse(cookie.value()))?
    }

    /// A `Set-Cookie` value that keeps the language that somebody chose.
    pub fn set_language(self, language: Language) -> HeaderValue {
        self.written(self.language_name(), language.as_str(), SameSite::Lax, LANGUAGE_AGE)
    }

    /// The language that was chosen before.
    pub fn language(self, headers: &HeaderMap) -> Option<Language> {
        let name = self.language_name();
        let found = all(headers).find(|cookie| cookie.name() == name);
        found.and_then(|cookie| Language::parse(cookie.value()))
    }

    /// A `Set-Cookie` value that keeps an opt-out in this browser: a name that means nothing
    /// elsewhere.
    pub fn set_opt_out(self, browser: &Token) -> HeaderValue {
        self.written(self.opt_out_name(), browser.as_str(), SameSite::Lax, OPT_OUT_AGE)
    }

    /// The name of a browser that opted out here.
    pub fn opt_out(self, headers: &HeaderMap) -> Option<Token> {
        let name = self.opt_out_name();
        let found = all(headers).find(|cookie| cookie.name() == name);
        found.and_then(|cookie| Token::parse(cookie.value()))
    }

    fn opt_out_name(self) -> String {
        format!("{}optout", PREFIXES[usize::from(!self.https)])
    }

    fn language_name(self) -> String {
        format!("{}lang", PREFIXES[usize::from(!self.https)])
    }

    fn header(self, kind: CookieKind, tag: &CookieTag, value: &str, age: Duration) -> HeaderValue {
        let site = match kind {
            // Lax, since people come to the page from a link in a mail.
            CookieKind::Status | CookieKind::Download => SameSite::Lax,
            CookieKind::Staff => SameSite::Strict,
        };
        self.written(self.name(kind, tag), value, site, age)
    }

    fn written(self, name: String, value: &str, site: SameSite, age: Duration) -> HeaderValue {
        let age = i64::try_from(age.as_secs()).unwrap_or(i64::MAX);
        let cookie = Cookie::build((name, value))
            // `__Host-` demands the whole host. The tag in the name does the scoping.
            .path("/")
            .http_only(true)
            .secure(self.https)
            .same_site(site)
            .max_age(cookie::time::Duration::seconds(age))
            .build();
        HeaderValue::try_from(cookie.to_string())
            .expect("names, values and attributes are plain ASCII")
    }

    fn name(self, kind: CookieKind, tag: &CookieTag) -> String {
        let prefix = PREFIXES[usize::from(!self.https)];
        let kind = match kind {
            CookieKind::Status => "status",
            CookieKind::Download => "download",
            CookieKind::Staff => "staff",
        };
        format!("{prefix}{kind}-{}", tag.0)
    }
}

/// Whether any cookie of ours comes along, whatever its kind and worth.
pub(super) fn any_of_ours(headers: &HeaderMap) -> bool {
    all(headers).any(|cookie| PREFIXES.iter().any(|prefix| cookie.name().starts_with(prefix)))
}

fn all(headers: &HeaderMap) -> impl Iterator<Item = Cookie<'_>> {
    let lines = headers.get_all(header::COOKIE).iter().filter_map(|line| line.to_str().ok());
    lines.flat_map(Cookie::split_parse).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ids::SeededEntropy;

    const AGE: Duration = Duration::from_mins(30);

    fn cookies(base_url: &str) -> Cookies {
        Cookies::new(&base_url.parse().unwrap())
    }

    fn token(seed: u64) -> Token {
        Token::draw(&SeededEntropy::new(seed))
    }

    fn sent(lines: &[String]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for line in lines {
            headers.append(header::COOKIE, line.parse().unwrap());
        }
        headers
    }

    /// What a browser sends back for a `Set-Cookie`.
    fn pair(set: &HeaderValue) -> String {
        set.to_str().unwrap().split(';').next().unwrap().to_owned()
    }

    #[test]
    fn on_https_a_cookie_is_bound_to_the_host() {
        let (tag, token) = (CookieTag::of(b"a"), token(1));
        let set = cookies("https://rights.example").set(CookieKind::Status, &tag, &token, AGE);
        assert_eq!(
            set.to_str().unwrap(),
            format!(
                "__Host-rd-status-{}={}; HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=1800",
                tag.0,
                token.as_str()
            )
        );
    }

    #[test]
    fn on_loopback_http_the_name_is_plain() {
        let (tag, token) = (CookieTag::of(b"a"), token(1));
        let set = cookies("http://127.0.0.1:8080").set(CookieKind::Download, &tag, &token, AGE);
        let set = set.to_str().unwrap();
        assert!(set.starts_with("rd-download-") && !set.contains("Secure"), "{set}");
    }

    #[test]
    fn several_pages_work_in_one_browser() {
        let cookies = cookies("https://rights.example");
        let (one, two) = (CookieTag::of(b"one"), CookieTag::of(b"two"));
        let pairs = [(&one, token(1)), (&two, token(2))]
            .map(|(tag, token)| pair(&cookies.set(CookieKind::Status, tag, &token, AGE)));
        for lines in [vec![pairs.join("; ")], pairs.to_vec()] {
            let headers = sent(&lines);
            assert_eq!(cookies.read(CookieKind::Status, &one, &headers), Some(token(1)));
            assert_eq!(cookies.read(CookieKind::Status, &two, &headers), Some(token(2)));
            assert_eq!(cookies.read(CookieKind::Download, &one, &headers), None);
        }
    }

    #[test]
    fn a_cookie_that_cannot_be_ours_is_none() {
        let cookies = cookies("https://rights.example");
        let tag = CookieTag::of(b"one");
        let name = cookies.name(CookieKind::Status, &tag);
        let good = format!("{name}={}", token(1).as_str());
        let read = |line: String| cookies.read(CookieKind::Status, &tag, &sent(&[line]));
        assert_eq!(read(good.clone()), Some(token(1)));
        assert_eq!(read(format!("{good}; {name}={}", token(2).as_str())), None, "two");
        assert_eq!(read(format!("{name}=short")), None);
        assert_eq!(read(good.replace("__Host-", "")), None, "a plain name on https");
        assert_eq!(read(String::new()), None);
    }

    #[test]
    fn a_cleared_cookie_is_over_at_once() {
        let set = cookies("https://rights.example").clear(CookieKind::Status, &CookieTag::of(b"a"));
        let set = set.to_str().unwrap();
        assert!(set.contains("=;") && set.ends_with("; Max-Age=0"), "{set}");
    }
}
