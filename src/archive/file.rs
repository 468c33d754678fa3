//! One file as a segment, streamed: bounded memory whatever its size.

use std::io::Write;

use bytes::Bytes;
use flate2::Compression;
use flate2::write::DeflateEncoder;
use futures::{Stream, TryStreamExt};
use sha2::{Digest, Sha256};

use super::container::Method;
use super::segment::{Content, Entry, LEVEL, Segment, Sha256Sum};
use super::vault::{Vault, VaultError, Writer};
use crate::ids::Entropy;
use crate::keys::stream::ArchiveKey;

/// Bytes that are compressed in one go on a blocking thread.
const BLOCK: usize = 1024 * 1024;

/// Why a file did not become a segment. Nothing of it is left in storage.
#[derive(Debug, thiserror::Error)]
pub enum FileError<E> {
    /// Its store broke off.
    #[error("the store broke off while a file was read")]
    Source(E),
    /// It has more or fewer bytes than its store said.
    #[error("a file has not the size that its store told")]
    Size,
    /// Archive storage.
    #[error(transparent)]
    Vault(#[from] VaultError),
}

/// What is known about a file beside its bytes.
#[derive(Debug, Clone, Copy)]
pub struct FileFacts<'a> {
    /// The store that has it.
    pub store: &'a str,
    /// The name the person would know it by.
    pub original: &'a str,
    /// What it is.
    pub category: &'a str,
    /// Its size, as the store tells it.
    pub size: u64,
}

impl Vault {
    /// Writes one file as the segment `part`. Media that are compressed already are stored as they
    /// are, all else is deflated on a blocking thread.
    pub async fn write_file<E>(
        &self,
        key: &ArchiveKey,
        part: u32,
        entropy: &dyn Entropy,
        facts: FileFacts<'_>,
        bytes: impl Stream<Item = Result<Bytes, E>> + Send + Unpin,
    ) -> Result<Segment, FileError<E>> {
        let mut packing = Packing::new(self.writer(key, part, entropy));
        let copied = packing.copy(facts.size, bytes).await;
        let Packing { writer, crc, sha, size, method, packed_sha, .. } = packing;
        let packed = writer.size();
        let object = writer.close(copied).await?;
        let sha256 = Sha256Sum(sha.finalize().into());
        let packed_sha256 = packed_sha.map_or(sha256, |sha| Sha256Sum(sha.finalize().into()));
        let content =
            Content::File { original: facts.original.into(), category: facts.category.into() };
        let crc = crc.finalize();
        let entry = Entry { content, size, crc, sha256, method, packed, packed_sha256, offset: 0 };
        Ok(Segment { store: facts.store.into(), object, entries: vec![entry] })
    }
}

struct Packing {
    writer: Writer,
    crc: crc32fast::Hasher,
    sha: Sha256,
    size: u64,
    method: Method,
    packed_sha: Option<Sha256>,
    encoder: Option<DeflateEncoder<Vec<u8>>>,
}

impl Packing {
    fn new(writer: Writer) -> Self {
        let (crc, sha) = (crc32fast::Hasher::new(), Sha256::new());
        let (method, packed_sha, encoder) = (Method::Stored, None, None);
        Self { writer, crc, sha, size: 0, method, packed_sha, encoder }
    }

    async fn copy<E>(
        &mut self,
        expected: u64,
        mut bytes: impl Stream<Item = Result<Bytes, E>> + Send + Unpin,
    ) -> Result<(), FileError<E>> {
        let mut block = Vec::with_capacity(BLOCK);
        let mut begun = false;
        loop {
            let more = bytes.try_next().await.map_err(FileError::Source)?;
            if let Some(more) = &more {
                block.extend_from_slice(more);
                if self.size + block.len() as u64 > expected {
                    return Err(FileError::Size);
                }
            }
            if more.is_some() && block.len() < BLOCK {
                continue;
            }
            if !begun {
                begun = true;
                self.choose(&block);
            }
            self.size += block.len() as u64;
            block = self.pack(block).await?;
            if more.is_none() {
                break;
            }
        }
        if self.size != expected {
            return Err(FileError::Size);
        }
        if let Some(encoder) = self.encoder.take() {
            let last = blocking(move || encoder.finish().expect("memory takes all")).await?;
            self.emit(&last).await?;
        }
        Ok(())
    }

    /// Stored or deflated, by how the file begins.
    fn choose(&mut self, begin: &[u8]) {
        if !begin.is_empty() && !is_compressed(begin) {
            self.method = Method::Deflated;
            self.packed_sha = Some(Sha256::new());
            self.encoder = Some(DeflateEncoder::new(Vec::new(), Compression::new(LEVEL)));
        }
    }

    /// Packs a block and gives it back empty.
    async fn pack(&mut self, mut block: Vec<u8>) -> Result<Vec<u8>, VaultError> {
        let (mut crc, mut sha) = (self.crc.clone(), self.sha.clone());
        let mut encoder = self.encoder.take();
        let hashed = blocking(move || {
            crc.update(&block);
            sha.update(&block);
            if let Some(encoder) = &mut encoder {
                encoder.write_all(&block).expect("memory takes all");
            }
            (crc, sha, encoder, block)
        });
        (self.crc, self.sha, self.encoder, block) = hashed.await?;
        if let Some(encoder) = &mut self.encoder {
            let packed = std::mem::take(encoder.get_mut());
            self.emit(&packed).await?;
        } else {
            self.writer.write(&block).await?;
        }
        block.clear();
        Ok(block)
    }

    async fn emit(&mut self, packed: &[u8]) -> Result<(), VaultError> {
        if let Some(sha) = &mut self.packed_sha {
            sha.update(packed);
        }
        self.writer.write(packed).await
    }
}

async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> T + Send + 'static,
) -> Result<T, VaultError> {
    tokio::task::spawn_blocking(work).await.map_err(|_| VaultError::Unavailable)
}

/// Pictures, films, sound and packed archives gain nothing from deflating. Told by their first
/// bytes, since names may lie.
fn is_compressed(begin: &[u8]) -> bool {
    const BEGINNINGS: &[&[u8]] = &[
        b"\x89PNG\r\n\x1a\n",
        b"\xff\xd8\xff",
        b"GIF87a",
        b"GIF89a",
        b"PK\x03\x04",
        b"\x1f\x8b",
        b"%PDF-",
        b"7z\xbc\xaf\x27\x1c",
        b"\xfd7zXZ\0",
        b"\x28\xb5\x2f\xfd",
        b"\x1a\x45\xdf\xa3",
        b"OggS",
        b"ID3",
        b"fLaC",
    ];
    BEGINNINGS.iter().any(|start| begin.starts_with(start))
        || (begin.starts_with(b"RIFF") && begin.get(8..12) == Some(b"WEBP"))
        || begin.get(4..8) == Some(b"ftyp")
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use futures::stream;
    use uuid::Uuid;

    use super::*;
    use crate::ids::OsEntropy;

    fn key() -> ArchiveKey {
        ArchiveKey::draw(Uuid::from_u128(1), &OsEntropy)
    }

    fn facts(size: usize) -> FileFacts<'static> {
        let size = size as u64;
        FileFacts { store: "s", original: "a.txt", category: "user.content", size }
    }

    fn pieces(bytes: &[u8]) -> impl Stream<Item = Result<Bytes, ()>> + Send + Unpin {
        let pieces: Vec<_> = bytes.chunks(9000).map(|p| Ok(Bytes::copy_from_slice(p))).collect();
        stream::iter(pieces)
    }

    fn vault() -> (tempfile::TempDir, Vault) {
        let folder = tempfile::tempdir().unwrap();
        let vault = Vault::open_folder(folder.path()).unwrap();
        (folder, vault)
    }

    #[tokio::test]
    async fn text_is_deflated_and_media_are_stored() {
        let ((_folder, vault), key) = (vault(), key());
        let text = "hello ".repeat(250_000).into_bytes();
        let picture = [&b"\x89PNG\r\n\x1a\n"[..], &text].concat();
        for (plain, method) in
            [(&text, Method::Deflated), (&picture, Method::Stored), (&Vec::new(), Method::Stored)]
        {
            let written = vault.write_file(&key, 1, &OsEntropy, facts(plain.len()), pieces(plain));
            let segment = written.await.unwrap();
            let entry = &segment.entries[0];
            assert_eq!((entry.method, entry.size), (method, plain.len() as u64));
            assert_eq!(entry.sha256, Sha256Sum::of(plain));
            assert_eq!(entry.crc, crc32fast::hash(plain));
        }
    }

    #[tokio::test]
    async fn what_is_packed_unpacks_to_the_same() {
        let (_folder, vault) = vault();
        let (key, text) = (key(), "hello ".repeat(250_000).into_bytes());
        let written = vault.write_file(&key, 1, &OsEntropy, facts(text.len()), pieces(&text));
        let segment = written.await.unwrap();
        let entry = &segment.entries[0];
        let packed = vault.read_all(&key, &segment.object, 0..entry.packed).await.unwrap();
        assert_eq!(entry.packed_sha256, Sha256Sum::of(&packed));
        let mut plain = Vec::new();
        flate2::read::DeflateDecoder::new(&packed[..]).read_to_end(&mut plain).unwrap();
        assert!(plain == text);
    }

    #[tokio::test]
    async fn a_file_of_the_wrong_size_or_that_breaks_off_leaves_nothing() {
        let ((folder, vault), key) = (vault(), key());
        for told in [99, 101] {
            let written = vault.write_file(&key, 1, &OsEntropy, facts(told), pieces(&[7; 100]));
            assert!(matches!(written.await, Err(FileError::Size)));
        }
        let broken = stream::iter([Ok(Bytes::from_static(b"x")), Err("gone")]);
        let written = vault.write_file(&key, 1, &OsEntropy, facts(5), broken).await;
        assert!(matches!(written, Err(FileError::Source("gone"))));
        assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 0);
    }
}
