//! `rightsdesk serve`

use std::path::Path;

use clap::{Args, ValueEnum};
use serde_json::json;
use tokio::signal::unix::{SignalKind, signal};

use super::Exit;
use super::report::{Problem, Report};
use crate::config::{Config, Database, environment};
use crate::run::{House, Shape, StartProblem, database_problem, no_more, start};
use crate::telemetry::{self, Telemetry};

/// Run the service
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk serve --config /etc/rightsdesk/rightsdesk.toml")]
pub struct ServeArgs {
    /// Which part of the service to run in this process
    #[arg(long, value_enum, default_value_t = Role::All)]
    pub role: Role,
    /// For the crash tests: a point to die at, `NAME` or `NAME:N`
    #[cfg(feature = "crash-points")]
    #[arg(long, hide = true)]
    pub crash_at: Option<String>,
    /// For the crash tests: milliseconds of a job's lease
    #[cfg(feature = "crash-points")]
    #[arg(long, hide = true)]
    pub lease: Option<u64>,
}

/// A part of the service.
#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Role {
    /// Pages and jobs
    All,
    /// Pages only
    Web,
    /// Jobs only
    Worker,
}

impl Role {
    const fn shape(self) -> Shape {
        Shape { web: !matches!(self, Self::Worker), worker: !matches!(self, Self::Web) }
    }
}

/// Runs until it is told to stop.
pub async fn run(args: &ServeArgs, file: &Path, report: &mut Report) -> Exit {
    #[cfg(feature = "crash-points")]
    crate::crash::arm(args.crash_at.as_deref(), args.lease.map(std::time::Duration::from_millis));
    let told_to_stop = told_to_stop();
    let problems = match ready(file).await {
        Err(problems) => problems,
        Ok((house, config, telemetry)) => match start(&house, &config, args.role.shape(), no_more)
            .await
        {
            Err(problem) => vec![problem],
            Ok(running) => {
                if let Some(at) = running.listening {
                    report.say(&format!(
                        "Rightsdesk answers at {} (listening on {at})",
                        config.web.base_url
                    ));
                    report.say(&format!("The console is at {}/console/", config.console.base_url));
                    let console = running.console.map(|at| at.to_string());
                    let metrics = running.metrics.map(|at| at.to_string());
                    report.give(&json!({
                        "ok": true,
                        "listening": at.to_string(),
                        "console": console,
                        "metrics": metrics,
                    }));
                } else {
                    report.say("Jobs are done here; pages are served elsewhere");
                    report.give(&json!({ "ok": true, "listening": null, "console": null, "metrics": running.metrics.map(|at| at.to_string()) }));
                }
                told_to_stop.await;
                running.stop().await;
                // Where that breaks off there is nothing more to send.
                let _ = tokio::task::spawn_blocking(|| telemetry.stop()).await;
                return Exit::Well;
            }
        },
    };
    report.refuse(&problems.into_iter().map(Problem::from).collect::<Vec<_>>())
}

/// Opens the house of a configuration that is no demo's, its schema current.
async fn ready(file: &Path) -> Result<(House, Config, Telemetry), Vec<StartProblem>> {
    let config = Config::load(file, &environment)
        .map_err(|errors| errors.into_iter().map(StartProblem::from).collect::<Vec<_>>())?;
    let telemetry = telemetry::start(config.log, config.traces.as_ref())
        .map_err(|error| vec![StartProblem::new("traces", "[traces] url", &error)])?;
    crate::web::edge::panic::report_place_only();
    config.refuse_demo().map_err(|error| vec![error.into()])?;
    let house = House::open(&config, &environment).await?;
    let broken = |error| vec![database_problem(&config, &error)];
    match config.database {
        Database::Sqlite(_) => {
            if let Some(copy) = house.db.migrate_with_copy().await.map_err(broken)? {
                tracing::info!(copy = %copy.display(), "the database was copied and migrated");
            }
        }
        Database::Postgres(_) => {
            // A fresh database has nothing to lose; one in use waits for its operator.
            house.db.require_current().await.map_err(broken)?;
        }
    }
    house.require_stamp(&config, false).await.map_err(|problem| vec![problem])?;
    if house.stores.is_empty() {
        tracing::warn!("no store is mapped yet: requests will wait until one is");
    }
    Ok((house, config, telemetry))
}

/// Listens for SIGTERM and SIGINT from now on, so that neither is missed between the first answer
/// and the wait; the future is done when one has come.
pub(super) fn told_to_stop() -> impl Future<Output = ()> {
    let signals = (signal(SignalKind::terminate()), signal(SignalKind::interrupt()));
    async move {
        let (Ok(mut term), Ok(mut int)) = signals else { return };
        tokio::select! {
            _ = term.recv() => {}
            _ = int.recv() => {}
        }
    }
}
