//! Rightsdesk: the house.

pub mod archive;
pub mod clock;
pub mod db;
pub mod demo;
pub mod cli;
pub mod config;
pub mod domain;
pub mod ids;
pub mod job;
pub mod keys;
pub mod mail;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod web;
