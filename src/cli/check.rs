//! `rightsdesk check`

use clap::Args;

/// Look at the configuration, the database, mail, archives, every store and every data map: a line each
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk check --json")]
pub struct CheckArgs {}
