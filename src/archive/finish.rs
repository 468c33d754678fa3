//! The final archive: segments' entries copied as they are, in the order of names, with pages,
//! manifest and signature, sealed on the fly.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use futures::TryStreamExt;
use sha2::{Digest, Sha256};

use super::answer::Answer;
use super::container::{self, DosTime, Header, Method};
use super::layout::{Layout, Listed};
use super::manifest::{MANIFEST, Manifest, ManifestEntry, SIGNATURE};
use super::pages::{self, PageError};
use super::segment::{Content, Entry, LEVEL, Segment, Sha256Sum};
use super::vault::{SealedObject, Vault, VaultError, Writer};
use crate::crash;
use crate::ids::Entropy;
use crate::keys::signing::SigningKey;
use crate::keys::stream::ArchiveKey;

/// A finished archive.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// The sealed object; its plain bytes are the zip.
    pub object: SealedObject,
    /// Bytes of the zip.
    pub size: u64,
    /// Their SHA-256, which is also the download's `ETag`.
    pub sha256: Sha256Sum,
}

/// Why an archive was not finished. Nothing of it is left in storage.
#[derive(Debug, thiserror::Error)]
pub enum FinishError {
    /// Archive storage, or a segment in it.
    #[error(transparent)]
    Vault(#[from] VaultError),
    /// A page did not render.
    #[error(transparent)]
    Page(#[from] PageError),
    /// Two segments bear one number, or a segment is of a store that the answer does not name.
    #[error("the segments do not fit the answer; gather the request again")]
    Segments,
}

/// What the entries' bytes come from.
enum Source<'a> {
    Segment(&'a SealedObject, &'a Entry),
    Memory(Vec<u8>),
}

/// One entry on its way into the archive.
struct Planned<'a> {
    header: Header,
    source: Source<'a>,
    listed: ManifestEntry,
}

/// Makes the archive of `answer` out of `segments` (in any order) and stores it as `part`, a number
/// that no segment has. The same answer, segments and key give the same zip to the byte.
pub async fn finish(
    vault: &Vault,
    key: &ArchiveKey,
    part: u32,
    entropy: &dyn Entropy,
    signing: &SigningKey,
    answer: &Answer,
    segments: &[Segment],
) -> Result<Finished, FinishError> {
    let planned = plan(answer, segments, signing)?;
    let mut zip = Zip { writer: vault.writer(key, part, entropy), sha: Sha256::new() };
    let written = zip.write_all(vault, key, planned).await;
    let Zip { writer, sha } = zip;
    let size = writer.size();
    let object = writer.close(written).await?;
    Ok(Finished { object, size, sha256: Sha256Sum(sha.finalize().into()) })
}

/// Everything that will stand in the archive, in the order of names.
fn plan<'a>(
    answer: &Answer,
    segments: &'a [Segment],
    signing: &SigningKey,
) -> Result<Vec<Planned<'a>>, FinishError> {
    let time = DosTime::of(answer.made_at);
    let layout = Layout::of(answer, segments).ok_or(FinishError::Segments)?;
    let mut planned: Vec<Planned<'_>> =
        layout.entries.iter().map(|listed| copied(listed, time)).collect();
    for (name, html) in pages::render(answer, &layout)? {
        planned.push(page(name, html.as_bytes(), time));
    }
    for (name, paper) in layout.attachments.iter().zip(&answer.more.attachments) {
        planned.push(page(name.as_str(), &paper.bytes, time));
    }
    planned.sort_by(|a, b| a.header.name.cmp(&b.header.name));
    let entries = planned.iter().map(|entry| entry.listed.clone()).collect();
    let manifest = Manifest::of(answer, entries);
    let text = manifest.to_text();
    let signature = signing.sign(text.as_bytes(), &manifest.comment());
    // Stored, not deflated: the signature then stands for every byte.
    planned.push(stored(MANIFEST, text.into_bytes(), time));
    planned.push(stored(SIGNATURE, signature.into_bytes(), time));
    planned.sort_by(|a, b| a.header.name.cmp(&b.header.name));
    Ok(planned)
}

fn copied<'a>(listed: &Listed<'a>, time: DosTime) -> Planned<'a> {
    let Listed { name, segment, entry } = listed;
    let (mut collection, mut rows, mut escaped) = (None, None, None);
    let (mut original_name, mut category) = (None, None);
    match &entry.content {
        Content::Rows { collection: of, format, rows: many, escaped: is } => {
            collection = Some(of.clone());
            rows = Some(*many);
            escaped = (format.ending() == "csv").then_some(*is);
        }
        Content::File { original, category: is } => {
            original_name = Some(original.clone());
            category = Some(is.clone());
        }
    }
    let name = name.as_str().to_owned();
    Planned {
        header: Header {
            name: name.clone(),
            method: entry.method,
            time,
            crc: entry.crc,
            size: entry.size,
            packed: entry.packed,
            offset: 0,
        },
        source: Source::Segment(&segment.object, entry),
        listed: ManifestEntry {
            name,
            size: entry.size,
            sha256: entry.sha256,
            packed_sha256: (entry.method == Method::Deflated).then_some(entry.packed_sha256),
            store: Some(segment.store.clone()),
            collection,
            rows,
            escaped,
            original_name,
            category,
        },
    }
}

fn page(name: &str, html: &[u8], time: DosTime) -> Planned<'static> {
    let mut encoder = DeflateEncoder::new(Vec::new(), Compression::new(LEVEL));
    let packed = encoder.write_all(html).and_then(|()| encoder.finish()).expect("memory takes all");
    let mut planned = in_memory(name, html, packed, Method::Deflated, time);
    if let Source::Memory(packed) = &planned.source {
        planned.listed.packed_sha256 = Some(Sha256Sum::of(packed));
    }
    planned
}

fn stored(name: &str, bytes: Vec<u8>, time: DosTime) -> Planned<'static> {
    let plain = bytes.clone();
    in_memory(name, &plain, bytes, Method::Stored, time)
}

fn in_memory(
    name: &str,
    plain: &[u8],
    bytes: Vec<u8>,
    method: Method,
    time: DosTime,
) -> Planned<'static> {
    let (size, crc, packed) = (plain.len() as u64, crc32fast::hash(plain), bytes.len() as u64);
    let name = name.to_owned();
    Planned {
        header: Header { name: name.clone(), method, time, crc, size, packed, offset: 0 },
        source: Source::Memory(bytes),
        listed: ManifestEntry {
            name,
            size,
            sha256: Sha256Sum::of(plain),
            packed_sha256: None,
            store: None,
            collection: None,
            rows: None,
            escaped: None,
            original_name: None,
            category: None,
        },
    }
}

/// The container being written.
struct Zip {
    writer: Writer,
    sha: Sha256,
}

impl Zip {
    async fn write_all(
        &mut self,
        vault: &Vault,
        key: &ArchiveKey,
        planned: Vec<Planned<'_>>,
    ) -> Result<(), FinishError> {
        let (mut directory, mut many) = (Vec::new(), 0);
        for Planned { mut header, source, .. } in planned {
            header.offset = self.writer.size();
            self.emit(&header.local()).await?;
            match source {
                Source::Memory(bytes) => self.emit(&bytes).await?,
                Source::Segment(_, entry) if entry.packed == 0 => {}
                Source::Segment(object, entry) => {
                    let range = entry.offset..entry.offset + entry.packed;
                    let mut bytes = vault.read(key, object, range).await?;
                    while let Some(bytes) = bytes.try_next().await? {
                        self.emit(&bytes).await?;
                    }
                }
            }
            directory.extend(header.central());
            many += 1;
            crash::point("archive half");
        }
        let begin = self.writer.size();
        self.emit(&directory).await?;
        self.emit(&container::end(many, directory.len() as u64, begin)).await?;
        Ok(())
    }

    async fn emit(&mut self, bytes: &[u8]) -> Result<(), VaultError> {
        self.sha.update(bytes);
        self.writer.write(bytes).await
    }
}
