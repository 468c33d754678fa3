//! `rightsdesk webhook`

use std::path::Path;

use clap::{Args, Subcommand};
use jiff::Timestamp;
use serde_json::{Value, json};
use uuid::Uuid;

use super::Exit;
use super::check::{bad, well};
use super::report::{Check, Problem, Report};
use crate::config::{Config, environment};
use crate::db::webhook::Delivery;
use crate::domain::webhook::{Answer, DeliveryTrouble, Verdict, test_payload};
use crate::ids::DeliveryId;
use crate::run::{House, StartProblem, database_problem};
use crate::service::ServiceError;
use crate::service::webhook::{Replayed, WebhooksRead};
use crate::webhook::Message;

/// Work with webhooks
#[derive(Debug, Args)]
pub struct WebhookArgs {
    /// What to do with them
    #[command(subcommand)]
    pub command: WebhookCommand,
}

/// What to do with webhooks.
#[derive(Debug, Subcommand)]
pub enum WebhookCommand {
    /// Show the endpoints, what they were told last, and what was given up
    List(ListArgs),
    /// Send an endpoint a message that only tries it out, and say what it answers
    Test(TestArgs),
    /// Send something again, with the same id and the same bytes
    Replay(ReplayArgs),
}

/// Show the endpoints, what they were told last, and what was given up
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk webhook list --json")]
pub struct ListArgs {}

/// Send an endpoint a message that only tries it out, and say what it answers
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk webhook test crm")]
pub struct TestArgs {
    /// The endpoint's name in the configuration
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// Send something again, with the same id and the same bytes
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  rightsdesk webhook replay crm --since 2026-11-20T08:00:00Z\n  \
                  rightsdesk webhook replay 019aa3f0-7c41-7d3e-b1a5-9f2c6d0e8b47"
)]
pub struct ReplayArgs {
    /// The id of one message; with --since the name of an endpoint
    #[arg(value_name = "ID|NAME")]
    pub what: String,
    /// Everything since then, whether it arrived or not
    #[arg(long, value_name = "TIME")]
    pub since: Option<Timestamp>,
}

/// Works on the database that the service uses; the service may run, and delivers what is replayed.
pub async fn run(command: &WebhookCommand, file: &Path, report: &mut Report) -> Exit {
    let opened = async {
        let config = Config::load(file, &environment)
            .map_err(|errors| errors.into_iter().map(StartProblem::from).collect::<Vec<_>>())?;
        let house = House::open(&config, &environment).await?;
        let current = house.db.require_current().await;
        current.map_err(|error| vec![database_problem(&config, &error)])?;
        Ok::<_, Vec<StartProblem>>(house)
    };
    let house = match opened.await {
        Ok(house) => house,
        Err(problems) => {
            return report.refuse(&problems.into_iter().map(Problem::from).collect::<Vec<_>>());
        }
    };
    let done = match command {
        WebhookCommand::List(_) => list(&house, report).await,
        WebhookCommand::Test(args) => Ok(test(&house, &args.name, report).await),
        WebhookCommand::Replay(args) => replay(&house, args, report).await,
    };
    done.unwrap_or_else(|error| {
        report.refuse(&[Problem {
            code: error.word(),
            place: "[database] url".to_owned(),
            message: error.to_string(),
        }])
    })
}

async fn list(house: &House, report: &mut Report) -> Result<Exit, ServiceError> {
    let Ok(read) = house.desk.webhooks(None).await? else { return Ok(Exit::No) };
    if read.endpoints.is_empty() {
        report.say("No endpoint is configured; see docs/webhooks.md.");
    }
    for one in &read.endpoints {
        let state = if one.is_dead { "DEAD" } else { "ok  " };
        let (name, facts) = (&one.subscription.name, &one.facts);
        report.say(&format!("{state}  {name}: {} waiting, {} given up", facts.waiting, facts.dead));
    }
    for (title, deliveries) in [("Given up:", &read.given_up), ("Newest:", &read.newest)] {
        if !deliveries.is_empty() {
            report.say(&format!("\n{title}"));
        }
        for one in deliveries {
            let answer = one.last_answer.as_deref().unwrap_or("-");
            let Delivery { id, endpoint, kind, reference, state, created_at, .. } = one;
            report.say(&format!(
                "  {id}  {created_at}  {endpoint}  {kind}  {reference}  {state}  {answer}"
            ));
        }
    }
    report.give(&as_json(&read));
    Ok(Exit::Well)
}

fn as_json(read: &WebhooksRead) -> Value {
    let endpoints = read.endpoints.iter().map(|one| {
        json!({
            "name": one.subscription.name,
            "events": one.subscription.kinds,
            "dead": one.is_dead,
            "waiting": one.facts.waiting,
            "given_up": one.facts.dead,
            "delivered_at": one.facts.delivered_at,
            "given_up_at": one.facts.given_up_at,
        })
    });
    let delivery = |one: &Delivery| {
        json!({
            "id": one.id,
            "endpoint": one.endpoint,
            "type": one.kind,
            "reference": one.reference.as_str(),
            "created_at": one.created_at,
            "state": one.state,
            "attempts": one.attempts,
            "next_attempt_at": one.next_attempt_at,
            "last_attempt_at": one.last_attempt_at,
            "last_answer": one.last_answer,
        })
    };
    json!({
        "ok": true,
        "endpoints": endpoints.collect::<Vec<_>>(),
        "given_up": read.given_up.iter().map(delivery).collect::<Vec<_>>(),
        "newest": read.newest.iter().map(delivery).collect::<Vec<_>>(),
    })
}

async fn test(house: &House, name: &str, report: &mut Report) -> Exit {
    let now = house.desk.now();
    let (id, body) = (house.entropy.uuid(now).to_string(), test_payload(now));
    let message = Message { id: &id, body: &body };
    let Some(answer) = house.webhooks.send(name, message, now).await else {
        return unknown_endpoint(report);
    };
    if answer.verdict() == Verdict::Taken {
        report.say(&format!("{name} answered {answer}."));
        report.give(&json!({ "ok": true, "answer": answer.to_string() }));
        return Exit::Well;
    }
    report.no(&Problem {
        code: answer.code(),
        place: format!("[webhook.{name}]"),
        message: match answer {
            Answer::Status(status) => {
                format!("answered {status}, and only 200 to 299 counts; see what its own log says")
            }
            Answer::Trouble(trouble) => what_to_do(trouble).to_owned(),
        },
    })
}

async fn replay(
    house: &House,
    args: &ReplayArgs,
    report: &mut Report,
) -> Result<Exit, ServiceError> {
    let sent = if let Some(since) = args.since {
        let Some(sent) = house.desk.replay_webhooks_since(&args.what, since).await? else {
            return Ok(unknown_endpoint(report));
        };
        sent
    } else {
        let Ok(id) = Uuid::parse_str(&args.what) else {
            return Ok(report.refuse(&[Problem {
                code: "usage",
                place: "ID".to_owned(),
                message: "is no id of a message; with the name of an endpoint write --since TIME"
                    .to_owned(),
            }]));
        };
        match house.desk.replay_webhook(None, DeliveryId(id)).await? {
            Replayed::Done => 1,
            Replayed::Withdrawn => return Ok(unknown_endpoint(report)),
            Replayed::Unknown | Replayed::Denied(_) => {
                return Ok(report.no(&Problem {
                    code: "unknown_message",
                    place: "ID".to_owned(),
                    message: "is not there (any more); rightsdesk webhook list shows what is"
                        .to_owned(),
                }));
            }
        }
    };
    report.say(&format!(
        "{sent} message(s) will be sent again by the service, within half a minute."
    ));
    report.give(&json!({ "ok": true, "replayed": sent }));
    Ok(Exit::Well)
}

fn unknown_endpoint(report: &mut Report) -> Exit {
    report.no(&Problem {
        code: "unknown_endpoint",
        place: "NAME".to_owned(),
        message: "stands in no [webhook.NAME] of the configuration".to_owned(),
    })
}

/// A line for each endpoint: whether its address may be called, and whether what it was sent
/// arrived. Sends nothing.
pub(super) async fn checks(house: &House) -> Vec<Check> {
    let read = house.desk.webhooks(None).await.ok().and_then(Result::ok);
    let is_dead = |name: &str| {
        let endpoints = read.iter().flat_map(|read| &read.endpoints);
        endpoints.into_iter().any(|one| one.subscription.name == name && one.is_dead)
    };
    let mut checks = Vec::new();
    for name in house.webhooks.names() {
        let line = format!("webhook {name}");
        checks.push(match house.webhooks.check(name).await {
            Some(Err(trouble)) => bad(&line, what_to_do(trouble)),
            _ if is_dead(name) => bad(
                &line,
                "dead: what it was sent was given up and nothing has arrived since; see \
                 `rightsdesk webhook list`, then replay",
            ),
            Some(Ok(many)) => {
                well(&line, format!("{many} address(es), all of which may be called"))
            }
            None => bad(&line, "is not there"),
        });
    }
    checks
}

const fn what_to_do(trouble: DeliveryTrouble) -> &'static str {
    match trouble {
        DeliveryTrouble::NoAddress => "its name has no address; look at `url`",
        DeliveryTrouble::AddressRefused => {
            "one of its addresses is not public; look at `url`, or set `allow_private = true` if it \
             stands in your own network"
        }
        DeliveryTrouble::Unreachable => "nobody answers at its address; is it running?",
        DeliveryTrouble::Tls => "its certificate does not hold, or it speaks no TLS",
        DeliveryTrouble::Timeout => "no answer within 15 seconds",
        DeliveryTrouble::Broken => "the connection broke before there was an answer",
    }
}
