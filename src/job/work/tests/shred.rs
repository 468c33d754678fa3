//! Copies of database, log and objects from before an archive's end open nothing after it, with
//! every key that is still there, on any of several machines.

use std::sync::atomic::Ordering;

use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Key, Nonce};
use data_encoding::{BASE64, HEXLOWER};
use hkdf::Hkdf;
use object_store::ObjectStore;
use object_store::memory::InMemory;
use sha2::Sha256;

use super::fake::{Fake, stores};
use super::trouble::Disk;
use super::*;
use crate::db::testing::{db_test, root_key};
use crate::domain::state::Status;
use crate::ids::SeededEntropy;
use crate::keys::Keys;
use crate::keys::epoch::{Epoch, EpochError};
use crate::keys::root::RootKey;
use crate::keys::rotation::older_file;
use crate::service::ServiceError;

const SECRET: &str = "what only Ada may read";
const BOB: &str = "bob@example.org";

type Bytes32 = [u8; 32];

/// What somebody took along: the database with its log, and every object.
struct Copies {
    rows: Vec<u8>,
    objects: Vec<Vec<u8>>,
}

impl Copies {
    async fn take(db: &TestDb, house: &House) -> Self {
        let rows = match db.bytes_on_disk() {
            Some(bytes) => bytes,
            None => dump(db).await,
        };
        let mut objects = Vec::new();
        files(&house.folder.path().join("archives"), &mut objects);
        Self { rows, objects }
    }

    /// Everything in the rows that has the form of a wrapped key in docs/archive-format.md.
    fn wrapped(&self) -> Vec<&[u8]> {
        let is_wrapped = |at: &&[u8]| {
            let year = u16::from_be_bytes([at[0], at[1]]);
            (2020..2100).contains(&year) && (1..=53).contains(&at[2]) && at[3..8] == [1, 0, 0, 0, 0]
        };
        let mut found: Vec<&[u8]> = self.rows.windows(88).filter(is_wrapped).collect();
        found.sort_unstable();
        found.dedup();
        found
    }

    /// What opens of the objects with any of `keys`: as an archive's own key, or as what wraps it.
    fn open(&self, keys: &[Bytes32]) -> Vec<Vec<u8>> {
        let wrapped = self.wrapped();
        let mut opened = Vec::new();
        for object in &self.objects {
            let unwrapped = wrapped.iter().flat_map(|one| keys.iter().map(move |key| (one, key)));
            let unwrapped = unwrapped.filter_map(|(one, key)| unwrap(one, &object[8..24], key));
            let all = unwrapped.chain(keys.iter().copied());
            opened.extend(all.filter_map(|key| unseal(object, &key)));
        }
        opened
    }
}

/// The rows of every table as PostgreSQL writes them, and the bytes of every value that is written
/// in hex.
async fn dump(db: &TestDb) -> Vec<u8> {
    let mut all = Vec::new();
    for table in db.census().await.into_keys() {
        let rows = format!("SELECT coalesce(string_agg(t::text, ' '), '') FROM {table} t");
        let text = db.text(&rows).await;
        for piece in text.split("\\x").skip(1) {
            let hex = piece.bytes().take_while(u8::is_ascii_hexdigit).collect::<Vec<_>>();
            all.extend(HEXLOWER.decode(&hex[..hex.len() & !1]).unwrap());
        }
        all.extend(text.into_bytes());
    }
    all
}

fn files(folder: &Path, into: &mut Vec<Vec<u8>>) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() { files(&path, into) } else { into.push(std::fs::read(path).unwrap()) }
    }
}

fn derived(key: &[u8], salt: Option<&[u8]>, info: &[u8]) -> Aes256Gcm {
    Aes256Gcm::new(&Key::<Aes256Gcm>::from(expanded(key, salt, info)))
}

fn expanded(key: &[u8], salt: Option<&[u8]>, info: &[u8]) -> Bytes32 {
    let mut out = [0; 32];
    Hkdf::<Sha256>::new(salt, key).expand(info, &mut out).unwrap();
    out
}

/// docs/archive-format.md, the wrapped key, by the letter.
fn unwrap(wrapped: &[u8], archive: &[u8], key: &Bytes32) -> Option<Bytes32> {
    let year = u16::from_be_bytes([wrapped[0], wrapped[1]]);
    let archive = uuid::Uuid::from_slice(archive).unwrap();
    let info = format!("rightsdesk seal v1|archive key/{year:04}-W{:02}/{archive}", wrapped[2]);
    let aead = derived(key, Some(&wrapped[8..40]), info.as_bytes());
    let sealed = Payload { msg: &wrapped[40..], aad: &wrapped[3..40] };
    aead.decrypt(&Nonce::default(), sealed).ok()?.try_into().ok()
}

/// docs/archive-format.md, sealed objects, by the letter.
fn unseal(object: &[u8], key: &Bytes32) -> Option<Vec<u8>> {
    let info = [b"rightsdesk sealed v1|", &object[8..32]].concat();
    let aead = derived(key, Some(&object[32..64]), &info);
    let chunks: Vec<&[u8]> = object[64..].chunks(65_552).collect();
    let mut plain = Vec::new();
    for (index, chunk) in chunks.iter().enumerate() {
        let mut nonce = [0; 12];
        nonce[7..11].copy_from_slice(&u32::try_from(index).unwrap().to_be_bytes());
        nonce[11] = (index + 1 == chunks.len()).into();
        plain.extend(aead.decrypt(&Nonce::from(nonce), *chunk).ok()?);
    }
    Some(plain)
}

/// An older root key, as a rotation leaves it.
fn older() -> RootKey {
    RootKey::draw(&SeededEntropy::new(77))
}

fn keys() -> Keys {
    Keys::new(&root_key(), &[older()])
}

fn in_bucket(bucket: &Arc<dyn ObjectStore>) -> EpochKeys {
    EpochKeys::in_bucket(Arc::clone(bucket), "keys".into(), keys())
}

/// Every secret that is alive: what stands in the folder of keys, what is derived from root keys,
/// and what opens in the bucket.
async fn alive(house: &House, bucket: Option<&Arc<dyn ObjectStore>>) -> Vec<Bytes32> {
    let mut files_of_keys = Vec::new();
    files(&house.folder.path().join("keys"), &mut files_of_keys);
    let mut found: Vec<Bytes32> = Vec::new();
    let windows = |bytes: Vec<u8>| -> Vec<Bytes32> {
        bytes.windows(32).map(|at| at.try_into().unwrap()).collect()
    };
    for file in files_of_keys {
        let text = String::from_utf8(file).unwrap();
        let lines = text.lines().filter_map(|line| BASE64.decode(line.as_bytes()).ok());
        found.extend(lines.flat_map(windows));
    }
    let labels = ["seal", "blind index", "limit", "code", "enrolment"];
    let labels = labels.map(|label| format!("rightsdesk v1 {label}"));
    let made = |key: &Bytes32| labels.clone().map(|label| expanded(key, None, label.as_bytes()));
    found.extend(found.clone().iter().flat_map(made));
    if let Some(bucket) = bucket {
        for epoch in in_bucket(bucket).list().await.unwrap() {
            let at = format!("keys/{epoch}.key").into();
            let text = object_store::ObjectStoreExt::get(bucket, &at).await.unwrap();
            let text = String::from_utf8(text.bytes().await.unwrap().to_vec()).unwrap();
            let sealed = BASE64.decode(text.lines().nth(1).unwrap().as_bytes()).unwrap();
            let plain = keys().open(&format!("epoch key/{epoch}"), &sealed).unwrap();
            found.extend(windows(plain.to_vec()));
        }
    }
    found
}

async fn opens_nothing_after_its_end(db: TestDb, bucket: Option<Arc<dyn ObjectStore>>) {
    let folder = tempfile::tempdir().unwrap();
    let keys_folder = folder.path().join("keys");
    let vault = Vault::open_folder(&folder.path().join("archives")).unwrap();
    let epochs = || match &bucket {
        Some(bucket) => in_bucket(bucket),
        None => EpochKeys::open(&keys_folder).unwrap(),
    };
    let shop = Fake::of_ada("shop", &[SECRET]).person("email", BOB, "2", &[]);
    let house = House::with_epochs(&db, stores(&[&Arc::new(shop)]), folder, vault, epochs()).await;
    root_key().write(&keys_folder.join("root.key")).unwrap();
    older().write(&older_file(&keys_folder, older().id())).unwrap();
    let [second, third] = [epochs(), epochs()];
    let second = house.node(db.again().await, second);
    let third = house.node(db.again().await, third);

    // One machine gathers, another puts the archive together.
    let (reference, opened) = house.verified(&[Right::Access], ADA).await;
    assert_eq!(house.run(&["store:shop".to_owned()]).await, []);
    let gathered = Copies::take(&db, &house).await;
    let finishing = house.one(ARCHIVE_LANE).await;
    assert!(second.run(&finishing).await.is_ok());
    assert_eq!(house.run_until_idle().await, []);
    house.downloads(&reference, &opened).await;
    assert!(third.desk.export_key(&reference).await.unwrap().is_some(), "held in its memory too");
    let finished = Copies::take(&db, &house).await;
    db.run("CREATE TABLE kept AS SELECT * FROM archive").await;

    // While the keys live, both copies open.
    let living = alive(&house, bucket.as_ref()).await;
    assert!(!gathered.open(&living).is_empty(), "segments open before");
    let before = finished.open(&living);
    assert!(before.iter().any(|zip| Unpacked::of(zip).holds(SECRET)), "the archive opens before");

    // Somebody else's archive of the week after is still there when this one ends.
    house.later(7 * 24);
    let (other, _) = house.answered(&[Right::Access], BOB).await;
    house.later(7 * 24 + 1);
    let ticked = tokio::join!(house.desk().tick(), second.desk.tick());
    assert_eq!(ticked.0.unwrap().expired + ticked.1.unwrap().expired, 1);
    assert_eq!(house.run_until_idle().await, []);
    house.desk().tick().await.unwrap();
    // Half a minute passes, and every machine has wiped its memory.
    for desk in [house.desk(), &second.desk, &third.desk] {
        desk.forget_keys();
    }

    let left = alive(&house, bucket.as_ref()).await;
    assert!(left.len() > 50, "root keys, the signing key and the other week's are there");
    assert!(gathered.open(&left).is_empty() && finished.open(&left).is_empty());
    assert!(living.iter().any(|key| !left.contains(key)), "and one of before is not");
    // Nor through our own code, with the rows of the copy put back.
    db.run(
        "UPDATE archive SET (state, wrapped_key, object, expires_at) = (SELECT state, wrapped_key, \
         object, expires_at FROM kept WHERE kept.id = archive.id) WHERE id IN (SELECT id FROM kept)",
    )
    .await;
    for desk in [house.desk(), &second.desk, &third.desk] {
        let opened = desk.export_key(&reference).await;
        let gone =
            |error: &ServiceError| matches!(error, ServiceError::Epoch(EpochError::Destroyed(_)));
        assert!(opened.as_ref().is_err_and(gone), "{opened:?}");
        // What is alive still opens everywhere.
        assert!(desk.export_key(&other).await.unwrap().is_some());
    }
}

db_test!(copies_from_before_its_end_open_nothing_after_it, |db| async move {
    Box::pin(opens_nothing_after_its_end(db, None)).await;
});

db_test!(copies_open_nothing_on_many_machines_either, |db| async move {
    let bucket: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    Box::pin(opens_nothing_after_its_end(db, Some(bucket))).await;
});

db_test!(a_week_begins_while_an_archive_is_under_way, |db| async move {
    let bucket: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::open_folder(&folder.path().join("archives")).unwrap();
    let shop = Fake::of_ada("shop", &[SECRET]);
    let shop = shop.person("email", BOB, "2", &[]).person("email", "carol@example.org", "3", &[]);
    let stores = stores(&[&Arc::new(shop)]);
    let house = House::with_epochs(&db, stores, folder, vault, in_bucket(&bucket)).await;
    let nodes = [
        house.node(db.again().await, in_bucket(&bucket)),
        house.node(db.again().await, in_bucket(&bucket)),
    ];
    let first = Epoch::of(house.clock.now());
    let (early, early_opened) = house.verified(&[Right::Access], ADA).await;
    assert_eq!(house.run(&["store:shop".to_owned()]).await, []);
    assert_eq!(house.request(&early).await.status, Status::Executing);

    // The week ends before it is put together; two machines begin the next one at once.
    house.later(7 * 24);
    let second = Epoch::of(house.clock.now());
    let (late, late_opened) = house.verified(&[Right::Access], BOB).await;
    house.verified(&[Right::Access], "carol@example.org").await;
    let mut gathers = Vec::new();
    while gathers.len() < 2 {
        let claimed = house.one("store:shop").await;
        match read(&claimed).unwrap() {
            Job::Gather { .. } => gathers.push(claimed),
            _ => assert_eq!(house.attend(&claimed).await, None),
        }
    }
    let (one, two) = tokio::join!(nodes[0].run(&gathers[0]), nodes[1].run(&gathers[1]));
    assert!(one.is_ok() && two.is_ok(), "{one:?} {two:?}");
    for node in &nodes {
        node.desk.tick().await.unwrap();
    }
    assert_eq!(in_bucket(&bucket).list().await.unwrap(), [first, second], "both are needed");
    assert_eq!(house.run_until_idle().await, []);
    assert!(house.downloads(&early, &early_opened).await.holds(SECRET));
    assert!(house.downloads(&late, &late_opened).await.holds(SECRET));

    // The first was made in the second week, and lies for two from then on, with its old key.
    house.later(13 * 24);
    let _ = tokio::join!(nodes[0].desk.tick(), nodes[1].desk.tick());
    assert_eq!(in_bucket(&bucket).list().await.unwrap(), [first, second]);
    house.later(24 + 1);
    let _ = tokio::join!(nodes[0].desk.tick(), nodes[1].desk.tick(), house.desk().tick());
    house.desk().tick().await.unwrap();
    assert_eq!(in_bucket(&bucket).list().await.unwrap(), []);
});

db_test!(a_place_of_keys_that_is_down_costs_time_and_nothing_else, |db| async move {
    let disk = Disk::new();
    let bucket: Arc<dyn ObjectStore> = Arc::new(disk.clone());
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::open_folder(&folder.path().join("archives")).unwrap();
    let stores = stores(&[&Arc::new(Fake::of_ada("shop", &[SECRET]))]);
    let house = House::with_epochs(&db, stores, folder, vault, in_bucket(&bucket)).await;
    disk.full.store(true, Ordering::SeqCst);
    // Whoever asks and proves who they are notices nothing.
    let (reference, opened) = house.verified(&[Right::Access], ADA).await;
    assert_eq!(house.attend(&house.one("store:shop").await).await, None);
    let down = JobError::Retry { code: "epoch_keys_unavailable", after: None };
    assert_eq!(house.attend(&house.one("store:shop").await).await, Some(down));
    assert_eq!(house.archive(&reference).await.wrapped_key, None);
    disk.full.store(false, Ordering::SeqCst);
    assert_eq!(house.run_until_idle().await, []);
    assert!(house.downloads(&reference, &opened).await.holds(SECRET));
});
