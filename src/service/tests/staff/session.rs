//! Sessions: how they go on and how they end.

use super::*;
use crate::db::testing::db_test;
use crate::domain::policy::{Action, Denied};
use crate::domain::staff::ABSOLUTE;

db_test!(half_an_hour_without_a_click_ends_a_session, |db| async move {
    let office = Office::over(db);
    let boris = office.clerk(BORIS, &[Role::Officer]).await;
    let cookie = cookie(office.try_in(BORIS, PASSWORD, &office.code(&boris)).await);
    let seen = async || office.desk.sessions(boris.id).await.unwrap()[0].seen_at;
    let began = office.desk.now();
    office.pass(seconds(59));
    assert!(office.signed(&cookie).await.is_some());
    assert_eq!(seen().await, began, "written down once a minute at most");
    office.pass(seconds(1));
    assert!(office.signed(&cookie).await.is_some());
    assert_eq!(seen().await, office.desk.now());
    office.pass(minutes(30) - seconds(1));
    assert!(office.signed(&cookie).await.is_some());
    office.pass(minutes(30));
    assert!(office.signed(&cookie).await.is_none());
    assert!(office.desk.sessions(boris.id).await.unwrap().is_empty());
    let code = office.code(&boris);
    assert!(office.desk.step_up(&cookie, &code).await.unwrap().is_none(), "nothing brings it back");
    assert!(office.signed(&cookie).await.is_none());
});

db_test!(twelve_hours_end_a_session_whatever_is_done, |db| async move {
    let office = Office::over(db);
    let boris = office.clerk(BORIS, &[Role::Officer]).await;
    let mut cookie = cookie(office.try_in(BORIS, PASSWORD, &office.code(&boris)).await);
    let end = office.desk.now() + ABSOLUTE;
    for _ in 0..35 {
        office.pass(minutes(20));
        assert!(office.signed(&cookie).await.is_some());
        cookie = office.desk.step_up(&cookie, &office.code(&boris)).await.unwrap().unwrap();
    }
    office.pass(minutes(20) - seconds(1));
    assert_eq!(office.desk.now(), end - seconds(1));
    assert!(office.signed(&cookie).await.is_some());
    office.pass(seconds(1));
    assert!(office.signed(&cookie).await.is_none());
    assert!(office.desk.step_up(&cookie, &office.code(&boris)).await.unwrap().is_none());
});

db_test!(a_code_makes_the_factor_fresh_under_a_new_cookie, |db| async move {
    let office = Office::over(db);
    let boris = office.clerk(BORIS, &[Role::Officer]).await;
    let old = office.sign_in(&boris).await;
    office.pass(minutes(5));
    let may = |signed: &SignedIn| signed.member.may(Action::Release, office.desk.now());
    let before = office.signed(&old).await.unwrap();
    assert_eq!(may(&before), Err(Denied::StaleFactor));
    assert!(office.desk.step_up(&old, "nothing").await.unwrap().is_none());
    assert!(office.signed(&old).await.is_some(), "a wrong code costs no session");

    let code = office.code(&boris);
    let new = office.desk.step_up(&old, &code).await.unwrap().unwrap();
    assert!(office.signed(&old).await.is_none());
    let after = office.signed(&new).await.unwrap();
    assert_eq!(may(&after), Ok(()));
    assert_ne!(before.session, after.session);
    assert_eq!(office.desk.sessions(boris.id).await.unwrap().len(), 1);
    assert!(office.desk.step_up(&new, &code).await.unwrap().is_none(), "a code counts once");
    office.pass(seconds(30));
    assert!(office.desk.step_up(&old, &office.code(&boris)).await.unwrap().is_none());
    assert!(office.desk.step_up(&new, &office.code(&boris)).await.unwrap().is_some());
});

db_test!(sessions_are_listed_and_ended_by_whose_they_are, |db| async move {
    let office = Office::over(db);
    let boris = office.clerk(BORIS, &[Role::Officer]).await;
    let clara = office.clerk(CLARA, &[Role::Officer]).await;
    let (first, second) = (office.sign_in(&boris).await, office.sign_in(&boris).await);
    let third = office.sign_in(&boris).await;
    let hers = office.sign_in(&clara).await;
    let id = async |cookie| office.signed(cookie).await.unwrap().session;
    let listed: Vec<_> =
        office.desk.sessions(boris.id).await.unwrap().iter().map(|session| session.id).collect();
    assert_eq!(listed, [id(&third).await, id(&second).await, id(&first).await]);

    assert!(!office.desk.end_session(clara.id, id(&first).await).await.unwrap());
    assert!(office.signed(&first).await.is_some());
    assert!(office.desk.end_session(boris.id, id(&first).await).await.unwrap());
    assert!(office.signed(&first).await.is_none());
    office.desk.end_other_sessions(boris.id, id(&third).await).await.unwrap();
    assert!(office.signed(&second).await.is_none());
    assert!(office.signed(&third).await.is_some());
    assert!(office.signed(&hers).await.is_some());
});

db_test!(what_is_over_can_be_forgotten_and_nothing_else, |db| async move {
    let office = Office::over(db);
    let boris = office.clerk(BORIS, &[Role::Officer]).await;
    let idle = office.sign_in(&boris).await;
    office.invite(CLARA, &[Role::Agent]).await;
    office.pass(hours(71));
    let live = office.sign_in(&boris).await;
    let fresh = office.invite("dora@example.com", &[Role::Agent]).await;
    let purge = async || {
        let now = office.desk.now();
        let tx = office.db.begin().await.unwrap();
        let gone = tx.purge_staff(now - crate::domain::staff::IDLE, now).await.unwrap();
        tx.commit().await.unwrap();
        gone
    };
    assert_eq!(purge().await, 1, "the idle session");
    assert!(office.signed(&idle).await.is_none());
    assert!(office.signed(&live).await.is_some());
    office.pass(hours(1));
    assert_eq!(purge().await, 2, "the other session and the older invitation");
    assert!(office.desk.enrolment(&fresh.token).await.unwrap().is_some());
    assert_eq!(purge().await, 0);
});
