//! Saying no, with and without an address, and what a browser says by itself.

use super::*;
use crate::domain::flag::Because;
use crate::domain::state::Status;
use crate::domain::subject::{KeyKind, SubjectKey};

const COOKIE: &str = "__Host-rd-optout";

fn ada() -> SubjectKey {
    SubjectKey::new(KeyKind::email(), ADA).unwrap()
}

impl Office {
    async fn because(&self, keys: &[SubjectKey], purpose: &str) -> Because {
        self.desk.look_up(keys, purpose).await.unwrap().unwrap().because
    }
}

impl Browser<'_> {
    /// What this browser is called by its cookie.
    fn named(&self) -> Option<SubjectKey> {
        let value = self.cookies.lock().unwrap().get(COOKIE).cloned()?;
        SubjectKey::new(KeyKind::new("browser"), value)
    }

    /// Posts a form, with Global Privacy Control.
    async fn signals(&self, fields: &[(&str, &str)]) -> Reply {
        let body = form_urlencoded::Serializer::new(String::new()).extend_pairs(fields).finish();
        let kind = [("content-type", "application/x-www-form-urlencoded"), ("sec-gpc", "1")];
        self.office.pass(1);
        self.ask(Method::POST, "/requests", &kind, &body).await
    }
}

#[tokio::test]
async fn saying_no_takes_one_step_and_no_address() {
    let office = Office::open().await;
    let browser = office.browser();
    browser.get("/?right=opt_out").await.says(200, "name=\"purpose\"");
    let sent = browser.post("/requests", &[("right", "opt_out"), ("purpose", "analytics")]).await;
    let keys = [browser.named().unwrap()];
    assert_eq!(office.because(&keys, "analytics").await, Because::OptOut);
    assert_eq!(office.because(&keys, "marketing").await, Because::NothingSet);
    let page = browser.get(&sent.location()).await;
    page.says(200, "It holds from now on");
    page.says(200, "a cookie of rights.example");
    assert!(!page.body.contains("name=\"code\""), "there is no second step");
    assert_eq!(office.letters().await.len(), 0);
    // Another browser is told of no cookie.
    let other = office.browser().get(&sent.location()).await;
    assert!(!other.body.contains("a cookie of"));
}

#[tokio::test]
async fn saying_yes_takes_an_address_a_purpose_and_a_code() {
    let office = Office::open().await;
    let browser = office.browser();
    browser.post("/requests", &[("right", "opt_out"), ("email", ADA)]).await.location();
    assert_eq!(office.because(&[ada()], "profiling").await, Because::OptOut);
    let asked = [("right", "opt_in"), ("purpose", "profiling"), ("email", ADA)];
    browser.post("/requests", &asked[..2]).await.says(422, "#email");
    browser.post("/requests", &[asked[0], asked[2]]).await.says(422, "#purposes");
    let sent = browser.post("/requests", &asked).await.location();
    browser.get(&sent).await.says(200, "name=\"code\"");
    assert_eq!(office.because(&[ada()], "profiling").await, Because::OptOut, "one step");
    let code = office.code().await;
    let verify = sent.replace("/sent", "/verify");
    browser.post(&verify, &[("code", &code)]).await.location();
    assert_eq!(office.because(&[ada()], "profiling").await, Because::OptIn, "two");
}

#[tokio::test]
async fn a_purpose_that_nobody_knows_is_no_field_of_ours() {
    let office = Office::open().await;
    let browser = office.browser();
    let before = office.dump().await;
    for fields in [
        vec![("right", "opt_out"), ("purpose", "everything")],
        vec![("right", "objection"), ("email", ADA)],
        vec![("right", "limit"), ("email", "ada")],
        vec![("right", "consent_withdrawal")],
    ] {
        browser.post("/requests", &fields).await.says(422, "role=\"alert\"");
    }
    assert_eq!(office.dump().await, before);
}

#[tokio::test]
async fn a_signal_is_shown_on_a_page_and_written_by_a_form() {
    let office = Office::open().await;
    let browser = office.browser();
    let before = office.dump().await;
    let signal = [("sec-gpc", "1")];
    let page = browser.ask(Method::GET, "/?right=access", &signal, "").await;
    page.says(200, "Global Privacy Control");
    assert_eq!(office.dump().await, before, "looking writes nothing");
    assert!(browser.named().is_none());
    assert!(!browser.get("/?right=access").await.body.contains("Global Privacy Control"));
    let fields = [("right", "access"), ("email", ADA)];
    let sent = browser.signals(&fields).await.location();
    let page = browser.ask(Method::GET, &sent, &signal, "").await;
    page.says(200, "is noted as an opt-out");
    let keys = [browser.named().unwrap()];
    for keys in [&keys[..], &[ada()]] {
        assert_eq!(office.because(keys, "sale_share").await, Because::OptOut);
        assert_eq!(office.because(keys, "targeted_ads").await, Because::OptOut);
        assert_eq!(office.because(keys, "marketing").await, Because::NothingSet);
    }
    let flags = |dump: &[String]| dump.iter().filter(|row| row.contains("signal")).count();
    let written = flags(&office.dump().await);
    browser.signals(&fields).await.location();
    assert_eq!(flags(&office.dump().await), written, "one for a browser and an address");
    // The browser is no key to search stores by.
    let tx = office.db.begin_read().await.unwrap();
    let intake = tx.intake(office.letters().await[0].intake).await.unwrap().unwrap();
    assert!(intake.contact.unwrap().identifiers.is_empty());
}

#[tokio::test]
async fn what_holds_at_once_waits_for_nothing_else_in_the_form() {
    let office = Office::open().await;
    let browser = office.browser();
    let fields =
        [("right", "opt_out"), ("right", "access"), ("email", ADA), ("purpose", "marketing")];
    let sent = browser.post("/requests", &fields).await.location();
    browser.get(&sent).await.says(200, "name=\"code\"");
    assert_eq!(office.because(&[ada()], "marketing").await, Because::OptOut);
    let code = office.code().await;
    let status = browser.post(&sent.replace("/sent", "/verify"), &[("code", &code)]).await;
    let page = browser.get(&status.location()).await;
    page.says(200, "stopped: advertising by mail");
    let tx = office.db.begin_read().await.unwrap();
    let intake = office.letters().await[0].intake;
    for stored in tx.requests_of(intake).await.unwrap() {
        let expected =
            if stored.value.starts_at_once() { Status::Executing } else { Status::Gathering };
        assert_eq!(stored.value.status, expected);
    }
}
