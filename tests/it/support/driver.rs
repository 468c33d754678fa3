//! A real browser: headless Chromium behind chromedriver.

use std::fmt;
use std::fs;
use std::io::{BufRead, BufReader};
use std::panic::{AssertUnwindSafe, resume_unwind};
use std::path::{Path, PathBuf};
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use axum::http::Method;
use fantoccini::actions::{InputSource, KeyAction, KeyActions};
use fantoccini::wd::{Capabilities, WebDriverCompatibleCommand};
use fantoccini::{Client, ClientBuilder, Locator};
use futures::FutureExt;
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use tempfile::TempDir;
use tokio::sync::Mutex;

use super::{PATIENCE, not_run, setting, wait_for};

/// Browsers are heavy: one at a time.
static ALONE: Mutex<()> = Mutex::const_new(());

/// A browser with a profile of its own.
pub(crate) struct Browser {
    pub(crate) client: Client,
    /// The text of axe-core.
    pub(crate) axe: String,
    folder: TempDir,
}

/// Gives `journey` a browser, and closes it however the journey ends.
pub(crate) async fn with_browser(journey: impl AsyncFnOnce(&Browser)) {
    let (Some(driver), Some(axe)) =
        (setting("RIGHTSDESK_TEST_CHROMEDRIVER"), setting("RIGHTSDESK_TEST_AXE"))
    else {
        not_run("RIGHTSDESK_TEST_CHROMEDRIVER and RIGHTSDESK_TEST_AXE name no files");
        return;
    };
    let _alone = ALONE.lock().await;
    let driver = Driver::start(&driver);
    let folder = tempfile::tempdir().unwrap();
    let client = ClientBuilder::new(HttpConnector::new())
        .capabilities(capabilities(folder.path()))
        .connect(&driver.url)
        .await
        .unwrap();
    let axe = fs::read_to_string(axe).unwrap();
    let browser = Browser { client, axe, folder };
    let ended = AssertUnwindSafe(journey(&browser)).catch_unwind().await;
    let closed = browser.client.clone().close().await;
    if let Err(panic) = ended {
        resume_unwind(panic);
    }
    closed.unwrap();
}

fn capabilities(folder: &Path) -> Capabilities {
    let args = [
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        "--hide-scrollbars",
        "--lang=en-US",
    ];
    let own = format!("--user-data-dir={}", folder.join("profile").display());
    let args: Vec<_> = args.into_iter().chain([own.as_str()]).collect();
    let prefs = json!({
        "download.default_directory": folder.join("downloads"),
        "intl.accept_languages": "en-US,en",
    });
    let wanted = json!({
        "goog:chromeOptions": { "args": args, "prefs": prefs },
        "goog:loggingPrefs": { "browser": "ALL" },
    });
    wanted.as_object().unwrap().clone()
}

impl Browser {
    /// Opens a page.
    pub(crate) async fn open(&self, url: &str) {
        self.client.goto(url).await.unwrap();
    }

    /// Where the browser is.
    pub(crate) async fn at(&self) -> String {
        self.client.current_url().await.unwrap().to_string()
    }

    /// Clicks what `css` finds first.
    pub(crate) async fn click(&self, css: &str) {
        let found = self.client.find(Locator::Css(css)).await;
        found.unwrap_or_else(|_| panic!("no {css}")).click().await.unwrap();
    }

    /// Types into what `css` finds first.
    pub(crate) async fn fill(&self, css: &str, text: &str) {
        let found = self.client.find(Locator::Css(css)).await;
        found.unwrap_or_else(|_| panic!("no {css}")).send_keys(text).await.unwrap();
    }

    /// Presses keys, wherever the focus is.
    pub(crate) async fn press(&self, keys: &str) {
        let mut actions = KeyActions::new("keyboard".to_owned());
        for value in keys.chars() {
            actions = actions.then(KeyAction::Down { value }).then(KeyAction::Up { value });
        }
        self.client.perform_actions(actions).await.unwrap();
    }

    /// Waits until an expression is true on the page.
    pub(crate) async fn until(&self, expression: &str) {
        let begun = Instant::now();
        while self.look(expression).await != true {
            assert!(begun.elapsed() < PATIENCE, "{expression} at {}", self.at().await);
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }

    /// Loads the page again and again until an expression is true on it.
    pub(crate) async fn reload_until(&self, expression: &str) {
        let begun = Instant::now();
        while self.look(expression).await != true {
            assert!(begun.elapsed() < PATIENCE, "{expression} at {}", self.at().await);
            self.client.refresh().await.unwrap();
        }
    }

    /// Waits until the browser has come to a path that contains `part`.
    pub(crate) async fn arrive(&self, part: &str) {
        let there = format!("location.pathname.includes({part:?})");
        self.until(&format!("{there} && document.readyState === 'complete'")).await;
    }

    /// What an expression is on the page.
    pub(crate) async fn look(&self, expression: &str) -> Value {
        self.client.execute(&format!("return {expression}"), vec![]).await.unwrap()
    }

    /// A command of the browser's tools for developers.
    pub(crate) async fn devtools(&self, name: &str, params: Value) -> Value {
        let call =
            Call { path: "goog/cdp/execute", body: json!({ "cmd": name, "params": params }) };
        self.client.issue_cmd(call).await.unwrap()
    }

    /// What stands in the console since it was asked last.
    pub(crate) async fn console(&self) -> Vec<Value> {
        let call = Call { path: "se/log", body: json!({ "type": "browser" }) };
        self.client.issue_cmd(call).await.unwrap().as_array().unwrap().clone()
    }

    /// Waits for the download of a zip. Until it is whole, the browser keeps an empty file of its
    /// name, and another of its own beside it.
    pub(crate) fn downloaded(&self) -> PathBuf {
        let whole = |path: &PathBuf| {
            let zip = path.extension().is_some_and(|ending| ending == "zip");
            zip && fs::metadata(path).is_ok_and(|file| file.len() > 0)
        };
        wait_for("a download", || {
            let files = fs::read_dir(self.folder.path().join("downloads")).ok()?;
            let files: Vec<_> = files.map(|entry| entry.unwrap().path()).collect();
            if files.iter().all(whole) { files.into_iter().next() } else { None }
        })
    }
}

/// chromedriver, until it is dropped.
struct Driver {
    child: Child,
    url: String,
}

impl Driver {
    fn start(program: &str) -> Self {
        let mut child = Command::new(program)
            .arg("--port=0")
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let port = lines.map_while(Result::ok).find_map(|line| {
            let (_, port) = line.split_once("started successfully on port ")?;
            port.trim_end_matches('.').parse::<u16>().ok()
        });
        let url = format!("http://127.0.0.1:{}", port.expect("chromedriver tells its port"));
        Self { child, url }
    }
}

impl Drop for Driver {
    fn drop(&mut self) {
        // Ended already, perhaps; there is nobody to tell.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// A call that only chromedriver knows.
struct Call {
    path: &'static str,
    body: Value,
}

impl fmt::Debug for Call {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.path)
    }
}

impl WebDriverCompatibleCommand for Call {
    fn endpoint(
        &self,
        base: &url::Url,
        session: Option<&str>,
    ) -> Result<url::Url, url::ParseError> {
        base.join(&format!("session/{}/{}", session.unwrap_or_default(), self.path))
    }

    fn method_and_body(&self, _: &url::Url) -> (Method, Option<String>) {
        (Method::POST, Some(self.body.to_string()))
    }
}
