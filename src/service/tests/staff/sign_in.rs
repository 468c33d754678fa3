//! Signing in: one answer to all that is wrong, and bounded guesses.

use std::pin::Pin;
use std::sync::mpsc;
use std::task::Poll;

use futures::future::join_all;
use futures::poll;

use super::*;
use crate::db::testing::db_test;
use crate::service::staff::AccountChange;

/// A caller before the gate or inside.
type Call<'a> = Pin<Box<dyn Future<Output = Option<()>> + 'a>>;

db_test!(all_three_together_sign_in, |db| async move {
    let office = Office::over(db);
    let boris = office.clerk(BORIS, &[Role::Officer]).await;
    let spaced = office.code(&boris);
    let spaced = format!("{} {}", &spaced[..3], &spaced[3..]);
    let cookie = cookie(office.try_in("Boris@example.COM", PASSWORD, &spaced).await);
    let signed = office.signed(&cookie).await.unwrap();
    assert_eq!((signed.member.id, signed.name.as_str()), (boris.id, "Boris Boreal"));
    assert_eq!(signed.member.stepped_up_at, office.desk.now());
    let session = office.desk.sessions(boris.id).await.unwrap().remove(0);
    assert_eq!(session.agent, "Firefox on Linux");
    assert!(office.signed(&Token::draw(&OsEntropy)).await.is_none());
});

db_test!(whatever_is_wrong_looks_the_same, |db| async move {
    let office = Office::over(db);
    let boris = office.clerk(BORIS, &[Role::Officer]).await;
    let gone = office.clerk("gone@example.com", &[Role::Officer]).await;
    office.desk.change_account(None, gone.id, &AccountChange::Disable).await.unwrap();
    office.invite(CLARA, &[Role::Officer]).await;
    let code = office.code(&boris);
    let stale = boris.factor.code_at(office.desk.now() - minutes(2));
    for (address, password, code) in [
        ("nobody@example.com", PASSWORD, code.as_str()),
        ("no address", PASSWORD, &code),
        ("", "", ""),
        (BORIS, "vier Boote im Nebelwalde", &code),
        (BORIS, "Vier Boote im Nebelwald", &code),
        (BORIS, "vier Boote im Nebelwald ", &code),
        (BORIS, "", &code),
        (BORIS, PASSWORD, &stale),
        (BORIS, PASSWORD, "abc"),
        (BORIS, PASSWORD, ""),
        (CLARA, PASSWORD, &code),
        (gone.email, PASSWORD, &office.code(&gone)),
    ] {
        let typed = office.try_in(address, password, code).await;
        assert!(matches!(typed, SignIn::Wrong), "{address} {password} {code}: {typed:?}");
    }
    assert_eq!(office.count("staff_session", "1 = 1").await, 0);
    office.sign_in(&boris).await;
});

db_test!(all_of_them_have_to_wait_for_the_same_work, |db| async move {
    let office = Office::over(db);
    let boris = office.clerk(BORIS, &[Role::Officer]).await;
    // Lets callers in until there is no room.
    let anything = Password::typed("anything");
    let mut ends = Vec::new();
    let mut inside: Vec<Call<'_>> = Vec::new();
    loop {
        let (end, ended) = mpsc::channel::<()>();
        let mut call: Call<'_> = Box::pin(office.desk.gate.pass(&anything, move |_| {
            let _ = ended.recv();
        }));
        match poll!(call.as_mut()) {
            Poll::Pending => inside.push(call),
            Poll::Ready(answer) => break assert!(answer.is_none(), "no room, no work"),
        }
        ends.push(end);
    }
    let code = office.code(&boris);
    for (address, password) in [
        (BORIS, PASSWORD),
        (BORIS, "wrong"),
        ("nobody@example.com", PASSWORD),
        ("no address", PASSWORD),
    ] {
        let typed = office.try_in(address, password, &code).await;
        assert!(matches!(typed, SignIn::Busy), "{address}: {typed:?}");
    }
    drop(ends);
    assert!(join_all(inside).await.iter().all(Option::is_some));
    office.sign_in(&boris).await;
});

db_test!(a_code_counts_once, |db| async move {
    let office = Office::over(db);
    let boris = office.clerk(BORIS, &[Role::Officer]).await;
    office.pass(minutes(10));
    let code = office.code(&boris);
    let tries = join_all((0..4).map(|_| office.try_in(BORIS, PASSWORD, &code))).await;
    let good = tries.iter().filter(|typed| matches!(typed, SignIn::In { .. })).count();
    assert_eq!(good, 1, "{tries:?}");
    let before = boris.factor.code_at(office.desk.now() - seconds(30));
    assert!(matches!(office.try_in(BORIS, PASSWORD, &before).await, SignIn::Wrong));
    // The next one is good, even when the phone is half a minute ahead.
    let next = boris.factor.code_at(office.desk.now() + seconds(30));
    cookie(office.try_in(BORIS, PASSWORD, &next).await);
});

db_test!(who_guesses_codes_has_to_wait_but_never_more_than_a_quarter_of_an_hour, |db| async move {
    let office = Office::over(db);
    let boris = office.clerk(BORIS, &[Role::Officer]).await;
    let session = office.sign_in(&boris).await;
    for _ in 0..5 {
        assert!(office.desk.step_up(&session, "nothing").await.unwrap().is_none());
    }
    // Right, and yet too early; that does not make it longer.
    for _ in 0..3 {
        assert!(office.desk.step_up(&session, &office.code(&boris)).await.unwrap().is_none());
    }
    assert!(matches!(office.try_in(BORIS, PASSWORD, &office.code(&boris)).await, SignIn::Wrong));
    office.pass(seconds(1));
    assert!(office.desk.step_up(&session, "nothing").await.unwrap().is_none());
    office.pass(seconds(1));
    assert!(office.desk.step_up(&session, &office.code(&boris)).await.unwrap().is_none());
    office.pass(seconds(1));
    let session = office.desk.step_up(&session, &office.code(&boris)).await.unwrap().unwrap();
    assert_eq!(office.count("staff", "failures = 0 AND failed_at IS NULL").await, 1);

    for failures in [20, 1_000, i32::MAX] {
        office.pass(seconds(30));
        let failed = office.desk.now().as_millisecond();
        let sql = format!("UPDATE staff SET failures = {failures}, failed_at = {failed}");
        office.db.run(&sql).await;
        office.pass(minutes(15) - SignedDuration::from_millis(1));
        let typed = office.try_in(BORIS, PASSWORD, &office.code(&boris)).await;
        assert!(matches!(typed, SignIn::Wrong), "{failures}");
        office.pass(SignedDuration::from_millis(1));
        cookie(office.try_in(BORIS, PASSWORD, &office.code(&boris)).await);
    }
    assert!(office.signed(&session).await.is_none(), "idle meanwhile");
});

db_test!(wrong_passwords_make_nobody_wait, |db| async move {
    let office = Office::over(db);
    let boris = office.clerk(BORIS, &[Role::Officer]).await;
    for _ in 0..7 {
        let typed = office.try_in(BORIS, "somebody else's guess", &office.code(&boris)).await;
        assert!(matches!(typed, SignIn::Wrong));
    }
    office.sign_in(&boris).await;
});

db_test!(a_second_person_is_an_active_officer_with_a_code, |db| async move {
    let office = Office::over(db);
    let boris = office.clerk(BORIS, &[Role::Officer]).await;
    let clara = office.clerk(CLARA, &[Role::Agent, Role::Admin]).await;
    let ask = async |address: &str, code: &str| {
        office.desk.second_person(&email(address), code).await.unwrap()
    };
    assert_eq!(ask(BORIS, &office.code(&clara)).await, None);
    assert_eq!(ask(CLARA, &office.code(&clara)).await, None, "no officer");
    assert_eq!(ask("nobody@example.com", &office.code(&boris)).await, None);
    let code = office.code(&boris);
    assert_eq!(ask(BORIS, &code).await, Some(boris.id));
    assert_eq!(ask(BORIS, &code).await, None, "a code counts once");
    office.pass(seconds(30));
    office.desk.change_account(None, boris.id, &AccountChange::Disable).await.unwrap();
    assert_eq!(ask(BORIS, &office.code(&boris)).await, None);
});
