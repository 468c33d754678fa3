//! Rightsdesk: the house.

pub mod cli;
pub mod clock;
pub mod config;
pub mod domain;
pub mod ids;
pub mod keys;
pub mod store;
pub mod telemetry;
pub mod text;
