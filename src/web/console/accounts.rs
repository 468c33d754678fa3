//! Everybody's accounts.

use std::collections::BTreeSet;

use axum::extract::Path;
use axum::http::StatusCode;
use axum::response::Response;

use super::visit::{Trouble, Visit, answer, go, html};
use crate::domain::address::EmailAddress;
use crate::domain::policy::Action;
use crate::domain::staff::{AccountState, Role};
use crate::ids::StaffId;
use crate::service::staff::{AccountChange, Changed};
use crate::web::edge::form::FormFields;
use crate::web::view::console::{AccountLine, AccountsPage, RoleTick, Said, role, state};

/// `GET /console/accounts`
pub(super) async fn show(visit: Visit) -> Response {
    let shown = page(&visit, StatusCode::OK, None, None).await;
    answer(&visit, shown)
}

async fn page(
    visit: &Visit,
    status: StatusCode,
    invited: Option<String>,
    error: Option<String>,
) -> Result<Response, Trouble> {
    let signed = visit.signed()?;
    let speaker = visit.speaker();
    let accounts = visit.console.desk().accounts(Some(&signed.member)).await??;
    let ticks = |has: &BTreeSet<Role>| -> Vec<RoleTick> {
        let tick = |known: &Role| RoleTick {
            word: known.as_str(),
            label: role(&speaker, *known),
            has: has.contains(known),
        };
        Role::ALL.iter().map(tick).collect()
    };
    let rows = accounts.into_iter().map(|account| AccountLine {
        id: account.id.to_string(),
        is_own: account.id == signed.member.id,
        can_disable: account.state != AccountState::Disabled,
        roles: account
            .roles
            .iter()
            .map(|known| role(&speaker, *known))
            .collect::<Vec<_>>()
            .join(", "),
        role_ticks: ticks(&account.roles),
        state: state(&speaker, account.state),
        name: account.name,
        email: account.email,
    });
    let page = AccountsPage {
        rows: rows.collect(),
        roles: ticks(&BTreeSet::new()),
        can_change: signed.member.is_entitled(Action::ChangeAccounts).is_ok(),
        invited,
        error,
        page: visit.page("/console/accounts"),
    };
    Ok(html(status, &page))
}

/// The roles that were ticked, at least one.
fn ticked(fields: &FormFields) -> Option<BTreeSet<Role>> {
    let roles: Option<BTreeSet<Role>> = fields.many("role").map(Role::parse).collect();
    roles.filter(|roles| !roles.is_empty())
}

/// `POST /console/accounts`
pub(super) async fn invite(visit: Visit, fields: FormFields) -> Response {
    let done = async {
        let typed = fields.one("email").map_err(|_| Said::Unreadable)?.unwrap_or_default();
        let (Ok(email), Some(roles)) = (EmailAddress::parse(typed), ticked(&fields)) else {
            let words = visit.speaker().t("console-invite-wrong");
            return page(&visit, StatusCode::UNPROCESSABLE_ENTITY, None, Some(words)).await;
        };
        invited(&visit, &email, &roles).await
    };
    answer(&visit, done.await)
}

async fn invited(
    visit: &Visit,
    email: &EmailAddress,
    roles: &BTreeSet<Role>,
) -> Result<Response, Trouble> {
    let desk = visit.console.desk();
    let language = desk.settings().organisation.default_language();
    let signed = visit.signed()?;
    let invitation = desk.invite(Some(&signed.member), email, roles, language).await??;
    let path = format!("/console/invite/{}", invitation.token.as_str());
    let link = visit.console.0.base_url.join(&path).map_or(path, String::from);
    page(visit, StatusCode::OK, Some(link), None).await
}

/// `POST /console/accounts/{id}/reset`
pub(super) async fn reset(visit: Visit, path: Option<Path<StaffId>>) -> Response {
    let done = async {
        let signed = visit.signed()?;
        let Some(Path(id)) = path else { return Err(Said::Missing.into()) };
        if id == signed.member.id {
            return Err(Said::Denied.into());
        }
        let accounts = visit.console.desk().accounts(Some(&signed.member)).await??;
        let account = accounts.into_iter().find(|account| account.id == id);
        let Some(account) = account else { return Err(Said::Missing.into()) };
        let email = EmailAddress::parse(&account.email).map_err(|_| Said::Missing)?;
        invited(&visit, &email, &account.roles).await
    };
    answer(&visit, done.await)
}

/// `POST /console/accounts/{id}/roles`
pub(super) async fn roles(
    visit: Visit,
    path: Option<Path<StaffId>>,
    fields: FormFields,
) -> Response {
    let done = match ticked(&fields) {
        Some(roles) => change(&visit, path, AccountChange::Roles(roles)).await,
        None => {
            let words = visit.speaker().t("console-roles-none");
            page(&visit, StatusCode::UNPROCESSABLE_ENTITY, None, Some(words)).await
        }
    };
    answer(&visit, done)
}

/// `POST /console/accounts/{id}/disable`
pub(super) async fn disable(visit: Visit, path: Option<Path<StaffId>>) -> Response {
    let done = change(&visit, path, AccountChange::Disable).await;
    answer(&visit, done)
}

async fn change(
    visit: &Visit,
    path: Option<Path<StaffId>>,
    change: AccountChange,
) -> Result<Response, Trouble> {
    let Some(Path(id)) = path else { return Err(Said::Missing.into()) };
    let signed = visit.signed()?;
    let desk = visit.console.desk();
    match desk.change_account(Some(&signed.member), id, &change).await? {
        Changed::Done => Ok(go("/console/accounts")),
        Changed::Unknown => Err(Said::Missing.into()),
        Changed::Denied(_) | Changed::Own => Err(Said::Denied.into()),
        Changed::LastAdmin => {
            let words = visit.speaker().t("console-last-admin");
            page(visit, StatusCode::CONFLICT, None, Some(words)).await
        }
    }
}
