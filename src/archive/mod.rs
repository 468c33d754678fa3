//! Archives.

pub mod container;
mod csv;
pub mod file;
pub mod names;
mod ndjson;
pub mod segment;
pub mod vault;
