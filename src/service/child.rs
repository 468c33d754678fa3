//! The company finds that it holds data of a child that it must not hold (16 CFR 312; GDPR Art. 8,
//! 17(1)(f)): a deletion of everything, which nobody has to ask for or verify, before all others.

use super::case::{Case, Deed};
use super::read::Author;
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::domain::event::Event;
use crate::domain::intake::{Contact, Intake};
use crate::domain::job::Job;
use crate::domain::language::Language;
use crate::domain::particulars::Particulars;
use crate::domain::policy::Action;
use crate::domain::request::{AnswerWay, Assurance, Channel, NewRequest, Request};
use crate::domain::right::Right;
use crate::domain::state::{Move, Status};
use crate::domain::text::TypedText;
use crate::domain::token::By;
use crate::ids::{IntakeId, Reference, RequestId};

/// Where it was found.
#[derive(Debug, Clone)]
pub enum FoundAt {
    /// At a request of the child, or for it.
    Request(Reference),
    /// Elsewhere.
    Elsewhere {
        /// By what the child is found: an address, or other keys. A program's word proves no mailbox,
        /// so an address that it gives is a key like any other.
        contact: Contact,
        /// The language to write in.
        language: Language,
    },
}

/// What came of it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ChildFound {
    /// A deletion is open; its reference.
    Opened(Reference),
    /// There is nothing to search by.
    NothingToSearchBy,
    /// Why not.
    Not(Deed),
}

impl Desk {
    /// Opens a deletion of everything that is held of a child, urgent and without cooling-off, and
    /// writes down why. It needs the plan and the approvals of any deletion.
    pub async fn child_data_found(
        &self,
        by: impl Into<By<'_>>,
        at: FoundAt,
        reason: &TypedText,
    ) -> Result<ChildFound, ServiceError> {
        let by = by.into();
        let (tx, mut intake, beside) = match at {
            FoundAt::Request(at) => match self.open_case(by, Action::ChildData, &at).await? {
                Err(deed) => return Ok(ChildFound::Not(deed)),
                Ok(Case { tx, intake, stored, .. }) => {
                    let open = can_be_of_child(&stored.value) && intake.contact.is_some();
                    if !open || has_one(&tx, &intake).await? {
                        return Ok(ChildFound::Not(Deed::NotNow));
                    }
                    (tx, intake, Some(stored.value))
                }
            },
            FoundAt::Elsewhere { contact, language } => {
                if let Err(denied) = by.may(Action::ChildData, self.now()) {
                    return Ok(ChildFound::Not(Deed::Denied(denied)));
                }
                if contact.email.is_none() && contact.identifiers.is_empty() {
                    return Ok(ChildFound::NothingToSearchBy);
                }
                let now = self.now();
                let intake = Intake {
                    id: IntakeId(self.entropy.uuid(now)),
                    received_at: now,
                    language,
                    country: None,
                    contact: Some(contact),
                    reminded_at: None,
                };
                let tx = self.db.begin().await?;
                tx.insert_intake(&intake).await?;
                (tx, intake, None)
            }
        };
        let reference = self.open_for_child(&tx, by, &mut intake, beside.as_ref(), reason).await?;
        tx.commit().await?;
        Ok(ChildFound::Opened(reference))
    }

    async fn open_for_child(
        &self,
        tx: &Tx,
        by: By<'_>,
        intake: &mut Intake,
        beside: Option<&Request>,
        reason: &TypedText,
    ) -> Result<Reference, ServiceError> {
        let now = self.now();
        let mut request = Request::open(NewRequest {
            id: RequestId(self.entropy.uuid(now)),
            intake: intake.id,
            reference: tx.new_reference(&*self.entropy).await?,
            right: Right::Deletion,
            on_behalf: false,
            channel: Channel::Staff,
            received_at: now,
        });
        let mailbox = intake.contact.as_ref().is_some_and(|contact| contact.email.is_some());
        request.answers_by = match (beside, by, mailbox) {
            (Some(beside), ..) => beside.answers_by,
            (None, By::Token(_), _) => AnswerWay::App,
            (None, By::Staff(_), true) => AnswerWay::Mail,
            (None, By::Staff(_), false) => AnswerWay::Letter,
        };
        request.created_by = match by {
            By::Token(grant) => Some(grant.id),
            By::Staff(_) => None,
        };
        self.write_down(tx, &request, None, by.event("request.received"), now).await?;
        let about = beside.map(|beside| beside.id);
        let particulars = Particulars { about, child_data: true, ..Particulars::default() };
        tx.set_particulars(request.id, &particulars).await?;
        for id in about.into_iter().chain([request.id]) {
            let found = by.event("child_data.found").with("opened", request.reference.as_str());
            tx.insert_event(id, now, &found).await?;
        }
        tx.insert_staff_message(&request, Author::Note, by.staff(), reason, now).await?;
        self.enqueue(tx, &Job::KeepReceived { intake: intake.id }, None).await?;
        // A program's word is a program's word; an officer has looked.
        let (step, event): (Move, Event) = match by {
            By::Staff(_) => (Move::Vouched, by.event("request.vouched")),
            By::Token(_) => (Move::Asserted, by.event("request.asserted")),
        };
        if let Some(stored) = tx.request(request.id).await? {
            self.advance(tx, intake, &mut [stored], step, &event, now).await?;
        }
        Ok(request.reference)
    }
}

/// Whether a deletion of that kind is open already for the form.
async fn has_one(tx: &Tx, intake: &Intake) -> Result<bool, ServiceError> {
    for stored in tx.requests_of(intake.id).await? {
        let open = !stored.value.status.is_closed();
        if open && tx.particulars_of(stored.value.id).await?.child_data {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Whether it is known whose request it is, so that data found at it can be said to be a child's. For
/// others the address is entered anew.
pub(super) fn can_be_of_child(request: &Request) -> bool {
    request.assurance > Assurance::None
        && request.channel != Channel::Staff
        && !matches!(request.status, Status::Withdrawn | Status::Lapsed)
}
