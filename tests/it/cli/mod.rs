//! The command line: what each command says, to people and to scripts, and how it ends.

mod check;
mod config;
mod keys;
mod map;
mod start;
