//! The status page: what it shows to whom, and what is done on it.

use async_trait::async_trait;

use super::*;
use crate::domain::facts::StoreFacts;
use crate::domain::gather::TaskStatus;
use crate::domain::state::Status;
use crate::store::{Finding, Store, StoreError};

/// A store with a label in both languages; nobody asks it anything.
#[derive(Debug)]
struct Shop(StoreFacts);

impl Shop {
    fn stores() -> Stores {
        let label = [(Language::En, "Shop accounts"), (Language::De, "Kundenkonten")];
        let text = || "x".to_owned();
        let facts = StoreFacts {
            name: "shop".to_owned(),
            kind: text(),
            label: label.into_iter().map(|(language, text)| (language, text.to_owned())).collect(),
            controller: text(),
            purposes: Vec::new(),
            basis: text(),
            source: text(),
            recipients: Vec::new(),
            country: text(),
            retention: text(),
            backup: text(),
            safeguard: None,
            automated: text(),
            private_content: false,
            categories: Vec::new(),
            ..StoreFacts::default()
        };
        Stores::from([("shop".to_owned(), Arc::new(Self(facts)) as Arc<dyn Store>)])
    }
}

#[async_trait]
impl Store for Shop {
    fn facts(&self) -> &StoreFacts {
        &self.0
    }

    async fn check(&self) -> Result<Vec<Finding>, StoreError> {
        Ok(Vec::new())
    }
}

#[tokio::test]
async fn looking_changes_nothing() {
    let office = Office::open().await;
    let browser = office.browser();
    let waiting = browser.ask_for(&["access"], "eve@example.org").await;
    let link = office.link("verify").await;
    let (_, status) = browser.verified(&["access"], ADA).await;
    let before = office.dump().await;
    for path in [
        "/",
        "/?right=access",
        &format!("/requests/{waiting}/sent?note=fresh"),
        &link,
        &format!("{link}?note=fresh"),
        &status,
        &format!("{status}?note=withdrawn"),
        "/privacy",
        "/accessibility",
        "/readyz",
    ] {
        for method in [Method::GET, Method::HEAD] {
            let reply = browser.ask(method.clone(), path, &[], "").await;
            assert_eq!(reply.status, 200, "{method} {path}");
        }
    }
    for path in [format!("{link}/not-me"), format!("{status}/withdraw"), "/requests".to_owned()] {
        let reply = browser.get(&path).await;
        reply.says(405, "cannot be called up in this way");
        assert_eq!(reply.header("allow"), "POST");
    }
    assert_eq!(office.dump().await, before);
}

#[tokio::test]
async fn counts_messages_and_dates_are_for_the_cookie_alone() {
    let office = Office::with(Shop::stores()).await;
    let browser = office.browser();
    let (reference, status) = browser.verified(&["access"], ADA).await;
    let request = office.request(&reference).await.id;
    let tx = office.db.begin().await.unwrap();
    let task = tx.insert_task(request, "shop", "2026-11-20T09:00:00Z".parse().unwrap()).await;
    let mut task = tx.task(task.unwrap()).await.unwrap().unwrap();
    (task.status, task.tally.rows, task.tally.files) = (TaskStatus::Done, 1234, 7);
    tx.update_task(&task).await.unwrap();
    tx.commit().await.unwrap();

    let page = browser.get(&status).await;
    for words in ["Shop accounts", "1,234 entries", ", 7 files"] {
        page.says(200, words);
    }
    browser.get(&format!("{status}?lang=de")).await.says(200, "Kundenkonten");
    let stranger = office.browser().get(&status).await;
    stranger.says(200, "Shop accounts");
    assert!(!stranger.body.contains("1,234 entries") && !stranger.body.contains(ADA));

    office.pass(30 * 60);
    let later = browser.get(&status).await;
    later.says(200, "/unlock");
    assert!(!later.body.contains("1,234 entries"), "half an hour is over");
}

#[tokio::test]
async fn a_cookie_opens_its_own_page_only() {
    let office = Office::open().await;
    let browser = office.browser();
    let (_, hers) = browser.verified(&["access"], ADA).await;
    let eve = office.browser();
    let (_, theirs) = eve.verified(&["access"], "eve@example.org").await;
    eve.get(&theirs).await.says(200, "/messages");
    eve.get(&hers).await.says(200, "/unlock");
    let (ours, other) =
        (browser.cookies.lock().unwrap().clone(), eve.cookies.lock().unwrap().clone());
    let swapped: BTreeMap<String, String> = ours.keys().cloned().zip(other.into_values()).collect();
    *eve.cookies.lock().unwrap() = swapped;
    eve.get(&hers).await.says(200, "/unlock");
    let refused = eve.post(&format!("{hers}/withdraw"), &[]).await.location();
    eve.get(&refused).await.says(200, "Unlock this page again");
}

#[tokio::test]
async fn a_page_is_unlocked_by_its_own_code() {
    let office = Office::open().await;
    let (reference, status) = office.browser().verified(&["access"], ADA).await;
    let browser = office.browser();
    let back = browser.post(&format!("{status}/code"), &[]).await.location();
    browser.get(&back).await.says(200, "it is on its way");
    let (code, unlock) = (office.code().await, format!("{status}/unlock"));
    browser.post(&unlock, &[]).await.says(422, "not a code yet");
    browser.post(&unlock, &[("code", &reference)]).await.says(422, "the reference of your request");
    let wrong = other_than(&code);
    browser.post(&unlock, &[("code", &wrong)]).await.says(422, "not the right code");
    let reply = browser.post(&unlock, &[("code", &code)]).await;
    assert!(reply.header("set-cookie").contains("Max-Age=1800"));
    browser.get(&reply.location()).await.says(200, "unlocked for 30 minutes");
    browser.get(&status).await.says(200, "/messages");
    browser.post(&unlock, &[("code", &code)]).await.says(422, "not possible as things stand");
    office.browser().post(&unlock, &[("code", &code)]).await.says(422, "no longer works");
    office.browser().get(&reply.location()).await.says(200, "/unlock");
}

#[tokio::test]
async fn a_message_is_kept_and_a_bad_one_comes_back() {
    let office = Office::open().await;
    let browser = office.browser();
    let (_, status) = browser.verified(&["access"], ADA).await;
    let messages = format!("{status}/messages");
    let back = browser.post(&messages, &[("text", "Grüße,\r\n<b>Ada</b>")]).await.location();
    let page = browser.get(&back).await;
    page.says(200, "Your message is with us");
    page.says(200, "Grüße,\n&#60;b&#62;Ada");
    let long = "x".repeat(4_001);
    for (text, words) in [
        ("", "Write something"),
        (" \r\n ", "Write something"),
        ("a\0b", "too long or has characters"),
        (&long, "too long or has characters"),
    ] {
        let reply = browser.post(&messages, &[("text", text)]).await;
        reply.says(422, words);
        assert!(text.trim().is_empty() || reply.body.contains(text), "it comes back");
    }
    let stranger = office.browser();
    assert!(!stranger.get(&status).await.body.contains("Grüße"));
    let refused = stranger.post(&messages, &[("text", "hello")]).await.location();
    assert!(refused.ends_with("?note=locked"), "{refused}");
    assert!(!browser.get(&status).await.body.contains("hello"));
    for _ in 0..19 {
        browser.post(&messages, &[("text", "again")]).await.location();
    }
    let refused = browser.post(&messages, &[("text", "too much")]).await.location();
    browser.get(&refused).await.says(200, "not possible as things stand");
}

#[tokio::test]
async fn a_request_is_withdrawn_and_taken_up_again() {
    let office = Office::open().await;
    let browser = office.browser();
    let (reference, status) = browser.verified(&["access"], ADA).await;
    let received = office.request(&reference).await.received_at();
    let (withdraw, undo) = (format!("{status}/withdraw"), format!("{status}/undo"));

    let locked = office.browser().post(&withdraw, &[]).await.location();
    assert!(locked.ends_with("?note=locked"), "{locked}");
    assert_eq!(office.request(&reference).await.status, Status::Gathering);

    // Without a name it is the only one there is.
    let back = browser.post(&withdraw, &[]).await.location();
    let page = browser.get(&back).await;
    page.says(200, "Your request is withdrawn");
    page.says(200, "/undo");
    assert_eq!(office.request(&reference).await.status, Status::Withdrawn);
    let again = browser.post(&withdraw, &[("request", &reference)]).await.location();
    assert!(again.ends_with("?note=not-now"), "{again}");

    let back = browser.post(&undo, &[("request", &reference)]).await.location();
    browser.get(&back).await.says(200, "still counts from its first day");
    let request = office.request(&reference).await;
    assert_eq!((request.status, request.received_at()), (Status::AwaitingVerification, received));

    let back = browser.post(&withdraw, &[("request", &reference)]).await.location();
    assert!(back.ends_with("?note=withdrawn"), "{back}");
    office.pass(24 * 3600);
    let late = unlocked(&office, &browser, &status).await;
    assert!(!late.body.contains("/undo"));
    let late = browser.post(&undo, &[("request", &reference)]).await.location();
    assert!(late.ends_with("?note=not-now"), "{late}");
}

#[tokio::test]
async fn in_a_group_a_form_must_name_its_request() {
    let office = Office::open().await;
    let browser = office.browser();
    let (reference, status) = browser.verified(&["access", "export"], ADA).await;
    let withdraw = format!("{status}/withdraw");
    for fields in
        [&[][..], &[("request", "nonsense")], &[("request", &reference), ("request", "x")]]
    {
        let back = browser.post(&withdraw, fields).await.location();
        assert!(back.ends_with("?note=not-now"), "{back}");
    }
    let stranger = office.browser().ask_for(&["access"], "eve@example.org").await;
    browser.post(&withdraw, &[("request", &stranger)]).await.says(410, "We do not know");
    assert_eq!(office.request(&stranger).await.status, Status::AwaitingVerification);
    browser.post(&withdraw, &[("request", &reference)]).await.location();
    let page = browser.get(&status).await;
    assert_eq!(page.body.matches("class=\"card request\"").count(), 2);
    assert_eq!(page.body.matches("/withdraw\"").count(), 1, "the other one goes on");
}

/// Opens a status page anew with a mailed code.
async fn unlocked(office: &Office, browser: &Browser<'_>, status: &str) -> Reply {
    browser.post(&format!("{status}/code"), &[]).await.location();
    let code = office.code().await;
    let back = browser.post(&format!("{status}/unlock"), &[("code", &code)]).await.location();
    browser.get(&back).await
}
