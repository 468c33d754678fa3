//! Segments: what one stretch of gathering leaves behind, sealed.
//!
//! Rows become a small zip with one NDJSON and one CSV entry. A file is one entry already, so it is
//! sealed as it will stand in the archive, without a container around it. What the caller keeps
//! (sealed, for it holds file names) is a [`Segment`]: where each entry's bytes are and all that
//! the final archive says about them.

use std::fmt;
use std::sync::Arc;

use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::container::{self, DosTime, Header, Method};
use super::deflate::{Deflated, Growing};
use super::vault::{SealedObject, Vault, VaultError};
use super::{csv, ndjson};
use crate::crash;
use crate::domain::record::{Origin, Shape, Value};
use crate::domain::right::Right;
use crate::ids::Entropy;
use crate::keys::stream::ArchiveKey;

/// Plain bytes of a segment's rows, both formats together, from which on it is full.
const FULL: usize = 16 * 1024 * 1024;

/// [`FULL`], as it is in this process.
pub fn full() -> usize {
    crash::size(FULL)
}

/// zlib's own middle: the sizes of `zip -6`.
pub(super) const LEVEL: u32 = 6;

/// Whether a value or file of this origin belongs into the answer to `right`.
pub const fn takes(right: Right, origin: Origin) -> bool {
    match right {
        Right::Access => true,
        Right::Export => origin.is_portable(),
        // Answered by a letter, in words, or by a receipt.
        _ => false,
    }
}

/// A SHA-256, written in lower-case hex.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Sha256Sum(pub [u8; 32]);

impl Sha256Sum {
    pub(super) fn of(bytes: &[u8]) -> Self {
        Self(Sha256::digest(bytes).into())
    }
}

impl fmt::Display for Sha256Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&HEXLOWER.encode(&self.0))
    }
}

impl fmt::Debug for Sha256Sum {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Sha256Sum({self})")
    }
}

impl Serialize for Sha256Sum {
    fn serialize<S: serde::Serializer>(&self, to: S) -> Result<S::Ok, S::Error> {
        to.collect_str(self)
    }
}

impl<'de> Deserialize<'de> for Sha256Sum {
    fn deserialize<D: serde::Deserializer<'de>>(from: D) -> Result<Self, D::Error> {
        let text = std::borrow::Cow::<'de, str>::deserialize(from)?;
        let bytes = HEXLOWER.decode(text.as_bytes()).ok();
        let sum = bytes.and_then(|bytes| bytes.try_into().ok()).map(Self);
        sum.ok_or_else(|| serde::de::Error::custom("not a SHA-256 in lower-case hex"))
    }
}

/// The two formats of rows.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// One JSON object a line.
    Ndjson,
    /// For spreadsheets.
    Csv,
}

impl Format {
    /// The ending of its files.
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Ndjson => "ndjson",
            Self::Csv => "csv",
        }
    }
}

/// What an entry holds.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case", tag = "is")]
pub enum Content {
    /// Rows of a collection.
    Rows {
        /// The table's name as the map writes it.
        collection: String,
        /// How they are written.
        format: Format,
        /// How many.
        rows: u64,
        /// A value in it got a leading `'`.
        escaped: bool,
    },
    /// A file.
    File {
        /// The name the person would know it by.
        original: String,
        /// What it is.
        category: String,
    },
}

/// One entry of the final archive, finished.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Entry {
    /// What it holds.
    #[serde(flatten)]
    pub content: Content,
    /// Bytes as the person gets them.
    pub size: u64,
    /// Their CRC-32.
    pub crc: u32,
    /// Their SHA-256.
    pub sha256: Sha256Sum,
    /// How they stand in the archive.
    pub method: Method,
    /// Bytes in the archive.
    pub packed: u64,
    /// SHA-256 of the bytes in the archive.
    pub packed_sha256: Sha256Sum,
    /// Where they begin in the plain segment.
    pub offset: u64,
}

impl fmt::Debug for Entry {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let kind = match &self.content {
            Content::Rows { collection, .. } => collection,
            Content::File { .. } => "a file",
        };
        write!(f, "Entry({kind}, {} bytes)", self.size)
    }
}

/// What one stretch of gathering has left behind.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Segment {
    /// The store it is from, by its name in the maps.
    pub store: String,
    /// The sealed object.
    pub object: SealedObject,
    /// Its entries.
    pub entries: Vec<Entry>,
}

/// Rows of one collection that are to become a segment.
pub struct SegmentBuilder {
    store: String,
    shape: Arc<Shape>,
    /// Which columns leave, and their names in NDJSON.
    columns: Vec<(usize, Vec<u8>)>,
    ndjson: Growing,
    csv: Growing,
    rows: u64,
    escaped: bool,
    full: usize,
}

impl SegmentBuilder {
    /// Starts a segment of `shape`; `None` when no column of it belongs into the answer.
    pub fn new(right: Right, store: &str, shape: &Arc<Shape>) -> Option<Self> {
        let taken = |(at, column): (usize, &crate::domain::record::Column)| {
            (takes(right, column.origin) && !column.category.is_secret())
                .then(|| (at, ndjson::name(&column.name)))
        };
        let columns: Vec<_> = shape.columns.iter().enumerate().filter_map(taken).collect();
        if columns.is_empty() {
            return None;
        }
        let mut csv = Growing::new();
        let names = columns.iter().map(|(at, _)| &*shape.columns[*at].name);
        let escaped = csv::write_header(&mut csv.fresh, names);
        let (store, shape) = (store.to_owned(), Arc::clone(shape));
        let ndjson = Growing::new();
        Some(Self { store, shape, columns, ndjson, csv, rows: 0, escaped, full: full() })
    }

    /// Whether rows of `shape` may be added.
    pub fn is_for(&self, shape: &Shape) -> bool {
        *self.shape == *shape
    }

    /// Adds rows until the segment is full, and gives how many it took. A segment without rows
    /// takes one in any case, however large. Rows are compressed at once, so this is work for a
    /// blocking thread.
    pub fn push(&mut self, rows: &[Vec<Value>]) -> usize {
        let mut taken = 0;
        for row in rows {
            if self.is_full() {
                break;
            }
            let values = self.columns.iter().map(|(at, _)| row.get(*at).unwrap_or(&Value::Null));
            let names = self.columns.iter().map(|(_, name)| &name[..]);
            ndjson::write_row(&mut self.ndjson.fresh, names.zip(values.clone()));
            self.escaped |= csv::write_row(&mut self.csv.fresh, values);
            self.ndjson.settle();
            self.csv.settle();
            self.rows += 1;
            taken += 1;
        }
        taken
    }

    /// Whether it is time to write it.
    pub fn is_full(&self) -> bool {
        self.size() >= self.full
    }

    /// Bytes so far, as they will be given.
    pub fn size(&self) -> usize {
        self.ndjson.size() + self.csv.size()
    }

    /// Rows so far.
    pub fn rows(&self) -> u64 {
        self.rows
    }

    /// Seals and stores. `part` is the number of the segment in its archive, never used for
    /// another; a collection's files are numbered in its order.
    pub async fn write(
        self,
        vault: &Vault,
        key: &ArchiveKey,
        part: u32,
        entropy: &dyn Entropy,
    ) -> Result<Segment, VaultError> {
        let store = self.store.clone();
        let packed = tokio::task::spawn_blocking(move || self.pack()).await;
        let (pieces, entries) = packed.map_err(|_| VaultError::Unavailable)?;
        let mut writer = vault.writer(key, part, entropy);
        let mut written = Ok(());
        for piece in pieces {
            written = writer.write(&piece).await;
            if written.is_err() {
                break;
            }
        }
        let object = writer.close(written).await?;
        Ok(Segment { store, object, entries })
    }

    /// The zip, in pieces, and what stands in it.
    fn pack(self) -> (Vec<Vec<u8>>, Vec<Entry>) {
        let (mut pieces, mut entries, mut directory) = (Vec::new(), Vec::new(), Vec::new());
        let mut offset = 0;
        for (format, growing) in [(Format::Ndjson, self.ndjson), (Format::Csv, self.csv)] {
            let Deflated { packed: bytes, size, crc, sha256 } = growing.finish();
            let (method, packed) = (Method::Deflated, bytes.len() as u64);
            let (name, time) = (format.ending().to_owned(), DosTime::FIRST);
            let header = Header { name, method, time, crc, size, packed, offset };
            directory.extend(header.central());
            let local = header.local();
            offset += local.len() as u64;
            entries.push(Entry {
                content: Content::Rows {
                    collection: self.shape.collection.clone(),
                    format,
                    rows: self.rows,
                    escaped: self.escaped && format == Format::Csv,
                },
                size,
                crc,
                sha256,
                method,
                packed,
                packed_sha256: Sha256Sum::of(&bytes),
                offset,
            });
            offset += packed;
            pieces.extend([local, bytes]);
        }
        let end = container::end(entries.len() as u64, directory.len() as u64, offset);
        pieces.extend([directory, end]);
        (pieces, entries)
    }
}

impl fmt::Debug for SegmentBuilder {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SegmentBuilder({}, {} rows)", self.shape.collection, self.rows)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::category::Category;
    use crate::domain::record::Column;

    fn shape(columns: &[(&str, &str, Origin)]) -> Arc<Shape> {
        let column = |&(name, category, origin): &(&str, &str, Origin)| Column {
            name: name.into(),
            category: Category::parse(category).unwrap(),
            origin,
        };
        Arc::new(Shape { collection: "t".into(), columns: columns.iter().map(column).collect() })
    }

    #[test]
    fn an_export_takes_what_was_provided_and_observed() {
        let shape = shape(&[
            ("mail", "user.contact.email", Origin::Provided),
            ("score", "user.behavior", Origin::Inferred),
            ("seen", "user.behavior", Origin::Observed),
        ]);
        let row = vec![Value::Text("a".into()), Value::Int(1), Value::Int(2)];
        let mut access = SegmentBuilder::new(Right::Access, "s", &shape).unwrap();
        let mut export = SegmentBuilder::new(Right::Export, "s", &shape).unwrap();
        access.push(std::slice::from_ref(&row));
        export.push(&[row]);
        assert_eq!(access.csv.fresh, b"mail,score,seen\r\na,1,2\r\n");
        assert_eq!(export.ndjson.fresh, b"{\"mail\":\"a\",\"seen\":2}\n");
    }

    #[test]
    fn a_segment_is_a_zip_whose_entries_lie_where_it_says() {
        use std::io::{Cursor, Read};
        let shape = shape(&[("a", "user.content", Origin::Provided)]);
        let mut builder = SegmentBuilder::new(Right::Access, "s", &shape).unwrap();
        builder.push(&vec![vec![Value::Text("=x".repeat(50_000))]; 3]);
        let (pieces, entries) = builder.pack();
        let mut zip = zip::ZipArchive::new(Cursor::new(pieces.concat())).unwrap();
        assert_eq!(zip.len(), entries.len());
        for (at, entry) in entries.iter().enumerate() {
            let mut read = zip.by_index(at).unwrap();
            assert_eq!(read.data_start(), Some(entry.offset));
            let mut plain = Vec::new();
            read.read_to_end(&mut plain).unwrap();
            assert_eq!(Sha256Sum::of(&plain), entry.sha256);
            assert_eq!(plain.len() as u64, entry.size);
        }
    }

    #[test]
    fn a_shape_without_a_column_to_give_makes_no_segment() {
        let inferred = shape(&[("score", "user.behavior", Origin::Inferred)]);
        assert!(SegmentBuilder::new(Right::Export, "s", &inferred).is_none());
        let secret = shape(&[("hash", "user.authorization.password", Origin::Provided)]);
        assert!(SegmentBuilder::new(Right::Access, "s", &secret).is_none());
    }

    #[test]
    fn a_full_segment_takes_no_more_and_an_empty_one_takes_anything() {
        let shape = shape(&[("a", "user.content", Origin::Provided)]);
        let mut builder = SegmentBuilder::new(Right::Access, "s", &shape).unwrap();
        builder.full = 100;
        let rows = vec![vec![Value::Text("x".repeat(20))]; 10];
        let taken = builder.push(&rows);
        assert!((1..10).contains(&taken), "{taken}");
        assert_eq!(builder.push(&rows), 0);
        let mut builder = SegmentBuilder::new(Right::Access, "s", &shape).unwrap();
        builder.full = 10;
        assert_eq!(builder.push(&[vec![Value::Text("x".repeat(200))]]), 1);
    }
}
