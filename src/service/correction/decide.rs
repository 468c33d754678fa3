//! Staff decide about each change, and let the whole of it go.

use std::collections::BTreeSet;

use jiff::Timestamp;

use crate::db::Tx;
use crate::db::request::Stored;
use crate::domain::category::Category;
use crate::domain::change::{Edit, Field};
use crate::domain::correction::{
    Change, DeclineGround, EditState, MOST_EDITS, Step, Verdict, needs_proof,
};
use crate::domain::event::Event;
use crate::domain::intake::Intake;
use crate::domain::policy::Action;
use crate::domain::request::{Assurance, Request};
use crate::domain::right::Right;
use crate::domain::staff::Member;
use crate::domain::state::{Found, Move, Status};
use crate::domain::text::TypedText;
use crate::ids::{ChangeId, EditId, Reference};
use crate::service::case::{Case, Deed, case, is_releasable};
use crate::service::read::Author;
use crate::service::{Desk, ServiceError};

/// One value that a change is to put right.
#[derive(Clone, PartialEq, Eq)]
pub struct Target {
    /// The store.
    pub store: String,
    /// Its place among the values that the store has told of.
    pub place: usize,
    /// What it shall say; `None` for no value.
    pub new: Option<String>,
}

impl std::fmt::Debug for Target {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Target({} {})", self.store, self.place)
    }
}

/// What is decided about one change.
#[derive(Debug, Clone)]
pub enum Decision {
    /// These values are put right.
    Apply(Vec<Target>),
    /// It was put right where this program does not reach; where, and by whom.
    ByHand(TypedText),
    /// It is not made, on that ground and these facts.
    Decline(DeclineGround, TypedText),
}

/// Why a decision is not taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum ChangeFault {
    /// No value is named.
    NoTarget,
    /// More values than one change may touch.
    TooMany,
    /// A value is not there any more.
    Unknown,
    /// A value is named twice, or by another change too.
    Twice,
    /// People are found by the value, or it is the very address that proved who asks: somebody has
    /// to check the person otherwise first.
    NeedsProof,
}

/// What came of a decision about one change.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Weighed {
    /// Like any other decision.
    Deed(Deed),
    /// Not taken.
    Fault(ChangeFault),
}

impl Desk {
    /// Decides about one change of a correction that is in review. What was decided about it before
    /// and not done is forgotten.
    pub async fn decide_change(
        &self,
        by: &Member,
        at: &Reference,
        id: ChangeId,
        decision: Decision,
    ) -> Result<Weighed, ServiceError> {
        let Case { tx, intake, stored, now } = match self.open_case(by, Action::Release, at).await?
        {
            Ok(case) => case,
            Err(deed) => return Ok(Weighed::Deed(deed)),
        };
        let request = &stored.value;
        let mut changes = tx.changes_of(request.id).await?;
        let at = changes.iter().position(|change| change.id == id);
        let (true, Some(at)) = (is_in_review(request), at) else {
            return Ok(Weighed::Deed(Deed::NotNow));
        };
        changes[at].steps.retain(|step| step.state == EditState::Done);
        let (word, ground) = match decision {
            Decision::Apply(targets) => {
                let fields = tx.fields_of(request.id).await?;
                let steps = match self.steps(request, &intake, &changes, &fields, targets, now) {
                    Ok(steps) => steps,
                    Err(fault) => return Ok(Weighed::Fault(fault)),
                };
                let change = &mut changes[at];
                (change.ground, change.facts) = (None, None);
                change.verdict = Some(Verdict::Apply);
                change.steps.extend(steps);
                ("change.approved", None)
            }
            Decision::ByHand(words) => {
                let change = &mut changes[at];
                (change.ground, change.facts) = (None, Some(words.as_str().to_owned()));
                change.verdict = Some(Verdict::ByHand);
                ("change.by_hand", None)
            }
            Decision::Decline(ground, facts) => {
                let change = &mut changes[at];
                change.facts = Some(facts.as_str().to_owned());
                (change.verdict, change.ground) = (Some(Verdict::Decline), Some(ground));
                ("change.declined", Some(ground))
            }
        };
        tx.update_change(&changes[at]).await?;
        let mut event = Event::by_staff(by.id, word).with("change", at + 1);
        if let Some(ground) = ground {
            event = event.with("ground", ground);
        }
        tx.insert_event(request.id, now, &event).await?;
        tx.commit().await?;
        Ok(Weighed::Deed(Deed::Done))
    }

    fn steps(
        &self,
        request: &Request,
        intake: &Intake,
        changes: &[Change],
        fields: &[(String, Vec<Field>)],
        targets: Vec<Target>,
        now: Timestamp,
    ) -> Result<Vec<Step>, ChangeFault> {
        if targets.is_empty() {
            return Err(ChangeFault::NoTarget);
        }
        if targets.len() > MOST_EDITS {
            return Err(ChangeFault::TooMany);
        }
        let mut steps: Vec<Step> = Vec::new();
        for target in targets {
            let of = fields.iter().find(|(store, _)| *store == target.store);
            let field = of.and_then(|(_, fields)| fields.get(target.place));
            let field = field.ok_or(ChangeFault::Unknown)?;
            let proof = needs_proof(field, intake.contact.as_ref());
            if proof && request.assurance < Assurance::Asserted {
                return Err(ChangeFault::NeedsProof);
            }
            let others = changes.iter().flat_map(|change| &change.steps);
            let mut taken = others.filter(|step| step.state != EditState::Done).chain(&steps);
            if taken.any(|step| step.store == target.store && step.edit.spot == field.spot) {
                return Err(ChangeFault::Twice);
            }
            steps.push(self.step(&target.store, field, target.new, proof, now));
        }
        Ok(steps)
    }

    pub(super) fn step(
        &self,
        store: &str,
        field: &Field,
        new: Option<String>,
        identity: bool,
        now: Timestamp,
    ) -> Step {
        Step {
            id: EditId(self.entropy.uuid(now)),
            store: store.to_owned(),
            category: field.category.clone(),
            identity: identity || field.identity,
            told: false,
            edit: Edit { spot: field.spot.clone(), expected: field.value.clone(), new },
            state: EditState::Pending,
        }
    }

    /// Says that staff has checked who asks, otherwise than by the mailbox.
    pub async fn check_person(
        &self,
        by: &Member,
        at: &Reference,
        reason: &TypedText,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, mut stored, now, .. } = case!(self.open_case(by, Action::Clear, at).await?);
        let request = &mut stored.value;
        if !is_in_review(request) || request.assurance == Assurance::StaffChecked {
            return Ok(Deed::NotNow);
        }
        request.assurance = Assurance::StaffChecked;
        tx.insert_staff_message(request, Author::Note, Some(by.id), reason, now).await?;
        tx.insert_event(request.id, now, &Event::by_staff(by.id, "identity.checked")).await?;
        tx.update_request(&stored).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }

    /// Lets a correction go whose changes are all decided.
    pub(in crate::service) async fn release_changes(
        &self,
        case: Case,
        event: &Event,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, mut intake, stored, now } = case;
        if !is_in_review(&stored.value) || !is_releasable(&stored.value) {
            return Ok(Deed::NotNow);
        }
        let id = stored.value.id;
        let changes = tx.changes_of(id).await?;
        if self.lacks_proof(&tx, &intake, &stored.value, kinds_pending(&changes), now).await? {
            tx.commit().await?;
            return Ok(Deed::ProofFirst);
        }
        if changes.iter().all(Change::is_settled) && !changes.is_empty() {
            self.carry_out_changes(&tx, &mut intake, stored, event, now).await?;
        } else {
            // Where nobody is known there is nothing to decide about.
            let open = changes.iter().all(|change| change.verdict.is_none());
            let holds = tx.fields_of(id).await?.iter().any(|(_, fields)| !fields.is_empty());
            if !open || holds || !tx.people_of(id).await?.is_empty() {
                return Ok(Deed::NotNow);
            }
            let step = Move::Released(Found::Nothing);
            self.advance(&tx, &mut intake, &mut [stored], step, event, now).await?;
        }
        tx.commit().await?;
        Ok(Deed::Done)
    }

    /// Moves on with changes that are all decided: into the stores, or straight to the answer.
    pub(super) async fn carry_out_changes(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        stored: Stored<Request>,
        event: &Event,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let id = stored.value.id;
        let changes = tx.changes_of(id).await?;
        let declined =
            |change: &Change| change.verdict == Some(Verdict::Decline) && change.steps.is_empty();
        if changes.iter().all(declined) {
            let step = Move::ChangesDeclined;
            self.advance(tx, intake, &mut [stored], step, event, now).await?;
            return Ok(());
        }
        self.advance(tx, intake, &mut [stored], Move::ChangesApproved, event, now).await?;
        self.settle_changes(tx, intake, id, now).await
    }
}

/// The kinds of data that are to be written.
pub(super) fn kinds_pending(changes: &[Change]) -> BTreeSet<Category> {
    let steps = changes.iter().flat_map(Change::pending);
    steps.filter_map(|step| Category::parse(&step.category)).collect()
}

/// Whether changes can be decided about.
pub(in crate::service) fn is_in_review(request: &Request) -> bool {
    request.right == Right::Correction
        && request.status == Status::InReview
        && !request.is_at_rest()
}
