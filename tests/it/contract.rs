//! The API against its own description, by schemathesis: what the description allows is taken, what it
//! does not is refused, and each answer is one that it tells of.

use std::path::Path;
use std::process::Command;

use serde_json::Value;

use crate::support::folder::Folder;
use crate::support::process::{Running, run};
use crate::support::{not_run, setting};

/// Calls that a program makes up for each route.
const EXAMPLES: &str = "15";

/// How often it asks: less often than 20 times a second, as which a program may write for as long as
/// it likes, however fast the machine.
const PACE: &str = "18/s";

#[tokio::test]
async fn the_api_does_what_its_description_says() {
    let Some(program) = setting("RIGHTSDESK_TEST_SCHEMATHESIS") else {
        return not_run("schemathesis");
    };
    let folder = Folder::shop().await;
    run(&folder.dir, &["migrate"]).expect(0, &[]);
    let mut create = vec!["--json", "token", "create", "contract", "--requests-a-day", "100000"];
    for scope in [
        "requests:create",
        "requests:assert",
        "requests:read",
        "requests:decide",
        "archives:read",
        "reports:read",
        "flags:read",
        "flags:consent",
    ] {
        create.extend(["--scope", scope]);
    }
    let made: Value = run(&folder.dir, &create).json();
    let token = made["token"].as_str().unwrap();
    let service = Running::serve(&folder.dir, &folder.base);
    let tools = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/tools");
    // It looks for both where it stands, and leaves what it remembers there.
    for name in ["schemathesis.toml", "schemathesis_hooks.py"] {
        std::fs::copy(tools.join(name), folder.dir.join(name)).unwrap();
    }
    let output = Command::new(program)
        .current_dir(&folder.dir)
        .args(["--no-color", "run", &format!("{}/openapi.json", service.base)])
        .args(["--url", &format!("{}/api/v1", service.base)])
        .env("RIGHTSDESK_TOKEN", token)
        .args(["--max-examples", EXAMPLES, "--seed", "1", "--rate-limit", PACE])
        .args(["--phases", "examples,coverage,fuzzing"])
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    assert!(output.status.success(), "{said}{}", String::from_utf8_lossy(&output.stderr));
    assert!(said.contains("Tested: 26"), "every route: {said}");
}
