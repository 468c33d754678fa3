//! The site as a whole: what stands beside the pages, and what every answer has.

use super::*;

#[tokio::test]
async fn what_machines_ask_for_is_there() {
    let office = Office::open().await;
    let browser = office.browser();
    let reply = browser.get("/healthz").await;
    assert_eq!((reply.status, reply.body.as_str()), (200, "ok"));
    browser.get("/readyz").await.says(200, "\"ok\":true");
    let reply = browser.get("/.well-known/gpc.json").await;
    assert_eq!(reply.header("content-type"), "application/json");
    assert_eq!(reply.body, r#"{"gpc":true,"lastUpdate":"2026-11-20"}"#);
    let reply = browser.get("/.well-known/security.txt").await;
    assert_eq!(
        reply.body,
        "Contact: mailto:privacy%2Bx@shop.example\nExpires: 2027-05-19T00:00:00Z\n\
         Preferred-Languages: en, de\n\
         Canonical: https://rights.example/.well-known/security.txt\n"
    );
    let key = browser.get("/.well-known/rightsdesk-signing-key.pub").await;
    assert_eq!(key.header("content-type"), "text/plain; charset=utf-8");
    assert!(key.body.starts_with("untrusted comment: "));

    let style = &crate::web::asset::style().path;
    let reply = browser.get(style).await;
    assert_eq!(reply.header("content-type"), "text/css; charset=utf-8");
    assert_eq!(reply.header("cache-control"), "public, max-age=31536000, immutable");
    browser.get("/assets/style.css").await.says(404, "This page does not exist");
    browser.get("/assets/%FF").await.says(404, "This page does not exist");
}

#[tokio::test]
async fn without_its_database_it_is_alive_and_not_ready() {
    let office = Office::open().await;
    let browser = office.browser();
    office.db.clone().close().await.unwrap();
    browser.get("/healthz").await.says(200, "ok");
    browser.get("/readyz").await.says(503, "\"ok\":false");
    let fields = [("right", "access"), ("email", ADA)];
    let reply = browser.post("/requests", &fields).await;
    assert!(reply.status >= 500 && reply.body.contains("<html"), "{reply:?}");
    assert!(!reply.body.contains(ADA) && !reply.body.contains("sqlx"));
}

#[tokio::test]
async fn every_page_is_fenced_and_speaks_the_browsers_language() {
    let office = Office::open().await;
    let browser = Browser { accept: "de", ..office.browser() };
    let form = [("content-type", "application/x-www-form-urlencoded")];
    let cross = [form[0], ("sec-fetch-site", "cross-site")];
    let large = format!("email={}", "a".repeat(70_000));
    let fields: Vec<String> = (0..101).map(|n| format!("f{n}=1")).collect();
    let (get, post) = (Method::GET, Method::POST);
    let cases = [
        (browser.ask(get.clone(), "/", &[], "").await, 200),
        (browser.ask(get.clone(), "//evil.example/x", &[], "").await, 404),
        (browser.ask(Method::DELETE, "/", &[], "").await, 405),
        (browser.ask(post.clone(), "/requests", &cross, "a=b").await, 403),
        (browser.ask(post.clone(), "/requests", &[("content-type", "text/plain")], "a").await, 415),
        (browser.ask(post.clone(), "/requests", &form, &large).await, 413),
        (browser.ask(post.clone(), "/requests", &form, &fields.join("&")).await, 400),
        (browser.ask(post, "/requests", &form, "a=%FF").await, 400),
        (browser.ask(get, "/verify/x", &[], "").await, 410),
    ];
    for (reply, status) in cases {
        reply.says(status, "<html lang=\"de\"");
        for (name, start) in [
            ("content-security-policy", "default-src 'none'; style-src 'self'"),
            ("cache-control", "no-store"),
            ("referrer-policy", "same-origin"),
            ("x-content-type-options", "nosniff"),
            ("strict-transport-security", "max-age="),
        ] {
            assert!(reply.header(name).starts_with(start), "{status}: {name}");
        }
        assert!(!reply.body.contains("evil.example"));
    }
}
