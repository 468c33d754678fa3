//! Requests looked at, listed, found and fetched.

use super::*;
use crate::db::archive::ArchiveState;
use crate::domain::state::Status;
use crate::ids::ArchiveId;
use crate::keys::epoch::Epoch;
use crate::keys::stream::ArchiveKey;

const ALL: &[TokenScope] = TokenScope::ALL;

impl Office {
    /// An archive of 1,000 bytes that lies ready.
    async fn lay_ready(&self, reference: &str) {
        self.change(reference, |request| request.status = Status::Fulfilled).await;
        let reference = Reference::parse(reference).unwrap();
        let entropy = SeededEntropy::new(9);
        let now = self.desk.now();
        let tx = self.db.begin().await.unwrap();
        let request = tx.request_by_reference(&reference).await.unwrap().unwrap().value;
        let id = ArchiveId((&entropy as &dyn crate::ids::Entropy).uuid(now));
        let key = ArchiveKey::draw(id.0, &entropy);
        let keys = EpochKeys::open(self.folder.path()).unwrap();
        let wrapped = keys.wrap(now, &entropy, &key).await.unwrap();
        tx.insert_archive(id, request.id, now).await.unwrap();
        let mut archive = tx.archive(id).await.unwrap().unwrap();
        (archive.epoch, archive.wrapped_key) = (Some(Epoch::of(now).to_string()), Some(wrapped));
        archive.state = ArchiveState::Ready;
        archive.size = 1_000;
        archive.sha256 = Some([0xab; 32]);
        archive.expires_at = Some(now + SignedDuration::from_hours(48));
        tx.update_archive(&archive).await.unwrap();
        tx.commit().await.unwrap();
    }
}

#[tokio::test]
async fn pages_follow_each_other_without_a_gap() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    let mut made = Vec::new();
    for place in 0..7 {
        office.pass(SignedDuration::from_secs(1));
        made.push(program.create(&format!("p{place}@example.org")).await);
    }
    made.reverse();
    let (mut seen, mut next) = (Vec::new(), String::new());
    for expected in [3, 3, 1] {
        let page = program.get(&format!("/requests?limit=3{next}")).await.json();
        let items = page["items"].as_array().unwrap();
        assert_eq!(items.len(), expected);
        seen.extend(items.iter().map(|one| one["reference"].as_str().unwrap().to_owned()));
        next = page["next"].as_str().map(|id| format!("&cursor={id}")).unwrap_or_default();
    }
    assert_eq!((seen, next), (made, String::new()));
}

#[tokio::test]
async fn filters_leave_over_what_they_say() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    let one = program.create("a@example.org").await;
    office.pass(SignedDuration::from_hours(2));
    let two = program.create("b@example.org").await;
    let colleague = crate::ids::StaffId(uuid::Uuid::from_u128(7));
    office
        .change(&two, |request| {
            request.status = Status::InReview;
            request.assignee = Some(colleague);
        })
        .await;
    let both = vec![two.clone(), one.clone()];
    let (one, two) = (vec![one], vec![two]);
    for (query, expected) in [
        (String::new(), &both),
        ("?status=in_review".to_owned(), &two),
        ("?status=awaiting_verification".to_owned(), &one),
        (format!("?assignee={colleague}"), &two),
        (format!("?assignee={colleague}&status=in_review&right=export"), &two),
        ("?right=export".to_owned(), &both),
        ("?right=access".to_owned(), &Vec::new()),
        ("?due_before=2026-11-23T10:00:00Z".to_owned(), &one),
        (format!("?q={}", one[0]), &one),
        (format!("?q={}&status=in_review", one[0]), &Vec::new()),
    ] {
        let page = program.get(&format!("/requests{query}")).await.json();
        let items = page["items"].as_array().unwrap_or_else(|| panic!("{query}: {page}"));
        let found: Vec<_> = items.iter().map(|one| one["reference"].as_str().unwrap()).collect();
        assert_eq!(&found, expected, "{query}");
    }
    for wrong in ["status=flying", "limit=0", "limit=201", "limit=x", "cursor=x", "q=x", "right="] {
        let field = wrong.split('=').next().unwrap();
        program.get(&format!("/requests?{wrong}")).await.is_wrong(field, "form");
    }
    program.get("/requests?colour=red").await.is_wrong("colour", "unknown");
    program.get("/requests?limit=1&limit=2").await.is_wrong("limit", "repeated");
}

#[tokio::test]
async fn an_address_finds_what_the_token_asked_for() {
    let office = Office::open().await;
    let app = office.program("app", ALL).await;
    let other = office.program("other", ALL).await;
    let wide = office.program_with("wide", ALL, |new| new.all_requests = true).await;
    let reference = app.create("ada@example.org").await;
    app.create("bob@example.org").await;
    let find = async |program: &Program<'_>| -> Vec<String> {
        let found = program.post("/requests/search", &json!({"email": "ada@example.org"})).await;
        let items = found.json()["items"].clone();
        let named = |one: &Value| one["reference"].as_str().unwrap().to_owned();
        items.as_array().unwrap().iter().map(named).collect()
    };
    assert_eq!(find(&app).await, std::slice::from_ref(&reference));
    assert_eq!(find(&other).await, [""; 0], "not what others asked for");
    assert_eq!(find(&wide).await, [reference]);
    app.post("/requests/search", &json!({"email": "x"})).await.is_wrong("email", "form");
}

#[tokio::test]
async fn an_archive_goes_to_the_program_that_asked() {
    let office = Office::open().await;
    let app = office.program("app", ALL).await;
    let other = office.program("other", ALL).await;
    let reference = app.create("ada@example.org").await;
    let path = format!("/requests/{reference}/archive");
    app.get(&path).await.is(Kind::NotReady);
    office.lay_ready(&reference).await;
    other.get(&path).await.is(Kind::NotYours);

    let whole = app.get(&path).await;
    assert_eq!((whole.status, whole.body.len()), (200, 1_000));
    let hex = "ab".repeat(32);
    assert_eq!(whole.headers["etag"], format!("\"{hex}\""));
    let digest = data_encoding::BASE64.encode(&[0xab; 32]);
    assert_eq!(whole.headers["repr-digest"], format!("sha-256=:{digest}:"));
    let shown = app.get(&format!("/requests/{reference}")).await.json();
    assert_eq!(shown["archive"]["sha256"], hex);

    let part = app.request("GET", &path).header("range", "bytes=990-").body(Body::empty());
    let part = office.ask(part.unwrap()).await;
    assert_eq!((part.status, part.body.len()), (206, 10));
    assert_eq!(part.headers["content-range"], "bytes 990-999/1000");
    let head = app.request("HEAD", &path).body(Body::empty()).unwrap();
    let head = office.ask(head).await;
    assert_eq!((head.status, head.body.len()), (200, 0));
    assert_eq!(head.headers["content-length"], "1000");

    let events = app.get(&format!("/requests/{reference}/events")).await.json();
    let opened = events["items"].as_array().unwrap().iter();
    assert_eq!(opened.filter(|one| one["kind"] == "download.opened").count(), 1, "{events}");

    // While the audit trail differs from what was signed, nothing leaves.
    for (how, kind) in [(Some("line 1 is missing"), Some(Kind::Unavailable)), (None, None)] {
        let tx = office.db.begin().await.unwrap();
        tx.set_audit_differs(how).await.unwrap();
        tx.commit().await.unwrap();
        match kind {
            Some(kind) => app.get(&path).await.is(kind),
            None => assert_eq!(app.get(&path).await.status, 200),
        }
    }

    let revoked = app.post(&format!("/requests/{reference}/revoke"), &json!({})).await;
    assert_eq!(revoked.status, 200, "{revoked:?}");
    assert_eq!(revoked.json()["archive"], Value::Null);
    app.get(&path).await.is(Kind::Gone);
}

#[tokio::test]
async fn what_is_not_there_is_told_so() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    for name in ["R-7F3K9Q2M", "018f0000-0000-7000-8000-000000000000", "x", "%ff", "R-"] {
        for rest in ["", "/events", "/tasks", "/archive"] {
            program.get(&format!("/requests/{name}{rest}")).await.is(Kind::NotFound);
        }
    }
    program.get("/nowhere").await.is(Kind::NotFound);
    let put = program.request("PUT", "/requests").body(Body::empty()).unwrap();
    let put = office.ask(put).await;
    put.is(Kind::Method);
    assert!(put.headers["allow"].to_str().unwrap().contains("POST"));
}

#[tokio::test]
async fn the_report_is_that_of_the_console() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    program.create("ada@example.org").await;
    let report = program.get("/reports/promise").await.json();
    assert_eq!((&report["from"], &report["to"]), (&json!("2025-12"), &json!("2026-11")));
    assert_eq!(report["total"]["not_counted"], 1);
    assert_eq!(report["rows"][0]["channel"], "api");
    let early = program.get("/reports/promise?from=2026-01&to=2026-10").await.json();
    assert_eq!(early["total"]["all"], 0);
    program.get("/reports/promise?from=2026-13").await.is_wrong("from", "form");
}

#[tokio::test]
async fn what_california_wants_is_counted_by_the_year() {
    let office = Office::open().await;
    let program = office.program("app", ALL).await;
    program.create("ada@example.org").await;
    let now = program.get("/reports/ccpa-metrics?year=2026").await.json();
    assert_eq!(
        now["lines"][2],
        json!({
            "kind": "know", "received": 1, "whole": 0, "part": 0, "denied": 0, "not_verified": 0,
            "taken_back": 0, "open": 1, "days": null,
        })
    );
    let before = program.get("/reports/ccpa-metrics").await.json();
    assert_eq!((&before["year"], &before["lines"][2]["received"]), (&json!(2025), &json!(0)));
    for wrong in ["1999", "20266", "+202", ""] {
        let asked = program.get(&format!("/reports/ccpa-metrics?year={wrong}")).await;
        asked.is_wrong("year", "form");
    }
}
