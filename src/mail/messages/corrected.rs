//! The answer to a correction, and the notice before something changes by which people are found.

use jiff::Timestamp;

use super::refused::complaint;
use super::{Asked, Composed, Message, SenderFacts, asked_facts};
use crate::domain::controller::Controller;
use crate::domain::correction::{AskedField, DeclineGround};
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// What was corrected, what was not and why (GDPR Art. 16, 12(3) and (4), 19). Names what was asked
/// for by its kind alone, never by a word or a value that somebody typed into the form.
#[derive(Debug, Clone)]
pub struct Corrected {
    /// The request.
    pub asked: Asked,
    /// When it was received.
    pub received_at: Timestamp,
    /// What was corrected.
    pub made: Vec<MadeLine>,
    /// What was not.
    pub declined: Vec<DeclinedLine>,
    /// Who has received what was wrong.
    pub recipients: Vec<String>,
    /// Other controllers on whose behalf data are held, which are not ours to correct.
    pub held: Vec<Controller>,
    /// The authority for complaints.
    pub authority: Option<String>,
    /// The status page; none in a letter.
    pub status_link: Option<String>,
}

/// Something that was corrected.
#[derive(Debug, Clone)]
pub struct MadeLine {
    /// What.
    pub field: AskedField,
    /// In which systems, by their labels.
    pub stores: Vec<String>,
    /// Where else, in the words of whoever did it.
    pub words: Option<String>,
}

/// Something that was not corrected.
#[derive(Debug, Clone)]
pub struct DeclinedLine {
    /// What.
    pub field: AskedField,
    /// Why.
    pub ground: DeclineGround,
    /// What that rests on, in the words of whoever decided.
    pub facts: String,
}

impl Message for Corrected {
    fn kind(&self) -> MailKind {
        MailKind::Corrected
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        known.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
        let decision = match (self.made.is_empty(), self.declined.is_empty()) {
            (false, true) => "mail-corrected-all",
            (false, false) => "mail-corrected-part",
            (true, _) => "mail-corrected-none",
        };
        let mut body = Body::greeting(speaker)
            .words(speaker.t1(decision, "organisation", &facts.organisation))
            .facts(known);
        if !self.made.is_empty() {
            let lines: Vec<String> = self.made.iter().map(|line| line.say(speaker)).collect();
            body = body.words(speaker.t("mail-corrected-made")).list(&lines);
        }
        if !self.declined.is_empty() {
            let lines: Vec<String> = self.declined.iter().map(|line| line.say(speaker)).collect();
            body = body
                .words(speaker.t("mail-corrected-declined"))
                .list(&lines)
                .words(speaker.t("mail-corrected-statement"))
                .words(complaint(speaker, self.authority.as_ref()));
        }
        if !self.recipients.is_empty() && !self.made.is_empty() {
            body = body.words(speaker.t("mail-corrected-recipients")).list(&self.recipients);
        }
        for whose in &self.held {
            body = body.words(speaker.forwarded(whose, None));
        }
        if let Some(link) = &self.status_link {
            body = body
                .words(speaker.t("mail-corrected-look"))
                .link(speaker.t("mail-status-link"), link);
        }
        Composed { subject: speaker.t1("mail-corrected-subject", "reference", reference), body }
    }
}

impl MadeLine {
    fn say(&self, speaker: &Speaker) -> String {
        let mut places = self.stores.clone();
        places.extend(self.words.clone());
        speaker.t2(
            "mail-corrected-made-line",
            "field",
            field(speaker, self.field),
            "places",
            places.join(", "),
        )
    }
}

impl DeclinedLine {
    fn say(&self, speaker: &Speaker) -> String {
        let ground = speaker.t(match self.ground {
            DeclineGround::Accurate => "mail-declined-accurate",
            DeclineGround::NotProven => "mail-declined-not-proven",
            DeclineGround::Record => "mail-declined-record",
            DeclineGround::NotHeld => "mail-declined-not-held",
            DeclineGround::NotIdentified => "mail-declined-not-identified",
            DeclineGround::NotController => "mail-declined-not-controller",
        });
        format!("{}: {ground} {}", field(speaker, self.field), self.facts)
    }
}

fn field(speaker: &Speaker, field: AskedField) -> String {
    speaker.t(match field {
        AskedField::Name => "mail-field-name",
        AskedField::Email => "mail-field-email",
        AskedField::Phone => "mail-field-phone",
        AskedField::Address => "mail-field-address",
        AskedField::DateOfBirth => "mail-field-date-of-birth",
        AskedField::Other => "mail-field-other",
    })
}

/// Something by which the person is found is about to change. To the old address and the new one, so
/// that whoever took over a mailbox cannot take over the rest unseen.
#[derive(Debug, Clone)]
pub struct ChangeNotice {
    /// The request.
    pub asked: Asked,
    /// When it was received.
    pub received_at: Timestamp,
    /// The change is made then at the earliest.
    pub not_before: Timestamp,
    /// Where the person says that it was not them.
    pub not_me_link: String,
}

impl Message for ChangeNotice {
    fn kind(&self) -> MailKind {
        MailKind::ChangeNotice
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        known.push((speaker.t("mail-received"), speaker.date_time(self.received_at)));
        known.push((speaker.t("mail-change-not-before"), speaker.date_time(self.not_before)));
        let body = Body::greeting(speaker)
            .words(speaker.t1("mail-change-why", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t("mail-change-fine"))
            .words(speaker.t("mail-change-not-me"))
            .link(speaker.t("mail-asserted-link"), &self.not_me_link);
        Composed { subject: speaker.t1("mail-change-subject", "reference", reference), body }
    }
}
