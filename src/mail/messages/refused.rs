//! The reasoned decision: a request is refused.

use jiff::Timestamp;

use super::{Asked, Composed, Message, SenderFacts, asked_facts};
use crate::domain::decision::RefusalGround;
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// An answer with all its mandatory parts (GDPR Art. 12(4)): the decision, its ground and facts, and
/// where to complain.
#[derive(Debug, Clone)]
pub struct Refused {
    /// The request.
    pub asked: Asked,
    /// When it was received.
    pub received_at: Timestamp,
    /// Why.
    pub ground: RefusalGround,
    /// What that rests on, in the words of whoever decided.
    pub facts: String,
    /// The authority for complaints.
    pub authority: Option<String>,
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
        let body = Body::greeting(speaker)
            .words(speaker.t1("mail-refused-decision", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t(ground_id(self.ground)))
            .words(speaker.t("mail-refused-facts"))
            .list(std::slice::from_ref(&self.facts))
            .words(speaker.t("mail-refused-write-back"))
            .words(complaint(speaker, self.authority.as_ref()))
            .link(speaker.t("mail-status-link"), &self.status_link);
        Composed { subject: speaker.t1("mail-refused-subject", "reference", reference), body }
    }
}

/// The ground in words.
const fn ground_id(ground: RefusalGround) -> &'static str {
    match ground {
        RefusalGround::NotIdentified => "mail-refused-not-identified",
        RefusalGround::Unfounded => "mail-refused-unfounded",
        RefusalGround::Excessive => "mail-refused-excessive",
        RefusalGround::RightsOfOthers => "mail-refused-rights-of-others",
        RefusalGround::LegalDuty => "mail-refused-legal-duty",
        RefusalGround::NotController => "mail-refused-not-controller",
    }
}

/// Where to have an answer checked.
pub(super) fn complaint(speaker: &Speaker, authority: Option<&String>) -> String {
    match authority {
        Some(authority) => speaker.t1("mail-nothing-complain-to", "authority", authority),
        None => speaker.t("mail-nothing-complain"),
    }
}
