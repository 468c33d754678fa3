//! `rightsdesk archive verify`

use std::fs;
use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use serde_json::json;

use super::Exit;
use super::report::{Problem, Report};
use crate::archive::verify::verify;
use crate::config::{Config, environment};
use crate::keys::signing::{PUBLIC_FILE, VerifyingKey};

/// Work with archives
#[derive(Debug, Args)]
pub struct ArchiveArgs {
    /// What to do with them
    #[command(subcommand)]
    pub command: ArchiveCommand,
}

/// What to do with archives.
#[derive(Debug, Subcommand)]
pub enum ArchiveCommand {
    /// Read a downloaded archive strictly: every entry, every hash, the signature
    Verify(ArchiveVerifyArgs),
}

/// Read a downloaded archive strictly: every entry, every hash, the signature
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  rightsdesk archive verify R-7F3K9Q2M.zip --key signing-key.pub"
)]
pub struct ArchiveVerifyArgs {
    /// The downloaded zip
    #[arg(value_name = "FILE")]
    pub file: PathBuf,
    /// The published key; else the configuration's. A key inside the archive is never trusted
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
}

/// 0 when every byte is as it was made, 1 when not, 2 when there is no key or file to look at.
pub fn run(args: &ArchiveVerifyArgs, config: &Path, report: &mut Report) -> Exit {
    let key = match key(args, config) {
        Ok(key) => key,
        Err(problems) => return report.refuse(&problems),
    };
    if !args.file.is_file() {
        return report.refuse(&[Problem {
            code: "no_file",
            place: args.file.display().to_string(),
            message: "there is no such file; name the zip that was downloaded".to_owned(),
        }]);
    }
    match verify(&args.file, &key) {
        Ok(found) => {
            report.say(&format!(
                "{} is whole and signed: request {}, right {}, made {}",
                args.file.display(),
                found.reference,
                found.right,
                found.made_at
            ));
            report.give(&json!({
                "ok": true,
                "reference": found.reference,
                "right": found.right,
                "made_at": found.made_at.to_string(),
            }));
            Exit::Well
        }
        Err(error) => report.no(&Problem {
            code: "not_verified",
            place: args.file.display().to_string(),
            message: error.to_string(),
        }),
    }
}

fn key(args: &ArchiveVerifyArgs, config: &Path) -> Result<VerifyingKey, Vec<Problem>> {
    let path = if let Some(path) = &args.key {
        path.clone()
    } else {
        let config = Config::load(config, &environment)
            .map_err(|errors| errors.into_iter().map(Problem::from).collect::<Vec<_>>())?;
        config.keys.dir.join(PUBLIC_FILE)
    };
    let refuse = |message: String| {
        vec![Problem { code: "no_key", place: path.display().to_string(), message }]
    };
    let text = fs::read_to_string(&path)
        .map_err(|_| refuse("cannot be read; name the published key with --key FILE".to_owned()))?;
    VerifyingKey::parse(&text).map_err(|error| refuse(error.to_string()))
}
