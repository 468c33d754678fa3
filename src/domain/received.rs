//! What the ledger keeps of a request when it comes in: enough to notice that a restored database has
//! lost it, and nothing that says whose it was.

use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::code::stored_words;
use super::right::Right;
use crate::ids::{Reference, StaffId};

/// One line of the ledger.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct ReceivedNote {
    /// The public name of the request.
    pub reference: String,
    /// What is asked for.
    pub right: Right,
    /// When it came in.
    pub received_at: Timestamp,
    /// A keyed hash of the address; empty where there is none.
    pub address: String,
}

impl ReceivedNote {
    /// As it is signed: the name of the service and one line of JSON.
    pub fn to_text(&self, origin: &str) -> String {
        let json = serde_json::to_string(self).unwrap_or_default();
        format!("{origin}\nreceived/1\n{json}\n")
    }

    /// Reads what [`ReceivedNote::to_text`] wrote for the same service.
    pub fn parse(origin: &str, text: &str) -> Option<Self> {
        let rest = text.strip_prefix(origin)?.strip_prefix("\nreceived/1\n")?;
        serde_json::from_str(rest.strip_suffix('\n')?).ok()
    }
}

stored_words!(LostState { Waiting = "waiting", Entered = "entered", GivenUp = "given_up" });

/// Whether somebody has seen to it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum LostState {
    /// Nobody yet: nothing is let out.
    Waiting,
    /// It was entered anew.
    Entered,
    /// There is nothing to enter, and somebody has said so.
    GivenUp,
}

/// A request that a restore has lost.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Lost {
    /// The public name that it had.
    pub reference: Reference,
    /// What was asked for.
    pub right: Right,
    /// When it came in.
    pub received_at: Timestamp,
    /// A keyed hash of the address; empty where there is none.
    pub address: String,
    /// Whether the ledger says that a deletion was carried out for it.
    pub deleted: bool,
    /// Whether somebody has seen to it.
    pub state: LostState,
    /// Under which reference it was entered anew.
    pub entered: Option<Reference>,
    /// Who has seen to it.
    pub settled_by: Option<StaffId>,
    /// When.
    pub settled_at: Option<Timestamp>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_line_is_read_for_its_own_service_alone() {
        let note = ReceivedNote {
            reference: "R-7F3K9Q2M".into(),
            right: Right::Access,
            received_at: "2026-03-01T10:00:00Z".parse().unwrap(),
            address: "ab".repeat(16),
        };
        let text = note.to_text("desk.example/audit");
        assert_eq!(ReceivedNote::parse("desk.example/audit", &text), Some(note));
        assert_eq!(ReceivedNote::parse("desk.example/other", &text), None);
        assert_eq!(ReceivedNote::parse("desk.example/audit", text.trim_end()), None);
    }
}
