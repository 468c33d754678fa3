//! Writing sealed objects of any size with bounded memory.

use object_store::path::Path;
use object_store::{MultipartUpload, ObjectStoreExt};
use tokio::task::JoinSet;

use super::{SealedObject, Vault, VaultError, mark};
use crate::crash;
use crate::ids::Entropy;
use crate::keys::stream::{ArchiveKey, CHUNK, Sealer};

/// Bytes of one part of a multipart upload; smaller objects are put whole. All parts but the last
/// are equal, which some stores demand; S3 takes 10,000, so an object has at most 78 GiB there.
/// Tests use small parts, so that they need no large objects.
pub(super) const PART: usize = 8 * 1024 * 1024;
/// Parts on their way at once.
const IN_FLIGHT: usize = 2;
/// Plain bytes that are sealed before others get their turn.
const STEP: usize = 16 * CHUNK;

/// An object being written.
pub(in crate::archive) struct Writer {
    vault: Vault,
    path: Path,
    object: SealedObject,
    /// Gone when the last chunk is sealed.
    sealer: Option<Sealer>,
    sealed: Vec<u8>,
    upload: Option<Box<dyn MultipartUpload>>,
    parts: JoinSet<object_store::Result<()>>,
}

impl Writer {
    pub(super) fn new(vault: Vault, key: &ArchiveKey, part: u32, entropy: &dyn Entropy) -> Self {
        let mut head = Vec::new();
        let sealer = Sealer::new(key, part, entropy, &mut head);
        let object = SealedObject { part, mark: mark(sealer.salt()), size: 0 };
        let path = vault.path(key.archive(), &object);
        let (sealer, parts) = (Some(sealer), JoinSet::new());
        Self { vault, path, object, sealer, sealed: head, upload: None, parts }
    }

    /// Takes more plain bytes.
    pub(in crate::archive) async fn write(&mut self, plain: &[u8]) -> Result<(), VaultError> {
        for step in plain.chunks(STEP) {
            if let Some(sealer) = &mut self.sealer {
                sealer.push(step, &mut self.sealed)?;
            }
            self.object.size += step.len() as u64;
            while self.sealed.len() >= self.vault.part {
                self.send_part().await?;
            }
            if plain.len() > STEP {
                tokio::task::yield_now().await;
            }
        }
        Ok(())
    }

    /// Plain bytes so far.
    pub(in crate::archive) fn size(&self) -> u64 {
        self.object.size
    }

    /// Publishes the object when all before went well, else takes back what was sent. Either the
    /// whole object is there afterwards or nothing of it.
    pub(in crate::archive) async fn close<E: From<VaultError>>(
        mut self,
        so_far: Result<(), E>,
    ) -> Result<SealedObject, E> {
        let done = match so_far {
            Ok(()) => self.publish().await.map_err(E::from),
            Err(error) => Err(error),
        };
        if let Err(error) = done {
            self.parts.shutdown().await;
            if let Some(mut upload) = self.upload.take() {
                // The first error is the one that counts; what cannot be taken back now is swept
                // by the store's own rule for unfinished uploads.
                let _ = upload.abort().await;
            }
            return Err(error);
        }
        Ok(self.object)
    }

    async fn publish(&mut self) -> Result<(), VaultError> {
        if let Some(sealer) = self.sealer.take() {
            sealer.finish(&mut self.sealed)?;
        }
        if self.upload.is_none() {
            let whole = std::mem::take(&mut self.sealed);
            crash::point("upload before");
            self.vault.store.put(&self.path, whole.into()).await?;
            return Ok(());
        }
        while !self.sealed.is_empty() {
            self.send_part().await?;
        }
        while let Some(sent) = self.parts.join_next().await {
            sent.map_err(|_| VaultError::Unavailable)??;
        }
        if let Some(upload) = &mut self.upload {
            upload.complete().await?;
        }
        self.upload = None;
        Ok(())
    }

    async fn send_part(&mut self) -> Result<(), VaultError> {
        let rest = self.sealed.split_off(self.vault.part.min(self.sealed.len()));
        let part = std::mem::replace(&mut self.sealed, rest);
        let upload = match &mut self.upload {
            Some(upload) => upload,
            none => none.insert(self.vault.store.put_multipart(&self.path).await?),
        };
        while self.parts.len() >= IN_FLIGHT {
            if let Some(sent) = self.parts.join_next().await {
                sent.map_err(|_| VaultError::Unavailable)??;
            }
        }
        self.parts.spawn(upload.put_part(part.into()));
        crash::point("upload half");
        Ok(())
    }
}
