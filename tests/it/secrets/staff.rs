//! What staff do, with canaries in all that they write.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use data_encoding::BASE32_NOPAD;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Zoned};
use rightsdesk::clock::{Clock as _, SystemClock};
use rightsdesk::keys::totp::SecondFactor;

use super::hunt::Canary;
use super::scene::{ADDRESS, ODD, Scene, USER};
use crate::support::PATIENCE;
use crate::support::http::{Page, Visitor};

pub(crate) const EMAIL: &str = "zq-wallaroo-6628@example.org";
const NAME: &str = "Officer Xenopsmith 7739";
const PASSWORD: &str = "four zq-yapok 8840 boats in fog";
const WRONG: &str = "four zq-zorilla 9951 boats in fog";
pub(crate) const WORDS: &str = "zq-anoa-words-1062 & more";
const PAPER: &str = "zq-bilby paper 2173.txt";
const PAPER_TEXT: &str = "please send zq-caracal-3284 all of it";
const LETTER: &str = "zq-dhole-4395@example.org";

/// What staff say.
pub(crate) const SAID: [(&str, &str); 8] = [
    ("address of staff", "zq-wallaroo-6628"),
    ("name of staff", "Xenopsmith 7739"),
    ("password of staff", PASSWORD),
    ("wrong password of staff", WRONG),
    ("words of staff", "zq-anoa-words-1062"),
    ("name of a paper", "zq-bilby paper 2173"),
    ("paper", "zq-caracal-3284"),
    ("address in a letter", "zq-dhole-4395"),
];

/// Somebody who may do everything.
pub(crate) struct Officer {
    visitor: Visitor,
    /// What must be found nowhere of how they signed in.
    pub(crate) secrets: Vec<Canary>,
}

fn fine(page: &Page) -> &Page {
    assert!(page.status < 400, "{page:?}");
    page
}

/// What stands between two texts.
#[track_caller]
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split(to).next().unwrap()
}

impl Officer {
    /// Is invited, enrols with wrong turns and signs in with more of them.
    pub(crate) async fn signs_in(scene: &Scene, console: &str) -> Self {
        let invite = ["staff", "invite", EMAIL, "--role", "officer", "--role", "admin", "--json"];
        let invited = scene.run(&invite, "");
        let link = invited.expect(0, &[]).json()["link"].as_str().unwrap().to_owned();
        let mut visitor = Visitor::crowd(console, "en");
        let page = visitor.get(&link).await;
        let secret = between(&fine(&page).text, "class=\"secret\">", "<").replace(' ', "");
        let bytes = BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
        let phone = SecondFactor::new(&bytes, "", "").unwrap();
        let now = phone.code_at(SystemClock.now());
        for (password, code) in [("short", now.as_str()), (WRONG, "000000")] {
            let form = [("name", NAME), ("password", password), ("code", code)];
            assert_eq!(visitor.post(&link, &form).await.status, 422);
        }
        let now = phone.code_at(SystemClock.now());
        fine(&visitor.post(&link, &[("name", NAME), ("password", PASSWORD), ("code", &now)]).await);
        // A code is good once; the next one is good already.
        let soon = phone.code_at(SystemClock.now() + SignedDuration::from_secs(30));
        let at = "/console/sign-in";
        for (email, password) in [(EMAIL, WRONG), (ADDRESS, PASSWORD)] {
            let form = [("email", email), ("password", password), ("code", soon.as_str())];
            assert_eq!(visitor.post(at, &form).await.status, 422);
        }
        let form = [("email", EMAIL), ("password", PASSWORD), ("code", soon.as_str())];
        fine(&visitor.post(at, &form).await);
        let mut secrets = vec![
            Canary::new("secret of a second factor", secret),
            Canary::new("bytes of a second factor", bytes),
            Canary::new("invitation", link.rsplit('/').next().unwrap()),
        ];
        for cookie in visitor.cookies() {
            secrets.push(Canary::new("cookie of staff", cookie));
        }
        Self { visitor, secrets }
    }

    async fn does(&mut self, reference: &str, verb: &str, form: &[(&str, &str)]) -> Page {
        let page = self.visitor.post(&format!("/console/requests/{reference}/{verb}"), form).await;
        fine(&page);
        page
    }

    /// Everything that can be done with a request whose store `odd` cannot be read, until it is let
    /// out.
    pub(crate) async fn lets_out(&mut self, reference: &str) {
        let at = format!("/console/requests/{reference}");
        let page = self.until(&at, &format!("{at}/skip")).await;
        assert!(!page.text.contains(ADDRESS) && !page.text.contains(ODD), "{}", page.text);
        fine(&self.visitor.get("/console/").await);
        fine(&self.visitor.post("/console/find", &[("find", ADDRESS)]).await);
        let wrong = [("find", "zq-dodo-9134 is no address")];
        assert_eq!(self.visitor.post("/console/find", &wrong).await.status, 422);
        let text = ("text", WORDS);
        let shown = self.does(reference, "reveal", &[text]).await;
        assert!(shown.text.contains(ADDRESS), "{}", shown.text);
        self.does(reference, "note", &[text]).await;
        self.does(reference, "message", &[text]).await;
        self.does(reference, "pause", &[("ground", "internal"), text]).await;
        self.does(reference, "go-on", &[]).await;
        let day = Zoned::new(SystemClock.now(), TimeZone::UTC).date();
        let day = day.tomorrow().unwrap().to_string();
        self.does(reference, "hold", &[("date", &day), text]).await;
        self.does(reference, "lift", &[text]).await;
        self.does(reference, "extend", &[text]).await;
        self.does(reference, "retry", &[("store", "odd")]).await;
        self.until(&at, &format!("{at}/skip")).await;
        let skip = [("store", "odd"), ("reason", "answered_otherwise"), text];
        self.does(reference, "skip", &skip).await;
        self.until(&at, &format!("{at}/release")).await;
        let page = self.visitor.get(&at).await;
        let parts: Vec<String> = page
            .text
            .split("name=\"part\" value=\"")
            .skip(1)
            .map(|rest| rest.split('"').next().unwrap().to_owned())
            .collect();
        assert!(parts.len() >= 2, "{}", page.text);
        for part in parts {
            self.does(reference, "item", &[("part", &part)]).await;
        }
        self.does(reference, "release", &[]).await;
    }

    /// Loads a page until it holds something.
    async fn until(&mut self, at: &str, what: &str) -> Page {
        let begun = Instant::now();
        loop {
            let page = self.visitor.get(at).await;
            if page.text.contains(what) {
                return page;
            }
            assert!(begun.elapsed() < PATIENCE, "no {what} in {}", page.text);
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Refuses a request.
    pub(crate) async fn refuses(&mut self, reference: &str) {
        self.does(reference, "refuse", &[("ground", "excessive"), ("text", WORDS)]).await;
    }

    /// Enters a letter with a paper, by an identifier that staff has checked, and saves the paper.
    pub(crate) async fn enters_a_letter(&mut self, console: &str) {
        let boundary = "----form-of-a-browser";
        let received = Zoned::new(SystemClock.now(), TimeZone::UTC);
        let received = received.datetime().strftime("%Y-%m-%dT%H:%M").to_string();
        let keys = format!("user={USER}");
        let mut body = String::new();
        for (name, value) in [
            ("channel", "letter"),
            ("received", &received),
            ("right", "access"),
            ("email", LETTER),
            ("name", NAME),
            ("details", WORDS),
            ("reason", WORDS),
            ("keys", &keys),
            ("language", "en"),
            ("vouched", "yes"),
        ] {
            write!(
                body,
                "--{boundary}\r\nContent-Disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n"
            )
            .unwrap();
        }
        write!(
            body,
            "--{boundary}\r\nContent-Disposition: form-data; name=\"papers\"; \
             filename=\"{PAPER}\"\r\nContent-Type: text/plain\r\n\r\n{PAPER_TEXT}\r\n\
             --{boundary}--\r\n"
        )
        .unwrap();
        let sent = self
            .visitor
            .request(reqwest::Method::POST, "/console/enter")
            .header("content-type", format!("multipart/form-data; boundary={boundary}"))
            .header("origin", console)
            .header("sec-fetch-site", "same-origin")
            .body(body);
        let answer = sent.send().await.unwrap();
        let status = answer.status();
        let to = answer.headers().get("location").map(|to| to.to_str().unwrap().to_owned());
        let to = to.unwrap_or_else(|| panic!("{status}"));
        let reference = to.rsplit('/').next().unwrap().to_owned();
        self.does(&reference, "reveal", &[("text", WORDS)]).await;
        let page = self.visitor.get(&to).await;
        let paper = between(&page.text, "name=\"paper\" value=\"", "\"").to_owned();
        let saved = self.does(&reference, "paper", &[("paper", &paper)]).await;
        assert!(saved.text.contains(PAPER_TEXT), "{saved:?}");
    }
}
