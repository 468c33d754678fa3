//! Tells programs of the company what happened: written with the change itself, delivered by jobs.

use std::time::Duration;

use jiff::{SignedDuration, Timestamp};

use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::job;
use crate::db::webhook::Delivery;
pub use crate::db::webhook::{Delivery as DeliveryRead, EndpointFacts};
use crate::domain::event::Event;
use crate::domain::job::Job;
use crate::domain::policy::{Action, Denied};
use crate::domain::request::Request;
use crate::domain::staff::Member;
use crate::domain::webhook::{
    Answer, DeliveryState, Subscription, Verdict, WebhookKind, is_dead, payload, wait_after,
};
use crate::ids::DeliveryId;

/// Deliveries shown at once, of each list.
const SHOWN: u64 = 50;
/// Deliveries replayed or set aside in one transaction.
const BATCH: u64 = 200;
/// A delivery that nobody has taken for so long after it was due is for an endpoint that is no
/// longer there; less, and it may be one that other processes have not heard of yet.
const UNCLAIMED: SignedDuration = SignedDuration::from_hours(1);

/// All about webhooks, for pages and the command line.
#[derive(Debug, Clone)]
pub struct WebhooksRead {
    /// The endpoints that are configured.
    pub endpoints: Vec<EndpointRead>,
    /// The newest deliveries that were given up.
    pub given_up: Vec<Delivery>,
    /// The newest deliveries.
    pub newest: Vec<Delivery>,
}

/// One endpoint.
#[derive(Debug, Clone)]
pub struct EndpointRead {
    /// Its name, and what it is told of.
    pub subscription: Subscription,
    /// How it fares.
    pub facts: EndpointFacts,
    /// Whether it counts as dead.
    pub is_dead: bool,
}

/// What came of a replay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Replayed {
    /// It is sent again.
    Done,
    /// They may not.
    Denied(Denied),
    /// There is no such delivery (any more).
    Unknown,
    /// Its endpoint is no longer configured.
    Withdrawn,
}

impl Desk {
    /// Writes a message for every endpoint that listens, and the jobs that deliver them.
    pub(super) async fn announce(
        &self,
        tx: &Tx,
        request: &Request,
        kinds: &[WebhookKind],
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        for kind in kinds {
            let listens = |one: &&Subscription| one.kinds.contains(kind);
            for subscription in self.settings.webhooks.iter().filter(listens) {
                let delivery = Delivery {
                    id: DeliveryId(self.entropy.uuid(now)),
                    endpoint: subscription.name.clone(),
                    kind: *kind,
                    request: request.id,
                    reference: request.reference.clone(),
                    body: payload(*kind, request, self.settings.promise_hours, now),
                    created_at: now,
                    attempts: 0,
                    next_attempt_at: Some(now),
                    last_attempt_at: None,
                    last_answer: None,
                    state: DeliveryState::Waiting,
                };
                tx.insert_delivery(&delivery).await?;
                self.enqueue(tx, &job_of(&delivery), None).await?;
            }
        }
        Ok(())
    }

    /// A delivery that is still to be made.
    pub async fn waiting_delivery(&self, id: DeliveryId) -> Result<Option<Delivery>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let found = tx.delivery(id).await?;
        Ok(found.filter(|delivery| delivery.state == DeliveryState::Waiting))
    }

    /// Keeps what an endpoint said. `Some` is the time until the next try.
    pub(crate) async fn webhook_answered(
        &self,
        tx: &Tx,
        id: DeliveryId,
        answer: Answer,
    ) -> Result<Option<Duration>, ServiceError> {
        let now = self.now();
        let Some(mut delivery) = tx.lock_delivery(id).await? else { return Ok(None) };
        delivery.attempts = delivery.attempts.saturating_add(1);
        delivery.last_attempt_at = Some(now);
        delivery.last_answer = Some(answer.to_string());
        let wait = match answer.verdict() {
            Verdict::Again => {
                let random = u64::from_be_bytes(self.entropy.bytes());
                wait_after(delivery.attempts, random)
            }
            Verdict::Taken | Verdict::Gone => None,
        };
        delivery.next_attempt_at = wait.map(|wait| now + wait);
        delivery.state = match (answer.verdict(), wait) {
            (Verdict::Taken, _) => DeliveryState::Delivered,
            (_, Some(_)) => DeliveryState::Waiting,
            (_, None) => DeliveryState::Dead,
        };
        if delivery.state == DeliveryState::Dead {
            let endpoint = &delivery.endpoint;
            tracing::warn!(endpoint, %id, %answer, "a webhook was given up");
        }
        tx.update_delivery(&delivery).await?;
        Ok(wait)
    }

    /// The job of a delivery has died, for the reason of `code`.
    pub(crate) async fn webhook_died(
        &self,
        tx: &Tx,
        id: DeliveryId,
        code: &str,
    ) -> Result<(), ServiceError> {
        let Some(mut delivery) = tx.lock_delivery(id).await? else { return Ok(()) };
        delivery.state = DeliveryState::Dead;
        delivery.next_attempt_at = None;
        delivery.last_attempt_at = Some(self.now());
        delivery.last_answer = Some(code.to_owned());
        Ok(tx.update_delivery(&delivery).await?)
    }

    /// The endpoint of a delivery is no longer configured.
    pub(crate) async fn webhook_skipped(
        &self,
        tx: &Tx,
        id: DeliveryId,
    ) -> Result<(), ServiceError> {
        let Some(mut delivery) = tx.lock_delivery(id).await? else { return Ok(()) };
        if delivery.state == DeliveryState::Waiting {
            delivery.state = DeliveryState::Skipped;
            delivery.next_attempt_at = None;
            tx.update_delivery(&delivery).await?;
        }
        Ok(())
    }

    /// Sets aside what waits for endpoints that are no longer configured: no worker serves their
    /// lanes.
    pub(super) async fn skip_withdrawn(&self, now: Timestamp) -> Result<u64, ServiceError> {
        let names: Vec<&str> = self.settings.webhooks.iter().map(|one| &*one.name).collect();
        let tx = self.db.begin_read().await?;
        let left = tx.unclaimed_deliveries(&names, now - UNCLAIMED, BATCH).await?;
        drop(tx);
        if left.is_empty() {
            return Ok(0);
        }
        let tx = self.db.begin().await?;
        for id in &left {
            let Some(delivery) = tx.lock_delivery(*id).await? else { continue };
            self.webhook_skipped(&tx, *id).await?;
            job::withdraw(&tx, &job_of(&delivery).dedup_key()).await?;
        }
        tx.commit().await?;
        Ok(left.len() as u64)
    }

    /// The endpoints and their deliveries. Without `by`, for the command line.
    pub async fn webhooks(
        &self,
        by: Option<&Member>,
    ) -> Result<Result<WebhooksRead, Denied>, ServiceError> {
        if let Some(Err(denied)) = by.map(|by| by.may(Action::SeeWebhooks, self.now())) {
            return Ok(Err(denied));
        }
        let tx = self.db.begin_read().await?;
        let mut endpoints = Vec::new();
        for subscription in &self.settings.webhooks {
            let facts = tx.endpoint_facts(&subscription.name).await?;
            endpoints.push(EndpointRead {
                subscription: subscription.clone(),
                facts,
                is_dead: is_dead(facts.given_up_at, facts.delivered_at),
            });
        }
        Ok(Ok(WebhooksRead {
            endpoints,
            given_up: tx.newest_deliveries(Some(DeliveryState::Dead), SHOWN).await?,
            newest: tx.newest_deliveries(None, SHOWN).await?,
        }))
    }

    /// Sends a delivery again, with its id and its bytes, and with all its tries. Without `by`, for
    /// the command line.
    pub async fn replay_webhook(
        &self,
        by: Option<&Member>,
        id: DeliveryId,
    ) -> Result<Replayed, ServiceError> {
        if let Some(Err(denied)) = by.map(|by| by.may(Action::ReplayWebhook, self.now())) {
            return Ok(Replayed::Denied(denied));
        }
        let tx = self.db.begin().await?;
        let replayed = self.replay_one(&tx, by, id).await?;
        if replayed == Replayed::Done {
            tx.commit().await?;
        }
        Ok(replayed)
    }

    /// Sends again, for the command line, all that an endpoint was or should have been told since
    /// `since`; how many that are. `None` for a name that is not configured.
    pub async fn replay_webhooks_since(
        &self,
        endpoint: &str,
        since: Timestamp,
    ) -> Result<Option<u64>, ServiceError> {
        if !self.listens(endpoint) {
            return Ok(None);
        }
        let (mut replayed, mut after) = (0, None);
        loop {
            let tx = self.db.begin().await?;
            let ids = tx.deliveries_since(endpoint, since, after, BATCH).await?;
            let Some(last) = ids.last() else { return Ok(Some(replayed)) };
            after = Some(*last);
            for id in ids {
                let done = self.replay_one(&tx, None, id).await?;
                replayed += u64::from(done == Replayed::Done);
            }
            tx.commit().await?;
        }
    }

    async fn replay_one(
        &self,
        tx: &Tx,
        by: Option<&Member>,
        id: DeliveryId,
    ) -> Result<Replayed, ServiceError> {
        let now = self.now();
        let Some(mut delivery) = tx.lock_delivery(id).await? else { return Ok(Replayed::Unknown) };
        if !self.listens(&delivery.endpoint) {
            return Ok(Replayed::Withdrawn);
        }
        delivery.state = DeliveryState::Waiting;
        delivery.attempts = 0;
        delivery.next_attempt_at = Some(now);
        tx.update_delivery(&delivery).await?;
        // One that waits for its next try need not wait any longer.
        let job = job_of(&delivery);
        job::withdraw(tx, &job.dedup_key()).await?;
        self.enqueue(tx, &job, None).await?;
        let kind = "webhook.replayed";
        let event = by.map_or_else(|| Event::by_system(kind), |by| Event::by_staff(by.id, kind));
        let event = event
            .with("endpoint", &delivery.endpoint)
            .with("delivery", delivery.id)
            .with("type", delivery.kind);
        if tx.request(delivery.request).await?.is_some() {
            tx.insert_event(delivery.request, now, &event).await?;
        }
        Ok(Replayed::Done)
    }

    fn listens(&self, endpoint: &str) -> bool {
        self.settings.webhooks.iter().any(|one| one.name == endpoint)
    }
}

fn job_of(delivery: &Delivery) -> Job {
    Job::DeliverWebhook { delivery: delivery.id, endpoint: delivery.endpoint.clone() }
}
