//! Reading the directory at the end, and comparing it with what our writer would have written.

use std::fs::File;
use std::io::{BufReader, Read, Seek, SeekFrom};

use super::super::container::{self, CENTRAL_FIXED, DosTime, END, END_64, Header, Method};
use super::super::names::EntryName;
use super::VerifyError;

/// Reads the directory of a file of `size` bytes. The entries it gives stand one behind the other
/// from the first byte on, in the order of their names, and fill everything before it.
pub(super) fn directory(file: &mut File, size: u64) -> Result<Vec<Header>, VerifyError> {
    let (count, begin, end) = ends(file, size)?;
    file.seek(SeekFrom::Start(begin))?;
    let mut reader = BufReader::with_capacity(1 << 20, &*file).take(end - begin);
    let (mut headers, mut next) = (Vec::<Header>::new(), 0_u64);
    for at in 0..count {
        let header = record(&mut reader).ok_or(VerifyError::Directory(at))?;
        let in_order = headers.last().is_none_or(|last| last.name < header.name);
        if header.offset != next || !in_order || EntryName::parse(&header.name).is_none() {
            return Err(VerifyError::Directory(at));
        }
        let length = header.local().len() as u64;
        next = next
            .checked_add(length)
            .and_then(|next| next.checked_add(header.packed))
            .filter(|next| *next <= begin)
            .ok_or(VerifyError::Directory(at))?;
        headers.push(header);
    }
    if next != begin || reader.limit() != 0 {
        return Err(VerifyError::Directory(count));
    }
    Ok(headers)
}

/// The number of entries, and where their directory begins and ends.
fn ends(file: &mut File, size: u64) -> Result<(u64, u64, u64), VerifyError> {
    let length = size.min(END_64 as u64);
    file.seek(SeekFrom::Start(size - length))?;
    let mut tail = Vec::with_capacity(END_64);
    file.take(length).read_to_end(&mut tail)?;
    let short = tail.len().checked_sub(END).ok_or(VerifyError::End)?;
    let fields = Fields(&tail[short..]);
    let small = (fields.u16(10).into(), fields.u32(12).into(), fields.u32(16).into());
    let fields = Fields(&tail);
    let large = (fields.u64(32), fields.u64(40), fields.u64(48));
    for (count, length, begin) in [small, large] {
        let Some(end) = begin.checked_add(length).filter(|end| *end < size) else {
            continue;
        };
        let expected = container::end(count, length, begin);
        if size - end == expected.len() as u64 && tail.ends_with(&expected) {
            return Ok((count, begin, end));
        }
    }
    Err(VerifyError::End)
}

/// One record; `None` unless it is, to the byte, what our writer writes for such an entry.
fn record(reader: &mut impl Read) -> Option<Header> {
    let mut bytes = vec![0; CENTRAL_FIXED];
    reader.read_exact(&mut bytes).ok()?;
    let fields = Fields(&bytes);
    let (name, extra) = (usize::from(fields.u16(28)), usize::from(fields.u16(30)));
    let mut header = Header {
        name: String::new(),
        method: match fields.u16(10) {
            0 => Method::Stored,
            8 => Method::Deflated,
            _ => return None,
        },
        time: DosTime { time: fields.u16(12), date: fields.u16(14) },
        crc: fields.u32(16),
        size: fields.u32(24).into(),
        packed: fields.u32(20).into(),
        offset: fields.u32(42).into(),
    };
    bytes.resize(CENTRAL_FIXED + name + extra, 0);
    reader.read_exact(&mut bytes[CENTRAL_FIXED..]).ok()?;
    let (name, extra) = bytes[CENTRAL_FIXED..].split_at(name);
    std::str::from_utf8(name).ok()?.clone_into(&mut header.name);
    // The zip64 field holds, in this order, what did not fit; comparing finds any other use.
    let mut wide = extra.get(4..).unwrap_or_default().chunks_exact(8);
    let full = u64::from(u32::MAX);
    if header.size == full && header.packed == full {
        header.size = number(wide.next()?);
        header.packed = number(wide.next()?);
    }
    if header.offset == full {
        header.offset = number(wide.next()?);
    }
    (header.central() == bytes).then_some(header)
}

fn number(bytes: &[u8]) -> u64 {
    bytes.try_into().map_or(0, u64::from_le_bytes)
}

/// Little-endian numbers at fixed places; zero behind the end, which no comparison survives.
struct Fields<'a>(&'a [u8]);

impl Fields<'_> {
    fn at<const N: usize>(&self, at: usize) -> [u8; N] {
        self.0.get(at..at + N).and_then(|bytes| bytes.try_into().ok()).unwrap_or([0; N])
    }

    fn u16(&self, at: usize) -> u16 {
        u16::from_le_bytes(self.at(at))
    }

    fn u32(&self, at: usize) -> u32 {
        u32::from_le_bytes(self.at(at))
    }

    fn u64(&self, at: usize) -> u64 {
        u64::from_le_bytes(self.at(at))
    }
}
