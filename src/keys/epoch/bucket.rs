//! Epoch keys in a bucket that many machines share. Each is an object that is written once, sealed
//! under the root key, so that whoever reads the bucket opens nothing, and deleted at its end.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use data_encoding::{BASE64, HEXLOWER};
use futures::TryStreamExt;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt, PutMode, PutPayload, PutResult};
use zeroize::Zeroizing;

use super::{Epoch, EpochError, draw};
use crate::ids::Entropy;
use crate::keys::root::RootKeyId;
use crate::keys::{Keys, SecretBytes, seal};

const FORMAT: &str = "rightsdesk-epoch-key/2";

/// The version that S3 gives to what it keeps no versions of any more.
const NO_VERSION: &str = "null";

pub(super) struct Bucket {
    store: Arc<dyn ObjectStore>,
    prefix: Path,
    keys: Keys,
    /// What was read since the last [`Bucket::forget`].
    held: Mutex<BTreeMap<Epoch, SecretBytes>>,
}

impl fmt::Debug for Bucket {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Bucket").field("prefix", &self.prefix.as_ref()).finish_non_exhaustive()
    }
}

impl Bucket {
    pub(super) fn new(store: Arc<dyn ObjectStore>, prefix: Path, keys: Keys) -> Self {
        Self { store, prefix, keys, held: Mutex::default() }
    }

    pub(super) async fn list(&self) -> Result<Vec<Epoch>, EpochError> {
        let listed = self.store.list(Some(&self.prefix));
        let epoch =
            |object: object_store::ObjectMeta| object.location.filename().and_then(Epoch::of_file);
        let epochs: Result<Vec<Option<Epoch>>, _> = listed.map_ok(epoch).try_collect().await;
        Ok(epochs.map_err(away)?.into_iter().flatten().collect())
    }

    pub(super) async fn destroy(&self, epoch: Epoch) -> Result<(), EpochError> {
        let deleted = self.store.delete(&self.at(epoch)).await;
        self.held().remove(&epoch);
        match deleted {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            other => other.map_err(away),
        }
    }

    /// Two nodes may come here at once: one object is made, and both read it.
    pub(super) async fn get_or_make(
        &self,
        epoch: Epoch,
        entropy: &dyn Entropy,
    ) -> Result<SecretBytes, EpochError> {
        if let Some(key) = self.read(epoch).await? {
            return Ok(key);
        }
        let key = draw(entropy);
        let sealed = self.keys.seal(entropy, &context(epoch), &key[..]);
        let text = format!("{FORMAT} {epoch}\n{}\n", BASE64.encode(sealed.as_ref()));
        self.make(&self.at(epoch), text).await?;
        // Destroyed in between: only by a machine whose clock is weeks ahead.
        self.read(epoch).await?.ok_or(EpochError::Destroyed(epoch))
    }

    /// `None` where the key is destroyed.
    pub(super) async fn read(&self, epoch: Epoch) -> Result<Option<SecretBytes>, EpochError> {
        if let Some(key) = self.held().get(&epoch) {
            return Ok(Some(key.clone()));
        }
        let Some(sealed) = self.sealed(epoch).await? else { return Ok(None) };
        let foreign = |_| EpochError::Foreign(epoch);
        let plain = self.keys.open(&context(epoch), &sealed).map_err(foreign)?;
        let key = <[u8; 32]>::try_from(&plain[..]).map_err(|_| EpochError::Foreign(epoch))?;
        let key = Zeroizing::new(key);
        self.held().insert(epoch, key.clone());
        Ok(Some(key))
    }

    pub(super) async fn sealed_by(&self, epoch: Epoch) -> Result<Option<RootKeyId>, EpochError> {
        let Some(sealed) = self.sealed(epoch).await? else { return Ok(None) };
        seal::key_id(&sealed).map(Some).map_err(|_| EpochError::Foreign(epoch))
    }

    pub(super) fn forget(&self) {
        self.held().clear();
    }

    pub(super) async fn check(&self, entropy: &dyn Entropy) -> Result<(), EpochError> {
        let name = format!("check-{}", HEXLOWER.encode(&entropy.bytes::<16>()));
        let at = self.prefix.clone().join(name);
        let tried = self.try_out(&at).await;
        let deleted = self.store.delete(&at).await;
        tried?;
        deleted.map_err(away)?;
        match self.store.get(&at).await {
            Err(object_store::Error::NotFound { .. }) => Ok(()),
            Ok(_) => Err(EpochError::KeepsVersions),
            Err(error) => Err(away(error)),
        }
    }

    async fn try_out(&self, at: &Path) -> Result<(), EpochError> {
        let Some(first) = self.make(at, "first".into()).await? else {
            return Err(EpochError::WritesOver);
        };
        if first.version.is_some_and(|version| version != NO_VERSION) {
            return Err(EpochError::KeepsVersions);
        }
        let second = self.make(at, "second".into()).await?;
        let read = self.store.get(at).await.map_err(away)?.bytes().await.map_err(away)?;
        let once = second.is_none() && read == "first";
        once.then_some(()).ok_or(EpochError::WritesOver)
    }

    /// `None` where something is there already.
    async fn make(&self, at: &Path, text: String) -> Result<Option<PutResult>, EpochError> {
        match self.store.put_opts(at, PutPayload::from(text), PutMode::Create.into()).await {
            Ok(made) => Ok(Some(made)),
            Err(object_store::Error::AlreadyExists { .. }) => Ok(None),
            Err(error) => Err(away(error)),
        }
    }

    async fn sealed(&self, epoch: Epoch) -> Result<Option<Vec<u8>>, EpochError> {
        let text = match self.store.get(&self.at(epoch)).await {
            Ok(found) => found.bytes().await.map_err(away)?,
            Err(object_store::Error::NotFound { .. }) => return Ok(None),
            Err(error) => return Err(away(error)),
        };
        let head = format!("{FORMAT} {epoch}\n");
        let body = text.strip_prefix(head.as_bytes()).ok_or(EpochError::Foreign(epoch))?;
        let sealed = BASE64.decode(body.trim_ascii_end());
        sealed.map(Some).map_err(|_| EpochError::Foreign(epoch))
    }

    fn held(&self) -> MutexGuard<'_, BTreeMap<Epoch, SecretBytes>> {
        self.held.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn at(&self, epoch: Epoch) -> Path {
        self.prefix.clone().join(epoch.file())
    }
}

fn context(epoch: Epoch) -> String {
    format!("epoch key/{epoch}")
}

/// What the storage says is not kept.
fn away(_: object_store::Error) -> EpochError {
    EpochError::Unavailable
}
