//! The real binary over a store made for the occasion, driven as a person drives it.

pub(crate) mod service;
pub(crate) mod store;
pub(crate) mod visit;
