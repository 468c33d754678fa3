//! `rightsdesk map check`

use std::path::{Path, PathBuf};

use clap::Args;

use super::Exit;
use super::report::{Check, Problem, Report};
use crate::config::{Config, environment};
use crate::meter::Meter;
use crate::run::{StartProblem, open_stores};
use crate::store;

/// Compare data maps with their stores; changes nothing
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk map check maps/shop.toml")]
pub struct MapCheckArgs {
    /// One data map; else all that the configuration names
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
}

/// Reads the maps and looks at their stores. 1 when something does not fit.
pub async fn run(args: &MapCheckArgs, config: &Path, report: &mut Report) -> Exit {
    let files = match &args.file {
        Some(file) => vec![file.clone()],
        None => match Config::load(config, &environment) {
            Ok(config) => config.maps,
            Err(errors) => {
                return report.refuse(&errors.into_iter().map(Problem::from).collect::<Vec<_>>());
            }
        },
    };
    let checks = checks(&files).await;
    if checks.is_empty() {
        report.say("No data map is there yet; see maps/example.toml.txt.");
    }
    report.checks(&checks)
}

/// A line a map that is fine, and a line a finding.
pub(super) async fn checks(files: &[PathBuf]) -> Vec<Check> {
    let problems = match open_stores(files, &environment, &Meter::default(), None) {
        Err(problems) => problems,
        Ok((maps, stores, _)) => {
            store::check::check(&maps, &stores).await.into_iter().map(StartProblem::from).collect()
        }
    };
    let bad = |file: &&PathBuf| {
        let name = format!("{}:", file.display());
        !problems.iter().any(|problem| problem.place.starts_with(&name))
    };
    let fine = files.iter().filter(bad).map(|file| Check {
        name: file.display().to_string(),
        ok: true,
        message: "fits its stores".to_owned(),
    });
    let wrong = problems.iter().map(|problem| Check {
        name: problem.place.clone(),
        ok: false,
        message: problem.message.clone(),
    });
    fine.chain(wrong).collect()
}
