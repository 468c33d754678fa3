//! The answer is a letter, and it lies ready.

use jiff::Timestamp;

use super::{Asked, Composed, Message, SenderFacts, asked_facts};
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// A letter without data can be fetched: a confirmation, the recipients.
#[derive(Debug, Clone)]
pub struct AnswerReady {
    /// The request.
    pub asked: Asked,
    /// Until when.
    pub available_until: Timestamp,
    /// Bytes of the archive that the letter lies in.
    pub size: u64,
    /// The status page.
    pub status_link: String,
}

impl Message for AnswerReady {
    fn kind(&self) -> MailKind {
        MailKind::ArchiveReady
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let until = speaker.date_time(self.available_until);
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        known.push((speaker.t("mail-archive-size"), speaker.size(self.size)));
        known.push((speaker.t("mail-archive-until"), until.clone()));
        let body = Body::greeting(speaker)
            .words(speaker.t1("mail-answer-why", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t("mail-answer-letter"))
            .link(speaker.t("mail-archive-link"), &self.status_link)
            .words(speaker.t("mail-answer-code"))
            .words(speaker.t1("mail-archive-after", "date", until));
        Composed { subject: speaker.t1("mail-answer-subject", "reference", reference), body }
    }
}
