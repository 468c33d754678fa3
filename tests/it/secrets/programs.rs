//! What programs do, with canaries in all that they send.

use reqwest::Method;
use serde_json::{Value, json};

use super::hunt::Canary;
use super::scene::{STREET, Scene, USER};
use crate::support::http::Visitor;
use crate::support::process::Running;

const ADDRESS: &str = "zq-gerenuk-1617@example.org";
const WORDS: &str = "zq-hoatzin-words-2728";
const KEY: &str = "zq-indri-key-3839";
const WRONG: &str = "zq-jerboa-wrong-4940";

/// What programs say.
pub(crate) const SAID: [(&str, &str); 4] = [
    ("address from a program", "zq-gerenuk-1617"),
    ("words of a program", WORDS),
    ("key of a call", KEY),
    ("what is wrong in a call", WRONG),
];

/// A program asks, looks and gets it wrong. Gives its token.
pub(crate) async fn call(scene: &Scene, desk: &Running) -> Canary {
    let scopes = ["requests:create", "requests:assert", "requests:read", "reports:read"];
    let mut args = vec!["token", "create", "shop-app", "--json"];
    args.extend(scopes.iter().flat_map(|scope| ["--scope", scope]));
    let made = scene.run(&args, "").expect(0, &[]).json();
    let token = made["token"].as_str().unwrap().to_owned();
    let visitor = Visitor::crowd(&desk.base, "en");
    let ask = async |method: Method, path: &str, token: &str, body: String| {
        let request = visitor.request(method, &format!("/api/v1{path}"));
        let request = request.header("authorization", format!("Bearer {token}"));
        let request = request.header("content-type", "application/json");
        let answer = request.header("idempotency-key", KEY).body(body).send().await.unwrap();
        (answer.status().as_u16(), answer.text().await.unwrap())
    };
    let new = json!({
        "right": "access", "email": ADDRESS, "name": WORDS, "details": WORDS,
        "identifiers": { "user": USER }, "country": "DE", "verification": "asserted",
    });
    let (status, text) = ask(Method::POST, "/requests", &token, new.to_string()).await;
    assert_eq!(status, 201, "{text}");
    let made: Value = serde_json::from_str(&text).unwrap();
    let id = made["id"].as_str().unwrap();
    for path in ["", "/events", "/tasks"] {
        let (status, text) =
            ask(Method::GET, &format!("/requests/{id}{path}"), &token, String::new()).await;
        assert_eq!(status, 200, "{path}: {text}");
    }
    let search = json!({ "email": ADDRESS }).to_string();
    assert_eq!(ask(Method::POST, "/requests/search", &token, search.clone()).await.0, 200);
    let again = json!({ "right": "access", "email": ADDRESS, "details": WRONG });
    for (path, token, body) in [
        // The key with another body; then bodies that cannot be read, and say so with their words.
        ("/requests", &*token, again.to_string()),
        ("/requests", &token, format!("{{\"email\": \"{WRONG}\", ")),
        ("/requests", &token, json!({ "right": WRONG, "email": WRONG }).to_string()),
        ("/requests", &token, json!({ (WRONG): { "a": WRONG } }).to_string()),
        (
            "/requests",
            &token,
            json!({ "right": "access", "email": 7, "country": STREET }).to_string(),
        ),
        ("/requests/search", &token, json!({ "email": WRONG }).to_string()),
        ("/requests", WRONG, search),
    ] {
        let (status, text) = ask(Method::POST, path, token, body).await;
        assert!((400..500).contains(&status), "{status} {text}");
    }
    for path in [
        format!("/requests/{WRONG}"),
        format!("/requests?q={WRONG}&cursor={WRONG}&{WRONG}=1"),
        format!("/reports/promise?from={WRONG}"),
    ] {
        let (status, text) = ask(Method::GET, &path, &token, String::new()).await;
        assert!((400..500).contains(&status), "{path}: {status} {text}");
    }
    Canary::new("token of a program", token)
}
