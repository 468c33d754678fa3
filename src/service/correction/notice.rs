//! Whoever is found by what is changed is told before, at the old address and the new one.

use jiff::Timestamp;

use crate::db::Tx;
use crate::db::correction::Told;
use crate::domain::address::EmailAddress;
use crate::domain::correction::{AskedField, EditState};
use crate::domain::correction::{Change, NOTICE, Verdict};
use crate::domain::event::Event;
use crate::domain::intake::Intake;
use crate::domain::notice::Notice;
use crate::domain::request::Request;
use crate::domain::right::Right;
use crate::domain::state::Status;
use crate::domain::subject::addresses;
use crate::ids::{RequestId, TokenPurpose};
use crate::mail::messages::ChangeNotice;
use crate::service::post::asked_one;
use crate::service::{Desk, ServiceError};

/// Addresses that are told at most.
const NOTICES: usize = 8;

impl Desk {
    /// Tells old and new address of a change of identity that nobody was told of yet. The delay runs
    /// from the hand-over of the last notice; where no address is known, from now.
    pub(super) async fn tell_of_change(
        &self,
        tx: &Tx,
        intake: &Intake,
        request: &Request,
        changes: &mut [Change],
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let mut told: Vec<EmailAddress> = Vec::new();
        let mut add = |address: EmailAddress| {
            if told.len() < NOTICES && !told.contains(&address) {
                told.push(address);
            }
        };
        let mut fresh = false;
        let goes = changes.iter_mut().filter(|change| change.verdict == Some(Verdict::Apply));
        for step in goes.flat_map(|change| &mut change.steps) {
            if !step.identity || step.told || step.state != EditState::Pending {
                continue;
            }
            (step.told, fresh) = (true, true);
            if AskedField::of(&step.category) == AskedField::Email {
                let both = [&step.edit.expected, &step.edit.new];
                let both = both.into_iter().flatten();
                both.filter_map(|text| EmailAddress::parse(text).ok()).for_each(&mut add);
            }
        }
        if !fresh {
            return Ok(());
        }
        addresses(&tx.person_keys(request.id).await?).into_iter().for_each(&mut add);
        let contact = intake.contact.iter();
        contact.flat_map(|to| to.email.iter().chain(&to.proved)).cloned().for_each(add);
        self.save(tx, changes).await?;
        let mut times = tx.told_of(request.id).await?;
        times.notified_at = told.is_empty().then_some(now);
        tx.set_told(request.id, times).await?;
        for address in &told {
            let token = tx.new_link(intake.id, TokenPurpose::Verify, now).await?;
            let notice = ChangeNotice {
                asked: asked_one(request),
                received_at: request.received_at(),
                not_before: now + NOTICE,
                not_me_link: self.verify_link(&token),
            };
            self.post_to(tx, intake, address.clone(), Some(request.id), None, &notice).await?;
        }
        let event = Event::by_system("person.notified").with("addresses", told.len());
        tx.insert_event(request.id, now, &event).await?;
        Ok(())
    }

    /// A notice was handed over: the delay runs from the last one.
    pub(in crate::service) async fn change_notice_sent(
        &self,
        tx: &Tx,
        request: RequestId,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        tx.set_told(request, Told { notified_at: Some(now) }).await?;
        Ok(())
    }

    /// Whether somebody was told of a change that is not made yet, and may still stop it.
    pub(in crate::service) async fn can_stop_change(
        &self,
        tx: &Tx,
        request: &Request,
    ) -> Result<bool, ServiceError> {
        let open = matches!(request.status, Status::InReview | Status::Executing);
        if request.right != Right::Correction || !open {
            return Ok(false);
        }
        let changes = tx.changes_of(request.id).await?;
        let mut steps = changes.iter().flat_map(|change| &change.steps);
        Ok(steps.any(|step| step.told && step.state != EditState::Done))
    }

    /// Somebody who was told of a change says that they did not ask for it: all officers look.
    pub(in crate::service) async fn stopped_by_notice(
        &self,
        tx: &Tx,
        requests: &[Request],
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        for request in requests {
            self.tell_staff(tx, request, Notice::Disowned, now).await?;
        }
        Ok(())
    }
}
