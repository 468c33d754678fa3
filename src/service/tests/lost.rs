//! After a restore of the own database the ledger knows what came in since, and nothing is let out
//! until somebody has seen to it.

use super::outlet::ledger;
use super::*;
use crate::db::testing::db_test;
use crate::domain::deletion_note::{DeletionNote, NoteKind};
use crate::domain::erase::Method;
use crate::domain::policy::Action;
use crate::domain::received::{Lost, LostState};
use crate::domain::staff::{AccountState, Member, Role};
use crate::ids::{IntakeId, StaffId, StepId};
use crate::ledger::Ledger;
use crate::service::case::Deed;

const BOB: &str = "bob@example.org";

impl Office {
    fn officer_now(&self) -> Member {
        Member {
            id: StaffId(uuid::Uuid::from_u128(1)),
            roles: [Role::Officer].into(),
            state: AccountState::Active,
            stepped_up_at: self.desk.now(),
        }
    }

    /// Writes into the ledger what came in, as the job does.
    async fn keep(&self, ledger: &Ledger, case: &Case) -> IntakeId {
        let intake = self.request(&case.reference).await.intake;
        for note in self.desk.received_notes(intake).await.unwrap() {
            let text = note.to_text("desk.example/audit");
            assert!(!text.contains("example.org"), "{text}");
            ledger.keep_received(&note).await.unwrap();
            ledger.keep_received(&note).await.unwrap();
        }
        intake
    }

    /// As the backup does not have it.
    async fn lose(&self, case: &Case, intake: IntakeId) {
        let request = case.id;
        for (table, column) in [("event", "request_id"), ("clock", "request_id")] {
            self.db
                .run(&format!("DELETE FROM {table} WHERE {column} = {}", self.hex(request.0)))
                .await;
        }
        self.db.run(&format!("DELETE FROM request WHERE id = {}", self.hex(request.0))).await;
        self.db.run(&format!("DELETE FROM intake WHERE id = {}", self.hex(intake.0))).await;
    }

    fn hex(&self, id: uuid::Uuid) -> String {
        if self.db.bytes_on_disk().is_some() {
            format!("x'{}'", id.simple())
        } else {
            format!("'{id}'")
        }
    }

    async fn lost(&self) -> Vec<Lost> {
        self.desk.lost_requests().await.unwrap()
    }
}

db_test!(what_a_restore_has_lost_is_settled_before_anything_is_let_out, |db| async move {
    let office = Office::over(db);
    let (ledger, _) = ledger();
    let kept = office.open(ADA, &[Right::Access]).await;
    office.keep(&ledger, &kept).await;
    office.sign(&ledger).await;
    office.back_up().await;
    office.pass(minutes(90));
    let (access, deletion) = (
        office.open(BOB, &[Right::Access]).await,
        office.open("eve@example.org", &[Right::Export]).await,
    );
    let received_at = office.request(&access.reference).await.received_at();
    let intakes = (office.keep(&ledger, &access).await, office.keep(&ledger, &deletion).await);
    let note = DeletionNote {
        kind: NoteKind::Done,
        reference: deletion.reference.to_string(),
        step: StepId(uuid::Uuid::from_u128(9)),
        tries: 0,
        at: office.desk.now(),
        plan: "ab".repeat(32),
        store: "shop".into(),
        collection: "person".into(),
        method: Method::Delete,
        fields: Vec::new(),
        categories: None,
        root: String::new(),
        keys: Vec::new(),
        rows: Vec::new(),
        marks: Vec::new(),
    };
    ledger.keep_deletion(&note).await.unwrap();
    assert!(ledger.has_deletion(&note).await.unwrap());
    let other = DeletionNote { tries: 1, ..note };
    assert!(!ledger.has_deletion(&other).await.unwrap());
    office.sign(&ledger).await;

    office.restore().await;
    office.lose(&access, intakes.0).await;
    office.lose(&deletion, intakes.1).await;
    office.desk.await_audit();
    let found = office.desk.restorable(&ledger).await.unwrap().unwrap();
    office.desk.accept_restore(&ledger, &found).await.unwrap();
    let lost = office.lost().await;
    let told: Vec<_> = lost.iter().map(|one| (&one.reference, one.deleted, one.state)).collect();
    let mut expected = vec![
        (&access.reference, false, LostState::Waiting),
        (&deletion.reference, true, LostState::Waiting),
    ];
    expected
        .sort_by_key(|(reference, ..)| lost.iter().position(|one| one.reference == **reference));
    assert_eq!(told, expected, "and nothing of what is there still");
    let of_bob = lost.iter().find(|one| one.reference == access.reference).unwrap();
    assert_eq!((of_bob.right, of_bob.received_at), (Right::Access, received_at));
    assert!(!office.is_open().await, "the trail agrees, and still nothing is let out");
    // Sessions from before are over; people can ask all the same.
    assert_eq!(office.db.number("SELECT count(*) FROM status_session").await, 0);
    let anew = office.open(BOB, &[Right::Access]).await;

    let officer = office.officer_now();
    let agent = Member { roles: [Role::Agent].into(), ..officer.clone() };
    let settle = |by: Member, at: Reference, entered: Option<Reference>| {
        let desk = office.desk.clone();
        async move { desk.settle_lost(&by, &at, entered.as_ref()).await.unwrap() }
    };
    let denied = settle(agent, access.reference.clone(), None).await;
    assert!(matches!(denied, Deed::Denied(_)) && Action::Clear.needs_fresh_factor());
    let nowhere = Reference::parse("R-22222222").unwrap();
    let unknown = settle(officer.clone(), access.reference.clone(), Some(nowhere.clone())).await;
    assert_eq!(unknown, Deed::NoSuchRequest);
    assert_eq!(settle(officer.clone(), nowhere, None).await, Deed::NoSuchRequest);
    let entered = Some(anew.reference.clone());
    assert_eq!(settle(officer.clone(), access.reference.clone(), entered).await, Deed::Done);
    assert!(!office.is_open().await);
    assert_eq!(settle(officer.clone(), deletion.reference.clone(), None).await, Deed::Done);
    assert!(office.is_open().await);
    assert_eq!(settle(officer, access.reference.clone(), None).await, Deed::NotNow);
    let lost = office.lost().await;
    let of_bob = lost.iter().find(|one| one.reference == access.reference).unwrap();
    assert_eq!((of_bob.state, &of_bob.entered), (LostState::Entered, &Some(anew.reference)));
    office.sign(&ledger).await;
    let same = "SELECT count(*) FROM audit WHERE line LIKE '%restore.settled%' \
        AND line LIKE '%\"same_address\":true%'";
    assert_eq!(office.db.number(same).await, 1);
    // Compared once more, nothing is found anew.
    office.compare(&ledger).await;
    assert!(office.is_open().await);
});
