//! `rightsdesk audit verify`, `audit export` and `audit accept-restore`

mod restore;

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::Exit;
use super::report::{Problem, Report};
use crate::config::{Config, environment};
use crate::domain::audit::{AuditFault, AuditReader, Checkpoint, Restore, Signed, stretch_of};
use crate::keys::signing::VerifyingKey;
use crate::run::{House, StartProblem, database_problem};
pub use restore::AcceptRestoreArgs;

/// Work with the audit trail
#[derive(Debug, Args)]
pub struct AuditArgs {
    /// What to do
    #[command(subcommand)]
    pub command: AuditCommand,
}

/// What to do with the audit trail.
#[derive(Debug, Subcommand)]
pub enum AuditCommand {
    /// Read the whole trail against every signed checkpoint, and name the first line that is wrong
    Verify(AuditVerifyArgs),
    /// Write the trail into a file, a JSON line an event; it holds no personal data
    Export(AuditExportArgs),
    /// Say that the database is a restored backup and that what the ledger has signed since is lost
    AcceptRestore(AcceptRestoreArgs),
}

/// Read the whole trail against every signed checkpoint, and name the first line that is wrong
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk audit verify\n  \
    rightsdesk audit verify trail.ndjson --checkpoint 00000000000000001204 --key signing.pub")]
pub struct AuditVerifyArgs {
    /// A file of `audit export`; else the service's own database and ledger
    #[arg(value_name = "FILE", requires_all = ["checkpoint", "key"])]
    pub file: Option<PathBuf>,
    /// A signed checkpoint or an accepted restore, as it stands in the ledger; may repeat
    #[arg(long, value_name = "FILE", requires = "file")]
    pub checkpoint: Vec<PathBuf>,
    /// The published key that signed it
    #[arg(long, value_name = "FILE", requires = "file")]
    pub key: Option<PathBuf>,
}

/// Write the trail into a file, a JSON line an event; it holds no personal data
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk audit export trail.ndjson")]
pub struct AuditExportArgs {
    /// The file to write; it must not be there yet
    pub file: PathBuf,
}

/// 0 when the trail holds, 1 when not, 2 when it cannot be read.
pub async fn run(command: &AuditCommand, config: &Path, report: &mut Report) -> Exit {
    match command {
        AuditCommand::Verify(AuditVerifyArgs { file: Some(file), checkpoint, key }) => {
            let read = key
                .as_deref()
                .map_or_else(|| Err(unreadable(file)), |key| from_file(file, checkpoint, key));
            match read {
                Ok(read) => say(read, report),
                Err(problem) => report.refuse(&[problem]),
            }
        }
        AuditCommand::Verify(_) => match from_database(config, None).await {
            Ok(read) => say(read, report),
            Err(problems) => report.refuse(&problems),
        },
        AuditCommand::Export(args) => export(args, config, report).await,
        AuditCommand::AcceptRestore(args) => restore::run(args, config, report).await,
    }
}

/// What was found.
struct Held {
    lines: u64,
    /// Checkpoints that hold.
    checkpoints: usize,
    unsealed: u64,
    /// What was lost and accepted.
    restores: Vec<Restore>,
}

fn say(read: Result<Held, AuditFault>, report: &mut Report) -> Exit {
    match read {
        Ok(held) => {
            let Held { lines, checkpoints, unsealed, restores } = held;
            report.say(&format!(
                "The trail holds: {lines} line(s), {checkpoints} signed checkpoint(s), {unsealed} event(s) \
                 without a place yet"
            ));
            let mut lost = Vec::new();
            for Restore { accepted_at, kept, signed, .. } in restores {
                let (from, to) = (kept.size, signed.size);
                report.say(&format!(
                    "Lines {from} to {to} were lost by a restore accepted at {accepted_at}"
                ));
                let at = accepted_at.to_string();
                lost.push(json!({ "from": from, "to": to, "accepted_at": at }));
            }
            report.give(&json!({
                "ok": true, "lines": lines, "checkpoints": checkpoints, "unsealed": unsealed,
                "restores": lost,
            }));
            Exit::Well
        }
        Err(fault) => {
            report.say(&format!("The trail does not hold: {fault}"));
            report.give(&json!({ "ok": false, "fault": fault.to_string() }));
            Exit::No
        }
    }
}

/// Reads the service's own trail; every line that holds is written to `out`.
async fn from_database(
    config: &Path,
    mut out: Option<&mut dyn Write>,
) -> Result<Result<Held, AuditFault>, Vec<Problem>> {
    let house = open(config).await?;
    let one = |problem: StartProblem| vec![Problem::from(problem)];
    let signed = match house.ledger.signed().await {
        Ok(signed) => signed,
        Err(error) => return Err(one(StartProblem::new("ledger", "[ledger] url", &error))),
    };
    let (count, checkpoints) = (signed.checkpoints.len(), signed.binding());
    let mut written = Ok(());
    let read = house
        .desk
        .read_audit(checkpoints, |line| {
            if let (Some(out), Ok(())) = (&mut out, &written) {
                written = writeln!(out, "{line}");
            }
        })
        .await;
    let read = read.map_err(|error| one(StartProblem::new(error.word(), "[database]", &error)))?;
    written.map_err(|error| one(StartProblem::new("file", "FILE", &error.kind())))?;
    Ok(read.map(|read| Held {
        lines: read.tree.size(),
        checkpoints: count,
        unsealed: read.unsealed,
        restores: signed.restores,
    }))
}

/// The service, its database with the schema of this program.
async fn open(config: &Path) -> Result<House, Vec<Problem>> {
    let config = Config::load(config, &environment)
        .map_err(|errors| errors.into_iter().map(Problem::from).collect::<Vec<_>>())?;
    let house = House::open(&config, &environment)
        .await
        .map_err(|problems| problems.into_iter().map(Problem::from).collect::<Vec<_>>())?;
    let current = house.db.require_current().await;
    current.map_err(|error| vec![Problem::from(database_problem(&config, &error))])?;
    Ok(house)
}

async fn export(args: &AuditExportArgs, config: &Path, report: &mut Report) -> Exit {
    let made = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&args.file);
    let file = match made {
        Ok(file) => file,
        Err(error) => {
            let message = match error.kind() {
                io::ErrorKind::AlreadyExists => "is there already and stays as it is",
                _ => "cannot be written",
            };
            return report.refuse(&[problem(&args.file, message)]);
        }
    };
    let mut out = BufWriter::new(file);
    let read = from_database(config, Some(&mut out)).await;
    let closed = out.flush().and_then(|()| out.get_ref().sync_all());
    match (read, closed) {
        (Ok(read), Ok(())) => say(read, report),
        (Err(problems), _) => report.refuse(&problems),
        (_, Err(_)) => report.refuse(&[problem(&args.file, "cannot be written to its end")]),
    }
}

/// Reads an export against checkpoints that were kept elsewhere.
fn from_file(
    file: &Path,
    checkpoints: &[PathBuf],
    key: &Path,
) -> Result<Result<Held, AuditFault>, Problem> {
    let text = fs::read_to_string(key).map_err(|_| unreadable(key))?;
    let verifying = VerifyingKey::parse(&text).map_err(|error| problem(key, &error.to_string()))?;
    let mut signed = Signed::default();
    for path in checkpoints {
        add_note(&mut signed, path, &verifying)?;
    }
    signed.restores.sort_by_key(|restore| restore.number);
    let mut reader = match AuditReader::new(signed.binding()) {
        Ok(reader) => reader,
        Err(fault) => return Ok(Err(fault)),
    };
    let lines = BufReader::new(File::open(file).map_err(|_| unreadable(file))?).lines();
    for (seq, line) in (0..).zip(lines) {
        let line = line.map_err(|_| unreadable(file))?;
        if let Err(fault) = reader.line(seq, &line, None) {
            return Ok(Err(fault));
        }
    }
    Ok(reader.end().map(|read| Held {
        lines: read.tree.size(),
        checkpoints: signed.checkpoints.len(),
        unsealed: 0,
        restores: signed.restores,
    }))
}

/// A checkpoint or an accepted restore of whatever service, signed by this key.
fn add_note(signed: &mut Signed, path: &Path, key: &VerifyingKey) -> Result<(), Problem> {
    let note = fs::read_to_string(path).map_err(|_| unreadable(path))?;
    let origin = note.lines().next().unwrap_or_default();
    let text = key
        .verify_note(origin, &note)
        .map_err(|error| problem(path, &format!("is no checkpoint of this key: {error}")))?;
    if let Some(restore) = Restore::parse(text) {
        signed.restores.push(restore);
    } else {
        let read = Checkpoint::parse(text).ok_or_else(|| problem(path, "is no checkpoint"))?;
        signed.checkpoints.push((stretch_of(origin).1, read));
    }
    Ok(())
}

fn unreadable(path: &Path) -> Problem {
    problem(path, "cannot be read; name a file")
}

fn problem(path: &Path, message: &str) -> Problem {
    Problem { code: "file", place: path.display().to_string(), message: message.to_owned() }
}
