//! Invitations: looked at often, good once.

use futures::future::join;

use super::*;
use crate::db::testing::db_test;
use crate::domain::policy::Denied;
use crate::keys::password::PasswordError;
use crate::service::staff::INVITE_LIFE;

db_test!(looking_at_an_invitation_writes_nothing, |db| async move {
    let office = Office::over(db);
    let link = office.invite(BORIS, &[Role::Officer]).await.token;
    let before = office.db.census().await;
    let first = office.desk.enrolment(&link).await.unwrap().unwrap();
    let again = office.desk.enrolment(&link).await.unwrap().unwrap();
    assert_eq!(first.email.as_str(), BORIS);
    assert_eq!(first.factor.secret(), again.factor.secret());
    assert_eq!(office.db.census().await, before);
    assert_eq!(office.count("staff", "totp IS NULL AND state = 'invited'").await, 1);

    let other = office.invite(CLARA, &[Role::Agent]).await.token;
    let other = office.desk.enrolment(&other).await.unwrap().unwrap();
    assert_ne!(first.factor.secret(), other.factor.secret());
});

db_test!(an_invitation_is_good_once, |db| async move {
    let office = Office::over(db);
    let invitation = office.invite(BORIS, &[Role::Officer]).await;
    let link = &invitation.token;
    let factor = office.desk.enrolment(link).await.unwrap().unwrap().factor;
    let code = factor.code_at(office.desk.now());
    // What is wrong spends nothing.
    for (password, error) in [
        ("too short", PasswordError::Short),
        ("passwordpassword", PasswordError::Common),
        ("Boris Boreal 2026", PasswordError::Common),
        ("boris@example.com!", PasswordError::Common),
        ("ExampleStudio2026", PasswordError::Common),
    ] {
        let typed = office.enrol(link, password, &code).await;
        assert!(matches!(typed, Enrolled::Password(e) if e == error), "{password}: {typed:?}");
    }
    let stale = factor.code_at(office.desk.now() - minutes(2));
    for wrong in ["", "abcdef", stale.as_str()] {
        assert!(matches!(office.enrol(link, PASSWORD, wrong).await, Enrolled::WrongCode));
    }
    assert_eq!(office.count("staff", "password IS NULL AND state = 'invited'").await, 1);

    assert!(matches!(office.enrol(link, PASSWORD, &code).await, Enrolled::Done));
    assert!(matches!(office.enrol(link, PASSWORD, &code).await, Enrolled::Gone));
    assert!(office.desk.enrolment(link).await.unwrap().is_none());
    let account = office.desk.accounts(None).await.unwrap().unwrap().remove(0);
    assert_eq!(account.name, "Boris Boreal");
    assert_eq!(account.state.as_str(), "active");
    // The code that was shown here is spent.
    assert!(matches!(office.try_in(BORIS, PASSWORD, &code).await, SignIn::Wrong));
    office.pass(seconds(30));
    let next = factor.code_at(office.desk.now());
    let signed = office.signed(&cookie(office.try_in(BORIS, PASSWORD, &next).await)).await.unwrap();
    assert_eq!(signed.language, Language::De, "the language of the page of the invitation");
});

db_test!(of_two_who_hold_one_invitation_one_gets_in, |db| async move {
    let office = Office::over(db);
    let link = office.invite(BORIS, &[Role::Officer]).await.token;
    let code = office.desk.enrolment(&link).await.unwrap().unwrap().factor;
    let code = code.code_at(office.desk.now());
    let (one, other) = join(
        office.enrol(&link, "one of the two of them", &code),
        office.enrol(&link, "the other of the two", &code),
    )
    .await;
    let done = [&one, &other].iter().filter(|done| matches!(done, Enrolled::Done)).count();
    let gone = [&one, &other].iter().filter(|done| matches!(done, Enrolled::Gone)).count();
    assert_eq!((done, gone), (1, 1), "{one:?} {other:?}");
});

db_test!(an_invitation_ends_after_three_days, |db| async move {
    let office = Office::over(db);
    let invitation = office.invite(BORIS, &[Role::Officer]).await;
    assert_eq!(invitation.expires_at, office.desk.now() + INVITE_LIFE);
    let factor = office.desk.enrolment(&invitation.token).await.unwrap().unwrap().factor;
    office.pass(hours(72) - seconds(1));
    assert!(office.desk.enrolment(&invitation.token).await.unwrap().is_some());
    office.pass(seconds(1));
    assert!(office.desk.enrolment(&invitation.token).await.unwrap().is_none());
    let code = factor.code_at(office.desk.now());
    assert!(matches!(office.enrol(&invitation.token, PASSWORD, &code).await, Enrolled::Gone));
});

db_test!(inviting_anew_voids_what_was_there, |db| async move {
    let office = Office::over(db);
    let first = office.invite(BORIS, &[Role::Agent]).await;
    let second = office.invite("Boris@Example.COM", &[Role::Agent, Role::Auditor]).await;
    assert_eq!(first.staff, second.staff, "an address is one account, whatever its case");
    assert!(office.desk.enrolment(&first.token).await.unwrap().is_none());
    let boris = office.take_up(&second, BORIS).await;
    let session = office.sign_in(&boris).await;

    let third = office.invite(BORIS, &[Role::Officer]).await;
    assert!(office.signed(&session).await.is_none());
    assert!(office.desk.sessions(boris.id).await.unwrap().is_empty());
    assert!(matches!(office.try_in(BORIS, PASSWORD, &office.code(&boris)).await, SignIn::Wrong));
    let page = office.desk.enrolment(&third.token).await.unwrap().unwrap();
    assert_eq!(page.name, "Boris Boreal");
    assert_ne!(page.factor.secret(), boris.factor.secret());
    let anew = office.take_up(&third, BORIS).await;
    assert!(matches!(office.try_in(BORIS, PASSWORD, &office.code(&boris)).await, SignIn::Wrong));
    let signed = office.signed(&office.sign_in(&anew).await).await.unwrap();
    assert_eq!(signed.member.roles, roles(&[Role::Officer]));
    assert_eq!(office.count("staff", "1 = 1").await, 1);
});

db_test!(only_an_admin_with_a_fresh_factor_invites, |db| async move {
    let office = Office::over(db);
    let officer = office.member(CLARA, &[Role::Officer, Role::Auditor]).await;
    let admin = office.member(BORIS, &[Role::Admin]).await;
    let invite = async |by: &Member, address: &str| {
        let (address, given) = (email(address), roles(&[Role::Agent]));
        let invited = office.desk.invite(Some(by), &address, &given, Language::En);
        invited.await.unwrap().err()
    };
    assert_eq!(invite(&officer, "new@example.com").await, Some(Denied::Role));
    assert_eq!(invite(&admin, BORIS).await, Some(Denied::Role), "oneself");
    assert_eq!(invite(&admin, "new@example.com").await, None);
    assert_eq!(invite(&admin, CLARA).await, None, "a lost phone");
    office.pass(minutes(5));
    assert_eq!(invite(&admin, "late@example.com").await, Some(Denied::StaleFactor));
    assert_eq!(office.count("staff", "state = 'invited'").await, 2);
});
