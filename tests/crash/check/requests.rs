//! P1, P2, P6, P7: every request that was acknowledged is there once and ends where it should, and
//! archives hold what they must.

use std::collections::BTreeMap;

use super::none;
use crate::house::House;
use crate::story::{Story, Wish};
use crate::support::process::rightsdesk;

/// What happens to a request once at most, as long as nobody undoes anything.
const ONCE: &str = "'request.received', 'request.verified', 'request.gathered', 'archive.ready', \
    'request.withdrawn', 'request.disowned'";

/// Everybody's requests, as they stand.
pub(super) async fn end_where_they_should(house: &House, stories: &[Story]) {
    let rows = house
        .database
        .rows(
            "SELECT reference, status, COALESCE(outcome, ''), blockers FROM request
             WHERE created_by IS NULL",
        )
        .await;
    let many = rows.len() as u64;
    let stored: BTreeMap<String, Vec<String>> =
        rows.into_iter().map(|mut row| (row.remove(0), row)).collect();
    let mut wrong = Vec::new();
    for story in stories {
        for reference in story.acknowledged.iter().chain(&story.followed) {
            let Some(found) = stored.get(reference) else {
                wrong.push(format!("{reference} was acknowledged and is not there: {story:?}"));
                continue;
            };
            let allowed = may_be(story, reference);
            if !allowed.contains(&(&*found[0], &*found[1])) {
                wrong.push(format!("{reference} is {found:?}, not one of {allowed:?}: {story:?}"));
            }
        }
    }
    for (reference, found) in &stored {
        // All is released by itself here, so nobody but the person is waited for.
        let over = ["fulfilled", "withdrawn", "lapsed", "awaiting_verification"];
        if !over.contains(&&*found[0]) || found[2] != "[]" {
            wrong.push(format!("{reference} is stuck: {found:?}"));
        }
    }
    none("requests", &wrong, house);

    let sure: u64 = stories.iter().map(|s| s.acknowledged.len() as u64 * s.rights).sum();
    let perhaps: u64 = stories.iter().map(|s| s.unknown_forms * s.rights).sum();
    assert!((sure..=sure + perhaps).contains(&many), "{many} of {sure} and perhaps {perhaps}");
    let written = house.database.number("SELECT count(*) FROM message").await;
    let sure: u64 = stories.iter().map(|story| story.messages.0).sum();
    let perhaps: u64 = stories.iter().map(|story| story.messages.1).sum();
    assert!((sure..=sure + perhaps).contains(&written), "{written} of {sure} messages");

    let twice = house
        .database
        .rows(&format!(
            "SELECT r.reference || ' ' || e.kind FROM event e JOIN request r ON r.id = e.request_id
             WHERE e.kind IN ({ONCE}) GROUP BY r.reference, e.kind HAVING count(*) > 1"
        ))
        .await;
    assert!(twice.is_empty(), "happened twice: {twice:?}");
}

/// Where a request may be in the end, and with which outcome.
fn may_be(story: &Story, reference: &String) -> Vec<(&'static str, &'static str)> {
    let withdrawn = ("withdrawn", "withdrawn");
    let mut may = Vec::new();
    let followed = story.followed.contains(reference);
    // With several forms under way, only the status page tells which one was gone on with.
    if !followed && (story.wish == Wish::Abandon || story.unknown_forms > 0) {
        may.push(("awaiting_verification", ""));
    }
    if story.disowned {
        may.push(("withdrawn", "not_identified"));
    }
    if followed {
        match story.withdrawn {
            Some(true) => may.push(withdrawn),
            doubt => {
                may.push(("fulfilled", if story.person.known { "full" } else { "nothing_found" }));
                may.extend(doubt.map(|_| withdrawn));
            }
        }
    }
    may
}

/// What people have was signed by this house and is whole.
pub(super) fn archives_verify(house: &House, stories: &[Story]) {
    let mut wrong = Vec::new();
    // Their bytes were compared with the tag, their entries with the stores, when they came.
    let all: Vec<_> = stories.iter().flat_map(|story| &story.archives).collect();
    for (reference, file) in all.iter().step_by(all.len().div_ceil(30).max(1)) {
        let mut command = rightsdesk();
        let key = house.dir.join("keys/signing.pub");
        command.current_dir(&house.dir).args(["archive", "verify"]).arg(file);
        let output = command.arg("--key").arg(key).output().unwrap();
        if !output.status.success() {
            wrong.push(format!("{reference}: {}", String::from_utf8_lossy(&output.stderr)));
        }
    }
    none("archives", &wrong, house);
}
