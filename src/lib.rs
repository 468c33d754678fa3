//! Rightsdesk: the house.

pub mod archive;
pub mod cli;
pub mod clock;
pub mod config;
pub mod db;
pub mod demo;
pub mod domain;
pub mod ids;
pub mod job;
pub mod keys;
pub mod mail;
pub mod run;
pub mod service;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod web;
