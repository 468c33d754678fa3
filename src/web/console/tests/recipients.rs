//! Recipients on the page of a request: who has to be told and how, and what is noted there.

use super::pages::asked;
use super::*;
use crate::domain::duration::Period;
use crate::domain::recipient::{How, Recipient};
use crate::domain::telling::{Telling, Topic};
use crate::ids::{Reference, TellingId};

async fn has_to_be_told(office: &Office, at: &Reference, of: &Recipient, number: u128) -> String {
    listed(office, at, of, Topic::Deletion, number).await
}

async fn listed(
    office: &Office,
    at: &Reference,
    of: &Recipient,
    topic: Topic,
    number: u128,
) -> String {
    let tx = office.db.begin().await.unwrap();
    let request = tx.request_by_reference(at).await.unwrap().unwrap().value.id;
    let id = TellingId(uuid::Uuid::from_u128(number));
    let one = Telling::new(id, request, of, topic, office.desk.now());
    assert!(tx.insert_telling(&one).await.unwrap());
    tx.commit().await.unwrap();
    id.to_string()
}

#[tokio::test]
async fn recipients_are_listed_with_how_to_tell_them_and_noted_one_by_one() {
    let office = Office::open().await;
    let agent = office.hire("agent@example.org", &[Role::Agent]).await;
    let at = asked(&office, "person@example.org").await;
    let browser = office.signed_in(&agent).await;
    let page = format!("/console/requests/{at}");
    assert!(!browser.get(&page).await.body.contains("Tell those who received the data"));
    let pay = Recipient {
        id: "pay".into(),
        how: How::parse("mail:privacy@pay.example"),
        acknowledge: Period::parse("30d").ok(),
        ..Recipient::named("Pay <b> Ltd")
    };
    let id = has_to_be_told(&office, &at, &pay, 1).await;
    has_to_be_told(&office, &at, &Recipient::named("Parcel service"), 2).await;
    let shown = browser.get(&page).await;
    for words in [
        "aria-labelledby=\"recipients\"><h2 id=\"recipients\">Tell those who received the data",
        "Pay &#60;b&#62; Ltd",
        "Write to privacy@pay.example.",
        "No data map says how.",
        "to be told by",
    ] {
        shown.says(200, words);
    }
    let to = |verb: &str| format!("{page}/{verb}");
    let this = [("recipient", &*id)];
    browser.post(&to("told"), &[]).await.says(422, "Something is missing");
    let nobody = [("recipient", "00000000-0000-0000-0000-000000000000")];
    browser.post(&to("told"), &nobody).await.says(409, "not possible any more");
    browser.post(&to("acknowledged"), &this).await.says(409, "not possible any more");
    let done = browser.post(&to("told"), &this).await.location();
    let told = browser.get(&done).await;
    told.says(200, "Noted with the recipient.");
    told.says(200, "has to acknowledge by");
    told.says(200, "told a recipient · pay · deleted");
    browser.post(&to("told"), &this).await.says(409, "not possible any more");
    let done = browser.post(&to("acknowledged"), &this).await.location();
    let shown = browser.get(&done).await;
    shown.says(200, "acknowledged on");
    shown.says(200, "noted that a recipient has acknowledged · pay");
    assert_eq!(shown.body.matches("name=\"recipient\"").count(), 1, "one is left");
    // What is late is said in words and with an icon, not by a colour alone.
    office.clock.advance(SignedDuration::from_hours(73));
    let browser = office.signed_in(&agent).await;
    browser.get(&page).await.says(200, "class=\"badge overdue\"");
    // An auditor is shown neither.
    let auditor = office.hire("auditor@example.org", &[Role::Auditor]).await;
    let denied = office.signed_in(&auditor).await.post(&to("told"), &this).await;
    denied.says(403, "Your role does not include this");
}

#[tokio::test]
async fn to_whom_a_request_is_forwarded_stands_apart_from_who_received_data() {
    let office = Office::open().await;
    let agent = office.hire("agent@example.org", &[Role::Agent]).await;
    let at = asked(&office, "person@example.org").await;
    let browser = office.signed_in(&agent).await;
    let page = format!("/console/requests/{at}");
    let acme = Recipient {
        id: "acme".into(),
        how: How::parse("mail:dpo@acme.example"),
        ..Recipient::named("Acme <b> GmbH")
    };
    let id = listed(&office, &at, &acme, Topic::Forward, 1).await;
    let shown = browser.get(&page).await;
    for words in [
        "aria-labelledby=\"forward\"><h2 id=\"forward\">Forward the request",
        "Acme &#60;b&#62; GmbH",
        "Write to dpo@acme.example.",
        "to be forwarded by",
        "I have forwarded it to",
    ] {
        shown.says(200, words);
    }
    assert!(!shown.body.contains("Tell those who received the data"));
    has_to_be_told(&office, &at, &acme, 2).await;
    let shown = browser.get(&page).await;
    shown.says(200, "Tell those who received the data");
    assert_eq!(shown.body.matches("name=\"recipient\"").count(), 2);
    let done = browser.post(&format!("{page}/told"), &[("recipient", &*id)]).await.location();
    let told = browser.get(&done).await;
    told.says(200, "forwarded on");
    told.says(200, "told a recipient · acme · the request");
}
