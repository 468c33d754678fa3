//! The table of routes: the only way to a handler. Each has a gate, so that none can be forgotten.

use axum::Router;
use axum::handler::Handler;
use axum::http::Method;
use axum::middleware;
use axum::routing::{MethodFilter, on};

use super::guard::{self, Gate};
use super::{
    Console, account, accounts, bulk, case, child, enrol, enter, queue, replays, report, sign_in,
    visit, webhooks,
};
use crate::domain::policy::Action;
use crate::web::edge::{PUBLIC_BODY, limit_body};

/// One route, for the tests of every route.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Row {
    pub(super) method: Verb,
    pub(super) path: &'static str,
    pub(super) gate: Gate,
    /// Bytes of the largest body.
    pub(super) body: usize,
}

/// The methods of the console.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Verb {
    Get,
    Post,
}

impl From<Verb> for Method {
    fn from(verb: Verb) -> Self {
        match verb {
            Verb::Get => Self::GET,
            Verb::Post => Self::POST,
        }
    }
}

/// Routes as they are added, with the table of them.
struct Table<'c> {
    console: &'c Console,
    router: Router<Console>,
    rows: Vec<Row>,
}

impl Table<'_> {
    fn add<H, T>(&mut self, method: Verb, path: &'static str, gate: Gate, handler: H)
    where
        H: Handler<T, Console>,
        T: 'static,
    {
        self.add_up_to(PUBLIC_BODY, method, path, gate, handler);
    }

    /// A route that takes `body` bytes. The guard stands before the limit and reads nothing of a body
    /// unless a fresh factor is asked for, so nobody unknown can have so much read.
    fn add_up_to<H, T>(
        &mut self,
        body: usize,
        method: Verb,
        path: &'static str,
        gate: Gate,
        handler: H,
    ) where
        H: Handler<T, Console>,
        T: 'static,
    {
        let filter = match method {
            Verb::Get => MethodFilter::GET,
            Verb::Post => MethodFilter::POST,
        };
        let guarded = on(filter, handler)
            .layer(middleware::from_fn_with_state(body, limit_body))
            .layer(middleware::from_fn_with_state((self.console.clone(), gate), guard::check));
        self.router = std::mem::take(&mut self.router).route(path, guarded);
        self.rows.push(Row { method, path, gate, body });
    }
}

fn table(console: &Console) -> Table<'_> {
    use Action as A;
    use Gate::{For, Open};
    use Verb::{Get, Post};
    let mut table = Table { console, router: Router::new(), rows: Vec::new() };
    let t = &mut table;
    t.add(Get, "/healthz", Open, visit::healthz);
    t.add(Get, "/assets/{name}", Open, visit::asset);
    t.add(Get, "/", Open, visit::root);
    t.add(Get, "/console/sign-in", Open, sign_in::show);
    t.add(Post, "/console/sign-in", Open, sign_in::submit);
    t.add(Get, "/console/invite/{token}", Open, enrol::show);
    t.add(Post, "/console/invite/{token}", Open, enrol::submit);
    t.add(Post, "/console/sign-out", For(A::OwnAccount), account::sign_out);
    t.add(Get, "/console/account", For(A::OwnAccount), account::show);
    t.add(Post, "/console/account/sessions/{id}/end", For(A::OwnAccount), account::end);
    t.add(Post, "/console/account/sessions/end-others", For(A::OwnAccount), account::end_others);
    t.add(Get, "/console/accounts", For(A::SeeAccounts), accounts::show);
    t.add(Post, "/console/accounts", For(A::ChangeAccounts), accounts::invite);
    t.add(Post, "/console/accounts/{id}/roles", For(A::ChangeAccounts), accounts::roles);
    t.add(Post, "/console/accounts/{id}/reset", For(A::ChangeAccounts), accounts::reset);
    t.add(Post, "/console/accounts/{id}/disable", For(A::ChangeAccounts), accounts::disable);
    t.add(Get, "/console/webhooks", For(A::SeeWebhooks), webhooks::show);
    t.add(Post, "/console/webhooks/{id}/replay", For(A::ReplayWebhook), webhooks::replay);
    t.add(Get, "/console/replays", For(A::SeeStores), replays::show);
    t.add(Post, "/console/replays/{id}/approve", For(A::Approve), replays::approve);
    t.add(Post, "/console/lost/{reference}/settle", For(A::Clear), replays::settle);
    t.add(Get, "/console/", For(A::SeeQueue), queue::show);
    t.add(Post, "/console/find", For(A::SeeQueue), queue::find);
    t.add(Post, "/console/bulk", For(A::Refuse), bulk::show);
    t.add(Post, "/console/bulk/close", For(A::Refuse), bulk::close);
    t.add(Get, "/console/enter", For(A::Enter), enter::show);
    t.add_up_to(enter::BODY, Post, "/console/enter", For(A::Enter), enter::submit);
    t.add(Get, "/console/child", For(A::Enter), child::show);
    t.add(Post, "/console/child", For(A::ChildData), child::submit);
    t.add(Get, "/console/report", For(A::SeeReport), report::show);
    t.add(Get, "/console/report.csv", For(A::SeeReport), report::csv);
    t.add(Get, "/console/report/ccpa", For(A::SeeReport), report::ccpa);
    t.add(Get, "/console/report/ccpa.csv", For(A::SeeReport), report::ccpa_csv);
    t.add(Post, "/console/requests/{reference}/letter", For(A::Answer), case::letter);
    t.add(Get, "/console/requests/{reference}", For(A::SeeRequest), case::show);
    t.add(Post, "/console/requests/{reference}/release", For(A::Release), case::release);
    t.add(Post, "/console/requests/{reference}/approve", For(A::Approve), case::approve);
    t.add(Post, "/console/requests/{reference}/plan", For(A::Retry), case::renew_plan);
    t.add(Get, "/console/requests/{reference}/receipt", For(A::SeeRequest), case::erasure::receipt);
    t.add(Post, "/console/requests/{reference}/refuse", For(A::Refuse), case::refuse);
    t.add(Post, "/console/requests/{reference}/reply", For(A::Reply), case::reply);
    t.add(Post, "/console/requests/{reference}/proof", For(A::Clear), case::proof);
    t.add(Post, "/console/requests/{reference}/withhold", For(A::Refuse), case::withhold);
    t.add(Post, "/console/requests/{reference}/give", For(A::Refuse), case::give);
    t.add(Post, "/console/requests/{reference}/pause", For(A::Pause), case::pause);
    t.add(Post, "/console/requests/{reference}/go-on", For(A::Pause), case::go_on);
    t.add(Post, "/console/requests/{reference}/hold", For(A::Hold), case::hold);
    t.add(Post, "/console/requests/{reference}/lift", For(A::Hold), case::lift);
    t.add(Post, "/console/requests/{reference}/restrict", For(A::Restrict), case::restrict);
    t.add(Post, "/console/requests/{reference}/thaw", For(A::Restrict), case::thaw);
    t.add(Post, "/console/requests/{reference}/child", For(A::ChildData), child::at_request);
    t.add(Post, "/console/requests/{reference}/extend", For(A::Extend), case::extend);
    t.add(Post, "/console/requests/{reference}/regime", For(A::SetRegime), case::regime);
    t.add(Post, "/console/requests/{reference}/assign", For(A::Assign), case::assign);
    t.add(Post, "/console/requests/{reference}/message", For(A::Write), case::message);
    t.add(Post, "/console/requests/{reference}/note", For(A::Note), case::note);
    t.add(Post, "/console/requests/{reference}/retry", For(A::Retry), case::retry);
    t.add(Post, "/console/requests/{reference}/skip", For(A::Skip), case::skip);
    t.add(Post, "/console/requests/{reference}/clear", For(A::Clear), case::clear);
    t.add(Post, "/console/requests/{reference}/revoke", For(A::Revoke), case::revoke);
    t.add(Post, "/console/requests/{reference}/spam", For(A::MarkSpam), case::spam);
    t.add(Post, "/console/requests/{reference}/change", For(A::Release), case::correction::decide);
    t.add(Post, "/console/requests/{reference}/checked", For(A::Clear), case::correction::checked);
    t.add(Post, "/console/requests/{reference}/told", For(A::Tell), case::told);
    t.add(Post, "/console/requests/{reference}/acknowledged", For(A::Tell), case::acknowledged);
    t.add(Post, "/console/requests/{reference}/reveal", For(A::Reveal), case::reveal);
    t.add(Post, "/console/requests/{reference}/item", For(A::Reveal), case::item::show);
    t.add(Post, "/console/requests/{reference}/paper", For(A::Reveal), case::paper::open);
    table
}

/// All routes of the console.
pub(super) fn router(console: &Console) -> Router {
    table(console)
        .router
        .fallback(visit::missing)
        .method_not_allowed_fallback(visit::not_allowed)
        .with_state(console.clone())
}

/// The table, for tests.
#[cfg(test)]
pub(super) fn rows(console: &Console) -> Vec<Row> {
    table(console).rows
}
