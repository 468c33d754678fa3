//! The messages: what each says, as one struct that holds all that it needs.
//!
//! No message holds anything that a requester has typed, neither name nor words: whoever fills in
//! the form with a stranger's address must not be able to write to that stranger through us. The
//! country is a code, and links are made by us.

mod answer_ready;
mod applied;
mod archive;
mod asserted;
mod code;
mod copy_taken;
mod corrected;
mod country;
mod erasure;
mod erasure_warning;
mod extended;
mod late;
mod layout;
mod lodged;
mod new_message;
mod nothing_found;
mod proof_needed;
mod refused;
mod reminder;
mod replied;
mod restriction_ends;
mod staff_notice;
mod verified;
mod verify;
mod withdrawn;

#[cfg(test)]
mod samples_words;
#[cfg(test)]
mod snapshots;
#[cfg(test)]
mod snapshots_correction;
#[cfg(test)]
mod snapshots_decisions;
#[cfg(test)]
mod snapshots_erasure;
#[cfg(test)]
mod snapshots_flags;
#[cfg(test)]
mod snapshots_german;
#[cfg(test)]
mod snapshots_late;
#[cfg(test)]
mod snapshots_proof;
#[cfg(test)]
mod snapshots_words;
#[cfg(test)]
mod tests;

pub use answer_ready::AnswerReady;
pub use applied::Applied;
pub use archive::{ArchiveReady, ArchiveReminder};
pub use asserted::Asserted;
pub use code::{DownloadCode, StatusCode};
pub use copy_taken::CopyTaken;
pub use corrected::{ChangeNotice, Corrected, DeclinedLine, MadeLine};
pub use country::CountryCode;
pub use erasure::{Erased, ErasedLine, ErasureDecided, ErasurePlanned, KeptLine};
pub use erasure_warning::ErasureWarning;
pub use extended::Extended;
pub use late::{Late, LateWhy};
pub use lodged::Lodged;
pub use new_message::NewMessage;
pub use nothing_found::NothingFound;
pub use proof_needed::ProofNeeded;
pub use refused::Refused;
pub use reminder::{Lapsed, Reminder};
pub use replied::Replied;
pub use restriction_ends::RestrictionEnds;
pub use staff_notice::{NoticeLine, StaffNotice};
pub use verified::Verified;
pub use verify::{StoredAddress, Verify};
pub use withdrawn::Withdrawn;

use super::{Letter, MailKind};
use crate::domain::right::Right;
use crate::ids::Reference;
use crate::text::Speaker;
use layout::Body;

/// Who writes, as the configuration has it. Stands at the foot of every mail.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SenderFacts {
    /// The organisation that answers.
    pub organisation: String,
    /// How to reach a person there: an address, a number, a page.
    pub contact: Option<String>,
    /// Its privacy notice.
    pub privacy_url: Option<String>,
    /// Where our pages are.
    pub base_url: String,
}

/// One request of those that a mail is about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Asked {
    /// Its public name.
    pub reference: Reference,
    /// What is asked for.
    pub right: Right,
}

/// A message that can be written in every language.
pub trait Message {
    /// What it is about.
    fn kind(&self) -> MailKind;

    /// Its words: subject and body.
    fn compose(&self, speaker: &Speaker, facts: &SenderFacts) -> Composed;

    /// The whole letter, both parts.
    fn render(&self, speaker: &Speaker, facts: &SenderFacts) -> Letter {
        layout::letter(self.kind(), &self.compose(speaker, facts), speaker, facts)
    }
}

/// What a message says.
#[derive(Debug, Clone)]
pub struct Composed {
    subject: String,
    body: Body,
}

/// `Verify your request R-7F3K9Q2M`, or how many requests where there are several.
fn subject(speaker: &Speaker, id: &str, asked: &[Asked]) -> String {
    let reference = asked.first().map_or("", |first| first.reference.as_str());
    speaker.t2(id, "count", asked.len() as u64, "reference", reference)
}

/// A fact a request: its reference and what it asks for.
fn asked_facts(speaker: &Speaker, asked: &[Asked]) -> Vec<(String, String)> {
    let label = |one: &Asked| speaker.t1("mail-request", "reference", one.reference.as_str());
    asked.iter().map(|one| (label(one), right(speaker, one.right))).collect()
}

/// A right in plain words.
fn right(speaker: &Speaker, right: Right) -> String {
    if right.sets_flags() {
        speaker.t(&format!("flag-mail-right-{right}"))
    } else {
        speaker.t(&format!("mail-right-{right}"))
    }
}
