//! What the process tells about itself, and what it never leaves behind.

#[cfg(feature = "otel")]
mod traces;

use std::io::{self, IsTerminal};

use rustix::process::{DumpableBehavior, Resource, Rlimit, set_dumpable_behavior, setrlimit};
use tracing::level_filters::LevelFilter;
use tracing_subscriber::Layer;
use tracing_subscriber::filter::Targets;
use tracing_subscriber::layer::SubscriberExt;
use tracing_subscriber::util::SubscriberInitExt;
use url::Url;

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

/// Where traces go: a collector that speaks OTLP over HTTP.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Collector(Url);

impl Collector {
    /// Reads the address of a collector, `http://127.0.0.1:4318`; `None` for what is none, or holds
    /// a password.
    pub fn parse(text: &str) -> Option<Self> {
        let url: Url = text.parse().ok()?;
        let plain = url.username().is_empty() && url.password().is_none();
        let whole = url.query().is_none() && url.fragment().is_none();
        let http = matches!(url.scheme(), "http" | "https") && url.has_host();
        (plain && whole && http).then_some(Self(url))
    }

    /// Where traces are taken (OTLP 1.9, "OTLP/HTTP request").
    #[cfg(feature = "otel")]
    fn traces(&self) -> String {
        format!("{}/v1/traces", self.0.as_str().trim_end_matches('/'))
    }
}

/// Why there are no traces.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum TracesError {
    /// The program was built without them.
    #[error("this build sends no traces; build with `--features otel`, or take the line away")]
    NotBuilt,
    /// The exporter does not take the settings.
    #[error("traces cannot be sent there; write the address of a collector, http://127.0.0.1:4318")]
    Unusable,
}

/// What was started, to be stopped at the end.
#[derive(Debug, Default)]
#[must_use]
pub struct Telemetry {
    #[cfg(feature = "otel")]
    exporter: Option<traces::Exporter>,
}

impl Telemetry {
    /// Sends the traces that are left, and blocks for it.
    pub fn stop(self) {
        #[cfg(feature = "otel")]
        if let Some(exporter) = self.exporter {
            exporter.stop();
        }
    }
}

/// Starts the log, on stderr, and traces where there is a collector. A second start changes nothing.
pub fn start(log: Log, collector: Option<&Collector>) -> Result<Telemetry, TracesError> {
    #[cfg(not(feature = "otel"))]
    if collector.is_some() {
        return Err(TracesError::NotBuilt);
    }
    #[cfg(feature = "otel")]
    let exporter = collector.map(traces::Exporter::new).transpose()?;
    let lines = tracing_subscriber::fmt::layer().with_writer(io::stderr);
    let layer = match log.format {
        LogFormat::Text => lines.with_ansi(io::stderr().is_terminal()).boxed(),
        LogFormat::Json => lines.json().flatten_event(true).boxed(),
    };
    let subscriber = tracing_subscriber::registry().with(layer.with_filter(filter(log.level)));
    #[cfg(feature = "otel")]
    let subscriber = subscriber.with(exporter.as_ref().map(traces::Exporter::layer));
    if subscriber.try_init().is_err() {
        tracing::debug!("the log is running already");
    }
    Ok(Telemetry {
        #[cfg(feature = "otel")]
        exporter,
    })
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
    fn traces_are_not_for_the_log() {
        assert!(!filter(LogLevel::Debug).would_enable(crate::meter::span::TARGET, &Level::INFO));
    }

    #[test]
    fn a_collector_is_an_address_without_secrets() {
        for good in ["http://127.0.0.1:4318", "https://otel.example.org/tenant/"] {
            assert!(Collector::parse(good).is_some(), "{good}");
        }
        for bad in
            ["127.0.0.1:4318", "grpc://h:4317", "http://a:b@h", "http://a@h", "http://h?k=1", ""]
        {
            assert_eq!(Collector::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn core_dumps_are_off() {
        no_core_dumps().unwrap();
        let limit = rustix::process::getrlimit(Resource::Core);
        assert_eq!(limit.current, Some(0));
    }
}
