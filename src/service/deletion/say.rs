//! What the person is told of a deletion.

use jiff::Timestamp;

use crate::db::Tx;
use crate::db::request::Stored;
use crate::domain::erase::Method;
use crate::domain::intake::Intake;
use crate::domain::language::Language;
use crate::domain::plan::Outline;
use crate::domain::request::{Outcome, Request};
use crate::mail::messages::{Erased, ErasedLine, ErasureDecided, ErasurePlanned, KeptLine};
use crate::service::answer::answer_through_app;
use crate::service::post::asked_one;
use crate::service::{Desk, ServiceError};

impl Desk {
    /// What a deletion would touch, and until when it can be taken back. Only the first plan makes
    /// anybody wait; a changed one is told with the decision.
    pub(in crate::service) async fn say_planned(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let Some(facts) = tx.plan_facts(stored.value.id).await? else { return Ok(()) };
        let not_before = facts.cooled_at.max(now);
        self.warn(tx, intake, &stored.value, not_before, now).await?;
        if facts.round > 1 || !stored.value.is_answered_by_mail() {
            return Ok(());
        }
        let (goes, stays) = self.lines(&facts.outline, intake.language);
        let message = ErasurePlanned {
            asked: asked_one(&stored.value),
            of_child: tx.particulars_of(stored.value.id).await?.child_data,
            received_at: stored.value.received_at(),
            not_before,
            goes,
            stays,
            status_link: self.mint_status_link(tx, intake, now).await?,
        };
        self.post(tx, intake, None, None, &message).await
    }

    /// The decision: what is deleted, what stays and why, and when. An answer.
    pub(in crate::service) async fn say_decided(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &mut Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let id = stored.value.id;
        let Some(facts) = tx.plan_facts(id).await? else { return Ok(()) };
        answer_through_app(&mut stored.value, now);
        if !stored.value.is_answered_by_mail() {
            return Ok(());
        }
        let (goes, stays) = self.lines(&facts.outline, intake.language);
        let message = ErasureDecided {
            asked: asked_one(&stored.value),
            of_child: tx.particulars_of(id).await?.child_data,
            received_at: stored.value.received_at(),
            begins: facts.cooled_at.max(now),
            goes,
            stays,
            remedies: self.remedies_against(intake, &stored.value),
            status_link: self.mint_status_link(tx, intake, now).await?,
        };
        self.post(tx, intake, Some(id), None, &message).await
    }

    /// It is done.
    pub(in crate::service) async fn say_erased(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &mut Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let id = stored.value.id;
        let Some(facts) = tx.plan_facts(id).await? else { return Ok(()) };
        if !stored.value.is_answered_by_mail() {
            return Ok(());
        }
        let (goes, stays) = self.lines(&facts.outline, intake.language);
        let steps = tx.steps(id).await?;
        let backups = self.stores.iter().filter(|(name, _)| {
            steps.iter().any(|step| step.store == **name && step.begun_at.is_some())
        });
        let message = Erased {
            asked: asked_one(&stored.value),
            done_at: now,
            complete: matches!(stored.value.outcome, Some(Outcome::Full | Outcome::KeptInPart)),
            pending_until: stored.value.follow_ups.iter().map(|owed| owed.due_at).max(),
            goes,
            stays,
            backups: backups
                .map(|(_, store)| {
                    let facts = store.facts();
                    (facts.label(intake.language).to_owned(), facts.backup.clone())
                })
                .collect(),
            authority: self.settings.organisation.authority.clone(),
            status_link: self.mint_status_link(tx, intake, now).await?,
        };
        self.post(tx, intake, None, None, &message).await
    }

    /// A plan in the words of mails: what goes and what stays, a line a store and collection.
    fn lines(&self, outline: &Outline, language: Language) -> (Vec<ErasedLine>, Vec<KeptLine>) {
        let label = |name: &str| self.store_label(name, language);
        let (mut goes, mut stays) = (Vec::new(), Vec::new());
        for store in &outline.stores {
            for collection in store.collections.iter().filter(|one| one.rows > 0) {
                goes.push(ErasedLine {
                    store: label(&store.store),
                    collection: collection.name.clone(),
                    rows: collection.rows,
                    masked: collection.method == Method::Mask,
                });
            }
            for kept in &store.kept {
                stays.push(KeptLine {
                    store: label(&store.store),
                    collection: kept.collection.clone(),
                    rows: kept.rows,
                    ground: kept.ground.clone(),
                    until: kept.until,
                    controller: kept.controller.clone(),
                });
            }
        }
        (goes, stays)
    }
}
