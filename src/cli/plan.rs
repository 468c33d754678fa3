//! `rightsdesk plan`

use std::io::{self, BufRead};
use std::path::Path;

use clap::Args;
use serde_json::json;

use super::Exit;
use super::report::{Problem, Report};
use crate::config::{Config, environment};
use crate::domain::address::EmailAddress;
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::run::{House, StartProblem, database_problem};
use crate::service::deletion::DryPlan;

/// Show what a deletion would touch; changes nothing
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk plan --email ada@example.org")]
pub struct PlanArgs {
    /// Whose data; `-` reads the address from standard input, so that it stands in no history
    #[arg(long, value_name = "EMAIL|-", allow_hyphen_values = true)]
    pub email: String,
    /// A further key to search by, such as user=17; may repeat
    #[arg(long = "id", value_name = "KIND=VALUE")]
    pub ids: Vec<String>,
}

/// Asks every store, and tells what it would do.
pub async fn run(args: &PlanArgs, file: &Path, report: &mut Report) -> Exit {
    match look(args, file, report).await {
        Ok(found) => tell(&found, report),
        Err(problems) => {
            report.refuse(&problems.into_iter().map(Problem::from).collect::<Vec<_>>())
        }
    }
}

async fn look(
    args: &PlanArgs,
    file: &Path,
    report: &mut Report,
) -> Result<DryPlan, Vec<StartProblem>> {
    let wrong = |code, place: &str, message: &str| vec![StartProblem::new(code, place, message)];
    let mut typed = args.email.clone();
    if typed == "-" {
        report.ask("E-mail address: ");
        let mut line = String::new();
        // A closed input is an empty line, which is no address.
        let _ = io::stdin().lock().read_line(&mut line);
        line.trim().clone_into(&mut typed);
    }
    let email = EmailAddress::parse(&typed)
        .map_err(|error| wrong("email", "--email", &error.to_string()))?;
    let mut keys: Vec<SubjectKey> =
        SubjectKey::new(KeyKind::email(), email.as_str()).into_iter().collect();
    for text in &args.ids {
        let key = text.split_once('=').and_then(|(kind, value)| {
            let kind = Some(kind).filter(|kind| !kind.is_empty())?;
            SubjectKey::new(KeyKind::new(kind), value)
        });
        let message = "write KIND=VALUE, with a kind of the data maps, as user=17";
        keys.push(key.ok_or_else(|| wrong("id", "--id", message))?);
    }
    let config = Config::load(file, &environment)
        .map_err(|errors| errors.into_iter().map(StartProblem::from).collect::<Vec<_>>())?;
    let house = House::open(&config, &environment).await?;
    house.db.require_current().await.map_err(|error| vec![database_problem(&config, &error)])?;
    let found = house.desk.dry_plan(keys).await;
    found.map_err(|error| wrong(error.word(), "[database] url", &error.to_string()))
}

fn tell(found: &DryPlan, report: &mut Report) -> Exit {
    let outline = found.plan.outline();
    let digest = found.plan.digest(&found.keys);
    for store in &outline.stores {
        for one in &store.collections {
            report
                .say(&format!("{}  {}  {}  {} rows", store.store, one.name, one.method, one.rows));
        }
        for kept in &store.kept {
            let ground = match &kept.controller {
                Some(of) => format!("held on behalf of {}", of.name),
                None if kept.ground.is_empty() => "no rule named".to_owned(),
                None => kept.ground.clone(),
            };
            report.say(&format!(
                "{}  {}  keep  {} rows  {ground}",
                store.store, kept.collection, kept.rows
            ));
        }
    }
    if found.plan.is_empty() {
        report.say("Nothing is held under these keys where it was looked.");
    }
    let mut stops = Vec::new();
    for (store, blocker) in found.plan.blockers() {
        let by = blocker.by.as_deref().map(|by| format!(" by {by}")).unwrap_or_default();
        stops.push(format!(
            "{store} {}: {}{by} ({} rows)",
            blocker.collection, blocker.code, blocker.rows
        ));
    }
    for store in &found.several {
        stops.push(format!("{store}: the keys lead to more than one person"));
    }
    for (store, error) in &found.failed {
        stops.push(format!("{store}: could not be asked: {error}"));
    }
    for store in &found.cannot {
        stops.push(format!("{store}: nothing can be taken away there by this program"));
    }
    for stop in &stops {
        report.say(&format!("stops: {stop}"));
    }
    report.say(&format!("plan {digest}; nothing was changed."));
    report.give(&json!({
        "ok": stops.is_empty(),
        "plan": { "digest": digest.as_str(), "stores": outline.stores.iter().map(|store| json!({
            "store": store.store,
            "collections": store.collections,
            "kept": store.kept.iter().map(|kept| json!({
                "name": kept.collection, "rows": kept.rows, "ground": kept.ground,
                "controller": kept.controller.as_ref().map(|of| &of.name),
            })).collect::<Vec<_>>(),
        })).collect::<Vec<_>>() },
        "stops": stops,
    }));
    if stops.is_empty() { Exit::Well } else { Exit::No }
}
