//! The audit trail in the database, and what is done to it behind our back.

use super::*;
use crate::db::testing::db_test;
use crate::domain::audit::{AuditFault, Checkpoint};
use crate::service::audit::AuditRead;

impl Office {
    async fn trail(&self, signed: &[Checkpoint]) -> Result<AuditRead, AuditFault> {
        self.desk.read_audit(signed.to_vec(), |_| ()).await.unwrap()
    }

    /// What would be signed now.
    async fn checkpoint(&self) -> Checkpoint {
        let tree = self.desk.audit_tree().await.unwrap();
        Checkpoint { origin: "o".into(), size: tree.size(), root: tree.root() }
    }
}

db_test!(every_event_gets_one_place_and_no_personal_data, |db| async move {
    let office = Office::over(db);
    office.open(ADA, &[Right::Access]).await;
    assert_eq!(office.trail(&[]).await.unwrap().unsealed, 2);
    assert_eq!(office.desk.seal_events().await.unwrap(), 2);
    assert_eq!(office.desk.seal_events().await.unwrap(), 0);
    let first = office.checkpoint().await;
    office.open("bob@example.org", &[Right::Access, Right::Export]).await;
    // Two nodes at once give each event one place.
    let both = tokio::join!(office.desk.seal_events(), office.desk.seal_events());
    assert_eq!(both.0.unwrap() + both.1.unwrap(), 4);
    let mut lines = Vec::new();
    let signed = vec![first, office.checkpoint().await];
    let read = office.desk.read_audit(signed, |line| lines.push(line.to_owned())).await.unwrap();
    let read = read.unwrap();
    assert_eq!((read.tree.size(), read.unsealed, lines.len()), (6, 0, 6));
    for kind in ["request.received", "request.verified"] {
        let word = format!("\"kind\":\"{kind}\"");
        assert_eq!(lines.iter().filter(|line| line.contains(&word)).count(), 3, "{lines:?}");
    }
    assert!(!lines.concat().contains('@'), "{lines:?}");
    // Events go with their request one day; the trail stays.
    office.db.run("DELETE FROM event").await;
    assert_eq!(office.trail(&[]).await.unwrap().tree.size(), 6);
});

/// What another node does while this one reads.
async fn seals_meanwhile(db: TestDb) {
    let office = Office::over(db);
    office.open(ADA, &[Right::Access]).await;
    office.desk.seal_events().await.unwrap();
    let signed = vec![office.checkpoint().await];
    office.open("bob@example.org", &[Right::Access]).await;
    let mut lines = 0;
    let read = office.desk.read_audit(signed, |_| {
        lines += 1;
        if lines == 2 {
            let runtime = tokio::runtime::Handle::current();
            tokio::task::block_in_place(|| {
                assert_eq!(runtime.block_on(office.desk.seal_events()).unwrap(), 2);
            });
        }
    });
    let read = read.await.unwrap().expect("nothing was done to the trail");
    assert_eq!(read.tree.size(), lines);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trail_that_grows_while_it_is_read_holds_on_sqlite() {
    crate::db::testing::on_sqlite(seals_meanwhile).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_trail_that_grows_while_it_is_read_holds_on_postgres() {
    crate::db::testing::on_postgres(seals_meanwhile).await;
}

db_test!(what_is_done_to_the_trail_is_named, |db| async move {
    let office = Office::over(db);
    for number in 0..6 {
        office.open(&format!("person{number}@example.org"), &[Right::Access]).await;
    }
    office.desk.seal_events().await.unwrap();
    let signed = [office.checkpoint().await];
    let fact = "UPDATE meta SET value = '4 ' || substr(value, 3) WHERE key = 'audit'";
    for (damage, without, with) in [
        (
            "UPDATE audit SET line = replace(line, 'person', 'system') WHERE seq = 3",
            AuditFault::Changed { seq: 3 },
            AuditFault::Changed { seq: 3 },
        ),
        (
            "DELETE FROM audit WHERE seq = 5",
            AuditFault::Missing { seq: 5 },
            AuditFault::Missing { seq: 5 },
        ),
        (
            "UPDATE audit SET seq = seq + 100 WHERE seq = 0",
            AuditFault::Missing { seq: 0 },
            AuditFault::Missing { seq: 0 },
        ),
        (
            "DELETE FROM audit WHERE seq >= 10",
            AuditFault::Cut { size: 10, signed: 12 },
            AuditFault::Cut { size: 10, signed: 12 },
        ),
    ] {
        office.db.run("CREATE TABLE kept AS SELECT * FROM audit").await;
        office.db.run(damage).await;
        assert_eq!(office.trail(&[]).await, Err(without), "{damage}");
        assert_eq!(office.trail(&signed).await, Err(with), "{damage}");
        office.db.run("DELETE FROM audit").await;
        office.db.run("INSERT INTO audit SELECT * FROM kept").await;
        office.db.run("DROP TABLE kept").await;
        assert!(office.trail(&signed).await.is_ok());
    }
    // A tree that is none is no reason to begin anew.
    office.db.run(fact).await;
    assert!(office.desk.seal_events().await.is_err());
});

db_test!(a_database_that_was_rolled_back_is_caught_by_what_was_signed, |db| async move {
    let office = Office::over(db);
    office.open(ADA, &[Right::Access]).await;
    office.desk.seal_events().await.unwrap();
    let early = office.checkpoint().await;
    office.db.run("CREATE TABLE kept AS SELECT * FROM meta WHERE key = 'audit'").await;
    office.open("bob@example.org", &[Right::Access]).await;
    office.desk.seal_events().await.unwrap();
    let late = office.checkpoint().await;
    office.db.run("DELETE FROM audit WHERE seq >= 2").await;
    office.db.run("DELETE FROM meta WHERE key = 'audit'").await;
    office.db.run("INSERT INTO meta SELECT * FROM kept").await;
    assert!(office.trail(std::slice::from_ref(&early)).await.is_ok(), "by itself it is whole");
    let both = [early, late];
    assert_eq!(office.trail(&both).await, Err(AuditFault::Cut { size: 2, signed: 4 }));
    // Going on from there makes another trail, with hashes that fit.
    office.db.run("UPDATE event SET sealed = true").await;
    office.open("eve@example.org", &[Right::Access]).await;
    office.desk.seal_events().await.unwrap();
    assert_eq!(office.trail(&both).await, Err(AuditFault::Rewritten { from: 2, to: 4 }));
});
