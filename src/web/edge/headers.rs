//! The headers that stand on every answer, whoever made it.

use axum::extract::{Request, State};
use axum::http::{HeaderMap, HeaderName, HeaderValue, header};
use axum::middleware::Next;
use axum::response::Response;

/// The content policy of public pages: our own styles, pictures and fonts, no script at all.
const PUBLIC_CSP: &str = "default-src 'none'; style-src 'self'; img-src 'self'; \
    font-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

/// The content policy that the handler of a download sets: an archive that some browser shows
/// nevertheless can do nothing.
pub const DOWNLOAD_CSP: &str = "sandbox; default-src 'none'";

/// Said on every answer, and not to be changed by a handler.
const ALWAYS: [(HeaderName, &str); 7] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    // Not `no-referrer`, which turns `Origin` into `null` on forms.
    (header::REFERRER_POLICY, "same-origin"),
    (header::X_FRAME_OPTIONS, "DENY"),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-embedder-policy"), "require-corp"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), microphone=(), geolocation=(), payment=(), usb=(), \
         publickey-credentials-get=()",
    ),
];

/// Pages that search engines may show; all others may hold a token in their address.
const INDEXED: [&str; 3] = ["/", "/privacy", "/accessibility"];

/// Which headers a site sends.
#[derive(Debug, Clone)]
pub struct HeaderPolicy {
    csp: &'static str,
    https: bool,
}

impl HeaderPolicy {
    /// For the public pages. `https` says whether the base URL is; without it HSTS would be
    /// ignored at best.
    pub fn public(https: bool) -> Self {
        Self { csp: PUBLIC_CSP, https }
    }

    fn apply(&self, path: &str, headers: &mut HeaderMap) {
        for (name, value) in ALWAYS {
            headers.insert(name, HeaderValue::from_static(value));
        }
        let unless_set =
            [(header::CONTENT_SECURITY_POLICY, self.csp), (header::CACHE_CONTROL, "no-store")];
        for (name, value) in unless_set {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
        if self.https {
            let value = HeaderValue::from_static("max-age=63072000; includeSubDomains");
            headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
        }
        if !INDEXED.contains(&path) {
            let name = HeaderName::from_static("x-robots-tag");
            headers.insert(name, HeaderValue::from_static("noindex"));
        }
    }
}

/// Layer: sets the headers on whatever comes out of `next`.
pub(super) async fn set(
    State(policy): State<HeaderPolicy>,
    request: Request,
    next: Next,
) -> Response {
    let uri = request.uri().clone();
    let mut response = next.run(request).await;
    policy.apply(uri.path(), response.headers_mut());
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    fn applied(https: bool, path: &str, mut headers: HeaderMap) -> HeaderMap {
        HeaderPolicy::public(https).apply(path, &mut headers);
        headers
    }

    #[test]
    fn a_public_page_may_load_our_own_things_and_no_script() {
        let headers = applied(true, "/", HeaderMap::new());
        assert_eq!(
            headers["content-security-policy"],
            "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; \
             form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
        );
        assert_eq!(headers["cache-control"], "no-store");
        assert_eq!(headers["x-frame-options"], "DENY");
        assert_eq!(headers["referrer-policy"], "same-origin");
    }

    #[test]
    fn https_is_demanded_only_where_it_is_spoken() {
        let name = "strict-transport-security";
        let https = applied(true, "/", HeaderMap::new());
        assert_eq!(https[name], "max-age=63072000; includeSubDomains");
        assert!(!applied(false, "/", HeaderMap::new()).contains_key(name));
    }

    #[test]
    fn only_pages_without_a_token_are_indexed() {
        for path in ["/", "/privacy", "/accessibility"] {
            assert!(!applied(true, path, HeaderMap::new()).contains_key("x-robots-tag"), "{path}");
        }
        for path in ["/status/x", "/verify/x", "/requests/R-7F3K9Q2M/sent", "/privacy/", "//"] {
            assert_eq!(applied(true, path, HeaderMap::new())["x-robots-tag"], "noindex", "{path}");
        }
    }

    #[test]
    fn a_handler_may_cache_and_may_be_stricter_but_not_sniffed() {
        let mut headers = HeaderMap::new();
        headers.insert("cache-control", HeaderValue::from_static("max-age=1"));
        headers.insert("content-security-policy", HeaderValue::from_static(DOWNLOAD_CSP));
        headers.insert("x-content-type-options", HeaderValue::from_static("none"));
        let headers = applied(true, "/downloads/s/R.zip", headers);
        assert_eq!(headers["cache-control"], "max-age=1");
        assert_eq!(headers["content-security-policy"], DOWNLOAD_CSP);
        assert_eq!(headers["x-content-type-options"], "nosniff");
    }
}
