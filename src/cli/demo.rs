//! `rightsdesk demo`

use std::net::SocketAddr;
use std::path::PathBuf;

use clap::Args;
use futures::future::BoxFuture;
use serde_json::json;

use super::Exit;
use super::report::{Problem, Report};
use super::serve::told_to_stop;
use crate::run::{Demo, StartProblem};

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

/// Opens a demo's folder and starts it. Handed in by `main`, since the demo is a house of its own.
pub type OpenDemo = fn(PathBuf, SocketAddr) -> BoxFuture<'static, Result<Demo, Vec<StartProblem>>>;

/// Runs until it is told to stop.
pub async fn run(args: &DemoArgs, open: OpenDemo, report: &mut Report) -> Exit {
    let told_to_stop = told_to_stop();
    let demo = match open(args.dir.clone(), args.listen).await {
        Ok(demo) => demo,
        Err(problems) => {
            return report.refuse(&problems.into_iter().map(Problem::from).collect::<Vec<_>>());
        }
    };
    let base = &demo.base_url;
    let officers: String = demo
        .staff
        .iter()
        .map(|one| {
            format!(
                "    {} ({})\n      password {}\n      authenticator secret {}\n",
                one.email, one.role, one.password, one.totp_secret
            )
        })
        .collect();
    report.say(&format!(
        "Rightsdesk is ready with a sample company.\n\n  \
         Request form  {base}/\n  \
         Mailbox       {base}/demo/mail\n  \
         Try           {}\n  \
         Console       {}\n{officers}\n\
         Ask for this address's data in the form, then type the code from the mailbox.\n\
         Ctrl-C ends it; the same command goes on with {}.",
        demo.try_addresses.first().map_or("", String::as_str),
        demo.console,
        args.dir.display()
    ));
    report.give(&json!({
        "form": format!("{base}/"),
        "console": demo.console,
        "mailbox": format!("{base}/demo/mail"),
        "try": demo.try_addresses,
        "staff": demo.staff,
        "config": demo.config,
    }));
    told_to_stop.await;
    demo.running.stop().await;
    Exit::Well
}
