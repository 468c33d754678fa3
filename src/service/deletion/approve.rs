//! People approve a plan by its digest, and nothing else.

use super::can_approve;
use crate::db::plan::Approval;
use crate::domain::event::Event;
use crate::domain::gather::Blocker;
use crate::domain::plan::PlanDigest;
use crate::domain::policy::Action;
use crate::domain::right::Right;
use crate::domain::staff::Member;
use crate::domain::state::{Cooling, Move, Status};
use crate::ids::Reference;
use crate::service::case::{Case, Deed, case};
use crate::service::{Desk, ServiceError};

impl Desk {
    /// Approves the plan of a deletion. When as many have as it takes, it goes on: to cooling-off
    /// while that runs, else to its first step. The digest has to be that of the plan as it stands.
    pub async fn approve_deletion(
        &self,
        by: &Member,
        at: &Reference,
        digest: &PlanDigest,
    ) -> Result<Deed, ServiceError> {
        let Case { tx, mut intake, mut stored, now } =
            case!(self.open_case(by, Action::Approve, at).await?);
        if self.is_shut(&tx).await? {
            return Ok(Deed::AuditFirst);
        }
        let id = stored.value.id;
        let Some(facts) = tx.plan_facts(id).await? else { return Ok(Deed::NotNow) };
        let stops =
            |blocker: &Blocker| !matches!(blocker, Blocker::MailFailed | Blocker::TooFewApprovers);
        let open = stored.value.right == Right::Deletion
            && stored.value.status == Status::InReview
            && !stored.value.is_at_rest()
            && !stored.value.blockers.iter().any(stops);
        // Somebody may have begun with this very plan, before it was held.
        let begun = tx.steps(id).await?.iter().any(|step| step.round == facts.round);
        if !open || begun || facts.digest != *digest || tx.is_person_held(intake.id).await? {
            return Ok(Deed::NotNow);
        }
        if let Some(contact) = &intake.contact
            && self.stands_in_the_way(&tx, contact, &stored.value, now).await?
        {
            return Ok(Deed::NotNow);
        }
        let kinds = self.kinds_touched(&stored.value, &facts.outline);
        if self.lacks_proof(&tx, &intake, &stored.value, kinds, now).await? {
            tx.commit().await?;
            return Ok(Deed::ProofFirst);
        }
        let approval = Approval { by: by.id, digest: digest.clone(), at: now };
        tx.approve(id, &approval).await?;
        let mut valid = 0;
        for approval in tx.approvals(id).await? {
            let account = tx.account(approval.by).await?;
            let can = account.as_ref().is_some_and(can_approve);
            valid += usize::from(can && approval.digest == *digest);
        }
        let needed = self.approvals_needed();
        let event = Event::by_staff(by.id, "deletion.approved")
            .with("plan", digest.as_str())
            .with("approvals", valid)
            .with("needed", needed);
        if valid < needed {
            tx.insert_event(id, now, &event).await?;
            tx.update_request(&stored).await?;
        } else {
            stored.value.blockers.remove(&Blocker::TooFewApprovers);
            tx.set_approved(id, Some(now)).await?;
            self.freeze(&tx, &stored.value, now).await?;
            let cooling = if now < facts.cooled_at { Cooling::Runs } else { Cooling::Over };
            let mut one = [stored];
            self.advance(&tx, &mut intake, &mut one, Move::Approved(cooling), &event, now).await?;
        }
        tx.commit().await?;
        Ok(Deed::Done)
    }

    /// Begins with deletions whose cooling-off is over.
    pub(in crate::service) async fn cool_off(
        &self,
        now: jiff::Timestamp,
    ) -> Result<u64, ServiceError> {
        let tx = self.db.begin_read().await?;
        let due = tx.cooled_off(now, crate::service::tick::BATCH).await?;
        drop(tx);
        let mut begun = 0;
        for id in due {
            let tx = self.db.begin().await?;
            let Some((mut intake, stored)) = self.lock_request(&tx, id).await? else { continue };
            if stored.value.is_at_rest() {
                continue;
            }
            // Whoever had their data restricted meanwhile is asked first which it is to be.
            if let Some(contact) = &intake.contact
                && self.stands_in_the_way(&tx, contact, &stored.value, now).await?
            {
                continue;
            }
            let Some(facts) = tx.plan_facts(id).await? else { continue };
            let kinds = self.kinds_touched(&stored.value, &facts.outline);
            if self.lacks_proof(&tx, &intake, &stored.value, kinds, now).await? {
                tx.commit().await?;
                continue;
            }
            let event = Event::by_system("deletion.cooled_off");
            let mut one = [stored];
            begun += self.advance(&tx, &mut intake, &mut one, Move::CooledOff, &event, now).await?
                as u64;
            tx.commit().await?;
        }
        Ok(begun)
    }

    /// Has the stores asked anew what a deletion would touch.
    pub async fn renew_plan(&self, by: &Member, at: &Reference) -> Result<Deed, ServiceError> {
        let Case { tx, mut intake, stored, now } =
            case!(self.open_case(by, Action::Retry, at).await?);
        let waits = matches!(stored.value.status, Status::InReview | Status::CoolingOff);
        if stored.value.right != Right::Deletion || !waits || stored.value.is_at_rest() {
            return Ok(Deed::NotNow);
        }
        let event = Event::by_staff(by.id, "deletion.plan_renewed");
        let mut one = [stored];
        self.advance(&tx, &mut intake, &mut one, Move::PlanChanged, &event, now).await?;
        tx.commit().await?;
        Ok(Deed::Done)
    }
}
