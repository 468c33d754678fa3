//! Accounts: what an admin changes holds at once, and somebody can always change it back.

use futures::future::join;

use super::*;
use crate::db::testing::db_test;
use crate::domain::policy::{Action, Denied};
use crate::service::staff::{AccountChange, Changed};

/// The same database behind another process.
async fn elsewhere(office: &Office) -> Desk {
    Desk::new(
        office.db.again().await,
        Arc::clone(&office.clock) as _,
        Arc::new(OsEntropy),
        Arc::clone(&office.epochs),
        Arc::new(Stores::new()),
        Arc::new(settings()),
    )
}

db_test!(disabling_acts_at_once_everywhere, |db| async move {
    let office = Office::over(db);
    let admin = office.member(CLARA, &[Role::Admin]).await;
    let boris = office.clerk(BORIS, &[Role::Officer]).await;
    let cookie = office.sign_in(&boris).await;
    let node = elsewhere(&office).await;
    assert!(node.member(&cookie).await.unwrap().is_some());
    let change = AccountChange::Disable;
    let done = office.desk.change_account(Some(&admin), boris.id, &change).await.unwrap();
    assert_eq!(done, Changed::Done);
    assert!(node.member(&cookie).await.unwrap().is_none());
    assert!(node.step_up(&cookie, &office.code(&boris)).await.unwrap().is_none());
    assert_eq!(office.count("staff_session", "1 = 1").await, 1, "only the admin's");
    let typed = office.try_in(BORIS, PASSWORD, &office.code(&boris)).await;
    assert!(matches!(typed, SignIn::Wrong));

    // Nor does an invitation that was still open help.
    let open = office.invite("dora@example.com", &[Role::Agent]).await;
    office.desk.change_account(Some(&admin), open.staff, &change).await.unwrap();
    assert!(node.enrolment(&open.token).await.unwrap().is_none());

    // Only being invited anew does.
    let back = office.invite(BORIS, &[Role::Agent]).await;
    assert_eq!(back.staff, boris.id);
    let boris = office.take_up(&back, BORIS).await;
    office.sign_in(&boris).await;
});

db_test!(other_roles_hold_at_once_everywhere, |db| async move {
    let office = Office::over(db);
    let admin = office.member(CLARA, &[Role::Admin]).await;
    let boris = office.clerk(BORIS, &[Role::Officer]).await;
    let cookie = office.sign_in(&boris).await;
    let node = elsewhere(&office).await;
    let may = async |action| {
        let signed = node.member(&cookie).await.unwrap().unwrap();
        signed.member.may(action, office.desk.now())
    };
    assert_eq!(may(Action::Release).await, Ok(()));
    let change = AccountChange::Roles(roles(&[Role::Agent, Role::Auditor]));
    let done = office.desk.change_account(Some(&admin), boris.id, &change).await.unwrap();
    assert_eq!(done, Changed::Done);
    assert_eq!(may(Action::Release).await, Err(Denied::Role));
    assert_eq!(may(Action::SeeAccounts).await, Ok(()));
});

db_test!(only_an_admin_with_a_fresh_factor_changes_accounts, |db| async move {
    let office = Office::over(db);
    let admin = office.member(CLARA, &[Role::Admin]).await;
    let others = office.member(BORIS, &[Role::Officer, Role::Agent, Role::Auditor]).await;
    let change = async |by: &Member, id, change: AccountChange| {
        office.desk.change_account(Some(by), id, &change).await.unwrap()
    };
    let denied = change(&others, admin.id, AccountChange::Disable).await;
    assert_eq!(denied, Changed::Denied(Denied::Role));
    assert_eq!(change(&admin, admin.id, AccountChange::Disable).await, Changed::Own);
    let less = AccountChange::Roles(roles(&[Role::Agent]));
    assert_eq!(change(&admin, admin.id, less).await, Changed::Own);
    let nobody = StaffId(uuid::Uuid::nil());
    assert_eq!(change(&admin, nobody, AccountChange::Disable).await, Changed::Unknown);
    office.pass(minutes(5));
    let stale = change(&admin, others.id, AccountChange::Disable).await;
    assert_eq!(stale, Changed::Denied(Denied::StaleFactor));
    assert_eq!(office.count("staff", "state = 'active'").await, 2);

    assert!(office.desk.accounts(Some(&others)).await.unwrap().is_ok(), "an auditor looks");
    let agent = office.member("dora@example.com", &[Role::Agent]).await;
    assert_eq!(office.desk.accounts(Some(&agent)).await.unwrap().err(), Some(Denied::Role));
});

db_test!(of_two_admins_who_part_in_anger_one_stays, |db| async move {
    let office = Office::over(db);
    let boris = office.member(BORIS, &[Role::Admin]).await;
    let clara = office.member(CLARA, &[Role::Admin, Role::Officer]).await;
    let less = AccountChange::Roles(roles(&[Role::Auditor]));
    let (one, other) = join(
        office.desk.change_account(Some(&boris), clara.id, &AccountChange::Disable),
        office.desk.change_account(Some(&clara), boris.id, &less),
    )
    .await;
    let mut done = [one.unwrap(), other.unwrap()];
    done.sort_by_key(|done| *done != Changed::Done);
    assert_eq!(done, [Changed::Done, Changed::LastAdmin]);
    let accounts = office.desk.accounts(None).await.unwrap().unwrap();
    let admins = accounts.iter().filter(|account| {
        account.state.as_str() == "active" && account.roles.contains(&Role::Admin)
    });
    let last = admins.map(|account| account.id).collect::<Vec<_>>();
    assert_eq!(last.len(), 1);
    // Nor can the other one, who has not noticed yet, invite them anew.
    let (gone, left) = if last == [boris.id] { (&clara, BORIS) } else { (&boris, CLARA) };
    let again =
        office.desk.invite(Some(gone), &email(left), &roles(&[Role::Admin]), Language::En).await;
    assert_eq!(again.unwrap().err(), Some(Denied::Role));
    // Whoever has the machine can do all of it.
    let done = office.desk.change_account(None, last[0], &AccountChange::Disable).await.unwrap();
    assert_eq!(done, Changed::Done);
});

db_test!(who_can_approve_and_who_can_be_given_a_request, |db| async move {
    let office = Office::over(db);
    assert!(!office.desk.has_staff().await.unwrap());
    office.clerk(BORIS, &[Role::Officer]).await;
    let gone = office.clerk("gone@example.com", &[Role::Officer]).await;
    office.desk.change_account(None, gone.id, &AccountChange::Disable).await.unwrap();
    office.invite(CLARA, &[Role::Officer]).await;
    office.clerk("dora@example.com", &[Role::Agent, Role::Admin]).await;
    office.clerk("emil@example.com", &[Role::Admin, Role::Auditor]).await;
    assert!(office.desk.has_staff().await.unwrap());
    assert_eq!(office.desk.able_to(Action::Approve).await.unwrap(), 1);
    let colleagues = office.desk.colleagues().await.unwrap();
    let takes: Vec<bool> = colleagues.iter().map(|colleague| colleague.takes_requests).collect();
    assert_eq!(takes, [true, false, false, true, false]);
    assert_eq!(colleagues[2].name, "c•••@e•••.com", "masked as long as there is no name");
});

db_test!(what_is_done_to_accounts_stands_in_the_trail_without_an_address, |db| async move {
    let office = Office::over(db);
    let admin = office.member(CLARA, &[Role::Admin]).await;
    let invitation = office.invite(BORIS, &[Role::Officer]).await;
    office.pass(seconds(1));
    let boris = office.take_up(&invitation, BORIS).await;
    let (first, second) = (office.sign_in(&boris).await, office.sign_in(&boris).await);
    let session = async |cookie| office.desk.member(cookie).await.unwrap().unwrap().session;
    let (first, second) = (session(&first).await, session(&second).await);
    office.desk.end_session(boris.id, first).await.unwrap();
    office.pass(seconds(1));
    office.desk.end_other_sessions(boris.id, second).await.unwrap();
    for change in [AccountChange::Roles(roles(&[Role::Agent])), AccountChange::Disable] {
        office.pass(seconds(1));
        office.desk.change_account(Some(&admin), boris.id, &change).await.unwrap();
    }
    office.pass(seconds(1));
    office.invite(BORIS, &[Role::Agent]).await;
    office.desk.seal_events().await.unwrap();
    assert_eq!(office.count("house_event", "1 = 1").await, 0, "the trail alone tells of them");
    let mut lines = Vec::new();
    let read = office.desk.read_audit(Vec::new(), |line| lines.push(line.to_owned())).await;
    assert_eq!(read.unwrap().unwrap().unsealed, 0);
    let (of_boris, by) = (format!("\"account\":\"{}\"", boris.id), format!("{}", admin.id));
    lines.retain(|line| line.contains(&of_boris));
    let kinds = [
        ("account.invited", "system"),
        ("account.enabled", "staff"),
        ("account.session_ended", "staff"),
        ("account.other_sessions_ended", "staff"),
        ("account.roles_changed", "staff"),
        ("account.disabled", "staff"),
        ("account.invited_anew", "system"),
    ];
    assert_eq!(lines.len(), kinds.len(), "{lines:?}");
    for ((kind, actor), line) in kinds.iter().zip(&lines) {
        assert!(line.contains(&format!("\"kind\":\"{kind}\"")), "{line}");
        assert!(line.contains(&format!("\"actor\":\"{actor}\"")), "{line}");
        assert!(!line.contains('@') && !line.contains("\"request\""), "{line}");
    }
    assert!(lines[4].contains("\"from\":[\"officer\"],\"to\":[\"agent\"]"), "{}", lines[4]);
    assert!(lines[4].contains(&by) && lines[5].contains(&by));
});
