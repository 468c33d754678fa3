//! The mail that says: we know that it is you, and the work begins.

use jiff::Timestamp;

use super::{Asked, Composed, Message, SenderFacts, asked_facts, subject};
use crate::ids::Reference;
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// The mailbox is proven.
#[derive(Debug, Clone)]
pub struct Verified {
    /// The requests, at least one.
    pub asked: Vec<Asked>,
    /// When they were received.
    pub received_at: Timestamp,
    /// By when they are answered, as promised.
    pub promised_by: Timestamp,
    /// Other requests of the same person for the same that are open already.
    pub also: Vec<Reference>,
    /// The status page.
    pub status_link: String,
}

impl Message for Verified {
    fn kind(&self) -> MailKind {
        MailKind::Verified
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let mut known = asked_facts(speaker, &self.asked);
        known.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
        known.push((speaker.t("mail-promised"), speaker.date_time(self.promised_by)));
        let mut body = Body::greeting(speaker).words(speaker.t("mail-verified-why")).facts(known);
        if !self.also.is_empty() {
            let also: Vec<&str> = self.also.iter().map(Reference::as_str).collect();
            body = body.words(speaker.t1("mail-verified-also", "references", also.join(", ")));
        }
        let body = body
            .words(speaker.t1("mail-verified-next", "organisation", &facts.organisation))
            .link(speaker.t("mail-status-link"), &self.status_link)
            .words(speaker.t("mail-verified-keep"));
        Composed { subject: subject(speaker, "mail-verified-subject", &self.asked), body }
    }
}
