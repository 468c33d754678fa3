//! What people and strangers do, with canaries in all that they say.

use std::time::{Duration, Instant};

use axum::http::{HeaderName, HeaderValue};
use reqwest::Method;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::scene::{ADDRESS, DEFERRED, REFUSED};
use crate::support::PATIENCE;
use crate::support::http::{Page, Visitor};
use crate::support::mail;
use crate::support::process::Running;

const NAME: &str = "Zoë \"Quillfeather\" Nine";
const DETAILS: &str = "my heron-moves-house-3375 letters <all of them>";
const MESSAGE: &str = "an opossum-took-my-abacus-8820 yesterday";

/// What people say.
pub(crate) const SAID: [(&str, &str); 12] = [
    ("name", "Quillfeather"),
    ("whole name", NAME),
    ("details", "heron-moves-house-3375"),
    ("message", "opossum-took-my-abacus-8820"),
    ("address of somebody unknown", "zq-dodo-9134"),
    ("address of somebody who did not ask", "zq-civet-2051"),
    ("address of somebody who withdraws", "zq-bongo-4410"),
    ("path", "zq-rhea-path-1173"),
    ("query", "zq-saola-query-2284"),
    ("header", "zq-tapir-header-3395"),
    ("body", "zq-uakari-body-4406"),
    ("method", "ZQVICUNA5517"),
];

fn fine(page: &Page) {
    assert!(page.status < 400, "{page:?}");
}

/// Somebody with a request that staff will look at.
pub(crate) struct Person {
    pub(crate) visitor: Visitor,
    pub(crate) reference: String,
    pub(crate) status: String,
}

/// From the form to the status page, with wrong turns.
pub(crate) async fn asks(desk: &Running, address: &str, right: &str) -> Person {
    let mut visitor = Visitor::crowd(&desk.base, "en");
    let form = [
        ("right", right),
        ("email", address),
        ("name", NAME),
        ("details", DETAILS),
        ("country", "DE"),
        ("lang", "en"),
    ];
    let before = mail::sent(&desk.mails, "verify", address).len();
    let sent = visitor.post("/requests", &form).await;
    fine(&sent);
    let reference = sent.path.split('/').nth(2).unwrap().to_owned();
    let verify = mail::wait(&desk.mails, "verify", address, before);
    let link = verify.link("/verify/");
    fine(&visitor.get(link).await);
    for wrong in ["2222-2222", "no code at all zq-uakari-body-4406", &reference] {
        assert_eq!(visitor.post(link, &[("code", wrong)]).await.status, 422);
    }
    let status = visitor.post(link, &[("code", verify.code())]).await;
    fine(&status);
    assert_eq!(visitor.post(link, &[("code", verify.code())]).await.status, 410);
    let status = status.path.split('?').next().unwrap().to_owned();
    Person { visitor, reference, status }
}

impl Person {
    /// Writes, and looks at the page from elsewhere.
    pub(crate) async fn writes(&mut self, desk: &Running) {
        fine(&self.visitor.post(&format!("{}/messages", self.status), &[("text", MESSAGE)]).await);
        let mut other = Visitor::crowd(&desk.base, "de");
        fine(&other.get(&self.status).await);
        // Without the cookie it is refused, which is said on the page.
        fine(&other.post(&format!("{}/messages", self.status), &[("text", MESSAGE)]).await);
        let before = mail::sent(&desk.mails, "status_code", ADDRESS).len();
        fine(&other.post(&format!("{}/code", self.status), &[]).await);
        let code = mail::wait(&desk.mails, "status_code", ADDRESS, before);
        let unlock = format!("{}/unlock", self.status);
        assert_eq!(other.post(&unlock, &[("code", "3333-3333")]).await.status, 422);
        fine(&other.post(&unlock, &[("code", code.code())]).await);
    }

    /// Fetches the archive, as a whole and in parts.
    pub(crate) async fn downloads(&mut self, desk: &Running) -> bytes::Bytes {
        mail::wait(&desk.mails, "archive_ready", ADDRESS, 0);
        fine(&self.visitor.post(&format!("{}/download-code", self.status), &[]).await);
        let code = mail::wait(&desk.mails, "download_code", ADDRESS, 0);
        let open = format!("{}/download", self.status);
        assert_eq!(self.visitor.post(&open, &[("code", "4444-4444")]).await.status, 422);
        let sent = self.visitor.send(&open, &[("code", code.code())]).await;
        assert_eq!(sent.status(), 303);
        let at = sent.headers()["location"].to_str().unwrap().to_owned();
        let head = self.visitor.request(Method::HEAD, &at).send().await.unwrap();
        assert_eq!(head.status(), 200);
        let part = self.visitor.request(Method::GET, &at).header("Range", "bytes=1-9").send();
        assert_eq!(part.await.unwrap().status(), 206);
        let stranger = Visitor::crowd(&desk.base, "en").get(&at).await;
        assert_eq!(stranger.status, 403);
        self.visitor.bytes(&at).await
    }
}

/// People whose requests end early.
pub(crate) async fn others(desk: &Running) -> Vec<Visitor> {
    let unknown = asks(desk, "zq-dodo-9134@example.org", "export").await;
    mail::wait(&desk.mails, "nothing_found", "zq-dodo-9134@example.org", 0);
    let mut bongo = asks(desk, "zq-bongo-4410@example.org", "export").await;
    fine(&bongo.visitor.post(&format!("{}/withdraw", bongo.status), &[]).await);

    let mut civet = Visitor::crowd(&desk.base, "en");
    let form = [("right", "access"), ("email", "zq-civet-2051@example.org"), ("name", NAME)];
    fine(&civet.post("/requests", &form).await);
    let verify = mail::wait(&desk.mails, "verify", "zq-civet-2051@example.org", 0);
    fine(&civet.post(&format!("{}/not-me", verify.link("/verify/")), &[]).await);

    for address in [REFUSED, DEFERRED] {
        let form = [("right", "access"), ("email", address), ("details", DETAILS)];
        fine(&civet.post("/requests", &form).await);
    }
    vec![unknown.visitor, bongo.visitor, civet]
}

/// Requests that are none of ours, or none at all.
pub(crate) async fn strangers(desk: &Running, console: &str) {
    const PATH: &str = "zq-rhea-path-1173";
    const QUERY: &str = "zq-saola-query-2284";
    const HEADER: &str = "zq-tapir-header-3395";
    const BODY: &str = "zq-uakari-body-4406";
    for base in [desk.base.as_str(), console] {
        let visitor = Visitor::crowd(base, "en");
        let ask = |method: Method, path: String| {
            let mut request = visitor.request(method, &path);
            for name in [
                "user-agent",
                "referer",
                "cookie",
                "authorization",
                "traceparent",
                "tracestate",
                "origin",
                "idempotency-key",
                HEADER,
            ] {
                let name: HeaderName = name.parse().unwrap();
                request = request.header(name, HeaderValue::from_static(HEADER));
            }
            request
        };
        for path in ["status", "verify", "downloads", "console/invite", "assets", "requests", ""] {
            let path = format!("/{path}/{PATH}?email={QUERY}&{QUERY}=%00%ff");
            for method in ["GET", "POST", "HEAD", "ZQVICUNA5517", "OPTIONS"] {
                let method = Method::from_bytes(method.as_bytes()).unwrap();
                let answer = ask(method, path.clone()).send().await.unwrap();
                assert!(answer.status().as_u16() < 500, "{path}");
            }
        }
        let form = "application/x-www-form-urlencoded";
        for (kind, body) in [
            ("application/json", format!("{{\"email\": \"{BODY}\", ").into_bytes()),
            (form, format!("right=access&email={BODY}%ff%fe&name=%zz").into_bytes()),
            (form, [format!("email={BODY}").as_bytes(), b"\xff\x00\xfe"].concat()),
            (form, format!("email={BODY}&email={BODY}&right=access").into_bytes()),
            (form, format!("right={BODY}&email={BODY}").into_bytes()),
            (form, BODY.repeat(20_000).into_bytes()),
            ("multipart/form-data; boundary=zq-tapir-header-3395", BODY.as_bytes().to_vec()),
            (HEADER, BODY.as_bytes().to_vec()),
        ] {
            for path in ["/requests", "/console/sign-in", "/api/v1/requests"] {
                let request = visitor.request(Method::POST, path).header("content-type", kind);
                let request =
                    request.header("origin", base).header("sec-fetch-site", "same-origin");
                // It may hang up before it has read a body that is too large.
                let Ok(answer) = request.body(body.clone()).send().await else { continue };
                assert!(answer.status().as_u16() < 500, "{path} {kind}");
            }
        }
        let at = base.trim_start_matches("http://");
        let huge =
            format!("GET / HTTP/1.1\r\nHost: x\r\n{HEADER}: {}\r\n\r\n", HEADER.repeat(9_000));
        for raw in [
            huge,
            format!("{BODY} {PATH}\r\n\r\n"),
            format!("GET / HTTP/1.1\r\nHost: x\r\nX-Forwarded-For: {HEADER}\r\n\r\n"),
            format!("GET /{PATH} HTTP/9.9\r\n{HEADER}\r\n\r\n"),
            format!("POST /requests HTTP/1.1\r\nHost: x\r\nContent-Length: 99\r\n\r\nemail={BODY}"),
            format!(
                "POST /requests HTTP/1.1\r\nHost: {HEADER}\r\nTransfer-Encoding: chunked\r\n\r\n\
                 {BODY}\r\n"
            ),
        ] {
            let mut line = TcpStream::connect(at).await.unwrap();
            // It may hang up while it is still being told.
            let _ = line.write_all(raw.as_bytes()).await;
            let _ = line.shutdown().await;
            let mut answer = Vec::new();
            let _ = line.read_to_end(&mut answer).await;
        }
    }
}

/// Waits until metrics tell something.
pub(crate) async fn told(metrics: &str, line: &str) -> String {
    let (visitor, begun) = (Visitor::crowd(metrics, "en"), Instant::now());
    loop {
        let answer = visitor.request(Method::GET, "/metrics").send().await.unwrap();
        let text = answer.text().await.unwrap();
        if text.contains(line) {
            return text;
        }
        assert!(begun.elapsed() < PATIENCE, "no {line} in {text}");
        tokio::time::sleep(Duration::from_millis(50)).await;
    }
}
