//! Rightsdesk: the house.

pub mod clock;
pub mod db;
pub mod domain;
pub mod ids;
pub mod job;
pub mod keys;
pub mod store;
pub mod text;
