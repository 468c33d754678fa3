//! `rightsdesk init`: a folder to start from. Writes new files only.

use std::fs::{self, DirBuilder, OpenOptions};
use std::io::{self, BufRead, Write};
use std::net::Ipv4Addr;
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::Exit;
use super::report::{Problem, Report};
use crate::config::{self, Config, ROOT_KEY, TEMPLATE};
use crate::domain::base_url::BaseUrl;
use crate::domain::settings::DeletionReview;
use crate::ids::Entropy;
use crate::keys::signing::{PUBLIC_FILE, SECRET_FILE};
use crate::run::make_keys;

const EXAMPLE_MAP: &str = include_str!("example_map.toml");
const NAME_LINE: &str = "name = \"Example Company\"";
const BASE_LINE: &str = "base_url = \"http://127.0.0.1:8080\"";
const LISTEN_LINE: &str = "#listen = \"127.0.0.1:8080\"";
const DELETION_LINE: &str = "#deletion = \"two_person\"";

/// Write a commented configuration, fresh keys and a first data map; never overwrites anything
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk init /srv/rightsdesk")]
pub struct InitArgs {
    /// Folder to write into; made when it is not there
    #[arg(value_name = "DIR", default_value = ".")]
    pub dir: PathBuf,
}

/// Writes the folder. With `terminal`, asks what only the operator knows.
pub fn run(
    args: &InitArgs,
    entropy: &dyn Entropy,
    terminal: Option<impl BufRead>,
    report: &mut Report,
) -> Exit {
    let folder = Folder::new(&args.dir);
    let there: Vec<Problem> =
        folder.files().iter().filter(|path| is_there(path)).map(|path| exists(path)).collect();
    if !there.is_empty() {
        return report.refuse(&there);
    }
    let text = match terminal {
        Some(mut input) => match Answers::ask(&mut input, report) {
            Ok(answers) => answers.fill(TEMPLATE),
            Err(problem) => return report.refuse(&[problem]),
        },
        None => TEMPLATE.to_owned(),
    };
    // Whatever was answered, the service must start with it.
    if let Err(errors) = Config::parse(&folder.config, &text, args.dir.clone(), &|_| None) {
        let problems: Vec<Problem> = errors.into_iter().map(Problem::from).collect();
        return report.refuse(&problems);
    }
    if let Err(problem) = folder.write(&text, entropy) {
        return report.refuse(&[problem]);
    }
    tell(&folder, report);
    Exit::Well
}

/// The files of a new folder.
struct Folder {
    config: PathBuf,
    map: PathBuf,
    keys: PathBuf,
    data: PathBuf,
}

impl Folder {
    fn new(dir: &Path) -> Self {
        Self {
            config: dir.join(config::DEFAULT_FILE),
            // Not a name that `maps` takes: the service starts with no store mapped.
            map: dir.join("maps/example.toml.txt"),
            keys: dir.join("keys"),
            data: dir.join("data"),
        }
    }

    fn files(&self) -> [PathBuf; 5] {
        let key = |name: &str| self.keys.join(name);
        [self.config.clone(), self.map.clone(), key(ROOT_KEY), key(SECRET_FILE), key(PUBLIC_FILE)]
    }

    /// The configuration comes last: where it stands, the rest does too.
    fn write(&self, config: &str, entropy: &dyn Entropy) -> Result<(), Problem> {
        for secret in [&self.keys, &self.data] {
            let made = DirBuilder::new().recursive(true).mode(0o700).create(secret);
            made.map_err(|error| cannot_write(secret, &error))?;
        }
        make_keys(&self.keys, entropy).map_err(|error| Problem {
            code: "cannot_write",
            place: self.keys.display().to_string(),
            message: error.to_string(),
        })?;
        write_new(&self.map, EXAMPLE_MAP)?;
        write_new(&self.config, config)
    }
}

/// What only the operator knows.
struct Answers {
    name: String,
    base: BaseUrl,
    deletion: DeletionReview,
}

impl Answers {
    fn ask(input: &mut impl BufRead, report: &mut Report) -> Result<Self, Problem> {
        let name = ask(input, report, "Name of your organisation", "Example Company", |line| {
            Ok::<_, &str>(line.to_owned())
        })?;
        let base = ask(
            input,
            report,
            "Address that people will use",
            "http://127.0.0.1:8080",
            BaseUrl::parse,
        )?;
        let people = "How many people approve a deletion, 1 or 2";
        let deletion = ask(input, report, people, "2", |line| match line {
            "1" => Ok(DeletionReview::Staff),
            "2" => Ok(DeletionReview::TwoPerson),
            _ => Err("write 1 or 2; two catch what one overlooks"),
        })?;
        Ok(Self { name, base, deletion })
    }

    fn fill(&self, template: &str) -> String {
        let quoted = |text: &str| toml::Value::from(text).to_string();
        let mut text = template
            .replacen(NAME_LINE, &format!("name = {}", quoted(&self.name)), 1)
            .replacen(BASE_LINE, &format!("base_url = {}", quoted(self.base.as_str())), 1);
        if self.deletion != DeletionReview::default() {
            let line = format!("deletion = {}", quoted(self.deletion.as_str()));
            text = text.replacen(DELETION_LINE, &line, 1);
        }
        if self.base.is_loopback() && !self.base.is_secure() {
            // Nobody stands before us on this machine, so the address is where we listen.
            let host = match self.base.host() {
                host if host.starts_with('[') || host.parse::<Ipv4Addr>().is_ok() => host,
                _ => "127.0.0.1",
            };
            let line = format!("listen = \"{host}:{}\"", self.base.port());
            if !LISTEN_LINE.ends_with(&line) {
                text = text.replacen(LISTEN_LINE, &line, 1);
            }
        }
        text
    }
}

/// Asks until the answer can be read; an empty line takes the default.
fn ask<T, E: std::fmt::Display>(
    input: &mut impl BufRead,
    report: &mut Report,
    question: &str,
    default: &str,
    read: impl Fn(&str) -> Result<T, E>,
) -> Result<T, Problem> {
    loop {
        report.ask(&format!("{question} [{default}]: "));
        let mut line = String::new();
        if input.read_line(&mut line).unwrap_or(0) == 0 {
            return Err(Problem {
                code: "no_answer",
                place: "terminal".into(),
                message: "no answer, so nothing was written; run it again, or with \
                          </dev/null for the defaults"
                    .into(),
            });
        }
        let answer = Some(line.trim()).filter(|line| !line.is_empty()).unwrap_or(default);
        match read(answer) {
            Ok(value) => return Ok(value),
            Err(error) => report.say(&format!("  {error}")),
        }
    }
}

fn tell(folder: &Folder, report: &mut Report) {
    let [config, map, key, signing, public] = folder.files().map(|path| path.display().to_string());
    report.say(&format!("Wrote\n  {config}\n  {map}\n  {key}\n  {signing}\n  {public}\n"));
    report.say(&format!(
        "Next:\n  \
         1. Set your organisation's name, your address and your mail server in {config}.\n  \
         2. Connect a store: copy {map} to a name ending in .toml and make it fit.\n  \
         3. Run `rightsdesk check --config {config}`, then `rightsdesk serve --config {config}`.\n\n\
         Keep a copy of {} away from this machine: without it nothing that the service has sealed\n\
         can be opened again.",
        folder.keys.display()
    ));
    report.give(
        &json!({ "ok": true, "config": config, "written": [config, map, key, signing, public] }),
    );
}

fn is_there(path: &Path) -> bool {
    // A dangling link is there too; writing would follow it.
    fs::symlink_metadata(path).is_ok()
}

fn exists(path: &Path) -> Problem {
    Problem {
        code: "exists",
        place: path.display().to_string(),
        message: "is there already, so nothing was written; name another folder, or move it away \
                  first (never a key that is in use)"
            .into(),
    }
}

fn write_new(path: &Path, text: &str) -> Result<(), Problem> {
    let fail = |error: io::Error| cannot_write(path, &error);
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder).map_err(fail)?;
    }
    let mut file = OpenOptions::new().write(true).create_new(true).open(path).map_err(fail)?;
    file.write_all(text.as_bytes()).and_then(|()| file.sync_all()).map_err(fail)
}

fn cannot_write(path: &Path, error: &io::Error) -> Problem {
    Problem {
        code: "cannot_write",
        place: path.display().to_string(),
        message: format!(
            "cannot be written: {}; name a folder that you may write to",
            error.kind()
        ),
    }
}

#[cfg(test)]
mod tests;
