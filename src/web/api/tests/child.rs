//! Programs say that data of a child are held.

use super::*;

#[tokio::test]
async fn a_program_opens_a_deletion_that_people_approve() {
    let office = Office::open().await;
    let program = office.program("safety", &[TokenScope::Decide, TokenScope::Read]).await;
    let post = async |body: Value| program.post("/child-data", &body).await;
    let made = post(json!({"email": "child@example.org", "reason": "says so in the chat"})).await;
    assert_eq!(made.status, 201, "{made:?}");
    let opened = made.json();
    assert_eq!((&opened["right"], &opened["scope"]), (&json!("deletion"), &json!("everything")));
    assert_eq!((&opened["channel"], &opened["assurance"]), (&json!("staff"), &json!("asserted")));
    assert_eq!(office.letters().await, 0, "nobody has proved to read mail there");
    let reference = opened["reference"].as_str().unwrap();
    assert!(made.headers["location"].to_str().unwrap().ends_with(opened["id"].as_str().unwrap()));
    let events = program.get(&format!("/requests/{reference}/events")).await.json();
    let found = |one: &Value| one["kind"] == "child_data.found" && one["actor"]["name"] == "safety";
    assert!(events["items"].as_array().unwrap().iter().any(found), "{events}");
    program.post(&format!("/requests/{reference}/approve"), &json!({})).await.is(Kind::NotYours);
    // It is one already.
    post(json!({"request": reference, "reason": "again"})).await.is(Kind::WrongStatus);
}

#[tokio::test]
async fn it_says_where_and_why_and_needs_the_scope() {
    let office = Office::open().await;
    let program = office.program("safety", &[TokenScope::Decide]).await;
    let post = async |body: Value| program.post("/child-data", &body).await;
    post(json!({"email": "child@example.org"})).await.is(Kind::Invalid);
    post(json!({"email": "child@example.org", "reason": " "})).await.is_wrong("reason", "missing");
    post(json!({"reason": "x"})).await.is_wrong("identifiers", "missing");
    post(json!({"email": "child", "reason": "x"})).await.is_wrong("email", "form");
    post(json!({"request": "R-1", "reason": "x"})).await.is_wrong("request", "form");
    post(json!({"request": "R-22222222", "reason": "x"})).await.is(Kind::NotFound);
    post(json!({"request": "R-22222222", "identifiers": {"user": "7"}, "reason": "x"}))
        .await
        .is_wrong("request", "not_needed");
    let reader = office.program("reader", &[TokenScope::Read, TokenScope::Create]).await;
    let body = json!({"email": "child@example.org", "reason": "x"});
    reader.post("/child-data", &body).await.is(Kind::Scope);
}
