//! A visitor: a browser without its pictures, with its cookies and its way of saying where a form
//! was sent from.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicU32, Ordering};

use bytes::Bytes;
use reqwest::header::{ACCEPT_LANGUAGE, CONTENT_TYPE, COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Client, Method, RequestBuilder, Response};

/// Addresses that were given out.
static CROWD: AtomicU32 = AtomicU32::new(1);

/// Somebody who visits.
pub(crate) struct Visitor {
    client: Client,
    /// Where the pages say that they are.
    home: String,
    /// The process that is asked.
    base: String,
    language: &'static str,
    cookies: BTreeMap<String, String>,
    crowd: bool,
}

/// A page that was shown in the end.
#[derive(Debug)]
pub(crate) struct Page {
    /// Where it stands, without the base.
    pub(crate) path: String,
    pub(crate) status: u16,
    pub(crate) text: String,
}

impl Visitor {
    /// At `base`, with no cookie, preferring `language`.
    pub(crate) fn new(base: &str, language: &'static str) -> Self {
        // Fails only when it is chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        // No connection is kept, since the process at its other end may be another by then.
        let client =
            Client::builder().redirect(Policy::none()).no_proxy().pool_max_idle_per_host(0);
        let client = client.build().unwrap();
        Self {
            client,
            home: base.to_owned(),
            base: base.to_owned(),
            language,
            cookies: BTreeMap::new(),
            crowd: false,
        }
    }

    /// The same from another address at each request, where the service trusts this machine to tell,
    /// so that limits for one visitor keep nobody from doing much.
    pub(crate) fn crowd(base: &str, language: &'static str) -> Self {
        Self { crowd: true, ..Self::new(base, language) }
    }

    /// From now on another process answers, at `base`, as behind a load balancer.
    pub(crate) fn turn_to(&mut self, base: &str) {
        base.clone_into(&mut self.base);
    }

    /// A request to a path, or to a whole address.
    pub(crate) fn request(&self, method: Method, at: &str) -> RequestBuilder {
        let url = format!("{}{}", self.base, self.path(at));
        let mut request = self.client.request(method, url).header(ACCEPT_LANGUAGE, self.language);
        if self.crowd {
            let [_, a, b, c] = CROWD.fetch_add(1, Ordering::Relaxed).to_be_bytes();
            request = request.header("x-forwarded-for", format!("10.{a}.{b}.{c}"));
        }
        let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        if cookies.is_empty() { request } else { request.header(COOKIE, cookies.join("; ")) }
    }

    /// Looks at a page.
    pub(crate) async fn get(&mut self, at: &str) -> Page {
        let response = self.request(Method::GET, at).send().await.unwrap();
        self.follow(at, response).await
    }

    /// Sends a form.
    pub(crate) async fn post(&mut self, at: &str, form: &[(&str, &str)]) -> Page {
        let response = self.send(at, form).await;
        self.follow(at, response).await
    }

    /// Sends a form and does not go where the answer leads.
    pub(crate) async fn send(&mut self, at: &str, form: &[(&str, &str)]) -> Response {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let response = self
            .request(Method::POST, at)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ORIGIN, &self.base)
            .header("Sec-Fetch-Site", "same-origin")
            .body(body)
            .send()
            .await
            .unwrap();
        self.take_cookies(&response);
        response
    }

    /// The values of all cookies it holds.
    pub(crate) fn cookies(&self) -> impl Iterator<Item = &str> {
        self.cookies.values().map(String::as_str)
    }

    /// Fetches bytes, following no redirection.
    pub(crate) async fn bytes(&self, at: &str) -> Bytes {
        let response = self.request(Method::GET, at).send().await.unwrap();
        assert_eq!(response.status(), 200, "{at}");
        response.bytes().await.unwrap()
    }

    fn path<'a>(&self, at: &'a str) -> &'a str {
        at.strip_prefix(&*self.base).or_else(|| at.strip_prefix(&*self.home)).unwrap_or(at)
    }

    async fn follow(&mut self, at: &str, mut response: Response) -> Page {
        let mut path = self.path(at).to_owned();
        for _ in 0..5 {
            self.take_cookies(&response);
            let Some(next) = response.headers().get(LOCATION) else { break };
            let next = next.to_str().unwrap();
            path = self.path(next).to_owned();
            response = self.request(Method::GET, &path).send().await.unwrap();
        }
        let status = response.status().as_u16();
        Page { path, status, text: response.text().await.unwrap() }
    }

    fn take_cookies(&mut self, response: &Response) {
        for cookie in response.headers().get_all(SET_COOKIE) {
            let whole = cookie.to_str().unwrap();
            let (name, value) = whole.split(';').next().unwrap().split_once('=').unwrap();
            self.cookies.insert(name.to_owned(), value.to_owned());
        }
    }
}
