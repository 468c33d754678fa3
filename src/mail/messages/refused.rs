//! The reasoned decision: a request is refused.

use jiff::Timestamp;

use super::{Asked, Composed, Message, SenderFacts, asked_facts};
use crate::domain::refusal::Refusal;
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// An answer with all its mandatory parts (GDPR Art. 12(4)): the decision, its ground and facts, and
/// where to complain. [`Refusal`] sees to it that none is missing.
#[derive(Debug, Clone)]
pub struct Refused {
    /// The request.
    pub asked: Asked,
    /// When it was received.
    pub received_at: Timestamp,
    /// Why, on what facts, and where the person can turn.
    pub refusal: Refusal,
    /// The status page.
    pub status_link: String,
}

impl Message for Refused {
    fn kind(&self) -> MailKind {
        MailKind::Refused
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        known.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
        let ground = self.refusal.ground();
        let ground = speaker.ground_with_source(ground, self.refusal.basis());
        let body = Body::greeting(speaker)
            .words(speaker.t1("mail-refused-decision", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t1("mail-refused-ground", "ground", ground))
            .words(speaker.t("mail-refused-facts"))
            .list([&self.refusal.facts().to_owned()])
            .words(speaker.t("mail-refused-write-back"));
        let body = body
            .remedies(speaker, self.refusal.remedies())
            .link(speaker.t("mail-status-link"), &self.status_link);
        Composed { subject: speaker.t1("mail-refused-subject", "reference", reference), body }
    }
}

/// Where to have an answer checked.
pub(super) fn complaint(speaker: &Speaker, authority: Option<&String>) -> String {
    match authority {
        Some(authority) => speaker.t1("mail-nothing-complain-to", "authority", authority),
        None => speaker.t("mail-nothing-complain"),
    }
}
