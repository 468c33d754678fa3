//! A newcomer asks for their data, in both languages, and every page on the way is looked at.

use std::fs;

use tempfile::tempdir;

use super::inspect::{Kind, inspect};
use crate::support::archive::Downloaded;
use crate::support::driver::{Browser, with_browser};
use crate::support::mail;
use crate::support::process::Running;

#[tokio::test]
async fn a_newcomer_gets_their_data_in_english() {
    with_browser(async |browser| newcomer(browser, "en", 0).await).await;
}

#[tokio::test]
async fn a_newcomer_gets_their_data_in_german() {
    with_browser(async |browser| newcomer(browser, "de", 1).await).await;
}

async fn newcomer(browser: &Browser, language: &str, at: usize) {
    let temp = tempdir().unwrap();
    let dir = temp.path().join("sample");
    let demo = Running::demo(&dir);
    let address = demo.offered(at);
    let seen = async |name: &str| {
        assert_eq!(browser.look("document.documentElement.lang").await, language, "{name}");
        inspect(browser, &demo.base, Kind::Page, &format!("{name}-{language}")).await;
    };

    browser.open(&demo.base).await;
    browser.click(&format!(".languages [lang={language}]")).await;
    browser.until(&format!("document.documentElement.lang === {language:?}")).await;
    seen("choose").await;
    browser.click(".choice:first-child a").await;
    browser.until("!!document.querySelector('#email')").await;
    seen("form").await;
    browser.click("main form button").await;
    browser.until("document.activeElement.id === 'errors'").await;
    seen("form-errors").await;
    browser.click("#errors a").await;
    browser.until("document.activeElement.id === 'email'").await;
    browser.press(&address).await;
    browser.fill("#details", "…").await;
    browser.click("main form button").await;
    browser.arrive("/sent").await;
    seen("sent").await;
    // A code can be wrong only once one has gone out.
    mail::wait(&demo.mails, "verify", &address, 0);
    browser.fill("#code", "2222-2222").await;
    browser.click("form.code button").await;
    browser.until("!!document.querySelector('#code[aria-invalid]')").await;
    seen("sent-wrong-code").await;

    browser.open(&format!("{}/demo/mail?lang={language}", demo.base)).await;
    seen("mailbox").await;
    browser.click(".mails a").await;
    browser.arrive(".eml").await;
    seen("mail").await;
    let code = browser.look("document.querySelector('.letter .pick').textContent").await;
    browser.click(".letter a[href*='/verify/']").await;
    browser.arrive("/verify/").await;
    seen("verify").await;
    browser.fill("#code", code.as_str().unwrap()).await;
    browser.click("form.code button").await;
    browser.arrive("/status/").await;
    let status = browser.at().await;
    seen("status-begun").await;

    mail::wait(&demo.mails, "archive_ready", &address, 0);
    browser.open(&status).await;
    browser.look("document.querySelectorAll('details').forEach(d => d.open = true)").await;
    seen("status-ready").await;
    browser.fill("main textarea", "2 × ?").await;
    browser.click("form[action*='/messages'] button").await;
    browser.until("!!document.querySelector('.thread .mine')").await;
    seen("status-message").await;
    browser.click("form[action*='/download-code'] button").await;
    let code = mail::wait(&demo.mails, "download_code", &address, 0);
    browser.until("!!document.querySelector('.good')").await;
    seen("status-code-sent").await;
    browser.fill("form.code input[name=code]", code.code()).await;
    browser.click("form.code button").await;
    let archive = Downloaded::new(&fs::read(browser.downloaded()).unwrap());
    archive.verify(&dir).expect(0, &[]);
    assert!(archive.text("index.html").contains(&format!("<html lang=\"{language}\"")));

    browser.client.delete_all_cookies().await.unwrap();
    browser.open(&status).await;
    seen("status-locked").await;
    for (name, path) in [
        ("privacy", "/privacy"),
        ("accessibility", "/accessibility"),
        ("not-found", "/nowhere"),
        ("link-spent", "/verify/never-one-of-ours"),
        ("export-form", "/?right=export"),
    ] {
        let joint = if path.contains('?') { '&' } else { '?' };
        browser.open(&format!("{}{path}{joint}lang={language}", demo.base)).await;
        seen(name).await;
    }
}
