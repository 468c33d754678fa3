//! A correction as staff see it: asked, current, decided. Values only for whoever has just looked at
//! who asks.

use crate::db::correction::Told;
use crate::domain::change::Field;
use crate::domain::correction::{Change, needs_proof};
use crate::domain::policy::{Action, Denied};
use crate::domain::request::{AnswerWay, Assurance};
use crate::domain::right::Right;
use crate::domain::staff::Member;
use crate::ids::Reference;
use crate::service::case::has_looked;
use crate::service::correction::is_in_review;
use crate::service::{Desk, ServiceError};

/// Everything about a correction that its page can show.
#[derive(Debug)]
pub struct CorrectionRead {
    /// What was asked for and what became of it. Without words and values where they may not be
    /// seen.
    pub changes: Vec<Change>,
    /// What the stores say, with the same restriction.
    pub stores: Vec<StoreFields>,
    /// Whether values are shown: for an hour after this member looked at who asks.
    pub shows_values: bool,
    /// Whether this member can decide now, their second factor left aside.
    pub can_decide: bool,
    /// Whether somebody has to check the person otherwise before some values can be changed.
    pub wants_proof: bool,
    /// When whom was told.
    pub told: Told,
    /// The answer as a letter, where it has to be posted.
    pub letter: Option<String>,
}

impl CorrectionRead {
    /// Whether every change is decided.
    pub fn is_settled(&self) -> bool {
        !self.changes.is_empty() && self.changes.iter().all(Change::is_settled)
    }
}

/// What one store says.
#[derive(Debug)]
pub struct StoreFields {
    /// The store.
    pub store: String,
    /// Its values in their order, and whether each needs more than a mailbox.
    pub fields: Vec<(Field, bool)>,
    /// Whether staff are never shown its values.
    pub is_private: bool,
}

impl Desk {
    /// What there is of a correction; `None` for other rights.
    pub async fn correction(
        &self,
        by: &Member,
        at: &Reference,
    ) -> Result<Result<Option<CorrectionRead>, Denied>, ServiceError> {
        let now = self.now();
        if let Err(denied) = by.may(Action::SeeRequest, now) {
            return Ok(Err(denied));
        }
        let tx = self.db.begin_read().await?;
        let found = tx.request_by_reference(at).await?;
        let Some(request) = found.map(|found| found.value) else { return Ok(Ok(None)) };
        if request.right != Right::Correction {
            return Ok(Ok(None));
        }
        let Some(intake) = tx.intake(request.intake).await? else { return Ok(Ok(None)) };
        let contact = intake.contact.as_ref();
        let history = tx.history_of(request.id).await?;
        let shows_values = by.is_entitled(Action::Reveal).is_ok() && has_looked(&history, by, now);
        let mut changes = tx.changes_of(request.id).await?;
        let stores = tx.fields_of(request.id).await?;
        let weak = request.assurance < Assurance::Asserted;
        let wants_proof = weak
            && stores.iter().flat_map(|(_, fields)| fields).any(|one| needs_proof(one, contact));
        let waits = request.answers_by == AnswerWay::Letter
            && request.completed_at.is_some()
            && request.answered_at.is_none();
        let held = self.decide_elsewhere(&tx, request.id).await?;
        let letter = (waits && shows_values)
            .then(|| self.correction_letter(&request, intake.language, &changes, held));
        let stores = stores.into_iter().map(|(store, fields)| {
            let known = self.stores.get(&store);
            let is_private = known.is_some_and(|store| store.facts().private_content);
            let shown = shows_values && !is_private;
            let field = |mut field: Field| {
                let proof = needs_proof(&field, contact);
                field.value = field.value.filter(|_| shown);
                (field, proof)
            };
            StoreFields { store, fields: fields.into_iter().map(field).collect(), is_private }
        });
        let stores = stores.collect();
        if !shows_values {
            for change in &mut changes {
                change.asked.value.clear();
                change.asked.known().as_str().clone_into(&mut change.asked.field);
                for step in &mut change.steps {
                    (step.edit.expected, step.edit.new) = (None, None);
                }
            }
        }
        Ok(Ok(Some(CorrectionRead {
            can_decide: by.is_entitled(Action::Release).is_ok() && is_in_review(&request),
            told: tx.told_of(request.id).await?,
            changes,
            stores,
            shows_values,
            wants_proof,
            letter,
        })))
    }
}
