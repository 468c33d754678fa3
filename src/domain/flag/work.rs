//! What must not happen to one person's data at the same time.

use crate::domain::right::Right;

/// What is being done, or is to be done, with one person's data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Work {
    /// Nothing may be touched.
    Hold,
    /// Data are kept and not used.
    Restriction,
    /// Data are read for the person.
    Reading,
    /// A word about purposes is written down.
    Flagging,
    /// Values are changed.
    Correction,
    /// Data are erased.
    Deletion,
}

impl Work {
    /// What a right does with the data.
    pub fn of(right: Right) -> Self {
        match right.as_str() {
            "restriction" => Self::Restriction,
            "deletion" => Self::Deletion,
            "correction" => Self::Correction,
            "objection" | "opt_out" | "opt_in" | "limit" | "consent_withdrawal" => Self::Flagging,
            _ => Self::Reading,
        }
    }
}

/// Whether `wanted` has to wait, or to be decided anew, while `standing` is under way or in force.
///
/// Whoever wants their data kept and not used (GDPR Art. 18(1)(b), (c)) wants them not erased; and
/// what is just being erased cannot be kept. Both ways a human has to ask the person which it is to
/// be. Values are not changed while their accuracy is contested, save by the correction that the
/// person asks for, which is the way out of it. A hold stops all that changes or erases data.
pub const fn conflicts(standing: Work, wanted: Work) -> bool {
    matches!(
        (standing, wanted),
        (Work::Restriction, Work::Deletion)
            | (Work::Deletion, Work::Restriction | Work::Correction)
            | (Work::Hold, Work::Deletion | Work::Correction)
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_restriction_and_a_deletion_never_run_together() {
        assert!(conflicts(Work::Restriction, Work::Deletion));
        assert!(conflicts(Work::Deletion, Work::Restriction));
    }

    #[test]
    fn a_person_can_always_say_no_and_read_what_is_held() {
        for standing in [
            Work::Hold,
            Work::Restriction,
            Work::Reading,
            Work::Flagging,
            Work::Correction,
            Work::Deletion,
        ] {
            assert!(!conflicts(standing, Work::Flagging));
            assert!(!conflicts(standing, Work::Reading));
        }
    }

    #[test]
    fn rights_are_told_by_what_they_do() {
        assert_eq!(Work::of(Right::Restriction), Work::Restriction);
        assert_eq!(Work::of(Right::OptOut), Work::Flagging);
        assert_eq!(Work::of(Right::Access), Work::Reading);
    }
}
