//! What staff are told of by mail: words and references, never who asks.

use serde::{Deserialize, Serialize};

use super::gather::Blocker;

/// The shares of the promise, in percent, at whose crossing staff are told.
pub const ALERT_STEPS: [u32; 4] = [50, 75, 90, 100];

/// So many days before the date that binds by law staff are told.
pub const DEADLINE_STEPS: [u32; 4] = [14, 7, 3, 1];

/// Something about one request that needs staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "notice", content = "of", rename_all = "snake_case")]
pub enum Notice {
    /// So many percent of the promise are gone and there is no answer.
    Promise(u32),
    /// So many days are left, or fewer, until the date that binds by law.
    Deadline(u32),
    /// What still has to happen does not fit before that date.
    Forecast,
    /// Something keeps it from going on.
    Blocked(Blocker),
    /// An app vouched for a person who says that it was not them.
    Disowned,
    /// Somebody at an address that a store knows says of a deletion: stop, and call me.
    Called,
    /// Somebody who received data was not told in time what was done with them.
    Untold,
    /// A request was not forwarded in time to somebody on whose behalf data are held.
    Unforwarded,
    /// Somebody who was told has not acknowledged it in time.
    Silent,
}

impl Notice {
    /// Whether all officers are told, whosever the request is.
    pub const fn is_for_all_officers(self) -> bool {
        matches!(self, Self::Promise(100..) | Self::Disowned | Self::Called)
    }

    /// The word in the database.
    pub const fn kind(self) -> &'static str {
        match self {
            Self::Promise(_) => "promise",
            Self::Deadline(_) => "deadline",
            Self::Forecast => "forecast",
            Self::Blocked(_) => "blocked",
            Self::Disowned => "disowned",
            Self::Called => "called",
            Self::Untold => "untold",
            Self::Unforwarded => "unforwarded",
            Self::Silent => "silent",
        }
    }
}
