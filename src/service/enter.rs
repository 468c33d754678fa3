//! Staff enter a request that came by phone, letter, mail or in person.

use jiff::{SignedDuration, Timestamp};

use super::lodge::Wishes;
use super::{Desk, ServiceError};
use crate::domain::correction::{Asked, MOST_CHANGES};
use crate::domain::event::Event;
use crate::domain::intake::{Contact, Intake};
use crate::domain::job::Job;
use crate::domain::language::Language;
use crate::domain::policy::{Action, Denied};
use crate::domain::request::{AnswerWay, Channel, NewRequest, Request, Scope};
use crate::domain::right::Right;
use crate::domain::staff::Member;
use crate::domain::state::Move;
use crate::domain::text::TypedText;
use crate::ids::{EvidenceId, IntakeId, Reference, RequestId};
use crate::service::read::Author;

/// A receipt that lies longer back cannot be entered.
pub const OLDEST: SignedDuration = SignedDuration::from_hours(90 * 24);
/// A receipt that lies longer back needs a reason.
pub const REASON_AFTER: SignedDuration = SignedDuration::from_hours(1);
/// Papers of one entry.
pub const FILES: usize = 10;
/// Bytes of one paper.
pub const FILE_BYTES: usize = 10 * 1024 * 1024;
/// Characters of a paper's name.
pub const FILE_NAME: usize = 200;

/// A paper that came with a request.
#[derive(Clone)]
pub struct Paper {
    /// Its name. One line.
    pub name: TypedText,
    /// Its bytes.
    pub body: Vec<u8>,
}

impl std::fmt::Debug for Paper {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Paper(…)")
    }
}

/// What staff write down of a request.
#[derive(Debug, Clone)]
pub struct Entry {
    /// How it came: one of [`Entry::CHANNELS`].
    pub channel: Channel,
    /// When it truly reached the company. The promise and the law run from here.
    pub received_at: Timestamp,
    /// Why it is entered later than [`REASON_AFTER`] after that.
    pub reason: Option<TypedText>,
    /// What is asked for, at least one, each once.
    pub rights: Vec<Right>,
    /// What a deletion among them is about.
    pub scope: Scope,
    /// Who asks. Without an address the answer goes by letter; the postal address stands in the
    /// details then.
    pub contact: Contact,
    /// The language to answer in.
    pub language: Language,
    /// The country, two capitals.
    pub country: Option<String>,
    /// Whether somebody asks for somebody else.
    pub on_behalf: bool,
    /// What they say beside their rights.
    pub wishes: Wishes,
    /// Papers that came with it.
    pub papers: Vec<Paper>,
    /// Whether staff has checked who asks, so that no code is needed.
    pub vouched: bool,
    /// What a correction shall put right.
    pub changes: Vec<Asked>,
    /// The purposes that it is about, where its rights have any.
    pub purposes: Vec<String>,
}

/// Why an entry is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum EntryFault {
    /// Not a way by which staff receive requests.
    Channel,
    /// No right, or one twice; or one that has to name its purposes and does not.
    Rights,
    /// The receipt lies in the future, or too far back.
    ReceivedAt,
    /// It is entered late, and no reason is given.
    Reason,
    /// Without an address somebody must have checked who asks.
    NotVouched,
    /// Without an address there has to be something to search by and somewhere to write to.
    NothingToSearchBy,
    /// Identifiers are taken only from somebody who has checked who asks.
    Identifiers,
    /// Too many papers, or one that is too large.
    Papers,
    /// A correction without anything to put right, or something to put right without one.
    Changes,
}

/// What came of an entry.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Entered {
    /// Taken; the reference of its first request.
    Done(Reference),
    /// They may not.
    Denied(Denied),
    /// Not taken.
    Fault(EntryFault),
}

impl Entry {
    /// The ways by which staff receive requests.
    pub const CHANNELS: [Channel; 4] =
        [Channel::Phone, Channel::Letter, Channel::InPerson, Channel::Email];

    fn check(&self, now: Timestamp) -> Result<(), EntryFault> {
        let mut rights = self.rights.clone();
        rights.sort_by_key(|right| right.as_str());
        rights.dedup();
        let age = now.duration_since(self.received_at);
        let contact = &self.contact;
        let small = self.papers.iter().all(|paper| paper.body.len() <= FILE_BYTES);
        let rules = [
            (Self::CHANNELS.contains(&self.channel), EntryFault::Channel),
            (!rights.is_empty() && rights.len() == self.rights.len(), EntryFault::Rights),
            (rights.iter().all(|right| right.is_said(&self.purposes)), EntryFault::Rights),
            (!age.is_negative() && age <= OLDEST, EntryFault::ReceivedAt),
            (age <= REASON_AFTER || self.reason.is_some(), EntryFault::Reason),
            (contact.email.is_some() || self.vouched, EntryFault::NotVouched),
            (
                contact.email.is_some()
                    || (!contact.identifiers.is_empty() && contact.details.is_some()),
                EntryFault::NothingToSearchBy,
            ),
            // A mailed code proves a mailbox, and no customer number.
            (contact.identifiers.is_empty() || self.vouched, EntryFault::Identifiers),
            (self.papers.len() <= FILES && small, EntryFault::Papers),
            (
                self.rights.contains(&Right::Correction) != self.changes.is_empty()
                    && self.changes.len() <= MOST_CHANGES,
                EntryFault::Changes,
            ),
        ];
        rules.into_iter().find(|(holds, _)| !holds).map_or(Ok(()), |(_, fault)| Err(fault))
    }
}

impl Desk {
    /// Takes a request that staff has received. Vouched for, which needs the permission to clear,
    /// the search begins at once; else the verification mail goes out as for the form.
    pub async fn enter(&self, by: &Member, entry: Entry) -> Result<Entered, ServiceError> {
        let now = self.now();
        let may = by
            .may(Action::Enter, now)
            .and_then(|()| if entry.vouched { by.may(Action::Clear, now) } else { Ok(()) });
        if let Err(denied) = may {
            return Ok(Entered::Denied(denied));
        }
        if let Err(fault) = entry.check(now) {
            return Ok(Entered::Fault(fault));
        }
        let tx = self.db.begin().await?;
        let by_letter = entry.contact.email.is_none();
        let answers_by = if by_letter { AnswerWay::Letter } else { AnswerWay::Mail };
        let mut intake = Intake {
            id: IntakeId(self.entropy.uuid(now)),
            received_at: entry.received_at,
            language: entry.language,
            country: entry.country,
            contact: Some(entry.contact),
            reminded_at: None,
        };
        tx.insert_intake(&intake).await?;
        let mut requests = Vec::with_capacity(entry.rights.len());
        let parts = |right: &Right| right.parts(&entry.purposes).into_iter();
        let all = entry.rights.iter().flat_map(|right| parts(right).map(move |part| (right, part)));
        for (right, purposes) in all {
            let mut request = Request::open(NewRequest {
                id: RequestId(self.entropy.uuid(now)),
                intake: intake.id,
                reference: tx.new_reference(&*self.entropy).await?,
                right: *right,
                on_behalf: entry.on_behalf,
                channel: entry.channel,
                received_at: entry.received_at,
            });
            request.wait_from(now);
            request.answers_by = answers_by;
            request.purposes = purposes;
            if *right == Right::Deletion {
                request.scope = entry.scope.clone();
            }
            let event = Event::by_staff(by.id, "request.received")
                .with("received_at", entry.received_at)
                .with("papers", entry.papers.len());
            self.write_down(&tx, &request, None, event, now).await?;
            self.keep_wishes(&tx, &intake, &request, &entry.wishes).await?;
            if request.right == Right::Correction {
                tx.insert_changes(request.id, &entry.changes, now).await?;
            }
            requests.push(request);
        }
        self.enqueue(&tx, &Job::KeepReceived { intake: intake.id }, None).await?;
        if let Some(reason) = &entry.reason {
            tx.insert_staff_message(&requests[0], Author::Note, Some(by.id), reason, now).await?;
        }
        for (place, paper) in (0..).zip(&entry.papers) {
            let id = EvidenceId(self.entropy.uuid_at(now, place));
            let name = paper.name.as_str();
            tx.insert_evidence(id, intake.id, by.id, name, &paper.body, now).await?;
        }
        if entry.vouched {
            let mut stored = tx.requests_of(intake.id).await?;
            let event = Event::by_staff(by.id, "request.vouched");
            self.advance(&tx, &mut intake, &mut stored, Move::Vouched, &event, now).await?;
        } else {
            self.set_off(&tx, &mut intake, now).await?;
        }
        tx.commit().await?;
        Ok(Entered::Done(requests.swap_remove(0).reference))
    }
}
