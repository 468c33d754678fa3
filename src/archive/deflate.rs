//! An entry deflated as it grows, so that its plain bytes are never held as a whole.

use std::io::Write;

use flate2::Compression;
use flate2::write::DeflateEncoder;
use sha2::{Digest, Sha256};

use super::segment::{LEVEL, Sha256Sum};

/// Plain bytes that are deflated together.
const STEP: usize = 64 * 1024;

/// An entry that grows.
pub(super) struct Growing {
    /// Plain bytes that are not deflated yet; more are appended here.
    pub(super) fresh: Vec<u8>,
    encoder: DeflateEncoder<Vec<u8>>,
    crc: crc32fast::Hasher,
    sha: Sha256,
    settled: usize,
}

/// An entry that is whole.
pub(super) struct Deflated {
    /// Its bytes in the archive.
    pub(super) packed: Vec<u8>,
    /// Its plain bytes.
    pub(super) size: u64,
    pub(super) crc: u32,
    pub(super) sha256: Sha256Sum,
}

impl Growing {
    pub(super) fn new() -> Self {
        Self {
            fresh: Vec::with_capacity(STEP),
            encoder: DeflateEncoder::new(Vec::new(), Compression::new(LEVEL)),
            crc: crc32fast::Hasher::new(),
            sha: Sha256::new(),
            settled: 0,
        }
    }

    /// Plain bytes so far.
    pub(super) fn size(&self) -> usize {
        self.settled + self.fresh.len()
    }

    /// Deflates what was appended, once there is enough of it.
    pub(super) fn settle(&mut self) {
        if self.fresh.len() >= STEP {
            self.deflate();
        }
    }

    fn deflate(&mut self) {
        self.crc.update(&self.fresh);
        self.sha.update(&self.fresh);
        self.encoder.write_all(&self.fresh).expect("memory takes all");
        self.settled += self.fresh.len();
        self.fresh.clear();
        // One large value must not cost its room until the end.
        self.fresh.shrink_to(2 * STEP);
    }

    pub(super) fn finish(mut self) -> Deflated {
        self.deflate();
        Deflated {
            packed: self.encoder.finish().expect("memory takes all"),
            size: self.settled as u64,
            crc: self.crc.finalize(),
            sha256: Sha256Sum(self.sha.finalize().into()),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Read;

    use flate2::read::DeflateDecoder;

    use super::*;

    #[test]
    fn what_grew_in_pieces_is_the_whole() {
        let plain: Vec<u8> = (0..5 * STEP).map(|at| b"many rows\n"[at * 7 % 10]).collect();
        for piece in [1000, STEP, 5 * STEP] {
            let mut growing = Growing::new();
            for piece in plain.chunks(piece) {
                growing.fresh.extend_from_slice(piece);
                growing.settle();
            }
            assert_eq!(growing.size(), plain.len());
            let Deflated { packed, size, crc, sha256 } = growing.finish();
            let mut read = Vec::new();
            DeflateDecoder::new(&packed[..]).read_to_end(&mut read).unwrap();
            assert!(read == plain, "in pieces of {piece}");
            assert_eq!(size, plain.len() as u64);
            assert_eq!(crc, crc32fast::hash(&plain));
            assert_eq!(sha256, Sha256Sum::of(&plain));
        }
    }
}
