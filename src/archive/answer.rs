//! What an archive answers, as the one who finishes it knows it. Input of pages and manifest.

use std::collections::BTreeMap;

use jiff::Timestamp;
use jiff::tz::TimeZone;

use crate::domain::facts::StoreFacts;
use crate::domain::gather::Tally;
use crate::domain::language::Language;
use crate::domain::right::Right;
use crate::ids::Reference;

/// The answer to one request.
#[derive(Debug, Clone)]
pub struct Answer {
    /// The request.
    pub reference: Reference,
    /// The right exercised.
    pub right: Right,
    /// The person's language.
    pub language: Language,
    /// The zone in which dates are told.
    pub zone: TimeZone,
    /// Who answers.
    pub organisation: Organisation,
    /// When the request came.
    pub received_at: Timestamp,
    /// When the archive was made, once and for all: repeating the work repeats it.
    pub made_at: Timestamp,
    /// When the first store was read.
    pub read_from: Timestamp,
    /// When the last store was read.
    pub read_to: Timestamp,
    /// Every store that was to be asked, in the order of the pages.
    pub stores: Vec<StoreAnswer>,
    /// What an answer has beyond that.
    pub more: More,
}

/// What some answers have beyond the others.
#[derive(Debug, Clone, Default)]
pub struct More {
    /// A confirmation of what the company does, whoever the data are about.
    pub practices: bool,
    /// By which kinds of keys the person was searched for; never the keys.
    pub keys: Vec<String>,
    /// Where the person can turn besides authority and court, a sentence each.
    pub remedies: Vec<String>,
    /// When the request was forwarded to another controller, by its id; those of whose data there are
    /// some and that are not here are still to be told.
    pub forwarded: BTreeMap<String, Timestamp>,
    /// Papers that go with the letter.
    pub attachments: Vec<Attachment>,
}

/// A paper of the company that goes with the letter.
#[derive(Clone)]
pub struct Attachment {
    /// Its name, which the archive makes safe.
    pub name: String,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl std::fmt::Debug for Attachment {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Attachment({} bytes)", self.bytes.len())
    }
}

/// The controller, as the letter names it.
#[derive(Debug, Clone)]
pub struct Organisation {
    /// Its name.
    pub name: String,
    /// Its address for such matters: e-mail or web.
    pub contact: String,
    /// Its postal address; may have several lines.
    pub postal: Option<String>,
    /// Its privacy notice.
    pub privacy_url: Option<String>,
    /// The supervisory authority to complain to.
    pub authority: Option<String>,
    /// Its country, as a code.
    pub country: String,
}

/// One store's part of the answer.
#[derive(Debug, Clone)]
pub struct StoreAnswer {
    /// What the data map says about it.
    pub facts: StoreFacts,
    /// What was found, and what could not be.
    pub tally: Tally,
    /// How it went.
    pub status: StoreStatus,
}

/// How asking a store went.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum StoreStatus {
    /// Asked to the end.
    Done,
    /// Left out by a decision of staff, with their reason in words.
    Skipped {
        /// Why, for the person to read.
        reason: String,
    },
    /// It did not answer in spite of repeated attempts.
    Failed,
    /// It was read, and a decision of staff keeps its data back.
    Withheld {
        /// The ground with its source, and the facts, for the person to read.
        reason: String,
    },
}

impl StoreStatus {
    /// The word in the manifest.
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::Done => "done",
            Self::Skipped { .. } => "skipped",
            Self::Failed => "failed",
            Self::Withheld { .. } => "withheld",
        }
    }
}

impl Answer {
    /// Rows and files of all stores.
    pub fn found(&self) -> (u64, u64) {
        self.stores.iter().fold((0, 0), |(rows, files), store| {
            (rows + store.tally.rows, files + store.tally.files)
        })
    }

    /// Whether something was found over which another controller decides.
    pub fn holds_for_others(&self) -> bool {
        self.stores.iter().any(|store| !store.tally.held.is_empty())
    }

    /// Whether something is missing: a gap, something withheld, something over which another controller
    /// decides, a store not asked to the end.
    pub fn is_partial(&self) -> bool {
        self.stores.iter().any(StoreAnswer::is_partial)
    }
}

impl StoreAnswer {
    /// Whether it holds anything of the person, or about others that came with it, over which we
    /// decide.
    pub fn holds_something(&self) -> bool {
        !self.tally.is_empty() || !self.tally.withheld.is_empty()
    }

    /// Whether something of this store is missing.
    pub fn is_partial(&self) -> bool {
        self.status != StoreStatus::Done
            || !self.tally.gaps.is_empty()
            || !self.tally.withheld.is_empty()
            || !self.tally.held.is_empty()
    }
}
