//! A service in a folder of its own: the real binary as a process.

use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::net::SocketAddr;
use std::path::Path;
use std::process::{Child, Command, Stdio};

const BINARY: &str = env!("CARGO_BIN_EXE_rightsdesk");
/// What pages and mails call the service; it listens wherever there is a free port.
pub(crate) const BASE_URL: &str = "http://127.0.0.1:8080";
/// What the console calls itself.
pub(crate) const CONSOLE_URL: &str = "http://127.0.0.1:8081";
/// The service's own records, in a file of its folder.
pub(crate) const OWN_FILE: &str = "sqlite:data/rightsdesk.db";

/// A service that runs; ended when dropped.
pub(crate) struct Service {
    child: Child,
    ready: serde_json::Value,
}

impl Service {
    /// Writes configuration, keys and the data map `map` into `folder`. `database` is the URL of the
    /// service's own records.
    pub(crate) fn prepare(folder: &Path, map: &str, database: &str) {
        let made = Command::new(BINARY).arg("init").arg(folder).stdin(Stdio::null()).output();
        assert!(made.expect("the binary runs").status.success(), "init is well");
        let maps = folder.join("maps");
        for file in fs::read_dir(&maps).expect("init makes a folder for maps") {
            fs::remove_file(file.expect("it is listed").path()).expect("it is ours");
        }
        fs::write(maps.join("shop.toml"), map).expect("the folder takes a map");
        let config = format!(
            r#"maps = ["maps/*.toml"]
[organisation]
name = "Example Shop"
contact = "privacy@example.org"
[web]
base_url = "{BASE_URL}"
listen = "127.0.0.1:0"
trusted_proxies = ["127.0.0.1"]
[console]
listen = "127.0.0.1:0"
base_url = "{CONSOLE_URL}"
[database]
url = "{database}"
[mail]
url = "folder:mail"
from = "privacy@example.org"
[review]
access = "auto"
"#
        );
        fs::write(folder.join("rightsdesk.toml"), config).expect("the folder takes a config");
    }

    /// Starts the service of `folder` and waits until it listens.
    pub(crate) fn start(folder: &Path) -> Self {
        let log = File::create(folder.join("log")).expect("the folder takes a log");
        let mut child = Command::new(BINARY)
            .args(["serve", "--json", "--config"])
            .arg(folder.join("rightsdesk.toml"))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(log)
            .spawn()
            .expect("the binary runs");
        let mut line = String::new();
        let out = child.stdout.take().expect("it is piped");
        BufReader::new(out).read_line(&mut line).expect("the service says something");
        let ready: serde_json::Value = serde_json::from_str(&line).unwrap_or_default();
        assert_eq!(ready["ok"], true, "the service does not start: {line}");
        Self { child, ready }
    }

    /// Where it listens: `listening` are the public pages, `console` is the console.
    pub(crate) fn address(&self, what: &str) -> SocketAddr {
        let address = self.ready[what].as_str().and_then(|address| address.parse().ok());
        address.expect("it says where it listens")
    }

    /// Its process.
    pub(crate) fn id(&self) -> u32 {
        self.child.id()
    }

    /// A figure of its memory in KiB: `VmRSS` now, `VmHWM` the most so far (proc(5)).
    pub(crate) fn memory(&self, figure: &str) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix(figure)?.strip_prefix(':'));
        let kib = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse().ok());
        kib.expect("Linux says how much memory a process has")
    }
}

impl Drop for Service {
    fn drop(&mut self) {
        // An error means that it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
