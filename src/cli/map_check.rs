//! `rightsdesk map check`

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Work with data maps
#[derive(Debug, Args)]
pub struct MapArgs {
    /// What to do with them
    #[command(subcommand)]
    pub command: MapCommand,
}

/// What to do with data maps.
#[derive(Debug, Subcommand)]
pub enum MapCommand {
    /// Compare data maps with their stores; changes nothing
    Check(MapCheckArgs),
}

/// Compare data maps with their stores; changes nothing
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk map check maps/shop.toml")]
pub struct MapCheckArgs {
    /// One data map; else all that the configuration names
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
}
