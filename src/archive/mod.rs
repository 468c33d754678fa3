//! Archives.

mod container;
mod csv;
pub mod names;
mod ndjson;
