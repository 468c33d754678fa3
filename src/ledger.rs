//! What must outlive the database and whoever can write to it: signed checkpoints of the audit
//! trail, and the restores that somebody accepted. Each is an object that is never written over.

mod received;

use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path as FilePath;
use std::sync::Arc;

use futures::{StreamExt, TryStreamExt};
use jiff::Timestamp;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutPayload};

use crate::crash;
use crate::domain::audit::{Checkpoint, Restore, Signed, origin_of};
use crate::domain::deletion_note::DeletionNote;
use crate::keys::signing::SigningKey;
use crate::meter::Meter;
use crate::meter::storage::metered;

/// Below which the checkpoints of the first stretch stand; of others with its number.
const CHECKPOINTS: &str = "checkpoint";
/// Below which accepted restores stand.
const RESTORES: &str = "restore";
/// Below which stands what was deleted, a folder a request.
const DELETIONS: &str = "deletion";
/// Where tests make the program die, before and after an object is written.
const AT_CHECKPOINT: [&str; 2] = ["checkpoint before", "checkpoint after"];
const AT_NOTE: [&str; 2] = ["note before", "note after"];
/// Objects read at the same time.
const AT_ONCE: usize = 16;

/// What went wrong with the ledger.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum LedgerError {
    /// It does not answer, or refuses us.
    #[error("the ledger cannot be read or written; see [ledger] url")]
    Unavailable,
    /// An object in it is none of ours.
    #[error("the checkpoint of {size} lines is not signed by the key of this service")]
    Forged {
        /// The size in its name.
        size: u64,
    },
    /// Another checkpoint of this size is there.
    #[error("the ledger holds another checkpoint of {size} lines")]
    Forked {
        /// The size.
        size: u64,
    },
    /// A line about a deletion is none of ours.
    #[error("a line about a deletion in the ledger is not signed by the key of this service")]
    Deletion,
    /// A line about a request is none of ours.
    #[error("a line about a request in the ledger is not signed by the key of this service")]
    Received,
    /// An accepted restore is none of ours, is missing, or somebody was faster.
    #[error("the ledger's {number}. accepted restore is not the one that it has to be")]
    Restore {
        /// Which.
        number: u32,
    },
}

impl From<object_store::Error> for LedgerError {
    fn from(_: object_store::Error) -> Self {
        Self::Unavailable
    }
}

/// The ledger of one service.
#[derive(Clone)]
pub struct Ledger {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    origin: String,
    signing: Arc<SigningKey>,
}

impl fmt::Debug for Ledger {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ledger").field("origin", &self.origin).finish_non_exhaustive()
    }
}

impl Ledger {
    /// In a store below `prefix`. `origin` names the service in what is signed: its address without
    /// the scheme.
    pub fn new(
        store: Arc<dyn ObjectStore>,
        prefix: Path,
        origin: String,
        signing: Arc<SigningKey>,
    ) -> Self {
        Self { store, prefix, origin, signing }
    }

    /// Counts the trouble of its storage with `meter`.
    #[must_use]
    pub fn metered(self, meter: &Meter) -> Self {
        Self { store: metered("ledger", self.store, meter.clone()), ..self }
    }

    /// Opens a folder, and makes it (mode 0700) where it is missing.
    pub fn folder(folder: &FilePath) -> io::Result<Arc<dyn ObjectStore>> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(io::Error::other)?;
        Ok(Arc::new(store.with_fsync(true)))
    }

    /// Whose trail is signed here, in a stretch.
    pub fn origin(&self, stretch: u32) -> String {
        origin_of(&self.origin, stretch)
    }

    /// Signs a checkpoint of a stretch and keeps it. The same one may come twice.
    pub async fn keep(&self, stretch: u32, checkpoint: &Checkpoint) -> Result<(), LedgerError> {
        let note = self.signing.sign_note(&self.origin(stretch), &checkpoint.to_text());
        let at = self.place(stretch, checkpoint.size);
        let kept = self.create(&at, note, AT_CHECKPOINT).await?;
        kept.then_some(()).ok_or(LedgerError::Forked { size: checkpoint.size })
    }

    /// Signs that a restore was accepted, and keeps it.
    pub async fn keep_restore(&self, restore: &Restore) -> Result<(), LedgerError> {
        let note = self.signing.sign_note(&self.origin, &restore.to_text());
        let at = self.restore_place(restore.number);
        let kept = self.create(&at, note, AT_CHECKPOINT).await?;
        kept.then_some(()).ok_or(LedgerError::Restore { number: restore.number })
    }

    /// The accepted restores in their order, each with a signature that holds.
    pub async fn restores(&self) -> Result<Vec<Restore>, LedgerError> {
        let mut numbers = self.numbers(RESTORES, None).await?;
        numbers.sort_unstable();
        let mut restores = Vec::with_capacity(numbers.len());
        for (number, there) in (1..).zip(numbers) {
            let missing = LedgerError::Restore { number };
            if there != u64::from(number) {
                return Err(missing);
            }
            let text = self.note(&self.restore_place(number), &self.origin, missing).await?;
            let read = Restore::parse(&text).ok_or(missing)?;
            let ours = read.number == number && read.origin == self.origin;
            restores.push(ours.then_some(read).ok_or(missing)?);
        }
        Ok(restores)
    }

    /// The checkpoint of a stretch for so many lines, if there is one.
    pub async fn checkpoint(
        &self,
        stretch: u32,
        size: u64,
    ) -> Result<Option<Checkpoint>, LedgerError> {
        match self.store.head(&self.place(stretch, size)).await {
            Ok(_) => self.read(stretch, size).await.map(Some),
            Err(object_store::Error::NotFound { .. }) => Ok(None),
            Err(error) => Err(error.into()),
        }
    }

    /// The checkpoints of a stretch for more lines than `size`, each with a signature that holds.
    pub async fn checkpoints_after(
        &self,
        stretch: u32,
        size: u64,
    ) -> Result<Vec<Checkpoint>, LedgerError> {
        let after = self.place(stretch, size);
        let sizes = self.numbers(&folder(stretch), Some(&after)).await?;
        let read = sizes.into_iter().map(|size| self.read(stretch, size));
        futures::stream::iter(read).buffer_unordered(AT_ONCE).try_collect().await
    }

    /// When the checkpoint was kept, by the clock of where it lies.
    pub async fn kept_at(&self, stretch: u32, size: u64) -> Result<Option<Timestamp>, LedgerError> {
        let about = self.store.head(&self.place(stretch, size)).await?;
        Ok(Timestamp::from_second(about.last_modified.timestamp()).ok())
    }

    /// All that was ever signed, each with a signature that holds.
    pub async fn signed(&self) -> Result<Signed, LedgerError> {
        let mut signed = Signed { restores: self.restores().await?, checkpoints: Vec::new() };
        for stretch in 0..=signed.stretch() {
            let sizes = self.numbers(&folder(stretch), None).await?;
            let read = sizes.into_iter().map(|size| self.read(stretch, size));
            let read: Vec<Checkpoint> =
                futures::stream::iter(read).buffer_unordered(AT_ONCE).try_collect().await?;
            signed.checkpoints.extend(read.into_iter().map(|one| (stretch, one)));
        }
        Ok(signed)
    }

    /// Signs what is about to be deleted, or was, and keeps it. A step that is taken again after it
    /// broke off finds its line there.
    pub async fn keep_deletion(&self, note: &DeletionNote) -> Result<(), LedgerError> {
        let (Some(reference), name) = note.place() else { return Err(LedgerError::Unavailable) };
        let at = self.prefix.clone().join(DELETIONS).join(reference.as_str()).join(name);
        let signed = self.signing.sign_note(&self.origin, &note.to_text(&self.origin));
        self.create(&at, signed, AT_NOTE).await?;
        Ok(())
    }

    /// All that was deleted, or was about to be, each line with a signature that holds.
    pub async fn deletions(&self) -> Result<Vec<DeletionNote>, LedgerError> {
        let folder = self.prefix.clone().join(DELETIONS);
        let listed: Vec<_> = self.store.list(Some(&folder)).try_collect().await?;
        let read = listed.into_iter().map(|meta| async move {
            let text = self.note(&meta.location, &self.origin, LedgerError::Deletion).await?;
            DeletionNote::parse(&self.origin, &text).ok_or(LedgerError::Deletion)
        });
        futures::stream::iter(read).buffer_unordered(AT_ONCE).try_collect().await
    }

    /// False when something else is there.
    async fn create(
        &self,
        at: &Path,
        note: String,
        [before, after]: [&'static str; 2],
    ) -> Result<bool, LedgerError> {
        let payload = PutPayload::from(note.clone());
        crash::point(before);
        let put = self.store.put_opts(at, payload, PutMode::Create.into()).await;
        crash::point(after);
        match put {
            Ok(_) => Ok(true),
            Err(object_store::Error::AlreadyExists { .. }) => {
                Ok(self.store.get(at).await?.bytes().await? == note.as_bytes())
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The objects of a folder that are named by a number, those behind `after` alone.
    async fn numbers(&self, folder: &str, after: Option<&Path>) -> Result<Vec<u64>, LedgerError> {
        let folder = self.prefix.clone().join(folder);
        let listed = match after {
            None => self.store.list(Some(&folder)),
            Some(after) => self.store.list_with_offset(Some(&folder), after),
        };
        let number = |meta: object_store::ObjectMeta| {
            meta.location.filename().and_then(|name| name.parse::<u64>().ok())
        };
        let numbers: Vec<Option<u64>> = listed.map_ok(number).try_collect().await?;
        Ok(numbers.into_iter().flatten().collect())
    }

    async fn read(&self, stretch: u32, size: u64) -> Result<Checkpoint, LedgerError> {
        let (origin, forged) = (self.origin(stretch), LedgerError::Forged { size });
        let text = self.note(&self.place(stretch, size), &origin, forged).await?;
        let read = Checkpoint::parse(&text).ok_or(forged)?;
        let ours = read.size == size && read.origin == origin;
        ours.then_some(read).ok_or(forged)
    }

    /// The text of a note that we have signed.
    async fn note(
        &self,
        at: &Path,
        origin: &str,
        forged: LedgerError,
    ) -> Result<String, LedgerError> {
        let note = self.store.get(at).await?.bytes().await?;
        let note = std::str::from_utf8(&note).map_err(|_| forged)?;
        let text = self.signing.public().verify_note(origin, note).map_err(|_| forged)?;
        Ok(text.to_owned())
    }

    fn place(&self, stretch: u32, size: u64) -> Path {
        self.prefix.clone().join(folder(stretch)).join(format!("{size:020}"))
    }

    fn restore_place(&self, number: u32) -> Path {
        self.prefix.clone().join(RESTORES).join(format!("{number:020}"))
    }
}

/// Where the checkpoints of a stretch stand.
fn folder(stretch: u32) -> String {
    if stretch == 0 { CHECKPOINTS.to_owned() } else { format!("{CHECKPOINTS}-{stretch}") }
}

#[cfg(test)]
mod tests {
    use object_store::memory::InMemory;

    use super::*;
    use crate::domain::audit::{AuditHash, AuditTree, Head};
    use crate::ids::SeededEntropy;

    fn key(seed: u64) -> Arc<SigningKey> {
        let folder = tempfile::tempdir().unwrap();
        Arc::new(SigningKey::make(folder.path(), &SeededEntropy::new(seed)).unwrap())
    }

    fn checkpoint(lines: u64) -> Checkpoint {
        let mut tree = AuditTree::default();
        for line in 0..lines {
            tree.push(AuditHash::of_line(&line.to_string()));
        }
        Checkpoint { origin: "desk.example/audit".to_owned(), size: lines, root: tree.root() }
    }

    fn ledger(store: &Arc<dyn ObjectStore>, seed: u64) -> Ledger {
        let prefix = Path::from("kept/here");
        Ledger::new(Arc::clone(store), prefix, "desk.example/audit".to_owned(), key(seed))
    }

    fn sizes(checkpoints: &[Checkpoint]) -> Vec<u64> {
        let mut sizes: Vec<u64> = checkpoints.iter().map(|one| one.size).collect();
        sizes.sort_unstable();
        sizes
    }

    async fn keeps(store: Arc<dyn ObjectStore>) {
        let ours = ledger(&store, 1);
        assert_eq!(ours.checkpoints_after(0, 0).await, Ok(Vec::new()));
        for lines in [3, 12, 7] {
            ours.keep(0, &checkpoint(lines)).await.unwrap();
        }
        ours.keep(0, &checkpoint(7)).await.unwrap();
        assert_eq!(ours.checkpoint(0, 12).await, Ok(Some(checkpoint(12))));
        assert_eq!(ours.checkpoint(0, 11).await, Ok(None));
        assert!(ours.kept_at(0, 12).await.unwrap().is_some());
        for (after, left) in [(0, vec![3, 7, 12]), (3, vec![7, 12]), (8, vec![12]), (12, vec![])] {
            let read = ours.checkpoints_after(0, after).await.unwrap();
            assert_eq!(sizes(&read), left, "after {after}");
        }
        let other = Checkpoint { root: checkpoint(6).root, ..checkpoint(7) };
        assert_eq!(ours.keep(0, &other).await, Err(LedgerError::Forked { size: 7 }));

        // A restore begins a stretch whose checkpoints stand in nobody's way.
        let head = |lines: u64| Head { size: lines, root: checkpoint(lines).root };
        let restore = Restore {
            origin: "desk.example/audit".to_owned(),
            number: 1,
            accepted_at: Timestamp::UNIX_EPOCH,
            kept: head(5),
            signed: head(12),
        };
        ours.keep_restore(&restore).await.unwrap();
        let again = Restore { accepted_at: Timestamp::MAX, ..restore.clone() };
        let faster = Err(LedgerError::Restore { number: 1 });
        assert_eq!(ours.keep_restore(&again).await, faster);
        let second = Checkpoint { origin: ours.origin(1), ..other };
        ours.keep(1, &second).await.unwrap();
        let signed = ours.signed().await.unwrap();
        assert_eq!((signed.restores.as_slice(), signed.stretch()), (&[restore][..], 1));
        assert_eq!(sizes(&signed.binding()), [3, 5, 7]);
        assert_eq!(signed.checkpoints.len(), 4, "those that bind no more are evidence still");
        let (from, to) = (ours.restore_place(1), ours.restore_place(3));
        store.copy(&from, &to).await.unwrap();
        assert_eq!(ours.restores().await, Err(LedgerError::Restore { number: 2 }));
        store.delete(&to).await.unwrap();

        let stranger = ledger(&store, 2);
        let forged = stranger.checkpoint(0, 12).await;
        assert_eq!(forged, Err(LedgerError::Forged { size: 12 }));
        assert_eq!(stranger.restores().await, Err(LedgerError::Restore { number: 1 }));
        // A signature of ours at another place is none for it.
        for (from, to) in [((0, 12), (0, 13)), ((1, 7), (0, 14))] {
            let there =
                store.get(&ours.place(from.0, from.1)).await.unwrap().bytes().await.unwrap();
            store.put(&ours.place(to.0, to.1), there.into()).await.unwrap();
            let moved = ours.checkpoint(to.0, to.1).await;
            assert_eq!(moved, Err(LedgerError::Forged { size: to.1 }));
        }
    }

    #[tokio::test]
    async fn what_is_signed_is_kept_once_and_read_with_its_signature() {
        keeps(Arc::new(InMemory::new())).await;
        let folder = tempfile::tempdir().unwrap();
        keeps(Ledger::folder(&folder.path().join("deep/ledger")).unwrap()).await;
    }
}
