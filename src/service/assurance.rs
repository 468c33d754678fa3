//! Whether the proof of who asks is enough for what was found, and what follows where it is not: the
//! person is asked once to type a fresh code, and nothing is given, changed or deleted before.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::request::Stored;
use crate::db::task::Task;
use crate::domain::assurance::Proof;
use crate::domain::category::Category;
use crate::domain::erase::EraseScope;
use crate::domain::event::Event;
use crate::domain::gather::Blocker;
use crate::domain::intake::Intake;
use crate::domain::plan::Outline;
use crate::domain::request::{Assurance, Request};
use crate::domain::right::Right;
use crate::domain::state::{Approval, Status};
use crate::ids::{IntakeId, RequestId};
use crate::mail::messages::ProofNeeded;
use crate::service::case::is_releasable;
use crate::service::deletion::scope_of;

/// The person typed a code, the first time and later.
const PROVED: [&str; 2] = ["request.verified", "proof.renewed"];
/// The person was asked for a fresh one.
const ASKED: &str = "proof.renewal_asked";
/// A further proof is written down when the last one is so old: the table counts in days.
const EXACT: SignedDuration = SignedDuration::from_hours(24);

impl Desk {
    /// How sure we are now who asks.
    pub(super) async fn proof_of(
        &self,
        tx: &Tx,
        request: &Request,
        now: Timestamp,
    ) -> Result<Proof, ServiceError> {
        Ok(Proof::at(request, proved_at(tx, request).await?, now))
    }

    /// Those of `kinds` for which the proof of who asks is not enough now.
    pub(super) async fn lacking(
        &self,
        tx: &Tx,
        request: &Request,
        kinds: BTreeSet<Category>,
        now: Timestamp,
    ) -> Result<BTreeSet<Category>, ServiceError> {
        Ok(self.proof_of(tx, request, now).await?.lacks(kinds))
    }

    /// Whether the proof of who asks is not enough now for `kinds`. Then the request stops, and the
    /// person is asked.
    pub(super) async fn lacks_proof(
        &self,
        tx: &Tx,
        intake: &Intake,
        request: &Request,
        kinds: BTreeSet<Category>,
        now: Timestamp,
    ) -> Result<bool, ServiceError> {
        let lacking = self.lacking(tx, request, kinds, now).await?;
        self.want_proof(tx, intake, request.id, &lacking, now).await?;
        Ok(!lacking.is_empty())
    }

    /// The kinds of data that a plan touches: those of its stores, as far as the request is about
    /// them.
    pub(super) fn kinds_touched(&self, request: &Request, plan: &Outline) -> BTreeSet<Category> {
        let scope = scope_of(request);
        let meant = |kind: &Category| match &scope {
            EraseScope::Categories(some) => some.iter().any(|parent| kind.within(parent)),
            _ => true,
        };
        let touched = plan
            .stores
            .iter()
            .filter(|store| store.collections.iter().any(|collection| collection.rows > 0));
        let facts = touched.filter_map(|store| self.stores.get(&store.store));
        let kinds = facts.flat_map(|store| &store.facts().categories);
        kinds.filter_map(|kind| Category::parse(kind)).filter(meant).collect()
    }

    /// Stops a request for which something is lacking, and asks the person for a fresh code, once
    /// until they have typed one. Whoever has no mailbox of their own is for staff to check.
    pub(super) async fn want_proof(
        &self,
        tx: &Tx,
        intake: &Intake,
        id: RequestId,
        lacking: &BTreeSet<Category>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        if lacking.is_empty() {
            return Ok(());
        }
        let Some(stored) = tx.request(id).await? else { return Ok(()) };
        self.block(tx, stored, Blocker::ProofStale, now).await?;
        let Some(mut stored) = tx.request(id).await? else { return Ok(()) };
        let mailbox = intake.contact.as_ref().is_some_and(|contact| contact.email.is_some());
        let asked = tx.last_event_at(id, &[ASKED]).await?;
        let unanswered = asked.is_some() && asked >= proved_at(tx, &stored.value).await?;
        if unanswered || !mailbox || !stored.value.is_answered_by_mail() {
            return Ok(());
        }
        stored.value.waiting_since.get_or_insert(now);
        tx.update_request(&stored).await?;
        let kinds: Vec<&str> = lacking.iter().map(|kind| kind.as_str()).collect();
        let event = Event::by_system(ASKED).with("kinds", kinds.join(", "));
        tx.insert_event(id, now, &event).await?;
        let message = ProofNeeded {
            asked: super::post::asked_one(&stored.value),
            status_link: self.mint_status_link(tx, intake, now).await?,
        };
        self.post(tx, intake, None, None, &message).await?;
        Ok(())
    }

    /// The person has typed a code at their status page: they are proved anew, and what waited for
    /// it goes on.
    pub(super) async fn proved_again(
        &self,
        tx: &Tx,
        id: IntakeId,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let Some(mut intake) = tx.intake(id).await? else { return Ok(()) };
        for mut stored in tx.requests_of(id).await? {
            let request = &mut stored.value;
            let waits = request.blockers.contains(&Blocker::ProofStale);
            let over = request.status.is_closed() && request.status != Status::Fulfilled;
            let proved = proved_at(tx, request).await?;
            let fresh = proved.is_none_or(|at| now.duration_since(at) < EXACT);
            if request.status == Status::AwaitingVerification || over || (fresh && !waits) {
                continue;
            }
            tx.insert_event(request.id, now, &Event::by_person("proof.renewed")).await?;
            if waits {
                request.assurance = request.assurance.max(Assurance::Mailbox);
                self.proof_given(tx, &mut intake, stored, now).await?;
            }
        }
        Ok(())
    }

    /// Enough is proved: the stop is gone, and what would have gone by itself goes on.
    pub(super) async fn proof_given(
        &self,
        tx: &Tx,
        intake: &mut Intake,
        mut stored: Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let request = &mut stored.value;
        request.blockers.remove(&Blocker::ProofStale);
        if !request.pause.is_some_and(|(_, ground)| ground.waits_for_person())
            && let Some(since) = request.waiting_since.take()
        {
            request.waited += now.duration_since(since.min(now));
        }
        let id = request.id;
        tx.update_request(&stored).await?;
        // Read anew: writing raised its version.
        let Some(stored) = tx.request(id).await? else { return Ok(()) };
        let request = &stored.value;
        let alone = self.approval_of(tx, request).await? == Approval::NotNeeded;
        // Whoever held it wants to let it out themselves.
        if !alone || tx.last_event_at(id, &["request.held"]).await?.is_some() {
            return Ok(());
        }
        if request.right == Right::Correction {
            return self.correct_alone(tx, intake, id, now).await;
        }
        if request.right.gives_data() && is_releasable(request) {
            let event = Event::by_system("request.released");
            self.let_out(tx, intake, stored, &event, now).await?;
        }
        Ok(())
    }
}

/// When the person was last proved.
async fn proved_at(tx: &Tx, request: &Request) -> Result<Option<Timestamp>, ServiceError> {
    Ok(request.verified_at.max(tx.last_event_at(request.id, &PROVED).await?))
}

/// The kinds of data that tasks have found.
pub(super) fn kinds_found(tasks: &[Task]) -> BTreeSet<Category> {
    tasks
        .iter()
        .flat_map(|task| &task.tally.kinds)
        .filter_map(|kind| Category::parse(kind))
        .collect()
}
