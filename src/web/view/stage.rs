//! Where a request stands, for its person.

/// Where a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stage {
    /// Nobody has confirmed it yet.
    AwaitingCode,
    /// The stores are being asked.
    Gathering,
    /// A person here looks at the answer.
    InReview,
    /// The archive is being made.
    Finishing,
    /// A deletion that is approved and has not begun.
    CoolingOff,
    /// A person looks at what would be deleted.
    Approving,
    /// Being deleted.
    Erasing,
    /// Deleted.
    Erased,
    /// Deleted, but for what a rule wants kept or what goes later.
    ErasedInPart,
    /// What was approved is being put right.
    Correcting,
    /// All of it is put right.
    Corrected,
    /// A part of it is put right.
    CorrectedInPart,
    /// The archive is there.
    Ready,
    /// The archive is there, and some stores still owe their part.
    ReadyInPart,
    /// Answered with an archive whose time is over.
    Expired,
    /// Answered: no store knows the person.
    NothingFound,
    /// Answered in words.
    Answered,
    /// Answered with reasons and without data.
    Refused,
    /// What the person said holds, and is being written into the stores.
    Setting,
    /// It holds and was read back.
    Applied,
    /// A restriction will be lifted.
    Lifting,
    /// A restriction was lifted.
    Lifted,
    /// The person withdrew it.
    Withdrawn,
    /// Nobody confirmed it in time.
    Lapsed,
}

impl Stage {
    /// Title and explanation.
    pub(super) const fn ids(self) -> [&'static str; 2] {
        match self {
            Self::AwaitingCode => ["web-stage-awaiting", "web-stage-awaiting-text"],
            Self::Gathering => ["web-stage-gathering", "web-stage-gathering-text"],
            Self::InReview => ["web-stage-review", "web-stage-review-text"],
            Self::Finishing => ["web-stage-finishing", "web-stage-finishing-text"],
            Self::CoolingOff => ["web-stage-cooling", "web-stage-cooling-text"],
            Self::Approving => ["web-stage-approving", "web-stage-approving-text"],
            Self::Erasing => ["web-stage-erasing", "web-stage-erasing-text"],
            Self::Erased => ["web-stage-erased", "web-stage-erased-text"],
            Self::ErasedInPart => ["web-stage-erased-part", "web-stage-erased-part-text"],
            Self::Correcting => ["web-stage-correcting", "web-stage-correcting-text"],
            Self::Corrected => ["web-stage-corrected", "web-stage-corrected-text"],
            Self::CorrectedInPart => ["web-stage-corrected-part", "web-stage-corrected-part-text"],
            Self::Ready => ["web-stage-ready", "web-stage-ready-text"],
            Self::ReadyInPart => ["web-stage-part", "web-stage-part-text"],
            Self::Expired => ["web-stage-expired", "web-stage-expired-text"],
            Self::NothingFound => ["web-stage-nothing", "web-stage-nothing-text"],
            Self::Answered => ["web-stage-answered", "web-stage-answered-text"],
            Self::Refused => ["web-stage-refused", "web-stage-refused-text"],
            Self::Setting => ["flag-stage-setting", "flag-stage-setting-text"],
            Self::Applied => ["flag-stage-applied", "flag-stage-applied-text"],
            Self::Lifting => ["flag-stage-lifting", "flag-stage-lifting-text"],
            Self::Lifted => ["flag-stage-lifted", "flag-stage-lifted-text"],
            Self::Withdrawn => ["web-stage-withdrawn", "web-stage-withdrawn-text"],
            Self::Lapsed => ["web-stage-lapsed", "web-stage-lapsed-text"],
        }
    }

    pub(super) const fn icon(self) -> &'static str {
        match self {
            Self::AwaitingCode
            | Self::Gathering
            | Self::InReview
            | Self::Finishing
            | Self::CoolingOff
            | Self::Approving
            | Self::Erasing
            | Self::Correcting
            | Self::Setting
            | Self::Lifting => "clock",
            Self::Erased
            | Self::ErasedInPart
            | Self::Corrected
            | Self::CorrectedInPart
            | Self::Applied
            | Self::Lifted
            | Self::Ready
            | Self::ReadyInPart
            | Self::Expired
            | Self::NothingFound => "check",
            Self::Refused | Self::Answered => "letter",
            Self::Withdrawn | Self::Lapsed => "cross",
        }
    }

    /// How many steps lie behind it; `None` where the way ended early.
    pub(super) const fn steps_done(self) -> Option<usize> {
        match self {
            Self::AwaitingCode => Some(1),
            Self::Gathering => Some(2),
            Self::InReview | Self::Finishing | Self::Approving | Self::Correcting => Some(3),
            Self::CoolingOff | Self::Erasing | Self::Setting => Some(4),
            Self::Corrected
            | Self::CorrectedInPart
            | Self::Ready
            | Self::Erased
            | Self::ErasedInPart
            | Self::Applied
            | Self::Lifting
            | Self::Lifted
            | Self::ReadyInPart
            | Self::Expired
            | Self::NothingFound
            | Self::Answered
            | Self::Refused => Some(5),
            Self::Withdrawn | Self::Lapsed => None,
        }
    }
}
