//! Two mails that bring a code to somebody who is on the status page.

use super::{Composed, Message, SenderFacts};
use crate::ids::{Code, Reference};
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// A code that opens a download.
#[derive(Debug, Clone)]
pub struct DownloadCode {
    /// The request.
    pub reference: Reference,
    /// The code.
    pub code: Code,
    /// How long it is good for, counted from the hand-over of this mail.
    pub code_minutes: u64,
}

impl Message for DownloadCode {
    fn kind(&self) -> MailKind {
        MailKind::DownloadCode
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let why = speaker.t1("mail-download-why", "reference", self.reference.as_str());
        let subject = speaker.t1("mail-download-subject", "reference", self.reference.as_str());
        Composed { subject, body: code(speaker, facts, why, &self.code, self.code_minutes) }
    }
}

/// A code that opens what the status page keeps closed.
#[derive(Debug, Clone)]
pub struct StatusCode {
    /// The request.
    pub reference: Reference,
    /// The code.
    pub code: Code,
    /// How long it is good for, counted from the hand-over of this mail.
    pub code_minutes: u64,
}

impl Message for StatusCode {
    fn kind(&self) -> MailKind {
        MailKind::StatusCode
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let why = speaker.t1("mail-unlock-why", "reference", self.reference.as_str());
        let subject = speaker.t1("mail-unlock-subject", "reference", self.reference.as_str());
        Composed { subject, body: code(speaker, facts, why, &self.code, self.code_minutes) }
    }
}

fn code(speaker: &Speaker, facts: &SenderFacts, why: String, code: &Code, minutes: u64) -> Body {
    Body::greeting(speaker)
        .words(why)
        .code(code.display())
        .words(speaker.t1("mail-code-valid", "minutes", minutes))
        .words(speaker.t1("mail-code-only-there", "base_url", &facts.base_url))
}
