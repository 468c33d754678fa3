//! `rightsdesk openapi`

use std::io::{self, Write};

use clap::Args;

use super::Exit;
use super::report::{Problem, Report};
use crate::web::api;

/// Print the description of the API (OpenAPI 3.1)
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk openapi > rightsdesk-openapi.json")]
pub struct OpenapiArgs {}

/// Needs no configuration: the description is that of this binary.
pub fn run(report: &mut Report) -> Exit {
    match writeln!(io::stdout(), "{}", api::description_json()) {
        Ok(()) => Exit::Well,
        Err(_) => report.no(&Problem {
            code: "output",
            place: "stdout".to_owned(),
            message: "cannot be written to".to_owned(),
        }),
    }
}
