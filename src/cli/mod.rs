//! The command line: one file a command.

pub mod archive_verify;
pub mod audit;
pub mod backup;
pub mod check;
pub mod deadlines;
pub mod demo;
pub mod export;
pub mod init;
pub mod keys;
pub mod map;
pub mod map_check;
pub mod map_draft;
pub mod map_show;
pub mod migrate;
pub mod openapi;
pub mod plan;
pub mod replay;
pub mod report;
pub mod serve;
pub mod staff;
pub mod token;
pub mod webhook;

mod check_self;

use std::ffi::OsString;
use std::io::{self, IsTerminal};
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use clap::{Parser, Subcommand};

use crate::config::{environment, which_file};
use crate::ids::OsEntropy;
use report::{Problem, Report};

/// What the process says when it ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Exit {
    /// All is well.
    Well,
    /// The answer is no.
    No,
    /// Wrong usage or configuration.
    Wrong,
}

impl From<Exit> for ExitCode {
    fn from(exit: Exit) -> Self {
        Self::from(match exit {
            Exit::Well => 0,
            Exit::No => 1,
            Exit::Wrong => 2,
        })
    }
}

/// Self-hosted service for data-subject rights: requests in, verified answers out, on time and with proof
#[derive(Debug, Parser)]
#[command(
    name = "rightsdesk",
    version,
    arg_required_else_help = true,
    after_help = "Example:\n  rightsdesk init ./privacy"
)]
pub struct Cli {
    /// The configuration file, where it is named.
    #[arg(
        long,
        global = true,
        value_name = "FILE",
        help = "Configuration file; else $RIGHTSDESK_CONFIG, else ./rightsdesk.toml"
    )]
    pub config: Option<PathBuf>,
    /// Answer in JSON, for scripts
    #[arg(long, global = true)]
    pub json: bool,
    /// What to do
    #[command(subcommand)]
    pub command: Command,
}

/// What to do.
#[derive(Debug, Subcommand)]
pub enum Command {
    /// Write a commented configuration, fresh keys and a first data map
    Init(init::InitArgs),
    /// Run a sample company and the whole service in one process; needs no other software
    Demo(demo::DemoArgs),
    /// Run the service
    Serve(serve::ServeArgs),
    /// Look at everything that the service needs: a line each
    Check(check::CheckArgs),
    /// Bring the service's own database up to this version
    Migrate(migrate::MigrateArgs),
    /// Copy the service's own database, consistent while the service runs
    Backup(backup::BackupArgs),
    /// Work with keys
    Keys(keys::KeysArgs),
    /// Gather everything about one person into a file
    Export(export::ExportArgs),
    /// Show what a deletion would touch; changes nothing
    Plan(plan::PlanArgs),
    /// After a store was restored from a backup, plan to delete again what was deleted since
    ReplayDeletions(replay::ReplayArgs),
    /// Work with staff accounts
    Staff(staff::StaffArgs),
    /// Work with the tokens of programs
    Token(token::TokenArgs),
    /// Print the description of the API
    Openapi(openapi::OpenapiArgs),
    /// Compute statutory deadlines
    Deadlines(deadlines::DeadlinesArgs),
    /// Work with webhooks
    Webhook(webhook::WebhookArgs),
    /// Work with data maps
    Map(map::MapArgs),
    /// Work with archives
    Archive(archive_verify::ArchiveArgs),
    /// Work with the audit trail
    Audit(audit::AuditArgs),
}

/// Reads the command line and runs it.
pub fn main(args: impl IntoIterator<Item = OsString>, open_demo: demo::OpenDemo) -> Exit {
    let args: Vec<OsString> = args.into_iter().collect();
    let cli = match Cli::try_parse_from(&args) {
        Ok(cli) => cli,
        Err(error) => return not_a_command(&error, args.iter().any(|arg| arg == "--json")),
    };
    let mut report = Report::new(cli.json, io::stdout(), io::stderr());
    match cli.command {
        Command::Init(args) => {
            let on_terminal = io::stdin().is_terminal() && io::stdout().is_terminal();
            // With --json, stdout is for the answer alone.
            let ask = on_terminal && !cli.json;
            init::run(&args, &OsEntropy, ask.then(|| io::stdin().lock()), &mut report)
        }
        Command::Openapi(_) => openapi::run(&mut report),
        Command::Deadlines(args) => deadlines::run(&args, &mut report),
        other => run(other, cli.config.as_deref(), open_demo, &mut report),
    }
}

/// The commands that wait for others.
fn run(
    command: Command,
    config: Option<&Path>,
    open_demo: demo::OpenDemo,
    report: &mut Report,
) -> Exit {
    let Ok(runtime) = tokio::runtime::Builder::new_multi_thread().enable_all().build() else {
        return report.refuse(&[Problem {
            code: "threads",
            place: "this machine".into(),
            message: "gives no threads to run on; close other programs or raise the limit".into(),
        }]);
    };
    let file = which_file(config, &environment);
    runtime.block_on(async {
        match command {
            Command::Init(_) | Command::Openapi(_) | Command::Deadlines(_) => Exit::Wrong,
            Command::Demo(args) => demo::run(&args, open_demo, report).await,
            Command::Serve(args) => serve::run(&args, &file, report).await,
            Command::Check(_) => check::run(&file, report).await,
            Command::Migrate(_) => migrate::run(&file, report).await,
            Command::Backup(args) => backup::run(&args, &file, report).await,
            Command::Keys(args) => keys::run(&args, &file, report).await,
            Command::Export(args) => export::run(&args, &file, report).await,
            Command::Plan(args) => plan::run(&args, &file, report).await,
            Command::ReplayDeletions(args) => replay::run(&args, &file, report).await,
            Command::Staff(args) => staff::run(&args.command, &file, report).await,
            Command::Token(args) => token::run(&args.command, &file, report).await,
            Command::Webhook(args) => webhook::run(&args.command, &file, report).await,
            Command::Map(args) => map::run(&args, &file, report).await,
            Command::Archive(args) => {
                let archive_verify::ArchiveCommand::Verify(args) = args.command;
                archive_verify::run(&args, &file, report)
            }
            Command::Audit(args) => audit::run(&args.command, &file, report).await,
        }
    })
}

/// Help and version go to stdout and are no error.
fn not_a_command(error: &clap::Error, json: bool) -> Exit {
    if json && error.use_stderr() {
        let whole = error.to_string();
        let message = whole.lines().next().unwrap_or_default().trim_start_matches("error: ");
        let problem = Problem {
            code: "usage",
            place: "command line".into(),
            message: format!("{message}; see rightsdesk --help"),
        };
        return Report::new(true, io::stdout(), io::stderr()).refuse(&[problem]);
    }
    // A closed pipe is nothing to report about.
    let _ = error.print();
    if error.use_stderr() { Exit::Wrong } else { Exit::Well }
}

#[cfg(test)]
mod tests {
    use super::*;
    use clap::CommandFactory;

    #[test]
    fn the_command_line_is_well_formed() {
        Cli::command().debug_assert();
    }

    #[test]
    fn every_help_has_an_example() {
        fn look(command: &mut clap::Command, path: &str) {
            let name = format!("{path}{} ", command.get_name());
            let help = command.render_long_help().to_string();
            // A group of commands has its examples in each of them.
            if command.has_subcommands() && !path.is_empty() {
                assert!(help.contains("Commands:"), "{name}");
            } else {
                assert!(help.contains(&format!("Example:\n  {}", name.trim())), "{name}:\n{help}");
            }
            if command.has_subcommands() {
                for sub in command.get_subcommands_mut().filter(|sub| sub.get_name() != "help") {
                    look(sub, &name);
                }
            }
        }
        look(&mut Cli::command(), "");
    }

    #[test]
    fn global_options_stand_before_or_after_the_command() {
        for line in ["rightsdesk --json --config a.toml init x", "rightsdesk init x --json"] {
            let cli = Cli::try_parse_from(line.split(' ')).unwrap();
            assert!(cli.json, "{line}");
        }
        let error = Cli::try_parse_from(["rightsdesk", "fly"]).unwrap_err();
        assert!(error.use_stderr());
    }
}
