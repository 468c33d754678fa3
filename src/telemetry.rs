//! What the process tells about itself, and what it never leaves behind.

use std::io::{self, IsTerminal};

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;

use crate::domain::code::stored_words;

/// The form of a log line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogFormat {
    /// For people.
    #[default]
    Text,
    /// One object a line, for machines.
    Json,
}

stored_words!(LogFormat { Text = "text", Json = "json" });

/// How much is logged.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum LogLevel {
    /// What needs somebody now.
    Error,
    /// And what may need somebody soon.
    Warn,
    /// And what happened.
    #[default]
    Info,
    /// And how.
    Debug,
}

stored_words!(LogLevel { Error = "error", Warn = "warn", Info = "info", Debug = "debug" });

/// Where the log goes and how much of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Log {
    /// Default `text`.
    pub format: LogFormat,
    /// Default `info`.
    pub level: LogLevel,
}

/// Starts the log, on stderr. A second start changes nothing.
pub fn start(log: Log) {
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let layer = match log.format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let started =
        tracing_subscriber::registry().with(layer.with_filter(filter(log.level))).try_init();
    if started.is_err() {
        tracing::debug!("the log is running already");
    }
}

/// Our own lines from `level` on. Those of every other crate only as warnings: below that, SQL and
/// HTTP crates log statements, headers and paths, which may hold personal data.
fn filter(level: LogLevel) -> Targets {
    let ours = match level {
        LogLevel::Error => LevelFilter::ERROR,
        LogLevel::Warn => LevelFilter::WARN,
        LogLevel::Info => LevelFilter::INFO,
        LogLevel::Debug => LevelFilter::DEBUG,
    };
    Targets::new().with_default(ours.min(LevelFilter::WARN)).with_target("rightsdesk", ours)
}

/// Keeps the process's memory, and the keys in it, out of core files and away from debuggers.
///
/// Both ways are needed: a core pattern that is a pipe ignores the limit (core(5)).
pub fn no_core_dumps() -> io::Result<()> {
    setrlimit(Resource::Core, Rlimit { current: Some(0), maximum: Some(0) })?;
    set_dumpable_behavior(DumpableBehavior::NotDumpable)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use tracing::Level;

    #[test]
    fn other_crates_are_heard_from_warnings_on() {
        let filter = filter(LogLevel::Debug);
        assert!(filter.would_enable("rightsdesk::job", &Level::DEBUG));
        for theirs in ["sqlx::query", "sea_orm", "hyper", "reqwest", "object_store", "lettre"] {
            assert!(!filter.would_enable(theirs, &Level::INFO), "{theirs}");
            assert!(filter.would_enable(theirs, &Level::WARN), "{theirs}");
        }
    }

    #[test]
    fn a_quieter_log_is_quieter_for_all() {
        let filter = filter(LogLevel::Error);
        assert!(!filter.would_enable("sqlx::query", &Level::WARN));
        assert!(!filter.would_enable("rightsdesk", &Level::WARN));
    }

    #[test]
    fn core_dumps_are_off() {
        no_core_dumps().unwrap();
        let limit = rustix::process::getrlimit(Resource::Core);
        assert_eq!(limit.current, Some(0));
    }
}
