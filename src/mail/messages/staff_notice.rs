//! To staff: which requests need them.

use super::{Composed, Message, SenderFacts};
use crate::domain::gather::Blocker;
use crate::domain::notice::Notice;
use crate::ids::Reference;
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// One request that needs staff.
#[derive(Debug, Clone)]
pub struct NoticeLine {
    /// The request.
    pub reference: Reference,
    /// What happened to it.
    pub notice: Notice,
    /// Its page on the console.
    pub link: String,
}

/// References and what is the matter. Never who asks.
#[derive(Debug, Clone)]
pub struct StaffNotice {
    /// The requests, at least one.
    pub lines: Vec<NoticeLine>,
}

impl Message for StaffNotice {
    fn kind(&self) -> MailKind {
        MailKind::StaffNotice
    }

    fn compose(&self, speaker: &Speaker, _: &SenderFacts) -> Composed {
        let mut body = Body::greeting(speaker).words(speaker.t("mail-notice-why"));
        for line in &self.lines {
            body = body.link(said(speaker, line), &line.link);
        }
        let first = self.lines.first().map_or("", |line| line.reference.as_str());
        let count = self.lines.len() as u64;
        let subject = speaker.t2("mail-notice-subject", "count", count, "reference", first);
        Composed { subject, body: body.words(speaker.t("mail-notice-private")) }
    }
}

fn said(speaker: &Speaker, line: &NoticeLine) -> String {
    let reference = line.reference.as_str();
    match line.notice {
        Notice::Promise(100..) => speaker.t1("mail-notice-late", "reference", reference),
        Notice::Promise(percent) => {
            speaker.t2("mail-notice-promise", "reference", reference, "percent", u64::from(percent))
        }
        Notice::Deadline(days) => {
            speaker.t2("mail-notice-deadline", "reference", reference, "days", u64::from(days))
        }
        Notice::Forecast => speaker.t1("mail-notice-forecast", "reference", reference),
        Notice::Disowned => speaker.t1("mail-notice-disowned", "reference", reference),
        Notice::Called => speaker.t1("mail-notice-called", "reference", reference),
        Notice::Untold => speaker.t1("mail-notice-untold", "reference", reference),
        Notice::Unforwarded => speaker.t1("mail-notice-unforwarded", "reference", reference),
        Notice::Silent => speaker.t1("mail-notice-silent", "reference", reference),
        Notice::Blocked(blocker) => speaker.t1(blocker_id(blocker), "reference", reference),
    }
}

const fn blocker_id(blocker: Blocker) -> &'static str {
    match blocker {
        Blocker::TwoPeople => "mail-notice-two-people",
        Blocker::UnprovenMatch => "mail-notice-unproven-match",
        Blocker::TooManyKeys => "mail-notice-too-many-keys",
        Blocker::StoreFailed => "mail-notice-store-failed",
        Blocker::JobDead => "mail-notice-job-dead",
        Blocker::MailFailed => "mail-notice-mail-failed",
        Blocker::PlanBlocked => "mail-notice-plan-blocked",
        Blocker::TooFewApprovers => "mail-notice-too-few-approvers",
        Blocker::Protected => "mail-notice-protected",
        Blocker::Remains => "mail-notice-remains",
        Blocker::ProofStale => "mail-notice-proof-stale",
    }
}
