//! Parses the command line and runs it.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::process::ExitCode;

use futures::FutureExt;
use rightsdesk::ids::OsEntropy;
use rightsdesk::{cli, demo, telemetry};

fn main() -> ExitCode {
    if let Err(error) = telemetry::no_core_dumps() {
        #[expect(clippy::print_stderr, reason = "there is no log yet")]
        {
            eprintln!("core dumps cannot be switched off: {}", error.kind());
        }
        return cli::Exit::Wrong.into();
    }
    // Two crypto libraries could be linked one day; rustls then asks which. Fails only when it is
    // chosen already.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let open_demo = |dir: PathBuf, listen: SocketAddr| {
        async move { demo::open(&dir, listen, &OsEntropy).await }.boxed()
    };
    cli::main(std::env::args_os(), open_demo).into()
}
