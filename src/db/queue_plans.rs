//! Every page, count and search of the queue is answered by an index, told by the databases
//! themselves; and pages put together are the whole.

use std::time::Duration;

use sea_orm::{ConnectionTrait as _, DbBackend, QueryTrait as _, Statement, TransactionTrait as _};
use uuid::Uuid;

use super::gauges::parts;
use super::lane;
use super::queue::{QueueKey, counted, look_ends, of_children, of_contact, page};
use super::testing::{TestDb, db_test};
use crate::domain::address::EmailAddress;
use crate::domain::intake::{Contact, Intake};
use crate::domain::language::Language;
use crate::domain::promise::PromiseState;
use crate::domain::queue::{Owner, QueueFilter, View};
use crate::domain::request::{Channel, NewRequest, Request};
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
    for row in 0..ROWS {
        let received_at = start + jiff::SignedDuration::from_mins(i64::try_from(row).unwrap());
        let email = EmailAddress::parse(&format!("person{row}@example.org")).unwrap();
        let intake = Intake {
            id: IntakeId(Uuid::from_u128(row)),
            received_at,
            language: Language::En,
            country: None,
            contact: Some(Contact { email: Some(email), ..Contact::default() }),
            reminded_at: None,
        };
        tx.insert_intake(&intake).await.unwrap();
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

/// How the database would go about a statement.
async fn plan(db: &TestDb, sql: Statement) -> String {
    let is_sqlite = db.pool().get_database_backend() == DbBackend::Sqlite;
    let explain = if is_sqlite { "EXPLAIN QUERY PLAN" } else { "EXPLAIN" };
    let statement = Statement { sql: format!("{explain} {}", sql.sql), ..sql };
    let tx = db.pool().begin().await.unwrap();
    if !is_sqlite {
        // These tables are so small that reading them whole costs less than most indexes; where no
        // index serves, they are read whole for all that.
        tx.execute_unprepared("SET LOCAL enable_seqscan = off").await.unwrap();
    }
    let rows = tx.query_all_raw(statement).await.unwrap();
    let column = if is_sqlite { "detail" } else { "QUERY PLAN" };
    let lines: Vec<String> = rows.iter().map(|row| row.try_get("", column).unwrap()).collect();
    lines.join("\n")
}

/// That the plan of `sql` uses `index`, and neither reads a table from end to end nor sorts it.
async fn goes_by(db: &TestDb, index: &str, sql: Statement, what: &str) {
    let plan = plan(db, sql).await;
    assert!(plan.contains(index), "{what}: {plan}");
    for scan in ["Seq Scan", "SCAN request", "SCAN intake", "TEMP B-TREE"] {
        assert!(!plan.contains(scan), "{what}: {plan}");
    }
}

fn singles(view: View) -> Vec<QueueFilter> {
    let whole = QueueFilter::of(view);
    let mut all: Vec<QueueFilter> = Vec::new();
    all.extend(Right::ALL.iter().map(|right| QueueFilter { right: Some(*right), ..whole }));
    all.extend(Channel::ALL.iter().map(|by| QueueFilter { channel: Some(*by), ..whole }));
    all.extend(Status::ALL.iter().map(|at| QueueFilter { status: Some(*at), ..whole }));
    let owners = [Owner::Nobody, Owner::Staff(me())];
    all.extend(owners.map(|owner| QueueFilter { owner: Some(owner), ..whole }));
    all
}

/// Two filters of one view as one.
fn both(one: QueueFilter, other: QueueFilter) -> QueueFilter {
    QueueFilter {
        right: one.right.or(other.right),
        channel: one.channel.or(other.channel),
        status: one.status.or(other.status),
        owner: one.owner.or(other.owner),
        ..one
    }
}

db_test!(what_is_about_children_is_found_by_an_index, |db| async move {
    seed(&db).await;
    let backend = db.pool().get_database_backend();
    let since = ("2026-03-03T00:00:00Z".parse().ok(), None);
    let of_promise =
        QueueFilter { promise: Some(PromiseState::OnTime), ..QueueFilter::of(View::Open) };
    let plain = View::ALL.iter().map(|view| (QueueFilter::of(*view), (None, None)));
    let single = singles(View::Open).into_iter().map(|filter| (filter, (None, None)));
    for (filter, received) in plain.chain(single).chain([(of_promise, since)]) {
        let sql = of_children(&filter, me(), received).build(backend);
        goes_by(&db, "particulars_", sql, &format!("{filter:?}")).await;
    }
});

db_test!(every_page_is_answered_by_an_index, |db| async move {
    seed(&db).await;
    let backend = db.pool().get_database_backend();
    let key = QueueKey {
        received_at: "2026-03-02T00:00:00Z".parse().unwrap(),
        id: RequestId(Uuid::nil()),
    };
    let mut filters: Vec<QueueFilter> =
        View::ALL.iter().map(|view| QueueFilter::of(*view)).collect();
    for view in [View::Open, View::Closed] {
        let single = singles(view);
        let pairs = single.iter().flat_map(|one| single.iter().map(|other| both(*one, *other)));
        filters.extend(pairs);
    }
    for filter in filters {
        for after in [None, Some(key)] {
            let sql = page(&filter, me(), (None, None), (after, None), 51).build(backend);
            // What cannot be (closed, and waiting for its code) may go by the index of the status.
            goes_by(&db, "request_sta", sql, &format!("{filter:?}")).await;
            let Some(end) = look_ends(&filter, me(), (None, None), after, 500) else { continue };
            goes_by(&db, "request_sta", backend.build(&end), &format!("{filter:?}")).await;
        }
    }
});

db_test!(every_state_of_the_promise_is_found_by_an_index, |db| async move {
    seed(&db).await;
    let backend = db.pool().get_database_backend();
    let (risk, late) =
        ("2026-03-03T00:00:00Z".parse().unwrap(), "2026-03-02T00:00:00Z".parse().unwrap());
    let ranges = [(Some(risk), None), (Some(late), Some(risk)), (None, Some(late))];
    for (state, received) in PromiseState::ALL.iter().zip(ranges) {
        let filter = QueueFilter { promise: Some(*state), ..QueueFilter::of(View::Open) };
        let sql = page(&filter, me(), received, (None, None), 51).build(backend);
        goes_by(&db, "request_stage", sql, &format!("{filter:?}")).await;
    }
});

db_test!(counts_and_searches_are_answered_by_an_index, |db| async move {
    seed(&db).await;
    let backend = db.pool().get_database_backend();
    for view in View::ALL {
        let sql = backend.build(&counted(*view, me(), 1_000));
        goes_by(&db, "request_stage", sql, view.as_str()).await;
    }
    let address = EmailAddress::parse("person7@example.org").unwrap();
    let tags = db.begin_read().await.unwrap().contact_tags(&address);
    let sql = of_contact(tags, 50).build(backend);
    let plan = plan(&db, sql).await;
    for index in ["intake_contact_tag", "request_intake_id"] {
        assert!(plan.contains(index), "{plan}");
    }
});

db_test!(what_metrics_count_is_answered_by_an_index, |db| async move {
    seed(&db).await;
    let backend = db.pool().get_database_backend();
    let (risk, late) =
        ("2026-03-03T00:00:00Z".parse().unwrap(), "2026-03-02T00:00:00Z".parse().unwrap());
    let promise = [
        (PromiseState::OnTime, Some(risk), None),
        (PromiseState::AtRisk, Some(late), Some(risk)),
        (PromiseState::Overdue, None, Some(late)),
    ];
    let lanes = ["mail".to_owned(), "store:shop".to_owned()];
    for part in parts(backend, &lanes, &promise, 100) {
        let plan = plan(&db, backend.build(&part.select)).await;
        assert!(plan.contains(part.index()), "{plan}");
        for scan in ["Seq Scan", "SCAN job", "SCAN request", "SCAN event", "TEMP B-TREE"] {
            // The index of what is unsealed has nothing else in it.
            let is_read_whole =
                plan.lines().any(|line| line.contains(scan) && !line.contains("event_unsealed"));
            assert!(!is_read_whole, "{plan}");
        }
    }
    // Together they say what there is, each no further than its limit.
    let tx = db.begin().await.unwrap();
    lane::declare(&tx, "mail", 1, Duration::ZERO).await.unwrap();
    let gauges = tx.gauges(&promise, 100).await.unwrap();
    let of = |state| gauges.promise.iter().find(|(of, _)| *of == state).map(|(_, count)| *count);
    let all = u64::try_from(ROWS).unwrap();
    let open = all * 4 / 20;
    let at_most = |count: u64| count.min(100);
    assert_eq!(of(PromiseState::Overdue), Some(at_most(open * 24 / 66)));
    let waiting =
        gauges.requests.iter().find(|(status, _)| *status == Status::AwaitingVerification);
    assert_eq!(waiting.map(|(_, count)| *count), Some(at_most(all * 2 / 20)));
    assert_eq!(gauges.lanes.len(), 1);
});

/// Whether a request belongs to what a filter shows, read off the filter's words.
fn belongs(request: &Request, filter: &QueueFilter) -> bool {
    let owner = match filter.owner {
        None => true,
        Some(Owner::Nobody) => request.assignee.is_none(),
        Some(Owner::Staff(id)) => request.assignee == Some(id),
    };
    request.queue_stage() == filter.view.stage()
        && (filter.view != View::Spam || request.spam)
        && (filter.view != View::Mine || request.assignee == Some(me()))
        && filter.right.is_none_or(|right| request.right == right)
        && filter.channel.is_none_or(|channel| request.channel == channel)
        && filter.status.is_none_or(|status| request.status == status)
        && owner
}

db_test!(pages_put_together_are_the_whole, |db| async move {
    seed(&db).await;
    let tx = db.begin_read().await.unwrap();
    let mut all = Vec::new();
    for view in [View::Open, View::Closed, View::Unverified] {
        let nobody = (None, None);
        let found = tx.queue(&QueueFilter::of(view), me(), nobody, None, 10_000, 1).await.unwrap();
        assert_eq!(found.looked_until, None);
        all.extend(found.requests);
    }
    assert_eq!(all.len(), usize::try_from(ROWS).unwrap());
    let mut cut = 0;
    for view in [View::Open, View::Mine, View::Closed, View::Spam] {
        let single = singles(view);
        let (some, others) = (single.iter().step_by(2), single.iter().rev().step_by(3));
        for filter in some.flat_map(|one| others.clone().map(|other| both(*one, *other))) {
            let (mut seen, mut after) = (Vec::new(), None);
            loop {
                let page = tx.queue(&filter, me(), (None, None), after, 40, 150).await.unwrap();
                let last = page.requests.last();
                let last = last.map(|one| QueueKey { received_at: one.received_at(), id: one.id });
                let is_full = page.requests.len() == 40;
                seen.extend(page.requests.into_iter().map(|one| one.id));
                cut += usize::from(page.looked_until.is_some());
                after = if is_full { last } else { page.looked_until };
                if after.is_none() {
                    break;
                }
            }
            let mut due: Vec<&Request> = all.iter().filter(|one| belongs(one, &filter)).collect();
            due.sort_by_key(|one| (one.received_at(), one.id));
            if view.is_newest_first() {
                due.reverse();
            }
            let due: Vec<RequestId> = due.iter().map(|one| one.id).collect();
            assert_eq!(seen, due, "{filter:?}");
        }
    }
    assert!(cut > 0, "some looks ended early");
});
