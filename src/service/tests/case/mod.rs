//! What staff decide: each verb, who may, when it can be, and what follows.

mod decide;
mod never;
mod stores;

use uuid::Uuid;

use super::*;
use crate::db::testing::db_test;
use crate::domain::policy::{Action, Denied, allows};
use crate::domain::staff::{AccountState, Member, Role};
use crate::domain::state::Status;
use crate::ids::StaffId;
use crate::service::ServiceError;
use crate::service::case::Deed;

fn text(words: &str) -> TypedText {
    TypedText::block(words, 4_000).unwrap().unwrap()
}

impl Office {
    /// Somebody with these roles and a fresh second factor.
    fn with_roles(&self, roles: &[Role]) -> Member {
        Member {
            id: StaffId(Uuid::from_u128(7)),
            roles: roles.iter().copied().collect(),
            state: AccountState::Active,
            stepped_up_at: self.desk.now(),
        }
    }

    fn officer(&self) -> Member {
        self.with_roles(&[Role::Officer])
    }

    /// A request that waits for somebody to look.
    pub(super) async fn gathered(&self) -> Case {
        let case = self.open(ADA, &[Right::Access]).await;
        self.gather(case.id).await;
        self.send().await;
        assert_eq!(self.status(&case).await, Status::InReview);
        case
    }

    /// A request of somebody without a mailbox, whom staff knows.
    async fn enter_by_letter(&self) -> Reference {
        use crate::domain::request::Channel;
        use crate::domain::subject::{KeyKind, SubjectKey};
        use crate::service::enter::{Entered, Entry};
        let contact = Contact {
            identifiers: vec![SubjectKey::new(KeyKind::email(), "old@example.org").unwrap()],
            details: TypedText::line("1 Way, Town", 100).unwrap(),
            ..Contact::default()
        };
        let entry = Entry {
            purposes: Vec::new(),
            scope: crate::domain::request::Scope::Everything,
            channel: Channel::Letter,
            received_at: self.desk.now(),
            reason: None,
            rights: vec![Right::Access],
            contact,
            language: Language::En,
            country: None,
            on_behalf: false,
            wishes: crate::service::lodge::Wishes::default(),
            papers: Vec::new(),
            vouched: true,
            changes: Vec::new(),
        };
        match self.desk.enter(&self.officer(), entry).await.unwrap() {
            Entered::Done(reference) => reference,
            other => panic!("entered, not {other:?}"),
        }
    }

    async fn status(&self, case: &Case) -> Status {
        self.request(&case.reference).await.status
    }

    /// Tries every verb that there is, each with what it asks for.
    async fn try_all(&self, by: &Member, at: &Reference) -> Vec<(Action, Deed)> {
        use crate::domain::decision::{PauseGround, RefusalGround};
        use crate::domain::gather::{Blocker, SkipReason};
        use crate::domain::particulars::Verdict;
        let (desk, words) = (&self.desk, text("because"));
        let done = |deed: Result<Deed, ServiceError>| deed.unwrap();
        let found = crate::service::child::FoundAt::Request(at.clone());
        let child = match desk.child_data_found(by, found, &words).await.unwrap() {
            crate::service::child::ChildFound::Not(deed) => deed,
            _ => Deed::Done,
        };
        let reveal = match desk.reveal(by, at, &words).await.unwrap() {
            Ok(_) => Deed::Done,
            Err(deed) => deed,
        };
        vec![
            (Action::Note, done(desk.note(by, at, &words).await)),
            (Action::Write, done(desk.write_to_person(by, at, &words).await)),
            (Action::Assign, done(desk.assign(by, at, None).await)),
            (Action::Reveal, reveal),
            (Action::ChildData, child),
            (Action::Pause, done(desk.pause(by, at, PauseGround::Internal, None).await)),
            (Action::Pause, done(desk.go_on(by, at).await)),
            (Action::Hold, done(desk.hold(by, at, self.desk.now() + days(9), &words).await)),
            (Action::Hold, done(desk.lift_hold(by, at, &words).await)),
            (Action::Extend, done(desk.extend(by, at, &words).await)),
            (Action::SetRegime, done(desk.choose_regime(by, at, None, &words).await)),
            (Action::Retry, done(desk.retry(by, at, Some("shop")).await)),
            (Action::Skip, done(desk.skip(by, at, "shop", SkipReason::ShutDown, None).await)),
            (Action::Clear, done(desk.clear(by, at, Blocker::TwoPeople, &words).await)),
            (Action::Release, done(desk.release(by, at).await)),
            (Action::Refuse, done(desk.refuse(by, at, RefusalGround::Excessive, &words).await)),
            (Action::Reply, done(desk.reply(by, at, Verdict::Partly, &words).await)),
            (
                Action::Refuse,
                done(desk.withhold(by, at, "shop", RefusalGround::Excessive, &words).await),
            ),
            (Action::Refuse, done(desk.give(by, at, "shop").await)),
            (Action::MarkSpam, done(desk.mark_spam(by, at).await)),
        ]
    }
}

db_test!(each_verb_asks_the_policy, |db| async move {
    let office = Office::reviewed(db);
    for role in Role::ALL {
        // Only so many codes an hour go to one address.
        office.pass(hours(2));
        let case = office.gathered().await;
        for (action, deed) in office.try_all(&office.with_roles(&[*role]), &case.reference).await {
            let denied = deed == Deed::Denied(Denied::Role);
            assert_eq!(denied, !allows(*role, action), "{role} {action}: {deed:?}");
        }
    }
});

db_test!(nobody_decides_with_an_account_that_is_not_in_use, |db| async move {
    let office = Office::reviewed(db);
    let case = office.gathered().await;
    let before = office.events(case.id).await;
    for state in [AccountState::Invited, AccountState::Disabled] {
        let by = Member { state, ..office.with_roles(Role::ALL) };
        for (action, deed) in office.try_all(&by, &case.reference).await {
            assert_eq!(deed, Deed::Denied(Denied::Account), "{action}");
        }
    }
    assert_eq!(office.events(case.id).await, before, "and nothing is kept of it");
});

db_test!(what_hurts_needs_a_fresh_second_factor, |db| async move {
    let office = Office::reviewed(db);
    let case = office.gathered().await;
    let by = office.officer();
    office.pass(minutes(6));
    for (action, deed) in office.try_all(&by, &case.reference).await {
        let stale = deed == Deed::Denied(Denied::StaleFactor);
        assert_eq!(stale, action.needs_fresh_factor(), "{action}: {deed:?}");
    }
});

db_test!(a_request_that_is_not_there_is_said_to_be_so, |db| async move {
    let office = Office::reviewed(db);
    let nowhere = Reference::parse("R-22222222").unwrap();
    for (action, deed) in office.try_all(&office.officer(), &nowhere).await {
        assert_eq!(deed, Deed::NoSuchRequest, "{action}");
    }
    assert!(office.desk.case(&office.officer(), &nowhere).await.unwrap().unwrap().is_none());
});
