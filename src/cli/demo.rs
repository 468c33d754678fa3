//! `rightsdesk demo`

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;

/// Run a sample company and the whole service in one process; needs no other software
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk demo --dir ./rightsdesk-demo")]
pub struct DemoArgs {
    /// Folder of the demo; made when it is not there, gone on with when it is
    #[arg(long, value_name = "DIR", default_value = "./rightsdesk-demo")]
    pub dir: PathBuf,
    /// Where to listen, on this machine only; the console takes the next free port
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080")]
    pub listen: SocketAddr,
}
