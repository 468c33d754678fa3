//! Archives on their way out.

use super::*;
use crate::db::archive::ArchiveState;
use crate::domain::request::Outcome;
use crate::domain::state::Status;
use crate::ids::OsEntropy;
use crate::keys::stream::ArchiveKey;

const SIZE: u64 = 300_000;

/// The bytes of the archive: each tells its place.
fn bytes(range: Range<u64>) -> Vec<u8> {
    range.map(|place| b'a' + u8::try_from(place % 23).unwrap()).collect()
}

fn good(range: Range<u64>) -> Vec<io::Result<Bytes>> {
    bytes(range).chunks(64 * 1024).map(|chunk| Ok(Bytes::copy_from_slice(chunk))).collect()
}

/// A request of Ada's whose archive lies ready: its reference and its status page.
async fn ready(office: &Office, browser: &Browser<'_>) -> (String, String) {
    *office.storage.lock().unwrap() = good;
    let (reference, status) = browser.verified(&["access"], ADA).await;
    let request = office.request(&reference).await;
    let now = request.received_at();
    let tx = office.db.begin().await.unwrap();
    let mut archive = tx.archive_of(request.id).await.unwrap().unwrap();
    let key = ArchiveKey::draw(archive.id.0, &OsEntropy);
    let epochs = EpochKeys::open(office.folder.path()).unwrap();
    archive.wrapped_key = Some(epochs.wrap(now, &OsEntropy, &key).await.unwrap());
    archive.state = ArchiveState::Ready;
    (archive.size, archive.sha256) = (SIZE, Some([7; 32]));
    archive.expires_at = Some(now + SignedDuration::from_hours(14 * 24));
    tx.update_archive(&archive).await.unwrap();
    tx.commit().await.unwrap();
    office
        .change(&reference, |request| {
            (request.status, request.outcome) = (Status::Fulfilled, Some(Outcome::Full));
            (request.answered_at, request.completed_at) = (Some(now), Some(now));
            request.blockers.clear();
        })
        .await;
    (reference, status)
}

/// Where the archive can be fetched.
async fn opened(office: &Office, browser: &Browser<'_>, status: &str) -> String {
    browser.post(&format!("{status}/download-code"), &[]).await.location();
    let code = office.code().await;
    let reply = browser.post(&format!("{status}/download"), &[("code", &code)]).await;
    assert!(reply.header("set-cookie").starts_with("__Host-rd-download-"));
    reply.location()
}

/// How often and how much was fetched, by the books.
async fn recorded(office: &Office, reference: &str) -> (u64, Vec<String>) {
    office.recordings.close();
    office.recordings.wait().await;
    office.recordings.reopen();
    let request = office.request(reference).await.id;
    let tx = office.db.begin_read().await.unwrap();
    let archive = tx.archive_of(request).await.unwrap().unwrap();
    drop(tx);
    let lines = office.dump().await;
    let downloads = lines.into_iter().filter(|line| line.starts_with("download "));
    // The last two columns: bytes, and whether the end was reached.
    let told = downloads.map(|line| line.rsplitn(3, ',').take(2).collect::<Vec<_>>().join(" "));
    (archive.downloads, told.collect())
}

#[tokio::test]
async fn a_whole_archive_leaves_with_all_that_proves_it() {
    let office = Office::open().await;
    let browser = office.browser();
    let (reference, status) = ready(&office, &browser).await;
    let page = browser.get(&status).await;
    page.says(200, &"07".repeat(32));
    let path = opened(&office, &browser, &status).await;
    assert!(path.ends_with(&format!("/{reference}.zip")), "{path}");
    let head = browser.ask(Method::HEAD, &path, &[], "").await;
    assert_eq!((head.status, head.header("content-length")), (200, "300000"));
    assert!(head.body.is_empty() && office.asked.lock().unwrap().is_empty());
    assert_eq!(recorded(&office, &reference).await, (0, vec!["0 0".to_owned()]), "HEAD is inert");

    let reply = browser.get(&path).await;
    assert_eq!(reply.status, 200);
    assert!(reply.body.as_bytes() == bytes(0..SIZE), "the very bytes");
    for (name, value) in [
        ("content-type", "application/zip"),
        ("content-disposition", &format!("attachment; filename=\"{reference}.zip\"")),
        ("content-security-policy", "sandbox; default-src 'none'"),
        ("cache-control", "no-store"),
        ("accept-ranges", "bytes"),
        ("etag", &format!("\"{}\"", "07".repeat(32))),
        ("repr-digest", "sha-256=:BwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwcHBwc=:"),
        ("content-length", "300000"),
        ("x-content-type-options", "nosniff"),
    ] {
        assert_eq!(reply.header(name), value, "{name}");
    }
    assert_eq!(recorded(&office, &reference).await, (1, vec!["1 300000".to_owned()]));
}

#[tokio::test]
async fn a_broken_download_goes_on_where_it_stopped() {
    let office = Office::open().await;
    let browser = office.browser();
    let (reference, status) = ready(&office, &browser).await;
    let path = opened(&office, &browser, &status).await;
    let etag = format!("\"{}\"", "07".repeat(32));
    let part = |range: &'static str, tag: String| {
        let (browser, path) = (&browser, &path);
        async move { browser.ask(Method::GET, path, &[("range", range), ("if-range", &tag)], "").await }
    };
    let reply = part("bytes=-10", etag.clone()).await;
    assert_eq!((reply.status, reply.body.len()), (206, 10));
    let told = recorded(&office, &reference).await;
    assert_eq!(told, (0, vec!["0 10".to_owned()]), "the last bytes alone are no download");
    let reply = part("bytes=0-199999", etag.clone()).await;
    assert_eq!((reply.status, reply.header("content-range")), (206, "bytes 0-199999/300000"));
    assert!(reply.body.as_bytes() == bytes(0..200_000));
    assert_eq!(recorded(&office, &reference).await, (0, vec!["0 200010".to_owned()]));
    let reply = part("bytes=200000-", etag.clone()).await;
    assert_eq!((reply.status, reply.body.len()), (206, 100_000));
    assert_eq!(recorded(&office, &reference).await, (1, vec!["1 300010".to_owned()]));
    let reply = part("bytes=0-9", "\"other\"".to_owned()).await;
    assert_eq!((reply.status, reply.body.len()), (200, 300_000));
    let reply = part("bytes=300000-", etag).await;
    assert_eq!((reply.status, reply.header("content-range")), (416, "bytes */300000"));
    assert!(reply.body.is_empty());
    assert_eq!(office.asked.lock().unwrap().len(), 4);
}

#[tokio::test]
async fn an_archive_that_cannot_be_read_to_its_end_never_looks_whole() {
    let broken: [Storage; 3] = [
        |range| {
            let mut pieces = good(range);
            pieces[2] = Err(io::ErrorKind::InvalidData.into());
            pieces
        },
        |range| good(range.start..range.end - 1),
        |range| good(range.start..range.end + 1),
    ];
    let office = Office::open().await;
    let browser = office.browser();
    let (reference, status) = ready(&office, &browser).await;
    let path = opened(&office, &browser, &status).await;
    for storage in broken {
        *office.storage.lock().unwrap() = storage;
        let reply = browser.get(&path).await;
        assert_eq!(reply.header("content-length"), "300000");
        assert_eq!(reply.body, "(the connection was cut)");
    }
    let (completed, told) = recorded(&office, &reference).await;
    assert_eq!(completed, 0, "{told:?}");
    assert!(told[0].starts_with("0 ") && told[0] != "0 0", "what left is on record: {told:?}");
}

#[tokio::test]
async fn without_its_cookie_an_address_opens_nothing() {
    let office = Office::open().await;
    let browser = office.browser();
    let (reference, status) = ready(&office, &browser).await;
    let path = opened(&office, &browser, &status).await;
    office.browser().get(&path).await.says(403, "This download has ended");
    // Another session's cookie under this one's name.
    let eve = office.browser();
    let other = opened(&office, &eve, &status).await;
    let names: Vec<String> = browser.cookies.lock().unwrap().keys().cloned().collect();
    let value = eve.cookies.lock().unwrap().values().next().unwrap().clone();
    *eve.cookies.lock().unwrap() = names.into_iter().map(|name| (name, value.clone())).collect();
    for path in [&path, &other] {
        eve.get(path).await.says(403, "This download has ended");
    }
    let session = path.split('/').nth(2).unwrap();
    for wrong in [
        format!("/downloads/{session}/R-22222222.zip"),
        format!("/downloads/{}/{reference}.zip", "0".repeat(32)),
    ] {
        browser.get(&wrong).await.says(403, "This download has ended");
    }
    for nowhere in [
        format!("/downloads/{session}/{reference}"),
        format!("/downloads/nonsense/{reference}.zip"),
        format!("/downloads/{session}/..%2f.zip"),
    ] {
        browser.get(&nowhere).await.says(404, "This page does not exist");
    }
    assert!(office.asked.lock().unwrap().is_empty());
    browser.get(&path).await.says(200, "abc");
}

#[tokio::test]
async fn a_session_and_an_archive_have_their_time() {
    let office = Office::open().await;
    let browser = office.browser();
    let (reference, status) = ready(&office, &browser).await;
    let path = opened(&office, &browser, &status).await;
    for _ in 0..2 {
        office.pass(59 * 60);
        browser.get(&path).await.says(200, "abc");
        recorded(&office, &reference).await;
    }
    office.pass(60 * 60);
    browser.get(&path).await.says(410, "This archive is no longer here");
    let path = opened(&office, &browser, &status).await;
    let request = office.request(&reference).await.id;
    let tx = office.db.begin().await.unwrap();
    let mut archive = tx.archive_of(request).await.unwrap().unwrap();
    (archive.state, archive.wrapped_key) = (ArchiveState::Gone, None);
    tx.update_archive(&archive).await.unwrap();
    tx.commit().await.unwrap();
    browser.get(&path).await.says(410, "This archive is no longer here");

    // It can be made again, by whoever has the page's cookie.
    let renew = format!("{status}/renew");
    let locked = office.browser().post(&renew, &[]).await.location();
    assert!(locked.ends_with("?note=locked"), "{locked}");
    browser.post(&format!("{status}/code"), &[]).await.location();
    let code = office.code().await;
    browser.post(&format!("{status}/unlock"), &[("code", &code)]).await.location();
    let page = browser.get(&status).await;
    page.says(200, "/renew");
    page.says(200, "Answered, the archive has expired");
    let back = browser.post(&renew, &[("request", &reference)]).await.location();
    browser.get(&back).await.says(200, "We are making the archive again");
    let back = browser.post(&renew, &[("request", &reference)]).await.location();
    assert!(back.ends_with("?note=not-now"), "{back}");
}

#[tokio::test]
async fn a_code_for_a_download_is_for_that_alone() {
    let office = Office::open().await;
    let browser = office.browser();
    let (reference, status) = ready(&office, &browser).await;
    let download = format!("{status}/download");
    browser.post(&download, &[("code", "AAAA-AAAA")]).await.says(422, "no longer works");
    let fields = [("request", reference.as_str())];
    let back = browser.post(&format!("{status}/download-code"), &fields).await.location();
    browser.get(&back).await.says(200, "it is on its way");
    let code = office.code().await;
    let unlock = format!("{status}/unlock");
    office.browser().post(&unlock, &[("code", &code)]).await.says(422, "no longer works");
    browser.post(&download, &[]).await.says(422, "not a code yet");
    browser.post(&download, &[("code", &reference)]).await.says(422, "the reference of your");
    let wrong = browser.post(&download, &[("code", &other_than(&code))]).await;
    wrong.says(422, &format!("id=\"code-{reference}-notice\""));
    let other = [("code", code.as_str()), ("request", "R-22222222")];
    let back = browser.post(&download, &other).await.location();
    assert!(back.ends_with("?note=not-now"), "{back}");
}
