//! The console for data of a child.

use super::*;
use crate::domain::request::Assurance;
use crate::domain::state::Status;

const PAGE: &str = "/console/child";

#[tokio::test]
async fn an_officer_opens_an_urgent_deletion_for_an_address() {
    let office = Office::open().await;
    let officer = office.hire("officer@example.org", &[Role::Officer]).await;
    let browser = office.signed_in(&officer).await;
    browser.get("/console/enter").await.says(200, "href=\"/console/child\"");
    browser.get(PAGE).await.says(200, "Open the deletion");
    let address = ("email", "child@example.org");
    browser.post(PAGE, &[address]).await.says(422, "Write down how you know");
    browser.post(PAGE, &[("text", "he is nine")]).await.says(422, "at least one key");
    let wrong = [("email", "child"), ("text", "he is nine")];
    browser.post(PAGE, &wrong).await.says(422, "he is nine");
    let there = browser.post(PAGE, &[address, ("text", "he is <nine>")]).await.location();
    let opened = browser.get(&there).await;
    opened.says(200, "An urgent deletion is open");
    opened.says(200, "to be deleted immediately");
    opened.says(200, "he is &#60;nine&#62;");
    browser.get("/console/").await.says(200, "Urgent: a child’s data, delete immediately");
    browser.get(&format!("{there}&lang=de")).await.says(200, "sofort zu löschen");
    browser.get("/console/child?lang=de").await.says(200, "Löschung eröffnen");
}

#[tokio::test]
async fn it_is_said_on_the_page_of_a_request_and_for_officers_alone() {
    let office = Office::open().await;
    let reference = pages::asked(&office, "parent@example.org").await;
    let officer = office.hire("officer@example.org", &[Role::Officer]).await;
    let browser = office.signed_in(&officer).await;
    let (page, act) =
        (format!("/console/requests/{reference}"), format!("/console/requests/{reference}/child"));
    let shown = browser.get(&page).await;
    assert!(!shown.body.contains("This is data of a child"), "nobody knows whose request it is");
    browser.post(&act, &[("text", "she is nine")]).await.says(409, "");
    let tx = office.db.begin().await.unwrap();
    let mut stored = tx.request_by_reference(&reference).await.unwrap().unwrap();
    (stored.value.status, stored.value.assurance) = (Status::InReview, Assurance::Mailbox);
    tx.update_request(&stored).await.unwrap();
    tx.commit().await.unwrap();
    browser.get(&page).await.says(200, "This is data of a child");
    browser.post(&act, &[]).await.says(422, "Write down how you know");
    let there = browser.post(&act, &[("text", "she is nine")]).await.location();
    browser.get(&there).await.says(200, reference.as_str());
    browser.post(&act, &[("text", "she is nine")]).await.says(409, "");

    let agent = office.hire("agent@example.org", &[Role::Agent]).await;
    let browser = office.signed_in(&agent).await;
    let told = browser.get(PAGE).await;
    told.says(200, "Opening it is for an officer");
    assert!(!told.body.contains("<form class=\"card\""));
    browser.post(PAGE, &[("text", "x")]).await.says(403, "");
}
