//! The page of webhooks.

use super::*;
use crate::domain::intake::Contact;
use crate::domain::right::Right;
use crate::domain::webhook::{Subscription, WebhookKind};
use crate::service::intake::NewIntake;

async fn asked(office: &Office) {
    let email = EmailAddress::parse("person@example.org").ok();
    let form = NewIntake {
        purposes: Vec::new(),
        scope: crate::domain::request::Scope::Everything,
        rights: vec![Right::Access],
        contact: Contact { email, ..Contact::default() },
        country: None,
        on_behalf: false,
        wishes: crate::service::lodge::Wishes::default(),
        language: Language::En,
        changes: Vec::new(),
    };
    office.desk.open_intake(form).await.unwrap();
}

#[tokio::test]
async fn admins_see_endpoints_and_messages_and_send_them_again() {
    let crm = Subscription { name: "crm".into(), kinds: vec![WebhookKind::RequestReceived] };
    let office = Office::with(|settings| settings.webhooks = vec![crm]).await;
    let ada = office.hire("ada@example.org", &[Role::Admin]).await;
    let browser = office.signed_in(&ada).await;
    let page = "/console/webhooks";
    browser.get(page).await.says(200, "No message yet.");
    asked(&office).await;
    let shown = browser.get(page).await;
    for words in ["crm", "Works", "request.received", "R-", "Waiting", "Send again"] {
        shown.says(200, words);
    }
    assert!(!shown.body.contains("person@"), "{}", shown.body);
    let (_, rest) = shown.body.split_once("action=\"/console/webhooks/").unwrap();
    let id = rest.split('/').next().unwrap();
    let to = browser.post(&format!("{page}/{id}/replay"), &[]).await.location();
    browser.get(&to).await.says(200, "It is sent again");
    let nothing = "00000000-0000-0000-0000-000000000000";
    browser.post(&format!("{page}/{nothing}/replay"), &[]).await.says(404, "no such page");
}

#[tokio::test]
async fn without_endpoints_the_page_says_how_to_get_one() {
    let office = Office::open().await;
    let ada = office.hire("ada@example.org", &[Role::Admin]).await;
    let browser = office.signed_in(&ada).await;
    browser.get("/console/webhooks?lang=de").await.says(200, "Kein Programm erfährt etwas");
}
