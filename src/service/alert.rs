//! Tells staff of promises that run out and of requests that are stuck, and people that we are late.
//!
//! Told is whose the request is; where it is nobody's, every agent and officer. That a promise is
//! missed all officers hear besides. What a member is to be told in one minute is one mail.

use std::collections::BTreeSet;

use jiff::{SignedDuration, Timestamp};

use super::post::asked_one;
use super::{Desk, ServiceError};
use crate::db::Tx;
use crate::db::notice::WaitingNotice;
use crate::db::staff::Account;
use crate::domain::event::Event;
use crate::domain::gather::Blocker;
use crate::domain::intake::Intake;
use crate::domain::job::Job;
use crate::domain::notice::{ALERT_STEPS, Notice};
use crate::domain::request::Request;
use crate::domain::staff::{AccountState, Role};
use crate::domain::state::Status;
use crate::domain::webhook::{WebhookKind, is_deadline_news};
use crate::ids::{NoticeId, RequestId, StaffId};
use crate::mail::messages::{Late, LateWhy, Message as _, NoticeLine, StaffNotice};
use crate::mail::{Letter, MessageId, Outgoing};

/// Requests of one step in one look.
const BATCH: u64 = 200;
/// Lines of one mail; the rest comes with the next.
const LINES: u64 = 200;

/// A mail to a member of staff, and what it tells of.
#[derive(Debug)]
pub struct NoticeMail {
    /// The mail.
    pub mail: Outgoing,
    /// What it tells of.
    pub notices: Vec<NoticeId>,
}

impl Desk {
    /// Looks which promises have crossed a step, and writes the jobs of the mails that wait.
    pub(super) async fn alert(&self, now: Timestamp) -> Result<u64, ServiceError> {
        let mut told = self.count_down(now).await?;
        told += self.remind_of_recipients(now).await?;
        // The highest first, so that after an outage one mail tells of the last step alone.
        for index in (0..ALERT_STEPS.len()).rev() {
            let until = now - self.share(ALERT_STEPS[index]);
            let lower = std::iter::once(0).chain(ALERT_STEPS).take(index + 1);
            for last in lower {
                let tx = self.db.begin_read().await?;
                let due = tx.requests_to_alert(last, until, BATCH).await?;
                drop(tx);
                for id in due {
                    told += u64::from(self.alert_one(id, ALERT_STEPS[index], now).await?);
                }
            }
        }
        let tx = self.db.begin().await?;
        for staff in tx.staff_to_tell().await? {
            self.enqueue(&tx, &Job::SendNotice { staff }, None).await?;
        }
        tx.commit().await?;
        Ok(told)
    }

    /// So many percent of the promise.
    fn share(&self, percent: u32) -> SignedDuration {
        let allowed = SignedDuration::from_hours(self.settings.promise_hours.into());
        allowed * i32::try_from(percent).unwrap_or(100) / 100
    }

    async fn alert_one(
        &self,
        id: RequestId,
        step: u32,
        now: Timestamp,
    ) -> Result<bool, ServiceError> {
        let tx = self.db.begin().await?;
        let Some((intake, mut stored)) = self.lock_request(&tx, id).await? else {
            return Ok(false);
        };
        let request = &mut stored.value;
        let crossed = request.received_at() + self.share(step) <= now;
        if !crossed || request.alerted >= step || request.answered_at.is_some() {
            return Ok(false);
        }
        let is_news = is_deadline_news(request.alerted, step);
        request.alerted = step;
        self.tell_staff(&tx, request, Notice::Promise(step), now).await?;
        let event = Event::by_system("request.alerted").with("percent", step);
        tx.insert_event(id, now, &event).await?;
        if is_news {
            self.announce(&tx, request, &[WebhookKind::DeadlineAtRisk], now).await?;
        }
        if step >= 100 && request.late_told_at.is_none() {
            request.late_told_at = Some(now);
            self.say_late(&tx, &intake, request, now).await?;
        }
        tx.update_request(&stored).await?;
        tx.commit().await?;
        Ok(true)
    }

    /// Tells the person that the promise is missed. No answer: the clock runs on.
    async fn say_late(
        &self,
        tx: &Tx,
        intake: &Intake,
        request: &Request,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        let organisation = &self.settings.organisation;
        let until = self.first_due_at(tx, &[request], now).await?;
        let message = Late {
            asked: asked_one(request),
            received_at: request.received_at(),
            promised_by: request.received_at() + self.share(100),
            why: why_late(request),
            // The end of that day is the first moment of the next.
            until: Some(until - SignedDuration::from_secs(1)).filter(|until| *until > now),
            authority: organisation.authority.clone(),
            status_link: self.mint_status_link(tx, intake, now).await?,
        };
        self.post(tx, intake, Some(request.id), None, &message).await
    }

    /// Writes down what staff are to be told of a request; the next look mails it.
    pub(super) async fn tell_staff(
        &self,
        tx: &Tx,
        request: &Request,
        notice: Notice,
        now: Timestamp,
    ) -> Result<(), ServiceError> {
        for staff in recipients(&tx.accounts().await?, request, notice) {
            tx.insert_notice(staff, &request.reference, notice, now).await?;
        }
        Ok(())
    }

    /// All that waits for one member of staff, as one mail; `None` when nothing does.
    pub async fn notice_mail(&self, staff: StaffId) -> Result<Option<NoticeMail>, ServiceError> {
        let tx = self.db.begin_read().await?;
        let waiting = tx.waiting_notices(staff, LINES).await?;
        let account = tx.account(staff).await?.filter(is_here);
        let (Some(account), Some(first)) = (account, waiting.first()) else { return Ok(None) };
        let sender = self.settings.sender.clone();
        let message_id = MessageId::mint(first.id.0, &sender);
        let letter = self.notice_letter(&account, &waiting);
        let mail = Outgoing::new(letter, message_id, sender, account.email, self.now());
        Ok(Some(NoticeMail { mail, notices: waiting.iter().map(|one| one.id).collect() }))
    }

    fn notice_letter(&self, account: &Account, waiting: &[WaitingNotice]) -> Letter {
        let line = |one: &WaitingNotice| NoticeLine {
            reference: one.reference.clone(),
            notice: one.notice,
            link: self
                .settings
                .console_url
                .link(&format!("/console/requests/{}", one.reference.as_str())),
        };
        let message = StaffNotice { lines: waiting.iter().map(line).collect() };
        message.render(&self.speaker(account.language), &self.sender_facts())
    }

    /// The mail server has it; or will not have it, for the reason of `trouble`.
    pub(crate) async fn notices_sent(
        &self,
        tx: &Tx,
        notices: &[NoticeId],
        trouble: Option<&str>,
    ) -> Result<(), ServiceError> {
        Ok(tx.notices_sent(notices, trouble, self.now()).await?)
    }

    /// Drops what waits for somebody who cannot be told any more.
    pub(crate) async fn drop_notices(&self, tx: &Tx, staff: StaffId) -> Result<(), ServiceError> {
        let waiting = tx.waiting_notices(staff, LINES).await?;
        let ids: Vec<NoticeId> = waiting.iter().map(|one| one.id).collect();
        self.notices_sent(tx, &ids, Some("no_account")).await
    }
}

fn is_here(account: &Account) -> bool {
    account.state == AccountState::Active
}

/// Who is told of a request.
fn recipients(accounts: &[Account], request: &Request, notice: Notice) -> BTreeSet<StaffId> {
    let works = |account: &&Account| {
        is_here(account)
            && (account.roles.contains(&Role::Agent) || account.roles.contains(&Role::Officer))
    };
    let owner = accounts.iter().filter(works).find(|one| Some(one.id) == request.assignee);
    let told = |account: &&Account| match owner {
        None => true,
        Some(owner) => {
            owner.id == account.id
                || (notice.is_for_all_officers() && account.roles.contains(&Role::Officer))
        }
    };
    accounts.iter().filter(works).filter(told).map(|account| account.id).collect()
}

/// Why an answer is late, from where the request is.
fn why_late(request: &Request) -> LateWhy {
    if request.waiting_since.is_some() {
        LateWhy::YourReply
    } else if request.blockers.contains(&Blocker::MailFailed) {
        LateWhy::Delivery
    } else if request.status == Status::InReview || request.is_at_rest() {
        LateWhy::Review
    } else if request.blockers.iter().any(|blocker| {
        matches!(blocker, Blocker::TwoPeople | Blocker::UnprovenMatch | Blocker::TooManyKeys)
    }) {
        LateWhy::Identity
    } else if request.status == Status::Gathering {
        LateWhy::Stores
    } else {
        LateWhy::Delivery
    }
}
