//! `rightsdesk map …`

use std::path::Path;

use clap::{Args, Subcommand};

use super::report::Report;
use super::{Exit, map_check, map_draft, map_show};

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
    /// Write a first data map from a database's catalogue; shows no value of it
    Draft(map_draft::MapDraftArgs),
    /// Compare data maps with their stores; changes nothing
    Check(map_check::MapCheckArgs),
    /// Show who finds what through what, as text and as a picture
    Show(map_show::MapShowArgs),
}

/// Runs one of them.
pub async fn run(args: &MapArgs, config: &Path, report: &mut Report) -> Exit {
    match &args.command {
        MapCommand::Draft(args) => map_draft::run(args, report).await,
        MapCommand::Check(args) => map_check::run(args, config, report).await,
        MapCommand::Show(args) => map_show::run(args, config, report),
    }
}
