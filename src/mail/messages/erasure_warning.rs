//! The warning of a deletion at an address that a store knows and nobody has confirmed.

use jiff::Timestamp;

use super::{Asked, Composed, Message, SenderFacts, asked_facts};
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// Somebody else may have asked for the deletion of what is theirs. Says nothing of what there is, nor
/// who asked, since whoever reads this has proved nothing.
#[derive(Debug, Clone)]
pub struct ErasureWarning {
    /// The request.
    pub asked: Asked,
    /// When it was received.
    pub received_at: Timestamp,
    /// Nothing is deleted before.
    pub not_before: Timestamp,
    /// Where they say "stop, and call me".
    pub stop_link: String,
}

impl Message for ErasureWarning {
    fn kind(&self) -> MailKind {
        MailKind::ErasureWarning
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        known.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
        known.push((speaker.t("mail-erasure-not-before"), speaker.date_time(self.not_before)));
        let body = Body::greeting(speaker)
            .words(speaker.t1("mail-warning-why", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t("mail-warning-fine"))
            .words(speaker.t("mail-warning-stop"))
            .link(speaker.t("mail-warning-link"), &self.stop_link);
        Composed { subject: speaker.t1("mail-warning-subject", "reference", reference), body }
    }
}
