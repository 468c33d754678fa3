//! What people keep: mails and the pages of the archive, opened from the disk.

use std::fs;
use std::path::Path;

use tempfile::tempdir;

use super::inspect::{Kind, inspect};
use crate::support::archive::Downloaded;
use crate::support::driver::{Browser, with_browser};
use crate::support::journey::Journey;
use crate::support::mail;
use crate::support::process::Running;

#[tokio::test]
async fn mails_and_archives_are_readable_for_everybody() {
    with_browser(async |browser| {
        let temp = tempdir().unwrap();
        let demo = Running::demo(&temp.path().join("sample"));
        // Two of her pictures are not where her rows say, so something is missing.
        let lea = demo.offered(3);
        for language in ["en", "de"] {
            papers(browser, &demo, temp.path(), &lea, language).await;
        }
    })
    .await;
}

async fn papers(browser: &Browser, demo: &Running, temp: &Path, who: &str, language: &'static str) {
    let kinds = ["verify", "verified", "archive_ready", "download_code"];
    let before = kinds.map(|kind| mail::sent(&demo.mails, kind, who).len());
    let mut journey = Journey::ask(demo, &["access"], who, language).await;
    journey.ready(before[2]);
    let at = journey.open(None).await;
    let archive = Downloaded::new(&journey.visitor.bytes(&at).await);
    for (kind, before) in kinds.into_iter().zip(before) {
        let letter = mail::wait(&demo.mails, kind, who, before);
        let file = temp.join("letter.html");
        fs::write(&file, &letter.html).unwrap();
        browser.open(&format!("file://{}", file.display())).await;
        inspect(browser, &demo.base, Kind::Mail, &format!("mail-{kind}-{language}")).await;
    }
    let folder = archive.unpack();
    for page in ["letter", "index", "missing", "about-your-data"] {
        browser.open(&format!("file://{}/{page}.html", folder.display())).await;
        assert_eq!(browser.look("document.documentElement.lang").await, language);
        inspect(browser, &demo.base, Kind::File, &format!("archive-{page}-{language}")).await;
        every_link_leads_somewhere(browser, &folder, page).await;
    }
    assert!(archive.text("missing.html").contains("<li"), "the missing pictures are named");
}

async fn every_link_leads_somewhere(browser: &Browser, folder: &Path, page: &str) {
    let links = browser.look("[...document.links].map(link => link.href)").await;
    let inside = format!("file://{}/", folder.display());
    for link in links.as_array().unwrap() {
        let link = link.as_str().unwrap();
        if let Some(name) = link.strip_prefix(&inside) {
            let name = percent_encoding::percent_decode_str(name.split('#').next().unwrap());
            let name = name.decode_utf8().unwrap();
            assert!(folder.join(&*name).exists(), "{page}.html leads to {name}");
        } else {
            assert!(page == "letter" && !link.starts_with("file:"), "{page}.html leads to {link}");
        }
    }
}
