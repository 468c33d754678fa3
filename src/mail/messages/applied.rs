//! What a person said about the use of their data holds.

use jiff::Timestamp;

use super::{Asked, Composed, Message, SenderFacts, asked_facts};
use crate::domain::controller::Controller;
use crate::domain::flag::Purpose;
use crate::domain::right::Right;
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// The answer: what holds from now on, and where it stands. May go to somebody who never asked, so
/// it holds nothing that was typed.
#[derive(Debug, Clone)]
pub struct Applied {
    /// The request.
    pub asked: Asked,
    /// When it was received.
    pub received_at: Timestamp,
    /// The purposes that it is about, as words of this instance.
    pub purposes: Vec<String>,
    /// Whether it is known who asked.
    pub proved: bool,
    /// What people call the stores in which it was set and read back.
    pub set_in: Vec<String>,
    /// The same of those that have to ask.
    pub asking: Vec<String>,
    /// Other controllers on whose behalf data are held, in whose tables nothing is set.
    pub held: Vec<Controller>,
    /// Where it is undone.
    pub opt_in_link: String,
    /// The status page.
    pub status_link: String,
}

impl Message for Applied {
    fn kind(&self) -> MailKind {
        if self.proved { MailKind::Applied } else { MailKind::OptedOut }
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let (right, name) = (self.asked.right, &facts.organisation);
        let reference = self.asked.reference.as_str();
        let purposes: Vec<String> =
            self.purposes.iter().map(|word| speaker.purpose(word)).collect();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        known.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
        let mut body = Body::greeting(speaker);
        body = match right {
            Right::Restriction => {
                body.words(speaker.t1("flag-mail-applied-restriction", "organisation", name))
            }
            Right::OptIn => body
                .words(speaker.t1("flag-mail-applied-allowed", "organisation", name))
                .list(&purposes),
            _ => body
                .words(speaker.t1("flag-mail-applied-stopped", "organisation", name))
                .list(&purposes),
        };
        let needs_consent = self.purposes.iter().any(|word| word == Purpose::TRAINING);
        if right == Right::OptIn && needs_consent {
            body = body.words(speaker.t("flag-mail-applied-consent-needed"));
        }
        body = body.facts(known);
        if !self.set_in.is_empty() {
            body = body.words(speaker.t("flag-mail-applied-set")).list(&self.set_in);
        }
        if !self.asking.is_empty() {
            body = body.words(speaker.t("flag-mail-applied-asking")).list(&self.asking);
        }
        for whose in &self.held {
            body = body.words(speaker.forwarded(whose, None));
        }
        if !matches!(right, Right::Restriction | Right::OptIn) {
            let undo =
                if self.proved { "flag-mail-applied-undo" } else { "flag-mail-applied-not-proved" };
            body = body
                .words(speaker.t(undo))
                .link(speaker.t("flag-mail-undo-link"), &self.opt_in_link);
        }
        let body = body.link(speaker.t("mail-status-link"), &self.status_link);
        Composed { subject: speaker.t1("flag-mail-applied-subject", "reference", reference), body }
    }
}
