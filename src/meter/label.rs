//! Words that metrics and traces are told apart by. There is no way from a text of somebody else's
//! into a label.

use std::collections::BTreeSet;
use std::fmt::{self, Write as _};
use std::sync::Arc;

use prometheus_client::encoding::{EncodeLabelSet, EncodeLabelValue, LabelValueEncoder};

use crate::domain::code::stored_words;
use crate::domain::facts::StoreFacts;
use crate::domain::job::{
    ARCHIVE_LANE, HOUSE_LANE, LEDGER_LANE, MAIL_LANE, store_lane, webhook_lane,
};
use crate::domain::mail::MailKind;
use crate::domain::promise::PromiseState;
use crate::domain::state::Status;

/// Routes are told apart up to so many; ours are a hundred.
pub(super) const MOST_ROUTES: usize = 400;
/// The longest template of a route, in bytes.
const ROUTE_LENGTH: usize = 100;

/// A label's value.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Word(Inner);

#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Inner {
    Ours(&'static str),
    Named(Arc<str>),
}

impl Word {
    /// For what matches nothing.
    pub(super) const NONE: Self = Self::ours("none");
    /// For what is not known here.
    pub(super) const OTHER: Self = Self::ours("other");

    /// A word that stands in the text of this program.
    pub(super) const fn ours(word: &'static str) -> Self {
        Self(Inner::Ours(word))
    }

    pub(super) fn as_str(&self) -> &str {
        match &self.0 {
            Inner::Ours(word) => word,
            Inner::Named(word) => word,
        }
    }
}

impl fmt::Display for Word {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl EncodeLabelValue for Word {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> Result<(), fmt::Error> {
        encoder.write_str(self.as_str())
    }
}

macro_rules! words {
    ($($name:ident),+) => {
        $(impl From<$name> for Word {
            fn from(word: $name) -> Self {
                Self::ours(word.as_str())
            }
        })+
    };
}

words!(Method, StoreOp, JobEnd, MailEnd, MailKind, PromiseState, Status);

stored_words!(Method {
    Get = "GET",
    Head = "HEAD",
    Post = "POST",
    Put = "PUT",
    Patch = "PATCH",
    Delete = "DELETE",
    Options = "OPTIONS",
    Other = "other",
});

/// The method of an HTTP request, unless the client made it up.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Method {
    /// `GET`
    Get,
    /// `HEAD`
    Head,
    /// `POST`
    Post,
    /// `PUT`
    Put,
    /// `PATCH`
    Patch,
    /// `DELETE`
    Delete,
    /// `OPTIONS`
    Options,
    /// Any other.
    Other,
}

stored_words!(StoreOp {
    Check = "check",
    Locate = "locate",
    Page = "page",
    Open = "open",
    File = "file",
    Plan = "plan",
    Erase = "erase",
    Verify = "verify",
    Fields = "fields",
    Apply = "apply",
    ReadBack = "read_back",
    SetMark = "set_mark",
    ReadMark = "read_mark",
    Names = "names",
    Sight = "sight",
});

/// What a store is asked.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum StoreOp {
    /// Whether it is what the map says.
    Check,
    /// Who somebody is.
    Locate,
    /// For the next page.
    Page,
    /// To open a file.
    Open,
    /// For the whole of a file that is open.
    File,
    /// What it would erase.
    Plan,
    /// To erase.
    Erase,
    /// What became of it.
    Verify,
    /// What may be corrected.
    Fields,
    /// To put values right.
    Apply,
    /// How those stand.
    ReadBack,
    /// To set what may be done with somebody's data.
    SetMark,
    /// Whether it is set.
    ReadMark,
    /// What it holds, by names.
    Names,
    /// What single rows hold, before they are erased or after they came back.
    Sight,
}

stored_words!(JobEnd {
    Done = "done",
    Retry = "retry",
    Dead = "dead",
    LeaseLost = "lease_lost",
    Cut = "cut",
});

/// How an attempt at a job ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum JobEnd {
    /// Well.
    Done,
    /// It will be tried again.
    Retry,
    /// It is given up.
    Dead,
    /// Another worker has it.
    LeaseLost,
    /// The service stopped.
    Cut,
}

stored_words!(MailEnd { Sent = "sent", Deferred = "deferred", Refused = "refused" });

/// What became of handing over a mail.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum MailEnd {
    /// The server has it.
    Sent,
    /// It stays and is tried again.
    Deferred,
    /// The recipient's side does not take it.
    Refused,
}

macro_rules! sets {
    ($($(#[$doc:meta])* $name:ident { $($label:ident),+ })+) => {
        $($(#[$doc])*
        #[derive(Debug, Clone, PartialEq, Eq, Hash, EncodeLabelSet)]
        pub(super) struct $name { $(pub(super) $label: Word),+ })+
    };
}

sets! {
    Answered { route, method, status }
    Routed { route, method }
    Worked { kind, outcome }
    Done { kind }
    Stored { store, operation }
    StoredBadly { store, operation, code }
    Mailed { kind, outcome }
    Wrong { code }
    Promised { promise }
    Attempted { place, op, code }
    Queued { lane, state }
    Lane { lane }
    Stage { status }
    Pool { state }
}

/// The class of an HTTP status.
pub(super) const fn class(status: u16) -> Word {
    Word::ours(match status / 100 {
        1 => "1xx",
        2 => "2xx",
        3 => "3xx",
        4 => "4xx",
        _ => "5xx",
    })
}

/// The names that this process was configured with, and the routes that it has.
#[derive(Debug, Default)]
pub(super) struct Names {
    lanes: BTreeSet<Arc<str>>,
    routes: BTreeSet<Arc<str>>,
}

impl Names {
    /// The name of a store in its data map.
    pub(super) fn store(&mut self, facts: &StoreFacts) -> Word {
        self.lanes.insert(store_lane(&facts.name).into());
        Word(Inner::Named(facts.name.as_str().into()))
    }

    /// The name of a webhook endpoint in the configuration.
    pub(super) fn webhook(&mut self, name: &str) {
        self.lanes.insert(webhook_lane(name).into());
    }

    /// The template of a route. What does not look like one of ours, or comes after too many others,
    /// is one word.
    pub(super) fn route(&mut self, template: &str) -> Word {
        if let Some(known) = self.routes.get(template) {
            return Word(Inner::Named(Arc::clone(known)));
        }
        let plain = |byte: u8| byte.is_ascii_lowercase() || b"/{}*._-".contains(&byte);
        // Digits stand in `/api/v1` alone.
        let digits = template.bytes().filter(u8::is_ascii_digit).count();
        let fits = template.len() <= ROUTE_LENGTH
            && template.starts_with('/')
            && template.bytes().all(|byte| plain(byte) || byte.is_ascii_digit())
            && digits <= 2
            && self.routes.len() < MOST_ROUTES;
        if !fits {
            return Word::OTHER;
        }
        let route = Arc::from(template);
        self.routes.insert(Arc::clone(&route));
        Word(Inner::Named(route))
    }

    /// A lane of ours; those of stores and endpoints that nobody names any more are one word.
    pub(super) fn lane(&self, lane: &str) -> Word {
        let own =
            [MAIL_LANE, ARCHIVE_LANE, HOUSE_LANE, LEDGER_LANE].into_iter().find(|own| *own == lane);
        let named = || self.lanes.get(lane).map(|lane| Word(Inner::Named(Arc::clone(lane))));
        own.map(Word::ours).or_else(named).unwrap_or(Word::OTHER)
    }
}
