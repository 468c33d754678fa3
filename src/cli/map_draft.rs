//! `rightsdesk map draft`

use std::fs::{self, OpenOptions};
use std::io::Write;
use std::path::{Component, Path, PathBuf};

use clap::Args;
use serde_json::json;

use super::Exit;
use super::report::{Problem, Report};
use crate::config::environment;
use crate::store::draft::{self, Draft, Heading, Place, Seen};
use crate::store::map::Secret;
use crate::store::{StoreErrorCode, postgres, sqlite};

const HELP: &str = "write sqlite:PATH, postgres://USER@HOST/DATABASE, env:NAME or file:PATH";

/// Write a first data map from a database's catalogue; shows no value of it
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  rightsdesk map draft --from sqlite:shop.db --out maps/shop.toml\n  \
    SHOP_URL='postgres://reader:…@db/shop?sslmode=verify-full' rightsdesk map draft --from env:SHOP_URL --out maps/shop.toml\n\n\
    A URL with a password comes from env:NAME or file:PATH, since all users of a machine can read \
    the command lines of its programs. The map then holds that name and never the URL."
)]
pub struct MapDraftArgs {
    /// Where the database is.
    #[arg(
        long,
        value_name = "URL",
        help = "The database: sqlite:PATH or postgres://USER@HOST/DATABASE; with a password in the \
                URL: env:NAME or file:PATH"
    )]
    pub from: String,
    /// Where to write; else to stdout. A file that is there stays as it is
    #[arg(long, value_name = "FILE")]
    pub out: Option<PathBuf>,
    /// What the map calls the store; else what the database is called
    #[arg(long, value_name = "NAME")]
    pub store: Option<String>,
    /// Write over a file that is there
    #[arg(long, requires = "out")]
    pub replace: bool,
}

/// Looks at the database and writes the draft. 1 when the database cannot be looked at or the file
/// is there already.
pub async fn run(args: &MapDraftArgs, report: &mut Report) -> Exit {
    if let Some(out) = args.out.as_deref().filter(|out| !args.replace && out.exists()) {
        return report.no(&there(out));
    }
    let source = match Source::read(&args.from, args.out.as_deref()) {
        Ok(source) => source,
        Err(message) => return report.refuse(&[usage("--from", message)]),
    };
    let name = args.store.clone().unwrap_or_else(|| source.name());
    if !is_name(&name) {
        let message = "a store's name is a-z first, then a-z, 0-9, _ and -".to_owned();
        return report.refuse(&[usage("--store", message)]);
    }
    let seen = match source.look().await {
        Ok(seen) => seen,
        Err(problem) => return report.no(&problem),
    };
    let heading = Heading { name, kind: source.kind(), place: source.place.clone() };
    let draft = draft::draft(&heading, &seen);
    match &args.out {
        None if report.is_json() => report.give(&answer(&draft, None)),
        None => report.say(draft.text.trim_end()),
        Some(out) => {
            if let Err(problem) = write(out, &draft.text, args.replace) {
                return report.no(&problem);
            }
            report.give(&answer(&draft, Some(out)));
            report.say(&told(&draft, out));
        }
    }
    Exit::Well
}

/// Where the database is, and how the map says so.
struct Source {
    url: Secret,
    place: Place,
    /// What a relative path in the URL is relative to.
    folder: PathBuf,
}

impl Source {
    fn read(from: &str, out: Option<&Path>) -> Result<Self, String> {
        let beside = out.and_then(Path::parent).unwrap_or(Path::new("")).to_owned();
        if let Some(name) = from.strip_prefix("env:") {
            let url = environment(name)
                .ok_or_else(|| format!("the environment has no {name}; set it to the whole URL"))?;
            return Self::outside(&url, Place::Env(name.to_owned()), beside);
        }
        if let Some(path) = from.strip_prefix("file:") {
            let url = fs::read_to_string(path).map_err(|error| {
                format!("the file {path} cannot be read: {}; put the whole URL there", error.kind())
            })?;
            return Self::outside(&url, Place::File(relative(Path::new(path), out)), beside);
        }
        if has_password(from) {
            return Err(
                "a password does not belong on the command line, which every user of this \
                        machine can read and the shell remembers; put the whole URL into an \
                        environment variable and write --from env:NAME, or into a file that only \
                        you can read and write --from file:PATH"
                    .to_owned(),
            );
        }
        let url = Secret::new(from.to_owned());
        let place = match sqlite::file(&url) {
            Some(path) => format!("sqlite:{}", relative(Path::new(path), out)),
            None if is_postgres(from) => from.to_owned(),
            None => return Err(HELP.to_owned()),
        };
        Ok(Self { url, place: Place::Url(place), folder: PathBuf::new() })
    }

    /// A URL that does not stand on the command line; nothing of it is ever said.
    fn outside(url: &str, place: Place, folder: PathBuf) -> Result<Self, String> {
        let url = Secret::new(url.trim_end_matches(['\r', '\n']).to_owned());
        if sqlite::file(&url).is_none() && !is_postgres(url.reveal()) {
            return Err(
                "what stands there is no URL that begins with sqlite: or postgres://".into()
            );
        }
        Ok(Self { url, place, folder })
    }

    fn kind(&self) -> &'static str {
        if is_postgres(self.url.reveal()) { "postgres" } else { "sqlite" }
    }

    /// A name for the store: that of the database.
    fn name(&self) -> String {
        let named = match sqlite::file(&self.url) {
            Some(path) => {
                Path::new(path).file_stem().map(|stem| stem.to_string_lossy().into_owned())
            }
            None => self.url.reveal().split(['?', '#']).next().and_then(|url| {
                let (_, rest) = url.split_once("://")?;
                rest.split_once('/').map(|(_, database)| database.to_owned())
            }),
        };
        let plain: String = named
            .unwrap_or_default()
            .to_ascii_lowercase()
            .chars()
            .map(|letter| if letter.is_ascii_alphanumeric() { letter } else { '_' })
            .skip_while(|letter| !letter.is_ascii_lowercase())
            .collect();
        if plain.is_empty() { "main".to_owned() } else { plain }
    }

    async fn look(&self) -> Result<Seen, Problem> {
        let seen = match sqlite::file(&self.url) {
            Some(path) => sqlite::look(&self.folder.join(path)).await,
            None => postgres::look(&self.url).await,
        };
        seen.map_err(|error| {
            let todo = match error.code {
                StoreErrorCode::Unreachable => "see that it is there and that it answers",
                StoreErrorCode::Denied => {
                    "see that its user may connect, and may SELECT from the tables"
                }
                StoreErrorCode::Busy | StoreErrorCode::Timeout => "try again when it is less busy",
                StoreErrorCode::Unsupported => {
                    "its URL has something behind the ? that is not known here, or leads over a \
                     network without sslmode=verify-full (or another that says so)"
                }
                _ => "see that it is the database that you mean",
            };
            Problem {
                code: "store_trouble",
                place: "--from".to_owned(),
                message: format!("the database could not be looked at: {error}; {todo}"),
            }
        })
    }
}

fn is_postgres(url: &str) -> bool {
    url.starts_with("postgres://") || url.starts_with("postgresql://")
}

/// Whether a URL says a password, before the `@` or behind the `?`.
fn has_password(url: &str) -> bool {
    let rest = url.split_once("://").map_or("", |(_, rest)| rest);
    let user = rest.split(['/', '?', '#']).next().and_then(|host| host.rsplit_once('@'));
    // An unescaped `/` in a password would hide the `@` behind it.
    let late = rest.rsplit_once('@').is_some_and(|(before, _)| before.contains(':'));
    let query = url.split_once('?').map_or("", |(_, query)| query).to_ascii_lowercase();
    user.is_some_and(|(user, _)| user.contains(':')) || late || query.contains("password")
}

fn is_name(name: &str) -> bool {
    name.starts_with(|first: char| first.is_ascii_lowercase())
        && name.bytes().all(|byte| matches!(byte, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'))
}

/// `path` as a map at `out` has to write it: relative paths are relative to the map.
fn relative(path: &Path, out: Option<&Path>) -> String {
    let absolute = |path: &Path| std::path::absolute(path).unwrap_or_else(|_| path.to_owned());
    let Some(out) = out.filter(|_| path.is_relative()) else {
        return absolute(path).display().to_string();
    };
    let (target, map) = (absolute(path), absolute(out));
    let folder: Vec<Component<'_>> = map.parent().unwrap_or(Path::new("/")).components().collect();
    let parts: Vec<Component<'_>> = target.components().collect();
    let same = folder.iter().zip(&parts).take_while(|(a, b)| a == b).count();
    let mut from_map = PathBuf::new();
    from_map.extend(folder[same..].iter().map(|_| ".."));
    from_map.extend(&parts[same..]);
    from_map.display().to_string()
}

fn write(out: &Path, text: &str, replace: bool) -> Result<(), Problem> {
    let mut options = OpenOptions::new();
    options.write(true).create(true);
    if replace {
        options.truncate(true)
    } else {
        options.create_new(true)
    };
    let written = options.open(out).and_then(|mut file| file.write_all(text.as_bytes()));
    written.map_err(|error| match error.kind() {
        std::io::ErrorKind::AlreadyExists => there(out),
        kind => Problem {
            code: "unwritable",
            place: out.display().to_string(),
            message: format!("cannot be written: {kind}; see that its folder is there and yours"),
        },
    })
}

fn there(out: &Path) -> Problem {
    Problem {
        code: "exists",
        place: out.display().to_string(),
        message: "is there already and was not touched; name another file, or add --replace".into(),
    }
}

fn usage(place: &str, message: String) -> Problem {
    Problem { code: "usage", place: place.to_owned(), message }
}

fn answer(draft: &Draft, out: Option<&Path>) -> serde_json::Value {
    let Draft { text, people, owned, aside, unreached } = draft;
    let map = if out.is_none() { Some(text) } else { None };
    json!({ "ok": true, "file": out.map(|out| out.display().to_string()), "map": map, "people": people,
        "tables": owned, "left_out": aside, "not_reached": unreached })
}

fn told(draft: &Draft, out: &Path) -> String {
    let file = out.display();
    let list = |names: &[String]| {
        if names.is_empty() { "none".to_owned() } else { names.join(", ") }
    };
    format!(
        "Wrote {file}.\n  people:         {}\n  lead to them:   {}\n  left out:       {}\n  \
         not reached:    {}\nNext: take the # from the facts at its top and write what is true, read the rest, then run\n  \
         rightsdesk map check {file}",
        list(&draft.people),
        list(&draft.owned),
        list(&draft.aside),
        list(&draft.unreached),
    )
}
