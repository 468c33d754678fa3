//! Codes and links that prove an address, and those that do not.

use super::*;
use crate::domain::state::Status;

#[tokio::test]
async fn a_right_code_opens_the_status_page() {
    let office = Office::open().await;
    for by_link in [false, true] {
        let browser = office.browser();
        let reference = browser.ask_for(&["access"], ADA).await;
        let code = office.code().await.to_lowercase().replace('-', " ");
        let path = if by_link {
            let link = office.link("verify").await;
            let page = browser.get(&link).await;
            page.says(200, "not-me");
            assert!(!page.body.contains(ADA));
            link
        } else {
            format!("/requests/{reference}/verify")
        };
        let reply = browser.post(&path, &[("code", &code)]).await;
        let location = reply.location();
        let cookie = reply.header("set-cookie");
        assert!(cookie.starts_with("__Host-rd-status-"), "{cookie}");
        assert!(
            cookie.ends_with("HttpOnly; SameSite=Lax; Secure; Path=/; Max-Age=1800"),
            "{cookie}"
        );
        let page = browser.get(&location).await;
        page.says(200, &reference);
        page.says(200, "/withdraw");
        assert_eq!(office.request(&reference).await.status, Status::Gathering);

        let stranger = office.browser().get(&location).await;
        stranger.says(200, "/unlock");
        assert!(!stranger.body.contains("/withdraw") && !stranger.body.contains("/messages"));
        // The link has done its work.
        browser.post(&path, &[("code", &code)]).await.says(410, "has done its work");
        browser.post(&path.replace("/verify", "/code"), &[]).await;
    }
}

#[tokio::test]
async fn a_wrong_code_says_why_and_offers_a_fresh_one() {
    let office = Office::open().await;
    let browser = office.browser();
    let reference = browser.ask_for(&["access"], ADA).await;
    let (code, link) = (office.code().await, office.link("verify").await);
    let wrong = other_than(&code);
    let by_reference = format!("/requests/{reference}/verify");
    let (empty, reference_typed) = ("not a code yet", "the reference of your request");
    let cases: [(&[(&str, &str)], &str); 6] = [
        (&[], empty),
        (&[("code", " ")], empty),
        (&[("code", &code), ("code", &code)], empty),
        (&[("code", &reference)], reference_typed),
        (&[("code", &reference[2..])], reference_typed),
        (&[("code", &wrong)], "not the right code"),
    ];
    for path in [&by_reference, &link] {
        for (fields, words) in &cases {
            let reply = browser.post(path, fields).await;
            reply.says(422, words);
            reply.says(422, "/code\"");
            assert!(reply.header("set-cookie").is_empty());
        }
    }
    // Two tries are gone; three more, and not even the right one helps.
    for _ in 0..2 {
        browser.post(&link, &[("code", &wrong)]).await.says(422, "not the right code. ");
    }
    browser.post(&link, &[("code", &wrong)]).await.says(422, "no longer works");
    browser.post(&link, &[("code", &code)]).await.says(422, "no longer works");

    let back = browser.post(&format!("{link}/code"), &[]).await.location();
    browser.get(&back).await.says(200, "it is on its way");
    browser.post(&by_reference, &[("code", &code)]).await.says(422, "not the right code");
    let fresh = office.code().await;
    browser.post(&by_reference, &[("code", &fresh)]).await.location();
}

#[tokio::test]
async fn a_late_code_says_so() {
    let office = Office::open().await;
    let browser = office.browser();
    browser.ask_for(&["access"], ADA).await;
    let (code, link) = (office.code().await, office.link("verify").await);
    office.pass(3600);
    office.hand_over().await;
    office.pass(10 * 60);
    browser.post(&link, &[("code", &code)]).await.says(422, "its 10 minutes are over");
}

#[tokio::test]
async fn a_token_of_another_purpose_or_person_opens_nothing() {
    let office = Office::open().await;
    let (ada, eve) = (office.browser(), office.browser());
    let (_, status) = ada.verified(&["access"], ADA).await;
    eve.ask_for(&["access"], "eve@example.org").await;
    let (code, link) = (office.code().await, office.link("verify").await);
    let before = office.dump().await;
    let (status_token, verify_token) = (&status["/status/".len()..], &link["/verify/".len()..]);
    for path in [
        format!("/verify/{status_token}"),
        format!("/status/{verify_token}"),
        format!("/stop/{status_token}"),
        format!("/stop/{verify_token}"),
        format!("/verify/{}", "A".repeat(43)),
        "/verify/short".to_owned(),
        "/status/%FF".to_owned(),
    ] {
        let page = eve.get(&path).await;
        page.says(410, "We do not know this link");
        assert!(!page.body.contains(ADA));
    }
    for path in [
        format!("/verify/{status_token}"),
        format!("/verify/{status_token}/not-me"),
        format!("/stop/{status_token}"),
        format!("/stop/{verify_token}"),
        format!("/status/{verify_token}/unlock"),
        format!("/status/{verify_token}/withdraw"),
        format!("/status/{verify_token}/messages"),
        format!("/status/{verify_token}/download"),
        format!("/status/{verify_token}/download-code"),
        format!("/status/{verify_token}/code"),
        format!("/status/{verify_token}/renew"),
        "/requests/R-22222222/verify".to_owned(),
        "/requests/R-22222222/code".to_owned(),
        "/requests/nonsense/verify".to_owned(),
    ] {
        let fields = [("code", code.as_str()), ("text", "x"), ("request", "R-22222222")];
        eve.post(&path, &fields).await.says(410, "We do not know this link");
    }
    assert_eq!(office.dump().await, before);
    for path in ["/requests/R-22222222/sent", "/requests/nonsense/sent"] {
        eve.get(path).await.says(404, "This page does not exist");
    }
}

#[tokio::test]
async fn whoever_never_asked_is_left_in_peace() {
    let office = Office::open().await;
    let browser = office.browser();
    let reference = browser.ask_for(&["access"], ADA).await;
    let link = office.link("verify").await;
    browser.post(&format!("{link}/not-me"), &[]).await.says(200, "it is cancelled");
    assert_eq!(office.request(&reference).await.status, Status::Withdrawn);
    assert!(office.letters().await.is_empty(), "what waited to be sent is dropped");
    browser.get(&link).await.says(410, "We do not know this link");
    browser.post(&format!("{link}/not-me"), &[]).await.says(410, "We do not know this link");
    browser.ask_for(&["access"], ADA).await;
    assert!(office.letters().await.is_empty(), "no mail for thirty days");
}

#[tokio::test]
async fn a_lapsed_request_is_resumed_by_its_own_address_only() {
    let office = Office::open().await;
    let browser = office.browser();
    let reference = browser.ask_for(&["access"], ADA).await;
    let received = office.request(&reference).await.received_at();
    office.pass(8 * 24 * 3600);
    office.desk.tick().await.unwrap();
    assert_eq!(office.request(&reference).await.status, Status::Lapsed);
    let link = office.link("verify").await;
    browser.get(&link).await.says(200, "/resume");

    let resume = format!("{link}/resume");
    browser.post(&resume, &[]).await.says(422, "Enter your e-mail address");
    browser.post(&resume, &[("email", "ada@")]).await.says(422, "value=\"ada@\"");
    let mails = office.letters().await.len();
    let mut seen = Vec::new();
    for email in ["eve@example.org", ADA] {
        let location = browser.post(&resume, &[("email", email)]).await.location();
        seen.push((browser.get(&location).await.body, location));
    }
    assert_eq!(seen[0], seen[1], "the answer tells nobody whose address it was");
    assert_eq!(office.letters().await.len(), mails + 1);
    let again = browser.post(&resume, &[("email", ADA)]).await.location();
    assert!(again.ends_with("?note=fresh"), "{again}");
    let code = office.code().await;
    browser.post(&link, &[("code", &code)]).await.location();
    let request = office.request(&reference).await;
    assert_eq!((request.status, request.received_at()), (Status::Gathering, received));
    browser.post(&resume, &[("email", ADA)]).await.says(410, "has done its work");
}
