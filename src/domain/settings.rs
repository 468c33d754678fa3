//! What the operator has decided, as plain values. `config` reads them; services receive them.

use std::path::PathBuf;

use jiff::tz::TimeZone;

use super::address::EmailAddress;
use super::code::stored_words;
use super::deadline::Law;
use super::duration::Period;
use super::language::Language;

/// The controller that answers (GDPR Art. 4(7)).
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Its name as people know it. One line.
    pub name: String,
    /// Where its calendar days begin and end. Default UTC.
    pub zone: TimeZone,
    /// Where it is established, as an upper-case ISO 3166-1 code.
    pub country: Option<String>,
    /// The laws that it answers under, and the holidays that they know.
    pub law: Law,
    /// The languages offered, never empty. The first speaks to people whose language we do not
    /// have. Default: all of ours.
    pub languages: Vec<Language>,
    /// Its privacy policy, http or https.
    pub privacy_url: Option<String>,
    /// The mailbox that people may write to.
    pub contact: Option<EmailAddress>,
    /// Its postal address; may have several lines.
    pub postal: Option<String>,
    /// The supervisory authority that a complaint may go to (GDPR Art. 77).
    pub authority: Option<String>,
    /// The data processing agreement that goes with a letter about practices: a file.
    pub processing_agreement: Option<PathBuf>,
}

impl Organisation {
    /// The language for people whose own we do not have.
    pub fn default_language(&self) -> Language {
        self.languages.first().copied().unwrap_or_default()
    }
}

/// Whether a person of the staff looks before the answer goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Review {
    /// Somebody looks.
    #[default]
    Staff,
    /// Nobody has to.
    Auto,
}

stored_words!(Review { Staff = "staff", Auto = "auto" });

/// Who approves a deletion.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum DeletionReview {
    /// Two different officers.
    #[default]
    TwoPerson,
    /// One officer.
    Staff,
}

stored_words!(DeletionReview { TwoPerson = "two_person", Staff = "staff" });

/// Who looks at what before it goes out.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReviewPolicy {
    /// Access, default `staff`.
    pub access: Review,
    /// Export, default `staff`.
    pub export: Review,
    /// Confirmation, default `staff`.
    pub confirmation: Review,
    /// Correction, default `staff`.
    pub correction: Review,
    /// Restriction, default `staff`.
    pub restriction: Review,
    /// Deletion, default `two_person`.
    pub deletion: DeletionReview,
    /// Opt-outs, default `auto`.
    pub opt_out: Review,
    /// Objections, default `auto`.
    pub objection: Review,
}

/// The answer promise.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// Elapsed hours from `received_at`. Default 72.
    pub hours: u32,
}

/// Verification of the address.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Verification {
    /// After this long without a code the address is destroyed. Default `7d`.
    pub lapse: Period,
}

/// How long a finished archive can be fetched.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ArchiveKeep(pub Period);

/// What a deletion does with data that appeared after the person asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum Growth {
    /// They go too where they are within the scope that was approved.
    #[default]
    SameScope,
    /// The plan is approved anew.
    None,
}

stored_words!(Growth { SameScope = "same_scope", None = "none" });

/// Deletions.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deletion {
    /// From the notice to the first step; zero switches it off. Default `24h`.
    pub cooling_off: Period,
    /// Default `same_scope`.
    pub growth: Growth,
    /// Rows of one step at most. Default 100,000.
    pub rows: u64,
    /// So many deletions may begin within an hour; more wait. Default 50.
    pub an_hour: u64,
    /// Keys of people who must never be touched, as stores have them: for finding out that something
    /// is wrong before it happens.
    pub protected: Vec<String>,
}

impl Default for Deletion {
    fn default() -> Self {
        Self {
            cooling_off: Period::parse("24h").expect("a default of ours is readable"),
            growth: Growth::SameScope,
            rows: 100_000,
            an_hour: 50,
            protected: Vec::new(),
        }
    }
}

/// Restrictions of processing.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Restriction {
    /// So long before it is lifted the person is told. Default `72h`.
    pub lift_notice: Period,
}

/// How long our own records stay.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Retention {
    /// Contact data and messages of a closed request. Default `180d`.
    pub closed: Period,
    /// The register line that proves the answer, without identity. Default `36M`.
    pub skeleton: Period,
    /// Message-ID, kind, time and hash of a sent or failed mail. Default `30d`.
    pub mails: Period,
    /// Who fetched an archive, when, how much of it. Default `48h`.
    pub downloads: Period,
    /// A job that was given up, when its request is closed. Default `90d`.
    pub dead_jobs: Period,
    /// The copies of a SQLite database from before an upgrade. Default `30d`.
    pub upgrade_copies: Period,
}

impl Default for Retention {
    fn default() -> Self {
        let period = |text| Period::parse(text).expect("a default of ours is readable");
        Self {
            closed: period("180d"),
            skeleton: period("36M"),
            mails: period("30d"),
            downloads: period("48h"),
            dead_jobs: period("90d"),
            upgrade_copies: period("30d"),
        }
    }
}
