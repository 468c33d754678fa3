//! Rightsdesk: the house.

pub mod clock;
pub mod demo;
pub mod domain;
pub mod ids;
pub mod keys;
pub mod store;
pub mod text;
