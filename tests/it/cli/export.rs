//! `rightsdesk export`: a person's data in a file, without a browser.

use crate::support::folder::Folder;
use crate::support::process::run;

#[tokio::test]
async fn one_command_gathers_into_a_private_file_that_verifies() {
    let folder = Folder::shop().await;
    run(&folder.dir, &["migrate"]).expect(0, &[]);
    let export = ["export", "--email", "ada@example.org", "--out", "ada.zip"];
    run(&folder.dir, &export).expect(0, &["ada.zip holds 3 rows and 0 files of request R-"]);
    let mode = std::os::unix::fs::PermissionsExt::mode(
        &std::fs::metadata(folder.dir.join("ada.zip")).unwrap().permissions(),
    );
    assert_eq!(mode & 0o777, 0o600);
    run(&folder.dir, &["archive", "verify", "ada.zip"]).expect(0, &["is whole and signed"]);
    // Never overwritten.
    run(&folder.dir, &export).expect(2, &["ada.zip: is there already"]);
    // Nobody is mailed, and the sealed copy is destroyed.
    assert!(!folder.dir.join("mail").exists());
}

#[tokio::test]
async fn what_cannot_be_is_said_and_writes_no_file() {
    let folder = Folder::shop().await;
    run(&folder.dir, &["migrate"]).expect(0, &[]);
    let said = |args: &[&str], code, words: &str| {
        let all: Vec<&str> =
            ["export"].iter().chain(args).chain(&["--out", "x.zip"]).copied().collect();
        run(&folder.dir, &all).expect(code, &[words]);
        assert!(!folder.dir.join("x.zip").exists(), "{args:?}");
    };
    said(&["--email", "nobody@example.org"], 1, "no store holds anything under these keys");
    said(&["--email", "nonsense"], 2, "--email");
    said(&["--email", "ada@example.org", "--id", "user"], 2, "KIND=VALUE");
    said(&["--request", "R-22222222"], 1, "there is no such request");
    said(&["--request", "nonsense"], 2, "they look like R-7F3K9Q2M");
    run(&folder.dir, &["staff", "invite", "eve@example.org", "--role", "officer"])
        .expect(0, &["/console/invite/"]);
    said(&["--email", "ada@example.org"], 1, "there are staff accounts");
    let glass = ["--email", "ada@example.org", "--break-glass", "--reason", "court order"];
    let with = [&glass[..], &["--officer", "eve@example.org"]].concat();
    said(&with, 1, "no active officer has this address and code");
}
