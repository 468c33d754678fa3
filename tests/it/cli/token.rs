//! `rightsdesk token` and `openapi` from outside.

use crate::support::folder::Folder;
use crate::support::process::run;

#[test]
fn tokens_are_made_shown_and_revoked() {
    let folder = Folder::new();
    let dir = &folder.dir;
    run(dir, &["migrate"]).expect(0, &[]);
    run(dir, &["token", "list"]).expect(0, &["no token yet"]);
    let made = run(dir, &["token", "create", "app", "--scope", "requests:read"]);
    made.expect(0, &["rdk_", "shown once"]);
    let secret = made.out.split_whitespace().find(|word| word.starts_with("rdk_")).unwrap();
    run(dir, &["token", "create", "app", "--scope", "requests:read"]).expect(2, &["another token"]);
    run(dir, &["token", "create", "x", "--scope", "fly"]).expect(2, &["requests:create"]);
    run(dir, &["token", "create", "x", "--scope", "requests:read", "--from", "x"])
        .expect(2, &["10.0.0.0/8"]);
    run(dir, &["token", "create", "x", "--scope", "requests:read", "--expires", "5y"])
        .expect(2, &["two years at most"]);
    run(dir, &["token", "create", "all", "--scope", "archives:read", "--all-requests"])
        .expect(0, &[]);
    run(dir, &["check"]).expect(1, &["2 in use, of which all read(s)"]);
    let listed = run(dir, &["token", "list"]);
    listed.expect(0, &["app  active", "ALL REQUESTS"]);
    assert!(!listed.out.contains(secret));
    run(dir, &["token", "revoke", "app"]).expect(0, &["Revoked"]);
    run(dir, &["token", "revoke", "app"]).expect(1, &["no such token"]);
    run(dir, &["token", "list"]).expect(0, &["app  revoked"]);
}

#[test]
fn the_key_of_a_program_is_read_from_pem() {
    let folder = Folder::new();
    let dir = &folder.dir;
    run(dir, &["migrate"]).expect(0, &[]);
    // RFC 8410, 10.1.
    let pem = "-----BEGIN PUBLIC KEY-----\n\
               MCowBQYDK2VwAyEAGb9ECWmEzf6FQbrBZ9w7lshQhqowtrbLDFw4rXAxZuE=\n\
               -----END PUBLIC KEY-----\n";
    folder.write("app.pub", pem);
    folder.write("bad.pub", "no key");
    let create = |name: &str, key: &str| {
        let scopes = ["--scope", "requests:create", "--scope", "requests:assert"];
        let mut args = vec!["token", "create", name, "--assertion-key", key];
        args.extend(scopes);
        run(dir, &args)
    };
    create("app", "app.pub").expect(0, &["rdk_"]);
    create("bad", "bad.pub").expect(2, &["openssl pkey -pubout"]);
    create("none", "none.pub").expect(2, &["cannot be read"]);
}

#[test]
fn the_description_needs_no_configuration() {
    let empty = tempfile::tempdir().unwrap();
    let described = run(empty.path(), &["openapi"]).json();
    assert_eq!(described["openapi"], "3.1.0");
}
