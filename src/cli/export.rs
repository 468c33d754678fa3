//! `rightsdesk export`

mod progress;
mod write;

use std::io::{self, BufRead};
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Duration;

use clap::{ArgGroup, Args, ValueEnum};
use serde_json::json;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use super::Exit;
use super::report::{Problem, Report};
use crate::config::{Config, environment};
use crate::db::archive::{Archive, ArchiveState};
use crate::db::task::Task;
use crate::domain::address::EmailAddress;
use crate::domain::gather::{Blocker, Tally, TaskStatus};
use crate::domain::intake::Contact;
use crate::domain::job::{ARCHIVE_LANE, MAIL_LANE, store_lane};
use crate::domain::language::Language;
use crate::domain::request::{Channel, Outcome, Request};
use crate::domain::right::Right;
use crate::domain::state::Status;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::domain::text::TypedText;
use crate::ids::{Reference, StaffId};
use crate::job::runner::{Runner, RunnerSettings};
use crate::run::{House, StartProblem, database_problem};
use crate::service::ServiceError;
use crate::service::export::{ExportRead, NewExport};
use progress::Progress;

/// Between two looks at how far it is.
const LOOK: Duration = Duration::from_millis(200);
/// Longest reason and address that are read.
const REASON: usize = 500;

/// Gather everything about one person into a file
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  rightsdesk export --email ada@example.org --out ada.zip\n  \
                  rightsdesk export --request R-7F3K9Q2M --out letter.zip",
    group = ArgGroup::new("what").required(true).args(["email", "request"])
)]
pub struct ExportArgs {
    /// Whose data; `-` reads the address from standard input, so that it stands in no history
    #[arg(long, value_name = "EMAIL|-", allow_hyphen_values = true)]
    pub email: Option<String>,
    /// A further key to search by, such as user=17; may repeat
    #[arg(long = "id", value_name = "KIND=VALUE", requires = "email")]
    pub ids: Vec<String>,
    /// Write the archive of a request that was released, for sending it by letter
    #[arg(long, value_name = "R-…", conflicts_with_all = ["break_glass", "right"])]
    pub request: Option<String>,
    /// What the archive answers
    #[arg(long, value_enum, default_value_t = WhichRight::Access)]
    pub right: WhichRight,
    /// Where the archive goes; nobody but you can read it. Never overwritten
    #[arg(long, value_name = "FILE")]
    pub out: PathBuf,
    /// Gather although no request was approved: asks for an officer's code, and the person is told
    #[arg(long, requires_all = ["reason", "officer"])]
    pub break_glass: bool,
    /// Why, for the request's timeline
    #[arg(long, value_name = "TEXT", requires = "break_glass")]
    pub reason: Option<String>,
    /// The officer, not you, who agrees and types the code of their second factor
    #[arg(long, value_name = "EMAIL", requires = "break_glass")]
    pub officer: Option<String>,
}

/// A right that an archive answers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum WhichRight {
    /// A copy of everything, and how it is used
    Access,
    /// What the person gave and what was observed, to take elsewhere
    Export,
}

impl From<WhichRight> for Right {
    fn from(which: WhichRight) -> Self {
        match which {
            WhichRight::Access => Self::Access,
            WhichRight::Export => Self::Export,
        }
    }
}

/// Why it ends without an archive.
enum Stop {
    /// Usage or configuration.
    Wrong(Vec<StartProblem>),
    /// The answer is no.
    No(StartProblem),
}

impl Stop {
    fn wrong(code: &'static str, place: &str, message: &str) -> Self {
        Self::Wrong(vec![StartProblem::new(code, place, message)])
    }

    fn no(code: &'static str, place: &str, message: &str) -> Self {
        Self::No(StartProblem::new(code, place, message))
    }
}

impl From<Vec<StartProblem>> for Stop {
    fn from(problems: Vec<StartProblem>) -> Self {
        Self::Wrong(problems)
    }
}

/// Gathers, or takes what was gathered, and writes the archive.
pub async fn run(args: &ExportArgs, file: &Path, report: &mut Report) -> Exit {
    match export(args, file, report).await {
        Ok(done) => {
            report.say(&format!(
                "{} holds {} rows and {} files of request {}.",
                args.out.display(),
                done.rows,
                done.files,
                done.reference,
            ));
            if done.gaps > 0 {
                report.say("Not everything could be looked at: see missing.html in it.");
            }
            report.give(&json!({
                "ok": true,
                "request": done.reference.as_str(),
                "out": args.out,
                "rows": done.rows,
                "files": done.files,
                "gaps": done.gaps,
                "sha256": done.sha256,
            }));
            Exit::Well
        }
        Err(Stop::No(problem)) => report.no(&problem.into()),
        Err(Stop::Wrong(problems)) => {
            report.refuse(&problems.into_iter().map(Problem::from).collect::<Vec<_>>())
        }
    }
}

/// What was written.
struct Done {
    reference: Reference,
    rows: u64,
    files: u64,
    gaps: u64,
    sha256: String,
}

async fn export(args: &ExportArgs, file: &Path, report: &mut Report) -> Result<Done, Stop> {
    if args.out.exists() {
        let message = "is there already and is not overwritten; name another with --out";
        return Err(Stop::wrong("file_exists", &args.out.display().to_string(), message));
    }
    let config = Config::load(file, &environment)
        .map_err(|errors| errors.into_iter().map(StartProblem::from).collect::<Vec<_>>())?;
    let house = House::open(&config, &environment).await?;
    house.db.require_current().await.map_err(|error| vec![database_problem(&config, &error)])?;
    let broken = |error: ServiceError| {
        Stop::Wrong(vec![StartProblem::new(error.word(), "[database] url", &error)])
    };
    let reference = match (&args.request, &args.email) {
        (Some(typed), _) => approved(&house, typed).await?,
        (None, email) => {
            let new =
                new_export(args, email.as_deref().unwrap_or_default(), &house, &config, report)
                    .await?;
            house.desk.open_export(new).await.map_err(broken)?
        }
    };
    let read = gather(&house, &reference, args.break_glass, report).await?;
    let archive = read.archive.as_ref();
    let size = write::write_out(&house, &reference, &args.out).await?;
    house.desk.export_taken(&reference).await.map_err(broken)?;
    debug_assert!(archive.is_none_or(|archive| archive.size == size));
    let tallies: Vec<&Tally> = read.tasks.iter().map(|task| &task.tally).collect();
    Ok(Done {
        rows: tallies.iter().map(|tally| tally.rows).sum(),
        files: tallies.iter().map(|tally| tally.files).sum(),
        gaps: tallies.iter().flat_map(|tally| &tally.gaps).map(|gap| gap.count).sum(),
        sha256: archive
            .and_then(|archive| archive.sha256)
            .map(|hash| data_encoding::HEXLOWER.encode(&hash))
            .unwrap_or_default(),
        reference,
    })
}

/// A request that may leave the house: released, or begun by this command before.
async fn approved(house: &House, typed: &str) -> Result<Reference, Stop> {
    let Some(reference) = Reference::parse(typed) else {
        return Err(Stop::wrong(
            "reference",
            "--request",
            "is no reference; they look like R-7F3K9Q2M",
        ));
    };
    let place = reference.as_str();
    let Some(read) = look(house, &reference).await? else {
        return Err(Stop::no("no_request", place, "there is no such request in this database"));
    };
    let released = matches!(read.request.status, Status::Executing | Status::Fulfilled);
    if released || read.request.channel == Channel::CommandLine {
        return Ok(reference);
    }
    let message = match read.request.status {
        Status::AwaitingVerification => "waits for its code; nobody has proved the address yet",
        Status::Gathering => "is being gathered; an officer has to release it after that",
        Status::InReview => "waits for review; an officer has to release it in the console",
        _ => "is closed without an archive",
    };
    Err(Stop::no("not_released", place, message))
}

async fn look(house: &House, at: &Reference) -> Result<Option<ExportRead>, Stop> {
    house
        .desk
        .export_read(at)
        .await
        .map_err(|error| Stop::wrong(error.word(), "[database] url", &error.to_string()))
}

/// Whose data, and by whose leave.
async fn new_export(
    args: &ExportArgs,
    typed: &str,
    house: &House,
    config: &Config,
    report: &mut Report,
) -> Result<NewExport, Stop> {
    if house.stores.is_empty() {
        let message = "no store is mapped; write a data map first (rightsdesk map draft)";
        return Err(Stop::wrong("no_store", "maps", message));
    }
    let typed = if typed == "-" { read_line(report, "E-mail address: ") } else { typed.to_owned() };
    let email = EmailAddress::parse(&typed)
        .map_err(|error| Stop::wrong("email", "--email", &error.to_string()))?;
    let mut identifiers = Vec::new();
    for text in &args.ids {
        let key = text.split_once('=').and_then(|(kind, value)| {
            let kind = Some(kind).filter(|kind| !kind.is_empty() && *kind != KeyKind::EMAIL)?;
            SubjectKey::new(KeyKind::new(kind), value)
        });
        identifiers.push(key.ok_or_else(|| {
            Stop::wrong("id", "--id", "write KIND=VALUE, with a kind of the data maps, as user=17")
        })?);
    }
    Ok(NewExport {
        right: args.right.into(),
        contact: Contact { email: Some(email), identifiers, ..Contact::default() },
        language: config.organisation.default_language(),
        break_glass: leave(args, house, report).await?,
    })
}

/// Who lets it out. While nobody has an account, whoever runs the command does.
async fn leave(
    args: &ExportArgs,
    house: &House,
    report: &mut Report,
) -> Result<Option<(StaffId, TypedText)>, Stop> {
    let broken =
        |error: ServiceError| Stop::wrong(error.word(), "[database] url", &error.to_string());
    if !args.break_glass {
        if house.desk.has_staff().await.map_err(broken)? {
            let message = "there are staff accounts, so an export needs a released request \
                           (--request R-…), or --break-glass with --reason and --officer";
            return Err(Stop::no("not_approved", "export", message));
        }
        return Ok(None);
    }
    let reason = args.reason.as_deref().unwrap_or_default();
    let Ok(Some(reason)) = TypedText::line(reason, REASON) else {
        return Err(Stop::wrong("reason", "--reason", "write in up to 500 characters why"));
    };
    let officer = args.officer.as_deref().unwrap_or_default();
    let Ok(officer) = EmailAddress::parse(officer) else {
        return Err(Stop::wrong("officer", "--officer", "is no e-mail address"));
    };
    let code = read_line(report, "Code of the officer's second factor: ");
    match house.desk.second_person(&officer, &code).await.map_err(broken)? {
        Some(by) => Ok(Some((by, reason))),
        None => Err(Stop::no(
            "not_agreed",
            "--officer",
            "no active officer has this address and code; the code changes every 30 seconds",
        )),
    }
}

fn read_line(report: &mut Report, prompt: &str) -> String {
    report.ask(prompt);
    let mut line = String::new();
    // A closed input is an empty line, which is refused by whoever reads it.
    let _ = io::stdin().lock().read_line(&mut line);
    line.trim().to_owned()
}

/// Does the jobs of the stores and of archives until the archive is there, or cannot be.
async fn gather(
    house: &House,
    at: &Reference,
    mails: bool,
    report: &mut Report,
) -> Result<ExportRead, Stop> {
    let all = house
        .declare_lanes()
        .await
        .map_err(|error| Stop::wrong(error.word(), "[database] url", &error.to_string()))?;
    let ours: Vec<String> = house.stores.keys().map(|name| store_lane(name)).collect();
    let lanes = all
        .into_iter()
        .filter(|lane| lane == ARCHIVE_LANE || ours.contains(lane) || (mails && lane == MAIL_LANE))
        .collect();
    let owner = format!("export {}", std::process::id());
    let runner = Runner::new(
        house.db.clone(),
        Arc::new(house.worker()) as _,
        RunnerSettings::usual(owner, lanes),
        Arc::clone(&house.entropy),
    );
    let stop = CancellationToken::new();
    let tracker = TaskTracker::new();
    tracker.spawn(runner.run(stop.clone()));
    let mut progress = Progress::new(report.is_json());
    let end = loop {
        let read = look(house, at).await?;
        let Some(read) = read else {
            break Err(Stop::no("no_request", at.as_str(), "the request was removed meanwhile"));
        };
        progress.show(&read.tasks, |store| label(house, store));
        if let Some(end) = ended(&read) {
            break end.map(|()| read);
        }
        tokio::time::sleep(LOOK).await;
    };
    progress.end();
    stop.cancel();
    tracker.close();
    tracker.wait().await;
    end
}

fn label(house: &House, store: &str) -> String {
    let known = house.stores.get(store);
    known.map_or_else(|| store.to_owned(), |known| known.facts().label(Language::En).to_owned())
}

/// Whether there is nothing more to wait for.
fn ended(read: &ExportRead) -> Option<Result<(), Stop>> {
    let Request { reference, status, outcome, blockers, .. } = &read.request;
    let at = reference.as_str();
    if read.archive.as_ref().is_some_and(is_ready) {
        return Some(Ok(()));
    }
    if *outcome == Some(Outcome::NothingFound) {
        let message = "no store holds anything under these keys; no file was written";
        return Some(Err(Stop::no("nothing_found", at, message)));
    }
    if status.is_closed() {
        let message = "its archive is gone; gather anew";
        return Some(Err(Stop::no("archive_gone", at, message)));
    }
    let waits = |task: &Task| matches!(task.status, TaskStatus::Waiting | TaskStatus::Running);
    let human = blockers.iter().find(|blocker| **blocker != Blocker::MailFailed)?;
    // Other stores go on while one has failed; what they hold is not lost.
    let at_rest = *human != Blocker::StoreFailed || !read.tasks.iter().any(waits);
    at_rest.then(|| {
        let message = format!(
            "stopped for a human to look: {human}; decide in the console, then go on with \
             --request {at}"
        );
        Err(Stop::no("blocked", at, &message))
    })
}

fn is_ready(archive: &Archive) -> bool {
    archive.state == ArchiveState::Ready
}
