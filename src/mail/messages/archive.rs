//! Two mails about the archive: it is there, and it is about to go.

use jiff::Timestamp;

use super::{Asked, Composed, Message, SenderFacts, asked_facts};
use crate::mail::MailKind;
use crate::mail::messages::layout::Body;
use crate::text::Speaker;

/// The answer: the person's data can be downloaded.
#[derive(Debug, Clone)]
pub struct ArchiveReady {
    /// The request.
    pub asked: Asked,
    /// When the archive is destroyed.
    pub available_until: Timestamp,
    /// Size of the download in bytes.
    pub size: u64,
    /// Stores that hold something of the person.
    pub stores: u64,
    /// Records in it.
    pub rows: u64,
    /// Files in it.
    pub files: u64,
    /// Gaps, kept and withheld records that its list of missing things names.
    pub missing: u64,
    /// The status page.
    pub status_link: String,
}

impl Message for ArchiveReady {
    fn kind(&self) -> MailKind {
        MailKind::ArchiveReady
    }

    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        for (label, value) in [
            ("mail-archive-stores", speaker.count(self.stores)),
            ("mail-archive-rows", speaker.count(self.rows)),
            ("mail-archive-files", speaker.count(self.files)),
            ("mail-archive-missing", speaker.count(self.missing)),
            ("mail-archive-size", speaker.size(self.size)),
            ("mail-archive-until", speaker.date_time(self.available_until)),
        ] {
            known.push((speaker.t(label), value));
        }
        let missing = if self.missing == 0 {
            "mail-archive-nothing-missing"
        } else {
            "mail-archive-see-missing"
        };
        let body = Body::greeting(speaker)
            .words(speaker.t1("mail-archive-why", "organisation", &facts.organisation))
            .facts(known)
            .words(speaker.t(missing))
            .link(speaker.t("mail-archive-link"), &self.status_link)
            .words(speaker.t("mail-archive-code"))
            .words(speaker.t1("mail-archive-after", "date", speaker.date(self.available_until)));
        Composed { subject: speaker.t1("mail-archive-subject", "reference", reference), body }
    }
}

/// Three days before the archive is destroyed.
#[derive(Debug, Clone)]
pub struct ArchiveReminder {
    /// The request.
    pub asked: Asked,
    /// When the archive is destroyed.
    pub available_until: Timestamp,
    /// The status page.
    pub status_link: String,
}

impl Message for ArchiveReminder {
    fn kind(&self) -> MailKind {
        MailKind::ArchiveReminder
    }

    fn compose(&self, speaker: &Speaker, _: &SenderFacts) -> Composed {
        let reference = self.asked.reference.as_str();
        let mut known = asked_facts(speaker, std::slice::from_ref(&self.asked));
        let until = speaker.date_time(self.available_until);
        known.push((speaker.t("mail-archive-until"), until));
        let body = Body::greeting(speaker)
            .words(speaker.t("mail-archive-reminder-why"))
            .facts(known)
            .link(speaker.t("mail-archive-link"), &self.status_link)
            .words(speaker.t("mail-archive-code"))
            .words(speaker.t("mail-archive-reminder-done"));
        Composed {
            subject: speaker.t1("mail-archive-reminder-subject", "reference", reference),
            body,
        }
    }
}
