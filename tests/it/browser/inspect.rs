//! One page, light and dark, narrow and wide: nothing that keeps anybody out.

use std::fs;
use std::path::Path;

use data_encoding::BASE64;
use serde_json::{Value, json};

use crate::support::driver::Browser;
use crate::support::setting;

const WIDTHS: [u16; 2] = [320, 1280];
const SCHEMES: [&str; 2] = ["light", "dark"];
const RULES: &str = "const done = arguments[arguments.length - 1];
    axe.run({ runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'],
        rules: arguments[0] })
    .then(found => done(found.violations.map(rule =>
        rule.id + ': ' + rule.nodes.map(node => node.target + ' ' + node.any.concat(node.all,
            node.none).map(check => check.message).join('; ')).join(' | '))))
    .catch(error => done([String(error)]))";

/// What is being looked at.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// A page of the service at this base.
    Page,
    /// A file that was opened from the disk.
    File,
    /// A letter, which has neither landmarks nor headings.
    Mail,
}

/// Looks at the page that the browser shows. `name` is its picture's.
pub(super) async fn inspect(browser: &Browser, base: &str, kind: Kind, name: &str) {
    no_script_and_nothing_from_elsewhere(browser, base, kind, name).await;
    // So that the rules find it; it is not the page's own.
    browser.client.execute(&browser.axe, vec![]).await.unwrap();
    for scheme in SCHEMES {
        let features = json!([{ "name": "prefers-color-scheme", "value": scheme }]);
        browser.devtools("Emulation.setEmulatedMedia", json!({ "features": features })).await;
        for width in WIDTHS {
            let size =
                json!({ "width": width, "height": 900, "deviceScaleFactor": 1, "mobile": false });
            browser.devtools("Emulation.setDeviceMetricsOverride", size).await;
            let place = format!("{name}, {scheme}, {width} pixels");
            let wide = browser.look("document.documentElement.scrollWidth").await;
            assert!(wide.as_u64().unwrap() <= u64::from(width), "{place}: {wide} pixels wide");
            let rules = match kind {
                Kind::Mail => json!({
                    "region": { "enabled": false },
                    "landmark-one-main": { "enabled": false },
                    "page-has-heading-one": { "enabled": false },
                }),
                Kind::Page | Kind::File => json!({}),
            };
            let broken = browser.client.execute_async(RULES, vec![rules]).await.unwrap();
            assert_eq!(broken, json!([]), "{place}");
            picture(browser, &format!("{name}-{scheme}-{width}.png")).await;
        }
    }
    browser.devtools("Emulation.setEmulatedMedia", json!({ "features": [] })).await;
    browser.devtools("Emulation.clearDeviceMetricsOverride", json!({})).await;
}

async fn no_script_and_nothing_from_elsewhere(
    browser: &Browser,
    base: &str,
    kind: Kind,
    name: &str,
) {
    let scripts = "document.scripts.length + [...document.querySelectorAll('*')]
        .filter(e => e.getAttributeNames().some(name => name.startsWith('on'))).length";
    assert_eq!(browser.look(scripts).await, 0, "{name} has a script");
    let asked = browser.look("performance.getEntries().map(e => e.name)").await;
    for address in asked.as_array().unwrap().iter().filter_map(Value::as_str) {
        let ours = address.starts_with(base) || kind != Kind::Page && address.starts_with("file:");
        assert!(ours || !address.contains("://"), "{name} asks {address}");
    }
    for line in browser.console().await {
        let message = line["message"].as_str().unwrap();
        // A refused form is told in the console too; nothing else may be.
        let refused =
            ["404", "410", "422"].map(|code| format!("responded with a status of {code}"));
        assert!(refused.iter().any(|refused| message.contains(refused)), "{name}: {message}");
    }
}

async fn picture(browser: &Browser, name: &str) {
    let Some(folder) = setting("RIGHTSDESK_WRITE_SCREENSHOTS") else { return };
    fs::create_dir_all(&folder).unwrap();
    let whole = json!({ "format": "png", "captureBeyondViewport": true });
    let taken = browser.devtools("Page.captureScreenshot", whole).await;
    let png = BASE64.decode(taken["data"].as_str().unwrap().as_bytes()).unwrap();
    fs::write(Path::new(&folder).join(name), png).unwrap();
}
