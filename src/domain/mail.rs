//! What mails there are, and how many of them anybody can cause.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::code::stored_words;
use super::language::Language;

stored_words!(MailKind {
    Verify = "verify",
    Reminder = "reminder",
    Lapsed = "lapsed",
    Verified = "verified",
    ArchiveReady = "archive_ready",
    ArchiveReminder = "archive_reminder",
    DownloadCode = "download_code",
    StatusCode = "status_code",
    NothingFound = "nothing_found",
    Withdrawn = "withdrawn",
    Message = "message",
    Refused = "refused",
    Extended = "extended",
    CopyTaken = "copy_taken",
    Late = "late",
    ErasurePlanned = "deletion_planned",
    ErasureDecided = "deletion_decided",
    Erased = "deletion_done",
    ErasureWarning = "deletion_warning",
    Asserted = "asserted",
    Corrected = "corrected",
    ChangeNotice = "change_notice",
    Lodged = "lodged",
    Replied = "replied",
    StaffNotice = "staff_notice",
    OptedOut = "opted_out",
    Applied = "applied",
    RestrictionEnds = "restriction_ends",
    ProofNeeded = "proof_needed",
});

/// The kind of a mail, in its `X-Rightsdesk-Message` header.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailKind {
    /// Link and code that prove the address.
    Verify,
    /// The link once more, after a day.
    Reminder,
    /// The address is forgotten now; the link still resumes.
    Lapsed,
    /// The request is under way.
    Verified,
    /// The archive lies ready: an answer.
    ArchiveReady,
    /// The archive goes soon.
    ArchiveReminder,
    /// The code that opens a download.
    DownloadCode,
    /// The code that opens the private part of the status page.
    StatusCode,
    /// Nothing was found: an answer.
    NothingFound,
    /// The withdrawal is done.
    Withdrawn,
    /// There is a message on the status page.
    Message,
    /// The decision with its reasons: an answer.
    Refused,
    /// The statutory time is extended, and why. No answer.
    Extended,
    /// Somebody broke the glass and took a copy at the command line.
    CopyTaken,
    /// The promise is missed, why, and until when. No answer.
    Late,
    /// What a deletion would touch, and until when it can be taken back. No answer.
    ErasurePlanned,
    /// What is deleted, what stays and why, and when: an answer.
    ErasureDecided,
    /// The deletion is done.
    Erased,
    /// Somebody whose address was never confirmed may be meant by a deletion; and how to stop it.
    ErasureWarning,
    /// An app has asked in the person's name; and how to say that it was not them.
    Asserted,
    /// What was corrected, what was not and why: an answer.
    Corrected,
    /// Something by which the person is found is about to change; and how to say that it was not
    /// them.
    ChangeNotice,
    /// It was taken without a code, and waits for an answer in words. No answer.
    Lodged,
    /// What staff answers in words: an answer.
    Replied,
    /// To staff: what needs them.
    StaffNotice,
    /// Something is stopped, as somebody asked without a code: an answer.
    OptedOut,
    /// What a proved person asked for holds now: an answer.
    Applied,
    /// A restriction will be lifted, why and when. No answer.
    RestrictionEnds,
    /// The proof of who asks is too old: a fresh code is needed before it goes on. No answer.
    ProofNeeded,
}

impl MailKind {
    /// Whether handing it over stops the promise.
    pub const fn is_answer(self) -> bool {
        matches!(
            self,
            Self::ArchiveReady
                | Self::NothingFound
                | Self::Refused
                | Self::Replied
                | Self::ErasureDecided
                | Self::Corrected
                | Self::OptedOut
                | Self::Applied
        )
    }

    /// Under which cap it falls.
    pub const fn budget(self) -> Budget {
        match self {
            Self::Verify | Self::Reminder | Self::Lapsed | Self::Lodged | Self::OptedOut => {
                Budget::Anyone
            }
            Self::DownloadCode | Self::StatusCode => Budget::TokenHolder,
            _ => Budget::Uncapped,
        }
    }
}

/// A message in words, without sender and recipient. May hold a code and links, so it is stored
/// sealed and shows nothing of itself in logs.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Letter {
    /// What it is about.
    pub kind: MailKind,
    /// The language it is written in.
    pub language: Language,
    /// One line.
    pub subject: String,
    /// The plain-text part, lines ending in `\n`.
    pub text: String,
    /// The HTML part.
    pub html: String,
}

impl fmt::Debug for Letter {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Letter({}, {})", self.kind, self.language)
    }
}

/// Who can cause a mail, and so how many there may be.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Budget {
    /// Anybody who knows an address: 3 codes an hour and 5 mails a day for it.
    Anyone,
    /// Whoever holds a status link: 10 codes an hour for it.
    TokenHolder,
    /// Only a verified person's own request.
    Uncapped,
}

/// Codes an hour to one address, of those that anybody can cause.
pub const CODES_AN_HOUR: u64 = 3;
/// Mails a day to one address, of those that anybody can cause.
pub const MAILS_A_DAY: u64 = 5;
/// Codes an hour for whoever holds a status link.
pub const TOKEN_CODES_AN_HOUR: u64 = 10;
