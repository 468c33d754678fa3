//! A restriction will be lifted.

use jiff::Timestamp;

use super::refused::complaint;
use super::{Asked, Composed, Message, SenderFacts, asked_facts};
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// Tells the person before it is done (GDPR Art. 18(3)). No answer by itself.
#[derive(Debug, Clone)]
pub struct RestrictionEnds {
    /// The request that the restriction came with.
    pub asked: Asked,
    /// When it will be lifted at the earliest.
    pub lifts_at: Timestamp,
    /// Why, in the words of whoever decided.
    pub reason: String,
    /// The authority for complaints.
    pub authority: Option<String>,
    /// The status page.
    pub status_link: String,
}

impl Message for RestrictionEnds {
    fn kind(&self) -> MailKind {
        MailKind::RestrictionEnds
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        known.push((speaker.t("flag-mail-ends-at"), speaker.date_time(self.lifts_at)));
        let body = Body::greeting(speaker)
            .words(speaker.t1("flag-mail-ends-why", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t("flag-mail-ends-reason"))
            .list(std::slice::from_ref(&self.reason))
            .words(speaker.t("flag-mail-ends-object"))
            .words(complaint(speaker, self.authority.as_ref()))
            .link(speaker.t("mail-status-link"), &self.status_link);
        Composed { subject: speaker.t1("flag-mail-ends-subject", "reference", reference), body }
    }
}
