//! Forwarding: rows of another controller were found, so staff have to pass the request on to it. As
//! with recipients nothing goes out by itself: it would name a person to somebody else.

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::domain::controller::{Controller, HeldCollection, Principal};
use crate::domain::event::Event;
use crate::domain::recipient::Recipient;
use crate::domain::request::Request;
use crate::domain::telling::{Telling, Topic};
use crate::ids::{RequestId, TellingId};
use crate::store::Located;

/// Another controller to whom a request is forwarded, and whether that was done.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Forwarded {
    /// Who.
    pub controller: Controller,
    /// When it was forwarded.
    pub at: Option<Timestamp>,
}

impl Desk {
    /// Writes down to whom a request has to be forwarded: to those whose rows were `found`, and to
    /// those in whose tables of people the person stands. Each once, whatever finds them again.
    pub(super) async fn list_controllers(
        &self,
        tx: &Tx,
        request: &Request,
        mut found: BTreeSet<String>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        for (store, collection, ..) in tx.people_of(request.id).await? {
            found.extend(self.holder(&store, &collection).map(|of| of.controller.id.clone()));
        }
        self.forward(tx, request.id, &found, now).await
    }

    /// The same of a word about the use of data, for which stores are asked who somebody is and
    /// nothing is read.
    pub(super) async fn list_controllers_of(
        &self,
        tx: &Tx,
        request: RequestId,
        store: &str,
        located: &Located,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let people = located.people.iter();
        let held = people.filter_map(|person| self.holder(store, &person.collection));
        let found = held.map(|of| of.controller.id.clone()).collect();
        self.forward(tx, request, &found, now).await
    }

    async fn forward(
        &self,
        tx: &Tx,
        request: RequestId,
        to: &BTreeSet<String>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let mut count = 0;
        for of in to.iter().filter_map(|id| self.principal(id)) {
            let id = TellingId(self.entropy.uuid(now));
            let one = Telling::new(id, request, &of.to_recipient(), Topic::Forward, now);
            count += u64::from(tx.insert_telling(&one).await?);
        }
        if count > 0 {
            let event = Event::by_system("forward.listed").with("controllers", count);
            tx.insert_event(request, now, &event).await?;
        }
        Ok(())
    }

    /// To whom a request is forwarded, by name.
    pub(super) async fn forwarded(
        &self,
        tx: &Tx,
        request: RequestId,
    ) -> Result<Vec<Forwarded>, ServiceError> {
        let mut all = tx.tellings_of(request).await?;
        all.retain(|one| one.topic == Topic::Forward);
        let each = all.into_iter().map(|one| {
            let known = self.principal(&one.recipient).map(|of| of.controller.clone());
            let last_known = || Controller { id: one.recipient, name: one.name, contact: None };
            Forwarded { controller: known.unwrap_or_else(last_known), at: one.told_at }
        });
        Ok(each.collect())
    }

    /// Who else decides over data of the person that we hold, by name.
    pub(super) async fn decide_elsewhere(
        &self,
        tx: &Tx,
        request: RequestId,
    ) -> Result<Vec<Controller>, ServiceError> {
        let all = self.forwarded(tx, request).await?;
        Ok(all.into_iter().map(|one| one.controller).collect())
    }

    /// Whom the data maps mean today by somebody who is to be told something.
    pub(super) fn told_today(&self, one: &Telling) -> Option<Recipient> {
        match one.topic {
            Topic::Forward => self.principal(&one.recipient).map(Principal::to_recipient),
            _ => self.recipient(&one.recipient),
        }
    }

    fn holder(&self, store: &str, collection: &str) -> Option<&Principal> {
        self.stores.get(store)?.facts().holder(collection)
    }

    fn principal(&self, id: &str) -> Option<&Principal> {
        let held = self.stores.values().flat_map(|store| &store.facts().held);
        let mut all = held.map(|HeldCollection { of, .. }| of);
        all.find(|of| of.controller.id == id)
    }
}
