//! How a right is answered: with data, with a letter from the stores, or in words of staff.

use super::particulars::{Of, Particulars};
use super::right::Right;
use super::state::{Approval, Found, Move};

impl Right {
    /// Whether its archive holds the person's data.
    pub const fn gives_data(self) -> bool {
        matches!(self, Self::Access | Self::Export)
    }

    /// Whether its archive says about each store what the law wants said.
    pub const fn tells_about_stores(self) -> bool {
        matches!(self, Self::Access | Self::Confirmation)
    }

    /// Whether staff answers it in words; there is no archive.
    pub const fn is_answered_in_words(self) -> bool {
        matches!(self, Self::HumanReview | Self::Complaint | Self::Appeal)
    }

    /// Whether it is taken at once, without a code: nothing of anybody is given away by it.
    pub const fn is_lodged(self) -> bool {
        matches!(self, Self::Complaint | Self::Appeal)
    }

    /// Whether a step is one of its life: an archive is made for some rights, a deletion goes by its
    /// plan, a correction by what was decided change by change, for a word about the use of data
    /// nothing is gathered, and what is lodged without a code never leads to an archive.
    pub const fn allows(self, step: Move) -> bool {
        match step {
            Move::ArchiveReady
            | Move::Released(Found::Something)
            | Move::Gathered(Approval::NotNeeded, Found::Something) => self.makes_archive(),
            Move::Gathered(Approval::NotNeeded, Found::Nothing) | Move::AddressDiffers => {
                !self.sets_flags()
            }
            Move::Gathered(Approval::Needed, _) => {
                !self.sets_flags() && !matches!(self, Self::Deletion)
            }
            Move::Released(Found::Nothing) => {
                self.makes_archive() || matches!(self, Self::Correction)
            }
            Move::Held => !self.is_answered_in_words(),
            // Whether they are right is what the answer says.
            Move::Refused => !self.is_lodged(),
            Move::Lodged => self.is_lodged(),
            Move::Replied => self.is_answered_in_words(),
            Move::Planned
            | Move::Approved(_)
            | Move::CooledOff
            | Move::PlanChanged
            | Move::Erased => matches!(self, Self::Deletion),
            Move::ChangesApproved
            | Move::ChangesDeclined
            | Move::ChangesStuck
            | Move::Corrected => matches!(self, Self::Correction),
            Move::Started | Move::Ripe(_) | Move::Agreed | Move::Applied => self.sets_flags(),
            _ => true,
        }
    }

    /// Whether there is an answer with an archive also where no store holds anything.
    pub const fn is_answered_anyway(self) -> bool {
        matches!(self, Self::Confirmation | Self::Recipients | Self::HumanReview)
    }
}

/// Whether no store is asked: everything is there at once.
pub const fn asks_no_store(right: Right, particulars: &Particulars) -> bool {
    right.is_answered_in_words()
        || matches!((right, particulars.of), (Right::Confirmation, Of::Practices))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whoever_gives_data_is_never_taken_without_a_code() {
        for right in Right::ALL {
            assert!(!(right.is_lodged() && right.gives_data()), "{right}");
            assert!(!right.is_lodged() || right.is_answered_in_words(), "{right}");
            assert!(!(right.is_answered_in_words() && right.gives_data()), "{right}");
        }
    }

    #[test]
    fn what_is_answered_in_words_never_becomes_an_archive() {
        for right in Right::ALL.iter().filter(|right| right.is_answered_in_words()) {
            for step in [Move::Released(Found::Something), Move::ArchiveReady, Move::Held] {
                assert!(!right.allows(step), "{right} {step:?}");
            }
        }
        for right in Right::ALL.iter().filter(|right| right.gives_data()) {
            assert!(!right.allows(Move::Lodged) && !right.allows(Move::Replied), "{right}");
        }
    }

    #[test]
    fn practices_are_known_without_asking_a_store_and_data_are_not() {
        let practices = Particulars { of: Of::Practices, ..Particulars::default() };
        assert!(asks_no_store(Right::Confirmation, &practices));
        assert!(!asks_no_store(Right::Confirmation, &Particulars::default()));
        assert!(!asks_no_store(Right::Access, &practices));
    }
}
