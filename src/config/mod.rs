//! The configuration: one TOML file, read once at the start, wrong in nothing or refused.
//!
//! Every error names file, line and key and says what to write instead; all of them come at once.
//! The structs here and in [`crate::domain::settings`] are the reference of what can be set;
//! `docs/configuration.md` is the same for people. This is the only place that reads the
//! environment.
//!
//! A new key: a field with its default in the doc comment, a line in the section's `read`, the
//! name in `known.rs`, and a line each in `template.toml` and `docs/configuration.md`. Tests miss
//! each of them.

mod database;
mod document;
mod error;
mod keys;
mod known;
mod mail;
mod maps;
mod organisation;
mod place;
mod rules;
mod secret;
#[cfg(test)]
mod tests;
mod web;
mod webhook;

use std::fs;
use std::io;
use std::path::{Path, PathBuf};

use toml::de::DeTable;

pub use database::Database;
pub use document::Environment;
pub use error::{ConfigCode, ConfigError};
pub use keys::{KeysFolder, ROOT_KEY};
pub use mail::{Mail, MailRoute, Smtp, SmtpTls};
pub use place::{Place, S3};
pub use secret::Secret;
pub use web::{Console, Web};
pub use webhook::Webhook;

use crate::domain::settings::{
    ArchiveKeep, Deletion, Organisation, Promise, Restriction, Retention, ReviewPolicy,
    Verification,
};
use crate::telemetry::{Collector, Log, LogFormat, LogLevel};
use document::{Document, Section};
use error::Refusal;

/// The commented configuration that `init` writes. Complete as it stands.
pub const TEMPLATE: &str = include_str!("template.toml");

/// The file that is read when nobody names one.
pub const DEFAULT_FILE: &str = "rightsdesk.toml";

/// Everything that can be set.
#[derive(Debug, Clone)]
pub struct Config {
    /// The file it was read from, as it was named.
    pub file: PathBuf,
    /// The data maps: the files that the patterns in `maps` name. Absolute, sorted. Default
    /// pattern `maps/*.toml`.
    pub maps: Vec<PathBuf>,
    /// `[organisation]`
    pub organisation: Organisation,
    /// `[web]`
    pub web: Web,
    /// `[console]`
    pub console: Console,
    /// `[database]`
    pub database: Database,
    /// `[archive] url`. Default `file:data/archives`.
    pub archive: Place,
    /// `[archive] keep`. Default `14d`.
    pub archive_keep: ArchiveKeep,
    /// `[ledger] url`, never inside `archive`. Default `file:data/ledger`.
    pub ledger: Place,
    /// `[mail]`
    pub mail: Mail,
    /// `[keys]`
    pub keys: KeysFolder,
    /// `[verification]`
    pub verification: Verification,
    /// `[review]`
    pub review: ReviewPolicy,
    /// `[deletion]`
    pub deletion: Deletion,
    /// `[promise]`
    pub promise: Promise,
    /// `[restriction]`
    pub restriction: Restriction,
    /// `[retention]`
    pub retention: Retention,
    /// `[webhook.NAME]`, each.
    pub webhooks: Vec<Webhook>,
    /// `[log]`
    pub log: Log,
    /// `[traces] url`. Default nowhere.
    pub traces: Option<Collector>,
    /// Where `demo = true` stands, which `rightsdesk demo` writes into its own folder.
    demo: Option<String>,
}

impl Config {
    /// Reads the file at `path` and the secrets it names. `env` looks up the environment.
    ///
    /// Keys are not read here: see [`KeysFolder::root_key`].
    pub fn load(path: &Path, env: Environment<'_>) -> Result<Self, Vec<ConfigError>> {
        let fail = |code, message: String| {
            let place = path.display().to_string();
            vec![ConfigError { code, place, key: String::new(), message }]
        };
        let text = fs::read_to_string(path).map_err(|error| match error.kind() {
            io::ErrorKind::NotFound => fail(
                ConfigCode::NoConfigFile,
                "there is no such file; `rightsdesk init` writes one, --config FILE names another"
                    .into(),
            ),
            io::ErrorKind::InvalidData => {
                fail(ConfigCode::Syntax, "not a text in UTF-8; save it as such".into())
            }
            kind => fail(ConfigCode::Unreadable, format!("{kind}; let the service read it")),
        })?;
        let absolute = std::path::absolute(path)
            .map_err(|error| fail(ConfigCode::Unreadable, error.kind().to_string()))?;
        let folder = absolute.parent().map_or_else(PathBuf::new, Path::to_owned);
        Self::parse(path, &text, folder, env)
    }

    /// Reads the text of a configuration. `folder` is where its relative paths begin.
    pub(crate) fn parse(
        path: &Path,
        text: &str,
        folder: PathBuf,
        env: Environment<'_>,
    ) -> Result<Self, Vec<ConfigError>> {
        let doc = Document::new(path.display().to_string(), text, folder, env);
        let (root, errors) = DeTable::parse_recoverable(text);
        for error in &errors {
            let at = error.span().map_or(0, |span| span.start);
            // The message alone: the long form quotes the line, which may hold a secret.
            let message = format!("this is not TOML: {}", error.message());
            doc.refuse(at, String::new(), Refusal::new(ConfigCode::Syntax, message));
        }
        let config = if errors.is_empty() { read(path, &doc, root.get_ref()) } else { None };
        match (config, doc.errors()) {
            (Some(config), errors) if errors.is_empty() => Ok(config),
            (_, errors) => Err(errors),
        }
    }

    /// An error when the folder belongs to `rightsdesk demo`, for the commands that refuse it.
    pub fn refuse_demo(&self) -> Result<(), ConfigError> {
        self.demo.as_ref().map_or(Ok(()), |place| {
            Err(ConfigError {
                code: ConfigCode::DemoFolder,
                place: place.clone(),
                key: "demo".into(),
                message: "this folder belongs to `rightsdesk demo`, keys and all; write a config \
                          of your own with `rightsdesk init`"
                    .into(),
            })
        })
    }

    /// Whether the folder belongs to `rightsdesk demo`.
    pub fn is_demo(&self) -> bool {
        self.demo.is_some()
    }
}

/// Reads every section. Every error is noted in `doc`, and `None` comes with one at least.
fn read(path: &Path, doc: &Document<'_>, root: &DeTable<'_>) -> Option<Config> {
    known::check(doc, root);
    let section = |name| Section::named(doc, root, name);
    let top = Section::top(doc, root);
    let (web_section, console_section) = (section("web"), section("console"));
    let organisation = organisation::read(&section("organisation"));
    let web = Web::read(&web_section);
    let console = Console::read(&console_section);
    if let (Some(web), Some(console)) = (&web, &console) {
        web::check_listeners(web, console, [&web_section, &console_section]);
    }
    let contact = organisation.as_ref().and_then(|organisation| organisation.contact.as_ref());
    let mail = Mail::read(&section("mail"), contact, web.as_ref().map(|web| &web.base_url));
    let archive_section = section("archive");
    let archive = Place::read(&archive_section, "url", "data/archives");
    let ledger = ledger(&section("ledger"), archive.as_ref());
    let demo = top.entry("demo").filter(|entry| entry.truth() == Some(true));
    let log = section("log");
    let traces = section("traces").read("url", |text| {
        let refusal = "write the address of a collector, such as \"http://127.0.0.1:4318\"; no \
                       password in it";
        Collector::parse(text).ok_or_else(|| Refusal::value(refusal))
    });
    let others = [(archive.as_ref(), "[archive] url"), (ledger.as_ref(), "[ledger] url")];
    let keys = KeysFolder::read(&section("keys"), others);
    let database = Database::read(&section("database"));
    // Everything is read before the first `?`, so that all errors come at once.
    let config = (
        maps::read(&top),
        ArchiveKeep(archive_section.period("keep", "14d", false)),
        Verification { lapse: section("verification").period("lapse", "7d", false) },
        rules::review(&section("review")),
        rules::deletion(&section("deletion")),
        rules::promise(&section("promise")),
        rules::restriction(&section("restriction")),
        rules::retention(&section("retention")),
        webhook::read(doc, root),
        Log {
            format: log.choice("format", LogFormat::ALL, LogFormat::as_str),
            level: log.choice("level", LogLevel::ALL, LogLevel::as_str),
        },
    );
    let (
        maps,
        archive_keep,
        verification,
        review,
        deletion,
        promise,
        restriction,
        retention,
        webhooks,
        log,
    ) = config;
    Some(Config {
        file: path.to_owned(),
        maps,
        organisation: organisation?,
        web: web?,
        console: console?,
        database: database?,
        archive: archive?,
        archive_keep,
        ledger: ledger?,
        mail: mail?,
        keys: keys?,
        verification,
        review,
        deletion,
        promise,
        restriction,
        retention,
        webhooks,
        log,
        traces,
        demo: demo.map(|entry| doc.place(entry.at)),
    })
}

/// The ledger outlives archives, so it lies beside them, never among them.
fn ledger(section: &Section<'_>, archive: Option<&Place>) -> Option<Place> {
    let ledger = Place::read(section, "url", "data/ledger")?;
    if archive.is_some_and(|archive| archive.holds(&ledger)) {
        let message = "the ledger would lie inside [archive] url; write a place outside it";
        section.refuse("url", Refusal::value(message));
        return None;
    }
    Some(ledger)
}

/// Which file to read: the one named on the command line, else in `RIGHTSDESK_CONFIG`, else
/// `rightsdesk.toml` here.
pub fn which_file(named: Option<&Path>, env: Environment<'_>) -> PathBuf {
    let from_env = || env("RIGHTSDESK_CONFIG").filter(|path| !path.is_empty()).map(PathBuf::from);
    named.map(Path::to_owned).or_else(from_env).unwrap_or_else(|| DEFAULT_FILE.into())
}

/// A variable of the process's environment; `None` when it is not set or not a text.
pub fn environment(name: &str) -> Option<String> {
    #[expect(clippy::disallowed_methods, reason = "the one place that reads the environment")]
    std::env::var(name).ok()
}
