//! `rightsdesk audit accept-restore`

use std::io::{self, BufRead as _, IsTerminal as _};
use std::path::Path;

use clap::Args;
use jiff::Timestamp;
use serde_json::{Value, json};

use super::open;
use crate::cli::Exit;
use crate::cli::report::{Problem, Report};
use crate::domain::received::{Lost, LostState};
use crate::run::House;
use crate::service::ServiceError;
use crate::service::outlet::{Agreement, NotRestorable, Restorable};

/// Say that the database is a restored backup and that what the ledger has signed since is lost
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk audit accept-restore --yes")]
pub struct AcceptRestoreArgs {
    /// Accept without being asked
    #[arg(long)]
    pub yes: bool,
}

/// 0 when it is accepted, 1 when there is nothing to accept or nobody said yes, 2 when it cannot be
/// looked at.
pub(super) async fn run(args: &AcceptRestoreArgs, config: &Path, report: &mut Report) -> Exit {
    let house = match open(config).await {
        Ok(house) => house,
        Err(problems) => return report.refuse(&problems),
    };
    match accept(args, &house, report).await {
        Ok(exit) => exit,
        Err(error) => report.refuse(&[Problem {
            code: error.word(),
            place: "audit trail".to_owned(),
            message: error.to_string(),
        }]),
    }
}

async fn accept(
    args: &AcceptRestoreArgs,
    house: &House,
    report: &mut Report,
) -> Result<Exit, ServiceError> {
    let found = match house.desk.restorable(&house.ledger).await? {
        Ok(found) => found,
        Err(none) => {
            let code = match none {
                NotRestorable::Agrees => "agrees",
                NotRestorable::Fault(_) => "no_restore",
            };
            let (place, message) = ("audit trail".to_owned(), none.to_string());
            return Ok(report.no(&Problem { code, place, message }));
        }
    };
    let Restorable { number, kept, newest, signed } = &found;
    let (from, to) = (kept.size, signed.size);
    let kept_at = house.ledger.kept_at(number - 1, to).await.ok().flatten();
    let (newest, kept_at) = (written(newest.as_deref()), told(kept_at));
    report.say(&format!("The database has {from} line(s), the newest of {newest}."));
    report.say(&format!("The ledger has signed for {to} line(s), kept there at {kept_at}."));
    report.say(&format!(
        "Lines {from} to {to} are lost: what happened in between stands nowhere any more. If nobody \
         restored a backup, somebody has written to the database: keep it, and do not accept."
    ));
    if !args.yes && !is_confirmed(report) {
        let (place, code) = ("audit trail".to_owned(), "not_accepted");
        let message = "nothing was changed; --yes accepts".to_owned();
        return Ok(report.no(&Problem { code, place, message }));
    }
    match house.desk.accept_restore(&house.ledger, &found).await? {
        Agreement::Agrees { .. } => {
            report.say("Accepted and signed. `rightsdesk audit verify` states it from now on.");
            let lost: Vec<Lost> = house.desk.lost_requests().await?;
            let waits = |one: &&Lost| one.state == LostState::Waiting;
            let lost: Vec<&Lost> = lost.iter().filter(waits).collect();
            for one in &lost {
                let deleted = if one.deleted { ", and its deletion was carried out" } else { "" };
                report.say(&format!(
                    "lost: {}  {}  received {}{deleted}",
                    one.reference, one.right, one.received_at
                ));
            }
            if !lost.is_empty() {
                report.say(
                    "Nothing is let out until an officer has settled them in the console, under \
                     \"After a restore\".",
                );
            }
            let restore = json!({ "from": from, "to": to });
            let references: Vec<&str> = lost.iter().map(|one| one.reference.as_str()).collect();
            report.give(&json!({ "ok": true, "restore": restore, "lost": references }));
            Ok(Exit::Well)
        }
        Agreement::Differs(fault) => {
            let (place, code) = ("audit trail".to_owned(), "differs");
            Ok(report.no(&Problem { code, place, message: fault.to_string() }))
        }
    }
}

/// When a line was written.
fn written(line: Option<&str>) -> String {
    let read = line.and_then(|line| serde_json::from_str::<Value>(line).ok());
    let at = read.and_then(|line| line["at"].as_str().map(str::to_owned));
    at.unwrap_or_else(|| "no time".to_owned())
}

fn told(at: Option<Timestamp>) -> String {
    at.map_or_else(|| "an unknown time".to_owned(), |at| at.to_string())
}

fn is_confirmed(report: &mut Report) -> bool {
    if !io::stdin().is_terminal() {
        return false;
    }
    report.ask("Type \"lost\" to accept this: ");
    let mut line = String::new();
    // Whoever closes the terminal has not said yes.
    io::stdin().lock().read_line(&mut line).is_ok() && line.trim() == "lost"
}
