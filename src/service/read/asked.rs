//! Requests as programs see them: no address, no name, no record.

use std::collections::BTreeMap;

use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::case::possible;
use super::{Archive, ArchiveState, Task};
use crate::db::Tx;
pub use crate::db::list::ListFilter;
pub use crate::db::request::Happened;
use crate::domain::address::EmailAddress;
use crate::domain::deadline::Kept;
use crate::domain::policy::Action;
use crate::domain::promise::Promise;
use crate::domain::request::Request;
use crate::domain::token::Grant;
use crate::ids::{Reference, RequestId};
use crate::service::{Desk, ServiceError};

/// Requests of a page at most.
pub const LIST_MOST: u64 = 200;
/// Where several filters come together, a page looks at no more requests than this.
const LOOK_MOST: u64 = 3_000;

/// How a program names a request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RequestName {
    /// By id.
    Id(RequestId),
    /// By reference.
    Reference(Reference),
}

/// One request as programs see it.
#[derive(Debug, Clone)]
pub struct AskedRead {
    /// The request.
    pub request: Request,
    /// Its promise.
    pub promise: Promise,
    /// Every statutory date.
    pub dates: Vec<Kept>,
    /// How many stores are done with it.
    pub tasks_done: u64,
    /// How many stores are asked.
    pub tasks: u64,
    /// Its archive, where one lies ready.
    pub archive: Option<Archive>,
}

/// A page of requests.
#[derive(Debug)]
pub struct AskedPage {
    /// The requests, the newest first.
    pub items: Vec<AskedRead>,
    /// After which the next page begins.
    pub next: Option<RequestId>,
}

/// What happened to a request, and what programs and colleagues are called.
#[derive(Debug)]
pub struct AskedHistory {
    /// What happened, oldest first.
    pub events: Vec<Happened>,
    /// Names of members of staff and tokens.
    pub names: BTreeMap<Uuid, String>,
}

impl Desk {
    /// One request; `None` when there is none.
    pub async fn asked(&self, name: &RequestName) -> Result<Option<AskedRead>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(request) = named(&tx, name).await? else { return Ok(None) };
        Ok(self.asked_reads(&tx, vec![request], self.now()).await?.pop())
    }

    /// A page of all requests.
    pub async fn asked_page(
        &self,
        filter: &ListFilter,
        after: Option<RequestId>,
        limit: u64,
    ) -> Result<AskedPage, ServiceError> {
        let tx = self.db.begin_read().await?;
        let limit = limit.clamp(1, LIST_MOST);
        let found = tx.list(filter, after, limit + 1, LOOK_MOST).await?;
        let mut requests = found.requests;
        let more = requests.len() as u64 > limit;
        requests.truncate(usize::try_from(limit).unwrap_or(usize::MAX));
        let last = requests.last().filter(|_| more).map(|last| last.id);
        let items = self.asked_reads(&tx, requests, self.now()).await?;
        Ok(AskedPage { items, next: last.or(found.looked_until) })
    }

    /// What was asked for with exactly this address, the newest first; of a program's own requests,
    /// or of all where it may read all.
    pub async fn asked_by(
        &self,
        by: &Grant,
        address: &EmailAddress,
    ) -> Result<Vec<AskedRead>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let mut found = tx.find_by_address(address, LIST_MOST).await?;
        found.retain(|request| by.reads(request.created_by));
        self.asked_reads(&tx, found, self.now()).await
    }

    /// Each store's share of a request, with the store's name as people read it.
    pub async fn asked_tasks(
        &self,
        name: &RequestName,
    ) -> Result<Option<Vec<(Task, String)>>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(request) = named(&tx, name).await? else { return Ok(None) };
        let language = self.settings.organisation.default_language();
        let label = |task: Task| {
            let known = self.stores.get(&task.store);
            let label = known.map(|store| store.facts().label(language).to_owned());
            let label = label.unwrap_or_else(|| task.store.clone());
            (task, label)
        };
        Ok(Some(tx.tasks_of(request.id).await?.into_iter().map(label).collect()))
    }

    /// What a program can decide about a request just now.
    pub async fn asked_can(
        &self,
        by: &Grant,
        name: &RequestName,
    ) -> Result<Vec<Action>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(request) = named(&tx, name).await? else { return Ok(Vec::new()) };
        let tasks = tx.tasks_of(request.id).await?;
        let archive = tx.archive_of(request.id).await?;
        let dates = self.dates_of_one(&tx, &request).await?;
        Ok(possible(by.into(), &request, &tasks, archive.as_ref(), self.now(), &dates))
    }

    /// What happened to a request.
    pub async fn asked_events(
        &self,
        name: &RequestName,
    ) -> Result<Option<AskedHistory>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(request) = named(&tx, name).await? else { return Ok(None) };
        let staff = tx.accounts().await?.into_iter().map(|one| (one.id.0, one.name));
        let tokens = tx.api_tokens().await?.into_iter().map(|one| (one.grant.id.0, one.name));
        Ok(Some(AskedHistory {
            names: staff.chain(tokens).collect(),
            events: tx.history_of(request.id).await?,
        }))
    }

    /// As programs see them, with two further statements however many they are.
    pub(in crate::service) async fn asked_reads(
        &self,
        tx: &Tx,
        requests: Vec<Request>,
        now: Timestamp,
    ) -> Result<Vec<AskedRead>, ServiceError> {
        let ids = || requests.iter().map(|request| request.id);
        let counts = tx.task_counts(ids()).await?;
        let mut archives = tx.archives_of(ids()).await?;
        let mut dates = self.dates_of(tx, requests.iter()).await?;
        let read = |request: Request| {
            let (tasks_done, tasks) = counts.get(&request.id).copied().unwrap_or_default();
            let archive = archives.remove(&request.id);
            AskedRead {
                promise: Promise::at(&request.promise_facts(), self.settings.promise_hours, now),
                dates: dates.remove(&request.id).unwrap_or_default(),
                archive: archive.filter(|archive| archive.state == ArchiveState::Ready),
                tasks_done,
                tasks,
                request,
            }
        };
        Ok(requests.into_iter().map(read).collect())
    }

    /// A promise that is due before `due` was given before this.
    pub fn promised_before(&self, due: Timestamp) -> Timestamp {
        let hours = SignedDuration::from_hours(self.settings.promise_hours.into());
        due.saturating_sub(hours).unwrap_or(Timestamp::MIN)
    }
}

pub(in crate::service) async fn named(
    tx: &Tx,
    name: &RequestName,
) -> Result<Option<Request>, ServiceError> {
    let stored = match name {
        RequestName::Id(id) => tx.request(*id).await?,
        RequestName::Reference(reference) => tx.request_by_reference(reference).await?,
    };
    Ok(stored.map(|stored| stored.value))
}
