//! Decisions of programs.

use super::*;
use crate::domain::state::Status;

const ALL: &[TokenScope] = TokenScope::ALL;

#[tokio::test]
async fn decisions_are_carried_out_and_named() {
    let office = Office::open().await;
    let program = office.program("helpdesk", ALL).await;
    let reference = program.create("ada@example.org").await;
    office
        .change(&reference, |request| {
            request.status = Status::InReview;
            request.verified_at = Some(request.received_at());
        })
        .await;
    let post = async |verb: &str, body: Value| {
        program.post(&format!("/requests/{reference}/{verb}"), &body).await
    };
    assert_eq!(post("pause", json!({"reason": "Which account?"})).await.json()["paused"], true);
    let approve = post("approve", json!({})).await;
    approve.is(Kind::WrongStatus);
    let allowed = approve.json()["allowed"].clone();
    assert!(allowed.as_array().unwrap().contains(&json!("resume")), "{allowed}");
    assert!(!allowed.as_array().unwrap().contains(&json!("approve")), "{allowed}");
    assert_eq!(post("resume", json!({})).await.json()["paused"], false);
    assert_eq!(post("hold", json!({"reason": "a claim"})).await.json()["held"], true);
    post("hold", json!({"reason": "again"})).await.is(Kind::WrongStatus);
    assert_eq!(post("release", json!({"reason": "settled"})).await.json()["held"], false);
    post("hold", json!({"reason": "x", "review_at": "2020-01-01T00:00:00Z"}))
        .await
        .is_wrong("review_at", "past");
    let extended = post("extend", json!({"reason": "many stores"})).await.json();
    assert_eq!(extended["deadlines"][1]["kind"], "extended");
    assert_eq!(post("messages", json!({"text": "Hello", "to": "staff"})).await.status, 200);
    assert_eq!(post("messages", json!({"text": "Hello", "to": "person"})).await.status, 200);
    assert_eq!(post("assign", json!({"to": null})).await.status, 200);
    post("assign", json!({"to": uuid::Uuid::from_u128(1)})).await.is(Kind::WrongStatus);
    let refused = post("refuse", json!({"ground": "excessive", "facts": "Twice a day."})).await;
    assert_eq!(refused.json()["status"], "refused");
    post("retry", json!({"store": "shop"})).await.is(Kind::WrongStatus);
    post("revoke", json!({})).await.is(Kind::WrongStatus);

    let events = program.get(&format!("/requests/{reference}/events")).await.json();
    let by = |kind: &str| {
        let mut items = events["items"].as_array().unwrap().iter();
        items.find(|one| one["kind"] == kind).unwrap_or_else(|| panic!("{kind}: {events}"))["actor"]
            .clone()
    };
    for kind in ["request.paused", "request.held", "request.extended", "request.refused"] {
        assert_eq!(by(kind), json!({"kind": "token", "name": "helpdesk"}), "{kind}");
    }
}

#[tokio::test]
async fn words_are_asked_for_where_somebody_reads_them() {
    let office = Office::open().await;
    let program = office.program("helpdesk", ALL).await;
    let reference = program.create("ada@example.org").await;
    let post = async |verb: &str, body: Value| {
        program.post(&format!("/requests/{reference}/{verb}"), &body).await
    };
    post("extend", json!({"reason": " "})).await.is_wrong("reason", "missing");
    post("hold", json!({"reason": "x".repeat(4_001)})).await.is_wrong("reason", "too_long");
    post("messages", json!({"text": "\u{7}", "to": "staff"})).await.is_wrong("text", "control");
    post("messages", json!({"text": "x", "to": "all"})).await.is_wrong("to", "form");
    post("refuse", json!({"ground": "mood", "facts": "x"})).await.is_wrong("ground", "form");
    post("assign", json!({})).await.is(Kind::Invalid);
    post("approve", json!({"digest": "x"})).await.is_wrong("digest", "form");
}

#[tokio::test]
async fn a_program_withdraws_only_what_it_asked_for() {
    let office = Office::open().await;
    let app = office.program("app", ALL).await;
    let other = office.program("other", ALL).await;
    let reference = app.create("ada@example.org").await;
    let path = format!("/requests/{reference}/withdraw");
    other.post(&path, &json!({})).await.is(Kind::NotYours);
    // Where there is nothing to say, no body is needed.
    let silent = app.request("POST", &path).body(Body::empty()).unwrap();
    assert_eq!(office.ask(silent).await.json()["status"], "withdrawn");
    app.post(&path, &json!({})).await.is(Kind::WrongStatus);
}
