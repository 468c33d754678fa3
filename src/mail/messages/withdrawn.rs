//! The mail that confirms a withdrawal.

use jiff::Timestamp;

use super::{Asked, Composed, Message, SenderFacts, asked_facts, subject};
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// The person has taken the request back.
#[derive(Debug, Clone)]
pub struct Withdrawn {
    /// The requests, at least one.
    pub asked: Vec<Asked>,
    /// Until when that can be undone.
    pub undo_until: Timestamp,
    /// The status page, where it is undone.
    pub status_link: String,
}

impl Message for Withdrawn {
    fn kind(&self) -> MailKind {
        MailKind::Withdrawn
    }

    fn compose(&self, speaker: &Speaker, _: &SenderFacts) -> Composed {
        let until = speaker.date_time(self.undo_until);
        let body = Body::greeting(speaker)
            .words(speaker.t("mail-withdrawn-done"))
            .facts(asked_facts(speaker, &self.asked))
            .words(speaker.t1("mail-withdrawn-undo", "date", until))
            .link(speaker.t("mail-status-link"), &self.status_link);
        Composed { subject: subject(speaker, "mail-withdrawn-subject", &self.asked), body }
    }
}
