//! Two mails for those who have not used their code: a reminder, and a goodbye.

use jiff::Timestamp;

use super::{Asked, Composed, Message, SenderFacts, asked_facts, subject};
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// After a day without the code. The old one is spent by then; a fresh one is asked for on the page.
#[derive(Debug, Clone)]
pub struct Reminder {
    /// The requests, at least one.
    pub asked: Vec<Asked>,
    /// When they were received.
    pub received_at: Timestamp,
    /// When they lapse.
    pub lapses_at: Timestamp,
    /// The page with the code box.
    pub verify_link: String,
}

impl Message for Reminder {
    fn kind(&self) -> MailKind {
        MailKind::Reminder
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let mut known = asked_facts(speaker, &self.asked);
        known.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
        let lapses = speaker.date_time(self.lapses_at);
        let body = Body::greeting(speaker)
            .words(speaker.t1("mail-reminder-why", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t("mail-reminder-fresh"))
            .link(speaker.t("mail-verify-link"), &self.verify_link)
            .words(speaker.t1("mail-reminder-lapses", "date", lapses))
            .words(speaker.t("mail-verify-not-you"));
        Composed { subject: subject(speaker, "mail-reminder-subject", &self.asked), body }
    }
}

/// The last mail before the address is destroyed.
#[derive(Debug, Clone)]
pub struct Lapsed {
    /// The requests, at least one.
    pub asked: Vec<Asked>,
    /// When they were received.
    pub received_at: Timestamp,
    /// Until when the link takes them up again.
    pub resumable_until: Timestamp,
    /// The page where they are taken up again.
    pub verify_link: String,
}

impl Message for Lapsed {
    fn kind(&self) -> MailKind {
        MailKind::Lapsed
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let mut known = asked_facts(speaker, &self.asked);
        known.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
        let until = speaker.date(self.resumable_until);
        let body = Body::greeting(speaker)
            .words(speaker.t1("mail-lapsed-why", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t("mail-lapsed-address"))
            .words(speaker.t1("mail-lapsed-resume", "date", until))
            .link(speaker.t("mail-lapsed-link"), &self.verify_link)
            .words(speaker.t("mail-lapsed-not-you"));
        Composed { subject: subject(speaker, "mail-lapsed-subject", &self.asked), body }
    }
}
