//! The zip container, written and checked to the byte.
//!
//! Every header follows from the entry alone: sizes and checksum are known before and stand in the
//! local header, so there are no data descriptors, no extra fields but zip64 where a number does
//! not fit, no comments. That is what makes the same archive the same bytes, and what lets
//! [`super::verify`] compare instead of interpret. (APPNOTE 6.3.10, sections 4.3 to 4.5.)

use jiff::Timestamp;
use jiff::tz::TimeZone;

const MAX_32: u64 = 0xffff_ffff;
const MAX_16: u64 = 0xffff;
const VERSION: u16 = 20;
const VERSION_64: u16 = 45;
/// Made by Unix, so that the mode below counts.
const MADE_BY_UNIX: u16 = 3 << 8;
/// A plain file of mode 0644.
const MODE: u32 = 0o100_644 << 16;
/// Names are UTF-8.
const UTF8: u16 = 1 << 11;
const ZIP64_FIELD: u16 = 1;
/// Bytes of a local header before the name.
pub(super) const LOCAL_FIXED: usize = 30;
/// Bytes of a central record before the name.
pub(super) const CENTRAL_FIXED: usize = 46;
/// Bytes of the end of the directory, without and with zip64.
pub(super) const END: usize = 22;
/// With zip64.
pub(super) const END_64: usize = 56 + 20 + 22;

/// How an entry's bytes stand in the container.
#[derive(Debug, Clone, Copy, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// As they are.
    Stored,
    /// Deflated (RFC 1951).
    Deflated,
}

impl Method {
    pub(super) const fn code(self) -> u16 {
        match self {
            Self::Stored => 0,
            Self::Deflated => 8,
        }
    }
}

/// A date and time as MS-DOS has it: two seconds fine, from 1980 to 2107; ours are UTC.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct DosTime {
    pub(super) time: u16,
    pub(super) date: u16,
}

impl DosTime {
    /// The earliest there is, where the time says nothing.
    pub(super) const FIRST: Self = Self { time: 0, date: (1 << 5) | 1 };

    /// The time of `at`.
    pub fn of(at: Timestamp) -> Self {
        let at = at.to_zoned(TimeZone::UTC);
        let small = |number: i8| u16::try_from(number).unwrap_or(0);
        let year = u16::try_from(at.year().clamp(1980, 2107) - 1980).unwrap_or(0);
        Self {
            time: (small(at.hour()) << 11) | (small(at.minute()) << 5) | (small(at.second()) / 2),
            date: (year << 9) | (small(at.month()) << 5) | small(at.day()),
        }
    }
}

/// All that is said about one entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Header {
    pub(super) name: String,
    pub(super) method: Method,
    pub(super) time: DosTime,
    pub(super) crc: u32,
    pub(super) size: u64,
    pub(super) packed: u64,
    /// Where its local header begins.
    pub(super) offset: u64,
}

impl Header {
    /// Sizes go into a zip64 field together or not at all: a local header must have both.
    fn big_sizes(&self) -> bool {
        self.size >= MAX_32 || self.packed >= MAX_32
    }

    fn big_offset(&self) -> bool {
        self.offset >= MAX_32
    }

    /// The header before the entry's bytes.
    pub(super) fn local(&self) -> Vec<u8> {
        let mut extra = Vec::new();
        if self.big_sizes() {
            extra.extend(zip64_field(&[self.size, self.packed]));
        }
        let mut out = Vec::with_capacity(LOCAL_FIXED + self.name.len() + extra.len());
        out.extend_from_slice(b"PK\x03\x04");
        self.common(&mut out, self.big_sizes());
        put16(&mut out, extra.len());
        out.extend_from_slice(self.name.as_bytes());
        out.extend(extra);
        out
    }

    /// The record in the central directory.
    pub(super) fn central(&self) -> Vec<u8> {
        let mut numbers = Vec::new();
        if self.big_sizes() {
            numbers.extend([self.size, self.packed]);
        }
        if self.big_offset() {
            numbers.push(self.offset);
        }
        let extra = if numbers.is_empty() { Vec::new() } else { zip64_field(&numbers) };
        let big = !extra.is_empty();
        let mut out = Vec::with_capacity(CENTRAL_FIXED + self.name.len() + extra.len());
        out.extend_from_slice(b"PK\x01\x02");
        out.extend((MADE_BY_UNIX | version(big)).to_le_bytes());
        self.common(&mut out, big);
        put16(&mut out, extra.len());
        out.extend([0; 6]); // no comment, disk 0, no internal attributes
        out.extend(MODE.to_le_bytes());
        out.extend(cap32(self.offset).to_le_bytes());
        out.extend_from_slice(self.name.as_bytes());
        out.extend(extra);
        out
    }

    fn common(&self, out: &mut Vec<u8>, big: bool) {
        let (size, packed) = if self.big_sizes() {
            (u32::MAX, u32::MAX)
        } else {
            (cap32(self.size), cap32(self.packed))
        };
        out.extend(version(big).to_le_bytes());
        out.extend(UTF8.to_le_bytes());
        out.extend(self.method.code().to_le_bytes());
        out.extend(self.time.time.to_le_bytes());
        out.extend(self.time.date.to_le_bytes());
        out.extend(self.crc.to_le_bytes());
        out.extend(packed.to_le_bytes());
        out.extend(size.to_le_bytes());
        put16(out, self.name.len());
    }
}

/// What stands behind the central directory.
pub(super) fn end(entries: u64, directory_size: u64, directory_offset: u64) -> Vec<u8> {
    let mut out = Vec::with_capacity(END_64);
    if entries >= MAX_16 || directory_size >= MAX_32 || directory_offset >= MAX_32 {
        out.extend_from_slice(b"PK\x06\x06");
        out.extend(44_u64.to_le_bytes());
        out.extend((MADE_BY_UNIX | VERSION_64).to_le_bytes());
        out.extend(VERSION_64.to_le_bytes());
        out.extend([0; 8]); // disk 0, directory on disk 0
        for number in [entries, entries, directory_size, directory_offset] {
            out.extend(number.to_le_bytes());
        }
        out.extend_from_slice(b"PK\x06\x07");
        out.extend([0; 4]);
        out.extend((directory_offset + directory_size).to_le_bytes());
        out.extend(1_u32.to_le_bytes());
    }
    out.extend_from_slice(b"PK\x05\x06");
    out.extend([0; 4]); // disk 0, directory on disk 0
    let count = u16::try_from(entries).unwrap_or(u16::MAX).to_le_bytes();
    out.extend(count);
    out.extend(count);
    out.extend(cap32(directory_size).to_le_bytes());
    out.extend(cap32(directory_offset).to_le_bytes());
    out.extend([0; 2]); // no comment
    out
}

fn version(big: bool) -> u16 {
    if big { VERSION_64 } else { VERSION }
}

fn cap32(number: u64) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}

/// Lengths of names and extra fields, which are a few hundred bytes at most.
fn put16(out: &mut Vec<u8>, length: usize) {
    out.extend(u16::try_from(length).unwrap_or(u16::MAX).to_le_bytes());
}

fn zip64_field(numbers: &[u64]) -> Vec<u8> {
    let mut out = ZIP64_FIELD.to_le_bytes().to_vec();
    put16(&mut out, numbers.len() * 8);
    out.extend(numbers.iter().flat_map(|number| number.to_le_bytes()));
    out
}

#[cfg(test)]
mod tests {
    use std::io::{Cursor, Read, Seek, SeekFrom};

    use super::*;

    fn header(size: u64, packed: u64, offset: u64) -> Header {
        let time = DosTime::of("2026-11-20T12:34:57Z".parse().unwrap());
        let name = "data/ü.csv".to_owned();
        Header { name, method: Method::Stored, time, crc: 7, size, packed, offset }
    }

    #[test]
    fn numbers_that_fit_need_no_zip64() {
        let fits = header(MAX_32 - 1, MAX_32 - 1, MAX_32 - 1);
        assert_eq!(fits.local().len(), LOCAL_FIXED + fits.name.len());
        assert_eq!(fits.central().len(), CENTRAL_FIXED + fits.name.len());
        assert_eq!(fits.local()[4..6], [20, 0]);
        assert_eq!(end(MAX_16 - 1, MAX_32 - 1, MAX_32 - 1).len(), END);
    }

    #[test]
    fn each_number_that_does_not_fit_goes_into_zip64() {
        for (big, local, central) in [
            (header(MAX_32, 5, 5), 20, 20),
            (header(5, MAX_32, 5), 20, 20),
            (header(5, 5, MAX_32), 0, 12),
            (header(MAX_32 + 9, MAX_32 + 9, MAX_32 + 9), 20, 28),
        ] {
            assert_eq!(big.local().len(), LOCAL_FIXED + big.name.len() + local);
            assert_eq!(big.central().len(), CENTRAL_FIXED + big.name.len() + central);
            assert_eq!(big.central()[6..8], [45, 0]);
        }
        assert_eq!(end(MAX_16, 1, 1).len(), END_64);
        assert_eq!(end(1, MAX_32, 1).len(), END_64);
        assert_eq!(end(1, 1, MAX_32).len(), END_64);
    }

    #[test]
    fn times_are_as_ms_dos_has_them() {
        // 12 h, 34 min, 28 times two seconds; 46 years after 1980, November, the 20th.
        let time = DosTime::of("2026-11-20T12:34:57Z".parse().unwrap());
        assert_eq!(time, DosTime { time: 0x645c, date: 0x5d74 });
        assert_eq!(DosTime::of(Timestamp::UNIX_EPOCH).date >> 9, 0);
    }

    /// A file of more than 4 GiB that holds nothing but what a test puts at two places.
    struct Sparse {
        gap: u64,
        first: Vec<u8>,
        last: Vec<u8>,
        at: u64,
    }

    impl Read for Sparse {
        fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
            let (first, last) = (self.first.len() as u64, self.first.len() as u64 + self.gap);
            let n = if self.at < first {
                Cursor::new(&self.first[usize::try_from(self.at).unwrap()..]).read(into)?
            } else if self.at < last {
                let n = into.len().min(usize::try_from(last - self.at).unwrap());
                into[..n].fill(0);
                n
            } else {
                Cursor::new(&self.last[usize::try_from(self.at - last).unwrap()..]).read(into)?
            };
            self.at += n as u64;
            Ok(n)
        }
    }

    impl Seek for Sparse {
        fn seek(&mut self, to: SeekFrom) -> std::io::Result<u64> {
            let end = (self.first.len() + self.last.len()) as u64 + self.gap;
            self.at = match to {
                SeekFrom::Start(at) => at,
                SeekFrom::End(by) => end.saturating_add_signed(by),
                SeekFrom::Current(by) => self.at.saturating_add_signed(by),
            };
            Ok(self.at)
        }
    }

    #[test]
    fn a_foreign_reader_understands_an_entry_of_five_gigabytes_and_what_follows_it() {
        let big = header(5 << 30, 5 << 30, 0);
        let first = big.local();
        let behind = first.len() as u64 + big.packed;
        let mut small = header(0, 0, behind);
        small.name = "z".into();
        small.crc = 0;
        let mut last = small.local();
        let directory = behind + last.len() as u64;
        let records = [big.central(), small.central()].concat();
        last.extend_from_slice(&records);
        last.extend(end(2, records.len() as u64, directory));
        let file = Sparse { gap: big.packed, first, last, at: 0 };
        let mut archive = zip::ZipArchive::new(file).unwrap();
        let entry = archive.by_index_raw(0).unwrap();
        assert_eq!((entry.name().unwrap().as_ref(), entry.size()), ("data/ü.csv", 5 << 30));
        drop(entry);
        let mut entry = archive.by_name("z").unwrap();
        assert_eq!(entry.header_start(), behind);
        assert_eq!(entry.read_to_end(&mut Vec::new()).unwrap(), 0);
    }
}
