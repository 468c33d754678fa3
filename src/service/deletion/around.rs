//! What else there is of a person by the time their deletion begins. A step sees its own collection
//! alone, so what has come to another one since people approved has to be looked for.

use jiff::Timestamp;

use crate::db::Tx;
use crate::db::request::Stored;
use crate::domain::erase::{ErasePlan, EraseScope, Stop};
use crate::domain::erasure::{Step, StepState};
use crate::domain::event::Event;
use crate::domain::gather::Blocker;
use crate::domain::intake::Intake;
use crate::domain::plan::Plan;
use crate::domain::request::Request;
use crate::domain::state::{Move, Status};
use crate::domain::subject::SubjectKey;
use crate::service::{Desk, ServiceError};

/// What is known of the time since people approved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Around {
    /// Nobody has looked.
    Unseen,
    /// Everything there is stands in a place that the plan lists.
    AsPlanned,
    /// There is something that nobody has approved.
    Stopped(Stop),
}

/// The stores that are to be asked.
#[derive(Debug)]
pub struct AroundWork {
    /// Every key of the person.
    pub keys: Vec<SubjectKey>,
    /// How much of the data.
    pub scope: EraseScope,
    /// When the plan was made: times of keeping are compared with that instant.
    pub planned_at: Timestamp,
    /// Rows of one step at most.
    pub most: u64,
    /// Each store, and the files of it that rows of others name.
    pub stores: Vec<(String, Vec<String>)>,
    approved: Plan,
}

impl Desk {
    /// Which stores are to be asked before a step: all before the first one in a store, and its own
    /// before each. `None` where the step was begun already.
    pub(super) fn around_work(
        &self,
        step: &Step,
        steps: &[Step],
        keys: &[SubjectKey],
        scope: EraseScope,
        plan: &Plan,
    ) -> Option<AroundWork> {
        if step.state != StepState::Waiting {
            return None;
        }
        let begun = |other: &Step| other.round == step.round && other.begun_at.is_some();
        let first = !steps.iter().any(|other| begun(other) && other.store == step.store);
        let asked = |store: &&str| first || **store == step.store;
        let names = plan.stores.iter().map(|store| store.store.as_str()).filter(asked);
        Some(AroundWork {
            stores: names.map(|name| (name.to_owned(), plan.files_in(name))).collect(),
            keys: keys.to_vec(),
            scope,
            planned_at: plan.made_at,
            most: self.settings.deletion.rows,
            approved: plan.clone(),
        })
    }

    /// A store has more to touch than was approved, or other things.
    pub(super) async fn stopped(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        stored: Stored<Request>,
        reason: Stop,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let id = stored.value.id;
        self.change_plan(tx, intake, stored, reason.as_str(), now).await?;
        if reason == Stop::AnotherPerson
            && let Some(stored) = tx.request(id).await?
        {
            self.block(tx, stored, Blocker::TwoPeople, now).await?;
        }
        Ok(())
    }

    /// What was approved does not fit any more: the stores are asked anew, and people after them.
    pub(super) async fn change_plan(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        stored: Stored<Request>,
        why: &str,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let event = Event::by_system("deletion.plan_changed").with("why", why);
        if stored.value.status != Status::Executing {
            tx.insert_event(stored.value.id, now, &event).await?;
            return Ok(());
        }
        tx.set_approved(stored.value.id, None).await?;
        let mut one = [stored];
        self.advance(tx, intake, &mut one, Move::PlanChanged, &event, now).await?;
        Ok(())
    }
}

impl AroundWork {
    /// Whether what `store` would do now goes beyond what was approved of it. More rows of a
    /// collection that is listed are for its step to count.
    pub fn goes_beyond(&self, store: &str, now: &ErasePlan) -> Option<Stop> {
        let nothing = ErasePlan::default();
        let approved = self.approved.stores.iter().find(|known| known.store == store);
        let approved = approved.map_or(&nothing, |known| &known.plan);
        let is_new = |row| !approved.people.contains(row);
        if !approved.people.is_empty() && now.people.iter().any(is_new) {
            return Some(Stop::AnotherPerson);
        }
        if !now.blockers.is_empty() {
            return Some(Stop::Blocked);
        }
        let new_step = now.steps.iter().filter(|step| !step.rows.is_empty()).any(|step| {
            let same = (&step.collection, step.method, &step.fields);
            !approved.steps.iter().any(|it| (&it.collection, it.method, &it.fields) == same)
        });
        let new_kept = now.kept.iter().filter(|kept| kept.rows > 0).any(|kept| {
            let same = (&kept.collection, &kept.ground);
            !approved.kept.iter().any(|it| (&it.collection, &it.ground) == same)
        });
        let new_file = now.files.iter().any(|file| !approved.files.contains(file));
        (new_step || new_kept || new_file).then_some(Stop::Grew)
    }
}
