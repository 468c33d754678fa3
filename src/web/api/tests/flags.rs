//! What may be done with somebody's data, as programs ask.

use std::process::Command;

use super::*;

const ALL: &[TokenScope] = TokenScope::ALL;
const ADA: &str = "ada@example.org";

async fn allowed(program: &Program<'_>, about: Value, purpose: &str) -> (bool, String) {
    let mut body = about;
    body["purpose"] = json!(purpose);
    let reply = program.post("/flags/lookup", &body).await;
    assert_eq!(reply.status, 200, "{reply:?}");
    let answer = reply.json();
    assert!(answer["until"].as_str().unwrap() > "2026-11-20T09:00:00Z");
    (answer["allowed"].as_bool().unwrap(), answer["because"].as_str().unwrap().to_owned())
}

#[tokio::test]
async fn an_opt_out_of_a_program_holds_from_its_answer_on() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    let ada = json!({"email": ADA});
    let nothing = (true, "nothing_set".to_owned());
    assert_eq!(allowed(&program, ada.clone(), "sale_share").await, nothing);
    let ask = json!({"right": "opt_out", "email": ADA, "purposes": ["sale_share"]});
    let made = program.post("/requests", &ask).await;
    assert_eq!(made.status, 201, "{made:?}");
    assert_eq!(made.json()["status"], "executing");
    assert_eq!(made.json()["assurance"], "none");
    assert_eq!(made.json()["purposes"], json!(["sale_share"]));
    let out = (false, "opt_out".to_owned());
    assert_eq!(allowed(&program, ada.clone(), "sale_share").await, out);
    assert_eq!(allowed(&program, ada, "marketing").await, nothing);
    // By whatever name the program knows somebody, and without an address.
    let ask = json!({"right": "opt_out", "identifiers": {"device": "d-7"}});
    assert_eq!(program.post("/requests", &ask).await.status, 201);
    let device = json!({"identifiers": {"device": "d-7"}});
    assert_eq!(allowed(&program, device, "analytics").await, out);
    let other = json!({"identifiers": {"device": "d-8"}});
    assert_eq!(allowed(&program, other, "analytics").await, nothing);
    assert_eq!(office.letters().await, 0, "no code is mailed, and no store is done yet");
}

#[tokio::test]
async fn who_is_unknown_and_who_said_nothing_look_the_same() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    let ask = json!({"right": "opt_out", "email": ADA, "purposes": ["marketing"]});
    program.post("/requests", &ask).await;
    let answer = async |email: &str| {
        let body = json!({"email": email, "purpose": "analytics"});
        program.post("/flags/lookup", &body).await.body
    };
    assert_eq!(answer(ADA).await, answer("nobody@example.org").await);
}

#[tokio::test]
async fn what_cannot_be_asked_is_refused() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    let ask = async |body: Value| program.post("/flags/lookup", &body).await;
    ask(json!({"email": ADA, "purpose": "made_up"})).await.is_wrong("purpose", "unknown");
    ask(json!({"email": "ada", "purpose": "marketing"})).await.is_wrong("email", "form");
    ask(json!({"purpose": "marketing"})).await.is_wrong("email", "missing");
    ask(json!({"email": ADA})).await.is(Kind::Invalid);
    ask(json!({"email": ADA, "purpose": "marketing", "x": 1})).await.is(Kind::Invalid);
    let reader = office.program("reader", &[TokenScope::Read, TokenScope::Consent]).await;
    let body = json!({"email": ADA, "purpose": "marketing"});
    reader.post("/flags/lookup", &body).await.is(Kind::Scope);
    reader.get("/flags/filter").await.is(Kind::Scope);
    let named = |purposes: Value| json!({"right": "opt_in", "email": ADA, "purposes": purposes});
    let asked = async |body: Value| program.post("/requests", &body).await;
    asked(named(json!([]))).await.is_wrong("purposes", "missing");
    asked(named(json!(["made_up"]))).await.is_wrong("purposes", "unknown");
    asked(json!({"right": "access", "email": ADA, "purposes": ["marketing"]}))
        .await
        .is_wrong("purposes", "not_needed");
    asked(json!({"right": "opt_out"})).await.is_wrong("email", "missing");
    asked(json!({"right": "restriction", "identifiers": {"user": "1"}}))
        .await
        .is_wrong("identifiers", "not_asserted");
}

#[tokio::test]
async fn a_consent_is_recorded_and_not_from_the_future() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    let ada = json!({"email": ADA});
    assert_eq!(allowed(&program, ada.clone(), "training").await, (false, "no_consent".to_owned()));
    let consent = |at: &str| json!({"email": ADA, "purpose": "training", "given_at": at});
    let record = async |at: &str| program.post("/flags/consents", &consent(at)).await;
    record("2026-11-20T09:00:01Z").await.is_wrong("given_at", "future");
    assert_eq!(record("2026-11-19T08:00:00Z").await.json(), json!({"changed": true}));
    assert_eq!(record("2026-11-19T08:00:00Z").await.json(), json!({"changed": false}));
    assert_eq!(allowed(&program, ada, "training").await, (true, "consent".to_owned()));
}

/// As the example reads it: whether it says yes.
fn python_says(office: &Office, filter: &str, now: &str, purpose: &str, name: &str) -> bool {
    let root = env!("CARGO_MANIFEST_DIR");
    let script = format!(
        "import sys; sys.path.insert(0, {root:?} + '/examples/clients'); import flags\n\
         from datetime import datetime\n\
         now = datetime.fromisoformat({now:?})\n\
         print(flags.ask({filter:?}, 'filter.key', 'signing.pub', {purpose:?}, {name:?}, now=now))"
    );
    let run = Command::new("python3")
        .current_dir(office.folder.path())
        .env("PYTHONDONTWRITEBYTECODE", "1")
        .args(["-c", &script])
        .output()
        .unwrap();
    assert!(run.status.success(), "{}", String::from_utf8_lossy(&run.stderr));
    String::from_utf8_lossy(&run.stdout).trim() == "True"
}

#[tokio::test]
async fn the_example_reads_a_served_filter_offline() {
    for tool in ["minisign", "python3"] {
        if Command::new(tool).arg("-h").output().is_err() {
            #[expect(clippy::disallowed_methods, reason = "a switch of the tests alone")]
            let wanted = std::env::var("RIGHTSDESK_TEST_TOOLS").as_deref() == Ok("1");
            assert!(!wanted, "{tool} is not installed");
            println!("not run: {tool} is not installed");
            return;
        }
    }
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    let ask = json!({"right": "opt_out", "email": ADA, "purposes": ["marketing"]});
    program.post("/requests", &ask).await;
    let consent = json!({"email": "bob@example.org", "purpose": "training",
        "given_at": "2026-11-19T08:00:00Z"});
    program.post("/flags/consents", &consent).await;
    let reply = program.get("/flags/filter").await;
    assert_eq!(
        (reply.status, &reply.headers["cache-control"]),
        (200, &"no-store".parse().unwrap())
    );
    assert!(!reply.body.contains("example.org"));
    let key = reply.headers["rightsdesk-filter-key"].to_str().unwrap();
    assert!(!reply.body.contains(key), "the key does not stand in the file");
    let write = |name: &str, text: &str| {
        std::fs::write(office.folder.path().join(name), text).unwrap();
    };
    write("filter", &reply.body);
    write("filter.key", key);
    let forged = reply.body.replace("unless_listed", "if_listed");
    write("forged", &forged);
    let now = "2026-11-20T10:00:00+00:00";
    for (file, at, purpose, name, says) in [
        ("filter", now, "marketing", "email=ada@example.org", false),
        ("filter", now, "marketing", "email=bob@example.org", true),
        ("filter", now, "marketing", "user=ada@example.org", true),
        ("filter", now, "analytics", "email=ada@example.org", true),
        ("filter", now, "training", "email=ada@example.org", false),
        ("filter", now, "training", "email=bob@example.org", true),
        ("filter", now, "made_up", "email=bob@example.org", false),
        ("filter", "2026-11-21T08:59:59+00:00", "analytics", "email=ada@example.org", true),
        ("filter", "2026-11-21T09:00:00+00:00", "analytics", "email=ada@example.org", false),
        ("forged", now, "marketing", "email=ada@example.org", false),
        ("forged", now, "analytics", "email=ada@example.org", false),
    ] {
        let said = python_says(&office, file, at, purpose, name);
        assert_eq!(said, says, "{file} {at} {purpose} {name}");
    }
}
