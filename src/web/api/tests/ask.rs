//! Requests handed in.

use futures::future::join_all;

use super::*;

const ALL: &[TokenScope] = TokenScope::ALL;

#[tokio::test]
async fn a_request_is_taken_and_its_person_mailed() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    let body = json!({
        "right": "access", "email": "ada@example.org", "name": "Ada", "country": "DE",
        "locale": "de", "details": "All of it.\nPlease.", "on_behalf": true, "channel": "phone",
        "regime": "eu_gdpr", "scope": "everything", "verification": "mail",
    });
    let made = program.post("/requests", &body).await;
    assert_eq!(made.status, 201, "{made:?}");
    let request = made.json();
    let id = request["id"].as_str().unwrap();
    let location = format!("https://rights.example/api/v1/requests/{id}");
    assert_eq!(made.headers["location"], location);
    assert_eq!(request["status"], "awaiting_verification");
    assert_eq!(request["channel"], "phone");
    assert_eq!(request["promise"]["due_at"], "2026-11-23T09:00:00Z");
    // 20 December is a Sunday.
    let deadline = &request["deadlines"][0];
    assert_eq!(deadline["date"], "2026-12-21");
    assert_eq!(deadline["end_at"], "2026-12-22T00:00:00Z");
    assert_eq!((&deadline["kind"], &deadline["binds"]), (&json!("respond"), &json!(true)));
    assert_eq!(deadline["rule"], "eu_gdpr.respond/1");
    assert_eq!(request["regime"], "eu_gdpr");
    assert_eq!(office.letters().await, 1);
    assert!(!made.body.contains("ada"), "who asks is not repeated");
    assert_eq!(program.get(&format!("/requests/{id}")).await.body, made.body);
    let events = program.get(&format!("/requests/{id}/events")).await.json();
    assert_eq!(events["items"][0]["actor"], json!({"kind": "token", "name": "app"}));
}

#[tokio::test]
async fn the_same_call_is_carried_out_once() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    let key = [("idempotency-key", "9b2f")];
    let body = r#"{"right":"access","email":"ada@example.org"}"#;
    let first = program.post_with("/requests", body, &key).await;
    office.change(first.json()["reference"].as_str().unwrap(), |request| request.spam = true).await;
    let second = program.post_with("/requests", body, &key).await;
    assert_eq!((second.status, &second.body), (201, &first.body));
    assert_eq!(second.headers["location"], first.headers["location"]);
    let other = body.replace("ada", "bob");
    program.post_with("/requests", &other, &key).await.is(Kind::KeyReused);
    assert_eq!(office.letters().await, 1);
    // Another program may use the same key.
    let neighbour = office.program("neighbour", ALL).await;
    let theirs = neighbour.post_with("/requests", &other, &key).await;
    assert_ne!(theirs.json()["id"], first.json()["id"]);
    // After a week it is forgotten.
    office.pass(SignedDuration::from_hours(7 * 24));
    office.desk.tick().await.unwrap();
    let later = program.post_with("/requests", body, &key).await;
    assert_ne!(later.json()["id"], first.json()["id"]);
}

#[tokio::test]
async fn many_of_the_same_call_at_once_are_one() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    let body = r#"{"right":"access","email":"ada@example.org"}"#;
    let call = || program.post_with("/requests", body, &[("idempotency-key", "once")]);
    let replies = join_all((0..12).map(|_| call())).await;
    let bodies: std::collections::BTreeSet<_> =
        replies.iter().filter(|reply| reply.status == 201).map(|reply| &reply.body).collect();
    assert_eq!(bodies.len(), 1);
    assert!(replies.iter().all(|reply| matches!(reply.status, 201 | 409)), "{replies:?}");
    assert_eq!(program.get("/requests").await.json()["items"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn each_wrong_field_is_named() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    let with = |field: &str, value: Value| {
        let mut body = json!({"right": "access", "email": "ada@example.org"});
        body[field] = value;
        body
    };
    for (body, field, code) in [
        (with("email", json!("no address")), "email", "form"),
        (with("email", Value::Null), "email", "missing"),
        (with("right", json!("fly")), "right", "form"),
        (with("right", Value::Null), "right", "form"),
        (with("colour", json!("red")), "colour", "form"),
        (with("name", json!("a\nb")), "name", "control"),
        (with("name", json!("x".repeat(201))), "name", "too_long"),
        (with("details", json!("\u{202e}")), "details", "control"),
        (with("country", json!("XX")), "country", "form"),
        (with("country", json!(7)), "country", "form"),
        (with("locale", json!("fr")), "locale", "form"),
        (with("identifiers", json!({"user": "7"})), "identifiers", "not_asserted"),
        (with("identifiers", json!({"user": ""})), "identifiers", "form"),
        (with("identifiers", json!({"a b": "x"})), "identifiers", "form"),
        (with("on_behalf", json!("yes")), "on_behalf", "form"),
    ] {
        program.post("/requests", &body).await.is_wrong(field, code);
    }
    let both = json!({"right": "access", "email": "x", "name": "a\nb"});
    let both = program.post("/requests", &both).await;
    both.is_wrong("email", "form");
    both.is_wrong("name", "control");
    for key in ["", "two words", &"k".repeat(256)] {
        let body = r#"{"right":"access","email":"ada@example.org"}"#;
        let reply = program.post_with("/requests", body, &[("idempotency-key", key)]).await;
        reply.is_wrong("Idempotency-Key", "form");
    }
    assert_eq!(office.letters().await, 0);
}

#[tokio::test]
async fn what_is_no_json_is_told_so() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    for broken in ["", "{", "{\"right\":", "{\"right\": \"access\"} x", "\u{0}"] {
        program.post_with("/requests", broken, &[]).await.is(Kind::Unreadable);
    }
    let long = format!("{{\"details\": \"{}\"}}", "x".repeat(70_000));
    program.post_with("/requests", &long, &[]).await.is(Kind::TooLarge);
    let twice = r#"{"right":"access","right":"export","email":"ada@example.org"}"#;
    assert_eq!(program.post_with("/requests", twice, &[]).await.status, 422);
    let form = program
        .request("POST", "/requests")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(Body::from("right=access&email=ada@example.org"));
    office.ask(form.unwrap()).await.is(Kind::MediaType);
}

#[tokio::test]
async fn a_token_creates_so_many_a_day() {
    let office = Office::open().await;
    let program = office.program_with("app", ALL, |new| new.requests_a_day = 2).await;
    program.create("a@example.org").await;
    program.create("b@example.org").await;
    let body = json!({"right": "access", "email": "c@example.org"});
    let third = program.post("/requests", &body).await;
    third.is(Kind::DailyCap);
    assert!(third.headers.contains_key("retry-after"));
    office.pass(SignedDuration::from_hours(24));
    program.create("c@example.org").await;
}

#[tokio::test]
async fn another_site_cannot_make_a_browser_call() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    let body = r#"{"right":"access","email":"ada@example.org"}"#;
    let headers = [("sec-fetch-site", "cross-site"), ("origin", "https://evil.example")];
    program.post_with("/requests", body, &headers).await.is(Kind::CrossOrigin);
}
