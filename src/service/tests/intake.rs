//! A posted form.

use super::*;
use crate::db::testing::db_test;
use crate::domain::event::Event;
use crate::domain::state::Status;
use crate::ids::SeededEntropy;

db_test!(a_form_for_two_rights_has_one_mail_one_code_one_page, |db| async move {
    let office = Office::over(db);
    let reference = office.ask(ADA, &[Right::Access, Right::Export]).await;
    let census = office.db.census().await;
    for (table, rows) in
        [("intake", 1), ("request", 2), ("event", 2), ("challenge", 1), ("outbox", 1), ("job", 2)]
    {
        assert_eq!(census[table], rows, "{table}");
    }
    let mails = office.send().await;
    let mail = only(&mails, MailKind::Verify);
    assert_eq!(mail.to, ADA);
    let requests = office.requests(&reference).await;
    for request in &requests {
        assert!(mail.text.contains(request.reference.as_str()));
        assert_eq!(request.received_at(), office.desk.now());
    }
    // The code opens both, from the page of either.
    let other = requests.iter().find(|request| request.reference != reference).unwrap();
    let case = office.enter(other.reference.clone(), &mail.code()).await;
    let page = office.desk.status_page(&case.token, Some(&case.cookie)).await.unwrap().unwrap();
    let statuses: Vec<_> = page.requests.iter().map(|read| read.request.status).collect();
    assert_eq!(statuses, [Status::Gathering; 2]);
    assert_eq!(kinds(&office.send().await), [MailKind::Verified]);
});

db_test!(the_work_is_the_same_whether_or_not_the_address_is_known, |db| async move {
    let office = Office::over(db);
    let mut grown = Vec::new();
    for address in ["ada@example.org", "nobody@example.org", "nobody.else@other.example"] {
        let before = office.db.census().await;
        office.ask(address, &[Right::Access]).await;
        let after = office.db.census().await;
        let growth: Vec<_> = after.iter().map(|(table, rows)| rows - before[table]).collect();
        grown.push(growth);
    }
    assert_eq!(grown[0], grown[1]);
    assert_eq!(grown[0], grown[2]);
    office.send().await;
    assert_eq!(office.shop.asked(), 0, "nobody is looked up before the code");
});

db_test!(a_form_that_breaks_off_leaves_nothing, |db| async move {
    let office = Office::over(db);
    office.db.run("ALTER TABLE job RENAME TO job_away").await;
    let both = [Right::Access, Right::Export];
    assert!(office.desk.open_intake(form(ADA, &both)).await.is_err());
    office.db.run("ALTER TABLE job_away RENAME TO job").await;
    assert!(office.db.census().await.values().all(|rows| *rows == 0));
});

db_test!(a_reference_is_given_once, |db| async move {
    let office = Office::over(db);
    office.ask(ADA, &[Right::Access]).await;
    let seeded = || SeededEntropy::new(1);
    let taken = Reference::draw(&seeded());
    let tx = office.db.begin_read().await.unwrap();
    assert_eq!(tx.new_reference(&seeded()).await.unwrap(), taken);
    drop(tx);
    office.db.run(&format!("UPDATE request SET reference = '{taken}'")).await;
    let tx = office.db.begin_read().await.unwrap();
    assert_ne!(tx.new_reference(&seeded()).await.unwrap(), taken);
});

db_test!(what_happens_at_once_stays_in_its_order, |db| async move {
    let office = Office::over(db);
    let reference = office.ask(ADA, &[Right::Access]).await;
    let request = office.requests(&reference).await.remove(0);
    let tx = office.db.begin().await.unwrap();
    for place in 0..20 {
        let event = Event::by_system("mail.sent").with("place", place);
        tx.insert_event(request.id, office.desk.now(), &event).await.unwrap();
    }
    tx.commit().await.unwrap();
    let tx = office.db.begin_read().await.unwrap();
    let history = tx.history_of(request.id).await.unwrap();
    let places = history.iter().filter_map(|one| one.data["place"].as_u64());
    assert!(places.eq(0..20));
});
