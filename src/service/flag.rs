//! A person's word about the use of their data: written down, set in the stores that can hold it,
//! read back, and told to whoever asks.

pub mod apply;
pub mod consent;
pub mod filter;
pub mod lift;
pub mod lookup;
pub mod signal;

mod say;

use std::collections::BTreeSet;

use jiff::Timestamp;

use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::flag::{FlagSource, NewFlag};
use crate::db::request::Stored;
use crate::domain::event::Event;
use crate::domain::flag::work::{Work, conflicts};
use crate::domain::flag::{FlagKind, Purpose, Purposes, is_restricted};
use crate::domain::intake::{Contact, Intake};
use crate::domain::job::Job;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::domain::state::{Approval, Effect, Move, Status};
use crate::domain::subject::{KeyKind, SubjectKey};
use crate::ids::RequestId;
use crate::keys::flags::FlagKey;
use crate::store::Store;
use crate::store::restrict::{Mark, Restrict};

/// The kind of key of a browser that opted out here: what stands in its cookie.
pub const BROWSER: &str = "browser";

/// Requests of one person that are looked at.
const OTHERS: u64 = 200;

/// The keys that a person's word is written down under: what they told us themselves.
pub(super) fn keys_of(contact: &Contact) -> Vec<SubjectKey> {
    let emails = contact.email.iter().chain(&contact.proved);
    let emails = emails.filter_map(|email| SubjectKey::new(KeyKind::email(), email.as_str()));
    emails.chain(contact.identifiers.iter().cloned()).collect()
}

/// The purposes of a request as this instance knows them.
fn purposes_of(request: &Request) -> Vec<Purpose> {
    request.purposes.iter().filter_map(|word| Purpose::parse(word)).collect()
}

impl Desk {
    /// The purposes that this instance knows: ours, and those that its maps name.
    pub fn purposes(&self) -> Purposes {
        let mut words: BTreeSet<String> = BTreeSet::new();
        for store in self.stores.values() {
            words.extend(store.facts().purposes.iter().cloned());
            let marks = store.restrict().map(Restrict::marks).unwrap_or_default();
            words.extend(marks.iter().filter_map(|mark| match mark {
                Mark::Stop(purpose) => Some(purpose.as_str().to_owned()),
                Mark::Restriction => None,
            }));
        }
        Purposes::new(words.iter().map(String::as_str))
    }

    /// The purposes that a form offers to choose from, in the order of the form: those that anybody
    /// may say no to, and what maps have a column for; for an objection, also what stores say that
    /// they are for. None where there is nothing to choose.
    pub fn offered(&self, right: Right) -> Vec<String> {
        if !right.has_purposes() || right == Right::Limit {
            return Vec::new();
        }
        let mut words: Vec<String> =
            Purpose::OPTIONAL.iter().map(|word| (*word).to_owned()).collect();
        for store in self.stores.values() {
            let marks = store.restrict().map(Restrict::marks).unwrap_or_default();
            words.extend(marks.iter().filter_map(|mark| match mark {
                Mark::Stop(purpose) => Some(purpose.as_str().to_owned()),
                Mark::Restriction => None,
            }));
            if right == Right::Objection {
                let own = store.facts().purposes.iter().filter_map(|word| Purpose::parse(word));
                words.extend(own.map(|purpose| purpose.as_str().to_owned()));
            }
        }
        let mut seen = BTreeSet::new();
        words.retain(|word| seen.insert(word.clone()));
        words
    }

    /// What can be decided on as it is, since nothing is gathered for it, goes on to its review or
    /// is carried out.
    pub(super) async fn ripen(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &mut Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let mut approval = self.approval_of(tx, &stored.value).await?;
        if let Some(contact) = &intake.contact
            && self.stands_in_the_way(tx, contact, &stored.value, now).await?
        {
            approval = Approval::Needed;
        }
        let effects = stored.value.step(Move::Ripe(approval), now)?;
        if effects.contains(&Effect::SetFlags) {
            self.set_flags(tx, intake, stored, now).await?;
        }
        Ok(())
    }

    /// Whether something that is under way or in force for the same person keeps `request` from
    /// being carried out (see [`conflicts`]).
    pub(super) async fn stands_in_the_way(
        &self,
        tx: &Tx,
        contact: &Contact,
        request: &Request,
        now: Timestamp,
    ) -> Result<bool, ServiceError> {
        let wanted = Work::of(request.right);
        if conflicts(Work::Restriction, wanted) && self.is_restricted(tx, contact, now).await? {
            return Ok(true);
        }
        let Some(email) = &contact.email else { return Ok(false) };
        let others = tx.find_by_address(email, OTHERS).await?;
        Ok(others.iter().any(|other| {
            other.id != request.id
                && other.status == Status::Executing
                && conflicts(Work::of(other.right), wanted)
        }))
    }

    /// Whether processing of this person's data is restricted.
    pub(super) async fn is_restricted(
        &self,
        tx: &Tx,
        contact: &Contact,
        now: Timestamp,
    ) -> Result<bool, ServiceError> {
        Ok(is_restricted(&tx.said_under(&keys_of(contact)).await?, now))
    }

    /// Writes the person's word down, where it holds from this moment, and lets each store be told.
    pub(super) async fn set_flags(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let Some(contact) = &intake.contact else { return Ok(()) };
        let keys = keys_of(contact);
        let with = tx.make_flag_key().await?;
        self.write_flags(tx, &with, &stored.value, &keys, now).await?;
        let event = Event::by_system("flags.set")
            .with("right", stored.value.right)
            .with("purposes", &stored.value.purposes);
        tx.insert_event(stored.value.id, now, &event).await?;
        self.tell_stores(tx, stored.value.id, &keys, now).await
    }

    /// The word of a request under each of `keys`.
    async fn write_flags(
        &self,
        tx: &Tx,
        with: &FlagKey,
        request: &Request,
        keys: &[SubjectKey],
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let Some(kind) = FlagKind::of(request.right) else { return Ok(()) };
        let purposes = purposes_of(request);
        let about: Vec<Option<&Purpose>> = match kind {
            FlagKind::Restriction => vec![None],
            _ => purposes.iter().map(Some).collect(),
        };
        for key in keys {
            for purpose in &about {
                let new = NewFlag {
                    kind,
                    purpose: *purpose,
                    from: now,
                    source: FlagSource::Request,
                    request: Some(request.id),
                };
                tx.insert_flag(with, key, &new).await?;
            }
        }
        Ok(())
    }

    /// A task and a job for each store that can be asked; where there is none, a job that sees it.
    async fn tell_stores(
        &self,
        tx: &Tx,
        request: RequestId,
        keys: &[SubjectKey],
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        tx.drop_tasks(request).await?;
        let mut known = 0;
        for key in keys {
            known += usize::from(tx.add_key(request, key, 0, None).await?);
        }
        let asked = self.stores.iter().filter(|(_, store)| is_asked(store.as_ref()));
        for (name, _) in asked {
            let task = tx.insert_task(request, name, now).await?;
            let job = Job::SetFlags { task, store: name.clone(), keys: known };
            self.enqueue(tx, &job, Some(request)).await?;
        }
        Ok(self.enqueue_anew(tx, &Job::SettleFlags { request }, Some(request)).await?)
    }
}

/// Whether a store can be told, or may know further keys of a person.
fn is_asked(store: &dyn Store) -> bool {
    store.export().is_some() || store.restrict().is_some()
}
