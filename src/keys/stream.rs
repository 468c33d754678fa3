//! Sealing of large objects, so that any byte range opens alone and nothing can be cut, swapped or
//! added unseen. `docs/archive-format.md` is the layout; `tests/tools/read_sealed.py` reads it too.
//!
//! A 64-byte header, then chunks of 64 KiB under AES-256-GCM in the STREAM construction (Hoang,
//! Reyhanitabar, Rogaway, Vizár: <https://eprint.iacr.org/2015/189>). The key of an object is
//! derived from its archive's key, a fresh salt, and the archive and part that it belongs to.

use std::fmt;
use std::ops::Range;

use aead_stream::{NewStream, StreamBE32, StreamPrimitive};
use aes_gcm::{Aes256Gcm, Key, KeyInit};
use hkdf::Hkdf;
use sha2::Sha256;
use uuid::Uuid;
use zeroize::Zeroizing;

use super::SecretBytes;
use crate::ids::Entropy;

/// Plain bytes in a chunk; only the last one has fewer.
pub const CHUNK: usize = 64 * 1024;
/// Bytes before the first chunk.
pub const HEADER: usize = 64;
/// What sealing adds to a chunk.
pub const TAG: usize = 16;

const MAGIC: &[u8; 8] = b"RDSEAL/1";
const SEALED_CHUNK: u64 = (CHUNK + TAG) as u64;
const CHUNK_SIZE: [u8; 4] = 65_536_u32.to_be_bytes();
const SALT: usize = 32;

/// The key of one archive: random, and good for nothing else.
#[derive(Clone)]
pub struct ArchiveKey {
    archive: Uuid,
    key: SecretBytes,
}

impl ArchiveKey {
    /// Draws the key of a new archive.
    pub fn draw(archive: Uuid, entropy: &dyn Entropy) -> Self {
        Self { archive, key: Zeroizing::new(entropy.bytes()) }
    }

    pub(super) fn from_parts(archive: Uuid, key: SecretBytes) -> Self {
        Self { archive, key }
    }

    /// The archive it belongs to.
    pub fn archive(&self) -> Uuid {
        self.archive
    }

    pub(super) fn secret(&self) -> &SecretBytes {
        &self.key
    }

    fn stream(&self, part: u32, salt: &[u8]) -> StreamBE32<Aes256Gcm> {
        let mut key = Zeroizing::new([0; 32]);
        let info: [&[u8]; 4] =
            [b"rightsdesk sealed v1|", self.archive.as_bytes(), &part.to_be_bytes(), &CHUNK_SIZE];
        Hkdf::<Sha256>::new(Some(salt), &self.key[..])
            .expand_multi_info(&info, &mut key[..])
            .expect("32 bytes are within what HKDF gives");
        // The nonce's fixed part is zero because the key is used for one object alone.
        let aead = Aes256Gcm::new(&Key::<Aes256Gcm>::from(*key));
        StreamBE32::from_aead(aead, &aead_stream::Nonce::<Aes256Gcm, StreamBE32<_>>::default())
    }
}

impl fmt::Debug for ArchiveKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "ArchiveKey({})", self.archive)
    }
}

/// Why a sealed object does not open, or cannot grow.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum StreamError {
    /// Cut, changed, or of another archive or part.
    #[error("a sealed object does not open: it was changed, cut or belongs elsewhere")]
    Broken,
    /// More than 2^32 chunks.
    #[error("a sealed object holds at most 256 TiB")]
    TooLong,
}

/// How large the sealed object of `plain` bytes is.
pub fn sealed_size(plain: u64) -> u64 {
    let chunks = plain.div_ceil(CHUNK as u64).max(1);
    HEADER as u64 + plain + chunks * TAG as u64
}

/// The header without its salt.
fn place(key: &ArchiveKey, part: u32) -> Vec<u8> {
    [&MAGIC[..], key.archive.as_bytes(), &part.to_be_bytes(), &CHUNK_SIZE].concat()
}

/// Seals as the bytes come, with one chunk in memory.
pub struct Sealer {
    stream: StreamBE32<Aes256Gcm>,
    position: u32,
    chunk: Vec<u8>,
    salt: [u8; SALT],
}

impl Sealer {
    /// Starts part `part` of the archive of `key`; the header goes to `out`.
    pub fn new(key: &ArchiveKey, part: u32, entropy: &dyn Entropy, out: &mut Vec<u8>) -> Self {
        let salt = entropy.bytes::<SALT>();
        out.extend_from_slice(&place(key, part));
        out.extend_from_slice(&salt);
        let chunk = Vec::with_capacity(CHUNK + TAG);
        Self { stream: key.stream(part, &salt), position: 0, chunk, salt }
    }

    /// The random salt of this object, which also names it.
    pub fn salt(&self) -> &[u8; SALT] {
        &self.salt
    }

    /// Takes plain bytes; chunks that are full go to `out`.
    pub fn push(&mut self, mut plain: &[u8], out: &mut Vec<u8>) -> Result<(), StreamError> {
        while !plain.is_empty() {
            // A full chunk waits for the next byte: only then is it known not to be the last.
            if self.chunk.len() == CHUNK {
                self.seal(false, out)?;
                self.position = self.position.checked_add(1).ok_or(StreamError::TooLong)?;
            }
            let take = plain.len().min(CHUNK - self.chunk.len());
            self.chunk.extend_from_slice(&plain[..take]);
            plain = &plain[take..];
        }
        Ok(())
    }

    /// Seals the last chunk.
    pub fn finish(mut self, out: &mut Vec<u8>) -> Result<(), StreamError> {
        self.seal(true, out)
    }

    fn seal(&mut self, last: bool, out: &mut Vec<u8>) -> Result<(), StreamError> {
        self.stream
            .encrypt_in_place(self.position, last, &[], &mut self.chunk)
            .map_err(|_| StreamError::TooLong)?;
        out.append(&mut self.chunk);
        Ok(())
    }
}

impl fmt::Debug for Sealer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sealer").field("position", &self.position).finish_non_exhaustive()
    }
}

/// Opens any chunk of one sealed object.
pub struct Opener {
    stream: StreamBE32<Aes256Gcm>,
    plain: u64,
}

impl Opener {
    /// Reads the header of an object of `size` sealed bytes, which must be part `part` of the
    /// archive of `key`. Whether its chunks are genuine shows when they are opened.
    pub fn new(key: &ArchiveKey, part: u32, header: &[u8], size: u64) -> Result<Self, StreamError> {
        let salt = header
            .strip_prefix(&place(key, part)[..])
            .filter(|salt| salt.len() == SALT)
            .ok_or(StreamError::Broken)?;
        let body = size.checked_sub(HEADER as u64).ok_or(StreamError::Broken)?;
        let chunks = body.div_ceil(SEALED_CHUNK);
        let plain = body.checked_sub(chunks * TAG as u64).ok_or(StreamError::Broken)?;
        // There is always a last chunk, and only an empty object has an empty one.
        if chunks == 0 || sealed_size(plain) != size || chunks > u64::from(u32::MAX) {
            return Err(StreamError::Broken);
        }
        Ok(Self { stream: key.stream(part, salt), plain })
    }

    /// How many plain bytes there are.
    pub fn plain_size(&self) -> u64 {
        self.plain
    }

    /// Which chunks hold the plain bytes `range`, and which sealed bytes these are. `None` when
    /// the range is empty or reaches past the end.
    pub fn span(&self, range: &Range<u64>) -> Option<Span> {
        if range.start >= range.end || range.end > self.plain {
            return None;
        }
        let first = range.start / CHUNK as u64;
        let last = (range.end - 1) / CHUNK as u64;
        let start = HEADER as u64 + first * SEALED_CHUNK;
        let end = (HEADER as u64 + (last + 1) * SEALED_CHUNK).min(sealed_size(self.plain));
        Some(Span { first: u32::try_from(first).ok()?, sealed: start..end })
    }

    /// Opens chunk `index` in place.
    pub fn open(&self, index: u32, chunk: &mut Vec<u8>) -> Result<(), StreamError> {
        let last = u64::from(index) == self.plain.div_ceil(CHUNK as u64).max(1) - 1;
        self.stream.decrypt_in_place(index, last, &[], chunk).map_err(|_| StreamError::Broken)
    }
}

impl fmt::Debug for Opener {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Opener").field("plain", &self.plain).finish_non_exhaustive()
    }
}

/// A run of chunks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Span {
    /// The first chunk.
    pub first: u32,
    /// The sealed bytes of all of them.
    pub sealed: Range<u64>,
}

#[cfg(test)]
#[expect(clippy::cast_possible_truncation, reason = "test objects are small")]
mod tests {
    use super::*;
    use crate::ids::SeededEntropy;
    use proptest::prelude::*;

    fn key(archive: u128) -> ArchiveKey {
        ArchiveKey::draw(Uuid::from_u128(archive), &SeededEntropy::new(5))
    }

    fn sealed(plain: &[u8], step: usize) -> Vec<u8> {
        let mut out = Vec::new();
        let mut sealer = Sealer::new(&key(1), 7, &SeededEntropy::new(9), &mut out);
        for piece in plain.chunks(step) {
            sealer.push(piece, &mut out).unwrap();
        }
        sealer.finish(&mut out).unwrap();
        out
    }

    fn read(key: &ArchiveKey, part: u32, sealed: &[u8], range: Range<u64>) -> Option<Vec<u8>> {
        let header = sealed.get(..HEADER)?;
        let opener = Opener::new(key, part, header, sealed.len() as u64).ok()?;
        let span = opener.span(&range)?;
        let (start, end) = (span.sealed.start as usize, span.sealed.end as usize);
        let mut plain = Vec::new();
        for (at, chunk) in sealed[start..end].chunks(CHUNK + TAG).enumerate() {
            let mut chunk = chunk.to_vec();
            opener.open(span.first + u32::try_from(at).unwrap(), &mut chunk).ok()?;
            plain.extend_from_slice(&chunk);
        }
        let skip = (range.start - u64::from(span.first) * CHUNK as u64) as usize;
        Some(plain[skip..skip + (range.end - range.start) as usize].to_vec())
    }

    fn pattern(size: usize) -> Vec<u8> {
        (0..size).map(|at| (at * 31 % 251) as u8).collect()
    }

    #[test]
    fn every_size_around_a_chunk_comes_back() {
        for size in [1, CHUNK - 1, CHUNK, CHUNK + 1, 2 * CHUNK, 2 * CHUNK + 5] {
            let plain = pattern(size);
            let object = sealed(&plain, 1000);
            assert_eq!(object.len() as u64, sealed_size(size as u64));
            assert_eq!(object, sealed(&plain, size), "however it was fed");
            assert_eq!(read(&key(1), 7, &object, 0..size as u64).unwrap(), plain);
        }
        let empty = sealed(&[], 1);
        let opener = Opener::new(&key(1), 7, &empty[..HEADER], empty.len() as u64).unwrap();
        assert_eq!(opener.plain_size(), 0);
        opener.open(0, &mut empty[HEADER..].to_vec()).unwrap();
    }

    #[test]
    fn an_object_opens_in_its_own_place_only() {
        let object = sealed(&pattern(100), 100);
        assert!(read(&key(1), 7, &object, 0..100).is_some());
        assert!(read(&key(1), 8, &object, 0..100).is_none(), "another part");
        assert!(read(&key(2), 7, &object, 0..100).is_none(), "another archive");
        let mut moved = object.clone();
        moved[24..28].copy_from_slice(&8_u32.to_be_bytes());
        assert!(read(&key(1), 8, &moved, 0..100).is_none(), "another part with a forged header");
    }

    #[test]
    fn cutting_adding_and_reordering_are_noticed() {
        let plain = pattern(3 * CHUNK);
        let object = sealed(&plain, CHUNK);
        let whole = |object: &[u8]| {
            let opener =
                Opener::new(&key(1), 7, object.get(..HEADER)?, object.len() as u64).ok()?;
            read(&key(1), 7, object, 0..opener.plain_size())
        };
        assert_eq!(whole(&object), Some(plain));
        let step = CHUNK + TAG;
        for cut in [0, 1, HEADER - 1, HEADER, HEADER + 5, HEADER + step, HEADER + 2 * step] {
            assert_eq!(whole(&object[..cut]), None, "cut to {cut}");
        }
        assert_eq!(whole(&object[..object.len() - 1]), None);
        assert_eq!(whole(&[&object[..], b"x"].concat()), None);
        assert_eq!(whole(&[&object[..], &[0; TAG]].concat()), None);
        let (first, second) = (HEADER..HEADER + step, HEADER + step..HEADER + 2 * step);
        let swapped =
            [&object[..HEADER], &object[second], &object[first], &object[HEADER + 2 * step..]]
                .concat();
        assert_eq!(whole(&swapped), None);
    }

    #[test]
    fn a_flipped_bit_is_noticed_wherever_it_is() {
        let object = sealed(&pattern(50), 50);
        for at in 0..object.len() {
            let mut bad = object.clone();
            bad[at] ^= 1;
            assert!(read(&key(1), 7, &bad, 0..50).is_none(), "byte {at}");
        }
    }

    #[test]
    fn a_reader_in_another_language_opens_it_too() {
        use std::process::Command;
        let python = || Command::new("python3");
        if !python().args(["-c", "import cryptography"]).output().is_ok_and(|o| o.status.success())
        {
            #[expect(clippy::disallowed_methods, reason = "a switch of the tests alone")]
            let wanted = std::env::var("RIGHTSDESK_TEST_TOOLS").as_deref() == Ok("1");
            assert!(!wanted, "python3 with the package cryptography is not installed");
            println!("not run: python3 with the package cryptography is not installed");
            return;
        }
        let plain = pattern(2 * CHUNK + 77);
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("object");
        std::fs::write(&path, sealed(&plain, 5000)).unwrap();
        let key = key(1);
        let secret = data_encoding::HEXLOWER.encode(&key.secret()[..]);
        let read = |part: &str, range: &[&str]| {
            python()
                .arg("tests/tools/read_sealed.py")
                .arg(&path)
                .args([&key.archive().to_string(), part, &secret])
                .args(range)
                .output()
                .unwrap()
        };
        assert_eq!(read("7", &[]).stdout, plain);
        assert_eq!(read("7", &["65000", "66000"]).stdout, plain[65_000..66_000]);
        assert!(!read("8", &[]).status.success(), "another part");
    }

    #[test]
    fn a_key_does_not_show_itself() {
        let text = format!("{:?}", key(1));
        assert_eq!(text, "ArchiveKey(00000000-0000-0000-0000-000000000001)");
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(24))]
        #[test]
        fn any_range_opens_alone(size in 1_usize..200_000, a in 0_usize..200_000, b in 0_usize..200_000) {
            let plain = pattern(size);
            let object = sealed(&plain, 4096);
            let (from, to) = ((a % size).min(b % size), (a % size).max(b % size) + 1);
            let got = read(&key(1), 7, &object, from as u64..to as u64).unwrap();
            prop_assert_eq!(&got[..], &plain[from..to]);
        }
    }
}
