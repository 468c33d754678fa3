//! Without a mouse.

use tempfile::tempdir;

use crate::support::driver::{Browser, with_browser};
use crate::support::process::Running;

const TAB: &str = "\u{E004}";
pub(super) const ENTER: &str = "\u{E007}";
pub(super) const SPACE: &str = " ";
/// Stops on the longest way to anything.
const STOPS: usize = 60;

#[tokio::test]
async fn the_keyboard_alone_reaches_and_sends_the_form() {
    with_browser(async |browser| {
        let temp = tempdir().unwrap();
        let demo = Running::demo(&temp.path().join("sample"));
        browser.open(&demo.base).await;
        browser.press(TAB).await;
        assert_eq!(browser.look("document.activeElement.className").await, "skip");
        browser.press(ENTER).await;
        assert_eq!(browser.look("location.hash").await, "#main");
        to(browser, ".choice a").await;
        browser.press(ENTER).await;
        browser.until("!!document.querySelector('#email')").await;
        to(browser, "#email").await;
        browser.press(&demo.offered(0)).await;
        to(browser, "main form button").await;
        browser.press(ENTER).await;
        browser.arrive("/sent").await;
    })
    .await;
}

/// Presses Tab until the focus is on what `css` finds; every stop on the way can be seen.
pub(super) async fn to(browser: &Browser, css: &str) {
    let there = format!("document.activeElement.matches({css:?})");
    for _ in 0..STOPS {
        browser.press(TAB).await;
        let stop = "(e => [e.outerHTML.slice(0, 80), getComputedStyle(e).outlineStyle,
            e.getBoundingClientRect().height])(document.activeElement)";
        let stop = browser.look(stop).await;
        // Behind the last one the way begins anew, outside the page.
        if browser.look("document.activeElement === document.body").await == true {
            continue;
        }
        assert!(stop[1] == "solid" && stop[2].as_f64() > Some(0.0), "no focus to see: {stop}");
        if browser.look(&there).await == true {
            return;
        }
    }
    panic!("Tab does not come to {css}");
}
