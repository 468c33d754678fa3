//! The notice to whoever an app has asked for.

use jiff::Timestamp;

use super::{Asked, Composed, Message, SenderFacts, asked_facts, subject};
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// An app of the organisation has asked in the person's name. To every address that the stores know,
/// so that whoever took over an account cannot ask unseen.
#[derive(Debug, Clone)]
pub struct Asserted {
    /// The request.
    pub asked: Asked,
    /// When it was received.
    pub received_at: Timestamp,
    /// Where the person says that it was not them.
    pub not_me_link: String,
}

impl Message for Asserted {
    fn kind(&self) -> MailKind {
        MailKind::Asserted
    }

    fn compose(&self, speaker: &Speaker, sender: &SenderFacts) -> Composed {
        let asked = [self.asked.clone()];
        let when = speaker.date_time(self.received_at);
        let why = speaker.t2(
            "mail-asserted-why",
            "organisation",
            sender.organisation.as_str(),
            "date",
            when,
        );
        let body = Body::greeting(speaker)
            .words(why)
            .facts(asked_facts(speaker, &asked))
            .words(speaker.t("mail-asserted-fine"))
            .words(speaker.t("mail-asserted-not-me"))
            .link(speaker.t("mail-asserted-link"), &self.not_me_link);
        Composed { subject: subject(speaker, "mail-asserted-subject", &asked), body }
    }
}
