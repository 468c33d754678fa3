//! The statutory dates of a request: kept with their steps, moved by what a law looks at, told.

use super::*;
use crate::db::deadline::Clock;
use crate::db::testing::db_test;
use crate::domain::deadline::{Kind, Law, Regime, Step, binding};
use crate::domain::decision::PauseGround;
use crate::domain::policy::Denied;
use crate::domain::staff::Role;
use crate::service::case::Deed;

fn text(words: &str) -> TypedText {
    TypedText::block(words, 4_000).unwrap().unwrap()
}

/// An office under these laws, where somebody looks before anything goes out.
fn under(db: TestDb, regimes: &[Regime]) -> Office {
    let mut settings = settings();
    settings.review.access = Review::Staff;
    settings.organisation.law = Law { regimes: regimes.to_vec(), ..Law::default() };
    Office::with(db, settings)
}

impl Office {
    /// The date that binds, its law, and the steps to it.
    async fn bound(&self, at: &Reference) -> (Regime, String, Vec<Step>) {
        let id = self.request(at).await.id;
        let tx = self.db.begin_read().await.unwrap();
        let dates = tx.deadlines_of([id].into_iter()).await.unwrap().remove(&id).unwrap();
        let bound = binding(&dates).unwrap().clone();
        (bound.regime, bound.date.unwrap().to_string(), bound.trace)
    }

    /// Until that moment, or back to it.
    fn until(&self, at: jiff::Timestamp) {
        self.pass(at.duration_since(self.desk.now()));
    }

    async fn day(&self, at: &Reference) -> String {
        self.bound(at).await.1
    }

    async fn kept_clock(&self, at: &Reference) -> Clock {
        let id = self.request(at).await.id;
        self.db.begin_read().await.unwrap().clock(id).await.unwrap().unwrap()
    }
}

db_test!(a_date_is_kept_with_its_rule_and_its_steps_from_the_start, |db| async move {
    let office = Office::over(db);
    let reference = office.ask(ADA, &[Right::Access]).await;
    let (regime, day, steps) = office.bound(&reference).await;
    assert_eq!((regime, day.as_str()), (Regime::EuGdpr, "2026-04-02"));
    assert!(matches!(steps[0], Step::Received { .. }) && steps.len() == 3, "{steps:?}");
    let kept = "rule = 'eu_gdpr.respond/1' AND date = '2026-04-02' AND kind = 'respond'";
    assert_eq!(office.count("deadline", kept).await, 1);
    // A code moves nothing.
    let code = only(&office.send().await, MailKind::Verify).code();
    office.pass(minutes(5));
    office.enter(reference.clone(), &code).await;
    let (_, day, steps) = office.bound(&reference).await;
    assert_eq!(day, "2026-04-02");
    assert!(steps.iter().any(|step| matches!(step, Step::VerifiedLater { .. })), "{steps:?}");
});

db_test!(an_appeal_has_the_time_of_appeals_and_a_complaint_that_of_complaints, |db| async move {
    let office = under(db, &[Regime::EuGdpr, Regime::UkGdpr, Regime::UsVa]);
    let appeal = office.ask(ADA, &[Right::Appeal]).await;
    let (regime, day, steps) = office.bound(&appeal).await;
    assert_eq!((regime, day.as_str()), (Regime::UsVa, "2026-05-01"));
    assert!(matches!(steps[0], Step::Appealed { .. }), "{steps:?}");
    let complaint = office.ask(ADA, &[Right::Complaint]).await;
    let (regime, day, _) = office.bound(&complaint).await;
    assert_eq!((regime, day.as_str()), (Regime::UkComplaint, "2026-03-31"));
    assert_eq!(office.count("deadline", "kind = 'appeal'").await, 1);
});

db_test!(of_several_laws_the_earliest_binds_until_an_officer_knows_better, |db| async move {
    let office = under(db, &[Regime::Ccpa, Regime::EuGdpr]);
    let case = office.open(ADA, &[Right::Access]).await;
    let at = &case.reference;
    assert_eq!(office.day(at).await, "2026-04-02");
    let why = text("Lives in Los Angeles, says the invoice.");
    let agent = office.works("agent@example.com", &[Role::Agent]).await;
    let officer = office.works("officer@example.com", &[Role::Officer]).await;
    let choose = async |by, law| office.desk.choose_regime(by, at, law, &why).await.unwrap();
    assert_eq!(choose(&agent, Some(Regime::Ccpa)).await, Deed::Denied(Denied::Role));
    assert_eq!(office.day(at).await, "2026-04-02");
    assert_eq!(choose(&officer, Some(Regime::Ccpa)).await, Deed::Done);
    let (regime, day, steps) = office.bound(at).await;
    assert_eq!((regime, day.as_str()), (Regime::Ccpa, "2026-04-16"));
    assert!(matches!(steps[0], Step::ChosenByOfficer { .. }), "{steps:?}");
    let read = office.desk.case(&officer, at).await.unwrap().unwrap().unwrap();
    assert!(read.thread.iter().any(|note| note.body.contains("invoice")), "the reason stays");
    assert!(read.history.iter().any(|one| one.kind == "request.regime_chosen"));
    assert_eq!(choose(&officer, Some(Regime::Policy)).await, Deed::NotNow);
    assert_eq!(choose(&officer, None).await, Deed::Done);
    assert_eq!(office.day(at).await, "2026-04-02");
});

db_test!(the_longer_time_is_that_of_the_law_that_binds, |db| async move {
    let office = under(db, &[Regime::EuGdpr, Regime::CaQc]);
    let case = office.gathered().await;
    let by = office.works("officer@example.com", &[Role::Officer]).await;
    let why = text("Many systems.");
    assert_eq!(office.day(&case.reference).await, "2026-04-01", "Québec's 30 days");
    let extended = office.desk.extend(&by, &case.reference, &why).await.unwrap();
    assert_eq!(extended, Deed::NotNow, "Québec knows no longer time");
    let law = Some(Regime::EuGdpr);
    office.desk.choose_regime(&by, &case.reference, law, &why).await.unwrap();
    assert_eq!(office.desk.extend(&by, &case.reference, &why).await.unwrap(), Deed::Done);
    assert_eq!(office.day(&case.reference).await, "2026-06-02");
});

db_test!(a_notice_counts_from_when_the_mail_server_has_it, |db| async move {
    let office = under(db, &[Regime::EuGdpr]);
    let case = office.gathered().await;
    let why = text("Many systems.");
    office.until(office.request(&case.reference).await.received_at() + days(31));
    let by = office.works("officer@example.com", &[Role::Officer]).await;
    assert_eq!(office.desk.extend(&by, &case.reference, &why).await.unwrap(), Deed::Done);
    assert_eq!(office.day(&case.reference).await, "2026-06-02");
    // The mail server was away for a night.
    office.pass(hours(24));
    only(&office.send().await, MailKind::Extended);
    let (_, day, steps) = office.bound(&case.reference).await;
    assert_eq!(day, "2026-04-02");
    assert!(steps.iter().any(|step| matches!(step, Step::NoticeLate { .. })), "{steps:?}");
    assert_eq!(office.request(&case.reference).await.extended_to, None);
    let again = office.desk.extend(&by, &case.reference, &why).await.unwrap();
    assert_eq!(again, Deed::NotNow);
    let events = office.events(case.id).await;
    assert_eq!(events.iter().filter(|kind| *kind == "request.extension_late").count(), 2);
});

db_test!(a_notice_that_never_arrives_extends_nothing_and_can_be_sent_again, |db| async move {
    let office = under(db, &[Regime::EuGdpr]);
    let case = office.gathered().await;
    let by = office.works("officer@example.com", &[Role::Officer]).await;
    let why = text("Many systems.");
    assert_eq!(office.desk.extend(&by, &case.reference, &why).await.unwrap(), Deed::Done);
    office.refuse_mails().await;
    assert_eq!(office.day(&case.reference).await, "2026-04-02");
    assert_eq!(office.desk.extend(&by, &case.reference, &why).await.unwrap(), Deed::Done);
    only(&office.send().await, MailKind::Extended);
    assert_eq!(office.day(&case.reference).await, "2026-06-02");
});

db_test!(a_question_of_meaning_stops_the_british_clock_for_access_alone, |db| async move {
    let office = under(db, &[Regime::UkGdpr]);
    let case = office.open(ADA, &[Right::Access, Right::Export]).await;
    let all = office.requests(&case.reference).await;
    let by = office.works("agent@example.com", &[Role::Agent]).await;
    for request in &all {
        let ground = PauseGround::AskedPerson;
        office.desk.pause(&by, &request.reference, ground, None).await.unwrap();
    }
    office.pass(days(9));
    // What the person writes is the answer.
    let said = text("All of it, please.");
    let cookie = office.unlock(&case).await;
    office.desk.write_message(&case.token, Some(&cookie), &said).await.unwrap();
    for request in &all {
        // Ten days from 2 April is 12 April, a Sunday.
        let expected = if request.right == Right::Access { "2026-04-13" } else { "2026-04-02" };
        assert_eq!(office.day(&request.reference).await, expected, "{}", request.right);
    }
});

db_test!(
    a_doubt_about_who_asks_starts_the_british_clock_anew_and_not_the_european,
    |db| async move {
        let office = under(db, &[Regime::UkGdpr, Regime::EuGdpr]);
        let case = office.open(ADA, &[Right::Access]).await;
        let by = office.works("agent@example.com", &[Role::Agent]).await;
        let at = &case.reference;
        office.desk.pause(&by, at, PauseGround::IdentityDoubt, None).await.unwrap();
        office.pass(days(9));
        office.desk.go_on(&by, at).await.unwrap();
        assert_eq!(office.day(at).await, "2026-04-02", "the European date binds");
        let id = case.id;
        let tx = office.db.begin_read().await.unwrap();
        let dates = tx.deadlines_of([id].into_iter()).await.unwrap().remove(&id).unwrap();
        let british = dates
            .iter()
            .find(|one| one.regime == Regime::UkGdpr && one.kind == Kind::Respond)
            .unwrap();
        assert_eq!(
            british.date.unwrap().to_string(),
            "2026-04-13",
            "a month from 11 March, a Saturday"
        );
    }
);

db_test!(a_further_proof_that_is_asked_for_is_a_doubt_about_who_asks, |db| async move {
    let office = under(db, &[Regime::UkGdpr]);
    let case = office.open(ADA, &[Right::Access]).await;
    office.send().await;
    let by = office.works("officer@example.com", &[Role::Officer]).await;
    let at = &case.reference;
    let words = text("Which order did you make last?");
    assert_eq!(office.desk.ask_proof(&by, at, &words).await.unwrap(), Deed::Done);
    office.pass(days(9));
    office.desk.go_on(&by, at).await.unwrap();
    assert_eq!(office.day(at).await, "2026-04-13");
});

db_test!(each_step_towards_the_date_is_told_once_to_whose_it_is, |db| async move {
    let office = under(db, &[Regime::EuGdpr]);
    let owner = office.works("owner@example.com", &[Role::Agent]).await;
    let officer = office.works("officer@example.com", &[Role::Officer]).await;
    let case = office.gathered().await;
    office.desk.assign(&owner, &case.reference, Some(owner.id)).await.unwrap();
    let end = office.kept_clock(&case.reference).await.due_at.unwrap();
    office.until(end - days(15));
    office.tick().await;
    while office.told(&owner).await.is_some() {}
    while office.told(&officer).await.is_some() {}
    for (left, days_told) in [(14, 14), (7, 7), (3, 3)] {
        office.until(end - days(left));
        office.tick().await;
        let (_, words) = office.told(&owner).await.unwrap();
        let expected = format!("Die gesetzliche Frist endet binnen {days_told} Tagen");
        assert_eq!(words.matches(&expected).count(), 1, "{words}");
        office.tick().await;
        assert_eq!(office.told(&owner).await, None, "once");
        assert_eq!(office.told(&officer).await, None, "it has an owner");
    }
    // A review and an archive take two days.
    office.until(end - hours(47));
    office.tick().await;
    let (_, words) = office.told(&owner).await.unwrap();
    assert!(words.contains("passt kaum mehr in die gesetzliche Frist"), "{words}");
    office.until(end - days(1));
    office.tick().await;
    assert!(office.told(&owner).await.unwrap().1.contains("binnen eines Tages"));
    let events = office.events(case.id).await;
    assert_eq!(events.iter().filter(|kind| *kind == "request.deadline_near").count(), 4);
    assert_eq!(events.iter().filter(|kind| *kind == "request.forecast_miss").count(), 1);
});

db_test!(after_an_outage_the_nearest_step_is_told_alone, |db| async move {
    let office = under(db, &[Regime::EuGdpr]);
    let case = office.gathered().await;
    let end = office.kept_clock(&case.reference).await.due_at.unwrap();
    office.until(end - days(2));
    office.tick().await;
    assert_eq!(office.kept_clock(&case.reference).await.alerted, Some(3));
    assert_eq!(office.count("event", "kind = 'request.deadline_near'").await, 1);
    // A later date is a countdown of its own.
    let by = office.works("officer@example.com", &[Role::Officer]).await;
    let why = text("Many systems.");
    assert_eq!(office.desk.extend(&by, &case.reference, &why).await.unwrap(), Deed::Done);
    assert_eq!(office.kept_clock(&case.reference).await.alerted, None);
});

db_test!(what_is_answered_is_counted_down_no_more, |db| async move {
    let office = Office::over(db);
    let case = office.fulfilled(ADA).await;
    let end = office.kept_clock(&case.reference).await.due_at.unwrap();
    office.until(end - days(1));
    office.tick().await;
    assert_eq!(office.count("event", "kind = 'request.deadline_near'").await, 0);
});

db_test!(a_request_from_before_there_were_clocks_gets_one, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    for table in ["deadline", "clock"] {
        office.db.run(&format!("DELETE FROM {table}")).await;
    }
    let by = office.works("agent@example.com", &[Role::Agent]).await;
    let read = office.desk.case(&by, &case.reference).await.unwrap().unwrap().unwrap();
    assert_eq!(read.statutory_until.to_string(), "2026-04-03T00:00:00Z");
    office.tick().await;
    assert_eq!(office.day(&case.reference).await, "2026-04-02");
});

db_test!(a_lapsed_request_can_be_resumed_until_the_earliest_date, |db| async move {
    let office = under(db, &[Regime::EuGdpr, Regime::BrLgpd]);
    office.ask(ADA, &[Right::Access]).await;
    office.send().await;
    office.pass(days(7));
    office.tick().await;
    let link = only(&office.send().await, MailKind::Lapsed).link("/verify/");
    // Brazil's fifteen days end on 17 March.
    office.until(at("2026-03-17T23:59:00Z"));
    let other = email("other@example.org");
    assert!(office.desk.resume(&link, &other).await.unwrap(), "the link still leads somewhere");
    office.until(at("2026-03-18T00:00:00Z"));
    assert!(!office.desk.resume(&link, &email(ADA)).await.unwrap());
});

fn at(text: &str) -> jiff::Timestamp {
    text.parse().unwrap()
}
