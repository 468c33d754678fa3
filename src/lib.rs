//! Rightsdesk: the house.

pub mod clock;
pub mod domain;
pub mod ids;
pub mod keys;
pub mod store;
pub mod text;
pub mod web;
