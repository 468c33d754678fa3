//! `rightsdesk backup FILE`

use std::io::ErrorKind;
use std::path::{Path, PathBuf};
use std::process::Stdio;

use clap::Args;
use percent_encoding::percent_decode_str;
use serde_json::json;
use tokio::process::Command;
use url::Url;

use super::Exit;
use super::report::{Problem, Report};
use crate::config::{Config, Database, environment};
use crate::db::backup::{make_empty_private, settle_new, unfinished};
use crate::keys::rotation::{self, ROOT_KEY};
use crate::keys::signing::{PUBLIC_FILE, SECRET_FILE};
use crate::run::{House, StartProblem, database_problem};

/// Copy the service's own database, consistent while the service runs; says which keys belong beside it
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk backup /backup/rightsdesk-monday.db")]
pub struct BackupArgs {
    /// The file to write; it must not be there yet
    pub file: PathBuf,
}

/// Writes the backup under its name only when it is complete; never over another file.
pub async fn run(args: &BackupArgs, file: &Path, report: &mut Report) -> Exit {
    let config = match Config::load(file, &environment) {
        Ok(config) => config,
        Err(errors) => {
            return report.refuse(&errors.into_iter().map(Problem::from).collect::<Vec<_>>());
        }
    };
    match back_up(&config, &args.file).await {
        Ok(()) => {}
        Err(problem) => return report.refuse(&[Problem::from(problem)]),
    }
    match beside(&config).await {
        Ok(beside) => beside.tell(&args.file, report),
        Err(problem) => report.refuse(&[Problem::from(problem)]),
    }
}

async fn back_up(config: &Config, to: &Path) -> Result<(), StartProblem> {
    let place = to.display().to_string();
    if to.exists() {
        let message = "is there already and stays as it is; name a new file";
        return Err(StartProblem::new("exists", place, message));
    }
    match &config.database {
        Database::Sqlite(_) => {
            let db = House::open_database(config).await?;
            db.require_current().await.map_err(|error| database_problem(config, &error))?;
            db.copy_to(to).await.map_err(|error| StartProblem::new(error.word(), place, &error))
        }
        Database::Postgres(url) => dump(url.expose(), to).await,
    }
}

/// What `pg_dump` writes is one snapshot of the whole database. What it says on stderr may quote
/// names and addresses, so it is not shown.
async fn dump(url: &str, to: &Path) -> Result<(), StartProblem> {
    let place = to.display().to_string();
    let unfinished = unfinished(to);
    let file = |error: std::io::Error| {
        StartProblem::new("file", to.display().to_string(), &format!("{}", error.kind()))
    };
    make_empty_private(&unfinished).map_err(file)?;
    let mut command = Command::new("pg_dump");
    command.args(["--format=custom", "--no-owner", "--no-privileges", "--no-password", "--file"]);
    command.arg(&unfinished).stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null());
    // Other users see the arguments of a process, not its environment.
    command.envs(settings(url));
    let ended = command.status().await;
    let problem = match ended {
        Ok(status) if status.success() => {
            return settle_new(&unfinished, to).map_err(file);
        }
        Ok(status) => StartProblem::new(
            "pg_dump",
            place,
            &format!(
                "pg_dump ended with {}; run it by hand to see why. It must not be older than the \
                 server, and the user must be allowed to read every table",
                status.code().map_or("a signal".into(), |code| code.to_string())
            ),
        ),
        Err(error) if error.kind() == ErrorKind::NotFound => StartProblem::new(
            "no_pg_dump",
            place,
            "pg_dump is not installed here; install the PostgreSQL client (Debian: \
             postgresql-client), or run `pg_dump --format=custom` where it is",
        ),
        Err(error) => StartProblem::new("pg_dump", place, &format!("{}", error.kind())),
    };
    // Nothing but an unfinished file of ours.
    let _ = std::fs::remove_file(&unfinished);
    Err(problem)
}

/// The URL as the variables that PostgreSQL's own tools read.
fn settings(url: &str) -> Vec<(&'static str, String)> {
    let Ok(url) = Url::parse(url) else { return Vec::new() };
    let decoded = |text: &str| percent_decode_str(text).decode_utf8_lossy().into_owned();
    let mut all = Vec::new();
    let mut set = |name, value: Option<String>| {
        all.extend(value.filter(|value| !value.is_empty()).map(|value| (name, value)));
    };
    set("PGHOST", url.host_str().map(|host| decoded(host.trim_matches(['[', ']']))));
    set("PGPORT", url.port().map(|port| port.to_string()));
    set("PGUSER", Some(decoded(url.username())));
    set("PGPASSWORD", url.password().map(decoded));
    set("PGDATABASE", Some(decoded(url.path().trim_start_matches('/'))));
    for (name, value) in url.query_pairs() {
        let name = match &*name {
            "sslmode" | "ssl-mode" => "PGSSLMODE",
            "sslrootcert" | "ssl-root-cert" | "ssl-ca" => "PGSSLROOTCERT",
            "sslcert" | "ssl-cert" => "PGSSLCERT",
            "sslkey" | "ssl-key" => "PGSSLKEY",
            "host" | "hostaddr" => "PGHOST",
            "port" => "PGPORT",
            "user" => "PGUSER",
            "password" => "PGPASSWORD",
            "dbname" => "PGDATABASE",
            "options" => "PGOPTIONS",
            _ => continue,
        };
        set(name, Some(value.into_owned()));
    }
    all
}

/// What a restore needs beside the database.
struct Beside {
    keys: Vec<String>,
    /// Where the keys of archives lie, and which there are where that can be seen.
    epochs: (String, Vec<String>),
    archive: String,
    ledger: String,
}

async fn beside(config: &Config) -> Result<Beside, StartProblem> {
    let dir = &config.keys.dir;
    let older = config.keys.older_keys()?;
    let older = older.iter().map(|key| rotation::older_file(dir, key.id()));
    let own = [ROOT_KEY, SECRET_FILE, PUBLIC_FILE].map(|name| dir.join(name));
    let at = config.keys.epochs.to_string();
    let folder = at.strip_prefix("file:").unwrap_or(&at);
    // The backup is made; whether a bucket answers just now changes nothing about it.
    let epochs = House::open_epochs(config)?.list().await.unwrap_or_default();
    let shown = |path: PathBuf| path.display().to_string();
    Ok(Beside {
        keys: own.into_iter().chain(older).map(shown).collect(),
        epochs: (at.clone(), epochs.iter().map(|epoch| format!("{folder}/{epoch}.key")).collect()),
        archive: config.archive.to_string(),
        ledger: config.ledger.to_string(),
    })
}

impl Beside {
    fn tell(&self, file: &Path, report: &mut Report) -> Exit {
        report.say(&format!("The database is in {}", file.display()));
        report.say("Needed beside it, kept in another place than the backup:");
        for key in &self.keys {
            report.say(&format!("  {key}"));
        }
        report.say("Never with the backup, or it would open archives that were destroyed here:");
        let (at, epochs) = &self.epochs;
        for key in epochs {
            report.say(&format!("  {key}"));
        }
        if epochs.is_empty() {
            report.say(&format!("  what lies in {at} (no archive key can be seen at present)"));
        }
        report.say(&format!("Archives lie in {}; they can be made again", self.archive));
        report.say(&format!("The ledger lies in {}; back it up too", self.ledger));
        report.give(&json!({
            "ok": true, "file": file.display().to_string(), "keys": self.keys,
            "never_with_it": epochs, "never_with_it_from": at, "archive": self.archive, "ledger": self.ledger,
        }));
        Exit::Well
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_goes_by_the_environment() {
        let settings = settings("postgres://ada:p%40ss@db.example:5433/desk?sslmode=require");
        let expected = [
            ("PGHOST", "db.example"),
            ("PGPORT", "5433"),
            ("PGUSER", "ada"),
            ("PGPASSWORD", "p@ss"),
            ("PGDATABASE", "desk"),
            ("PGSSLMODE", "require"),
        ];
        assert_eq!(settings, expected.map(|(name, value)| (name, value.to_owned())));
    }
}
