//! Configurations that keep the service from starting: each is told with file, line and key.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;

use crate::support::folder::Folder;
use crate::support::free_port;
use crate::support::process::run;

/// `serve` ends with 2 and says all of `words`.
fn refused(folder: &Folder, words: &[&str]) {
    let said = run(&folder.dir, &["serve"]);
    said.expect(2, words);
    assert_eq!(said.out, "", "errors go to stderr");
}

#[test]
fn what_cannot_be_is_named_with_file_line_and_key() {
    let cases: &[(&str, &str, &[&str])] = &[
        ("[mail]", "[mail]\nuser_name = \"x\"", &["user_name", "user"]),
        (
            "[review]",
            "[verification]\nlapse = \"7 days\"\n[review]",
            &["[verification] lapse", "\"30m\""],
        ),
        ("[mail]", "[mail]\npassword = \"hunter2\"", &["[mail] password", "{ env ="]),
        ("zone = \"Europe/Berlin\"", "zone = \"Europe/Bärlin\"", &["[organisation] zone"]),
        ("name = \"Outside Test\"\n", "", &["[organisation] name"]),
        ("access = \"auto\"", "access = \"never\"", &["[review] access", "staff"]),
        ("[mail]\n", "[mail\n", &["rightsdesk.toml"]),
    ];
    for (from, to, words) in cases {
        let folder = Folder::new();
        folder.replace("rightsdesk.toml", from, to);
        let said = run(&folder.dir, &["serve"]);
        said.expect(2, words);
        let numbered = said.err.lines().any(|line| {
            let rest = line.strip_prefix("rightsdesk.toml:").unwrap_or_default();
            rest.starts_with(|c: char| c.is_ascii_digit())
        });
        assert!(numbered, "{}", said.err);
        assert!(!said.err.contains("hunter2"), "a secret is never shown");
    }
}

#[test]
fn a_password_in_a_url_is_refused_and_not_shown() {
    let folder = Folder::new();
    let url = "[database]\nurl = \"postgres://desk:hunter2@localhost/desk\"\n[mail]";
    folder.replace("rightsdesk.toml", "[mail]", url);
    refused(&folder, &["[database] url", "{ env ="]);
    assert!(!run(&folder.dir, &["serve"]).err.contains("hunter2"));
}

#[test]
fn keys_have_to_be_there_and_nobody_elses_to_read() {
    let folder = Folder::new();
    let key = folder.dir.join("keys/root.key");
    fs::set_permissions(&key, Permissions::from_mode(0o644)).unwrap();
    refused(&folder, &["keys/root.key", "chmod 600"]);
    fs::remove_file(&key).unwrap();
    refused(&folder, &["keys/root.key"]);
}

#[test]
fn a_database_that_does_not_answer_is_named_without_its_url() {
    let folder = Folder::new();
    let secret = folder.dir.join("database-url");
    fs::write(&secret, format!("postgres://desk:hunter2@127.0.0.1:{}/desk", free_port())).unwrap();
    fs::set_permissions(&secret, Permissions::from_mode(0o600)).unwrap();
    let section = "[database]\nurl = { file = \"database-url\" }\n[mail]";
    folder.replace("rightsdesk.toml", "[mail]", section);
    refused(&folder, &["[database] url"]);
    let said = run(&folder.dir, &["check", "--json"]);
    assert!(!said.out.contains("hunter2") && !said.err.contains("hunter2"), "{said:?}");
}
