//! Takes a posted form: intake, requests, events and the verification mail in one transaction.

use super::lodge::Wishes;
use super::{Desk, ServiceError};
use crate::domain::correction::Asked;
use crate::domain::event::Event;
use crate::domain::intake::{Contact, Intake};
use crate::domain::job::Job;
use crate::domain::language::Language;
use crate::domain::request::{Channel, NewRequest, Request, Scope};
use crate::domain::right::Right;
use crate::ids::{IntakeId, Reference, RequestId};

/// Characters of a name at most.
pub const NAME_LENGTH: usize = 200;
/// Characters of the details at most.
pub const DETAILS_LENGTH: usize = 4_000;

/// A form that has been read and found good.
#[derive(Debug, Clone)]
pub struct NewIntake {
    /// What is asked for, at least one, each once.
    pub rights: Vec<Right>,
    /// What a deletion among them is about.
    pub scope: Scope,
    /// Who asks.
    pub contact: Contact,
    /// The country chosen, two capitals.
    pub country: Option<String>,
    /// Whether somebody asks for somebody else.
    pub on_behalf: bool,
    /// What it says beside its rights.
    pub wishes: Wishes,
    /// The language of pages and mails.
    pub language: Language,
    /// What a correction shall put right.
    pub changes: Vec<Asked>,
    /// The purposes that it is about, where its rights have any.
    pub purposes: Vec<String>,
}

impl Desk {
    /// Accepts a form and gives the reference of its first request. Nobody is looked up: the answer
    /// and the work are the same whether or not the address is known to any store.
    pub async fn open_intake(&self, new: NewIntake) -> Result<Reference, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let mut intake = Intake {
            id: IntakeId(self.entropy.uuid(now)),
            received_at: now,
            language: new.language,
            country: new.country,
            contact: Some(new.contact),
            reminded_at: None,
        };
        tx.insert_intake(&intake).await?;
        let mut requests = Vec::with_capacity(new.rights.len());
        let parts = |right: &Right| right.parts(&new.purposes).into_iter();
        let all = new.rights.iter().flat_map(|right| parts(right).map(move |part| (right, part)));
        for (right, purposes) in all {
            let mut request = Request::open(NewRequest {
                id: RequestId(self.entropy.uuid(now)),
                intake: intake.id,
                reference: tx.new_reference(&*self.entropy).await?,
                right: *right,
                on_behalf: new.on_behalf,
                channel: Channel::Form,
                received_at: now,
            });
            request.purposes = purposes;
            if *right == Right::Deletion {
                request.scope = new.scope.clone();
            }
            let event = Event::by_person("request.received");
            self.write_down(&tx, &request, None, event, now).await?;
            self.keep_wishes(&tx, &intake, &request, &new.wishes).await?;
            if request.right == Right::Correction {
                tx.insert_changes(request.id, &new.changes, now).await?;
            }
            requests.push(request);
        }
        // The page after the form is that of a request that waits for a code, if any does.
        requests.sort_by_key(|request| request.starts_at_once() || request.right.is_lodged());
        self.set_off(&tx, &mut intake, now).await?;
        self.enqueue(&tx, &Job::KeepReceived { intake: intake.id }, None).await?;
        tx.commit().await?;
        Ok(requests.swap_remove(0).reference)
    }
}
