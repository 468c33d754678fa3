//! Requests that other sites cause (CSRF).
//!
//! Everything that may change something must come from our own pages. `Sec-Fetch-Site` says so in
//! every present browser, `Origin` in older ones; a page cannot forge either.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderValue, Method, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use url::Url;

use super::cookie;
use super::refusal::Refusal;

/// What happens to a request that says nothing about where it comes from: no browser sent it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Silent {
    /// It passes unless it carries a cookie of ours. For public forms, which scripts post, too.
    PassWithoutCookie,
    /// It is refused. For the console.
    Refuse,
}

/// The rule of one site.
#[derive(Debug, Clone)]
pub struct OriginRule {
    origin: Arc<str>,
    silent: Silent,
}

impl OriginRule {
    /// For the site at `base_url`.
    pub fn new(base_url: &Url, silent: Silent) -> Self {
        Self { origin: base_url.origin().ascii_serialization().into(), silent }
    }

    /// Whether a request with these headers may go on.
    fn allows(&self, method: &Method, headers: &HeaderMap) -> bool {
        if *method == Method::GET || *method == Method::HEAD {
            return true;
        }
        // A header that is there twice was tampered with, or is not from a browser.
        let once = |name| -> Option<Option<&HeaderValue>> {
            let mut values = headers.get_all(name).iter();
            let first = values.next();
            values.next().is_none().then_some(first)
        };
        let (Some(site), Some(origin)) = (once("sec-fetch-site"), once(header::ORIGIN.as_str()))
        else {
            return false;
        };
        match (site, origin) {
            (Some(site), _) => site == "same-origin" || site == "none",
            (None, Some(origin)) => origin == &*self.origin,
            (None, None) => match self.silent {
                Silent::PassWithoutCookie => !cookie::any_of_ours(headers),
                Silent::Refuse => false,
            },
        }
    }
}

/// Layer: refuses what another site caused.
pub(super) async fn check(
    State(rule): State<OriginRule>,
    request: Request,
    next: Next,
) -> Response {
    if rule.allows(request.method(), request.headers()) {
        next.run(request).await
    } else {
        Refusal::CrossOrigin.into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const OURS: &str = "https://rights.example";

    fn allows(silent: Silent, method: &str, headers: &[(&'static str, &str)]) -> bool {
        let rule = OriginRule::new(&format!("{OURS}/path").parse().unwrap(), silent);
        let mut map = HeaderMap::new();
        for (name, value) in headers {
            map.append(*name, value.parse().unwrap());
        }
        rule.allows(&method.parse().unwrap(), &map)
    }

    #[test]
    fn the_browsers_word_decides() {
        for (site, passes) in [
            ("same-origin", true),
            ("none", true),
            ("same-site", false),
            ("cross-site", false),
            ("", false),
            ("Same-Origin", false),
            ("same-origin, none", false),
        ] {
            for origin in [None, Some(OURS), Some("null"), Some("https://evil.example")] {
                for method in ["POST", "PUT", "DELETE", "PATCH", "OPTIONS", "BREW"] {
                    for silent in [Silent::PassWithoutCookie, Silent::Refuse] {
                        let mut headers = vec![("sec-fetch-site", site)];
                        headers.extend(origin.map(|origin| ("origin", origin)));
                        let allowed = allows(silent, method, &headers);
                        assert_eq!(allowed, passes, "{method} {site} {origin:?} {silent:?}");
                    }
                }
            }
        }
    }

    #[test]
    fn an_older_browser_must_name_exactly_our_origin() {
        for (origin, passes) in [
            (OURS, true),
            ("null", false),
            ("http://rights.example", false),
            ("https://rights.example:8443", false),
            ("https://rights.example.evil.example", false),
            ("https://evil.example", false),
            ("https://rights.example/", false),
            ("", false),
        ] {
            for silent in [Silent::PassWithoutCookie, Silent::Refuse] {
                assert_eq!(allows(silent, "POST", &[("origin", origin)]), passes, "{origin}");
            }
        }
    }

    #[test]
    fn a_script_without_cookie_may_post_to_public_forms_only() {
        use Silent::{PassWithoutCookie, Refuse};
        let cookie = |name: &str| format!("theme=dark; {name}=x");
        assert!(allows(PassWithoutCookie, "POST", &[]));
        assert!(allows(PassWithoutCookie, "POST", &[("cookie", "theme=dark")]));
        for name in ["__Host-rd-status-abc", "__Host-rd-download-abc", "rd-status-abc"] {
            assert!(!allows(PassWithoutCookie, "POST", &[("cookie", &cookie(name))]), "{name}");
        }
        assert!(!allows(Refuse, "POST", &[]));
    }

    #[test]
    fn a_doubled_header_is_refused() {
        let double = |name| [(name, "same-origin"), (name, "same-origin")];
        assert!(!allows(Silent::PassWithoutCookie, "POST", &double("sec-fetch-site")));
        assert!(!allows(Silent::PassWithoutCookie, "POST", &[("origin", OURS), ("origin", OURS)]));
    }

    #[test]
    fn reading_is_free() {
        for method in ["GET", "HEAD"] {
            assert!(allows(Silent::Refuse, method, &[("sec-fetch-site", "cross-site")]));
        }
    }
}
