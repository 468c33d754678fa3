//! What browsers meet.

pub mod asset;
pub mod view;
