//! `rightsdesk check`.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::support::folder::Folder;
use crate::support::free_port;
use crate::support::http::Visitor;
use crate::support::process::{Running, run};

#[tokio::test]
async fn check_has_a_line_for_each_thing_and_only_people_are_missing() {
    let folder = Folder::shop().await;
    run(&folder.dir, &["migrate"]).expect(0, &[]);
    let people = run(&folder.dir, &["check"]);
    let things =
        ["configuration", "keys", "database", "mail", "archives", "store shop", "shop.toml"];
    people.expect(1, &things);
    let bad: Vec<&str> = people.out.lines().filter(|line| !line.starts_with("ok ")).collect();
    assert!(matches!(bad[..], [one] if one.starts_with("BAD  staff: 0 of 2: ")), "{}", people.out);
    let script = run(&folder.dir, &["check", "--json"]).expect(1, &[]).json();
    assert_eq!(script["ok"], false);
    let checks = script["checks"].as_array().unwrap();
    assert_eq!(checks.len(), people.out.lines().count());
    for check in checks {
        assert!(check["name"].is_string() && check["message"].is_string(), "{check}");
        assert_eq!(check["ok"], check["name"] != "staff", "{check}");
    }
}

#[tokio::test]
async fn check_names_what_is_not_well_and_goes_on_with_the_rest() {
    let folder = Folder::shop().await;
    std::fs::remove_file(folder.dir.join("maps/shop.db")).unwrap();
    let mail = format!("url = \"smtp://127.0.0.1:{}\"", free_port());
    folder.replace("rightsdesk.toml", "url = \"folder:mail\"", &mail);
    let script = run(&folder.dir, &["check", "--json"]).expect(1, &[]).json();
    assert_eq!(script["ok"], false);
    let ok = |name: &str| {
        let mut all = script["checks"].as_array().unwrap().iter();
        let found = all.find(|check| check["name"].as_str().unwrap().contains(name));
        found.unwrap_or_else(|| panic!("no {name} in {script}"))["ok"].as_bool().unwrap()
    };
    assert_eq!(["configuration", "database", "archives"].map(ok), [true; 3]);
    assert_eq!(["mail", "store shop"].map(ok), [false; 2]);
    assert!(!folder.dir.join("maps/shop.db").exists(), "looking makes no store");
}

#[test]
fn check_ends_with_2_when_the_configuration_cannot_be_read() {
    let folder = Folder::new();
    folder.replace("rightsdesk.toml", "[mail]", "[mial]");
    let said = run(&folder.dir, &["check", "--json"]).expect(2, &[]).json();
    assert_eq!(said["ok"], false);
    let error = &said["errors"][0];
    assert_eq!(error["code"], "unknown_key");
    assert!(error["where"].as_str().unwrap().contains("rightsdesk.toml:"), "{said}");
    assert!(error["message"].as_str().unwrap().contains("[mail]"), "what was meant: {said}");
}

#[test]
fn check_says_what_works_against_the_promise_and_who_can_look_in() {
    let folder = Folder::new();
    run(&folder.dir, &["migrate"]).expect(0, &[]);
    folder.replace("rightsdesk.toml", "[mail]", "[deletion]\ncooling_off = \"72h\"\n[mail]");
    run(&folder.dir, &["check"]).expect(1, &["BAD  promise: [deletion] cooling_off"]);
    folder.replace("rightsdesk.toml", "cooling_off = \"72h\"", "cooling_off = \"24h\"");
    folder.replace("rightsdesk.toml", "[mail]", "[promise]\nhours = 100\n[mail]");
    run(&folder.dir, &["check"]).expect(1, &["BAD  promise: [promise] hours = 100"]);
    let keys = folder.dir.join("keys");
    fs::set_permissions(&keys, Permissions::from_mode(0o755)).unwrap();
    run(&folder.dir, &["check"]).expect(1, &["BAD  files:", "chmod 700"]);
    fs::set_permissions(&keys, Permissions::from_mode(0o700)).unwrap();
    fs::remove_file(keys.join("root.key")).unwrap();
    run(&folder.dir, &["check"]).expect(1, &["root.key"]);
}

#[tokio::test]
async fn check_says_that_the_keys_are_those_of_another_database() {
    let folder = Folder::shop().await;
    let desk = Running::serve(&folder.dir, &folder.base);
    let form = [("right", "access"), ("email", "ada@example.org")];
    Visitor::new(&folder.base, "en").post("/requests", &form).await;
    assert_eq!(desk.terminate(), Some(0));
    run(&folder.dir, &["check"]).expect(1, &["ok   root key", "has sealed all there is"]);
    let other = Folder::new();
    fs::copy(other.dir.join("keys/root.key"), folder.dir.join("keys/root.key")).unwrap();
    run(&folder.dir, &["check"]).expect(1, &["BAD  root key:", "put its file back"]);
}
