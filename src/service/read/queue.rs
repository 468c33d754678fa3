//! The queue as pages show it.

use std::collections::{BTreeMap, BTreeSet};

use jiff::{SignedDuration, Timestamp};

use crate::db::Tx;
use crate::db::queue::QueueFound;
pub use crate::db::queue::QueueKey;
use crate::domain::address::EmailAddress;
use crate::domain::policy::{Action, Denied};
use crate::domain::promise::{Promise, PromiseState};
use crate::domain::queue::{QueueFilter, View};
use crate::domain::request::Request;
use crate::domain::staff::Member;
use crate::ids::{Reference, RequestId};
use crate::service::{Desk, ServiceError};

/// Rows of a page.
pub const PAGE: u64 = 50;
/// So many requests at most stand before all others.
const URGENT_MOST: usize = 50;
/// Where several filters come together, a page looks at no more requests than this: some 10 ms of
/// work on either database.
pub const LOOK_MOST: u64 = 3_000;
/// Counts go no further than this.
pub const COUNT_MOST: u64 = 1_000;

/// One line of the queue.
#[derive(Debug, Clone)]
pub struct QueueRow {
    /// The request.
    pub request: Request,
    /// Who asks, masked: `a•••@example.org`; `None` once forgotten, and of people without a mailbox.
    pub who: Option<String>,
    /// Its promise.
    pub promise: Promise,
    /// Whether it is about data of a child, which go before everything else.
    pub child_data: bool,
}

/// One page of the queue.
#[derive(Debug)]
pub struct QueueRead {
    /// Its lines.
    pub rows: Vec<QueueRow>,
    /// Where the next page begins.
    pub next: Option<QueueKey>,
    /// Whether the page is short because [`LOOK_MOST`] requests were looked at.
    pub is_cut: bool,
    /// How many each view has, up to [`COUNT_MOST`].
    pub counts: BTreeMap<&'static str, u64>,
}

/// What somebody looks for.
#[derive(Debug)]
pub enum Search {
    /// A reference.
    Reference(Reference),
    /// An address, exactly.
    Address(EmailAddress),
}

impl Desk {
    /// A page of the queue. What is about data of a child stands first, wherever its time would put it.
    pub async fn queue(
        &self,
        by: &Member,
        filter: &QueueFilter,
        after: Option<QueueKey>,
    ) -> Result<Result<QueueRead, Denied>, ServiceError> {
        let now = self.now();
        if let Err(denied) = by.may(Action::SeeQueue, now) {
            return Ok(Err(denied));
        }
        let tx = self.db.begin_read().await?;
        let received = self.received_within(filter.promise, now);
        let QueueFound { requests: mut found, looked_until } =
            tx.queue(filter, by.id, received, after, PAGE + 1, LOOK_MOST).await?;
        let more = found.len() as u64 > PAGE;
        found.truncate(usize::try_from(PAGE).unwrap_or(usize::MAX));
        let last = found.last().filter(|_| more);
        let next = last
            .map(|last| QueueKey { received_at: last.received_at(), id: last.id })
            .or(looked_until);
        let mut counts = BTreeMap::new();
        for view in View::ALL {
            let count = tx.queue_count(*view, by.id, COUNT_MOST).await?;
            counts.insert(view.as_str(), count);
        }
        let urgent = tx.urgent(filter, by.id, received, URGENT_MOST).await?;
        let first: BTreeSet<RequestId> = urgent.iter().map(|request| request.id).collect();
        found.retain(|request| !first.contains(&request.id));
        if after.is_none() {
            found.splice(..0, urgent);
        }
        let rows = self.queue_rows(&tx, found, &first, now).await?;
        Ok(Ok(QueueRead { rows, next, is_cut: looked_until.is_some(), counts }))
    }

    /// Looks for a reference, or for an address exactly.
    pub async fn find(
        &self,
        by: &Member,
        search: &Search,
    ) -> Result<Result<Vec<QueueRow>, Denied>, ServiceError> {
        let now = self.now();
        if let Err(denied) = by.may(Action::SeeQueue, now) {
            return Ok(Err(denied));
        }
        let tx = self.db.begin_read().await?;
        let found = match search {
            Search::Reference(reference) => tx.find_by_reference(reference).await?,
            Search::Address(address) => tx.find_by_address(address, PAGE).await?,
        };
        let all = QueueFilter::of(View::Open);
        let urgent = tx.urgent(&all, by.id, (None, None), URGENT_MOST).await?;
        let urgent = urgent.iter().map(|request| request.id).collect();
        let rows = self.queue_rows(&tx, found, &urgent, now).await?;
        Ok(Ok(rows))
    }

    async fn queue_rows(
        &self,
        tx: &Tx,
        found: Vec<Request>,
        urgent: &BTreeSet<RequestId>,
        now: Timestamp,
    ) -> Result<Vec<QueueRow>, ServiceError> {
        let intakes = tx.intakes(found.iter().map(|request| request.intake)).await?;
        let row = |request: Request| {
            let contact = intakes.get(&request.intake).and_then(|intake| intake.contact.as_ref());
            QueueRow {
                who: contact.and_then(|contact| contact.email.as_ref()).map(EmailAddress::masked),
                promise: Promise::at(&request.promise_facts(), self.settings.promise_hours, now),
                child_data: urgent.contains(&request.id),
                request,
            }
        };
        Ok(found.into_iter().map(row).collect())
    }

    /// When a request was received whose unanswered promise is in this state: after, and until.
    pub(super) fn received_within(
        &self,
        state: Option<PromiseState>,
        now: Timestamp,
    ) -> (Option<Timestamp>, Option<Timestamp>) {
        let allowed = SignedDuration::from_hours(self.settings.promise_hours.into());
        let risk = now - allowed * 3 / 4;
        match state {
            Some(PromiseState::OnTime) => (Some(risk), None),
            Some(PromiseState::AtRisk) => (Some(now - allowed), Some(risk)),
            Some(PromiseState::Overdue) => (None, Some(now - allowed)),
            _ => (None, None),
        }
    }
}
