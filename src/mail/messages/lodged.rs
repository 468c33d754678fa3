//! What needs no code was taken, and waits for an answer in words.

use jiff::Timestamp;

use super::{Asked, Composed, Message, SenderFacts, asked_facts, subject};
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// A complaint or an appeal has reached us. In the UK this is its acknowledgement (DPA 2018
/// s. 164A(3)). Anybody can cause it, so it says nothing that was typed.
#[derive(Debug, Clone)]
pub struct Lodged {
    /// The requests, at least one.
    pub asked: Vec<Asked>,
    /// When they were received.
    pub received_at: Timestamp,
    /// The status page.
    pub status_link: String,
}

impl Message for Lodged {
    fn kind(&self) -> MailKind {
        MailKind::Lodged
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let mut known = asked_facts(speaker, &self.asked);
        known.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
        let body = Body::greeting(speaker)
            .words(speaker.t1("mail-lodged-why", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t("mail-lodged-next"))
            .link(speaker.t("mail-status-link"), &self.status_link)
            .words(speaker.t("mail-lodged-not-you"));
        Composed { subject: subject(speaker, "mail-lodged-subject", &self.asked), body }
    }
}
