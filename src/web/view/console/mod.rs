//! The console's pages: what each shows, one file a page, its template in `templates/console/`.

mod account;
mod bulk;
mod case;
mod child;
mod correction;
mod enter;
mod erasure;
mod queue;
mod recipient;
mod replays;
mod report;
mod sign_in;
mod webhooks;
mod words;

pub(in crate::web) use account::{AccountLine, AccountPage, AccountsPage, RoleTick, SessionLine};
pub(in crate::web) use bulk::BulkPage;
pub(in crate::web) use case::{
    Act, BlockerView, CasePage, ContentLine, DateLine, Entry, PaperLine, PartAct, RowsView,
    SaidLine, StoreLine,
};
pub(in crate::web) use child::ChildPage;
pub(in crate::web) use correction::{Candidate, ChangeLine, CorrectionView, StepLine};
pub(in crate::web) use enter::EnterPage;
pub(in crate::web) use erasure::{ErasureLine, ErasureView};
pub(in crate::web) use queue::{Choice, Line, QueuePage, ViewLink};
pub(in crate::web) use recipient::{RecipientAct, RecipientGroup, RecipientLine};
pub(in crate::web) use replays::{LostRow, ReplayRow, ReplayView, ReplaysPage};
pub(in crate::web) use report::{CcpaPage, ReportLine, ReportPage};
pub(in crate::web) use sign_in::{ConfirmPage, EnrolPage, MessagePage, Said, SignInPage};
pub(in crate::web) use webhooks::{DeliveryLine, DeliveryTable, EndpointLine, WebhooksPage};
pub(in crate::web) use words::{
    Due, Picked, answer, asked_field, blocker, channel, decline_ground, delivery_state, edit_state,
    event, owner_none, pause_ground, refusal_ground, right, role, skip_reason, state, status,
    topic, view,
};

use super::Frame;
use crate::domain::policy::{Action, allows};
use crate::domain::staff::Role;

/// What stands around every page of the console.
#[derive(Debug, Clone)]
pub(in crate::web) struct Page {
    /// Words, language, organisation.
    pub(in crate::web) frame: Frame,
    /// Who is signed in; none on the pages before that.
    pub(in crate::web) who: Option<String>,
    /// What they are here for.
    pub(in crate::web) roles: Vec<Role>,
    /// Whether nothing is let out at present, which stands on every page.
    pub(in crate::web) is_shut: bool,
}

/// A way that stands on every page.
pub(in crate::web) struct NavItem {
    path: &'static str,
    label: String,
    is_here: bool,
}

impl Page {
    fn nav(&self) -> Vec<NavItem> {
        let ways = [
            ("/console/", Action::SeeQueue, "console-queue"),
            ("/console/enter", Action::Enter, "console-enter"),
            ("/console/report", Action::SeeReport, "console-report"),
            ("/console/accounts", Action::SeeAccounts, "console-accounts"),
            ("/console/webhooks", Action::SeeWebhooks, "console-webhooks"),
            ("/console/replays", Action::SeeStores, "console-replays"),
        ];
        let may = |action| self.roles.iter().any(|role| allows(*role, action));
        let here = self.frame.here.split('?').next().unwrap_or_default();
        ways.into_iter()
            .filter(|(_, action, _)| may(*action))
            .map(|(path, _, id)| NavItem { path, label: self.frame.t(id), is_here: here == path })
            .collect()
    }
}
