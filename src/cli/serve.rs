//! `rightsdesk serve`

use clap::{Args, ValueEnum};

/// Run the service
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk serve --config /etc/rightsdesk/rightsdesk.toml")]
pub struct ServeArgs {
    /// Which part of the service to run in this process
    #[arg(long, value_enum, default_value_t = Role::All)]
    pub role: Role,
}

/// A part of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Pages and jobs
    All,
    /// Pages only
    Web,
    /// Jobs only
    Worker,
}
