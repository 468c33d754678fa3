//! `rightsdesk check`

use std::fmt::Display;
use std::path::Path;

use clap::Args;

use super::Exit;
use super::report::{Check, Problem, Report};
use super::{check_self, map_check, replay, token, webhook};
use crate::config::{Config, environment};
use crate::run::{House, StartProblem};

/// Look at the configuration, the database, mail, archives, every store and every data map: a line each
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk check --json")]
pub struct CheckArgs {}

/// Looks at everything that the service needs, and changes nothing but what making a database file
/// takes. 1 when something is not well, 2 when the configuration cannot be read.
pub async fn run(file: &Path, report: &mut Report) -> Exit {
    let config = match Config::load(file, &environment) {
        Ok(config) => config,
        Err(errors) => {
            return report.refuse(&errors.into_iter().map(Problem::from).collect::<Vec<_>>());
        }
    };
    let mut checks = vec![well("configuration", file.display())];
    checks.extend(check_self::settings(&config));
    match House::open(&config, &environment).await {
        Err(problems) => checks.extend(problems.into_iter().map(ill)),
        Ok(house) => look(&house, &config, &mut checks).await,
    }
    checks.extend(map_check::checks(&config.maps).await);
    report.checks(&checks)
}

async fn look(house: &House, config: &Config, checks: &mut Vec<Check>) {
    checks.push(well("keys", config.keys.dir.display()));
    let database = match house.db.pending_migrations().await {
        Ok(pending) if pending.is_empty() => {
            checks.extend(check_self::records(&house.db).await);
            checks.push(check_self::staff(&house.desk, config).await);
            checks.push(check_self::audit(house).await);
            checks.push(token::check(&house.desk).await);
            checks.push(replay::check(house, config).await);
            checks.push(check_self::lost(house, config).await);
            match house.db.version().await {
                Ok(version) => well("database", format!("{version} answers, schema current")),
                Err(error) => bad("database", error),
            }
        }
        Ok(pending) => {
            well("database", format!("answers, {} migration(s) to apply", pending.len()))
        }
        Err(error) => bad("database", error),
    };
    checks.push(database);
    checks.push(match house.mailer.check().await {
        Ok(()) => well("mail", "can be handed over"),
        Err(error) => bad("mail", error),
    });
    checks.push(match house.vault.check(&*house.entropy).await {
        Ok(()) => well("archives", "can be written and removed"),
        Err(error) => bad("archives", error),
    });
    if let Some(path) = &config.organisation.processing_agreement {
        checks.push(if path.is_file() {
            well("processing agreement", path.display())
        } else {
            bad("processing agreement", format!("{} is no file", path.display()))
        });
    }
    checks.push(check_self::epochs(house, config).await);
    checks.extend(webhook::checks(house).await);
    for (name, store) in &*house.stores {
        let line = format!("store {name}");
        checks.push(match store.check().await {
            Ok(findings) if findings.is_empty() => well(&line, "answers"),
            Ok(findings) => bad(&line, format!("{} finding(s) in its map", findings.len())),
            Err(error) => bad(&line, error),
        });
    }
    if house.stores.is_empty() {
        checks.push(bad("stores", "no store is mapped, so requests will wait; write a data map"));
    }
}

pub(super) fn well(name: &str, message: impl Display) -> Check {
    Check { name: name.to_owned(), ok: true, message: format!("{message}") }
}

pub(super) fn bad(name: &str, message: impl Display) -> Check {
    Check { name: name.to_owned(), ok: false, message: format!("{message}") }
}

fn ill(problem: StartProblem) -> Check {
    Check { name: problem.place, ok: false, message: problem.message }
}
