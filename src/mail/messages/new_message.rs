//! The mail that says that there is a message, and not what it says.

use super::{Composed, Message, SenderFacts};
use crate::ids::Reference;
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// Somebody of the organisation has written on the status page.
#[derive(Debug, Clone)]
pub struct NewMessage {
    /// The request.
    pub reference: Reference,
    /// The status page.
    pub status_link: String,
}

impl Message for NewMessage {
    fn kind(&self) -> MailKind {
        MailKind::Message
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.reference.as_str();
        let why = speaker.t2(
            "mail-message-why",
            "organisation",
            &facts.organisation,
            "reference",
            reference,
        );
        let body = Body::greeting(speaker)
            .words(why)
            .link(speaker.t("mail-status-link"), &self.status_link)
            .words(speaker.t("mail-message-private"));
        Composed { subject: speaker.t1("mail-message-subject", "reference", reference), body }
    }
}
