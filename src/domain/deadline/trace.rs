//! The steps by which a date was counted, as data. `text` says them in words.

use jiff::Timestamp;
use jiff::civil::Date;
use serde::{Deserialize, Serialize};

/// Why a day is none for work.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Off {
    /// A Saturday or a Sunday.
    Weekend,
    /// A holiday.
    Holiday,
}

/// Why a clock starts later than at receipt.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Why {
    /// The proof of identity that was asked for came.
    Identity,
    /// The fee was paid.
    Fee,
}

/// One step.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// The request was received.
    Received {
        /// The day, where the controller is.
        day: Date,
        /// Where that is.
        zone: Option<String>,
    },
    /// An appeal was received.
    Appealed {
        /// The day.
        day: Date,
    },
    /// A list was fetched.
    Retrieved {
        /// The day.
        day: Date,
    },
    /// The clock starts later.
    Moved {
        /// The day on which it starts.
        day: Date,
        /// Why.
        why: Why,
    },
    /// When the person was verified moves nothing.
    VerifiedLater {
        /// The day.
        day: Date,
    },
    /// Asking who it is does not stop this clock.
    IdentityRuns {
        /// The day of the question.
        day: Date,
    },
    /// Asking what is meant does not stop this clock.
    ClarificationRuns {
        /// The day of the question.
        day: Date,
    },
    /// A question came when the time was over.
    AskedTooLate {
        /// The day of the question.
        day: Date,
    },
    /// An answer is awaited; until it is there the strictest date holds.
    Awaited {
        /// The day of the question.
        day: Date,
    },
    /// So many months later.
    Months {
        /// How many.
        count: u64,
        /// The day that it is then.
        day: Date,
        /// Whether that month has no day of the number, so that its last counts.
        short: bool,
    },
    /// So many days later.
    Days {
        /// How many.
        count: u64,
        /// The day that it is then.
        day: Date,
    },
    /// The first day is counted too, so that it is one day earlier.
    FirstDayCounts {
        /// The day that it is then.
        day: Date,
    },
    /// So many working days later.
    WorkingDays {
        /// How many.
        count: u64,
        /// The day that it is then.
        day: Date,
        /// Whether Saturdays count.
        saturdays: bool,
        /// Holidays on the way.
        holidays: Vec<Date>,
    },
    /// So many elapsed hours later.
    Hours {
        /// How many.
        count: u64,
        /// The moment that it is then.
        at: Timestamp,
    },
    /// At once.
    AtOnce,
    /// The clock stood still.
    Paused {
        /// The first day of it.
        first: Date,
        /// The last day of it.
        last: Date,
        /// How many days it added.
        count: u64,
        /// The day that it is then.
        day: Date,
    },
    /// A last day that is none for work moved.
    Rolled {
        /// The last day.
        from: Date,
        /// Why it is none for work.
        because: Off,
        /// The next working day.
        day: Date,
    },
    /// It is over when its day is.
    Ends {
        /// The first moment after it.
        at: Timestamp,
        /// Where its days end.
        zone: Option<String>,
    },
    /// The notice was sent in time: the longer time holds.
    NoticeInTime {
        /// When it was sent.
        at: Timestamp,
    },
    /// The notice was sent too late: it changes nothing.
    NoticeLate {
        /// When it was sent.
        at: Timestamp,
    },
    /// Staff chose a later date, with a reason.
    ChosenByOfficer {
        /// Which of the laws they found to hold.
        regime: String,
    },
}
