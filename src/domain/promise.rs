//! The answer promise: so many elapsed hours from receipt, measured honestly.
//!
//! It runs from `received_at`, which never moves, and knows no pauses. Waiting for the person is
//! measured beside it and never deducted from the figure that is promised.

use jiff::{SignedDuration, Timestamp};

use super::code::stored_words;

stored_words!(PromiseState {
    OnTime = "on_time",
    AtRisk = "at_risk",
    Overdue = "overdue",
    Kept = "kept",
    KeptNet = "kept_net",
    Missed = "missed",
});

/// How the promise stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum PromiseState {
    /// Less than three quarters of the time are gone.
    OnTime,
    /// Three quarters or more.
    AtRisk,
    /// The time is over and there is no answer.
    Overdue,
    /// Answered in time.
    Kept,
    /// Answered late, but in time had the person not been waited for.
    KeptNet,
    /// Answered late.
    Missed,
}

/// What the promise is computed from: facts of the request, nothing else.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct PromiseFacts {
    /// When any channel accepted the request.
    pub received_at: Timestamp,
    /// When the person first proved the address; before that there is no state.
    pub verified_at: Option<Timestamp>,
    /// When the answer was sent.
    pub answered_at: Option<Timestamp>,
    /// Time spent waiting for the person that is over.
    pub waited: SignedDuration,
    /// Since when the person is being waited for, if so now.
    pub waiting_since: Option<Timestamp>,
}

/// The promise at one moment.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Promise {
    /// Until when the answer is due.
    pub due_at: Timestamp,
    /// How it stands; `None` before verification.
    pub state: Option<PromiseState>,
    /// Elapsed from receipt to the answer, or to now.
    pub gross: SignedDuration,
    /// The same without the time spent waiting for the person.
    pub net: SignedDuration,
    /// Whether the person is being waited for.
    pub waiting_on_person: bool,
}

impl Promise {
    /// Looks at `facts` at `now` with a promise of `hours`.
    ///
    /// ```
    /// # use rightsdesk::domain::promise::{Promise, PromiseFacts, PromiseState};
    /// # use jiff::SignedDuration;
    /// let facts = PromiseFacts {
    ///     received_at: "2026-03-01T12:00:00Z".parse().unwrap(),
    ///     verified_at: Some("2026-03-01T12:05:00Z".parse().unwrap()),
    ///     answered_at: Some("2026-03-04T12:00:00Z".parse().unwrap()),
    ///     waited: SignedDuration::from_mins(5),
    ///     waiting_since: None,
    /// };
    /// let promise = Promise::at(&facts, 72, "2026-04-01T00:00:00Z".parse().unwrap());
    /// assert_eq!(promise.state, Some(PromiseState::Kept));
    /// ```
    pub fn at(facts: &PromiseFacts, hours: u32, now: Timestamp) -> Self {
        let allowed = SignedDuration::from_hours(i64::from(hours));
        let until = facts.answered_at.unwrap_or(now).max(facts.received_at);
        let gross = until.duration_since(facts.received_at);
        let open_wait = facts
            .waiting_since
            .map_or(SignedDuration::ZERO, |since| until.duration_since(since.min(until)));
        let waited = (facts.waited + open_wait).clamp(SignedDuration::ZERO, gross);
        let net = gross - waited;
        let state = facts.verified_at.map(|_| match facts.answered_at {
            Some(_) if gross <= allowed => PromiseState::Kept,
            Some(_) if net <= allowed => PromiseState::KeptNet,
            Some(_) => PromiseState::Missed,
            None if gross >= allowed => PromiseState::Overdue,
            None if gross.as_millis() * 4 >= allowed.as_millis() * 3 => PromiseState::AtRisk,
            None => PromiseState::OnTime,
        });
        Self {
            due_at: facts.received_at + allowed,
            state,
            gross,
            net,
            waiting_on_person: facts.waiting_since.is_some() && facts.answered_at.is_none(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn start() -> Timestamp {
        "2026-03-27T10:00:00Z".parse().unwrap()
    }

    fn facts() -> PromiseFacts {
        PromiseFacts {
            received_at: start(),
            verified_at: Some(start() + SignedDuration::from_hours(1)),
            answered_at: None,
            waited: SignedDuration::from_hours(1),
            waiting_since: None,
        }
    }

    fn state_after(hours: i64, facts: PromiseFacts) -> Option<PromiseState> {
        Promise::at(&facts, 72, start() + SignedDuration::from_hours(hours)).state
    }

    #[test]
    fn it_grows_urgent_and_then_late() {
        assert_eq!(state_after(53, facts()), Some(PromiseState::OnTime));
        assert_eq!(state_after(54, facts()), Some(PromiseState::AtRisk), "75 % of 72 hours");
        assert_eq!(state_after(71, facts()), Some(PromiseState::AtRisk));
        assert_eq!(state_after(72, facts()), Some(PromiseState::Overdue));
    }

    #[test]
    fn it_counts_elapsed_hours_through_a_change_of_summer_time() {
        let due = Promise::at(&facts(), 72, start()).due_at;
        assert_eq!(due.to_string(), "2026-03-30T10:00:00Z");
    }

    #[test]
    fn before_verification_there_is_no_state() {
        assert_eq!(state_after(100, PromiseFacts { verified_at: None, ..facts() }), None);
    }

    #[test]
    fn waiting_for_the_person_is_shown_and_never_deducted() {
        let answered = |hours| PromiseFacts {
            answered_at: Some(start() + SignedDuration::from_hours(hours)),
            waited: SignedDuration::from_hours(10),
            ..facts()
        };
        assert_eq!(state_after(500, answered(72)), Some(PromiseState::Kept));
        assert_eq!(state_after(500, answered(73)), Some(PromiseState::KeptNet));
        assert_eq!(state_after(500, answered(82)), Some(PromiseState::KeptNet));
        assert_eq!(state_after(500, answered(83)), Some(PromiseState::Missed));
    }

    #[test]
    fn a_withdrawn_stop_runs_on_from_receipt() {
        let kept = PromiseFacts { answered_at: Some(start()), ..facts() };
        assert_eq!(state_after(80, kept), Some(PromiseState::Kept));
        let bounced = PromiseFacts { answered_at: None, ..kept };
        assert_eq!(state_after(80, bounced), Some(PromiseState::Overdue));
    }

    proptest! {
        #[test]
        fn net_never_exceeds_gross_and_due_never_moves(
            answered in prop::option::of(0_i64..1_000_000),
            waited in -1_000_i64..1_000_000,
            since in prop::option::of(0_i64..1_000_000),
            now in 0_i64..1_000_000,
        ) {
            let second = |s| start() + SignedDuration::from_secs(s);
            let facts = PromiseFacts {
                received_at: start(),
                verified_at: Some(start()),
                answered_at: answered.map(second),
                waited: SignedDuration::from_secs(waited),
                waiting_since: since.map(second),
            };
            let promise = Promise::at(&facts, 72, second(now));
            prop_assert!(promise.net <= promise.gross);
            prop_assert!(!promise.net.is_negative());
            prop_assert_eq!(promise.due_at, start() + SignedDuration::from_hours(72));
        }
    }
}
