//! Recipients of what was deleted, corrected or restricted: who has to be told, who was, and who
//! has acknowledged it. Telling them is done by people: a mail that names a person to somebody else
//! is nothing that a program sends by itself.

use jiff::Timestamp;

use super::case::{Case, Deed, case};
use super::tick::{BATCH, pass_over};
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::domain::event::Event;
use crate::domain::facts::StoreFacts;
use crate::domain::notice::Notice;
use crate::domain::policy::Action;
use crate::domain::recipient::{Recipient, to_be_told};
use crate::domain::staff::Member;
use crate::domain::telling::{Progress, Telling, Topic};
use crate::ids::{Reference, RequestId, TellingId};

/// Somebody who has to be told, in a receipt.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Informed {
    /// Its name.
    pub(super) name: String,
    /// When it was told.
    pub(super) told_at: Option<Timestamp>,
    /// When it acknowledged.
    pub(super) acknowledged_at: Option<Timestamp>,
}

impl Desk {
    /// Writes down who has to be told, of all who got data of the stores that were changed. Whoever
    /// is to be told of the same already is not written down again.
    pub(super) async fn list_recipients<'s>(
        &self,
        tx: &Tx,
        request: RequestId,
        changed: impl IntoIterator<Item = &'s str>,
        topic: Topic,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let Some(occasion) = topic.occasion() else { return Ok(()) };
        let told = to_be_told(self.facts_of(changed), occasion);
        self.list(tx, request, told.into_iter().map(|got| got.recipient), topic, now).await
    }

    /// Whoever had to be told that data were restricted has to be told that they are so no more.
    pub(super) async fn list_recipients_again(
        &self,
        tx: &Tx,
        request: RequestId,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let mut told = tx.tellings_of(request).await?;
        told.retain(|one| one.topic == Topic::Restriction);
        let now_known = told.into_iter().map(|one| {
            self.recipient(&one.recipient).unwrap_or_else(|| Recipient {
                id: one.recipient,
                how: one.how,
                acknowledge: one.acknowledge,
                ..Recipient::named(&one.name)
            })
        });
        self.list(tx, request, now_known, Topic::Lifting, now).await
    }

    async fn list(
        &self,
        tx: &Tx,
        request: RequestId,
        recipients: impl Iterator<Item = Recipient>,
        topic: Topic,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let mut count = 0;
        for recipient in recipients {
            let id = TellingId(self.entropy.uuid(now));
            let one = Telling::new(id, request, &recipient, topic, now);
            count += u64::from(tx.insert_telling(&one).await?);
        }
        if count > 0 {
            let event = Event::by_system("recipients.listed")
                .with("topic", topic)
                .with("recipients", count);
            tx.insert_event(request, now, &event).await?;
        }
        Ok(())
    }

    /// Whom a receipt names, and when they were told: those who are written down, and those who will
    /// be for the stores that were changed.
    pub(super) async fn informed<'s>(
        &self,
        tx: &Tx,
        request: RequestId,
        changed: impl IntoIterator<Item = &'s str>,
        topic: Topic,
    ) -> Result<Vec<Informed>, ServiceError> {
        let mut known = tx.tellings_of(request).await?;
        known.retain(|one| one.topic == topic);
        let stores = self.facts_of(changed);
        let others = topic.occasion().map(|occasion| to_be_told(stores, occasion));
        let others = others
            .into_iter()
            .flatten()
            .map(|got| got.recipient)
            .filter(|one| known.iter().all(|known| known.recipient != one.id))
            .map(|one| Informed { name: one.name, told_at: None, acknowledged_at: None });
        let mut all: Vec<Informed> = others.collect();
        all.extend(known.into_iter().map(|one| Informed {
            name: one.name,
            told_at: one.told_at,
            acknowledged_at: one.acknowledged_at,
        }));
        all.sort();
        Ok(all)
    }

    pub(super) fn facts_of<'s>(
        &self,
        names: impl IntoIterator<Item = &'s str>,
    ) -> impl Iterator<Item = &StoreFacts> {
        names.into_iter().filter_map(|name| self.stores.get(name)).map(|store| store.facts())
    }

    /// What the data maps say about a recipient today.
    pub(super) fn recipient(&self, id: &str) -> Option<Recipient> {
        let mut all = self.stores.values().flat_map(|store| store.facts().receivers());
        all.find(|one| one.is(id))
    }

    /// Says that a recipient was told.
    pub async fn recipient_told(
        &self,
        by: &Member,
        at: &Reference,
        id: TellingId,
    ) -> Result<Deed, ServiceError> {
        let zone = &self.settings.organisation.zone;
        self.note_telling(by, at, id, "recipient.told", |one, now| {
            if let Some(known) = self.told_today(one) {
                // It was told as the map says now, and has to acknowledge as the map says now.
                (one.how, one.acknowledge) = (known.how, known.acknowledge);
            }
            one.tell(by.id, now, zone)
        })
        .await
    }

    /// Says that a recipient has acknowledged what it was told.
    pub async fn recipient_acknowledged(
        &self,
        by: &Member,
        at: &Reference,
        id: TellingId,
    ) -> Result<Deed, ServiceError> {
        self.note_telling(by, at, id, "recipient.acknowledged", Telling::acknowledge).await
    }

    async fn note_telling(
        &self,
        by: &Member,
        at: &Reference,
        id: TellingId,
        kind: &'static str,
        change: impl FnOnce(&mut Telling, Timestamp) -> bool,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, stored, now, .. } = case!(self.open_case(by, Action::Tell, at).await?);
        let request = stored.value.id;
        let mut all = tx.tellings_of(request).await?.into_iter();
        let Some(mut one) = all.find(|one| one.id == id) else { return Ok(Deed::NotNow) };
        if !change(&mut one, now) {
            return Ok(Deed::NotNow);
        }
        tx.update_telling(&one).await?;
        let event =
            Event::by_staff(by.id, kind).with("recipient", &one.recipient).with("topic", one.topic);
        tx.insert_event(request, now, &event).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }

    /// Tells staff of recipients that were not told in time, or have not acknowledged in time.
    /// Returns of how many requests.
    pub(super) async fn remind_of_recipients(&self, now: Timestamp) -> Result<u64, ServiceError> {
        let tx = self.db.begin_read().await?;
        let due = tx.tellings_to_remind(now, BATCH).await?;
        drop(tx);
        let mut told = 0;
        for id in due {
            told += self.remind_of_recipients_of(id, now).await.or_else(pass_over)?;
        }
        Ok(told)
    }

    async fn remind_of_recipients_of(
        &self,
        id: RequestId,
        now: Timestamp,
    ) -> Result<u64, ServiceError> {
        let tx = self.db.begin().await?;
        let Some((_, stored)) = self.lock_request(&tx, id).await? else { return Ok(0) };
        let mut due = tx.tellings_of(id).await?;
        due.retain(|one| one.wants_reminder(now));
        if due.is_empty() {
            return Ok(0);
        }
        for one in &mut due {
            one.alerted_at = Some(now);
            tx.update_telling(one).await?;
        }
        let notice_of = |one: &Telling| match (one.progress(), one.topic) {
            (Progress::Untold, Topic::Forward) => Notice::Unforwarded,
            (Progress::Untold, _) => Notice::Untold,
            _ => Notice::Silent,
        };
        for notice in [Notice::Untold, Notice::Unforwarded, Notice::Silent] {
            if due.iter().any(|one| notice_of(one) == notice) {
                self.tell_staff(&tx, &stored.value, notice, now).await?;
            }
        }
        let event = Event::by_system("recipients.overdue").with("recipients", due.len());
        tx.insert_event(id, now, &event).await?;
        tx.commit().await?;
        Ok(1)
    }
}
