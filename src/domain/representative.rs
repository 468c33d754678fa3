//! Who may ask for somebody else, and what has to be seen first.
//!
//! Sources: CCPA § 1798.135(e) and 11 CCR 7026(j), 7063 (agents); Probate Code §§ 4121 to 4130
//! (powers of attorney); GDPR recital 38 and Art. 8 (children); EDPB guidelines 01/2022, 3.4.

use super::code::stored_words;
use super::right::Right;

stored_words!(Acting {
    Agent = "agent",
    Attorney = "attorney",
    Parent = "parent",
    Guardian = "guardian",
    Other = "other",
});

/// In which quality somebody asks for somebody else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Acting {
    /// An authorised agent, with a permission that the person signed.
    Agent,
    /// Somebody with a power of attorney.
    Attorney,
    /// A parent, for a child.
    Parent,
    /// A guardian whom a court has appointed.
    Guardian,
    /// Anybody else.
    Other,
}

impl Acting {
    /// What the form and the API say: one of the words, or only that it is so. `None` where nobody
    /// asks for somebody else, [`Err`] for a word that means nothing.
    pub fn read(typed: &str) -> Result<Option<Self>, UnknownActing> {
        match typed.trim() {
            "" | "false" | "no" => Ok(None),
            "true" | "yes" | "on" => Ok(Some(Self::Other)),
            word => Self::parse(word).map(Some).ok_or(UnknownActing),
        }
    }
}

/// A word that names no quality.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("write agent, attorney, parent, guardian or other")]
pub struct UnknownActing;

/// What has to happen before a request for somebody else goes on.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Mandate {
    /// It goes on: a permission is enough, and nobody checks more than that.
    MayGoOn,
    /// Staff sees the papers first. The person must not be asked to confirm it themselves.
    NeedsPapers,
    /// The person confirms it by mail, at their own address.
    PersonConfirms,
    /// A human decides, whatever `[review]` says; the person may be a child.
    NeverAutomatic,
}

impl Mandate {
    /// Whether somebody of the staff looks, whatever `[review]` says.
    pub const fn needs_staff(self) -> bool {
        matches!(self, Self::NeedsPapers | Self::NeverAutomatic)
    }
}

/// Rights of opting out, by their word: an agent needs the person's permission and nothing else.
const OPT_OUTS: [&str; 4] = ["opt_out", "objection", "limit", "consent_withdrawal"];

/// The rule: which right, asked for in which quality, goes on how.
pub fn mandate(right: Right, acting: Acting) -> Mandate {
    mandate_of(right.as_str(), acting)
}

fn mandate_of(right: &str, acting: Acting) -> Mandate {
    let opts_out = OPT_OUTS.contains(&right);
    match acting {
        Acting::Parent | Acting::Guardian => Mandate::NeverAutomatic,
        _ if opts_out || matches!(right, "complaint" | "appeal") => Mandate::MayGoOn,
        // 11 CCR 7063(b): whoever holds a power of attorney is not sent back to the person.
        Acting::Attorney => Mandate::NeedsPapers,
        Acting::Agent | Acting::Other => Mandate::PersonConfirms,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_child_is_never_decided_about_by_a_machine() {
        for right in ["access", "deletion", "opt_out", "complaint"] {
            for acting in [Acting::Parent, Acting::Guardian] {
                assert_eq!(mandate_of(right, acting), Mandate::NeverAutomatic, "{right}");
            }
        }
    }

    #[test]
    fn an_opt_out_needs_a_permission_and_nothing_else() {
        for right in OPT_OUTS {
            for acting in [Acting::Agent, Acting::Attorney, Acting::Other] {
                assert_eq!(mandate_of(right, acting), Mandate::MayGoOn, "{right}");
            }
        }
    }

    #[test]
    fn a_person_confirms_unless_a_power_of_attorney_forbids_to_ask() {
        let gives = |right: &&Right| !right.is_lodged() && !OPT_OUTS.contains(&right.as_str());
        for right in Right::ALL.iter().filter(gives) {
            assert_eq!(mandate(*right, Acting::Agent), Mandate::PersonConfirms, "{right}");
            assert_eq!(mandate(*right, Acting::Attorney), Mandate::NeedsPapers, "{right}");
        }
    }

    #[test]
    fn the_old_flag_is_still_understood() {
        assert_eq!(Acting::read(" "), Ok(None));
        assert_eq!(Acting::read("false"), Ok(None));
        assert_eq!(Acting::read("true"), Ok(Some(Acting::Other)));
        assert_eq!(Acting::read("parent"), Ok(Some(Acting::Parent)));
        assert_eq!(Acting::read("aunt"), Err(UnknownActing));
    }
}
