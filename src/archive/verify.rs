//! Verifying an archive as its person downloaded it: to the byte, with bounded memory.
//!
//! Nothing is taken on trust from the file. Headers are compared with what our own writer writes
//! for the same entry; the entries must stand one behind the other without a gap, in the order of
//! names, exactly those of the manifest; the signature counts only by the key that is given.

mod entry;
mod parse;

use std::collections::BTreeSet;
use std::fs::File;
use std::io::{self, BufReader, Seek, SeekFrom};
use std::path::Path;

use jiff::Timestamp;

use super::container::{DosTime, Header, Method};
use super::manifest::{MANIFEST, Manifest, SCHEMA, SIGNATURE};
use crate::keys::signing::{SignatureError, VerifyingKey};

/// Largest manifest and signature that are read into memory.
const MOST_IN_MEMORY: u64 = 1 << 30;

/// What a good archive says about itself.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The request it answers.
    pub reference: String,
    /// The right exercised.
    pub right: String,
    /// When it was made.
    pub made_at: Timestamp,
    /// Entries, manifest and signature included.
    pub entries: u64,
    /// Unpacked bytes of all of them.
    pub size: u64,
}

/// Why an archive is not what the service made. Names entries, for the person who holds the file.
#[derive(Debug, thiserror::Error)]
pub enum VerifyError {
    /// The file cannot be read.
    #[error("cannot read the archive: {0}")]
    Io(io::ErrorKind),
    /// It does not end as an archive of ours does: cut, added to, or another kind of file.
    #[error("not a whole archive: it is cut, something was added, or it is no zip of this service")]
    End,
    /// The list of entries is damaged.
    #[error("entry {0} of the archive's directory was changed")]
    Directory(u64),
    /// The header in front of an entry is not what the directory says.
    #[error("the header of {0} was changed")]
    Header(String),
    /// There are other entries than the manifest has.
    #[error("the archive and its manifest differ at {0}")]
    Entries(String),
    /// No manifest, or one that cannot be read.
    #[error("manifest.json is missing or is not a manifest of this service")]
    Manifest,
    /// The signature does not hold.
    #[error("manifest.json.minisig: {0}; check that you have the right key")]
    Signature(SignatureError),
    /// The contents of an entry are not what the manifest says.
    #[error("the contents of {0} were changed")]
    Contents(String),
}

impl From<io::Error> for VerifyError {
    fn from(error: io::Error) -> Self {
        Self::Io(error.kind())
    }
}

/// Verifies the archive in the file `path` against `key`. Blocks.
pub fn verify(path: &Path, key: &VerifyingKey) -> Result<Report, VerifyError> {
    let mut file = File::open(path)?;
    let size = file.metadata()?.len();
    let headers = parse::directory(&mut file, size)?;
    let manifest = manifest(&mut file, &headers, key)?;
    expect_entries(&headers, &manifest)?;
    file.seek(SeekFrom::Start(0))?;
    let mut archive = BufReader::with_capacity(1 << 20, file);
    let mut listed = manifest.entries.iter();
    let mut total = 0;
    for header in &headers {
        let own = matches!(&*header.name, MANIFEST | SIGNATURE);
        entry::verify(&mut archive, header, if own { None } else { listed.next() })?;
        total += header.size;
    }
    second_opinion(path, &headers)?;
    Ok(Report {
        reference: manifest.reference,
        right: manifest.right,
        made_at: manifest.made_at,
        entries: headers.len() as u64,
        size: total,
    })
}

/// Another reader of zips must see the same entries: what two programs read differently is no
/// archive of ours.
fn second_opinion(path: &Path, headers: &[Header]) -> Result<(), VerifyError> {
    let file = BufReader::new(File::open(path)?);
    let mut other = zip::ZipArchive::new(file).map_err(|_| VerifyError::End)?;
    if other.len() != headers.len() {
        return Err(VerifyError::End);
    }
    for (at, header) in headers.iter().enumerate() {
        let differs = || VerifyError::Header(header.name.clone());
        let entry = other.by_index_raw(at).map_err(|_| differs())?;
        let same = entry.name().is_ok_and(|name| name == header.name)
            && (entry.size(), entry.compressed_size()) == (header.size, header.packed)
            && entry.crc32() == header.crc;
        if !same {
            return Err(differs());
        }
    }
    Ok(())
}

/// The manifest, once its signature has been found good.
fn manifest(
    file: &mut File,
    headers: &[Header],
    key: &VerifyingKey,
) -> Result<Manifest, VerifyError> {
    let mut stored = |name: &str| -> Result<String, VerifyError> {
        let header = headers.iter().find(|header| header.name == name);
        let header = header.filter(|h| h.method == Method::Stored && h.size <= MOST_IN_MEMORY);
        let header = header.ok_or(VerifyError::Manifest)?;
        file.seek(SeekFrom::Start(header.offset + header.local().len() as u64))?;
        let size = usize::try_from(header.size).map_err(|_| VerifyError::Manifest)?;
        let mut bytes = vec![0; size];
        io::Read::read_exact(file, &mut bytes)?;
        String::from_utf8(bytes).map_err(|_| VerifyError::Contents(name.to_owned()))
    };
    let (text, signature) = (stored(MANIFEST)?, stored(SIGNATURE)?);
    let comment = key.verify(text.as_bytes(), &signature).map_err(VerifyError::Signature)?;
    let manifest: Manifest = serde_json::from_str(&text).map_err(|_| VerifyError::Manifest)?;
    if manifest.schema != SCHEMA || manifest.comment() != comment {
        return Err(VerifyError::Manifest);
    }
    Ok(manifest)
}

/// The directory and the manifest must tell of the same entries, each with the same size and the
/// time the archive was made.
fn expect_entries(headers: &[Header], manifest: &Manifest) -> Result<(), VerifyError> {
    let time = DosTime::of(manifest.made_at);
    if let Some(header) = headers.iter().find(|header| header.time != time) {
        return Err(VerifyError::Header(header.name.clone()));
    }
    let own = |header: &&Header| !matches!(&*header.name, MANIFEST | SIGNATURE);
    let there: BTreeSet<_> = headers.iter().filter(own).map(|h| (&*h.name, h.size)).collect();
    let listed: BTreeSet<_> = manifest.entries.iter().map(|e| (&*e.name, e.size)).collect();
    if let Some((name, _)) = there.symmetric_difference(&listed).next() {
        return Err(VerifyError::Entries((*name).to_owned()));
    }
    let in_order = manifest.entries.is_sorted_by(|a, b| a.name < b.name);
    if in_order { Ok(()) } else { Err(VerifyError::Manifest) }
}
