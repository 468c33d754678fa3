//! `rightsdesk replay-deletions`

use std::collections::BTreeSet;
use std::path::Path;

use clap::Args;
use jiff::Timestamp;
use serde_json::json;

use super::Exit;
use super::check::{bad, well};
use super::report::{Check, Problem, Report};
use crate::config::{Config, environment};
use crate::domain::replay::{LeftWhy, REPLAY_LIFE, Replay, ReplayState};
use crate::run::{House, StartProblem, database_problem};
use crate::service::replay::ReplayFound;

/// After a store was restored from a backup, plan to delete again what was deleted since
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  \
    rightsdesk replay-deletions --since 2026-11-20T03:00:00Z --store shop")]
pub struct ReplayArgs {
    /// When the backup was made: deletions from then on are looked for
    #[arg(long, value_name = "TIME")]
    pub since: Timestamp,
    /// A store that was restored; may repeat; else all are looked at
    #[arg(long = "store", value_name = "NAME")]
    pub stores: Vec<String>,
}

/// Looks in the stores and keeps the plan for an officer. 0 when all that is back can go again, 1
/// when something of it is left, 2 when it cannot be looked at.
pub async fn run(args: &ReplayArgs, file: &Path, report: &mut Report) -> Exit {
    match look(args, file).await {
        Ok((found, console)) => tell(&found, &console, report),
        Err(problems) => {
            report.refuse(&problems.into_iter().map(Problem::from).collect::<Vec<_>>())
        }
    }
}

async fn look(args: &ReplayArgs, file: &Path) -> Result<(ReplayFound, String), Vec<StartProblem>> {
    let config = Config::load(file, &environment)
        .map_err(|errors| errors.into_iter().map(StartProblem::from).collect::<Vec<_>>())?;
    let house = House::open(&config, &environment).await?;
    house.db.require_current().await.map_err(|error| vec![database_problem(&config, &error)])?;
    let wrong = |place: &str, code, message: &str| vec![StartProblem::new(code, place, message)];
    if let Some(name) = args.stores.iter().find(|name| !house.stores.contains_key(*name)) {
        let known: Vec<&str> = house.stores.keys().map(String::as_str).collect();
        let message = format!("no data map has a store {name}; there are: {}", known.join(", "));
        return Err(wrong("--store", "store", &message));
    }
    let only: BTreeSet<String> = args.stores.iter().cloned().collect();
    let found = house.desk.plan_replay(&house.ledger, args.since, &only).await;
    let found = found.map_err(|error| wrong("ledger", error.word(), &error.to_string()))?;
    Ok((found, format!("{}/console/replays", config.console.base_url)))
}

fn tell(found: &ReplayFound, console: &str, report: &mut Report) -> Exit {
    let replay = &found.replay;
    report.say(&format!(
        "The ledger knows of {} deletion(s) since {}.",
        found.deletions, replay.since
    ));
    for line in &replay.lines {
        report.say(&format!(
            "{}  {}  {}  {}  {} rows",
            line.reference, line.store, line.collection, line.method, line.rows
        ));
    }
    for left in &replay.left {
        report.say(&format!(
            "left: {}  {}  {}  {} rows: {}",
            left.reference,
            left.store,
            left.collection,
            left.rows,
            because(left.why)
        ));
    }
    let waits = !replay.lines.is_empty();
    if waits {
        report.say(&format!(
            "{} row(s) of {} deletion(s) are there again. Nothing was changed: an officer approves \
             plan {} at {console}, and the service carries it out.",
            replay.rows(),
            replay.deletions(),
            replay.digest.short()
        ));
    } else if replay.left.is_empty() {
        report.say("Nothing of them is there again.");
    }
    report.give(&json!({
        "ok": replay.left.is_empty(),
        "deletions": found.deletions,
        "plan": waits.then(|| replay.digest.as_str()),
        "steps": replay.lines,
        "left": replay.left,
        "approve_at": waits.then_some(console),
    }));
    if replay.left.is_empty() { Exit::Well } else { Exit::No }
}

/// Whether something that a restore brought back waits for an officer.
pub(super) async fn check(house: &House, config: &Config) -> Check {
    let now = house.desk.now();
    let replays = match house.desk.replays().await {
        Ok(replays) => replays,
        Err(error) => return bad("replays", error),
    };
    let waits = |replay: &&Replay| {
        replay.state == ReplayState::Waiting && replay.made_at + REPLAY_LIFE > now
    };
    let ill = |replay: &Replay| {
        replay.lines.iter().any(|line| !line.fate.is_open() && !line.fate.is_well())
    };
    if let Some(replay) = replays.iter().find(waits) {
        let at = &config.console.base_url;
        let (rows, many) = (replay.rows(), replay.deletions());
        return bad(
            "replays",
            format!(
                "{rows} row(s) of {many} deletion(s) are there again and wait for an officer \
                 at {at}/console/replays"
            ),
        );
    }
    if replays.first().is_some_and(ill) {
        let message = "not all that a restore brought back went again; see the console, After a \
                       restore, and run `rightsdesk replay-deletions` once more";
        return bad("replays", message);
    }
    well("replays", "nothing that was deleted waits to be deleted again")
}

const fn because(why: LeftWhy) -> &'static str {
    match why {
        LeftWhy::Other => {
            "they hold something else than what was deleted; if nobody has come anew, \
                           delete them by a request"
        }
        LeftWhy::Anew => "the person's own row is another one by now",
        LeftWhy::Unreached => "no key of the person leads to them, or the data map has changed",
        LeftWhy::Blocked => "something stands in the way, as rows that refer to them",
        LeftWhy::Protected => "the keys are of somebody under [deletion] protected",
        LeftWhy::Held => "the person's data are held",
        LeftWhy::Unseen => "the store could not be looked at; see `rightsdesk check`",
        LeftWhy::Keyless => {
            "nobody can tell whether they are there: they were written down under an \
                             older root key; put its file root.ID.key back into [keys] dir"
        }
    }
}
