//! The answer in words when no store holds anything of the person.

use jiff::Timestamp;

use super::{Asked, Composed, Message, SenderFacts, asked_facts};
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// Nothing was found. Goes to the address that was typed and verified.
#[derive(Debug, Clone)]
pub struct NothingFound {
    /// The request.
    pub asked: Asked,
    /// When it was received.
    pub received_at: Timestamp,
    /// When the last store was searched.
    pub searched_at: Timestamp,
    /// What people call the stores that were searched, in the mail's language.
    pub searched: Vec<String>,
    /// The same of those that could not be searched, or not all of them. Never the same as nothing.
    pub not_searched: Vec<String>,
    /// The authority for complaints.
    pub authority: Option<String>,
    /// The status page.
    pub status_link: String,
}

impl Message for NothingFound {
    fn kind(&self) -> MailKind {
        MailKind::NothingFound
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        known.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
        known.push((speaker.t("mail-nothing-searched-at"), speaker.date_time(self.searched_at)));
        let mut body = Body::greeting(speaker)
            .words(speaker.t1("mail-nothing-answer", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t("mail-nothing-searched"))
            .list(&self.searched);
        if !self.not_searched.is_empty() {
            body = body.words(speaker.t("mail-nothing-not-searched")).list(&self.not_searched);
        }
        body = body.words(speaker.t("mail-nothing-other-address"));
        body = body.words(match &facts.contact {
            Some(contact) => speaker.t1("mail-nothing-rights-contact", "contact", contact),
            None => speaker.t("mail-nothing-rights"),
        });
        body = body.words(match &self.authority {
            Some(authority) => speaker.t1("mail-nothing-complain-to", "authority", authority),
            None => speaker.t("mail-nothing-complain"),
        });
        let body = body.link(speaker.t("mail-status-link"), &self.status_link);
        Composed { subject: speaker.t1("mail-nothing-subject", "reference", reference), body }
    }
}
