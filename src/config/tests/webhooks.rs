//! Webhook endpoints.

use super::*;
use crate::domain::webhook::WebhookKind;
use ConfigCode as C;

const GOOD: &str =
    "[webhook.crm]\nurl = \"https://crm.example/hook\"\nsecret = { env = \"HOOK\" }\n";

#[test]
fn an_endpoint_needs_a_url_and_a_secret_and_is_told_of_everything() {
    let hooks = config(GOOD).webhooks;
    assert_eq!((hooks.len(), &*hooks[0].name), (1, "crm"));
    assert_eq!(hooks[0].kinds, WebhookKind::ALL);
    assert!(!format!("{hooks:?}").contains("crm.example"), "a URL may be a secret");
    assert!(config("").webhooks.is_empty());
    let local = "[webhook.a_2]\nurl = \"http://10.0.0.7:9000/\"\nsecret = { env = \"HOOK\" }\n\
                 old_secret = { env = \"HOOK\" }\nallow_private = true\n\
                 events = [\"archive.ready\"]\n";
    let hooks = config(&format!("{GOOD}{local}")).webhooks;
    let names: Vec<&str> = hooks.iter().map(|hook| &*hook.name).collect();
    assert_eq!(names, ["a_2", "crm"]);
    assert_eq!(hooks[0].kinds, [WebhookKind::ArchiveReady]);
    let secret = "[webhook.crm]\nurl = { env = \"URL\" }\nsecret = { env = \"HOOK\" }\n";
    let text = format!("{NEEDED}{secret}");
    assert_eq!(parse_with(&text, "https://crm.example/x").unwrap().webhooks.len(), 1);
}

#[test]
fn what_is_wrong_with_an_endpoint_is_named() {
    let with_url = |url: &str| GOOD.replace("https://crm.example/hook", url);
    for (bad, code, line, key, says) in [
        ("[webhook]\nurl = \"x\"".to_owned(), C::WrongType, 6, "[webhook.url]", "a section"),
        (format!("{GOOD}event = []"), C::UnknownKey, 8, "[webhook.crm] event", "`events`"),
        (GOOD.replace("crm]", "\"a b\"]"), C::BadValue, 5, "[webhook.a b]", "up to 40"),
        (
            GOOD.replace("secret = { env = \"HOOK\" }", ""),
            C::MissingKey,
            5,
            "[webhook.crm] secret",
            "env",
        ),
        (
            GOOD.replace("{ env = \"HOOK\" }", "\"whsec_x\""),
            C::LiteralSecret,
            7,
            "[webhook.crm] secret",
            "env",
        ),
        (GOOD.replace("HOOK", "SECRET"), C::BadValue, 7, "[webhook.crm] secret", "24 to 64"),
        (with_url("http://crm.example"), C::BadValue, 6, "[webhook.crm] url", "https://"),
        (with_url("ftp://crm.example"), C::BadValue, 6, "[webhook.crm] url", "https://"),
        (with_url("https://a:b@crm.example"), C::BadValue, 6, "[webhook.crm] url", "without user"),
        (with_url("https://crm.example/#a"), C::BadValue, 6, "[webhook.crm] url", "fragment"),
        (with_url("https://127.0.0.1/"), C::BadValue, 6, "[webhook.crm] url", "allow_private"),
        (format!("{GOOD}events = []"), C::BadValue, 8, "[webhook.crm] events", "at least one"),
        (
            format!("{GOOD}events = [\"all\"]"),
            C::BadValue,
            8,
            "[webhook.crm] events",
            "archive.ready",
        ),
        (
            format!("{GOOD}events = [\"archive.ready\", \"archive.ready\"]"),
            C::BadValue,
            8,
            "[webhook.crm] events",
            "once",
        ),
        (
            format!("{GOOD}allow_private = 1"),
            C::WrongType,
            8,
            "[webhook.crm] allow_private",
            "true",
        ),
    ] {
        let errors = parse(&format!("{NEEDED}{bad}\n")).expect_err(&bad);
        assert_eq!(errors.len(), 1, "{bad}: {errors:#?}");
        let error = &errors[0];
        let found = (error.code, &*error.place, &*error.key);
        assert_eq!(found, (code, &*format!("rd.toml:{line}"), key), "{bad}: {error}");
        assert!(error.message.contains(says), "{bad}: {error}");
    }
    // With `allow_private` the metadata of clouds stay out of reach.
    let metadata = with_url("http://169.254.169.254/") + "allow_private = true\n";
    assert!(parse(&format!("{NEEDED}{metadata}")).is_err());
}
