//! Rightsdesk: requests of data-subject rights in, verified answers out, on time and with proof.
//!
//! This page is the map of the house; `ARCHITECTURE.md` walks one request through it. A room sees
//! what stands above it in this list, and none beside it on the same line:
//!
//! 0. [`crash`]: places to die at, for the crash tests alone
//! 1. [`clock`], [`ids`], [`keys`]: time, randomness, names and secrets, as values that are passed in
//! 2. [`domain`]: what a request is and what may happen to it; data in, data out
//! 3. [`text`]: every word that people read, in every language; [`meter`]: what is measured
//! 4. [`store`] (other people's data), [`archive`] (what a person gets), [`mail`], [`db`] (our own
//!    records), [`ledger`] (what outlives them), [`webhook`] (who is told)
//! 5. [`service`]: use cases, one verb a file, one transaction each
//! 6. [`web`] (pages) and [`job`] (everything that talks to the outside)
//! 7. [`telemetry`], [`config`], [`run`]: from a configuration to a running service
//! 8. [`demo`] (the sample company) and [`cli`] (the command line)

pub mod archive;
pub mod cli;
pub mod clock;
pub mod config;
pub mod crash;
pub mod db;
pub mod demo;
pub mod domain;
pub mod ids;
pub mod job;
pub mod keys;
pub mod ledger;
pub mod mail;
pub mod meter;
pub mod run;
pub mod service;
pub mod store;
pub mod telemetry;
pub mod text;
pub mod web;
pub mod webhook;
