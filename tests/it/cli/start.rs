//! `init`, `serve`, `migrate`, and the way to the configuration.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use tempfile::tempdir;

use crate::support::folder::Folder;
use crate::support::free_port;
use crate::support::http::Visitor;
use crate::support::process::{Running, rightsdesk, run};

#[test]
fn init_writes_a_folder_once_and_keeps_its_secrets_to_their_owner() {
    let temp = tempdir().unwrap();
    let first = run(temp.path(), &["init", "desk", "--json"]);
    assert_eq!(first.expect(0, &[]).json()["ok"], true);
    let desk = temp.path().join("desk");
    let before: Vec<_> = ["rightsdesk.toml", "keys/root.key", "keys/signing.key"]
        .map(|name| (name, fs::read(desk.join(name))))
        .into();
    for name in ["keys/root.key", "keys/signing.key"] {
        let mode = fs::metadata(desk.join(name)).unwrap().permissions().mode();
        assert_eq!(mode & 0o077, 0, "{name} can be read by others");
    }
    let again = run(temp.path(), &["init", "desk"]);
    again.expect(2, &["desk/rightsdesk.toml: is there already", "desk/keys/root.key: "]);
    for (name, bytes) in before {
        assert_eq!(fs::read(desk.join(name)).unwrap(), bytes.unwrap(), "{name}");
    }
}

#[tokio::test]
async fn what_init_wrote_starts_as_it_stands() {
    let temp = tempdir().unwrap();
    run(temp.path(), &["init", "desk"]).expect(0, &["Next:"]);
    let file = temp.path().join("desk/rightsdesk.toml");
    // Only the port is another, since tests run side by side.
    let base = format!("http://127.0.0.1:{}", free_port());
    let listen = base.trim_start_matches("http://");
    let text = fs::read_to_string(&file).unwrap();
    let text =
        text.replace("base_url = \"http://127.0.0.1:8080\"", &format!("base_url = \"{base}\""));
    let text = text.replace("#listen = \"127.0.0.1:8080\"", &format!("listen = \"{listen}\""));
    let console = format!("listen = \"127.0.0.1:{}\"", free_port());
    fs::write(&file, text.replace("#listen = \"127.0.0.1:8081\"", &console)).unwrap();
    let desk = Running::serve(&temp.path().join("desk"), &base);
    assert_eq!(Visitor::new(&base, "en").get("/").await.status, 200);
    assert_eq!(Visitor::new(&base, "en").get("/readyz").await.status, 200);
    assert!(!desk.said().contains("ERROR"), "{}", desk.said());
    assert_eq!(desk.terminate(), Some(0));
}

#[tokio::test]
async fn the_configuration_is_named_on_the_command_line_or_in_the_environment() {
    let folder = Folder::new();
    let elsewhere = tempdir().unwrap();
    let start = |command: std::process::Command| {
        let log = elsewhere.path().join("log");
        Running::start(command, log, folder.base.clone(), folder.dir.join("mail"))
    };
    let mut named = rightsdesk();
    named.current_dir(elsewhere.path()).args(["serve", "--json", "--config"]).arg(folder.config());
    let desk = start(named);
    assert_eq!(Visitor::new(&desk.base, "en").get("/healthz").await.status, 200);
    assert_eq!(desk.terminate(), Some(0));
    let mut told = rightsdesk();
    told.current_dir(elsewhere.path()).args(["serve", "--json"]);
    told.env("RIGHTSDESK_CONFIG", folder.config());
    let desk = start(told);
    assert_eq!(Visitor::new(&desk.base, "en").get("/healthz").await.status, 200);
    assert_eq!(desk.terminate(), Some(0));
    run(elsewhere.path(), &["serve"])
        .expect(2, &["rightsdesk.toml: there is no such file", "rightsdesk init"]);
}

#[test]
fn migrate_brings_the_database_up_once() {
    let folder = Folder::new();
    let first = run(&folder.dir, &["migrate", "--json"]).expect(0, &[]).json();
    assert_eq!(first["ok"], true);
    assert!(!first["applied"].as_array().unwrap().is_empty(), "{first}");
    let second = run(&folder.dir, &["migrate", "--json"]).expect(0, &[]).json();
    assert_eq!(second["applied"].as_array().map(Vec::len), Some(0), "{second}");
    run(&folder.dir, &["migrate"]).expect(0, &["up to date"]);
}

#[test]
fn wrong_usage_says_what_to_do() {
    let temp = tempdir().unwrap();
    run(temp.path(), &[]).expect(2, &["Usage:"]);
    run(temp.path(), &["--help"]).expect(0, &["Example:", "rightsdesk init"]);
    run(temp.path(), &["fly"]).expect(2, &["fly"]);
    let errors = run(temp.path(), &["fly", "--json"]).expect(2, &[]).json();
    assert_eq!((&errors["ok"], &errors["errors"][0]["code"]), (&false.into(), &"usage".into()));
    let lost = run(temp.path(), &["archive", "verify", "lost.zip"]);
    lost.expect(2, &["rightsdesk.toml", "--config"]);
}
