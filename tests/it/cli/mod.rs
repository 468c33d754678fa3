//! The command line: what each command says, to people and to scripts, and how it ends.

mod audit;
mod check;
mod config;
mod deadlines;
mod export;
mod keys;
mod map;
mod map_draft;
mod start;
mod token;
