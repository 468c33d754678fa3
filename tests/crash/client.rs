//! A browser that knows what it does not know: an answer, surely nothing, or nobody can say.

use std::collections::BTreeMap;
use std::time::Duration;

use bytes::Bytes;
use reqwest::header::{CONTENT_TYPE, COOKIE, ETAG, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::redirect::Policy;
use reqwest::{Method, RequestBuilder, Response};

/// What came of a call.
#[derive(Debug)]
pub(crate) enum Outcome {
    Answer(Answer),
    /// Nobody was there to take it.
    Nothing,
    /// The line broke off, or the server had trouble: it may have happened or not.
    Unknown,
}

/// An answer.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    /// Where it leads, without the base.
    pub(crate) location: String,
    pub(crate) body: Bytes,
}

impl Answer {
    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }
}

impl Outcome {
    pub(crate) fn status(&self) -> Option<u16> {
        match self {
            Self::Answer(answer) => Some(answer.status),
            Self::Nothing | Self::Unknown => None,
        }
    }
}

/// Somebody's browser.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    base: String,
    /// Which process it asks.
    pub(crate) port: u16,
    person: u32,
    cookies: BTreeMap<String, String>,
}

impl std::fmt::Debug for Client {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Client(…)")
    }
}

impl Client {
    pub(crate) fn new(base: &str, port: u16, person: u32) -> Self {
        // Fails only when it is chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let http = reqwest::Client::builder()
            .redirect(Policy::none())
            .no_proxy()
            .pool_max_idle_per_host(0)
            .timeout(Duration::from_secs(40))
            .build()
            .unwrap();
        Self { http, base: base.to_owned(), port, person, cookies: BTreeMap::new() }
    }

    fn request(&self, method: Method, path: &str) -> RequestBuilder {
        let url = format!("http://127.0.0.1:{}{path}", self.port);
        let cookies: Vec<_> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        let from = format!("10.{}.{}.1", self.person / 250, self.person % 250);
        let request = self.http.request(method, url).header("X-Forwarded-For", from);
        if cookies.is_empty() { request } else { request.header(COOKIE, cookies.join("; ")) }
    }

    pub(crate) async fn get(&self, path: &str) -> Outcome {
        match self.request(Method::GET, path).send().await {
            Ok(response) => self.read(response).await,
            Err(error) => broken(&error),
        }
    }

    /// Sends a form.
    pub(crate) async fn post(&mut self, path: &str, form: &[(&str, &str)]) -> Outcome {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
        let sent = self
            .request(Method::POST, path)
            .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header(ORIGIN, &self.base)
            .header("Sec-Fetch-Site", "same-origin")
            .body(body)
            .send()
            .await;
        match sent {
            Ok(response) => {
                for cookie in response.headers().get_all(SET_COOKIE) {
                    let whole = cookie.to_str().unwrap();
                    let (name, value) = whole.split(';').next().unwrap().split_once('=').unwrap();
                    self.cookies.insert(name.to_owned(), value.to_owned());
                }
                self.read(response).await
            }
            Err(error) => broken(&error),
        }
    }

    /// Fetches what there is from `from` on, as much as comes; the status, the tag and the bytes.
    pub(crate) async fn fetch(
        &self,
        path: &str,
        from: usize,
        upto: Option<usize>,
        tag: &str,
    ) -> Option<(u16, String, Vec<u8>)> {
        let upto = upto.map(|upto| upto.to_string()).unwrap_or_default();
        let mut request = self.request(Method::GET, path);
        if from > 0 || !upto.is_empty() {
            request = request.header("Range", format!("bytes={from}-{upto}"));
        }
        if !tag.is_empty() {
            request = request.header("If-Range", tag);
        }
        let mut response = request.send().await.ok()?;
        let status = response.status().as_u16();
        let tag = header(&response, ETAG.as_str());
        let mut bytes = Vec::new();
        // What has come before the line broke is kept.
        while let Ok(Some(more)) = response.chunk().await {
            bytes.extend_from_slice(&more);
        }
        Some((status, tag, bytes))
    }

    async fn read(&self, response: Response) -> Outcome {
        let status = response.status().as_u16();
        let location = header(&response, LOCATION.as_str());
        let location = location.strip_prefix(&self.base).unwrap_or(&location).to_owned();
        match response.bytes().await {
            Ok(_) if status >= 500 => Outcome::Unknown,
            Ok(body) => Outcome::Answer(Answer { status, location, body }),
            Err(_) => Outcome::Unknown,
        }
    }

    /// Every cookie it was given.
    pub(crate) fn secrets(&self) -> Vec<String> {
        self.cookies.values().cloned().collect()
    }
}

fn broken(error: &reqwest::Error) -> Outcome {
    if error.is_connect() { Outcome::Nothing } else { Outcome::Unknown }
}

fn header(response: &Response, name: &str) -> String {
    let value = response.headers().get(name);
    value.map(|value| value.to_str().unwrap().to_owned()).unwrap_or_default()
}
