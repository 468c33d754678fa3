//! The program is killed at the worst moments and started again, and nothing is lost.
//!
//! A *house* is one installation under test: on SQLite one process with a folder, on PostgreSQL
//! three processes with S3-compatible storage. A crowd of people asks, is mailed, fetches, withdraws
//! and writes, while processes get SIGKILL at random moments or at named points of the program. The
//! mail server and the proxy before a person's store misbehave by themselves and keep journals. When
//! all is quiet again, `check` compares what the people were told, what the mail server took and what
//! is stored.
//!
//! - `RIGHTSDESK_TEST_KILLS=200` kills so often (default 25) in each of the two random runs.
//! - `RIGHTSDESK_TEST_SEED=N` repeats the choices of a run; every run prints its seed. Moments are
//!   never quite the same twice.
//! - `RIGHTSDESK_TEST_POSTGRES` is the server for the runs on PostgreSQL.
//! - Named points need a binary with the feature `crash-points`: `cargo test --features
//!   crash-points`, as `tests/run` does.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "all of this is a test")]

mod check;
mod client;
mod clock;
mod database;
mod deletion;
mod dice;
mod full;
mod house;
mod journey;
mod mail;
mod node;
mod people;
mod points;
mod program;
mod proxy;
mod quiet;
mod random;
mod restart;
mod run;
mod s3;

mod stopped;
mod story;

#[path = "../it/support/mod.rs"]
#[expect(dead_code, reason = "the tests in tests/it need more of it")]
mod support;
