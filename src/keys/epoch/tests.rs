//! Both places, and what differs between them.

use std::fs;
use std::os::unix::fs::PermissionsExt;

use futures::future::join_all;
use object_store::memory::InMemory;
use object_store::{ObjectStoreExt, PutPayload};

use super::*;
use crate::ids::{OsEntropy, SeededEntropy};
use crate::keys::root::RootKey;

fn at(text: &str) -> Timestamp {
    text.parse().unwrap()
}

fn archive_key(id: u128) -> ArchiveKey {
    ArchiveKey::draw(Uuid::from_u128(id), &SeededEntropy::new(1))
}

fn root(seed: u64) -> RootKey {
    RootKey::draw(&SeededEntropy::new(seed))
}

/// A node that reaches `bucket` with the root key of `seed`.
fn node(bucket: &Arc<InMemory>, seed: u64) -> EpochKeys {
    let (store, keys) = (Arc::clone(bucket) as _, Keys::new(&root(seed), &[]));
    EpochKeys::in_bucket(store, "some/where".into(), keys)
}

async fn in_both(check: impl AsyncFn(EpochKeys)) {
    let folder = tempfile::tempdir().unwrap();
    check(EpochKeys::open(folder.path()).unwrap()).await;
    check(node(&Arc::default(), 1)).await;
}

#[test]
fn weeks_are_iso_weeks() {
    assert_eq!(Epoch::of(at("2026-11-20T12:00:00Z")).to_string(), "2026-W47");
    assert_eq!(Epoch::of(at("2027-01-03T23:59:59Z")).to_string(), "2026-W53");
    assert_eq!(Epoch::of(at("2027-01-04T00:00:00Z")).to_string(), "2027-W01");
    assert_eq!(Epoch::parse("2026-W47"), Some(Epoch { year: 2026, week: 47 }));
    for bad in ["2026-W7", "2026-W00", "2026-W54", "x", "+026-W07", "2026-W47.key"] {
        assert_eq!(Epoch::parse(bad), None, "{bad}");
    }
}

#[tokio::test]
async fn a_wrapped_key_opens_for_its_own_archive_only() {
    in_both(async |epochs| {
        let key = archive_key(1);
        let now = at("2026-11-20T12:00:00Z");
        let wrapped = epochs.wrap(now, &OsEntropy, &key).await.unwrap();
        let opened = epochs.unwrap(key.archive(), &wrapped).await.unwrap();
        assert_eq!(opened.secret(), key.secret());
        let other = epochs.unwrap(Uuid::from_u128(2), &wrapped).await;
        assert!(matches!(other, Err(EpochError::Broken)));
        for at in 3..wrapped.len() {
            let mut bad = wrapped.clone();
            bad[at] ^= 1;
            assert!(epochs.unwrap(key.archive(), &bad).await.is_err(), "byte {at}");
        }
        let short = epochs.unwrap(key.archive(), b"x").await;
        assert!(matches!(short, Err(EpochError::Broken)));
        epochs.check(&OsEntropy).await.unwrap();
        assert_eq!(epochs.list().await.unwrap(), [Epoch::of(now)], "a check leaves nothing");
    })
    .await;
}

#[tokio::test]
async fn a_destroyed_week_opens_nothing_any_more() {
    in_both(async |epochs| {
        let key = archive_key(1);
        let wrapped = epochs.wrap(at("2026-11-20T12:00:00Z"), &OsEntropy, &key).await.unwrap();
        let later = epochs.wrap(at("2026-11-27T12:00:00Z"), &OsEntropy, &key).await.unwrap();
        let names: Vec<String> =
            epochs.list().await.unwrap().iter().map(Epoch::to_string).collect();
        assert_eq!(names, ["2026-W47", "2026-W48"]);
        let epoch = EpochKeys::epoch_of(&wrapped).unwrap();
        epochs.destroy(epoch).await.unwrap();
        epochs.destroy(epoch).await.unwrap();
        assert!(matches!(
            epochs.unwrap(key.archive(), &wrapped).await,
            Err(EpochError::Destroyed(gone)) if gone == epoch
        ));
        assert!(epochs.unwrap(key.archive(), &later).await.is_ok());
    })
    .await;
}

#[tokio::test]
async fn a_key_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let epochs = EpochKeys::open(folder.path()).unwrap();
    let now = at("2026-11-20T12:00:00Z");
    epochs.wrap(now, &OsEntropy, &archive_key(1)).await.unwrap();
    let path = folder.path().join("epochs/2026-W47.key");
    assert_eq!(fs::metadata(&path).unwrap().permissions().mode() & 0o777, 0o600);
    fs::set_permissions(&path, fs::Permissions::from_mode(0o644)).unwrap();
    let refused = epochs.wrap(now, &OsEntropy, &archive_key(1)).await;
    assert!(matches!(
        refused,
        Err(EpochError::File(KeyFileError::ReadableByOthers { mode: 0o644, .. }))
    ));
}

#[tokio::test]
async fn a_folder_that_is_away_says_nothing_of_its_keys() {
    let folder = tempfile::tempdir().unwrap();
    let epochs = EpochKeys::open(folder.path()).unwrap();
    let (key, now) = (archive_key(1), at("2026-11-20T12:00:00Z"));
    let wrapped = epochs.wrap(now, &OsEntropy, &key).await.unwrap();
    let (here, away) = (folder.path().join("epochs"), folder.path().join("away"));
    fs::rename(&here, &away).unwrap();
    let none = epochs.unwrap(key.archive(), &wrapped).await;
    assert!(matches!(none, Err(EpochError::Unavailable)));
    assert!(epochs.wrap(now, &OsEntropy, &key).await.is_err_and(|error| error.is_passing()));
    fs::rename(&away, &here).unwrap();
    assert!(epochs.unwrap(key.archive(), &wrapped).await.is_ok());
}

#[tokio::test]
async fn many_who_make_a_week_at_once_share_one_key() {
    let folder = tempfile::tempdir().unwrap();
    let now = at("2026-11-20T12:00:00Z");
    let (key, start) = (archive_key(1), std::sync::Barrier::new(8));
    let wrapped: Vec<Vec<u8>> = std::thread::scope(|scope| {
        let wrap = || {
            let epochs = EpochKeys::open(folder.path()).unwrap();
            let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
            start.wait();
            runtime.block_on(epochs.wrap(now, &OsEntropy, &key)).unwrap()
        };
        let all: Vec<_> = (0..8).map(|_| scope.spawn(wrap)).collect();
        all.into_iter().map(|one| one.join().unwrap()).collect()
    });
    let epochs = EpochKeys::open(folder.path()).unwrap();
    for one in &wrapped {
        assert!(epochs.unwrap(key.archive(), one).await.is_ok());
    }
    let left = fs::read_dir(folder.path().join("epochs")).unwrap().count();
    assert_eq!(left, 1, "no draft is left behind");
}

#[tokio::test]
async fn many_nodes_that_make_a_week_at_once_share_one_key() {
    let bucket = Arc::default();
    let (key, now) = (archive_key(1), at("2026-11-20T12:00:00Z"));
    let nodes: Vec<EpochKeys> = (0..8).map(|_| node(&bucket, 1)).collect();
    let wrapped = join_all(nodes.iter().map(|node| node.wrap(now, &OsEntropy, &key))).await;
    let reader = node(&bucket, 1);
    for one in wrapped {
        assert!(reader.unwrap(key.archive(), &one.unwrap()).await.is_ok());
    }
    assert_eq!(reader.list().await.unwrap(), [Epoch::of(now)]);
    // And all of them may destroy it.
    let gone = join_all(nodes.iter().map(|node| node.destroy(Epoch::of(now)))).await;
    assert!(gone.iter().all(Result::is_ok), "{gone:?}");
    assert_eq!(reader.list().await.unwrap(), []);
}

#[tokio::test]
async fn whoever_reads_the_bucket_opens_nothing() {
    let bucket: Arc<InMemory> = Arc::default();
    let (key, now) = (archive_key(1), at("2026-11-20T12:00:00Z"));
    let ours = node(&bucket, 1);
    let wrapped = ours.wrap(now, &OsEntropy, &key).await.unwrap();
    let stranger = node(&bucket, 2).unwrap(key.archive(), &wrapped).await;
    assert!(matches!(stranger, Err(EpochError::Foreign(_))), "{stranger:?}");
    // After a change of the root key the old one still opens it.
    let (store, keys) = (Arc::clone(&bucket) as _, Keys::new(&root(2), &[root(1)]));
    let changed = EpochKeys::in_bucket(store, "some/where".into(), keys);
    assert!(changed.unwrap(key.archive(), &wrapped).await.is_ok());
    assert_eq!(changed.sealed_by(Epoch::of(now)).await.unwrap(), Some(root(1).id()));
    // A key that is put in the place of another week's is none.
    let (from, to) = ("some/where/2026-W47.key", "some/where/2026-W48.key");
    let moved = bucket.get(&from.into()).await.unwrap().bytes().await.unwrap();
    let moved = String::from_utf8(moved.to_vec()).unwrap().replace("W47", "W48");
    bucket.put(&to.into(), PutPayload::from(moved)).await.unwrap();
    let coming = changed.wrap(at("2026-11-27T12:00:00Z"), &OsEntropy, &key).await;
    assert!(matches!(coming, Err(EpochError::Foreign(_))), "{coming:?}");
}

#[tokio::test]
async fn a_key_that_another_node_destroyed_is_forgotten_here_too() {
    let bucket = Arc::default();
    let (here, there) = (node(&bucket, 1), node(&bucket, 1));
    let (key, now) = (archive_key(1), at("2026-11-20T12:00:00Z"));
    let wrapped = here.wrap(now, &OsEntropy, &key).await.unwrap();
    assert!(there.unwrap(key.archive(), &wrapped).await.is_ok());
    here.destroy(Epoch::of(now)).await.unwrap();
    assert!(here.unwrap(key.archive(), &wrapped).await.is_err(), "at once where it is destroyed");
    there.forget();
    let gone = there.unwrap(key.archive(), &wrapped).await;
    assert!(matches!(gone, Err(EpochError::Destroyed(_))), "{gone:?}");
}
