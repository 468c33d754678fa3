//! A new officer, by keyboard alone: from the invitation to the first request let out.

use std::fs;

use data_encoding::BASE32_NOPAD;
use jiff::SignedDuration;
use rightsdesk::clock::{Clock as _, SystemClock};
use rightsdesk::keys::totp::SecondFactor;

use super::inspect::{Kind, inspect};
use super::keyboard::{ENTER, SPACE, to};
use crate::support::archive::Downloaded;
use crate::support::driver::{Browser, with_browser};
use crate::support::folder::Folder;
use crate::support::free_port;
use crate::support::journey::Journey;
use crate::support::process::{Running, run};

const ADDRESS: &str = "officer@example.org";
const PASSWORD: &str = "four quiet boats in fog";

#[tokio::test]
async fn a_new_officer_lets_their_first_archive_out_in_english() {
    with_browser(async |browser| first_day(browser, "en").await).await;
}

#[tokio::test]
async fn a_new_officer_lets_their_first_archive_out_in_german() {
    with_browser(async |browser| first_day(browser, "de").await).await;
}

async fn first_day(browser: &Browser, language: &'static str) {
    let folder = Folder::shop().await;
    folder.replace("rightsdesk.toml", "access = \"auto\"", "access = \"staff\"");
    // Nobody listens there, so its messages wait.
    folder.webhook("crm", &format!("http://127.0.0.1:{}/hook", free_port()));
    let running = Running::serve(&folder.dir, &folder.base);
    let console = format!("http://{}", running.ready["console"].as_str().unwrap());
    let seen = async |name: &str| {
        assert_eq!(browser.look("document.documentElement.lang").await, language, "{name}");
        inspect(browser, &console, Kind::Page, &format!("console-{name}-{language}")).await;
    };
    let mut person = Journey::ask(&running, &["access"], "ada@example.org", language).await;

    let roles = ["--role", "officer", "--role", "admin"];
    let invited = [&["staff", "invite", ADDRESS, "--json"][..], &roles].concat();
    let invited = run(&folder.dir, &invited);
    browser.open(invited.expect(0, &[]).json()["link"].as_str().unwrap()).await;
    to(browser, &format!(".languages [lang={language}]")).await;
    browser.press(ENTER).await;
    browser.until(&format!("document.documentElement.lang === {language:?}")).await;
    seen("enrol").await;
    let secret = browser.look("document.querySelector('.secret').textContent").await;
    let secret = BASE32_NOPAD.decode(secret.as_str().unwrap().as_bytes()).unwrap();
    let phone = SecondFactor::new(&secret, "", "").unwrap();
    type_into(browser, "#name", "Nova").await;
    type_into(browser, "#password", "too short").await;
    type_into(browser, "#code", &phone.code_at(SystemClock.now())).await;
    browser.press(ENTER).await;
    browser.until("!!document.querySelector('.error.banner')").await;
    seen("enrol-short").await;
    type_into(browser, "#password", PASSWORD).await;
    type_into(browser, "#code", &phone.code_at(SystemClock.now())).await;
    browser.press(ENTER).await;

    browser.arrive("/console/sign-in").await;
    seen("enrolled").await;
    type_into(browser, "#email", ADDRESS).await;
    type_into(browser, "#password", PASSWORD).await;
    // A code is good once; the next one is good already.
    let soon = SystemClock.now() + SignedDuration::from_secs(30);
    type_into(browser, "#code", &phone.code_at(soon)).await;
    browser.press(ENTER).await;
    browser.until("!!document.querySelector('.views')").await;
    seen("queue").await;
    to(browser, "table.queue th a").await;
    browser.press(ENTER).await;
    browser.arrive("/console/requests/R-").await;
    // The shop has been asked long since; if not, the page says so.
    browser.reload_until("!!document.querySelector('form[action$=\"/release\"]')").await;
    seen("request").await;

    to(browser, "summary").await;
    to(browser, "details:has(form[action$='/reveal']) > summary").await;
    browser.press(SPACE).await;
    type_into(browser, "#reveal-text", "first day").await;
    to(browser, "form[action$='/reveal'] button").await;
    browser.press(ENTER).await;
    browser.until("!!document.querySelector('#identity')").await;
    let shown = browser.look("document.querySelector('#identity').parentElement.innerText").await;
    assert!(shown.as_str().unwrap().contains("ada@example.org"), "{shown}");
    seen("identity").await;
    to(browser, "form[action$='/item'] button").await;
    browser.press(ENTER).await;
    browser.until("!!document.querySelector('pre.rows')").await;
    seen("rows").await;
    to(browser, "form[action$='/release'] button").await;
    browser.press(ENTER).await;
    browser.until("!!document.querySelector('.good.banner')").await;
    seen("released").await;

    let archive = Downloaded::new(&person.download().await);
    archive.verify(&folder.dir).expect(0, &[]);
    let letter = folder.dir.join("Brief von Bob.txt");
    fs::write(&letter, "Please send me my data.").unwrap();
    browser.open(&format!("{console}/console/enter")).await;
    seen("enter").await;
    browser.click("main form button").await;
    browser.until("!!document.querySelector('.error.banner')").await;
    seen("enter-wrong").await;
    browser.look("document.querySelector('#channel').value = 'letter'").await;
    browser.click("#right-access").await;
    browser.fill("#email", "bob@example.org").await;
    browser.fill("#papers", letter.to_str().unwrap()).await;
    browser.click("main form button").await;
    browser.arrive("/console/requests/R-").await;
    browser.until("!!document.querySelector('#papers')").await;
    seen("letter").await;

    for (name, path) in [
        ("report", "report"),
        ("child", "child"),
        ("account", "account"),
        ("webhooks", "webhooks"),
        ("missing", "nowhere"),
    ] {
        browser.open(&format!("{console}/console/{path}")).await;
        seen(name).await;
    }
}

/// Goes to a field and types.
async fn type_into(browser: &Browser, css: &str, text: &str) {
    to(browser, css).await;
    browser.press(text).await;
}
