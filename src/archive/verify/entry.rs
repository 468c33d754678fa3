//! One entry: its header, and every byte behind it.

use std::io::{self, BufRead, Read};

use flate2::bufread::DeflateDecoder;
use sha2::{Digest, Sha256};

use super::super::container::{Header, Method};
use super::super::manifest::ManifestEntry;
use super::super::segment::Sha256Sum;
use super::VerifyError;

/// Verifies the entry that begins where `archive` stands, and leaves it behind its last byte.
/// `listed` is what the manifest says; the manifest itself has its signature instead.
pub(super) fn verify(
    archive: &mut impl BufRead,
    header: &Header,
    listed: Option<&ManifestEntry>,
) -> Result<(), VerifyError> {
    let expected = header.local();
    let mut local = vec![0; expected.len()];
    archive.read_exact(&mut local)?;
    if local != expected {
        return Err(VerifyError::Header(header.name.clone()));
    }
    let mut packed = Hashing { inner: archive.take(header.packed), sha: Sha256::new() };
    let read = match header.method {
        Method::Stored => sum(&mut packed, header.size),
        Method::Deflated => sum(&mut DeflateDecoder::new(&mut packed), header.size),
    };
    // An error of the decoder is one of the contents; nothing else can fail in memory.
    let unpacked = read.ok().flatten();
    let good = unpacked.is_some_and(|unpacked| {
        let packed_sum = Sha256Sum(packed.sha.finalize().into());
        let whole = packed.inner.limit() == 0 && unpacked.crc == header.crc;
        let sums = listed.is_none_or(|listed| {
            listed.sha256 == unpacked.sha256
                && listed.packed_sha256.unwrap_or(listed.sha256) == packed_sum
                && listed.packed_sha256.is_some() == (header.method == Method::Deflated)
        });
        whole && sums
    });
    if good { Ok(()) } else { Err(VerifyError::Contents(header.name.clone())) }
}

struct Unpacked {
    crc: u32,
    sha256: Sha256Sum,
}

/// Sums of what `from` gives; `None` unless it is exactly `size` bytes. Reads at most one more, so
/// that a small entry that unpacks without end is noticed at once.
fn sum(from: &mut impl Read, size: u64) -> io::Result<Option<Unpacked>> {
    let (mut crc, mut sha, mut many) = (crc32fast::Hasher::new(), Sha256::new(), 0);
    let mut from = from.take(size.saturating_add(1));
    let mut buffer = vec![0; 64 * 1024];
    loop {
        match from.read(&mut buffer)? {
            0 => break,
            read => {
                crc.update(&buffer[..read]);
                sha.update(&buffer[..read]);
                many += read as u64;
            }
        }
    }
    let unpacked = Unpacked { crc: crc.finalize(), sha256: Sha256Sum(sha.finalize().into()) };
    Ok((many == size).then_some(unpacked))
}

/// Hashes the packed bytes as they are used.
struct Hashing<R> {
    inner: io::Take<R>,
    sha: Sha256,
}

impl<R: BufRead> Read for Hashing<R> {
    fn read(&mut self, into: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(into)?;
        self.sha.update(&into[..read]);
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Hashing<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Ok(bytes) = self.inner.fill_buf() {
            self.sha.update(&bytes[..amount.min(bytes.len())]);
        }
        self.inner.consume(amount);
    }
}
