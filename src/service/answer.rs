//! The answers, as mails: an archive, nothing found, a refusal.

use std::sync::Arc;

use jiff::Timestamp;

use super::post::asked_one;
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::archive::ArchiveState;
use crate::db::message::Author;
use crate::db::request::Stored;
use crate::db::task::Task;
use crate::domain::gather::{Blocker, TaskStatus};
use crate::domain::intake::Intake;
use crate::domain::job::Job;
use crate::domain::record::GapReason;
use crate::domain::request::{AnswerWay, Outcome, Request};
use crate::ids::RequestId;
use crate::mail::messages::{AnswerReady, ArchiveReady, NothingFound, Refused};
use crate::store::{Export, Store};

/// An answer that waits in an app is given from now on.
pub(super) fn answer_through_app(request: &mut Request, now: Timestamp) {
    if request.answers_by == AnswerWay::App {
        request.answered_at.get_or_insert(now);
    }
}

impl Desk {
    /// The answer: the archive lies ready.
    pub(super) async fn say_archive_ready(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &mut Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let id = stored.value.id;
        let tasks = tx.tasks_of(id).await?;
        let Some(archive) = tx.archive_of(id).await? else { return Ok(()) };
        let tallies = || tasks.iter().map(|task| &task.tally);
        let missing: u64 = tallies()
            .map(|tally| {
                let gaps: u64 = tally.gaps.iter().map(|gap| gap.count).sum();
                let withheld: u64 = tally.withheld.iter().map(|withheld| withheld.count).sum();
                let held: u64 = tally.held.iter().map(|held| held.rows).sum();
                gaps + withheld + held
            })
            .sum();
        let skipped = tasks.iter().filter(|task| task.status == TaskStatus::Skipped).count() as u64;
        let skipped = skipped + tx.withheld_stores(id).await?.len() as u64;
        let complete = skipped == 0 && tallies().all(|tally| tally.gaps.is_empty());
        stored.value.outcome = Some(if complete { Outcome::Full } else { Outcome::Partial });
        answer_through_app(&mut stored.value, now);
        if !stored.value.is_answered_by_mail() {
            return Ok(());
        }
        if !stored.value.right.gives_data() {
            let message = AnswerReady {
                asked: asked_one(&stored.value),
                available_until: archive.expires_at.unwrap_or(now),
                size: archive.size,
                status_link: self.mint_status_link(tx, intake, now).await?,
            };
            return self.post(tx, intake, Some(id), None, &message).await;
        }
        let message = ArchiveReady {
            asked: asked_one(&stored.value),
            available_until: archive.expires_at.unwrap_or(now),
            size: archive.size,
            stores: tallies().filter(|tally| !tally.is_empty()).count() as u64,
            rows: tallies().map(|tally| tally.rows).sum(),
            files: tallies().map(|tally| tally.files).sum(),
            missing: missing + skipped,
            status_link: self.mint_status_link(tx, intake, now).await?,
        };
        self.post(tx, intake, Some(id), None, &message).await
    }

    /// The answer: every store was asked and none holds anything.
    pub(super) async fn say_nothing_found(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &mut Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let tasks = tx.tasks_of(stored.value.id).await?;
        let label = |name: &String| self.store_label(name, intake.language);
        // A store that is searched by what another one tells was searched: nobody told anything.
        let without_key = |task: &&Task| {
            task.tally.gaps.iter().any(|gap| gap.reason == GapReason::NoKey)
                && !self.is_told_by_others(&task.store)
        };
        stored.value.outcome = Some(Outcome::NothingFound);
        answer_through_app(&mut stored.value, now);
        if !stored.value.is_answered_by_mail() {
            return self.destroy_empty(tx, stored.value.id).await;
        }
        let message = NothingFound {
            asked: asked_one(&stored.value),
            received_at: stored.value.received_at(),
            searched_at: now,
            searched: tasks
                .iter()
                .filter(|task| !without_key(task))
                .map(|task| label(&task.store))
                .collect(),
            not_searched: tasks.iter().filter(without_key).map(|task| label(&task.store)).collect(),
            authority: self.settings.organisation.authority.clone(),
            status_link: self.mint_status_link(tx, intake, now).await?,
        };
        self.post(tx, intake, Some(stored.value.id), None, &message).await?;
        // Nothing was gathered, so nothing is kept.
        self.destroy_empty(tx, stored.value.id).await
    }

    /// The answer: a reasoned decision. Its facts are what staff wrote with it.
    pub(super) async fn say_refused(
        &self,
        tx: &Tx,
        intake: &Intake,
        stored: &mut Stored<Request>,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        answer_through_app(&mut stored.value, now);
        let request = &stored.value;
        let Some(ground) = request.refusal.filter(|_| request.is_answered_by_mail()) else {
            return Ok(());
        };
        let facts = self.written_with_decision(tx, intake, request).await?;
        let Ok(refusal) = self.refusal(intake, request, ground, &facts) else {
            // What was there when it was decided is gone: nothing incomplete is sent.
            stored.value.blockers.insert(Blocker::MailFailed);
            return Ok(());
        };
        let message = Refused {
            asked: asked_one(request),
            received_at: request.received_at(),
            refusal,
            status_link: self.mint_status_link(tx, intake, now).await?,
        };
        self.post(tx, intake, Some(request.id), None, &message).await
    }

    /// What staff wrote with a decision.
    pub(super) async fn written_with_decision(
        &self,
        tx: &Tx,
        intake: &Intake,
        request: &Request,
    ) -> Result<String, ServiceError> {
        let thread = tx.thread_of(intake.id).await?;
        let written = thread.into_iter().rfind(|message| {
            let in_time = request.completed_at.is_none_or(|decided| message.at <= decided);
            in_time && message.author == Author::Staff && message.request == Some(request.id)
        });
        Ok(written.map(|message| message.body).unwrap_or_default())
    }

    /// Whether another store is searched by a kind of key that leads to this one.
    pub fn is_told_by_others(&self, name: &str) -> bool {
        let kinds =
            |store: &Arc<dyn Store>| store.export().map(Export::asks_for).unwrap_or_default();
        let Some(own) = self.stores.get(name).map(kinds) else { return false };
        self.stores
            .iter()
            .filter(|(other, _)| *other != name)
            .any(|(_, store)| kinds(store).iter().any(|kind| own.contains(kind)))
    }

    /// The archive of a request in which nothing was found is an empty shell.
    async fn destroy_empty(&self, tx: &Tx, request: RequestId) -> Result<(), ServiceError> {
        tx.drop_keys(request).await?;
        if let Some(mut archive) = tx.archive_of(request).await? {
            archive.state = ArchiveState::Gone;
            archive.wrapped_key = None;
            tx.update_archive(&archive).await?;
            // A job that broke off may have left an object all the same.
            let job = Job::DropArchive { archive: archive.id, gone: true };
            self.enqueue(tx, &job, Some(request)).await?;
        }
        Ok(())
    }
}
