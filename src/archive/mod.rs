//! What a person gets: gathered piece by piece, sealed at once, finished into one signed zip, read
//! in any range, verified to the byte.
//!
//! 1. While a store is read, [`segment::SegmentBuilder`] takes rows and
//!    [`vault::Vault::write_file`] takes files; each makes a [`segment::Segment`], which the caller
//!    keeps (sealed) with the cursor.
//! 2. [`finish::finish`] makes the archive of an [`answer::Answer`] and its segments.
//! 3. [`vault::Vault::read`] gives any bytes of it to a download.
//! 4. [`verify::verify`] checks the downloaded file.
//!
//! `docs/archive-format.md` has both layouts, sealed and plain.

pub mod answer;
pub mod container;
mod csv;
mod deflate;
pub mod file;
pub mod finish;
mod layout;
mod look;
pub mod manifest;
pub mod names;
mod ndjson;
pub mod pages;
pub mod segment;
#[cfg(test)]
mod tests;
pub mod vault;
pub mod verify;
