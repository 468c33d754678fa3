//! Somebody broke the glass.

use jiff::Timestamp;

use super::{Composed, Message, SenderFacts};
use crate::ids::Reference;
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// A copy of the person's data is being taken at the command line, with the leave of an officer and
/// without a request of theirs.
#[derive(Debug, Clone)]
pub struct CopyTaken {
    /// Under which reference it is recorded.
    pub reference: Reference,
    /// When.
    pub at: Timestamp,
}

impl Message for CopyTaken {
    fn kind(&self) -> MailKind {
        MailKind::CopyTaken
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.reference.as_str();
        let body = Body::greeting(speaker)
            .words(speaker.t1("mail-copy-what", "organisation", &facts.organisation))
            .facts(vec![
                (speaker.t("mail-copy-reference"), reference.to_owned()),
                (speaker.t("mail-copy-at"), speaker.date_time(self.at)),
            ])
            .words(match &facts.contact {
                Some(contact) => speaker.t1("mail-copy-ask-contact", "contact", contact),
                None => speaker.t("mail-copy-ask"),
            });
        Composed { subject: speaker.t1("mail-copy-subject", "reference", reference), body }
    }
}
