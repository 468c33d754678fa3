//! An answer in words: to a complaint, an appeal, or about a decision that a machine took.

use jiff::Timestamp;

use super::{Asked, Composed, Message, SenderFacts, asked_facts};
use crate::domain::particulars::Verdict;
use crate::domain::refusal::Remedy;
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// What staff answers, and where the person can turn if they disagree.
#[derive(Debug, Clone)]
pub struct Replied {
    /// The request.
    pub asked: Asked,
    /// When it was received.
    pub received_at: Timestamp,
    /// What came of it.
    pub verdict: Verdict,
    /// Why, in the words of whoever decided.
    pub words: String,
    /// Where the person can turn.
    pub remedies: Vec<Remedy>,
    /// The status page.
    pub status_link: String,
}

impl Message for Replied {
    fn kind(&self) -> MailKind {
        MailKind::Replied
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        known.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
        let mut body = Body::greeting(speaker)
            .words(speaker.t1("mail-replied-why", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t(&format!("mail-replied-{}", self.verdict)))
            .words(speaker.t("mail-replied-words"));
        for paragraph in self.words.split('\n').filter(|line| !line.trim().is_empty()) {
            body = body.words(paragraph);
        }
        let body = body
            .words(speaker.t("mail-replied-disagree"))
            .remedies(speaker, &self.remedies)
            .link(speaker.t("mail-status-link"), &self.status_link);
        Composed { subject: speaker.t1("mail-replied-subject", "reference", reference), body }
    }
}
