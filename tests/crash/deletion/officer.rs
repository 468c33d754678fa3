//! An officer who goes on approving whatever process dies.

use std::fs;
use std::time::{Duration, Instant};

use data_encoding::BASE32_NOPAD;
use jiff::SignedDuration;
use rightsdesk::clock::{Clock as _, SystemClock};
use rightsdesk::keys::totp::SecondFactor;

use crate::client::{Answer, Client, Outcome};
use crate::house::House;
use crate::support::PATIENCE;

const PASSWORD: &str = "four quiet boats in fog";
/// How long a code is good, in seconds.
const CODE: i64 = 30;

/// Somebody who may approve.
pub(super) struct Officer {
    client: Client,
    phone: SecondFactor,
    /// The last time step whose code was typed: each is good once.
    typed: i64,
}

/// What stands between two texts.
#[track_caller]
fn between<'t>(text: &'t str, from: &str, to: &str) -> &'t str {
    let (_, rest) = text.split_once(from).unwrap_or_else(|| panic!("no {from} in {text}"));
    rest.split(to).next().unwrap()
}

impl Officer {
    /// Is invited, enrols and signs in.
    pub(super) async fn signs_in(house: &House, email: &str) -> Self {
        let invite = ["staff", "invite", email, "--role", "officer", "--json"];
        let invited = house.command(&invite);
        let link = invited.expect(0, &[]).json()["link"].as_str().unwrap().to_owned();
        let link = &link[link.find("/console/").unwrap()..];
        let config = house.nodes[0].lock().unwrap().config.clone();
        let config = fs::read_to_string(config).unwrap();
        let at = between(&config, "[console]\nlisten = \"", "\"").to_owned();
        let port = at.rsplit(':').next().unwrap().parse().unwrap();
        let mut client = Client::new(&format!("http://{at}"), port, 0);
        let Outcome::Answer(page) = client.get(link).await else { panic!("no invitation") };
        let secret = between(&page.text(), "class=\"secret\">", "<").replace(' ', "");
        let bytes = BASE32_NOPAD.decode(secret.as_bytes()).unwrap();
        let phone = SecondFactor::new(&bytes, "", "").unwrap();
        let now = SystemClock.now();
        let code = phone.code_at(now);
        let form = [("name", email), ("password", PASSWORD), ("code", &*code)];
        fine(client.post(link, &form).await);
        let mut officer = Self { client, phone, typed: now.as_second() / CODE };
        let code = officer.code().await;
        let form = [("email", email), ("password", PASSWORD), ("code", &*code)];
        fine(officer.client.post("/console/sign-in", &form).await);
        officer
    }

    /// A code that was not typed yet; the next one is good already.
    async fn code(&mut self) -> String {
        loop {
            let soon = SystemClock.now() + SignedDuration::from_secs(CODE);
            if soon.as_second() / CODE > self.typed {
                self.typed = soon.as_second() / CODE;
                return self.phone.code_at(soon);
            }
            tokio::time::sleep(Duration::from_millis(200)).await;
        }
    }

    /// The fingerprint that is to be approved, as the page of a request shows it.
    pub(super) async fn digest(&mut self, reference: &str) -> String {
        let path = format!("/console/requests/{reference}");
        let begun = Instant::now();
        loop {
            if let Outcome::Answer(page) = self.client.get(&path).await {
                return between(&page.text(), "name=\"digest\" value=\"", "\"").to_owned();
            }
            assert!(begun.elapsed() < PATIENCE, "no page of {reference}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }

    /// Posts what is approved, with a code where one was asked for.
    async fn post(&mut self, path: &str, digest: &str, code: &str) -> Outcome {
        let mut form = vec![("digest", digest)];
        if !code.is_empty() {
            form.push(("code", code));
        }
        self.client.post(path, &form).await
    }

    /// Approves that what a restore brought back is deleted again. The program may die of it before
    /// its answer is read.
    pub(super) async fn approves_again(&mut self) {
        let (begun, mut code) = (Instant::now(), String::new());
        loop {
            assert!(begun.elapsed() < PATIENCE, "nobody takes an approval of a replay");
            tokio::time::sleep(Duration::from_millis(50)).await;
            let Outcome::Answer(page) = self.client.get("/console/replays").await else { continue };
            let page = page.text();
            let at = between(&page, "action=\"/console/replays/", "\"");
            let digest = between(&page, "name=\"digest\" value=\"", "\"");
            match self.post(&format!("/console/replays/{at}"), digest, &code).await {
                Outcome::Answer(answer) if answer.location.contains("done=approved") => return,
                Outcome::Answer(answer) if answer.status == 403 => code = self.code().await,
                // It has just started, and has not compared the audit trail yet.
                Outcome::Answer(answer) if answer.status == 409 => {}
                Outcome::Answer(answer) => panic!("an approval of a replay got {answer:?}"),
                Outcome::Nothing => {}
                Outcome::Unknown => return,
            }
        }
    }

    /// Approves a plan, as often as it takes: answers get lost, and a program that has just started
    /// lets nothing out before it has compared the audit trail. That it counts once is for the checks.
    pub(super) async fn approves(&mut self, reference: &str, digest: &str) {
        let at = format!("/console/requests/{reference}");
        let path = format!("{at}/approve");
        let (begun, mut code, mut doubt) = (Instant::now(), String::new(), false);
        loop {
            match self.post(&path, digest, &code).await {
                Outcome::Answer(answer) if answer.location.contains("done=approved") => return,
                Outcome::Answer(answer) if answer.status == 403 => code = self.code().await,
                // Perhaps done by a call whose answer got lost, and by the other officer since.
                Outcome::Answer(answer) if answer.status == 409 => {
                    let page = self.client.get(&at).await;
                    let over = matches!(&page, Outcome::Answer(page) if page.status == 200
                        && !page.text().contains("name=\"digest\""));
                    assert!(doubt || !over, "{reference} is not to be approved");
                    if over {
                        return;
                    }
                }
                Outcome::Answer(answer) => panic!("an approval of {reference} got {answer:?}"),
                Outcome::Nothing => {}
                Outcome::Unknown => doubt = true,
            }
            assert!(begun.elapsed() < PATIENCE, "nobody takes an approval of {reference}");
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
    }
}

#[track_caller]
fn fine(outcome: Outcome) -> Answer {
    match outcome {
        Outcome::Answer(answer) if answer.status < 400 => answer,
        other => panic!("{other:?}"),
    }
}
