//! Makes an archive again, without a new request, for 90 days after the answer.

use jiff::{SignedDuration, Timestamp};

use super::gather::goes_out;
use super::withdraw::Wish;
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::archive::ArchiveState;
use crate::db::request::Stored;
use crate::domain::event::Event;
use crate::domain::intake::Intake;
use crate::domain::job::Job;
use crate::domain::request::{Outcome, Request};
use crate::domain::state::{Approval, Found, Status};
use crate::ids::{Reference, Token};

/// How long after the answer an archive can be made again.
pub const RENEWABLE: SignedDuration = SignedDuration::from_hours(90 * 24);

impl Desk {
    /// Starts gathering once more for a request whose archive is gone.
    pub async fn renew(
        &self,
        token: &Token,
        cookie: Option<&Token>,
        reference: &Reference,
    ) -> Result<Wish, ServiceError> {
        let now = self.now();
        let tx = self.db.begin().await?;
        let Some((id, open)) = self.status_of(&tx, token, cookie).await? else {
            return Ok(Wish::Gone);
        };
        if !open {
            return Ok(Wish::Locked);
        }
        let Some(mut intake) = tx.lock_intake(id).await? else { return Ok(Wish::Gone) };
        let requests = tx.requests_of(id).await?;
        let Some(mut stored) =
            requests.into_iter().find(|stored| stored.value.reference == *reference)
        else {
            return Ok(Wish::Gone);
        };
        let gone = tx.archive_of(stored.value.id).await?;
        let gone = gone.is_some_and(|archive| archive.state == ArchiveState::Gone);
        if !gone || !is_renewable(&stored.value, now) || intake.contact.is_none() {
            return Ok(Wish::TooLate);
        }
        self.start_gathering(&tx, &intake, &mut stored, now).await?;
        tx.update_request(&stored).await?;
        tx.insert_event(stored.value.id, now, &Event::by_person("archive.renewed")).await?;
        self.settle_without_stores(&tx, &mut intake, stored.value.id, now).await?;
        tx.commit().await?;
        Ok(Wish::Done)
    }

    /// Everything is gathered once more.
    pub(super) async fn remade(
        &self,
        tx: &Tx,
        intake: &Intake,
        mut stored: Stored<Request>,
        approval: Approval,
        found: Found,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let id = stored.value.id;
        let Some(mut archive) = tx.archive_of(id).await? else { return Ok(()) };
        tx.insert_event(id, now, &Event::by_system("request.gathered_again")).await?;
        match found {
            Found::Nothing => {
                // The data have gone since the answer; an empty archive would say nothing more.
                self.say_nothing_found(tx, intake, &mut stored, now).await?;
            }
            Found::Something if goes_out(approval) => {
                let job = Job::FinishArchive { archive: archive.id, request: id };
                self.enqueue(tx, &job, Some(id)).await?;
            }
            Found::Something => {
                archive.state = ArchiveState::InReview;
                tx.update_archive(&archive).await?;
            }
        }
        tx.update_request(&stored).await?;
        Ok(())
    }
}

/// Whether the time to make it again still runs.
pub fn is_renewable(request: &Request, now: Timestamp) -> bool {
    let answered = request.answered_at.or(request.completed_at);
    request.status == Status::Fulfilled
        && request.outcome != Some(Outcome::NothingFound)
        && answered.is_some_and(|at| at + RENEWABLE > now)
}
