//! The receipt: what went, what stayed and why, until when backups hold it, whom it was kept by. It
//! names no person and no row; the service signs it.

use jiff::Timestamp;
use serde::Serialize;

use super::is_erasing;
use crate::db::Tx;
use crate::db::erase_step::Receipt;
use crate::db::task::Task;
use crate::domain::duration::Period;
use crate::domain::erase::{EraseScope, KeptRows, Method, Verdict};
use crate::domain::erasure::{Step, StepState, outcome};
use crate::domain::event::Event;
use crate::domain::gather::TaskStatus;
use crate::domain::request::{Outcome, Request};
use crate::domain::right::Right;
use crate::domain::state::{Move, Status};
use crate::domain::telling::Topic;
use crate::ids::RequestId;
use crate::service::{Desk, ServiceError};

/// The format's name and version.
const FORMAT: &str = "rightsdesk-receipt/1";

/// What is to be signed.
#[derive(Debug)]
pub struct ReceiptWork {
    /// The request.
    pub request: RequestId,
    /// The receipt, as JSON.
    pub body: String,
    /// What stands in the signature's trusted comment.
    pub comment: String,
    made_at: Timestamp,
    outcome: Outcome,
}

#[derive(Serialize)]
struct Body<'a> {
    format: &'static str,
    organisation: &'a str,
    reference: &'a str,
    right: Right,
    scope: ScopeWords,
    outcome: Outcome,
    received_at: Timestamp,
    made_at: Timestamp,
    plan: Option<PlanLine<'a>>,
    stores: Vec<StoreLine<'a>>,
    /// Who has to be told of the deletion, and when they were, as far as that is known yet.
    recipients: Vec<RecipientLine>,
}

#[derive(Serialize)]
struct RecipientLine {
    name: String,
    told_at: Option<Timestamp>,
    acknowledged_at: Option<Timestamp>,
}

#[derive(Serialize)]
#[serde(rename_all = "snake_case")]
enum ScopeWords {
    Everything,
    Categories(Vec<String>),
    /// How many; their names are the person's.
    Items(usize),
}

#[derive(Serialize)]
struct PlanLine<'a> {
    digest: &'a str,
    made_at: Timestamp,
    approved_at: Option<Timestamp>,
    approvals: usize,
}

#[derive(Serialize)]
struct StoreLine<'a> {
    store: &'a str,
    label: &'a str,
    searched: bool,
    erased: Vec<StepLine<'a>>,
    kept: Vec<&'a KeptRows>,
    /// How long copies live on in backups of this store, as its data map says.
    backups: String,
    /// When the last copy of what went is gone from them.
    backups_until: Option<Timestamp>,
    /// Who receives data of this store, by name.
    recipients: Vec<String>,
}

#[derive(Serialize)]
struct StepLine<'a> {
    collection: &'a str,
    method: Method,
    /// A mask leaves a row that is pseudonymous, and not anonymous.
    #[serde(skip_serializing_if = "Option::is_none")]
    pseudonymised: Option<bool>,
    rows: u64,
    not_planned: u64,
    untouched: u64,
    done_at: Option<Timestamp>,
    verdict: Option<Verdict>,
    looked_at: Option<Timestamp>,
    look_again_at: Option<Timestamp>,
}

impl<'a> StepLine<'a> {
    fn of(step: &'a Step) -> Self {
        Self {
            collection: &step.collection,
            method: step.method,
            pseudonymised: (step.method == Method::Mask).then_some(true),
            rows: step.changed,
            not_planned: step.grown,
            untouched: step.strayed,
            done_at: step.done_at,
            verdict: step.verdict,
            looked_at: step.looked_at,
            look_again_at: step.look_at,
        }
    }
}

impl Desk {
    /// What is to be signed; `None` when a step is still to be done or looked at.
    pub async fn receipt_work(&self, id: RequestId) -> Result<Option<ReceiptWork>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let Some(stored) = tx.request(id).await? else { return Ok(None) };
        let steps = tx.steps(id).await?;
        let unfinished = |step: &Step| {
            matches!(step.state, StepState::Waiting | StepState::Begun | StepState::Done)
        };
        if !is_over(&stored.value) || steps.iter().any(unfinished) {
            return Ok(None);
        }
        self.receipt_of(&tx, &stored.value, &steps).await.map(Some)
    }

    async fn receipt_of(
        &self,
        tx: &Tx,
        request: &Request,
        steps: &[Step],
    ) -> Result<ReceiptWork, ServiceError> {
        let made_at = self.now();
        let facts = tx.plan_facts(request.id).await?;
        let tasks = tx.tasks_of(request.id).await?;
        let language = tx.intake(request.intake).await?.map(|intake| intake.language);
        let approvals = tx.approvals(request.id).await?.len();
        let gaps = tasks
            .iter()
            .any(|task| task.status == TaskStatus::Skipped || !task.tally.gaps.is_empty());
        let outline = facts.as_ref().map(|facts| facts.outline.stores.as_slice());
        let outline = outline.unwrap_or_default();
        let kept = outline.iter().any(|store| !store.kept.is_empty());
        let ended = if request.status == Status::Withdrawn {
            Outcome::Withdrawn
        } else {
            outcome(steps, kept, gaps)
        };
        let stores = self.stores.iter().map(|(name, store)| {
            let of = |step: &&Step| step.store == *name && step.begun_at.is_some();
            let erased: Vec<&Step> = steps.iter().filter(of).collect();
            let last = erased.iter().filter_map(|step| step.done_at).max();
            let about = store.facts();
            let backup = Period::parse(&about.backup).ok();
            StoreLine {
                store: name,
                label: language.map_or(name.as_str(), |language| about.label(language)),
                searched: tasks.iter().any(|task| task.store == *name && was_searched(task)),
                kept: outline
                    .iter()
                    .filter(|store| store.store == *name)
                    .flat_map(|store| &store.kept)
                    .collect(),
                backups: about.backup.clone(),
                backups_until: last.and_then(|at| Some(self.ends(backup?, at))),
                recipients: about.receivers().into_iter().map(|one| one.name).collect(),
                erased: erased.into_iter().map(StepLine::of).collect(),
            }
        });
        let informed = self.informed(tx, request.id, changed(steps), Topic::Deletion).await?;
        let body = Body {
            format: FORMAT,
            organisation: &self.settings.organisation.name,
            reference: request.reference.as_str(),
            right: request.right,
            scope: match super::scope_of(request) {
                EraseScope::Everything | EraseScope::Rows { .. } => ScopeWords::Everything,
                EraseScope::Categories(all) => ScopeWords::Categories(all.into_iter().collect()),
                EraseScope::Items(items) => ScopeWords::Items(items.len()),
            },
            outcome: ended,
            received_at: request.received_at(),
            made_at,
            plan: facts.as_ref().map(|facts| PlanLine {
                digest: facts.digest.as_str(),
                made_at: facts.made_at,
                approved_at: facts.approved_at,
                approvals,
            }),
            stores: stores.collect(),
            recipients: informed
                .into_iter()
                .map(|one| RecipientLine {
                    name: one.name,
                    told_at: one.told_at,
                    acknowledged_at: one.acknowledged_at,
                })
                .collect(),
        };
        Ok(ReceiptWork {
            request: request.id,
            body: serde_json::to_string_pretty(&body).unwrap_or_default(),
            comment: format!("{FORMAT} {}", request.reference),
            made_at,
            outcome: ended,
        })
    }

    /// Keeps a signed receipt. With the first one the deletion is over and the person is told; what
    /// had to wait for a later day makes it anew.
    pub(crate) async fn receipt_signed(
        &self,
        tx: &Tx,
        work: &ReceiptWork,
        signature: String,
    ) -> Result<(), ServiceError> {
        let now = self.now();
        let Some((mut intake, mut stored)) = self.lock_request(tx, work.request).await? else {
            return Ok(());
        };
        if !is_over(&stored.value) {
            return Ok(());
        }
        let receipt = Receipt { made_at: work.made_at, body: work.body.clone(), signature };
        tx.put_receipt(work.request, &receipt).await?;
        let steps = tx.steps(work.request).await?;
        let erased = changed(&steps);
        self.list_recipients(tx, work.request, erased, Topic::Deletion, now).await?;
        let event = Event::by_system("deletion.receipt").with("outcome", work.outcome);
        match stored.value.status {
            Status::Executing => {
                stored.value.outcome = Some(work.outcome);
                let mut one = [stored];
                self.advance(tx, &mut intake, &mut one, Move::Erased, &event, now).await?;
            }
            Status::Fulfilled if stored.value.outcome != Some(work.outcome) => {
                stored.value.outcome = Some(work.outcome);
                tx.insert_event(work.request, now, &event).await?;
                self.say_erased(tx, &intake, &mut stored, now).await?;
                tx.update_request(&stored).await?;
            }
            _ => tx.insert_event(work.request, now, &event).await?,
        }
        if work.outcome != Outcome::Pending {
            // Row names and keys have served.
            tx.drop_plan_rows(work.request).await?;
            tx.drop_keys(work.request).await?;
        }
        Ok(())
    }
}

/// Whether nothing more is to be begun: all is done, or the person has stopped it.
fn is_over(request: &Request) -> bool {
    let status = request.status;
    request.right == Right::Deletion
        && (is_erasing(request) || matches!(status, Status::Fulfilled | Status::Withdrawn))
}

/// The stores in which rows of the person went or were masked.
fn changed(steps: &[Step]) -> impl Iterator<Item = &str> {
    steps.iter().filter(|step| step.changed > 0).map(|step| step.store.as_str())
}

fn was_searched(task: &Task) -> bool {
    task.status == TaskStatus::Done
}
