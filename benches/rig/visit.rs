//! From the form to the archive, over HTTP and the mails.

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::time::Duration;

use mail_parser::MessageParser;
use reqwest::header::{COOKIE, LOCATION, ORIGIN, SET_COOKIE};
use reqwest::{Client, Response, StatusCode, redirect};

use super::service::{BASE_URL, Service};

/// After which something is wrong, however slow the machine.
const PATIENCE: Duration = Duration::from_mins(10);
const LOOK: Duration = Duration::from_millis(50);

/// One person's browser.
pub(crate) struct Visit<'s> {
    service: &'s Service,
    home: &'s Path,
    client: Client,
    cookies: BTreeMap<String, String>,
}

impl<'s> Visit<'s> {
    /// Opens the browser; mails lie in `home`, the folder of the service.
    pub(crate) fn new(service: &'s Service, home: &'s Path) -> Self {
        // Fails only where it is chosen already.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = Client::builder().redirect(redirect::Policy::none()).build();
        Self {
            service,
            home,
            client: client.expect("no option is wrong"),
            cookies: BTreeMap::new(),
        }
    }

    /// Asks whether the service is well.
    pub(crate) async fn healthy(&mut self) -> bool {
        self.get("/healthz").await.status() == StatusCode::OK
    }

    /// Asks for everything about `address`; the archive goes to `file`.
    pub(crate) async fn access(&mut self, address: &str, file: &Path) {
        let form = [("right", "access"), ("email", address), ("lang", "en")];
        self.post("/requests", &form).await;
        let mail = self.mail("verify").await;
        let link = mail.split_whitespace().find_map(|word| {
            word.contains("/verify/").then_some(word.strip_prefix(BASE_URL)).flatten()
        });
        let link = link.expect("the mail has a link");
        let status = self.post(link, &[("code", code(&mail))]).await;
        self.mail("archive_ready").await;
        self.post(&format!("{status}/download-code"), &[]).await;
        let mail = self.mail("download_code").await;
        let archive = self.post(&format!("{status}/download"), &[("code", code(&mail))]).await;
        let mut answer = self.get(&archive).await;
        assert_eq!(answer.status(), StatusCode::OK);
        let mut out = fs::File::create(file).expect("the folder takes the archive");
        while let Some(bytes) = answer.chunk().await.expect("the download does not break") {
            std::io::Write::write_all(&mut out, &bytes).expect("there is room");
        }
    }

    async fn get(&mut self, path: &str) -> Response {
        let request = self.client.get(self.at(path)).header(COOKIE, self.jar());
        let answer = request.send().await.expect("the service answers");
        self.keep(&answer);
        answer
    }

    /// Posts a form and gives the path that it leads to.
    async fn post(&mut self, path: &str, fields: &[(&str, &str)]) -> String {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let request = self
            .client
            .post(self.at(path))
            .header(COOKIE, self.jar())
            .header(ORIGIN, BASE_URL)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .body(body);
        let answer = request.send().await.expect("the service answers");
        assert_eq!(answer.status(), StatusCode::SEE_OTHER, "a form leads on");
        self.keep(&answer);
        let to = answer.headers().get(LOCATION).and_then(|to| to.to_str().ok());
        let to = to.expect("it says where to");
        to.strip_prefix(BASE_URL).unwrap_or(to).to_owned()
    }

    fn at(&self, path: &str) -> String {
        format!("http://{}{path}", self.service.address("listening"))
    }

    fn jar(&self) -> String {
        let all: Vec<String> = self.cookies.iter().map(|(k, v)| format!("{k}={v}")).collect();
        all.join("; ")
    }

    fn keep(&mut self, answer: &Response) {
        for cookie in answer.headers().get_all(SET_COOKIE) {
            let pair = cookie.to_str().ok().and_then(|cookie| cookie.split(';').next());
            if let Some((name, value)) = pair.and_then(|pair| pair.split_once('=')) {
                self.cookies.insert(name.to_owned(), value.to_owned());
            }
        }
    }

    /// The text of the mail of that kind, when it is there. The service is another process, so
    /// there is nothing to do but to look.
    async fn mail(&self, kind: &str) -> String {
        let look = async {
            loop {
                if let Some(text) = self.find_mail(kind) {
                    return text;
                }
                tokio::time::sleep(LOOK).await;
            }
        };
        let found = tokio::time::timeout(PATIENCE, look).await;
        found.unwrap_or_else(|_| panic!("no mail of kind {kind}"))
    }

    fn find_mail(&self, kind: &str) -> Option<String> {
        let files = fs::read_dir(self.home.join("mail")).ok()?.flatten();
        files
            .map(|file| file.path())
            .filter(|path| path.extension() == Some("eml".as_ref()))
            .find_map(|path| {
                let bytes = fs::read(path).ok()?;
                let mail = MessageParser::default().parse(&bytes)?;
                let is = mail.header_raw("X-Rightsdesk-Message")?.trim() == kind;
                is.then(|| mail.body_text(0).unwrap_or_default().into_owned())
            })
    }
}

/// The code on a line of its own.
fn code(mail: &str) -> &str {
    let is_code = |line: &&str| {
        line.len() == 9
            && line.bytes().enumerate().all(|(at, byte)| match at {
                4 => byte == b'-',
                _ => byte.is_ascii_uppercase() || byte.is_ascii_digit(),
            })
    };
    mail.lines().map(str::trim).find(is_code).expect("the mail has a code")
}
