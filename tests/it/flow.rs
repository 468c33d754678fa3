//! One request from the form to the archive, as the person and as their tools see it.

use bytes::Bytes;
use reqwest::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, ETAG, IF_RANGE, RANGE};
use reqwest::{Method, Response};

use crate::support::archive::Downloaded;
use crate::support::folder::Folder;
use crate::support::http::Visitor;
use crate::support::journey::Journey;
use crate::support::mail;
use crate::support::process::Running;

const KEY: &str = "/.well-known/rightsdesk-signing-key.pub";

#[tokio::test]
async fn access_goes_from_the_form_to_an_archive_that_other_tools_accept() {
    let folder = Folder::shop().await;
    let desk = Running::serve(&folder.dir, &folder.base);
    let mut ada = Journey::ask(&desk, &["access"], "ada@example.org", "en").await;
    let archive = Downloaded::new(&ada.download().await);
    let pages = ["letter.html", "index.html", "missing.html", "about-your-data.html"];
    for name in pages.iter().chain(&["manifest.json", "manifest.json.minisig"]) {
        assert!(archive.entries.contains_key(*name), "{name}");
    }
    assert_eq!(archive.counts("shop"), [("customer".into(), 1), ("invoice".into(), 2)].into());
    assert_eq!(archive.rows("shop", "customer")[0]["name"], "Ada");
    let text = archive.all_text();
    for other in ["bob@example.org", "argon2", "password_hash"] {
        assert!(!text.contains(other), "{other} left the store");
    }
    for name in pages.iter().skip(1) {
        let page = archive.text(name);
        assert!(!page.contains("=\"http") && !page.contains("=\"//"), "{name} leads outside");
    }
    let key = ada.visitor.get(KEY).await.text;
    archive.ask_others(&key);
    archive.verify(&folder.dir).expect(0, &["whole and signed", "access"]);
    let size = std::fs::metadata(archive.file()).unwrap().len();
    for at in [40, size / 3, size / 2, size - 30] {
        archive.verify_turned(&folder.dir, usize::try_from(at).unwrap()).expect(1, &["turned.zip"]);
    }
    assert_eq!(desk.terminate(), Some(0));
}

#[tokio::test]
async fn export_and_access_of_one_form_have_one_mail_one_code_and_two_archives() {
    let folder = Folder::shop().await;
    let desk = Running::serve(&folder.dir, &folder.base);
    let address = "ada@example.org";
    let mut ada = Journey::ask(&desk, &["access", "export"], address, "en").await;
    assert_eq!(mail::sent(&desk.mails, "verify", address).len(), 1);
    ada.ready(1);
    let status = ada.visitor.get(&ada.status.clone()).await;
    let mut references: Vec<_> =
        status.text.split("<strong>R-").skip(1).map(|rest| format!("R-{}", &rest[..8])).collect();
    references.dedup();
    assert_eq!(references.len(), 2, "{}", status.text);
    let mut found = Vec::new();
    for reference in &references {
        let at = ada.open(Some(reference)).await;
        assert!(at.ends_with(&format!("/{reference}.zip")), "{at}");
        let archive = Downloaded::new(&ada.visitor.bytes(&at).await);
        let said = archive.verify(&folder.dir);
        said.expect(0, &[reference]);
        let about = archive.entries.contains_key("about-your-data.html");
        found.push((said.out.contains("right export"), about));
    }
    found.sort_unstable();
    assert_eq!(found, [(false, true), (true, false)], "only access tells about the stores");
}

#[tokio::test]
async fn who_asks_in_german_is_answered_in_german() {
    let folder = Folder::shop().await;
    let desk = Running::serve(&folder.dir, &folder.base);
    let mut ada = Journey::ask(&desk, &["access"], "ada@example.org", "de").await;
    let archive = Downloaded::new(&ada.download().await);
    for kind in ["verify", "verified", "archive_ready", "download_code"] {
        let mail = mail::wait(&desk.mails, kind, "ada@example.org", 0);
        assert!(mail.text.contains("Sie ") || mail.text.contains("Ihr"), "{kind}: {}", mail.text);
        assert!(mail.html.contains("lang=\"de\""), "{kind}");
        assert!(!mail.subject.contains("Your"), "{kind}: {}", mail.subject);
    }
    for page in ["letter.html", "index.html", "missing.html", "about-your-data.html"] {
        assert!(archive.text(page).contains("<html lang=\"de\""), "{page}");
    }
    assert!(archive.text("index.html").contains("Shop-Konten"));
    assert!(archive.text("about-your-data.html").contains("Deutschland"));
    let status = ada.visitor.get(&ada.status.clone()).await.text;
    assert!(status.contains("<html lang=\"de\"") && status.contains("Shop-Konten"), "{status}");
}

#[tokio::test]
async fn a_download_that_broke_off_goes_on_where_it_was() {
    let folder = Folder::shop().await;
    let desk = Running::serve(&folder.dir, &folder.base);
    let mut ada = Journey::ask(&desk, &["access"], "ada@example.org", "en").await;
    let whole = ada.download().await;
    let at = ada.open(None).await;
    let asked = async |method: Method, headers: &[(_, String)]| -> Response {
        let request = headers.iter().fold(ada.visitor.request(method, &at), |request, header| {
            let (name, value): &(reqwest::header::HeaderName, String) = header;
            request.header(name, value)
        });
        request.send().await.unwrap()
    };
    let header = |response: &Response, name| response.headers()[name].to_str().unwrap().to_owned();

    let head = asked(Method::HEAD, &[]).await;
    let tag = header(&head, ETAG);
    assert_eq!(head.status(), 200);
    assert_eq!(header(&head, CONTENT_LENGTH), whole.len().to_string());
    assert_eq!(header(&head, ACCEPT_RANGES), "bytes");
    assert!(tag.starts_with('"'), "{tag} is no strong tag");
    assert_eq!(head.bytes().await.unwrap(), Bytes::new());

    let range = |from: usize| (RANGE, format!("bytes={from}-"));
    let rest = asked(Method::GET, &[range(1000), (IF_RANGE, tag)]).await;
    assert_eq!(rest.status(), 206);
    let told = format!("bytes 1000-{}/{}", whole.len() - 1, whole.len());
    assert_eq!(header(&rest, CONTENT_RANGE), told);
    assert_eq!(rest.bytes().await.unwrap(), whole.slice(1000..));
    let other = asked(Method::GET, &[range(1000), (IF_RANGE, "\"another\"".to_owned())]).await;
    assert_eq!((other.status().as_u16(), other.bytes().await.unwrap()), (200, whole.clone()));
    assert_eq!(asked(Method::GET, &[range(whole.len())]).await.status(), 416);

    let stranger = Visitor::new(&desk.base, "en").request(Method::GET, &at).send().await.unwrap();
    assert_eq!(stranger.status(), 403, "without the cookie");
}

#[tokio::test]
async fn an_unknown_address_sees_the_same_page_and_is_told_by_mail_that_nothing_was_found() {
    let folder = Folder::shop().await;
    let desk = Running::serve(&folder.dir, &folder.base);
    let nobody = Journey::ask(&desk, &["access"], "nobody@example.net", "en").await;
    let told = mail::wait(&desk.mails, "nothing_found", &nobody.address, 0);
    assert!(told.text.contains("Shop accounts"), "{}", told.text);
}

#[tokio::test]
async fn wrong_codes_are_refused_and_a_reference_is_recognised() {
    let folder = Folder::shop().await;
    let desk = Running::serve(&folder.dir, &folder.base);
    let mut visitor = Visitor::new(&desk.base, "en");
    let form = [("right", "access"), ("email", "ada@example.org")];
    let page = visitor.post("/requests", &form).await.path;
    let verify = mail::wait(&desk.mails, "verify", "ada@example.org", 0);
    let box_at = page.split("/sent").next().unwrap().to_owned();
    let reference = box_at.rsplit('/').next().unwrap().to_owned();
    let verify_at = format!("{box_at}/verify");
    let wrong = visitor.post(&verify_at, &[("code", "2222-2222")]).await;
    assert_eq!(wrong.status, 422, "{wrong:?}");
    let typed = visitor.post(&verify_at, &[("code", &reference)]).await;
    assert_eq!(typed.status, 422);
    assert!(typed.text.contains("reference"), "{}", typed.text);
    // As people type: lower case, a space for the hyphen.
    let code = verify.code().to_lowercase().replace('-', " ");
    let right = visitor.post(&verify_at, &[("code", &code)]).await;
    assert!(right.status == 200 && right.path.starts_with("/status/"), "{right:?}");
    let again = visitor.post(verify.link("/verify/"), &[("code", verify.code())]).await;
    assert_eq!(again.status, 410, "{again:?}");
    let unknown = visitor.get("/verify/never-one-of-ours").await;
    assert_eq!(unknown.status, 410);
    let repeated = [("right", "access"), ("email", "a@example.org"), ("email", "b@example.org")];
    assert_eq!(visitor.send("/requests", &repeated).await.status(), 422);
}
