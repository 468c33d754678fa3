//! `rightsdesk keys status` and `keys rotate`

use std::path::Path;

use clap::{Args, Subcommand};
use jiff::{SignedDuration, Timestamp};
use serde_json::json;

use super::Exit;
use super::report::{Problem, Report};
use crate::clock::{Clock as _, SystemClock};
use crate::config::{Config, environment};
use crate::db::Db;
use crate::db::reseal::ROTATION;
use crate::ids::OsEntropy;
use crate::keys::epoch::{Epoch, EpochKeys};
use crate::keys::root::{RootKey, RootKeyId};
use crate::keys::rotation;
use crate::keys::signing::SigningKey;
use crate::run::{House, StartProblem, database_problem, epoch_problem};

/// Rows sealed anew in one transaction.
const BATCH: u64 = 200;
/// What the fact says while values are sealed anew; then the instant when it was done.
const UNDER_WAY: &str = "under way";
/// Keyed hashes whose value is gone cannot be made anew. None of them is used longer than this.
const HASHES_LAST: SignedDuration = SignedDuration::from_hours(31 * 24);

/// Work with keys
#[derive(Debug, Args)]
pub struct KeysArgs {
    /// What to do
    #[command(subcommand)]
    pub command: KeysCommand,
}

/// What to do with keys.
#[derive(Debug, Subcommand)]
pub enum KeysCommand {
    /// Show every key, and what still needs it
    Status(StatusArgs),
    /// Make a new root key and seal everything anew under it; the service has to be stopped
    Rotate(RotateArgs),
}

/// Show every key, and what still needs it
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk keys status --json")]
pub struct StatusArgs {}

/// Make a new root key and seal everything anew under it; the service has to be stopped
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk keys rotate --config rightsdesk.toml")]
pub struct RotateArgs {
    /// Make no new key: remove the older ones that nothing needs any more
    #[arg(long)]
    pub finish: bool,
}

/// Runs it.
pub async fn run(args: &KeysArgs, file: &Path, report: &mut Report) -> Exit {
    let config = match Config::load(file, &environment) {
        Ok(config) => config,
        Err(errors) => {
            return report.refuse(&errors.into_iter().map(Problem::from).collect::<Vec<_>>());
        }
    };
    let done = match &args.command {
        KeysCommand::Status(_) => status(&config, report).await,
        KeysCommand::Rotate(RotateArgs { finish: true }) => finish(&config, report).await,
        KeysCommand::Rotate(RotateArgs { finish: false }) => rotate(&config, report).await,
    };
    done.unwrap_or_else(|problem| report.refuse(&[Problem::from(problem)]))
}

async fn status(config: &Config, report: &mut Report) -> Result<Exit, StartProblem> {
    let db = open(config).await?;
    let broken = |error| database_problem(config, &error);
    let keys = |error| StartProblem::from(config.keys.refuse(&error));
    let root = config.keys.root_key()?.id();
    let since = RootKey::written_at(&config.keys.dir.join(rotation::ROOT_KEY)).map_err(keys)?;
    let rows = db.sealed_under(root).await.map_err(broken)?;
    let since = since.map(|at| at.to_string());
    report.say(&format!(
        "root key {root}, in its file since {}: {rows} sealed value(s)",
        since.as_deref().unwrap_or("an unknown day")
    ));
    let mut older = Vec::new();
    let weekly = House::open_epochs(config)?;
    for need in needs(config, &db, &weekly).await? {
        let Need { id, rows, weeks, until } = need;
        let file = rotation::older_file(&config.keys.dir, id);
        let removable = need.is_over();
        let until = until.map(|until| until.to_string());
        let what = match (removable, &until) {
            (true, _) => "nothing needs it; `rightsdesk keys rotate --finish` removes it".into(),
            (false, Some(_)) if rows == 0 && weeks > 0 => {
                format!("kept for {weeks} epoch key(s), which go with their archives")
            }
            (false, Some(until)) if rows == 0 => format!("kept for keyed hashes until {until}"),
            _ => format!("{rows} sealed value(s); `rightsdesk keys rotate` seals them anew"),
        };
        report.say(&format!("older root key {id}: {what}"));
        older.push(json!({
            "id": id.to_string(), "file": file.display().to_string(), "rows": rows,
            "epochs": weeks, "needed_until": until, "removable": removable,
        }));
    }
    let mut epochs = Vec::new();
    let needed = db.archives_by_epoch().await.map_err(broken)?;
    let there = weekly.list().await.map_err(|error| epoch_problem(config, &error))?;
    let names: Vec<String> = there.iter().map(Epoch::to_string).collect();
    let place = config.keys.epochs.to_string();
    report.say(&format!("epoch keys lie in {place}"));
    for (week, archives) in &needed {
        let missing = !names.contains(week);
        let lost = if missing { "; its file is gone, they can be made again" } else { "" };
        report.say(&format!("epoch key {week}: {archives} archive(s){lost}"));
        epochs.push(json!({ "week": week, "archives": archives, "missing": missing }));
    }
    for week in names.iter().filter(|name| !needed.iter().any(|(week, _)| week == *name)) {
        report.say(&format!("epoch key {week}: no archive"));
        epochs.push(json!({ "week": week, "archives": 0, "missing": false }));
    }
    let signing = SigningKey::load(&config.keys.dir).map_err(keys)?.public().to_text();
    let signing = signing.lines().nth(1).unwrap_or_default();
    report.say(&format!("signing key, its public part: {signing}"));
    report.give(&json!({
        "ok": true, "root": { "id": root.to_string(), "since": since, "rows": rows },
        "older": older, "epochs": epochs, "epochs_in": place, "signing": signing,
    }));
    Ok(Exit::Well)
}

async fn rotate(config: &Config, report: &mut Report) -> Result<Exit, StartProblem> {
    if in_use(config).await? {
        return Ok(report.no(&running()));
    }
    let broken = |error| database_problem(config, &error);
    let db = open(config).await?;
    let unfinished = fact(&db).await.map_err(broken)?.as_deref() == Some(UNDER_WAY)
        || db.sealed_under_others().await.map_err(broken)? > 0;
    db.close().await.map_err(broken)?;
    if !unfinished {
        let id = rotation::replace(&config.keys.dir, &OsEntropy)
            .map_err(|error| StartProblem::from(config.keys.refuse(&error)))?;
        report.say(&format!("new root key {id}; the old one stays beside it"));
        // What started between the first look and the new file knows the old key alone.
        if in_use(config).await? {
            return Ok(report.no(&running()));
        }
    }
    let db = open(config).await?;
    set_fact(&db, UNDER_WAY).await.map_err(broken)?;
    let rows = db.reseal(BATCH, u64::MAX).await.map_err(broken)?;
    let left = db.sealed_under_others().await.map_err(broken)?;
    if left > 0 {
        return Ok(report.no(&Problem {
            code: "values_left",
            place: "own database".into(),
            message: format!("{left} value(s) are still under an older key; run it again"),
        }));
    }
    let now = SystemClock.now();
    set_fact(&db, &now.to_string()).await.map_err(broken)?;
    let root = db.root_key().to_string();
    let until = (now + HASHES_LAST).to_string();
    report.say(&format!("{rows} value(s) sealed anew under root key {root}; start the service"));
    report.say(&format!(
        "The older key files stay until {until}; then run `rightsdesk keys rotate --finish`. Put \
         the new root.key into your backup of keys now."
    ));
    report.give(&json!({ "ok": true, "root": root, "rows": rows, "older_until": until }));
    Ok(Exit::Well)
}

async fn finish(config: &Config, report: &mut Report) -> Result<Exit, StartProblem> {
    let db = open(config).await?;
    let (mut removed, mut kept) = (Vec::new(), Vec::new());
    for need in needs(config, &db, &House::open_epochs(config)?).await? {
        let id = need.id;
        if need.is_over() {
            rotation::remove_older(&config.keys.dir, id)
                .map_err(|error| StartProblem::from(config.keys.refuse(&error)))?;
            report.say(&format!(
                "removed older root key {id}; keep your copy of it as long as a backup of a store from \
                 before may be put back"
            ));
            removed.push(id.to_string());
        } else {
            let until = match need.until {
                None => "values are sealed anew".to_owned(),
                Some(_) if need.weeks > 0 => format!("{} epoch key(s) have gone", need.weeks),
                Some(at) => at.to_string(),
            };
            report.say(&format!("older root key {id} is needed until {until}"));
            kept.push(id.to_string());
        }
    }
    report.give(&json!({ "ok": kept.is_empty(), "removed": removed, "kept": kept }));
    Ok(if kept.is_empty() { Exit::Well } else { Exit::No })
}

/// What still needs an older root key.
struct Need {
    id: RootKeyId,
    /// Values in the database that are sealed under it.
    rows: u64,
    /// Epoch keys in a bucket that are. They are written once, and go with their archives.
    weeks: u64,
    /// Until when its hashes are used; `None` while the values are not all sealed anew.
    until: Option<Timestamp>,
}

impl Need {
    fn is_over(&self) -> bool {
        let hashes = self.until.is_none_or(|until| until > SystemClock.now());
        self.rows == 0 && self.weeks == 0 && !hashes
    }
}

/// Each older root key with what needs it.
async fn needs(config: &Config, db: &Db, weekly: &EpochKeys) -> Result<Vec<Need>, StartProblem> {
    let broken = |error| database_problem(config, &error);
    let older = config.keys.older_keys()?;
    if older.is_empty() {
        return Ok(Vec::new());
    }
    let done: Option<Timestamp> = fact(db).await.map_err(broken)?.and_then(|at| at.parse().ok());
    let mut sealed_by = Vec::new();
    let away = |error| epoch_problem(config, &error);
    for epoch in weekly.list().await.map_err(away)? {
        sealed_by.push(weekly.sealed_by(epoch).await.map_err(away)?);
    }
    let mut needs = Vec::new();
    for id in older.iter().map(RootKey::id) {
        let rows = db.sealed_under(id).await.map_err(broken)?;
        let weeks = sealed_by.iter().filter(|by| **by == Some(id)).count() as u64;
        needs.push(Need { id, rows, weeks, until: done.map(|at| at + HASHES_LAST) });
    }
    Ok(needs)
}

/// The database, its schema current.
async fn open(config: &Config) -> Result<Db, StartProblem> {
    let db = House::open_database(config).await?;
    db.require_current().await.map_err(|error| database_problem(config, &error))?;
    Ok(db)
}

async fn in_use(config: &Config) -> Result<bool, StartProblem> {
    Db::in_use(&House::database_url(config)).await.map_err(|error| database_problem(config, &error))
}

async fn fact(db: &Db) -> Result<Option<String>, crate::db::DbError> {
    db.begin_read().await?.fact(ROTATION).await
}

async fn set_fact(db: &Db, value: &str) -> Result<(), crate::db::DbError> {
    let tx = db.begin().await?;
    tx.set_fact(ROTATION, value).await?;
    tx.commit().await
}

fn running() -> Problem {
    Problem {
        code: "running",
        place: "own database".into(),
        message: "a process of the service uses it and knows only the old key; stop every one, \
                  run this again, then start them"
            .into(),
    }
}
