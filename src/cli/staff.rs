//! `rightsdesk staff`

use std::collections::BTreeSet;
use std::path::Path;

use clap::{Args, Subcommand};
use serde_json::json;

use super::Exit;
use super::report::{Problem, Report};
use crate::config::{Config, environment};
use crate::domain::address::EmailAddress;
use crate::domain::staff::Role;
use crate::run::{House, StartProblem, database_problem};
use crate::service::ServiceError;
use crate::service::staff::{AccountChange, Changed};

/// Work with staff accounts
#[derive(Debug, Args)]
pub struct StaffArgs {
    /// What to do with them
    #[command(subcommand)]
    pub command: StaffCommand,
}

/// What to do with accounts.
#[derive(Debug, Subcommand)]
pub enum StaffCommand {
    /// Invite somebody, or invite them anew when they lost phone or password
    Invite(InviteArgs),
    /// Disable an account; it holds at once
    Disable(DisableArgs),
    /// Show who has an account
    List(ListArgs),
}

/// Invite somebody, or invite them anew when they lost phone or password
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  rightsdesk staff invite ada@example.org --role officer --role admin"
)]
pub struct InviteArgs {
    /// Their address
    #[arg(value_name = "EMAIL")]
    pub email: String,
    /// What they are here for; may repeat
    #[arg(long = "role", value_name = "ROLE", required = true, value_parser = role)]
    pub roles: Vec<Role>,
}

/// Disable an account; it holds at once
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk staff disable ada@example.org")]
pub struct DisableArgs {
    /// Their address
    #[arg(value_name = "EMAIL")]
    pub email: String,
}

/// Show who has an account
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk staff list")]
pub struct ListArgs {}

fn role(word: &str) -> Result<Role, String> {
    Role::parse(word).ok_or_else(|| "is agent, officer, admin or auditor".to_owned())
}

/// Works on the database that the service uses; the service may run.
pub async fn run(command: &StaffCommand, file: &Path, report: &mut Report) -> Exit {
    let opened = async {
        let config = Config::load(file, &environment)
            .map_err(|errors| errors.into_iter().map(StartProblem::from).collect::<Vec<_>>())?;
        let house = House::open(&config, &environment).await?;
        let current = house.db.require_current().await;
        current.map_err(|error| vec![database_problem(&config, &error)])?;
        Ok::<_, Vec<StartProblem>>((config, house))
    };
    let (config, house) = match opened.await {
        Ok(opened) => opened,
        Err(problems) => {
            return report.refuse(&problems.into_iter().map(Problem::from).collect::<Vec<_>>());
        }
    };
    let done = match command {
        StaffCommand::Invite(args) => invite(args, &config, &house, report).await,
        StaffCommand::Disable(args) => disable(args, &house, report).await,
        StaffCommand::List(_) => list(&house, report).await,
    };
    done.unwrap_or_else(|error| {
        report.refuse(&[Problem {
            code: error.word(),
            place: "[database] url".to_owned(),
            message: error.to_string(),
        }])
    })
}

async fn invite(
    args: &InviteArgs,
    config: &Config,
    house: &House,
    report: &mut Report,
) -> Result<Exit, ServiceError> {
    let Ok(email) = EmailAddress::parse(&args.email) else { return Ok(no_address(report)) };
    let roles: BTreeSet<Role> = args.roles.iter().copied().collect();
    let language = config.organisation.default_language();
    let Ok(invitation) = house.desk.invite(None, &email, &roles, language).await? else {
        return Ok(Exit::No);
    };
    let path = format!("/console/invite/{}", invitation.token.as_str());
    let link = config.console.base_url.link(&path);
    report.say(&format!(
        "Hand this link to them yourself. It works once, for three days:\n\n  {link}\n"
    ));
    report.give(&json!({
        "ok": true,
        "link": link,
        "expires_at": invitation.expires_at.to_string(),
    }));
    Ok(Exit::Well)
}

async fn disable(
    args: &DisableArgs,
    house: &House,
    report: &mut Report,
) -> Result<Exit, ServiceError> {
    let Ok(email) = EmailAddress::parse(&args.email) else { return Ok(no_address(report)) };
    let accounts = house.desk.accounts(None).await?.unwrap_or_default();
    let known = accounts.iter().find(|account| {
        EmailAddress::parse(&account.email).is_ok_and(|known| known.folded() == email.folded())
    });
    let Some(account) = known else { return Ok(unknown(report)) };
    match house.desk.change_account(None, account.id, &AccountChange::Disable).await? {
        Changed::Done => {
            report.say("Disabled, and all sessions ended.");
            report.give(&json!({ "ok": true }));
            Ok(Exit::Well)
        }
        _ => Ok(unknown(report)),
    }
}

async fn list(house: &House, report: &mut Report) -> Result<Exit, ServiceError> {
    let accounts = house.desk.accounts(None).await?.unwrap_or_default();
    if accounts.is_empty() {
        report.say("Nobody has an account yet: rightsdesk staff invite EMAIL --role officer");
    }
    let mut all = Vec::new();
    for account in accounts {
        let roles: Vec<&str> = account.roles.iter().map(|role| role.as_str()).collect();
        report.say(&format!("{}  {}  {}", account.email, account.state, roles.join(", ")));
        all.push(json!({ "email": account.email, "state": account.state, "roles": roles }));
    }
    report.give(&json!({ "ok": true, "staff": all }));
    Ok(Exit::Well)
}

fn no_address(report: &mut Report) -> Exit {
    report.refuse(&[Problem {
        code: "email",
        place: "EMAIL".to_owned(),
        message: "is no e-mail address".to_owned(),
    }])
}

fn unknown(report: &mut Report) -> Exit {
    report.no(&Problem {
        code: "unknown_account",
        place: "EMAIL".to_owned(),
        message: "has no account; rightsdesk staff list shows who has".to_owned(),
    })
}
