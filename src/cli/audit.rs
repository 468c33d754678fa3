//! `rightsdesk audit verify` and `audit export`

use std::fs::{self, File, OpenOptions};
use std::io::{self, BufRead, BufReader, BufWriter, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::Exit;
use super::report::{Problem, Report};
use crate::config::{Config, environment};
use crate::domain::audit::{AuditFault, AuditReader, Checkpoint};
use crate::keys::signing::VerifyingKey;
use crate::run::{House, StartProblem, database_problem};

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
}

/// Read the whole trail against every signed checkpoint, and name the first line that is wrong
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk audit verify\n  \
    rightsdesk audit verify trail.ndjson --checkpoint 00000000000000001204 --key signing.pub")]
pub struct AuditVerifyArgs {
    /// A file of `audit export`; else the service's own database and ledger
    #[arg(value_name = "FILE", requires_all = ["checkpoint", "key"])]
    pub file: Option<PathBuf>,
    /// A signed checkpoint, as it stands in the ledger; may repeat
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
                Ok(read) => say(
                    read.map(|(lines, checkpoints)| Held { lines, checkpoints, unsealed: 0 }),
                    report,
                ),
                Err(problem) => report.refuse(&[problem]),
            }
        }
        AuditCommand::Verify(_) => match from_database(config, None).await {
            Ok(read) => say(read, report),
            Err(problems) => report.refuse(&problems),
        },
        AuditCommand::Export(args) => export(args, config, report).await,
    }
}

/// What was found.
struct Held {
    lines: u64,
    /// Checkpoints that hold.
    checkpoints: usize,
    unsealed: u64,
}

fn say(read: Result<Held, AuditFault>, report: &mut Report) -> Exit {
    match read {
        Ok(held) => {
            let Held { lines, checkpoints, unsealed } = held;
            report.say(&format!(
                "The trail holds: {lines} line(s), {checkpoints} signed checkpoint(s), {unsealed} event(s) \
                 without a place yet"
            ));
            report.give(&json!({
                "ok": true, "lines": lines, "checkpoints": checkpoints, "unsealed": unsealed,
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
    let config = Config::load(config, &environment)
        .map_err(|errors| errors.into_iter().map(Problem::from).collect::<Vec<_>>())?;
    let house = House::open(&config, &environment)
        .await
        .map_err(|problems| problems.into_iter().map(Problem::from).collect::<Vec<_>>())?;
    let one = |problem: StartProblem| vec![Problem::from(problem)];
    let current = house.db.require_current().await;
    current.map_err(|error| one(database_problem(&config, &error)))?;
    let checkpoints = match house.ledger.checkpoints().await {
        Ok(checkpoints) => checkpoints,
        Err(error) => return Err(one(StartProblem::new("ledger", "[ledger] url", &error))),
    };
    let count = checkpoints.len();
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
    }))
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
) -> Result<Result<(u64, usize), AuditFault>, Problem> {
    let text = fs::read_to_string(key).map_err(|_| unreadable(key))?;
    let verifying = VerifyingKey::parse(&text).map_err(|error| problem(key, &error.to_string()))?;
    let signed: Result<Vec<Checkpoint>, Problem> =
        checkpoints.iter().map(|path| signed(path, &verifying)).collect();
    let signed = signed?;
    let held = signed.len();
    let mut reader = match AuditReader::new(signed) {
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
    Ok(reader.end().map(|tree| (tree.size(), held)))
}

/// A checkpoint of whatever service, signed by this key.
fn signed(path: &Path, key: &VerifyingKey) -> Result<Checkpoint, Problem> {
    let note = fs::read_to_string(path).map_err(|_| unreadable(path))?;
    let origin = note.lines().next().unwrap_or_default();
    let text = key
        .verify_note(origin, &note)
        .map_err(|error| problem(path, &format!("is no checkpoint of this key: {error}")))?;
    Checkpoint::parse(text).ok_or_else(|| problem(path, "is no checkpoint"))
}

fn unreadable(path: &Path) -> Problem {
    problem(path, "cannot be read; name a file")
}

fn problem(path: &Path, message: &str) -> Problem {
    Problem { code: "file", place: path.display().to_string(), message: message.to_owned() }
}
