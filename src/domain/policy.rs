//! Who may do what: the one table of roles and actions. Pages, use cases and the tests of every
//! route read it; nothing else decides.

use jiff::Timestamp;

use super::code::stored_words;
use super::staff::{AccountState, Member, Role};

stored_words!(Action {
    SeeQueue = "see_queue",
    SeeRequest = "see_request",
    Write = "write",
    Note = "note",
    Assign = "assign",
    Enter = "enter",
    MarkSpam = "mark_spam",
    Retry = "retry",
    Pause = "pause",
    Tell = "tell",
    Skip = "skip",
    Clear = "clear",
    Release = "release",
    Refuse = "refuse",
    Reply = "reply",
    Approve = "approve",
    Extend = "extend",
    SetRegime = "set_regime",
    Hold = "hold",
    Restrict = "restrict",
    ChildData = "child_data",
    Reveal = "reveal",
    Answer = "answer",
    Revoke = "revoke",
    SeeReport = "see_report",
    SeeEvents = "see_events",
    SeeAccounts = "see_accounts",
    ChangeAccounts = "change_accounts",
    SeeStores = "see_stores",
    SeeWebhooks = "see_webhooks",
    ReplayWebhook = "replay_webhook",
    OwnAccount = "own_account",
});

/// What staff can do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Action {
    /// Look at what is due.
    SeeQueue,
    /// Open one request. Identity stays masked.
    SeeRequest,
    /// Write to the person.
    Write,
    /// Leave a note for colleagues.
    Note,
    /// Say whose a request is.
    Assign,
    /// Enter a request that came by phone, letter or in person.
    Enter,
    /// Take a request for spam.
    MarkSpam,
    /// Ask a store again, or do a dead job again.
    Retry,
    /// Let work rest, and take it up again.
    Pause,
    /// Say that a recipient of data was told what was done, or has acknowledged it.
    Tell,
    /// Leave a store out, which is disclosed.
    Skip,
    /// Say that a human has looked at a blocker.
    Clear,
    /// Let the archive out.
    Release,
    /// Refuse, with ground and facts.
    Refuse,
    /// Answer in words: a complaint, an appeal, the review of a decision.
    Reply,
    /// Approve a deletion.
    Approve,
    /// Take the longer statutory time.
    Extend,
    /// Say which law holds for a request, which may make its date later.
    SetRegime,
    /// Keep data from being touched, or let them go again.
    Hold,
    /// Restrict processing of a person's data, and announce that a restriction ends.
    Restrict,
    /// Say that the company holds data of a child that it must not hold, which opens a deletion.
    ChildData,
    /// See who asks, and single things of an archive.
    Reveal,
    /// Say that the answer went out by letter.
    Answer,
    /// Destroy an archive before its time is over.
    Revoke,
    /// Read how the promise was kept.
    SeeReport,
    /// Read what happened, without personal data.
    SeeEvents,
    /// See who has an account.
    SeeAccounts,
    /// Invite, change and disable accounts, and end their sessions.
    ChangeAccounts,
    /// See how the stores are.
    SeeStores,
    /// See which programs are told of requests, and how that goes.
    SeeWebhooks,
    /// Tell a program once more.
    ReplayWebhook,
    /// One's own sessions and sign-out.
    OwnAccount,
}

impl Action {
    /// Whether it hurts enough to ask for the second factor again.
    pub const fn needs_fresh_factor(self) -> bool {
        matches!(
            self,
            Self::Release
                | Self::Refuse
                | Self::Reply
                | Self::Approve
                | Self::Reveal
                | Self::Hold
                | Self::Restrict
                | Self::ChildData
                | Self::Clear
                | Self::Skip
                | Self::Revoke
                | Self::ChangeAccounts
        )
    }
}

/// The table. An officer may do all that an agent may.
pub const fn allows(role: Role, action: Action) -> bool {
    use Action as A;
    match action {
        A::OwnAccount => true,
        A::SeeQueue
        | A::SeeRequest
        | A::Write
        | A::Note
        | A::Assign
        | A::Enter
        | A::MarkSpam
        | A::Retry
        | A::Pause
        | A::Tell => matches!(role, Role::Agent | Role::Officer),
        A::Skip
        | A::Clear
        | A::Release
        | A::Refuse
        | A::Reply
        | A::Approve
        | A::Extend
        | A::SetRegime
        | A::Hold
        | A::Restrict
        | A::ChildData
        | A::Reveal
        | A::Answer
        | A::Revoke => matches!(role, Role::Officer),
        A::SeeReport => matches!(role, Role::Agent | Role::Officer | Role::Admin | Role::Auditor),
        A::SeeEvents => matches!(role, Role::Officer | Role::Auditor),
        A::SeeAccounts => matches!(role, Role::Admin | Role::Auditor),
        A::ChangeAccounts | A::SeeWebhooks | A::ReplayWebhook => matches!(role, Role::Admin),
        A::SeeStores => matches!(role, Role::Officer | Role::Admin | Role::Auditor),
    }
}

/// Why somebody may not.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum Denied {
    /// The account is not in use.
    #[error("this account cannot be used")]
    Account,
    /// No role of theirs may.
    #[error("none of your roles may do this")]
    Role,
    /// The second factor was shown too long ago.
    #[error("show your second factor again")]
    StaleFactor,
}

impl Member {
    /// Whether they may do `action` at `now`, their second factor included.
    pub fn may(&self, action: Action, now: Timestamp) -> Result<(), Denied> {
        self.is_entitled(action)?;
        if action.needs_fresh_factor() && !self.is_fresh(now) {
            return Err(Denied::StaleFactor);
        }
        Ok(())
    }

    /// As [`Member::may`], without a look at the age of the second factor: for showing the way.
    pub fn is_entitled(&self, action: Action) -> Result<(), Denied> {
        if self.state != AccountState::Active {
            return Err(Denied::Account);
        }
        if self.roles.iter().any(|role| allows(*role, action)) { Ok(()) } else { Err(Denied::Role) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::staff::FRESH;
    use crate::ids::StaffId;
    use jiff::SignedDuration;
    use uuid::Uuid;

    fn member(roles: &[Role], state: AccountState) -> (Member, Timestamp) {
        let now: Timestamp = "2026-11-21T10:00:00Z".parse().unwrap();
        let roles = roles.iter().copied().collect();
        (Member { id: StaffId(Uuid::nil()), roles, state, stepped_up_at: now }, now)
    }

    #[test]
    fn only_active_accounts_may_do_anything() {
        for state in [AccountState::Invited, AccountState::Disabled] {
            let (member, now) = member(Role::ALL, state);
            for action in Action::ALL {
                assert_eq!(member.may(*action, now), Err(Denied::Account), "{action}");
            }
        }
    }

    #[test]
    fn every_action_has_somebody_who_may_and_nobody_may_all() {
        for action in Action::ALL {
            assert!(Role::ALL.iter().any(|role| allows(*role, *action)), "{action}");
        }
        for role in Role::ALL {
            assert!(!Action::ALL.iter().all(|action| allows(*role, *action)), "{role}");
        }
    }

    #[test]
    fn an_auditor_sees_no_request_and_changes_nothing() {
        let may: Vec<Action> =
            Action::ALL.iter().copied().filter(|action| allows(Role::Auditor, *action)).collect();
        assert_eq!(
            may,
            [
                Action::SeeReport,
                Action::SeeEvents,
                Action::SeeAccounts,
                Action::SeeStores,
                Action::OwnAccount,
            ]
        );
    }

    #[test]
    fn an_officer_may_all_that_an_agent_may() {
        for action in Action::ALL {
            assert!(!allows(Role::Agent, *action) || allows(Role::Officer, *action), "{action}");
        }
    }

    #[test]
    fn an_old_second_factor_keeps_from_what_hurts_and_from_nothing_else() {
        let (member, now) = member(&[Role::Officer], AccountState::Active);
        let late = now + FRESH + SignedDuration::from_millis(1);
        assert_eq!(member.may(Action::Release, now + FRESH), Ok(()));
        assert_eq!(member.may(Action::Release, late), Err(Denied::StaleFactor));
        assert_eq!(member.may(Action::Note, late), Ok(()));
        assert_eq!(
            member.may(Action::Release, now - SignedDuration::from_secs(1)),
            Err(Denied::StaleFactor)
        );
    }

    #[test]
    fn the_table_in_the_documentation_is_this_one() {
        let page = include_str!("../../docs/staff.md");
        let told: Vec<(String, Vec<bool>)> = page
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once("` |"))
            .map(|(action, rest)| {
                // What stands before the first bar is for people.
                let cells = rest.trim_end().trim_end_matches('|').split('|').skip(1);
                (action.to_owned(), cells.map(|cell| cell.trim() == "yes").collect())
            })
            .collect();
        let real: Vec<(String, Vec<bool>)> = Action::ALL
            .iter()
            .map(|action| {
                let mut cells: Vec<bool> =
                    Role::ALL.iter().map(|role| allows(*role, *action)).collect();
                cells.push(action.needs_fresh_factor());
                (action.as_str().to_owned(), cells)
            })
            .collect();
        assert_eq!(told, real);
    }
}
