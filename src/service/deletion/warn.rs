//! Whoever the stores know by another address is warned of a deletion. They have proved nothing, so all
//! that they may say is "stop, and call me": the request is held until an officer has spoken with them.

use jiff::{SignedDuration, Timestamp};

use crate::db::Tx;
use crate::db::request::Stored;
use crate::domain::decision::Hold;
use crate::domain::event::Event;
use crate::domain::intake::{Contact, Intake, Warned};
use crate::domain::notice::Notice;
use crate::domain::request::Request;
use crate::domain::state::Status;
use crate::domain::subject::addresses;
use crate::ids::{Token, TokenPurpose};
use crate::mail::messages::ErasureWarning;
use crate::service::post::asked_one;
use crate::service::{Desk, ServiceError};

/// Addresses that are warned at most.
const WARNINGS: usize = 8;
/// When somebody looks at a deletion again that was stopped by whoever was warned.
const REVIEW: SignedDuration = SignedDuration::from_hours(7 * 24);

/// What is behind the link of a warning.
#[derive(Debug, Clone)]
pub enum StopPage {
    /// The deletion can be stopped.
    Open {
        /// The form.
        intake: Box<Intake>,
    },
    /// It is stopped.
    Stopped,
    /// It is done, or was given up.
    Over,
    /// The link leads nowhere (any more).
    Gone,
}

/// What the link of a warning is about.
struct Behind {
    intake: Intake,
    contact: Contact,
    /// Whose warning it was among those of the contact.
    who: usize,
    stored: Stored<Request>,
}

impl Behind {
    fn is_open(&self) -> bool {
        use Status::{CoolingOff, Executing, Gathering, InReview};
        matches!(self.stored.value.status, Gathering | InReview | CoolingOff | Executing)
    }

    /// A hold may have been lifted since: then it can be said again.
    fn is_stopped(&self) -> bool {
        self.contact.warned[self.who].called && self.stored.value.hold.is_some()
    }
}

impl Desk {
    /// Warns every address under which stores know the person, and which nobody has confirmed: each
    /// once.
    pub(super) async fn warn(
        &self,
        tx: &Tx,
        intake: &Intake,
        request: &Request,
        not_before: Timestamp,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let Some(mut contact) = intake.contact.clone() else { return Ok(()) };
        let before = contact.warned.len();
        for address in addresses(&tx.person_keys(request.id).await?) {
            let confirmed = contact.email.iter().chain(&contact.proved);
            let warned = contact.warned.iter().filter(|one| one.request == request.id);
            let is_full = warned.clone().count() >= WARNINGS;
            let mut told = confirmed.chain(warned.map(|one| &one.address));
            if is_full || told.any(|told| *told == address) {
                continue;
            }
            let token = tx.new_link(intake.id, TokenPurpose::Stop, now).await?;
            let stop = format!("/stop/{}", token.as_str());
            let warning = ErasureWarning {
                asked: asked_one(request),
                received_at: request.received_at(),
                not_before,
                stop_link: self.settings.base_url.link(&stop),
            };
            self.post_to(tx, intake, address.clone(), Some(request.id), None, &warning).await?;
            let link = token.hash(TokenPurpose::Stop);
            contact.warned.push(Warned { request: request.id, address, link, called: false });
        }
        let count = contact.warned.len() - before;
        if count > 0 {
            tx.set_contact(intake.id, &contact).await?;
            let event = Event::by_system("person.notified").with("addresses", count);
            tx.insert_event(request.id, now, &event).await?;
        }
        Ok(())
    }

    /// Looks behind the link of a warning. Changes nothing.
    pub async fn stop_page(&self, token: &Token) -> Result<StopPage, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(id) = tx.link(token, TokenPurpose::Stop, self.now()).await? else {
            return Ok(StopPage::Gone);
        };
        let Some(intake) = tx.intake(id).await? else { return Ok(StopPage::Gone) };
        Ok(match behind(&tx, token, intake).await? {
            None => StopPage::Over,
            Some(behind) if !behind.is_open() => StopPage::Over,
            Some(behind) if behind.is_stopped() => StopPage::Stopped,
            Some(Behind { intake, .. }) => StopPage::Open { intake: Box::new(intake) },
        })
    }

    /// The owner of an address that nobody has confirmed says "stop, and call me". The deletion is held,
    /// what was approved is called back, and all officers are told.
    pub async fn stop_deletion(&self, token: &Token) -> Result<StopPage, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some(id) = tx.link(token, TokenPurpose::Stop, now).await? else {
            return Ok(StopPage::Gone);
        };
        let Some(intake) = tx.lock_intake(id).await? else { return Ok(StopPage::Gone) };
        let Some(mut behind) = behind(&tx, token, intake).await? else {
            return Ok(StopPage::Over);
        };
        if !behind.is_open() {
            return Ok(StopPage::Over);
        }
        if behind.is_stopped() {
            return Ok(StopPage::Stopped);
        }
        behind.contact.warned[behind.who].called = true;
        tx.set_contact(id, &behind.contact).await?;
        let Behind { mut intake, contact, mut stored, .. } = behind;
        intake.contact = Some(contact);
        let request = stored.value.clone();
        stored.value.hold.get_or_insert(Hold { at: now, review_at: now + REVIEW });
        let event = Event::by_person("deletion.called");
        self.hold_back(&tx, &mut intake, stored, &event, now).await?;
        self.tell_staff(&tx, &request, Notice::Called, now).await?;
        tx.commit().await?;
        Ok(StopPage::Stopped)
    }
}

/// What a link is about, as long as it is known who was warned.
async fn behind(tx: &Tx, token: &Token, intake: Intake) -> Result<Option<Behind>, ServiceError> {
    let Some(contact) = intake.contact.clone() else { return Ok(None) };
    let link = token.hash(TokenPurpose::Stop);
    let Some(who) = contact.warned.iter().position(|one| one.link == link) else {
        return Ok(None);
    };
    let stored = tx.request(contact.warned[who].request).await?;
    Ok(stored.map(|stored| Behind { intake, contact, who, stored }))
}
