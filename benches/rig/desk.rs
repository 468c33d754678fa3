//! An officer's browser.

use std::cell::Cell;
use std::net::Ipv4Addr;

use reqwest::header::{COOKIE, ORIGIN, SET_COOKIE};
use reqwest::{Client, RequestBuilder, StatusCode, redirect};
use rightsdesk::clock::{Clock as _, SystemClock};
use rightsdesk::keys::totp::SecondFactor;

use super::requests::{FACTOR, PASSWORD, address};
use super::service::{CONSOLE_URL, Service};

/// A signed-in officer.
pub(crate) struct Desk {
    client: Client,
    at: String,
    cookie: String,
    looks: Cell<u32>,
}

impl Desk {
    /// Signs in as the first officer.
    pub(crate) async fn open(service: &Service) -> Self {
        // Fails only where it is chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(redirect::Policy::none()).build();
        let client = client.expect("no option is wrong");
        let at = format!("http://{}", service.address("console"));
        let mut desk = Self { client, at, cookie: String::new(), looks: Cell::new(0) };
        let email = address("officer", 0);
        let factor = SecondFactor::new(&FACTOR, "Rightsdesk", email.as_str());
        let code = factor.expect("the secret has its length").code_at(SystemClock.now());
        let fields = [("email", email.as_str()), ("password", PASSWORD), ("code", &code)];
        let answer = desk.form("/console/sign-in", &fields).send().await.expect("it answers");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "the officer is let in");
        let cookie = answer.headers()[SET_COOKIE].to_str().expect("it is plain");
        cookie.split(';').next().unwrap_or_default().clone_into(&mut desk.cookie);
        desk
    }

    /// Fetches a page, and gives its bytes.
    pub(crate) async fn look(&self, path: &str) -> usize {
        let request = self.client.get(format!("{}{path}", self.at)).header(COOKIE, &self.cookie);
        self.read(request, StatusCode::OK, path).await
    }

    /// Searches; what is one request leads to its page.
    pub(crate) async fn find(&self, typed: &str, status: StatusCode) -> usize {
        self.read(self.form("/console/find", &[("find", typed)]), status, "a search").await
    }

    async fn read(&self, request: RequestBuilder, status: StatusCode, what: &str) -> usize {
        // As through a proxy and from many places: one alone would soon have looked too often.
        self.looks.set(self.looks.get() + 1);
        let from = Ipv4Addr::from_bits(0x0a00_0000 + self.looks.get());
        let request = request.header("X-Forwarded-For", from.to_string());
        let answer = request.send().await.expect("the service answers");
        assert_eq!(answer.status(), status, "{what}");
        answer.bytes().await.expect("the answer is whole").len()
    }

    fn form(&self, path: &str, fields: &[(&str, &str)]) -> RequestBuilder {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        self.client
            .post(format!("{}{path}", self.at))
            .header(COOKIE, &self.cookie)
            .header(ORIGIN, CONSOLE_URL)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body)
    }
}
