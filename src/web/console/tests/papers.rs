//! Papers that come with a request that staff enter: sent, listed, saved.

use jiff::SignedDuration;

use super::*;
use crate::service::enter::{FILE_BYTES, FILES};
use crate::service::staff::AccountChange;
use crate::web::console::enter;
use crate::web::console::routes::rows;
use crate::web::edge::PUBLIC_BODY;

const KIND: (&str, &str) = ("content-type", "multipart/form-data; boundary=xx");
const OWN: (&str, &str) = ("sec-fetch-site", "same-origin");
const TO: &str = "/console/enter";
const AGAIN: &str = "Please pick the files again";

/// What staff typed of a letter, as parts.
fn letter(more: &[(&str, &str)]) -> Vec<u8> {
    let fields = [
        ("channel", "letter"),
        ("right", "access"),
        ("language", "de"),
        ("received", "2026-11-21T09:30"),
        ("email", "person@example.org"),
        ("details", "wrote us a letter"),
    ];
    let part = |(name, value): &(&str, &str)| {
        format!("--xx\r\ncontent-disposition: form-data; name=\"{name}\"\r\n\r\n{value}\r\n")
    };
    fields.iter().chain(more).map(part).collect::<String>().into_bytes()
}

fn file(name: &str, body: &[u8]) -> Vec<u8> {
    let head = format!(
        "--xx\r\ncontent-disposition: form-data; name=\"papers\"; filename=\"{name}\"\r\n\
         content-type: text/html\r\n\r\n"
    );
    [head.as_bytes(), body, b"\r\n"].concat()
}

const END: &[u8] = b"--xx--\r\n";

impl Browser<'_> {
    async fn enter(&self, body: Vec<u8>) -> Reply {
        self.ask(Method::POST, TO, &[OWN, KIND], body).await
    }
}

/// The ids behind the buttons of a page.
fn buttons(page: &Reply) -> Vec<String> {
    let parts = page.body.split("name=\"paper\" value=\"").skip(1);
    parts.map(|part| part.split('"').next().unwrap().to_owned()).collect()
}

#[tokio::test]
async fn papers_are_sent_listed_and_saved_on_record() {
    let office = Office::open().await;
    office.clock.advance(SignedDuration::from_hours(1));
    let agent = office.hire("agent@example.org", &[Role::Agent]).await;
    let officer = office.hire("officer@example.org", &[Role::Officer]).await;
    let theirs = office.signed_in(&agent).await;
    let form = theirs.get("/console/enter").await;
    form.says(200, "Up to 10 files of 10 MB each");
    form.says(200, "enctype=\"multipart/form-data\"");
    let pdf: Vec<u8> = (0..=255).cycle().take(100_000).collect();
    let html = b"<script>alert(1)</script>\r\n--x";
    let body = [
        letter(&[]),
        file("", b""),
        file("C:\\scans\\Brief ä\u{202e}.pdf", &pdf),
        file("empty.txt", b""),
        file("page.html", html),
        END.to_vec(),
    ]
    .concat();
    let at = theirs.enter(body).await.location();
    let page = theirs.get(&at).await;
    page.says(200, "Paper 1");
    page.says(200, "100 kB · ");
    page.says(200, "Paper 2");
    page.says(200, "Alex Okafor");
    assert!(!page.body.contains("Paper 3") && !page.body.contains("page.html"));
    assert!(buttons(&page).is_empty(), "an agent sees that they are there, and no more");
    let browser = office.signed_in(&officer).await;
    let ids = buttons(&browser.get(&at).await);
    let path = format!("{at}/paper");
    let first = browser.post(&path, &[("paper", &ids[0])]).await;
    assert_eq!((first.status, &first.bytes), (200, &pdf));
    for (name, value) in [
        (
            "content-disposition",
            "attachment; filename=\"Brief _.pdf\"; filename*=UTF-8''Brief%20%C3%A4.pdf",
        ),
        ("content-type", "application/octet-stream"),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cache-control", "no-store"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(first.headers[name], value, "{name}");
    }
    let second = browser.post(&path, &[("paper", &ids[1])]).await;
    assert_eq!((second.status, &second.bytes[..]), (200, &html[..]));
    let page = browser.get(&at).await;
    let times = page.body.matches("opened a paper that came with the request").count();
    assert_eq!(times, 2, "each time is kept");
    assert!(!page.body.contains("Brief ä.pdf"), "a name may name people");
    browser.post(&format!("{at}/reveal"), &[("text", "to answer")]).await.says(200, "Brief ä.pdf");
    assert!(!theirs.get(&at).await.body.contains("Brief ä.pdf"), "whoever looked sees it");
}

#[tokio::test]
async fn papers_are_opened_by_officers_with_a_fresh_code_and_only_from_their_own_request() {
    let office = Office::open().await;
    office.clock.advance(SignedDuration::from_hours(1));
    let agent = office.hire("agent@example.org", &[Role::Agent]).await;
    let officer = office.hire("officer@example.org", &[Role::Officer]).await;
    let theirs = office.signed_in(&agent).await;
    let body = [letter(&[]), file("a.txt", b"secret"), END.to_vec()].concat();
    let at = theirs.enter(body).await.location();
    let other = theirs.enter([letter(&[]), END.to_vec()].concat()).await.location();
    let browser = office.signed_in(&officer).await;
    let id = buttons(&browser.get(&at).await).remove(0);
    let fields = [("paper", &*id)];
    let path = format!("{at}/paper");
    theirs.post(&path, &fields).await.says(403, "Your role does not include this");
    assert_eq!(office.browser().post(&path, &fields).await.location(), "/console/sign-in");
    let nowhere = [
        (format!("{other}/paper"), &*id),
        ("/console/requests/R-22222222/paper".into(), &*id),
        (path.clone(), "00000000-0000-0000-0000-000000000000"),
        (path.clone(), "../a.txt"),
    ];
    for (path, id) in nowhere {
        let reply = browser.post(&path, &[("paper", id)]).await;
        reply.says(404, "There is no such page");
    }
    assert_eq!(browser.get(&path).await.status, 405, "a link cannot open one");
    office.clock.advance(SignedDuration::from_mins(6));
    let asked = browser.post(&path, &fields).await;
    asked.says(403, &format!("name=\"paper\" value=\"{id}\""));
    let code = office.code(&officer);
    let saved = browser.post(&path, &[fields[0], ("code", &code)]).await;
    assert_eq!((saved.status, &*saved.body), (200, "secret"));
    let page = browser.get(&at).await;
    assert_eq!(page.body.matches("opened a paper").count(), 1, "what was refused is not opened");
}

#[tokio::test]
async fn what_is_wrong_with_an_upload_is_told_and_what_was_typed_is_kept() {
    let office = Office::open().await;
    office.clock.advance(SignedDuration::from_hours(1));
    let agent = office.hire("agent@example.org", &[Role::Agent]).await;
    let browser = office.signed_in(&agent).await;
    let one = file("a.txt", b"a");
    let end = END.to_vec();
    let large = file("large.pdf", &vec![0; FILE_BYTES + 1]);
    let cases: [(Vec<Vec<u8>>, &str, bool); 7] = [
        (vec![letter(&[]), one.repeat(FILES + 1), end.clone()], "At most 10 files", true),
        (
            vec![letter(&[]), large.clone(), end.clone()],
            "A file is too large: at most 10 MB each",
            true,
        ),
        (vec![letter(&[]), file("..", b"a"), end.clone()], "A file has no usable name", true),
        (vec![letter(&[]), file("", b"a"), end.clone()], "A file has no usable name", true),
        (vec![letter(&[]), one.clone(), b"--x".to_vec()], "did not arrive whole", true),
        (
            vec![letter(&[("reason", &"x".repeat(PUBLIC_BODY))]), one.clone(), end.clone()],
            "All texts together are too long",
            true,
        ),
        (vec![letter(&[("country", "x")]), end.clone()], "Write the country in two", false),
    ];
    for (parts, words, had_files) in cases {
        let reply = browser.enter(parts.concat()).await;
        reply.says(422, words);
        reply.says(422, "wrote us a letter");
        reply.says(422, "value=\"person@example.org\"");
        assert_eq!(reply.body.contains(AGAIN), had_files, "{words}");
    }
    // Far too much is refused at its announcement.
    let huge = [letter(&[]), vec![0; enter::BODY], end].concat();
    browser.enter(huge).await.says(413, "too large");
    for kind in ["multipart/form-data", "application/json", "multipart/mixed; boundary=xx"] {
        let body = [letter(&[]), END.to_vec()].concat();
        let headers = [OWN, ("content-type", kind)];
        let reply = browser.ask(Method::POST, TO, &headers, body).await;
        reply.says(415, "We could not read that");
    }
    browser.get("/console/?view=unverified").await.says(200, "Nothing here.");
}

#[tokio::test]
async fn nobody_unknown_and_nobody_else_can_have_files_read() {
    let office = Office::open().await;
    let auditor = office.hire("auditor@example.org", &[Role::Auditor]).await;
    let headers = [OWN, KIND];
    // A body that panics when it is looked at.
    let untouched = || {
        Body::from_stream(futures::stream::poll_fn(
            |_| -> std::task::Poll<Option<Result<bytes::Bytes, std::io::Error>>> {
                panic!("the body was read")
            },
        ))
    };
    let stranger = office.browser().ask(Method::POST, TO, &headers, untouched()).await;
    assert_eq!(stranger.location(), "/console/sign-in");
    let browser = office.signed_in(&auditor).await;
    browser
        .ask(Method::POST, TO, &headers, untouched())
        .await
        .says(403, "Your role does not include this");
    let cross = [("sec-fetch-site", "cross-site"), KIND];
    browser
        .ask(Method::POST, TO, &cross, untouched())
        .await
        .says(403, "This did not come from our pages");
    let large: Vec<&str> = rows(&office.console)
        .iter()
        .filter(|row| row.body > PUBLIC_BODY)
        .map(|row| row.path)
        .collect();
    assert_eq!(large, ["/console/enter"], "all other routes take forms");
}

#[tokio::test]
async fn a_route_that_takes_no_papers_takes_no_large_body_either() {
    let office = Office::open().await;
    let agent = office.hire("agent@example.org", &[Role::Agent]).await;
    let browser = office.signed_in(&agent).await;
    let body = vec![b'a'; PUBLIC_BODY + 1];
    for path in ["/console/find", "/console/sign-in", "/console/requests/R-22222222/note"] {
        browser.ask(Method::POST, path, &[OWN], body.clone()).await.says(413, "too large");
    }
}

#[tokio::test]
async fn who_vouches_late_types_a_code_on_the_same_form_so_that_no_file_is_lost() {
    let office = Office::open().await;
    office.clock.advance(SignedDuration::from_hours(1));
    let officer = office.hire("officer@example.org", &[Role::Officer]).await;
    let browser = office.signed_in(&officer).await;
    let code_field = "name=\"code\"";
    assert!(!browser.get("/console/enter").await.body.contains(code_field), "still fresh");
    office.clock.advance(SignedDuration::from_mins(6));
    browser.get("/console/enter").await.says(200, code_field);
    let with =
        |more: &[(&str, &str)]| [letter(more), file("a.txt", b"secret"), END.to_vec()].concat();
    let vouched = ("vouched", "yes");
    let reply = browser.enter(with(&[vouched])).await;
    reply.says(422, "type a fresh one below");
    reply.says(422, AGAIN);
    browser.enter(with(&[vouched, ("code", "000000")])).await.says(422, "This code is not right");
    let before = browser.cookies.lock().unwrap().clone();
    // The code is good for the session even where something else is wrong.
    let code = office.code(&officer);
    let late = ("right", "access");
    let reply = browser.enter(with(&[vouched, ("code", &code), late])).await;
    reply.says(422, "Tick what they ask for");
    assert!(!reply.body.contains(code_field));
    assert_ne!(before, *browser.cookies.lock().unwrap(), "the session has a new cookie");
    let at = browser.enter(with(&[vouched])).await.location();
    browser.get(&at).await.says(200, "vouched for the person");
    // Without vouching no code is needed, however late.
    office.clock.advance(SignedDuration::from_mins(6));
    browser.enter(with(&[])).await.location();
}

#[tokio::test]
async fn who_is_disabled_while_files_are_on_their_way_enters_nothing() {
    let office = Office::open().await;
    office.clock.advance(SignedDuration::from_hours(1));
    let agent = office.hire("agent@example.org", &[Role::Agent]).await;
    let other = office.hire("other@example.org", &[Role::Agent]).await;
    let browser = office.signed_in(&agent).await;
    let (desk, id) = (office.desk.clone(), agent.id);
    let body = Body::from_stream(futures::stream::once(async move {
        desk.change_account(None, id, &AccountChange::Disable).await.unwrap();
        let body = [letter(&[]), file("a.txt", b"secret"), END.to_vec()].concat();
        Ok::<_, std::io::Error>(bytes::Bytes::from(body))
    }));
    let reply = browser.ask(Method::POST, TO, &[OWN, KIND], body).await;
    reply.says(403, "Your role does not include this");
    let theirs = office.signed_in(&other).await;
    theirs.get("/console/?view=unverified").await.says(200, "Nothing here.");
}
