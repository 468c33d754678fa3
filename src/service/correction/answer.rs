//! The answer: what was corrected, what was not and why, and who was told.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::db::Tx;
use crate::db::request::Stored;
use crate::domain::controller::Controller;
use crate::domain::correction::{Change, EditState, Fate, Verdict};
use crate::domain::intake::Intake;
use crate::domain::language::Language;
use crate::domain::recipient::{Occasion, to_be_told};
use crate::domain::request::{Outcome, Request};
use crate::domain::state::Status;
use crate::mail::messages::{Corrected, DeclinedLine, MadeLine, Message};
use crate::service::answer::answer_through_app;
use crate::service::post::asked_one;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// The answer. What the stores said is forgotten with it.
    pub(in crate::service) async fn say_corrected(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &mut Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let id = stored.value.id;
        let changes = tx.changes_of(id).await?;
        if stored.value.status != Status::Refused {
            let full = changes.iter().all(|change| change.fate() == Fate::Made);
            stored.value.outcome = Some(if full { Outcome::Full } else { Outcome::Partial });
        }
        tx.drop_fields(id).await?;
        // The keys under which the person was found have served.
        tx.drop_keys(id).await?;
        answer_through_app(&mut stored.value, now);
        if !stored.value.is_answered_by_mail() {
            return Ok(());
        }
        let link = self.mint_status_link(tx, intake, now).await?;
        let message = Corrected {
            status_link: Some(link),
            held: self.decide_elsewhere(tx, id).await?,
            ..self.correction_answer(&stored.value, intake.language, &changes)
        };
        self.post(tx, intake, Some(id), None, &message).await
    }

    fn correction_answer(
        &self,
        request: &Request,
        language: Language,
        changes: &[Change],
    ) -> Corrected {
        let done = |change: &Change| -> BTreeSet<String> {
            let steps = change.steps.iter().filter(|step| step.state == EditState::Done);
            steps.map(|step| self.store_label(&step.store, language)).collect()
        };
        let made = changes.iter().filter_map(|change| {
            let by_hand = change.verdict == Some(Verdict::ByHand);
            let stores = done(change);
            (by_hand || !stores.is_empty()).then(|| MadeLine {
                field: change.asked.known(),
                stores: stores.into_iter().collect(),
                words: change.facts.clone().filter(|_| by_hand),
            })
        });
        let declined = changes.iter().filter_map(|change| {
            Some(DeclinedLine {
                field: change.asked.known(),
                ground: change.ground?,
                facts: change.facts.clone().unwrap_or_default(),
            })
        });
        Corrected {
            asked: asked_one(request),
            received_at: request.received_at(),
            made: made.collect(),
            declined: declined.collect(),
            recipients: self.recipients(changes),
            held: Vec::new(),
            authority: self.settings.organisation.authority.clone(),
            status_link: None,
        }
    }

    /// Who has received what was wrong and is told of it, as the maps of the stores name them.
    fn recipients(&self, changes: &[Change]) -> Vec<String> {
        let steps = changes.iter().flat_map(|change| &change.steps);
        let done = steps.filter(|step| step.state == EditState::Done);
        let stores: BTreeSet<&str> = done.map(|step| step.store.as_str()).collect();
        let told = to_be_told(self.facts_of(stores), Occasion::Correction);
        told.into_iter().map(|got| got.recipient.name).collect()
    }

    /// The answer as a letter, for people without a mailbox.
    pub(in crate::service) fn correction_letter(
        &self,
        request: &Request,
        language: Language,
        changes: &[Change],
        held: Vec<Controller>,
    ) -> String {
        let message = Corrected { held, ..self.correction_answer(request, language, changes) };
        message.render(&self.speaker(language), &self.sender_facts()).text
    }
}
