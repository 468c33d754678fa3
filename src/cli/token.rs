//! `rightsdesk token`

use std::path::{Path, PathBuf};

use clap::{Args, Subcommand};
use ipnet::IpNet;
use serde_json::json;

use super::Exit;
use super::check::{bad, well};
use super::report::{Check, Problem, Report};
use crate::config::{Config, environment};
use crate::domain::duration::Period;
use crate::domain::text::TypedText;
use crate::domain::token::{NAME_LENGTH, TokenScope};
use crate::keys::jws::AssertionKey;
use crate::run::{House, StartProblem, database_problem};
use crate::service::token::{ApiToken, NewToken};
use crate::service::{Desk, ServiceError};

/// Work with the tokens of programs
#[derive(Debug, Args)]
pub struct TokenArgs {
    /// What to do with them
    #[command(subcommand)]
    pub command: TokenCommand,
}

/// What to do with tokens.
#[derive(Debug, Subcommand)]
pub enum TokenCommand {
    /// Make a token; its secret is shown once
    Create(CreateArgs),
    /// Revoke a token; it holds at once
    Revoke(RevokeArgs),
    /// Show the tokens there are
    List(ListArgs),
}

/// Make a token; its secret is shown once
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  rightsdesk token create shop-app --scope requests:create --scope requests:read --scope archives:read"
)]
pub struct CreateArgs {
    /// What it is called, in the audit trail too
    #[arg(value_name = "NAME")]
    pub name: String,
    /// What it may do; may repeat: requests:create, requests:assert, requests:read, requests:decide,
    /// archives:read, reports:read
    #[arg(long = "scope", value_name = "SCOPE", required = true, value_parser = scope)]
    pub scopes: Vec<TokenScope>,
    /// How long it is good, such as 90d or 1y; two years at most
    #[arg(long, value_name = "TIME", value_parser = period)]
    pub expires: Option<Period>,
    /// A network from which alone it may be used; may repeat
    #[arg(long = "from", value_name = "NETWORK", value_parser = network)]
    pub networks: Vec<IpNet>,
    /// Requests that it may create within 24 hours
    #[arg(long, value_name = "NUMBER", default_value_t = 1_000)]
    pub requests_a_day: u32,
    /// The public key, in PEM, that its assertions about people are signed with
    #[arg(long, value_name = "FILE")]
    pub assertion_key: Option<PathBuf>,
    /// Let it read archives and find addresses of requests that it did not create; 90 days at most
    #[arg(long)]
    pub all_requests: bool,
}

/// Revoke a token; it holds at once
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk token revoke shop-app")]
pub struct RevokeArgs {
    /// What it is called
    #[arg(value_name = "NAME")]
    pub name: String,
}

/// Show the tokens there are
#[derive(Debug, Args)]
#[command(after_help = "Example:\n  rightsdesk token list")]
pub struct ListArgs {}

fn scope(word: &str) -> Result<TokenScope, String> {
    let known: Vec<&str> = TokenScope::ALL.iter().map(|scope| scope.as_str()).collect();
    TokenScope::parse(word).ok_or_else(|| format!("is one of {}", known.join(", ")))
}

fn period(text: &str) -> Result<Period, String> {
    Period::parse(text).map_err(|error| error.to_string())
}

fn network(text: &str) -> Result<IpNet, String> {
    let single = || text.parse().map(|ip: std::net::IpAddr| IpNet::from(ip));
    text.parse().or_else(|_| single()).map_err(|_| "is a network like 10.0.0.0/8".to_owned())
}

/// Works on the database that the service uses; the service may run.
pub async fn run(command: &TokenCommand, file: &Path, report: &mut Report) -> Exit {
    let house = match open(file).await {
        Ok(house) => house,
        Err(problems) => {
            return report.refuse(&problems.into_iter().map(Problem::from).collect::<Vec<_>>());
        }
    };
    let done = match command {
        TokenCommand::Create(args) => create(args, &house, report).await,
        TokenCommand::Revoke(args) => revoke(args, &house, report).await,
        TokenCommand::List(_) => list(&house, report).await,
    };
    done.unwrap_or_else(|error| {
        report.refuse(&[Problem {
            code: error.word(),
            place: "[database] url".to_owned(),
            message: error.to_string(),
        }])
    })
}

async fn open(file: &Path) -> Result<House, Vec<StartProblem>> {
    let config = Config::load(file, &environment)
        .map_err(|errors| errors.into_iter().map(StartProblem::from).collect::<Vec<_>>())?;
    let house = House::open(&config, &environment).await?;
    let current = house.db.require_current().await;
    current.map_err(|error| vec![database_problem(&config, &error)])?;
    Ok(house)
}

async fn create(
    args: &CreateArgs,
    house: &House,
    report: &mut Report,
) -> Result<Exit, ServiceError> {
    let name = TypedText::line(&args.name, NAME_LENGTH).ok().flatten();
    let Some(name) = name else {
        let message = format!("is one line of 1 to {NAME_LENGTH} characters");
        return Ok(wrong(report, "name", "NAME", message));
    };
    let key = match args.assertion_key.as_deref().map(read_key) {
        None => None,
        Some(Ok(key)) => Some(key.to_text()),
        Some(Err(message)) => return Ok(wrong(report, "key", "--assertion-key", message)),
    };
    let usual = if args.all_requests { "90d" } else { "1y" };
    let new = NewToken {
        name: name.as_str().to_owned(),
        scopes: args.scopes.iter().copied().collect(),
        all_requests: args.all_requests,
        networks: args.networks.clone(),
        requests_a_day: args.requests_a_day,
        life: args.expires.unwrap_or(Period::parse(usual).expect("written here")),
        assertion_key: key,
    };
    let made = match house.desk.create_token(new).await? {
        Ok(made) => made,
        Err(fault) => return Ok(wrong(report, "token", &args.name, fault.to_string())),
    };
    let (secret, expires_at) = (made.bearer.to_text(), made.expires_at.to_string());
    report.say(&format!(
        "Keep this secret now; it is shown once and stored nowhere:\n\n  {secret}\n\nIt is good \
         until {expires_at}."
    ));
    report.give(&json!({ "ok": true, "token": secret, "expires_at": expires_at }));
    Ok(Exit::Well)
}

fn read_key(file: &Path) -> Result<AssertionKey, String> {
    let pem = std::fs::read_to_string(file)
        .map_err(|error| format!("{} cannot be read: {}", file.display(), error.kind()))?;
    AssertionKey::from_pem(&pem).map_err(|error| format!("{} {error}", file.display()))
}

async fn revoke(
    args: &RevokeArgs,
    house: &House,
    report: &mut Report,
) -> Result<Exit, ServiceError> {
    if house.desk.revoke_token(&args.name).await? {
        report.say("Revoked. Whoever has its secret gets 401 from now on.");
        report.give(&json!({ "ok": true }));
        return Ok(Exit::Well);
    }
    Ok(report.no(&Problem {
        code: "unknown_token",
        place: args.name.clone(),
        message: "there is no such token in use; rightsdesk token list shows which there are"
            .to_owned(),
    }))
}

async fn list(house: &House, report: &mut Report) -> Result<Exit, ServiceError> {
    let now = house.desk.now();
    let tokens = house.desk.tokens().await?;
    if tokens.is_empty() {
        report.say("There is no token yet: rightsdesk token create NAME --scope SCOPE");
    }
    let mut all = Vec::new();
    for token in tokens {
        let ApiToken { grant, name, networks, expires_at, used_at, revoked_at, .. } = &token;
        let state = match (revoked_at, token.lives(now)) {
            (Some(_), _) => "revoked",
            (None, true) => "active",
            (None, false) => "expired",
        };
        let scopes: Vec<&str> = grant.scopes.iter().map(|scope| scope.as_str()).collect();
        let everything = if grant.all_requests { "  ALL REQUESTS" } else { "" };
        report
            .say(&format!("{name}  {state} until {expires_at}  {}{everything}", scopes.join(", ")));
        all.push(json!({
            "name": name,
            "state": state,
            "scopes": scopes,
            "all_requests": grant.all_requests,
            "networks": networks.iter().map(ToString::to_string).collect::<Vec<_>>(),
            "requests_a_day": grant.requests_a_day,
            "expires_at": expires_at.to_string(),
            "used_at": used_at.map(|at| at.to_string()),
        }));
    }
    report.give(&json!({ "ok": true, "tokens": all }));
    Ok(Exit::Well)
}

/// Which programs may speak to us; those that read everything by name.
pub(super) async fn check(desk: &Desk) -> Check {
    let now = desk.now();
    let living = match desk.tokens().await {
        Ok(tokens) => tokens.into_iter().filter(|token| token.lives(now)).collect::<Vec<_>>(),
        Err(error) => return bad("tokens", error),
    };
    let wide: Vec<&str> = living
        .iter()
        .filter(|token| token.grant.all_requests)
        .map(|token| token.name.as_str())
        .collect();
    if wide.is_empty() {
        return well("tokens", format!("{} in use", living.len()));
    }
    let message = format!(
        "{} in use, of which {} read(s) the archives of all requests; revoke what is not needed",
        living.len(),
        wide.join(", ")
    );
    well("tokens", message)
}

fn wrong(report: &mut Report, code: &'static str, place: &str, message: String) -> Exit {
    report.refuse(&[Problem { code, place: place.to_owned(), message }])
}
