//! The program from outside: the real binary on free ports and in folders of its own, asked over
//! HTTP, through its mails, on its command line and in a real browser.
//!
//! Tools of other people are demanded where `RIGHTSDESK_TEST_TOOLS` is 1, as under `tests/run`;
//! elsewhere a test without its tool says that it did not run.

#![expect(clippy::unwrap_used, clippy::print_stdout, reason = "all of this is a test")]

mod browser;
mod chinook;
mod cli;
mod clients;
mod contract;
mod correction;
mod demo;
mod flow;
mod metrics;
mod nodes;
mod restore;
mod secrets;
mod support;
mod webhooks;
