//! `rightsdesk map show`

mod graph;
mod layout;
mod picture;
#[cfg(test)]
mod tests;
mod tree;

use std::fs;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use self::graph::Graph;
use super::Exit;
use super::report::{Problem, Report};
use crate::config::{Config, environment};
use crate::run::StartProblem;
use crate::store::map;

/// Show who finds what through what, as text and as a picture
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk map show --svg maps.svg")]
pub struct MapShowArgs {
    /// One data map; else all that the configuration names
    #[arg(value_name = "FILE")]
    pub file: Option<PathBuf>,
    /// Draw the picture too: one file that needs no other; one that is there is drawn anew
    #[arg(long, value_name = "FILE")]
    pub svg: Option<PathBuf>,
}

/// Reads the maps and shows them. Asks no store, and needs no password of one.
pub fn run(args: &MapShowArgs, config: &Path, report: &mut Report) -> Exit {
    let files = match &args.file {
        Some(file) => vec![file.clone()],
        None => match Config::load(config, &environment) {
            Ok(config) => config.maps,
            Err(errors) => {
                return report.refuse(&errors.into_iter().map(Problem::from).collect::<Vec<_>>());
            }
        },
    };
    // What a secret says does not matter here, so that it need not be at hand.
    let env = |name: &str| Some(environment(name).unwrap_or_default());
    let maps = match map::read(&files, &env) {
        Ok(maps) => maps,
        Err(findings) => {
            let problems = findings.into_iter().map(|finding| StartProblem::from(finding).into());
            return report.refuse(&problems.collect::<Vec<Problem>>());
        }
    };
    let graph = Graph::new(&maps);
    if let Some(file) = &args.svg
        && let Err(error) = fs::write(file, picture::draw(&graph))
    {
        return report.no(&Problem {
            code: "unwritable",
            place: file.display().to_string(),
            message: format!(
                "cannot be written: {}; see that its folder is there and yours",
                error.kind()
            ),
        });
    }
    report.give(&json!({ "ok": true, "stores": graph.stores, "arrows": graph.arrows }));
    if graph.stores.is_empty() {
        report.say("No data map is there yet; write one with rightsdesk map draft --from URL.");
    } else {
        report.say(tree::text(&graph).trim_end());
    }
    Exit::Well
}
