//! `rightsdesk archive verify`

use std::path::PathBuf;

use clap::{Args, Subcommand};

/// Work with archives
#[derive(Debug, Args)]
pub struct ArchiveArgs {
    /// What to do with them
    #[command(subcommand)]
    pub command: ArchiveCommand,
}

/// What to do with archives.
#[derive(Debug, Subcommand)]
pub enum ArchiveCommand {
    /// Read a downloaded archive strictly: every entry, every hash, the signature
    Verify(ArchiveVerifyArgs),
}

/// Read a downloaded archive strictly: every entry, every hash, the signature
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  rightsdesk archive verify R-7F3K9Q2M.zip --key signing-key.pub"
)]
pub struct ArchiveVerifyArgs {
    /// The downloaded zip
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The published key; else the configuration's. A key inside the archive is never trusted
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}
