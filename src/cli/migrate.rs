//! `rightsdesk migrate`

use clap::Args;

/// Bring the service's own database up to this version
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk migrate --config rightsdesk.toml")]
pub struct MigrateArgs {}
