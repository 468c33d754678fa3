//! The mail that asks for a fresh code, since the last one was typed long ago.

use super::{Asked, Composed, Message, SenderFacts, asked_facts};
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// Data are concerned that would hurt in a stranger's hands, and it is long since the person was last
/// proved. Asked once; no answer by itself.
#[derive(Debug, Clone)]
pub struct ProofNeeded {
    /// The request.
    pub asked: Asked,
    /// The status page.
    pub status_link: String,
}

impl Message for ProofNeeded {
    fn kind(&self) -> MailKind {
        MailKind::ProofNeeded
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        let body = Body::greeting(speaker)
            .words(speaker.t1("mail-proof-why", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t("mail-proof-how"))
            .link(speaker.t("mail-status-link"), &self.status_link)
            .words(speaker.t("mail-proof-then"));
        Composed { subject: speaker.t1("mail-proof-subject", "reference", reference), body }
    }
}
