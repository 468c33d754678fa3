//! What must outlive the database and whoever can write to it: signed checkpoints of the audit
//! trail, each an object of its own that is never written over.

use std::fmt;
use std::fs;
use std::io;
use std::os::unix::fs::DirBuilderExt;
use std::path::Path as FilePath;
use std::sync::Arc;

use futures::{StreamExt, TryStreamExt};
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutPayload};

use crate::crash;
use crate::domain::audit::Checkpoint;
use crate::keys::signing::SigningKey;

/// Below which checkpoints stand.
const CHECKPOINTS: &str = "checkpoint";
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

    /// Opens a folder, and makes it (mode 0700) where it is missing.
    pub fn folder(folder: &FilePath) -> io::Result<Arc<dyn ObjectStore>> {
        fs::DirBuilder::new().recursive(true).mode(0o700).create(folder)?;
        let store = LocalFileSystem::new_with_prefix(folder).map_err(io::Error::other)?;
        Ok(Arc::new(store.with_fsync(true)))
    }

    /// Whose trail is signed here.
    pub fn origin(&self) -> &str {
        &self.origin
    }

    /// Signs a checkpoint and keeps it. The same one may come twice.
    pub async fn keep(&self, checkpoint: &Checkpoint) -> Result<(), LedgerError> {
        let note = self.signing.sign_note(&self.origin, &checkpoint.to_text());
        let at = self.place(checkpoint.size);
        let payload = PutPayload::from(note.clone());
        crash::point("checkpoint before");
        let put = self.store.put_opts(&at, payload, PutMode::Create.into()).await;
        crash::point("checkpoint after");
        match put {
            Ok(_) => Ok(()),
            Err(object_store::Error::AlreadyExists { .. }) => {
                let there = self.store.get(&at).await?.bytes().await?;
                let same = there == note.as_bytes();
                same.then_some(()).ok_or(LedgerError::Forked { size: checkpoint.size })
            }
            Err(error) => Err(error.into()),
        }
    }

    /// The checkpoint of the most lines.
    pub async fn newest(&self) -> Result<Option<Checkpoint>, LedgerError> {
        let size = self.sizes().await?.into_iter().max();
        match size {
            None => Ok(None),
            Some(size) => self.read(size).await.map(Some),
        }
    }

    /// All checkpoints, each with a signature that holds.
    pub async fn checkpoints(&self) -> Result<Vec<Checkpoint>, LedgerError> {
        let sizes = self.sizes().await?;
        let read = sizes.into_iter().map(|size| self.read(size));
        futures::stream::iter(read).buffer_unordered(AT_ONCE).try_collect().await
    }

    async fn sizes(&self) -> Result<Vec<u64>, LedgerError> {
        let listed = self.store.list(Some(&self.prefix.clone().join(CHECKPOINTS)));
        let size = |meta: object_store::ObjectMeta| {
            meta.location.filename().and_then(|name| name.parse::<u64>().ok())
        };
        let sizes: Vec<Option<u64>> = listed.map_ok(size).try_collect().await?;
        Ok(sizes.into_iter().flatten().collect())
    }

    async fn read(&self, size: u64) -> Result<Checkpoint, LedgerError> {
        let note = self.store.get(&self.place(size)).await?.bytes().await?;
        let forged = LedgerError::Forged { size };
        let note = std::str::from_utf8(&note).map_err(|_| forged)?;
        let text = self.signing.public().verify_note(&self.origin, note).map_err(|_| forged)?;
        let read = Checkpoint::parse(text).ok_or(forged)?;
        let ours = read.size == size && read.origin == self.origin;
        ours.then_some(read).ok_or(forged)
    }

    fn place(&self, size: u64) -> Path {
        self.prefix.clone().join(CHECKPOINTS).join(format!("{size:020}"))
    }
}

#[cfg(test)]
mod tests {
    use object_store::memory::InMemory;

    use super::*;
    use crate::domain::audit::{AuditHash, AuditTree};
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

    async fn keeps(store: Arc<dyn ObjectStore>) {
        let ours = ledger(&store, 1);
        assert_eq!(ours.newest().await, Ok(None));
        for lines in [3, 12, 7] {
            ours.keep(&checkpoint(lines)).await.unwrap();
        }
        ours.keep(&checkpoint(7)).await.unwrap();
        assert_eq!(ours.newest().await, Ok(Some(checkpoint(12))));
        let mut all = ours.checkpoints().await.unwrap();
        all.sort_by_key(|one| one.size);
        assert_eq!(all, [3, 7, 12].map(checkpoint));
        let other = Checkpoint { root: checkpoint(6).root, ..checkpoint(7) };
        assert_eq!(ours.keep(&other).await, Err(LedgerError::Forked { size: 7 }));
        let stranger = ledger(&store, 2);
        assert_eq!(stranger.newest().await, Err(LedgerError::Forged { size: 12 }));
        // A signature of ours at another place is none for it.
        let twelve = store.get(&ours.place(12)).await.unwrap().bytes().await.unwrap();
        store.put(&ours.place(13), twelve.into()).await.unwrap();
        assert_eq!(ours.newest().await, Err(LedgerError::Forged { size: 13 }));
    }

    #[tokio::test]
    async fn checkpoints_are_kept_once_and_read_with_their_signature() {
        keeps(Arc::new(InMemory::new())).await;
        let folder = tempfile::tempdir().unwrap();
        keeps(Ledger::folder(&folder.path().join("deep/ledger")).unwrap()).await;
    }
}
