//! The promise is missed.

use jiff::Timestamp;

use super::refused::complaint;
use super::{Asked, Composed, Message, SenderFacts, asked_facts};
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// Why an answer is late, as far as a person needs to know.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum LateWhy {
    /// A system has not been searched yet.
    Stores,
    /// Somebody still has to check what was found.
    Review,
    /// It has to be made sure whose data these are.
    Identity,
    /// The answer is made and has not left.
    Delivery,
    /// We have asked and wait for a reply.
    YourReply,
}

/// Tells that we are late, why, and until when at the latest. No answer.
#[derive(Debug, Clone)]
pub struct Late {
    /// The request.
    pub asked: Asked,
    /// When it was received.
    pub received_at: Timestamp,
    /// When the promise was over.
    pub promised_by: Timestamp,
    /// Why.
    pub why: LateWhy,
    /// The last moment of the statutory time; `None` when that is over too.
    pub until: Option<Timestamp>,
    /// The authority for complaints.
    pub authority: Option<String>,
    /// The status page.
    pub status_link: String,
}

impl Message for Late {
    fn kind(&self) -> MailKind {
        MailKind::Late
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        known.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
        known.push((speaker.t("mail-late-promised"), speaker.date_time(self.promised_by)));
        if let Some(until) = self.until {
            known.push((speaker.t("mail-late-until"), speaker.date(until)));
        }
        let mut body = Body::greeting(speaker)
            .words(speaker.t1("mail-late-sorry", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t(why_id(self.why)));
        if let Some(contact) = &facts.contact {
            body = body.words(speaker.t1("mail-late-contact", "contact", contact));
        }
        let body = body
            .words(complaint(speaker, self.authority.as_ref()))
            .link(speaker.t("mail-status-link"), &self.status_link);
        Composed { subject: speaker.t1("mail-late-subject", "reference", reference), body }
    }
}

const fn why_id(why: LateWhy) -> &'static str {
    match why {
        LateWhy::Stores => "mail-late-stores",
        LateWhy::Review => "mail-late-review",
        LateWhy::Identity => "mail-late-identity",
        LateWhy::Delivery => "mail-late-delivery",
        LateWhy::YourReply => "mail-late-your-reply",
    }
}
