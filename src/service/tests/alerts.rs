//! Who is told that a promise runs out, and when; and what the person is told.

use super::*;
use crate::db::staff::Account;
use crate::db::testing::db_test;
use crate::domain::staff::{AccountState, Member, Role};
use crate::ids::StaffId;

impl Office {
    /// Somebody who works here.
    pub(super) async fn works(&self, address: &str, roles: &[Role]) -> Member {
        let now = self.desk.now();
        let id = StaffId(self.desk.entropy.uuid(now));
        let roles = roles.iter().copied().collect();
        let account = Account {
            name: "Colleague".into(),
            state: AccountState::Active,
            ..Account::invited(id, email(address), roles, Language::De, now)
        };
        let tx = self.db.begin().await.unwrap();
        tx.insert_account(&account).await.unwrap();
        tx.commit().await.unwrap();
        Member { id, roles: account.roles, state: account.state, stepped_up_at: now }
    }

    /// What a member is mailed now, if anything; the mail server takes it.
    pub(super) async fn told(&self, member: &Member) -> Option<(String, String)> {
        let notice = self.desk.notice_mail(member.id).await.unwrap()?;
        let tx = self.db.begin().await.unwrap();
        self.desk.notices_sent(&tx, &notice.notices, None).await.unwrap();
        tx.commit().await.unwrap();
        Some((notice.mail.subject, notice.mail.text))
    }
}

db_test!(each_step_is_told_once_and_an_outage_tells_the_last_alone, |db| async move {
    let office = Office::over(db);
    let agent = office.works("agent@example.com", &[Role::Agent]).await;
    let auditor = office.works("auditor@example.com", &[Role::Auditor]).await;
    let case = office.open(ADA, &[Right::Access]).await;
    office.pass(hours(36) - minutes(1));
    assert_eq!(office.tick().await.alerted, 0);
    office.pass(minutes(1));
    assert_eq!(office.tick().await.alerted, 1);
    assert_eq!(office.tick().await.alerted, 0, "once");
    let (subject, text) = office.told(&agent).await.unwrap();
    assert!(subject.contains(case.reference.as_str()), "{subject}");
    let link = format!("https://console.example.org/console/requests/{}", case.reference.as_str());
    assert!(text.contains("50 %") && text.contains(&link), "{text}");
    assert!(!text.contains("ada@") && !text.contains("Ada Example"), "{text}");
    assert_eq!(office.told(&auditor).await, None);
    // Nobody looked for a day: 75 and 90 % are one alert.
    office.pass(hours(30));
    assert_eq!(office.tick().await.alerted, 1);
    let (_, text) = office.told(&agent).await.unwrap();
    assert!(text.contains("90 %") && !text.contains("75 %"), "{text}");
});

db_test!(the_owner_is_told_and_of_a_miss_every_officer, |db| async move {
    let office = Office::over(db);
    let owner = office.works("owner@example.com", &[Role::Agent]).await;
    let agent = office.works("agent@example.com", &[Role::Agent]).await;
    let officer = office.works("officer@example.com", &[Role::Officer]).await;
    let case = office.open(ADA, &[Right::Access]).await;
    office.desk.assign(&owner, &case.reference, Some(owner.id)).await.unwrap();
    office.pass(hours(36));
    office.tick().await;
    assert!(office.told(&owner).await.is_some());
    assert_eq!(office.told(&agent).await, None);
    assert_eq!(office.told(&officer).await, None);
    office.pass(hours(36));
    office.tick().await;
    assert!(office.told(&owner).await.is_some());
    assert!(office.told(&officer).await.is_some());
    assert_eq!(office.told(&agent).await, None);
});

db_test!(at_100_percent_the_person_is_told_once_and_it_is_no_answer, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.send().await;
    office.pass(hours(72));
    office.tick().await;
    office.tick().await;
    let mails = office.send().await;
    let late = only(&mails, MailKind::Late);
    assert_eq!(late.to, ADA);
    assert!(late.text.contains("2 April 2026"), "{}", late.text);
    let request = office.request(&case.reference).await;
    assert_eq!((request.alerted, request.answered_at), (100, None));
    assert_eq!(request.late_told_at, Some(office.desk.now()));
});

db_test!(what_is_answered_or_never_verified_alerts_nobody, |db| async move {
    let office = Office::over(db);
    office.fulfilled(ADA).await;
    office.ask("bob@example.org", &[Right::Access]).await;
    office.pass(hours(80));
    assert_eq!(office.tick().await.alerted, 0);
});

db_test!(a_mail_that_cannot_be_delivered_is_told, |db| async move {
    let office = Office::over(db);
    let officer = office.works("officer@example.com", &[Role::Officer]).await;
    let case = office.open(ADA, &[Right::Access]).await;
    office.gather(case.id).await;
    office.finish(case.id).await;
    office.refuse_mails().await;
    let (_, text) = office.told(&officer).await.unwrap();
    assert_eq!(text.matches("Eine Mail ließ sich nicht zustellen").count(), 1, "{text}");
    // Done, and not answered: it stays in the open queue.
    assert_eq!(office.count("request", "stage = 'open'").await, 1);
});
