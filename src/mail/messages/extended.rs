//! The statutory time is extended.

use jiff::Timestamp;

use super::refused::complaint;
use super::{Asked, Composed, Message, SenderFacts, asked_facts};
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// Tells why an answer takes longer, within the first month (GDPR Art. 12(3)). No answer by itself.
#[derive(Debug, Clone)]
pub struct Extended {
    /// The request.
    pub asked: Asked,
    /// When it was received.
    pub received_at: Timestamp,
    /// Why, in the words of whoever decided.
    pub reason: String,
    /// The last moment of the extended time.
    pub until: Timestamp,
    /// The authority for complaints.
    pub authority: Option<String>,
    /// The status page.
    pub status_link: String,
}

impl Message for Extended {
    fn kind(&self) -> MailKind {
        MailKind::Extended
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        known.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
        known.push((speaker.t("mail-extended-until"), speaker.date(self.until)));
        let body = Body::greeting(speaker)
            .words(speaker.t1("mail-extended-why", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t("mail-extended-reason"))
            .list(std::slice::from_ref(&self.reason))
            .words(complaint(speaker, self.authority.as_ref()))
            .link(speaker.t("mail-status-link"), &self.status_link);
        Composed { subject: speaker.t1("mail-extended-subject", "reference", reference), body }
    }
}
