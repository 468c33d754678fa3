//! What commands print: lines for people, or one JSON object for scripts.

use std::io::Write;

use serde::Serialize;
use serde_json::json;

use super::Exit;
use crate::config::ConfigError;
use crate::run::StartProblem;

/// One reason why a command cannot do its work.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Problem {
    /// A stable word for scripts.
    pub code: &'static str,
    /// Where: a file and line, a path, the name of a store.
    #[serde(rename = "where")]
    pub place: String,
    /// What is wrong and what to do. No personal data.
    pub message: String,
}

impl From<StartProblem> for Problem {
    fn from(problem: StartProblem) -> Self {
        let StartProblem { code, place, message } = problem;
        Self { code, place, message }
    }
}

/// One thing that was looked at.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Check {
    /// What was looked at.
    pub name: String,
    /// Whether it is well.
    pub ok: bool,
    /// What was seen, and what to do where it is not well.
    pub message: String,
}

impl From<ConfigError> for Problem {
    fn from(error: ConfigError) -> Self {
        let ConfigError { code, place, key, message } = error;
        let message = if key.is_empty() { message } else { format!("{key}: {message}") };
        Self { code: code.as_str(), place, message }
    }
}

/// Where a command's answer goes. What nobody reads any more is no error.
pub struct Report {
    json: bool,
    out: Box<dyn Write>,
    err: Box<dyn Write>,
}

impl std::fmt::Debug for Report {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Report").field("json", &self.json).finish_non_exhaustive()
    }
}

impl Report {
    /// Answers go to `out`; errors to `err`, or with `json` to `out` too.
    pub fn new(json: bool, out: impl Write + 'static, err: impl Write + 'static) -> Self {
        Self { json, out: Box::new(out), err: Box::new(err) }
    }

    /// Whether a script listens.
    pub fn is_json(&self) -> bool {
        self.json
    }

    /// Says `text` to people.
    pub fn say(&mut self, text: &str) {
        if !self.json {
            let _ = writeln!(self.out, "{text}");
        }
    }

    /// Asks people, without a line end.
    pub fn ask(&mut self, text: &str) {
        if !self.json {
            let _ = write!(self.out, "{text}").and_then(|()| self.out.flush());
        }
    }

    /// Says `object` to scripts, on one line.
    pub fn give(&mut self, object: &serde_json::Value) {
        if self.json {
            let _ = writeln!(self.out, "{object}");
        }
    }

    /// Says what was looked at: a line each, or `{ok, checks: […]}`. The answer is no when anything
    /// is not well.
    pub fn checks(&mut self, checks: &[Check]) -> Exit {
        let ok = checks.iter().all(|check| check.ok);
        self.give(&json!({ "ok": ok, "checks": checks }));
        for check in checks {
            let mark = if check.ok { "ok " } else { "BAD" };
            self.say(&format!("{mark}  {}: {}", check.name, check.message));
        }
        if ok { Exit::Well } else { Exit::No }
    }

    /// Says no, and why.
    pub fn no(&mut self, problem: &Problem) -> Exit {
        let _ = self.refuse(std::slice::from_ref(problem));
        Exit::No
    }

    /// Says what is wrong: a line each, or `{ok: false, errors: […]}`.
    pub fn refuse(&mut self, problems: &[Problem]) -> Exit {
        if self.json {
            self.give(&json!({ "ok": false, "errors": problems }));
        } else {
            for Problem { place, message, .. } in problems {
                let _ = writeln!(self.err, "{place}: {message}");
            }
        }
        Exit::Wrong
    }
}
