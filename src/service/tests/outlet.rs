//! Nothing is let out while the audit trail does not agree with what was signed of it.

use object_store::ObjectStore;
use object_store::memory::InMemory;

use super::*;
use crate::db::testing::db_test;
use crate::domain::audit::{AuditFault, Checkpoint};
use crate::domain::gather::Blocker;
use crate::domain::state::Status;
use crate::ids::SeededEntropy;
use crate::keys::signing::SigningKey;
use crate::ledger::{Ledger, LedgerError};
use crate::service::ServiceError;
use crate::service::outlet::{Agreement, NotRestorable};

/// What is kept of a database for going back to it.
const TABLES: [&str; 3] = ["audit", "meta", "event"];

pub(super) fn ledger() -> (Ledger, Arc<InMemory>) {
    let (store, folder) = (Arc::new(InMemory::new()), tempfile::tempdir().unwrap());
    let signing = Arc::new(SigningKey::make(folder.path(), &SeededEntropy::new(1)).unwrap());
    let ours = Arc::<InMemory>::clone(&store) as Arc<dyn ObjectStore>;
    (Ledger::new(ours, "kept".into(), "desk.example/audit".into(), signing), store)
}

impl Office {
    pub(super) async fn compare(&self, ledger: &Ledger) -> Agreement {
        self.desk.compare_audit(ledger).await.unwrap()
    }

    /// Seals and signs, as a worker does.
    pub(super) async fn sign(&self, ledger: &Ledger) -> u64 {
        self.desk.seal_events().await.unwrap();
        let Agreement::Agrees { stretch, tree, .. } = self.compare(ledger).await else {
            panic!("it agrees");
        };
        let origin = ledger.origin(stretch);
        let checkpoint = Checkpoint { origin, size: tree.size(), root: tree.root() };
        ledger.keep(stretch, &checkpoint).await.unwrap();
        self.desk.audit_signed(stretch, &tree).await.unwrap();
        tree.size()
    }

    async fn verified_size(&self, ledger: &Ledger) -> Result<u64, AuditFault> {
        let binding = ledger.signed().await.unwrap().binding();
        let read = self.desk.read_audit(binding, |_| ()).await.unwrap();
        read.map(|read| read.tree.size())
    }

    pub(super) async fn back_up(&self) {
        for table in TABLES {
            self.db.run(&format!("CREATE TABLE kept_{table} AS SELECT * FROM {table}")).await;
        }
    }

    /// The database is as it was when it was backed up, as far as the trail goes.
    pub(super) async fn restore(&self) {
        for table in TABLES {
            self.db.run(&format!("DELETE FROM {table}")).await;
            self.db.run(&format!("INSERT INTO {table} SELECT * FROM kept_{table}")).await;
        }
    }

    pub(super) async fn is_open(&self) -> bool {
        let tx = self.db.begin_read().await.unwrap();
        !self.desk.is_shut(&tx).await.unwrap()
    }
}

db_test!(a_rolled_back_database_lets_nothing_out_until_somebody_accepts_it, |db| async move {
    let office = Office::over(db);
    let (ledger, _) = ledger();
    let case = office.open(ADA, &[Right::Access]).await;
    office.gather(case.id).await;
    office.send().await;
    let early = office.sign(&ledger).await;
    office.back_up().await;
    office.open("bob@example.org", &[Right::Access]).await;
    let late = office.sign(&ledger).await;
    assert!(early < late && office.is_open().await);

    office.restore().await;
    let cut = AuditFault::Cut { size: early, signed: late };
    office.desk.await_audit();
    assert!(!office.is_open().await, "before anything is compared");
    assert_eq!(office.compare(&ledger).await, Agreement::Differs(cut));
    assert!(!office.is_open().await);
    // What is gathered is not put together, answers are not mailed, and people can ask.
    let archive = office.archive(case.id).await.id;
    let refused = office.desk.finish_work(archive).await;
    assert!(matches!(refused, Err(ServiceError::AuditFirst)), "{refused:?}");
    let asked = office.open("eve@example.org", &[Right::Access]).await;
    office.gather(asked.id).await;
    assert!(office.desk.is_ready().await.is_ok());
    // Another process knows from the database; the fact of its own would not tell.
    assert_eq!(office.db.number("SELECT count(*) FROM meta WHERE key = 'audit.differs'").await, 1);
    assert_eq!(office.verified_size(&ledger).await, Err(cut));

    let found = office.desk.restorable(&ledger).await.unwrap().unwrap();
    assert_eq!((found.number, found.kept.size, found.signed.size), (1, early, late));
    assert!(found.newest.as_ref().is_some_and(|line| line.contains("\"seq\"")));
    let accepted = office.desk.accept_restore(&ledger, &found).await.unwrap();
    assert!(matches!(accepted, Agreement::Agrees { stretch: 1, .. }), "{accepted:?}");
    assert!(office.is_open().await);
    assert!(office.desk.finish_work(archive).await.unwrap().is_some());
    // The whole verifies, the loss is stated in the trail too, and the next stretch is signed.
    let now = office.sign(&ledger).await;
    assert!(now > early);
    assert_eq!(office.verified_size(&ledger).await, Ok(now));
    let told = format!("\"kind\":\"audit.restored\",\"data\":{{\"from\":{early},");
    let mut lines = Vec::new();
    let all = ledger.signed().await.unwrap();
    let read = office.desk.read_audit(all.binding(), |line| lines.push(line.to_owned())).await;
    assert!(read.unwrap().is_ok());
    assert_eq!(lines.iter().filter(|line| line.contains(&told)).count(), 1, "{lines:?}");
    assert_eq!(all.checkpoints.len(), 3, "the old ones are there as evidence");
    let nothing = office.desk.restorable(&ledger).await.unwrap();
    assert_eq!(nothing, Err(NotRestorable::Agrees));
    office.pass(minutes(1));
    assert_eq!(office.desk.accept_restore(&ledger, &found).await.unwrap_err().word(), "ledger");

    // Back once more, to the same backup from before the first restore.
    office.restore().await;
    let again = Agreement::Differs(AuditFault::Cut { size: early, signed: now });
    assert_eq!(office.compare(&ledger).await, again);
    let found = office.desk.restorable(&ledger).await.unwrap().unwrap();
    assert_eq!((found.number, found.signed.size), (2, now));
    office.desk.accept_restore(&ledger, &found).await.unwrap();
    let last = office.sign(&ledger).await;
    assert_eq!(office.verified_size(&ledger).await, Ok(last));
    assert_eq!(last - early, 2, "both restores are told of");
});

db_test!(what_no_restore_explains_cannot_be_accepted, |db| async move {
    let office = Office::over(db);
    let (ledger, _) = ledger();
    for number in 0..3 {
        office.open(&format!("person{number}@example.org"), &[Right::Access]).await;
        office.sign(&ledger).await;
    }
    for (damage, fault) in [
        (
            "UPDATE audit SET line = replace(line, 'person', 'system') WHERE seq = 3",
            AuditFault::Changed { seq: 3 },
        ),
        ("DELETE FROM audit WHERE seq = 1", AuditFault::Missing { seq: 1 }),
        ("DELETE FROM audit WHERE seq >= 4", AuditFault::Cut { size: 4, signed: 6 }),
    ] {
        office.back_up().await;
        office.db.run(damage).await;
        let none = office.desk.restorable(&ledger).await.unwrap();
        assert_eq!(none, Err(NotRestorable::Fault(fault)), "{damage}");
        office.restore().await;
        for table in TABLES {
            office.db.run(&format!("DROP TABLE kept_{table}")).await;
        }
    }
    // Rolled back and written on: not what a backup looks like.
    office.back_up().await;
    let open = |name: &'static str| office.open(name, &[Right::Access]);
    open("lost@example.org").await;
    office.sign(&ledger).await;
    office.restore().await;
    for name in ["new1@example.org", "new2@example.org"] {
        open(name).await;
    }
    office.desk.seal_events().await.unwrap();
    let fault = AuditFault::Rewritten { from: 6, to: 8 };
    assert_eq!(office.compare(&ledger).await, Agreement::Differs(fault));
    let none = office.desk.restorable(&ledger).await.unwrap();
    assert_eq!(none, Err(NotRestorable::Fault(fault)));
});

db_test!(what_was_compared_is_not_read_again_and_the_database_alone_cannot_lie, |db| async move {
    let office = Office::over(db);
    let (ledger, store) = ledger();
    office.open(ADA, &[Right::Access]).await;
    office.sign(&ledger).await;
    office.open("bob@example.org", &[Right::Access]).await;
    let signed = office.sign(&ledger).await;
    // A line from before is not looked at, which `audit verify` does.
    office.db.run("UPDATE audit SET line = replace(line, 'person', 'system') WHERE seq = 1").await;
    office.open("carol@example.org", &[Right::Access]).await;
    office.desk.seal_events().await.unwrap();
    assert!(matches!(office.compare(&ledger).await, Agreement::Agrees { .. }));
    assert_eq!(office.verified_size(&ledger).await, Err(AuditFault::Changed { seq: 1 }));
    // What the database says of itself counts only where the ledger has signed for it.
    let fact = "SELECT value FROM meta WHERE key = 'audit.compared'";
    let honest = office.db.text(fact).await;
    let (tree, lie) = (office.desk.audit_tree().await.unwrap().to_text(), &honest[..3]);
    for lie in [format!("0 {tree}"), format!("1 {}", &honest[2..]), format!("{lie}x")] {
        let lie = format!("UPDATE meta SET value = '{lie}' WHERE key = 'audit.compared'");
        office.db.run(&lie).await;
        let caught = office.compare(&ledger).await;
        assert_eq!(caught, Agreement::Differs(AuditFault::Changed { seq: 1 }), "{lie}");
    }
    office
        .db
        .run(&format!("UPDATE meta SET value = '{honest}' WHERE key = 'audit.compared'"))
        .await;
    assert!(
        matches!(office.compare(&ledger).await, Agreement::Agrees { signed: s, .. } if s == signed)
    );
    // A ledger that holds something else is no agreement either.
    let place = format!("kept/checkpoint/{:020}", signed + 2);
    object_store::ObjectStoreExt::put(&*store, &place.into(), "forged".into()).await.unwrap();
    let forged = office.desk.compare_audit(&ledger).await.unwrap_err();
    let expected = LedgerError::Forged { size: signed + 2 };
    assert!(matches!(forged, ServiceError::Ledger(error) if error == expected), "{forged}");
});

db_test!(answers_wait_and_codes_do_not, |db| async move {
    let office = Office::over(db);
    let case = office.open(ADA, &[Right::Access]).await;
    office.gather(case.id).await;
    office.finish(case.id).await;
    let tx = office.db.begin().await.unwrap();
    tx.set_audit_differs(Some("line 1 is missing")).await.unwrap();
    tx.commit().await.unwrap();
    let mut refused = 0;
    for id in office.db.queued_mails().await {
        match office.desk.queued_mail(id).await {
            Err(ServiceError::AuditFirst) => refused += 1,
            mail => assert!(!mail.unwrap().unwrap().letter.kind.is_answer()),
        }
    }
    assert_eq!(refused, 1);
    assert!(matches!(office.desk.export_key(&case.reference).await, Err(ServiceError::AuditFirst)));
    assert_eq!(office.request(&case.reference).await.answered_at, None);
    let request = office.request(&case.reference).await;
    assert_eq!(
        (request.status, request.blockers.contains(&Blocker::MailFailed)),
        (Status::Fulfilled, false)
    );
    let tx = office.db.begin().await.unwrap();
    tx.set_audit_differs(None).await.unwrap();
    tx.commit().await.unwrap();
    only(&office.send().await, MailKind::ArchiveReady);
});
