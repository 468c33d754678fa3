//! Whole archives, made of hostile names and data, read by our own verifier and by others.

mod foreign;
mod pages;
mod tampering;

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::Arc;

use bytes::Bytes;
use futures::stream;
use jiff::tz::TimeZone;
use uuid::Uuid;

use super::answer::{Answer, Attachment, More, Organisation, StoreAnswer, StoreStatus};
use super::file::FileFacts;
use super::finish::{Finished, finish};
use super::segment::{Segment, SegmentBuilder};
use super::vault::Vault;
use super::verify::verify;
use crate::domain::category::Category;
use crate::domain::facts::StoreFacts;
use crate::domain::gather::Tally;
use crate::domain::language::Language;
use crate::domain::record::{Column, Gap, GapReason, Origin, Shape, Value, Withheld};
use crate::domain::right::Right;
use crate::ids::{OsEntropy, Reference, SeededEntropy};
use crate::keys::signing::SigningKey;
use crate::keys::stream::ArchiveKey;

const FINAL: u32 = u32::MAX;
const SCRIPT: &str = "\"><script>alert('x')</script><img src=x onerror=alert(1)>";

/// A gathered request, ready to be finished.
struct Gathered {
    folder: tempfile::TempDir,
    vault: Vault,
    key: ArchiveKey,
    signing: SigningKey,
    answer: Answer,
    segments: Vec<Segment>,
}

impl Gathered {
    fn new(right: Right, language: Language) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open_folder(&folder.path().join("archives")).unwrap();
        let key = ArchiveKey::draw(Uuid::from_u128(7), &OsEntropy);
        let signing = SigningKey::make(folder.path(), &SeededEntropy::new(3)).unwrap();
        let answer = answer(right, language);
        Self { folder, vault, key, signing, answer, segments: Vec::new() }
    }

    fn part(&self) -> u32 {
        u32::try_from(self.segments.len()).unwrap()
    }

    async fn rows(&mut self, store: &str, shape: &Arc<Shape>, rows: &[Vec<Value>]) {
        let mut builder = SegmentBuilder::new(self.answer.right, store, shape).unwrap();
        assert_eq!(builder.push(rows), rows.len());
        let written = builder.write(&self.vault, &self.key, self.part(), &OsEntropy);
        self.segments.push(written.await.unwrap());
    }

    async fn file(&mut self, original: &str, bytes: &[u8]) {
        let size = bytes.len() as u64;
        let facts = FileFacts { store: "images", original, category: "user.content", size };
        let bytes = stream::iter([Ok::<_, ()>(Bytes::copy_from_slice(bytes))]);
        let written = self.vault.write_file(&self.key, self.part(), &OsEntropy, facts, bytes);
        self.segments.push(written.await.unwrap());
    }

    async fn finish(&self) -> Finished {
        let Self { vault, key, signing, answer, segments, .. } = self;
        finish(vault, key, FINAL, &OsEntropy, signing, answer, segments).await.unwrap()
    }

    async fn zip(&self) -> Vec<u8> {
        let done = self.finish().await;
        self.vault.read_all(&self.key, &done.object, 0..done.size).await.unwrap()
    }

    async fn zip_file(&self) -> PathBuf {
        let path = self.folder.path().join("archive.zip");
        std::fs::write(&path, self.zip().await).unwrap();
        path
    }
}

fn facts(name: &str, label: &str) -> StoreFacts {
    StoreFacts {
        name: name.into(),
        kind: "sqlite".into(),
        label: BTreeMap::from([(Language::En, label.into())]),
        controller: "self".into(),
        purposes: vec!["contract".into()],
        basis: "GDPR 6(1)(b)".into(),
        source: "the person".into(),
        recipients: vec!["Payment provider".into()],
        country: "DE".into(),
        retention: "until the account is closed".into(),
        backup: "30d".into(),
        safeguard: None,
        automated: "none".into(),
        private_content: false,
        categories: vec!["user.contact.email".into(), "user.payment".into()],
        ..StoreFacts::default()
    }
}

fn store(name: &str, label: &str, rows: u64, files: u64) -> StoreAnswer {
    let tally = Tally { rows, files, ..Tally::default() };
    StoreAnswer { facts: facts(name, label), tally, status: StoreStatus::Done }
}

fn answer(right: Right, language: Language) -> Answer {
    Answer {
        reference: Reference::parse("R-7F3K9Q2M").unwrap(),
        right,
        language,
        zone: TimeZone::get("Europe/Berlin").unwrap(),
        organisation: Organisation {
            name: "Example Shop <b>&amp;</b>".into(),
            contact: "privacy@shop.example".into(),
            postal: Some("Example Shop GmbH\nMusterweg 1\n10115 Berlin".into()),
            privacy_url: Some("https://shop.example/privacy".into()),
            authority: Some("Berliner Beauftragte für Datenschutz".into()),
            country: "DE".into(),
        },
        received_at: "2026-11-18T09:30:00Z".parse().unwrap(),
        made_at: "2026-11-20T12:34:57Z".parse().unwrap(),
        read_from: "2026-11-18T09:31:00Z".parse().unwrap(),
        read_to: "2026-11-18T09:35:00Z".parse().unwrap(),
        stores: vec![store("shop", "Shop accounts", 5, 0), store("images", "Images", 0, 7)],
        more: More::default(),
    }
}

fn shape(collection: &str) -> Arc<Shape> {
    let column = |name: &str, category: &str, origin| Column {
        name: name.into(),
        category: Category::parse(category).unwrap(),
        origin,
    };
    Arc::new(Shape {
        collection: collection.into(),
        columns: vec![
            column("id", "user.unique_id", Origin::Provided),
            column("note", "user.content", Origin::Provided),
            column("score", "user.behavior", Origin::Inferred),
        ],
    })
}

fn row(id: i64, note: &str) -> Vec<Value> {
    vec![Value::Int(id), Value::Text(note.into()), Value::Real(0.5)]
}

/// Two parts of one collection, a collection with a hostile name, and files that nobody should
/// have called so.
async fn hostile() -> Gathered {
    let mut gathered = Gathered::new(Right::Access, Language::En);
    gathered.rows("shop", &shape("customer"), &[row(1, SCRIPT), row(2, "=1+1")]).await;
    gathered.rows("shop", &shape("customer"), &[row(3, "")]).await;
    gathered.rows("shop", &shape("../Cus:tomer"), &[row(4, "a,b\r\n\"c\"")]).await;
    gathered.rows("shop", &shape("CON"), &[row(5, "ü")]).await;
    for (name, bytes) in [
        ("portrait.png", &b"\x89PNG\r\n\x1a\nxxxx"[..]),
        ("Portrait.PNG", b"\x89PNG\r\n\x1a\nyyyy"),
        ("../../../evil.html", b"<script>alert(1)</script>"),
        ("icon.svg", b"<svg onload=alert(1)>"),
        (SCRIPT, b""),
        ("\u{202e}gnp.exe", b"MZ"),
        ("Ω 日本語 🎨.webp", b"RIFFxxxxWEBP"),
    ] {
        gathered.file(name, bytes).await;
    }
    gathered
}

#[tokio::test]
async fn an_archive_verifies_and_says_what_it_is() {
    let gathered = hostile().await;
    let path = gathered.zip_file().await;
    let report = verify(&path, gathered.signing.public()).unwrap();
    assert_eq!(report.reference, "R-7F3K9Q2M");
    assert_eq!(report.right, "access");
    // Four segments of rows in two formats, seven files, four pages, manifest and signature.
    assert_eq!(report.entries, 4 * 2 + 7 + 4 + 2);
}

#[tokio::test]
async fn entries_have_the_names_of_the_contract() {
    let gathered = hostile().await;
    let zip = std::io::Cursor::new(gathered.zip().await);
    let zip = zip::ZipArchive::new(zip).unwrap();
    let names: Vec<String> =
        (0..zip.len()).map(|at| zip.name_for_index(at).unwrap().unwrap().into_owned()).collect();
    assert!(names.is_sorted());
    for name in [
        "letter.html",
        "index.html",
        "about-your-data.html",
        "missing.html",
        "manifest.json",
        "manifest.json.minisig",
        "data/shop/customer.ndjson",
        "data/shop/customer.csv",
        "data/shop/customer.0002.ndjson",
        "data/shop/customer.0002.csv",
        "data/shop/_CON.ndjson",
        "files/images/portrait.png",
        "files/images/Portrait (2).PNG",
        "files/images/evil.html",
    ] {
        assert!(names.iter().any(|have| have == name), "{name} in {names:?}");
    }
}

#[tokio::test]
async fn the_same_segments_make_the_same_bytes_in_whatever_order() {
    let mut gathered = hostile().await;
    let (first, done) = (gathered.zip().await, gathered.finish().await);
    gathered.segments.reverse();
    let again = gathered.finish().await;
    assert!(first == gathered.zip().await);
    assert_eq!((done.size, done.sha256), (again.size, again.sha256));
    assert_eq!(done.size, first.len() as u64);
    assert_eq!(done.sha256, super::segment::Sha256Sum::of(&first));
}

#[tokio::test]
async fn an_archive_without_data_is_whole_too() {
    let mut gathered = Gathered::new(Right::Export, Language::De);
    gathered.answer.stores.iter_mut().for_each(|store| store.tally = Tally::default());
    let report = verify(&gathered.zip_file().await, gathered.signing.public()).unwrap();
    assert_eq!(report.entries, 5, "no page about the data in an export");
}

#[tokio::test]
async fn an_export_holds_no_inferences() {
    let mut gathered = Gathered::new(Right::Export, Language::En);
    gathered.rows("shop", &shape("customer"), &[row(1, "x")]).await;
    let zip = std::io::Cursor::new(gathered.zip().await);
    let mut zip = zip::ZipArchive::new(zip).unwrap();
    let text = std::io::read_to_string(zip.by_name("data/shop/customer.csv").unwrap()).unwrap();
    assert_eq!(text, "id,note\r\n1,x\r\n");
}

#[tokio::test]
async fn segments_of_somebody_else_or_twice_are_refused() {
    let mut gathered = hostile().await;
    let Gathered { vault, key, signing, answer, .. } = &gathered;
    let mut segments = gathered.segments.clone();
    segments.push(segments[0].clone());
    let twice = finish(vault, key, FINAL, &OsEntropy, signing, answer, &segments).await;
    assert!(twice.is_err());
    gathered.segments[0].store = "other".into();
    let Gathered { vault, key, signing, answer, segments, .. } = &gathered;
    assert!(finish(vault, key, FINAL, &OsEntropy, signing, answer, segments).await.is_err());
}

#[tokio::test]
async fn a_lost_segment_stops_the_archive_and_leaves_nothing() {
    let gathered = hostile().await;
    let archive = gathered.key.archive();
    gathered.vault.delete(archive, &gathered.segments[3].object).await.unwrap();
    let Gathered { vault, key, signing, answer, segments, .. } = &gathered;
    assert!(finish(vault, key, FINAL, &OsEntropy, signing, answer, segments).await.is_err());
    let left = vault.delete_archive(archive).await.unwrap();
    assert_eq!(left, segments.len() as u64 - 1, "no half archive");
}

#[tokio::test]
async fn what_is_remembered_of_a_segment_survives_the_database() {
    for segment in hostile().await.segments {
        let text = serde_json::to_string(&segment).unwrap();
        assert_eq!(serde_json::from_str::<Segment>(&text).unwrap(), segment);
        assert!(!format!("{segment:?}").contains("portrait"), "names stay out of logs");
    }
}

#[tokio::test]
async fn the_work_can_move_between_threads() {
    fn sendable<T: Send>(work: T) -> T {
        work
    }
    let gathered = hostile().await;
    let Gathered { vault, key, signing, answer, segments, .. } = &gathered;
    let finishing = finish(vault, key, FINAL, &OsEntropy, signing, answer, segments);
    let done = sendable(finishing).await.unwrap();
    let reading = sendable(vault.read(key, &done.object, 0..10)).await.unwrap();
    drop(sendable(reading));
}

fn partly_missing(language: Language) -> Gathered {
    let mut gathered = Gathered::new(Right::Access, language);
    let stores = &mut gathered.answer.stores;
    stores[0].tally.add_gaps(GapReason::ALL.iter().zip(1..).map(|(&reason, count)| Gap {
        place: "orders".into(),
        reason,
        count,
    }));
    stores[0].tally.add_withheld([Withheld {
        collection: "ticket".into(),
        what: "support".into(),
        count: 3,
    }]);
    stores.push(StoreAnswer {
        status: StoreStatus::Skipped { reason: format!("closed in 2019 {SCRIPT}") },
        ..store("old", "Old shop", 0, 0)
    });
    stores.push(StoreAnswer { status: StoreStatus::Failed, ..store("crm", "CRM", 0, 0) });
    gathered
}
