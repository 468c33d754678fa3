//! Every view and every single filter of the queue is answered by an index, told by the databases
//! themselves.

use sea_orm::{ConnectionTrait as _, DbBackend, QueryTrait as _, Statement};
use uuid::Uuid;

use super::queue::page;
use super::testing::{TestDb, db_test};
use crate::domain::language::Language;
use crate::domain::queue::{Owner, QueueFilter, View};
use crate::domain::request::{Channel, Intake, NewRequest, Request};
use crate::domain::right::Right;
use crate::domain::state::{Move, Status};
use crate::ids::{IntakeId, Reference, RequestId, StaffId};

const ROWS: u128 = 4_000;

fn me() -> StaffId {
    StaffId(Uuid::from_u128(7))
}

/// Requests of every kind, most of them closed, as in a service that has run for a while.
async fn seed(db: &TestDb) {
    let tx = db.begin().await.unwrap();
    let start: jiff::Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
    let intake = Intake {
        id: IntakeId(Uuid::from_u128(1)),
        received_at: start,
        language: Language::En,
        country: None,
        contact: None,
        reminded_at: None,
    };
    tx.insert_intake(&intake).await.unwrap();
    for row in 0..ROWS {
        let received_at = start + jiff::SignedDuration::from_mins(i64::try_from(row).unwrap());
        let pick = |many: usize| usize::try_from(row).unwrap() / 3 % many;
        let mut request = Request::open(NewRequest {
            id: RequestId(Uuid::from_u128(row + 10)),
            intake: intake.id,
            reference: Reference::draw(tx.sealer().entropy()),
            right: Right::ALL[pick(Right::ALL.len())],
            on_behalf: false,
            channel: Channel::ALL[pick(Channel::ALL.len())],
            received_at,
        });
        request.assignee = (row % 5 == 0).then(me);
        match row % 20 {
            0 | 1 => {}
            2..=5 => drop(request.step(Move::Verified, received_at)),
            6 => drop(request.step(Move::TakenForSpam, received_at)),
            _ => {
                request.step(Move::Verified, received_at).unwrap();
                request.step(Move::Withdrawn, received_at).unwrap();
            }
        }
        tx.insert_request(&request).await.unwrap();
    }
    tx.commit().await.unwrap();
    db.run("ANALYZE").await;
}

async fn plan(db: &TestDb, filter: &QueueFilter) -> String {
    let backend = db.pool().get_database_backend();
    let sql = page(filter, me(), (None, None), None, 51).build(backend);
    let explain = if backend == DbBackend::Sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
    let explain = format!("{explain} {}", sql.sql);
    let statement = Statement { sql: explain, ..sql };
    let rows = db.pool().query_all_raw(statement).await.unwrap();
    let column = if backend == DbBackend::Sqlite { "detail" } else { "QUERY PLAN" };
    let lines: Vec<String> = rows.iter().map(|row| row.try_get("", column).unwrap()).collect();
    lines.join("\n")
}

fn singles() -> Vec<QueueFilter> {
    let mut all: Vec<QueueFilter> = View::ALL.iter().map(|view| QueueFilter::of(*view)).collect();
    let open = QueueFilter::of(View::Open);
    all.extend(Right::ALL.iter().map(|right| QueueFilter { right: Some(*right), ..open }));
    all.extend(Channel::ALL.iter().map(|by| QueueFilter { channel: Some(*by), ..open }));
    all.extend(Status::ALL.iter().map(|at| QueueFilter { status: Some(*at), ..open }));
    let owners = [Owner::Nobody, Owner::Staff(me())];
    all.extend(owners.map(|owner| QueueFilter { owner: Some(owner), ..open }));
    all
}

db_test!(every_single_filter_is_answered_by_an_index, |db| async move {
    seed(&db).await;
    for filter in singles() {
        let plan = plan(&db, &filter).await;
        assert!(plan.contains("request_stage"), "{filter:?}: {plan}");
        for scan in ["Seq Scan", "SCAN request", "TEMP B-TREE"] {
            assert!(!plan.contains(scan), "{filter:?}: {plan}");
        }
    }
});
