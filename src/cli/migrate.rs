//! `rightsdesk migrate`

use std::path::Path;

use clap::Args;
use serde_json::json;

use super::Exit;
use super::report::{Problem, Report};
use crate::config::{Config, environment};
use crate::run::{House, StartProblem, database_problem};

/// Bring the service's own database up to this version
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk migrate --config rightsdesk.toml")]
pub struct MigrateArgs {}

/// Applies what is pending. A SQLite file is copied before.
pub async fn run(file: &Path, report: &mut Report) -> Exit {
    let migrated = async {
        let config = Config::load(file, &environment)
            .map_err(|errors| errors.into_iter().map(StartProblem::from).collect::<Vec<_>>())?;
        let db = House::open_database(&config).await.map_err(|problem| vec![problem])?;
        let broken = |error| vec![database_problem(&config, &error)];
        let pending = db.pending_migrations().await.map_err(broken)?;
        let copy = db.migrate_with_copy().await.map_err(broken)?;
        Ok::<_, Vec<StartProblem>>((pending, copy))
    };
    let (applied, copy) = match migrated.await {
        Ok(done) => done,
        Err(problems) => {
            return report.refuse(&problems.into_iter().map(Problem::from).collect::<Vec<_>>());
        }
    };
    let copy = copy.map(|path| path.display().to_string());
    if applied.is_empty() {
        report.say("The database is up to date.");
    }
    for name in &applied {
        report.say(&format!("applied {name}"));
    }
    if let Some(copy) = &copy {
        report.say(&format!("The database as it was before: {copy}"));
    }
    report.give(&json!({ "ok": true, "applied": applied, "copy": copy }));
    Exit::Well
}
