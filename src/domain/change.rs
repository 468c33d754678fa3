//! A value in a store that may be put right: where it stands, what it is, what it shall be.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::code::stored_words;
use super::record::Gap;

/// Where one value stands in a store.
#[derive(Clone, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct Spot {
    /// The table, as the map writes it.
    pub collection: String,
    /// Stable name of the row in its table. Not shown or logged.
    pub row: String,
    /// The column.
    pub column: String,
}

impl fmt::Debug for Spot {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Spot({}.{})", self.collection, self.column)
    }
}

/// One value of the person that may be corrected, as it stands now. Secrets never become one.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Field {
    /// Where it stands.
    pub spot: Spot,
    /// What it is: a key of the data categories.
    pub category: String,
    /// What it says; `None` where there is no value, which is not the same as an empty text.
    pub value: Option<String>,
    /// Whether people are found by it.
    pub identity: bool,
}

impl fmt::Debug for Field {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Field({:?}, {}, identity: {})", self.spot, self.category, self.identity)
    }
}

/// What a store says may be corrected about a person.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Current {
    /// The values, in the order of the map, row by row.
    pub fields: Vec<Field>,
    /// What could not be looked at: values that are too large or no text, rows beyond the bound.
    pub gaps: Vec<Gap>,
}

/// One value to be put right.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Edit {
    /// Where it stands.
    pub spot: Spot,
    /// What it said when somebody looked at it.
    pub expected: Option<String>,
    /// What it shall say.
    pub new: Option<String>,
}

impl fmt::Debug for Edit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Edit({:?})", self.spot)
    }
}

/// How the value of an [`Edit`] stands just now.
#[derive(Clone, PartialEq, Eq)]
pub enum Standing {
    /// It says what was expected.
    Pending,
    /// It says what it shall say.
    Done,
    /// It says something else.
    Other(Option<String>),
    /// The keys lead to no such row (any more).
    Gone,
}

impl fmt::Debug for Standing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Pending => "Pending",
            Self::Done => "Done",
            Self::Other(_) => "Other(…)",
            Self::Gone => "Gone",
        })
    }
}

impl Standing {
    /// Of a value that says `now` and shall say `new`, both as the store writes them.
    pub fn of(edit: &Edit, now: &Option<String>, new: &Option<String>) -> Self {
        if now == new {
            Self::Done
        } else if *now == edit.expected {
            Self::Pending
        } else {
            Self::Other(now.clone())
        }
    }
}

stored_words!(Unfit {
    Type = "type",
    Taken = "taken",
    Rule = "rule",
});

/// Why a store will not have a value.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Unfit {
    /// The column holds something of another kind: a number, a date, a shorter text.
    Type,
    /// Another row has it, and no two may.
    Taken,
    /// A rule of the store forbids it: it may not be empty, has to refer to something, a check.
    Rule,
}

/// What came of trying to put values right. All of them, or none.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Applied {
    /// Every value says what it shall say.
    Done,
    /// Nothing was changed: at least one says neither what was expected nor what it shall. How each
    /// stands, in the order of the edits.
    Conflict(Vec<Standing>),
    /// Nothing was changed: the store will not have these, by their places among the edits.
    Unfit(Unfit, Vec<usize>),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_value_that_is_right_already_is_done_whatever_was_expected() {
        let text = |text: &str| Some(text.to_owned());
        let spot = Spot { collection: "t".into(), row: "1".into(), column: "c".into() };
        let edit = Edit { spot, expected: text("old"), new: text("new") };
        for (now, standing) in [
            (text("new"), Standing::Done),
            (text("old"), Standing::Pending),
            (text("Old"), Standing::Other(text("Old"))),
            (None, Standing::Other(None)),
        ] {
            assert_eq!(Standing::of(&edit, &now, &edit.new), standing);
        }
        let empty = Edit { expected: None, new: Some(String::new()), ..edit };
        assert_eq!(Standing::of(&empty, &None, &empty.new), Standing::Pending);
        assert!(!format!("{empty:?}").contains("new"));
    }
}
