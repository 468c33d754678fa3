//! The life of a request: the one table of what may follow what.

#[cfg(test)]
mod tests;

use super::code::stored_words;

stored_words!(Status {
    AwaitingVerification = "awaiting_verification",
    Gathering = "gathering",
    InReview = "in_review",
    CoolingOff = "cooling_off",
    Executing = "executing",
    Fulfilled = "fulfilled",
    Refused = "refused",
    Withdrawn = "withdrawn",
    Lapsed = "lapsed",
});

/// Where a request is. Trouble never shows here: it lives in tasks and blockers.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Status {
    /// Waiting for the person to type the code.
    AwaitingVerification,
    /// The stores are being asked.
    Gathering,
    /// Everything is gathered; staff has to look.
    InReview,
    /// A deletion that is approved, and that the person can still stop at no loss.
    CoolingOff,
    /// Being carried out; finishing an archive is part of it.
    Executing,
    /// Answered and done.
    Fulfilled,
    /// Refused, with ground and facts.
    Refused,
    /// Taken back by the person, or never theirs.
    Withdrawn,
    /// Never verified; the address is forgotten.
    Lapsed,
}

impl Status {
    /// Nothing more is done for it. Only the person can open a withdrawn or lapsed one again, and
    /// only through a fresh code.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Fulfilled | Self::Refused | Self::Withdrawn | Self::Lapsed)
    }
}

/// Whether the company wants a member of staff to look before data leave.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Approval {
    /// Somebody has to release it.
    Needed,
    /// It goes out as soon as it is gathered.
    NotNeeded,
}

/// Whether any store holds anything of the person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Found {
    /// At least a row, a file or a gap: an archive is made.
    Something,
    /// Every store was asked and none holds anything.
    Nothing,
}

/// Whether the person still has time to take a deletion back before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Cooling {
    /// The time runs.
    Runs,
    /// It is over, or the operator gives none.
    Over,
}

/// What moves a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Move {
    /// The person typed the code.
    Verified,
    /// It needs no code and starts at once: an opt-out.
    Started,
    /// What was asked for can be decided on; nothing is gathered for it.
    Ripe(Approval),
    /// Staff lets it be carried out.
    Agreed,
    /// It is written down, set in the stores that can, and read back.
    Applied,
    /// A store knows the address in another spelling, which has to be proved too.
    AddressDiffers,
    /// Nobody typed the code in time.
    Lapsed,
    /// The person came back through the link of a lapsed request.
    Resumed,
    /// The last store is done.
    Gathered(Approval, Found),
    /// Every store has said what a deletion would touch.
    Planned,
    /// As many as it takes have approved the plan of a deletion.
    Approved(Cooling),
    /// The time to take an approved deletion back is over.
    CooledOff,
    /// The plan of a deletion does not fit any more: the stores are asked anew.
    PlanChanged,
    /// Every step of a deletion is done and looked at.
    Erased,
    /// Staff has looked and lets it out.
    Released(Found),
    /// Staff has checked who asks, without a code: a passport at the counter, a known voice.
    Vouched,
    /// A program of the company vouches for the person.
    Asserted,
    /// Staff refuses, with ground and facts.
    Refused,
    /// Staff takes it for spam: nobody is answered.
    TakenForSpam,
    /// Staff holds it while its archive is being made: somebody has to let it out anew.
    Held,
    /// The archive lies ready.
    ArchiveReady,
    /// Every change of a correction is decided, and at least one is made.
    ChangesApproved,
    /// Every change of a correction is decided, and none is made.
    ChangesDeclined,
    /// A value had been changed meanwhile, or a store will not have it: somebody decides again.
    ChangesStuck,
    /// Everything that was approved is written and read back.
    Corrected,
    /// The person takes it back.
    Withdrawn,
    /// The person wants it after all.
    WithdrawalUndone,
    /// The owner of the mailbox says that they never asked.
    Disowned,
    /// It needs no code and is taken at once: a complaint, an appeal.
    Lodged,
    /// Staff has answered in words.
    Replied,
}

/// What must be written in the same transaction as the new status: mails and jobs, as data.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Effect {
    /// Mail a link and a code.
    SendVerification,
    /// Tell the person that their request is under way.
    SayVerified,
    /// Make a task a store and ask them all.
    StartGathering,
    /// Tell the person what a deletion would touch, and until when they can take it back.
    SayPlanned,
    /// Tell the person what will be deleted, what stays and why, and when: an answer.
    SayDecided,
    /// Begin with the steps of the plan.
    StartErasing,
    /// Ask the stores once more what a deletion would touch.
    PlanAnew,
    /// Tell the person that the deletion is done, with its receipt.
    SayErased,
    /// Build the archive.
    FinishArchive,
    /// Write what was approved, store by store.
    StartCorrecting,
    /// Tell the person what was corrected, what was not and why: an answer.
    SayCorrected,
    /// Write the person's word down and set it in the stores that can.
    SetFlags,
    /// Tell the person what holds from now on: an answer.
    SayApplied,
    /// Tell the person that the archive is ready: an answer.
    SayArchiveReady,
    /// Tell the person that nothing was found, naming the stores: an answer.
    SayNothingFound,
    /// Tell the person the decision with all its parts: an answer.
    SayRefused,
    /// Tell the person that it was taken and waits for an answer in words.
    SayLodged,
    /// Tell the person what staff answers: an answer.
    SayReplied,
    /// Destroy what was gathered, and stop gathering.
    DestroyGathered,
    /// Tell the person that the withdrawal is done and how to undo it.
    SayWithdrawn,
    /// Send a last mail to the address, then forget it.
    SayLapsedAndForget,
    /// Forget the address at once and mail it no more for 30 days.
    ForgetAndBlock,
}

/// A move that the table does not have.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("a request that is {from} cannot take this step")]
pub struct WrongStatus {
    /// Where the request is.
    pub from: Status,
    /// What was tried.
    pub tried: Move,
}

impl Status {
    /// The table. Reads no clock and touches no database; what it returns is carried out by the
    /// caller in one transaction.
    pub fn on(self, step: Move) -> Result<(Self, &'static [Effect]), WrongStatus> {
        use Approval::{Needed, NotNeeded};
        use Effect as E;
        use Found::{Nothing, Something};
        use Move as M;
        use Status as S;
        Ok(match (self, step) {
            (S::AwaitingVerification, M::Verified) => {
                (S::Gathering, &[E::SayVerified, E::StartGathering])
            }
            (S::AwaitingVerification, M::Started)
            | (S::Gathering, M::Ripe(NotNeeded))
            | (S::InReview, M::Agreed) => (S::Executing, &[E::SetFlags]),
            (S::Executing, M::Applied) => (S::Fulfilled, &[E::SayApplied]),
            (S::AwaitingVerification, M::Vouched | M::Asserted) => {
                (S::Gathering, &[E::StartGathering])
            }
            // Which rights may come this way and leave it again, `Right::allows` says.
            (S::AwaitingVerification, M::Lodged) => (S::InReview, &[E::SayLodged]),
            (S::InReview, M::Replied) => (S::Fulfilled, &[E::SayReplied]),
            (S::AwaitingVerification, M::Lapsed) => (S::Lapsed, &[E::SayLapsedAndForget]),
            (S::AwaitingVerification, M::Disowned) => (S::Withdrawn, &[E::ForgetAndBlock]),
            // Somebody vouched for the person, who says otherwise.
            (S::Gathering | S::InReview | S::CoolingOff | S::Executing, M::Disowned) => {
                (S::Withdrawn, &[E::DestroyGathered, E::ForgetAndBlock])
            }
            (S::Lapsed, M::Resumed) | (S::Withdrawn, M::WithdrawalUndone) => {
                (S::AwaitingVerification, &[E::SendVerification])
            }
            (S::Gathering, M::AddressDiffers) => {
                (S::AwaitingVerification, &[E::DestroyGathered, E::SendVerification])
            }
            (S::Gathering, M::Gathered(Needed, _) | M::Ripe(Needed))
            | (S::CoolingOff, M::Held)
            | (S::Executing, M::Held | M::ChangesStuck) => (S::InReview, &[]),
            (S::Gathering, M::Planned) => (S::InReview, &[E::SayPlanned]),
            (S::InReview, M::Approved(Cooling::Runs)) => (S::CoolingOff, &[E::SayDecided]),
            (S::InReview, M::Approved(Cooling::Over)) => {
                (S::Executing, &[E::SayDecided, E::StartErasing])
            }
            (S::CoolingOff, M::CooledOff) => (S::Executing, &[E::StartErasing]),
            (S::InReview | S::CoolingOff | S::Executing, M::PlanChanged) => {
                (S::Gathering, &[E::PlanAnew])
            }
            (S::Executing, M::Erased) => (S::Fulfilled, &[E::SayErased]),
            (S::Gathering, M::Gathered(NotNeeded, Something))
            | (S::InReview, M::Released(Something)) => (S::Executing, &[E::FinishArchive]),
            (S::Gathering, M::Gathered(NotNeeded, Nothing))
            | (S::InReview, M::Released(Nothing)) => (S::Fulfilled, &[E::SayNothingFound]),
            (S::InReview, M::ChangesApproved) => (S::Executing, &[E::StartCorrecting]),
            (S::InReview, M::ChangesDeclined) => {
                (S::Refused, &[E::DestroyGathered, E::SayCorrected])
            }
            (S::Executing, M::Corrected) => (S::Fulfilled, &[E::SayCorrected]),
            (S::Executing, M::ArchiveReady) => (S::Fulfilled, &[E::SayArchiveReady]),
            (
                S::AwaitingVerification | S::Gathering | S::InReview | S::CoolingOff | S::Executing,
                M::Withdrawn,
            ) => (S::Withdrawn, &[E::DestroyGathered, E::SayWithdrawn]),
            (S::Gathering | S::InReview | S::CoolingOff | S::Executing, M::Refused) => {
                (S::Refused, &[E::DestroyGathered, E::SayRefused])
            }
            (S::AwaitingVerification | S::Gathering | S::InReview, M::TakenForSpam) => {
                (S::Refused, &[E::DestroyGathered])
            }
            (from, tried) => return Err(WrongStatus { from, tried }),
        })
    }
}
