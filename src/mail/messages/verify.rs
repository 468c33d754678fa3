//! The mail with the first code: somebody has asked for something with this address.

use jiff::Timestamp;

use super::{Asked, Composed, CountryCode, Message, SenderFacts, asked_facts, subject};
use crate::ids::Code;
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// Asks for a proof of the mailbox that was typed into the form.
#[derive(Debug, Clone)]
pub struct Verify {
    /// The requests that the code verifies, at least one.
    pub asked: Vec<Asked>,
    /// When they were received.
    pub received_at: Timestamp,
    /// The country chosen on the form.
    pub country: Option<CountryCode>,
    /// The code.
    pub code: Code,
    /// How long it is good for, counted from the hand-over of this mail.
    pub code_minutes: u64,
    /// The page where the code is typed and where one can say that it was somebody else.
    pub verify_link: String,
}

impl Message for Verify {
    fn kind(&self) -> MailKind {
        MailKind::Verify
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        self.written(speaker, speaker.t1("mail-verify-why", "organisation", &facts.organisation))
    }
}

impl Verify {
    fn written(&self, speaker: &Speaker, why: String) -> Composed {
        let mut facts = asked_facts(speaker, &self.asked);
        facts.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
        if let Some(country) = self.country {
            facts.push((speaker.t("mail-country-chosen"), country.name(speaker)));
        }
        let body = Body::greeting(speaker)
            .words(why)
            .facts(facts)
            .words(speaker.t("mail-verify-code"))
            .code(self.code.display())
            .words(speaker.t1("mail-code-valid", "minutes", self.code_minutes))
            .link(speaker.t("mail-verify-link"), &self.verify_link)
            .words(speaker.t("mail-verify-not-you"));
        Composed { subject: subject(speaker, "mail-verify-subject", &self.asked), body }
    }
}

/// The same for an address as the company has it, which differs in upper and lower case from the
/// one that was typed. It looks like [`Verify`] and says why it comes.
#[derive(Debug, Clone)]
pub struct StoredAddress(pub Verify);

impl Message for StoredAddress {
    fn kind(&self) -> MailKind {
        MailKind::Verify
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let why = speaker.t1("mail-stored-why", "organisation", &facts.organisation);
        self.0.written(speaker, why)
    }
}
