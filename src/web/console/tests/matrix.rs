//! Every route, for everybody: made from the table of routes and the policy, so that neither can
//! grow without the other.

use jiff::SignedDuration;

use super::*;
use crate::domain::policy::allows;
use crate::service::staff::AccountChange;
use crate::web::console::guard::Gate;
use crate::web::console::routes::{Row, Verb, rows};

/// A path of the route that leads to nothing in particular.
fn path(row: &Row) -> String {
    row.path
        .replace("{reference}", "R-7F3K9Q2M")
        .replace("{id}", "00000000-0000-0000-0000-000000000000")
        .replace("{token}", "nothing")
        .replace("{name}", "nothing.css")
}

async fn ask(browser: &Browser<'_>, row: &Row) -> Reply {
    match row.method {
        Verb::Get => browser.get(&path(row)).await,
        Verb::Post => browser.post(&path(row), &[]).await,
    }
}

/// Whether the guard, and nothing behind it, turned somebody away.
fn is_turned_away(reply: &Reply) -> bool {
    let denied = reply.status == 403 && reply.body.contains("Your role does not include this");
    let to_sign_in = reply.status == 303
        && reply.headers["location"].to_str().unwrap().starts_with("/console/sign-in")
        && !reply.headers.contains_key("clear-site-data");
    denied || to_sign_in
}

#[tokio::test]
async fn every_route_lets_through_exactly_whom_the_policy_lets() {
    let office = Office::open().await;
    let rows = rows(&office.console);
    assert!(rows.len() > 30, "the table is not empty");
    for role in Role::ALL {
        let colleague = office.hire(&format!("{role}@example.org"), &[*role]).await;
        for row in &rows {
            let Gate::For(action) = row.gate else { continue };
            // Signing out ends the session, so each route has its own; and a fresh factor.
            let browser = office.signed_in(&colleague).await;
            let reply = ask(&browser, row).await;
            let denied =
                reply.status == 403 && reply.body.contains("Your role does not include this");
            assert_eq!(
                denied,
                !allows(*role, action),
                "{role} {:?} {}: {} {}",
                row.method,
                row.path,
                reply.status,
                reply.body
            );
            assert_ne!(reply.status, 500, "{role} {}", row.path);
        }
    }
}

#[tokio::test]
async fn nobody_passes_without_a_live_session_of_a_usable_account() {
    let office = Office::open().await;
    let everything = Role::ALL;
    let rows = rows(&office.console);
    let stranger = office.browser();
    let idle = office.hire("idle@example.org", everything).await;
    let idle_browser = office.signed_in(&idle).await;
    office.clock.advance(SignedDuration::from_mins(30));
    let disabled = office.hire("disabled@example.org", everything).await;
    let disabled_browser = office.signed_in(&disabled).await;
    office.desk.change_account(None, disabled.id, &AccountChange::Disable).await.unwrap();
    let again = office.hire("again@example.org", everything).await;
    let invited_browser = office.signed_in(&again).await;
    let address = EmailAddress::parse("again@example.org").unwrap();
    let roles = everything.iter().copied().collect();
    office.desk.invite(None, &address, &roles, Language::En).await.unwrap().unwrap();
    let ended = office.hire("ended@example.org", everything).await;
    let ended_browser = office.signed_in(&ended).await;
    let kept: BTreeMap<String, String> = ended_browser.cookies.lock().unwrap().clone();
    ended_browser.post("/console/sign-out", &[]).await.location();
    *ended_browser.cookies.lock().unwrap() = kept;
    let browsers = [
        ("stranger", stranger),
        ("idle", idle_browser),
        ("disabled", disabled_browser),
        ("invited anew", invited_browser),
        ("signed out", ended_browser),
    ];
    for (who, browser) in &browsers {
        for row in rows.iter().filter(|row| row.gate != Gate::Open) {
            let reply = ask(browser, row).await;
            assert!(is_turned_away(&reply), "{who} {}: {}", row.path, reply.status);
        }
    }
}

#[tokio::test]
async fn a_session_ends_after_twelve_hours_however_busy() {
    let office = Office::open().await;
    let colleague = office.hire("ada@example.org", &[Role::Agent]).await;
    let browser = office.signed_in(&colleague).await;
    for _ in 0..24 {
        office.clock.advance(SignedDuration::from_mins(29));
        assert_eq!(browser.get("/console/").await.status, 200);
    }
    office.clock.advance(SignedDuration::from_mins(29));
    assert!(is_turned_away(&browser.get("/console/").await));
}

#[tokio::test]
async fn what_another_site_causes_is_refused_on_every_route_that_changes_something() {
    let office = Office::open().await;
    let colleague = office.hire("ada@example.org", Role::ALL).await;
    let browser = office.signed_in(&colleague).await;
    let origins: [&[(&str, &str)]; 6] = [
        &[("sec-fetch-site", "cross-site")],
        &[("sec-fetch-site", "same-site")],
        &[("origin", "null")],
        &[("origin", "https://evil.example")],
        &[("origin", "https://console.example.org.evil.example")],
        &[],
    ];
    let own: [&[(&str, &str)]; 2] =
        [&[("sec-fetch-site", "same-origin")], &[("origin", "https://console.example.org")]];
    for row in rows(&office.console).iter().filter(|row| row.method == Verb::Post) {
        for headers in origins {
            let reply = browser.ask(Method::POST, &path(row), headers, "").await;
            assert!(
                reply.status == 403 && reply.body.contains("This did not come from our pages"),
                "{} {headers:?}: {}",
                row.path,
                reply.status
            );
        }
    }
    for headers in own {
        let reply = browser.ask(Method::POST, "/console/find", headers, "find=R-7F3K9Q2M").await;
        reply.says(200, "No request has this reference");
    }
}

#[tokio::test]
async fn every_answer_has_the_headers_and_runs_no_script() {
    let office = Office::open().await;
    let colleague = office.hire("ada@example.org", Role::ALL).await;
    for row in rows(&office.console) {
        let browser = office.signed_in(&colleague).await;
        let reply = ask(&browser, &row).await;
        let csp = reply.headers["content-security-policy"].to_str().unwrap();
        assert!(csp.contains("default-src 'none'") && !csp.contains("script-src"), "{}", row.path);
        assert_eq!(reply.headers["x-frame-options"], "DENY", "{}", row.path);
        assert!(!reply.body.contains("<script"), "{}", row.path);
    }
}
