//! Signing in, confirming, and what pages say.

use jiff::SignedDuration;

use super::*;
use crate::domain::intake::Contact;
use crate::domain::right::Right;
use crate::ids::Reference;
use crate::service::intake::NewIntake;

pub(super) async fn asked(office: &Office, email: &str) -> Reference {
    let contact = Contact {
        email: EmailAddress::parse(email).ok(),
        name: TypedText::line("<script>Ada</script>", 100).unwrap(),
        ..Contact::default()
    };
    let form = NewIntake {
        purposes: Vec::new(),
        scope: crate::domain::request::Scope::Everything,
        rights: vec![Right::Access],
        contact,
        country: Some("DE".into()),
        on_behalf: false,
        wishes: crate::service::lodge::Wishes::default(),
        language: Language::De,
        changes: Vec::new(),
    };
    office.desk.open_intake(form).await.unwrap()
}

#[tokio::test]
async fn all_that_is_wrong_with_a_sign_in_looks_the_same() {
    let office = Office::open().await;
    let ada = office.hire("ada@example.org", &[Role::Agent]).await;
    let nobody =
        Colleague { id: ada.id, email: "nobody@example.org".into(), secret: ada.secret.clone() };
    let browser = office.browser();
    let good = office.code(&ada);
    let wrong = [
        browser.sign_in(&nobody, PASSWORD, &good).await,
        browser.sign_in(&ada, "another password of length", &good).await,
        browser.sign_in(&ada, PASSWORD, "000000").await,
    ];
    let mut pages: Vec<String> = wrong
        .iter()
        .map(|reply| {
            reply.says(422, "That does not fit together");
            reply.body.replace("nobody@example.org", "ada@example.org")
        })
        .collect();
    pages.dedup();
    assert_eq!(pages.len(), 1);
    assert_eq!(browser.sign_in(&ada, PASSWORD, &good).await.location(), "/console/");
    // The code has served.
    office.browser().sign_in(&ada, PASSWORD, &good).await.says(422, "That does not fit together");
}

#[tokio::test]
async fn one_is_sent_to_the_page_one_wanted() {
    let office = Office::open().await;
    let ada = office.hire("ada@example.org", &[Role::Agent]).await;
    let browser = office.browser();
    let to = browser.get("/console/?view=mine").await.location();
    assert_eq!(to, "/console/sign-in?to=%2Fconsole%2F%3Fview%3Dmine");
    browser.get(&to).await.says(200, "value=\"/console/?view=mine\"");
    let fields = [
        ("email", "ada@example.org"),
        ("password", PASSWORD),
        ("code", &office.code(&ada)),
        ("to", "/console/?view=mine"),
    ];
    assert_eq!(browser.post("/console/sign-in", &fields).await.location(), "/console/?view=mine");
    browser.get("/console/?view=mine").await.says(200, "Nothing is due here");
}

#[tokio::test]
async fn an_invitation_is_good_once_and_its_page_writes_nothing() {
    let office = Office::open().await;
    let address = EmailAddress::parse("new@example.org").unwrap();
    let roles = [Role::Officer].into();
    let invited = office.desk.invite(None, &address, &roles, Language::En).await.unwrap().unwrap();
    let path = format!("/console/invite/{}", invited.token.as_str());
    let browser = office.browser();
    let (first, second) = (browser.get(&path).await, browser.get(&path).await);
    first.says(200, "new@example.org");
    assert_eq!(first.body, second.body, "the secret is the same, and nothing was written");
    let factor = office.desk.enrolment(&invited.token).await.unwrap().unwrap().factor;
    let code = factor.code_at(office.clock.now());
    let with = |password, code| [("name", "New Person"), ("password", password), ("code", code)];
    browser.post(&path, &with("short", &code)).await.says(422, "at least 15 characters");
    browser.post(&path, &with("new@example.org2026", &code)).await.says(422, "easy to guess");
    browser.post(&path, &with(PASSWORD, "000000")).await.says(422, "This code is not right");
    assert_eq!(
        browser.post(&path, &with(PASSWORD, &code)).await.location(),
        "/console/sign-in?said=enrolled"
    );
    browser.get(&path).await.says(410, "This link does not work any more");
    let late = office.desk.invite(None, &address, &roles, Language::En).await.unwrap().unwrap();
    office.clock.advance(SignedDuration::from_hours(72));
    browser
        .get(&format!("/console/invite/{}", late.token.as_str()))
        .await
        .says(410, "does not work");
}

#[tokio::test]
async fn what_hurts_asks_for_a_code_again_and_keeps_what_was_written() {
    let office = Office::open().await;
    let ada = office.hire("ada@example.org", &[Role::Officer]).await;
    let at = asked(&office, "person@example.org").await;
    let browser = office.signed_in(&ada).await;
    let before = browser.cookies.lock().unwrap().clone();
    office.clock.advance(SignedDuration::from_mins(6));
    let reveal = format!("/console/requests/{at}/reveal");
    let fields = [("text", "asked by <b>phone</b>")];
    let again = browser.post(&reveal, &fields).await;
    again.says(403, "name=\"text\" value=\"asked by &#60;b&#62;phone&#60;/b&#62;\"");
    assert!(!again.body.contains("person@example.org"));
    let wrong = [fields[0], ("code", "000000")];
    browser.post(&reveal, &wrong).await.says(403, "This code is not right");
    let code = office.code(&ada);
    let right = [fields[0], ("code", &*code)];
    let shown = browser.post(&reveal, &right).await;
    shown.says(200, "person@example.org");
    shown.says(200, "&#60;script&#62;Ada");
    assert_ne!(before, *browser.cookies.lock().unwrap(), "the session has a new cookie");
    // Fresh for five minutes.
    browser.post(&reveal, &fields).await.says(200, "person@example.org");
    // It is noted, and masked again.
    let page = browser.get(&format!("/console/requests/{at}")).await;
    page.says(200, "looked at who asks");
    assert!(!page.body.contains("person@example.org"));
}

#[tokio::test]
async fn a_request_is_found_by_its_whole_address_or_reference_and_by_nothing_less() {
    let office = Office::open().await;
    let ada = office.hire("ada@example.org", &[Role::Agent]).await;
    let at = asked(&office, "person@example.org").await;
    let browser = office.signed_in(&ada).await;
    let page = format!("/console/requests/{at}");
    for typed in ["person@example.org", at.as_str(), &at.as_str().to_lowercase()] {
        assert_eq!(browser.post("/console/find", &[("find", typed)]).await.location(), page);
    }
    for typed in ["", "%", "p", "person", "@example.org", "perso%@example.org"] {
        let reply = browser.post("/console/find", &[("find", typed)]).await;
        assert!(!reply.body.contains(at.as_str()), "{typed}");
        assert_ne!(reply.status, 303, "{typed}");
    }
    // Not confirmed, so it is in no view but its own.
    assert!(!browser.get("/console/").await.body.contains(at.as_str()));
    browser.get("/console/?view=unverified").await.says(200, at.as_str());
    browser.get("/console/requests/R-22222222").await.says(404, "There is no such page");
}

#[tokio::test]
async fn decisions_are_read_strictly_and_answered_in_words() {
    let office = Office::open().await;
    let ada = office.hire("ada@example.org", &[Role::Officer]).await;
    let at = asked(&office, "person@example.org").await;
    let browser = office.signed_in(&ada).await;
    let to = |verb: &str| format!("/console/requests/{at}/{verb}");
    browser.post(&to("note"), &[("text", " ")]).await.says(422, "Something is missing");
    browser.post(&to("refuse"), &[("ground", "mood"), ("text", "x")]).await.says(422, "Something");
    browser.post(&to("release"), &[]).await.says(409, "not possible any more");
    browser.post(&to("item"), &[("part", "1")]).await.says(409, "not possible any more");
    browser.post(&to("item"), &[("part", "one")]).await.says(422, "Something is missing");
    let noted = browser.post(&to("note"), &[("text", "rang twice")]).await.location();
    let page = browser.get(&noted).await;
    page.says(200, "The note is saved.");
    page.says(200, "Only colleagues see this");
    page.says(200, "rang twice");
    let mine = ada.id.to_string();
    browser.post(&to("assign"), &[("to", &mine)]).await.location();
    browser.get(to("").trim_end_matches('/')).await.says(200, "Alex Okafor (you)");
    let spam = browser.post(&to("spam"), &[]).await.location();
    browser.get(&spam).await.says(200, "Marked as spam.");
    browser.get("/console/?view=spam").await.says(200, at.as_str());
}

#[tokio::test]
async fn admins_invite_change_and_disable_others_but_not_themselves() {
    let office = Office::open().await;
    let ada = office.hire("ada@example.org", &[Role::Admin]).await;
    let bob = office.hire("bob@example.org", &[Role::Agent]).await;
    let browser = office.signed_in(&ada).await;
    let fields = [("email", "eve@example.org"), ("role", "agent"), ("role", "auditor")];
    let reply = browser.post("/console/accounts", &fields).await;
    reply.says(200, "https://console.example.org/console/invite/");
    browser
        .post("/console/accounts", &[("email", "eve")])
        .await
        .says(422, "tick at least one role");
    let of = |who: &Colleague, verb: &str| format!("/console/accounts/{}/{verb}", who.id);
    browser.post(&of(&ada, "disable"), &[]).await.says(403, "Your role does not include this");
    browser.post(&of(&ada, "reset"), &[]).await.says(403, "Your role does not include this");
    let own = [("email", "ada@example.org"), ("role", "agent")];
    browser.post("/console/accounts", &own).await.says(403, "Your role does not include this");
    let theirs = office.signed_in(&bob).await;
    theirs.get("/console/").await.says(200, "Nothing is due here");
    browser.post(&of(&bob, "roles"), &[("role", "auditor")]).await.location();
    theirs.get("/console/").await.says(403, "Your role does not include this");
    browser.post(&of(&bob, "disable"), &[]).await.location();
    assert_eq!(theirs.get("/console/account").await.status, 303, "at once");
    browser.get("/console/accounts").await.says(200, "Disabled");
}

#[tokio::test]
async fn what_came_by_letter_is_entered_searched_and_answered_by_letter() {
    let office = Office::open().await;
    let ada = office.hire("ada@example.org", &[Role::Officer]).await;
    let browser = office.signed_in(&ada).await;
    browser.get("/console/enter").await.says(200, "Reached us");
    let with = |more: &[(&'static str, &'static str)]| {
        let mut fields = vec![("channel", "letter"), ("right", "access"), ("language", "de")];
        fields.extend_from_slice(more);
        fields
    };
    let late = ("received", "2026-11-20T08:00");
    let wrong: [(&[(&str, &str)], &str); 5] = [
        (&[("received", "yesterday")], "Write when it reached you"),
        (&[("received", "2027-01-01T00:00")], "Write when it reached you"),
        (&[late, ("email", "nonsense")], "no whole e-mail address"),
        (&[late, ("reason", "post"), ("keys", "user")], "Write each key on a line of its own"),
        (&[late, ("reason", "post")], "nobody can type a code"),
    ];
    for (more, words) in wrong {
        browser.post("/console/enter", &with(more)).await.says(422, words);
    }
    let good = with(&[
        late,
        ("reason", "lay in the post room"),
        ("details", "Poststraße 1, 10115 Berlin"),
        ("keys", "user=17"),
        ("vouched", "yes"),
    ]);
    let page = browser.post("/console/enter", &good).await.location();
    let shown = browser.get(&page).await;
    shown.says(200, "lay in the post room");
    shown.says(200, "entered the request");
    shown.says(200, "Letter");
    shown.says(200, "No mailbox");
    let who = browser.post(&format!("{page}/reveal"), &[("text", "to post it")]).await;
    who.says(200, "Poststraße 1, 10115 Berlin");
    // No store is mapped here, so nothing is ready and no letter can have gone out.
    let letter = [("date", "2026-11-21")];
    browser.post(&format!("{page}/letter"), &letter).await.says(409, "not possible any more");
}

#[tokio::test]
async fn the_report_is_a_page_and_a_file() {
    let office = Office::open().await;
    let eve = office.hire("eve@example.org", &[Role::Auditor]).await;
    asked(&office, "person@example.org").await;
    let browser = office.signed_in(&eve).await;
    browser.get("/console/report").await.says(200, "1 request;");
    let file = browser.get("/console/report.csv?from=2026-11&to=2026-11").await;
    file.says(200, "2026-11,access,form,1,0,0,0,0,0,1");
    assert_eq!(file.headers["content-type"], "text/csv; charset=utf-8");
    // What no month can be is left out; the other way round is one month.
    browser.get("/console/report?from=x&to=2026-13").await.says(200, "1 request;");
    browser.get("/console/report?from=2027-01&to=2026-10").await.says(200, "No requests");
}
