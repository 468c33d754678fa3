//! `rightsdesk deadlines`

mod read;
mod write;

use std::io::{self, Read, Write};

use clap::Args;
use serde_json::{Value, json};

use super::Exit;
use super::report::{Problem, Report};
use crate::domain::deadline::compute;
use crate::domain::language::Language;

/// Compute statutory deadlines: JSON from standard input to JSON on standard output
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk deadlines < vectors.json\n\n\
        {\"vectors\": [{\"id\": \"1\", \"input\": {\"regime\": \"eu_gdpr\", \"zone\": \"Europe/Berlin\", \
        \"calendar\": \"DE\", \"received_date\": \"2026-01-31\"}}]}")]
pub struct DeadlinesArgs {
    /// Beside each date the steps by which it was counted, in words
    #[arg(long, value_name = "en|de", num_args = 0..=1, default_missing_value = "en")]
    pub explain: Option<String>,
}

/// Reads standard input and answers on standard output. Needs no configuration.
pub fn run(args: &DeadlinesArgs, report: &mut Report) -> Exit {
    let mut typed = String::new();
    let language = match args.explain.as_deref().map(Language::parse) {
        Some(None) => {
            return report.refuse(&[Problem {
                code: "usage",
                place: "--explain".to_owned(),
                message: "write en or de".to_owned(),
            }]);
        }
        given => given.flatten(),
    };
    if io::stdin().read_to_string(&mut typed).is_err() {
        return report.no(&trouble("input", "cannot be read as text in UTF-8"));
    }
    match answer(&typed, language) {
        Err(message) => report.no(&trouble("json", message)),
        Ok((results, wrong)) => {
            if writeln!(io::stdout(), "{}", json!({ "results": results })).is_err() {
                return report.no(&trouble("output", "cannot be answered"));
            }
            if wrong == 0 { Exit::Well } else { Exit::No }
        }
    }
}

fn trouble(code: &'static str, message: impl Into<String>) -> Problem {
    Problem { code, place: "standard input".to_owned(), message: message.into() }
}

/// The results in the order of the vectors, and how many have no date.
fn answer(typed: &str, language: Option<Language>) -> Result<(Vec<Value>, usize), String> {
    let whole: Value = serde_json::from_str(typed).map_err(|error| {
        format!("is no JSON at line {}, column {}", error.line(), error.column())
    })?;
    let Some(vectors) = whole.get("vectors").and_then(Value::as_array) else {
        return Err("write {\"calendars\": {…}, \"vectors\": [{\"id\", \"input\"}, …]}".to_owned());
    };
    let mut wrong = 0;
    let results = vectors
        .iter()
        .map(|vector| {
            let id = vector.get("id").cloned().unwrap_or_default();
            match one(&whole["calendars"], vector, language) {
                Ok(Answer { expect, why: None }) => json!({ "id": id, "expect": expect }),
                Ok(Answer { expect, why }) => json!({ "id": id, "expect": expect, "why": why }),
                Err(error) => {
                    wrong += 1;
                    json!({ "id": id, "error": error })
                }
            }
        })
        .collect();
    Ok((results, wrong))
}

struct Answer {
    expect: Value,
    why: Option<Value>,
}

fn one(calendars: &Value, vector: &Value, language: Option<Language>) -> Result<Answer, String> {
    if vector.get("id").is_none_or(Value::is_null) {
        return Err("`id` is missing".to_owned());
    }
    let input = vector.get("input").ok_or("`input` is missing")?;
    let typed = read::Typed::read(calendars, input)?;
    let computed = compute(typed.regime, &typed.facts()).map_err(|error| error.to_string())?;
    let why = language.map(|language| write::explain(&computed, language, typed.zone()));
    Ok(Answer { expect: write::expect(&computed, typed.zone()), why })
}

#[cfg(test)]
mod tests;
