use std::fmt;

use async_trait::async_trait;
use futures::stream::BoxStream;
use object_store::memory::InMemory;
use object_store::{
    CopyOptions, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    PutMultipartOptions, PutOptions, PutPayload, PutResult, UploadPart,
};

use super::*;
use crate::ids::{OsEntropy, SeededEntropy};

/// So that some hundred kilobytes are several parts.
const PART: usize = 256 * 1024;

fn key(archive: u128) -> ArchiveKey {
    ArchiveKey::draw(Uuid::from_u128(archive), &SeededEntropy::new(5))
}

fn pattern(size: usize) -> Vec<u8> {
    (0..size).map(|at| u8::try_from(at * 31 % 251).unwrap()).collect()
}

fn folder() -> (tempfile::TempDir, Vault) {
    let folder = tempfile::tempdir().unwrap();
    let vault = Vault::open_folder(&folder.path().join("archives")).unwrap();
    (folder, vault.in_parts_of(PART))
}

fn memory() -> Vault {
    Vault::new(Arc::new(InMemory::new()), Path::from("some/prefix")).in_parts_of(PART)
}

#[tokio::test]
async fn small_and_large_objects_come_back_from_every_kind_of_storage() {
    let (_folder, on_disk) = folder();
    for vault in [on_disk, memory()] {
        for size in [0, 1, 70_000, 700_000] {
            let plain = pattern(size);
            let object = vault.put(&key(1), 3, &OsEntropy, &plain).await.unwrap();
            assert_eq!(object.size, size as u64);
            assert_eq!(vault.read_all(&key(1), &object, 0..object.size).await.unwrap(), plain);
            let last = object.size.saturating_sub(10);
            let end = vault.read_all(&key(1), &object, last..object.size).await.unwrap();
            assert_eq!(end, plain[usize::try_from(last).unwrap()..]);
            assert!(vault.read_all(&key(1), &object, 0..object.size + 1).await.is_err());
        }
    }
}

#[tokio::test]
async fn deleting_twice_is_fine_and_an_archive_goes_whole() {
    let (folder, vault) = folder();
    let object = vault.put(&key(1), 3, &OsEntropy, b"x").await.unwrap();
    vault.put(&key(1), 3, &OsEntropy, b"y").await.unwrap();
    let other = vault.put(&key(2), 3, &OsEntropy, b"z").await.unwrap();
    vault.delete(key(1).archive(), &object).await.unwrap();
    vault.delete(key(1).archive(), &object).await.unwrap();
    assert_eq!(vault.read_all(&key(1), &object, 0..1).await.unwrap_err(), VaultError::Missing);
    assert_eq!(vault.delete_archive(key(1).archive()).await.unwrap(), 1);
    assert_eq!(vault.delete_archive(key(1).archive()).await.unwrap(), 0);
    assert_eq!(vault.read_all(&key(2), &other, 0..1).await.unwrap(), b"z");
    assert_eq!(std::fs::read_dir(folder.path().join("archives")).unwrap().count(), 1);
    vault.check(&OsEntropy).await.unwrap();
}

#[tokio::test]
async fn an_object_put_in_the_place_of_another_does_not_open() {
    let (folder, vault) = folder();
    let first = vault.put(&key(1), 3, &OsEntropy, b"first").await.unwrap();
    let second = vault.put(&key(1), 3, &OsEntropy, b"other").await.unwrap();
    let path = |object: &SealedObject| {
        let name = vault.path(key(1).archive(), object);
        folder.path().join("archives").join(name.as_ref())
    };
    std::fs::copy(path(&second), path(&first)).unwrap();
    let swapped = vault.read_all(&key(1), &first, 0..5).await.unwrap_err();
    assert_eq!(swapped, BROKEN);
    let sealed = std::fs::read(path(&second)).unwrap();
    std::fs::write(path(&second), &sealed[..sealed.len() - 1]).unwrap();
    assert_eq!(vault.read_all(&key(1), &second, 0..1).await.unwrap_err(), BROKEN);
}

const BROKEN: VaultError = VaultError::Broken(StreamError::Broken);

/// Storage with no room after `room` parts.
#[derive(Debug)]
struct Filling {
    inner: InMemory,
    room: usize,
    aborted: Arc<std::sync::atomic::AtomicUsize>,
}

impl fmt::Display for Filling {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Filling")
    }
}

fn full() -> object_store::Error {
    object_store::Error::Generic {
        store: "test",
        source: io::Error::from(io::ErrorKind::StorageFull).into(),
    }
}

#[derive(Debug)]
struct FillingUpload {
    inner: Box<dyn MultipartUpload>,
    room: usize,
    aborted: Arc<std::sync::atomic::AtomicUsize>,
}

#[async_trait]
impl MultipartUpload for FillingUpload {
    fn put_part(&mut self, data: PutPayload) -> UploadPart {
        match self.room.checked_sub(1) {
            Some(room) => {
                self.room = room;
                self.inner.put_part(data)
            }
            None => Box::pin(async { Err(full()) }),
        }
    }

    async fn complete(&mut self) -> object_store::Result<PutResult> {
        self.inner.complete().await
    }

    async fn abort(&mut self) -> object_store::Result<()> {
        self.aborted.fetch_add(1, std::sync::atomic::Ordering::SeqCst);
        self.inner.abort().await
    }
}

#[async_trait]
impl ObjectStore for Filling {
    async fn put_opts(
        &self,
        at: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> object_store::Result<PutResult> {
        if self.room == 0 {
            return Err(full());
        }
        self.inner.put_opts(at, payload, options).await
    }

    async fn put_multipart_opts(
        &self,
        at: &Path,
        options: PutMultipartOptions,
    ) -> object_store::Result<Box<dyn MultipartUpload>> {
        let inner = self.inner.put_multipart_opts(at, options).await?;
        let (room, aborted) = (self.room, Arc::clone(&self.aborted));
        Ok(Box::new(FillingUpload { inner, room, aborted }))
    }

    async fn get_opts(&self, at: &Path, options: GetOptions) -> object_store::Result<GetResult> {
        self.inner.get_opts(at, options).await
    }

    fn delete_stream(
        &self,
        at: BoxStream<'static, object_store::Result<Path>>,
    ) -> BoxStream<'static, object_store::Result<Path>> {
        self.inner.delete_stream(at)
    }

    fn list(&self, at: Option<&Path>) -> BoxStream<'static, object_store::Result<ObjectMeta>> {
        self.inner.list(at)
    }

    async fn list_with_delimiter(&self, at: Option<&Path>) -> object_store::Result<ListResult> {
        self.inner.list_with_delimiter(at).await
    }

    async fn copy_opts(
        &self,
        from: &Path,
        to: &Path,
        options: CopyOptions,
    ) -> object_store::Result<()> {
        self.inner.copy_opts(from, to, options).await
    }
}

#[tokio::test]
async fn a_full_disk_is_named_and_leaves_no_half_object() {
    for (room, size, aborts) in [(0, 100, 0), (1, 700_000, 1), (2, 700_000, 1)] {
        let aborted = Arc::new(std::sync::atomic::AtomicUsize::new(0));
        let store = Filling { inner: InMemory::new(), room, aborted: Arc::clone(&aborted) };
        let vault = Vault::new(Arc::new(store), Path::default()).in_parts_of(PART);
        let error = vault.put(&key(1), 0, &OsEntropy, &pattern(size)).await.unwrap_err();
        assert_eq!(error, VaultError::Full);
        assert!(error.is_passing());
        assert_eq!(aborted.load(std::sync::atomic::Ordering::SeqCst), aborts);
        assert_eq!(vault.delete_archive(key(1).archive()).await.unwrap(), 0, "nothing is there");
    }
}

#[tokio::test]
async fn a_producer_that_breaks_off_leaves_no_object_behind() {
    let (folder, vault) = folder();
    let mut writer = vault.writer(&key(1), 0, &OsEntropy);
    writer.write(&pattern(700_000)).await.unwrap();
    let broke = writer.close(Err(VaultError::Unavailable)).await.unwrap_err();
    assert_eq!(broke, VaultError::Unavailable);
    assert_eq!(vault.delete_archive(key(1).archive()).await.unwrap(), 0);
    let left: Vec<_> = walk(folder.path());
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn what_a_cut_upload_left_goes_with_the_rest() {
    let (folder, vault) = folder();
    let archive = key(1).archive();
    let kept = vault.put(&key(1), 0, &OsEntropy, b"kept").await.unwrap();
    let forgotten = vault.put(&key(1), 1, &OsEntropy, b"forgotten").await.unwrap();
    let path = folder.path().join("archives").join(vault.path(archive, &forgotten).as_ref());
    // As the process leaves it that ends in the middle.
    std::fs::write(format!("{}#1", path.display()), b"half").unwrap();
    assert_eq!(vault.delete_others(archive, &kept).await, Ok(1));
    assert_eq!(walk(folder.path()).len(), 1);
    assert_eq!(vault.read_all(&key(1), &kept, 0..4).await.unwrap(), b"kept");
    std::fs::write(format!("{}#1", path.display()), b"half").unwrap();
    assert_eq!(vault.delete_archive(archive).await, Ok(1));
    assert_eq!(walk(folder.path()), [""; 0].map(std::path::PathBuf::from));
    assert_eq!(vault.delete_archive(archive).await, Ok(0));
}

fn walk(folder: &std::path::Path) -> Vec<std::path::PathBuf> {
    std::fs::read_dir(folder)
        .unwrap()
        .flat_map(|entry| {
            let path = entry.unwrap().path();
            if path.is_dir() { walk(&path) } else { vec![path] }
        })
        .collect()
}

#[tokio::test]
async fn any_range_comes_back() {
    let plain = pattern(300_000);
    let (_folder, on_disk) = folder();
    for vault in [on_disk, memory()] {
        let object = vault.put(&key(1), 3, &OsEntropy, &plain).await.unwrap();
        let edges = [0, 1, 65_535, 65_536, 65_537, 131_072, 299_999, 300_000];
        for from in edges {
            for to in edges.into_iter().filter(|to| *to >= from) {
                let range = from as u64..to as u64;
                let got = vault.read_all(&key(1), &object, range).await.unwrap();
                assert!(got == plain[from..to], "{from}..{to}");
            }
        }
    }
}
