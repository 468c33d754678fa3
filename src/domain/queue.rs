//! What of the queue somebody wants to see: a view and filters, as they stand in an address.

use uuid::Uuid;

use super::code::stored_words;
use super::promise::PromiseState;
use super::request::Channel;
use super::right::Right;
use super::state::Status;
use crate::ids::StaffId;

stored_words!(Turn { Person = "person", Staff = "staff", Machine = "machine" });

/// Who has to act next.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Turn {
    /// The person.
    Person,
    /// Staff.
    Staff,
    /// The service.
    Machine,
}

stored_words!(QueueStage { Unverified = "unverified", Open = "open", Closed = "closed" });

/// Where a request stands for the queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum QueueStage {
    /// Out of sight: nobody has proved the address.
    Unverified,
    /// To be answered.
    Open,
    /// Done.
    Closed,
}

stored_words!(View {
    Open = "open",
    Mine = "mine",
    ForStaff = "for_staff",
    Unowned = "unowned",
    Blocked = "blocked",
    Waiting = "waiting",
    Unverified = "unverified",
    Closed = "closed",
    Spam = "spam",
});

/// A part of the queue. All but the last three show what is due first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum View {
    /// Everything that is to be answered.
    Open,
    /// One's own.
    Mine,
    /// Where staff have to act next.
    ForStaff,
    /// What is nobody's.
    Unowned,
    /// What something keeps from going on.
    Blocked,
    /// Where the person has to act next.
    Waiting,
    /// Nobody has proved the address yet.
    Unverified,
    /// Done.
    Closed,
    /// Taken for spam.
    Spam,
}

impl View {
    /// Where the requests of it stand.
    pub const fn stage(self) -> QueueStage {
        match self {
            Self::Unverified => QueueStage::Unverified,
            Self::Closed | Self::Spam => QueueStage::Closed,
            Self::Open
            | Self::Mine
            | Self::ForStaff
            | Self::Unowned
            | Self::Blocked
            | Self::Waiting => QueueStage::Open,
        }
    }

    /// Whether the newest comes first: where nothing is due.
    pub fn is_newest_first(self) -> bool {
        self.stage() != QueueStage::Open
    }
}

/// Whose requests.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Owner {
    /// Nobody's.
    Nobody,
    /// One colleague's.
    Staff(StaffId),
}

/// A view and what of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct QueueFilter {
    /// The view.
    pub view: View,
    /// Of this right alone.
    pub right: Option<Right>,
    /// That came this way alone.
    pub channel: Option<Channel>,
    /// In this status alone.
    pub status: Option<Status>,
    /// Of this colleague alone.
    pub owner: Option<Owner>,
    /// With an unanswered promise in this state alone: on time, at risk or overdue. Of a view of
    /// what is open.
    pub promise: Option<PromiseState>,
}

impl QueueFilter {
    /// A whole view.
    pub const fn of(view: View) -> Self {
        Self { view, right: None, channel: None, status: None, owner: None, promise: None }
    }

    /// Reads the pairs of an address; what is not known is left out, so that an old bookmark still
    /// shows something.
    pub fn from_pairs<'p>(pairs: impl Iterator<Item = (&'p str, &'p str)>) -> Self {
        let mut filter = Self::of(View::Open);
        for (name, value) in pairs {
            match name {
                "view" => filter.view = View::parse(value).unwrap_or(filter.view),
                "right" => filter.right = Right::parse(value),
                "channel" => filter.channel = Channel::parse(value),
                "status" => filter.status = Status::parse(value),
                "owner" if value == "nobody" => filter.owner = Some(Owner::Nobody),
                "owner" => {
                    filter.owner = value.parse::<Uuid>().ok().map(|id| Owner::Staff(StaffId(id)));
                }
                "promise" => {
                    filter.promise = PromiseState::parse(value).filter(|state| {
                        use PromiseState::{AtRisk, OnTime, Overdue};
                        matches!(state, OnTime | AtRisk | Overdue)
                    });
                }
                _ => {}
            }
        }
        // Only what is to be answered has a promise without an answer.
        filter.promise = filter.promise.filter(|_| filter.view.stage() == QueueStage::Open);
        filter
    }

    /// The pairs that [`QueueFilter::from_pairs`] reads back.
    pub fn to_pairs(self) -> Vec<(&'static str, String)> {
        let mut pairs = vec![("view", self.view.to_string())];
        let owner = self.owner.map(|owner| match owner {
            Owner::Nobody => "nobody".to_owned(),
            Owner::Staff(id) => id.to_string(),
        });
        let rest = [
            ("right", self.right.map(|word| word.to_string())),
            ("channel", self.channel.map(|word| word.to_string())),
            ("status", self.status.map(|word| word.to_string())),
            ("owner", owner),
            ("promise", self.promise.map(|word| word.to_string())),
        ];
        pairs.extend(rest.into_iter().filter_map(|(name, value)| Some((name, value?))));
        pairs
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use proptest::sample::select;

    proptest! {
        #[test]
        fn a_filter_survives_its_address(
            view in select(View::ALL),
            right in prop::option::of(select(Right::ALL)),
            channel in prop::option::of(select(Channel::ALL)),
            status in prop::option::of(select(Status::ALL)),
            owner in prop::option::of(prop_oneof![
                Just(Owner::Nobody),
                any::<u128>().prop_map(|id| Owner::Staff(StaffId(Uuid::from_u128(id)))),
            ]),
            promise in prop::option::of(select(&PromiseState::ALL[..3])),
        ) {
            let promise = promise.filter(|_| view.stage() == QueueStage::Open);
            let filter = QueueFilter { view, right, channel, status, owner, promise };
            let pairs = filter.to_pairs();
            let read = QueueFilter::from_pairs(pairs.iter().map(|(name, value)| (*name, value.as_str())));
            prop_assert_eq!(read, filter);
        }
    }

    #[test]
    fn what_is_not_known_is_left_out() {
        let pairs = [("view", "sideways"), ("right", "fly"), ("promise", "kept"), ("x", "y")];
        assert_eq!(QueueFilter::from_pairs(pairs.into_iter()), QueueFilter::of(View::Open));
    }
}
