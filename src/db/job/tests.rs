use ::entity::{job, lane};
use sea_orm::{ActiveModelTrait, ActiveValue, ConnectionTrait, EntityTrait, IntoActiveModel};

use super::*;
use crate::db::lane::declare;
use crate::db::testing::{db_test, on_postgres};

const HOUR: Duration = Duration::from_hours(1);
/// A lease that is over as soon as it is given.
const NONE: Duration = Duration::ZERO;

fn a_job(number: u128) -> NewJob<'static> {
    NewJob {
        id: Uuid::from_u128(number),
        lane: "mail",
        kind: "send_mail",
        payload: "{}",
        delay: NONE,
        max_attempts: 3,
        dedup_key: None,
        request: None,
    }
}

async fn put(db: &Db, job: NewJob<'_>) -> bool {
    let tx = db.begin().await.unwrap();
    let written = enqueue(&tx, job).await.unwrap();
    tx.commit().await.unwrap();
    written
}

async fn open_lane(db: &Db, width: u16, min_interval: Duration) {
    let tx = db.begin().await.unwrap();
    declare(&tx, "mail", width, min_interval).await.unwrap();
    tx.commit().await.unwrap();
}

async fn take(db: &Db, most: usize, lease: Duration) -> Vec<Claimed> {
    let lanes = ["mail".to_owned()];
    claim(db, Wanted { lanes: &lanes, owner: "w", lease, most }).await.unwrap()
}

async fn take_one(db: &Db, lease: Duration) -> Claimed {
    take(db, 1, lease).await.pop().unwrap()
}

async fn wait(db: &Db) -> Option<Duration> {
    next_due(db, &["mail".to_owned()]).await.unwrap()
}

async fn row(db: &Db, number: u128) -> job::Model {
    job::Entity::find_by_id(Uuid::from_u128(number)).one(db.pool()).await.unwrap().unwrap()
}

/// As the counts see it: ready, running, dead.
async fn tally(db: &Db) -> (u64, u64, u64) {
    let lanes = counts(db).await.unwrap();
    lanes.first().map_or((0, 0, 0), |lane| (lane.ready, lane.running, lane.dead))
}

db_test!(a_job_comes_back_as_it_was_written, |db| async move {
    open_lane(&db, 1, NONE).await;
    let request = Some(Uuid::from_u128(77));
    assert!(put(&db, NewJob { payload: r#"{"v":1}"#, request, ..a_job(1) }).await);
    let job = take_one(&db, HOUR).await;
    assert_eq!((job.id, job.kind.as_str()), (Uuid::from_u128(1), "send_mail"));
    assert_eq!((job.payload.as_str(), job.request), (r#"{"v":1}"#, request));
    assert_eq!((job.attempt, job.max_attempts, job.fence()), (1, 3, 1));
    assert_eq!(row(&db, 1).await.lease_owner.as_deref(), Some("w"));
});

db_test!(a_job_of_a_change_that_did_not_happen_is_not_there, |db| async move {
    let tx = db.begin().await.unwrap();
    assert!(enqueue(&tx, a_job(1)).await.unwrap());
    drop(tx);
    assert_eq!(tally(&db).await, (0, 0, 0));
});

db_test!(a_key_is_taken_by_unfinished_jobs_only, |db| async move {
    open_lane(&db, 1, NONE).await;
    let keyed = |number| NewJob { dedup_key: Some("k"), ..a_job(number) };
    assert!(put(&db, keyed(1)).await);
    assert!(!put(&db, keyed(2)).await, "while it waits");
    let job = take_one(&db, HOUR).await;
    assert!(!put(&db, keyed(3)).await, "while it runs");
    let _finished = finish(db.begin().await.unwrap(), &job).await.unwrap();
    assert!(put(&db, keyed(4)).await, "after it ended");

    let job = take_one(&db, HOUR).await;
    let tx = db.begin().await.unwrap();
    bury(&tx, &job, "no_such_box").await.unwrap();
    tx.commit().await.unwrap();
    assert!(!put(&db, keyed(5)).await, "when it is dead");
    assert!(put(&db, a_job(6)).await && put(&db, a_job(7)).await, "without a key");
});

db_test!(who_lost_the_lease_can_do_nothing_any_more, |db| async move {
    open_lane(&db, 5, NONE).await;
    put(&db, a_job(1)).await;
    let slow = take_one(&db, NONE).await;
    let quick = take_one(&db, HOUR).await;
    assert_eq!((slow.id, slow.fence(), quick.fence()), (quick.id, 1, 2));
    assert_eq!(quick.attempt, 2);

    let tx = db.begin().await.unwrap();
    enqueue(&tx, a_job(2)).await.unwrap();
    assert_eq!(finish(tx, &slow).await, Err(DbError::LeaseLost));
    assert_eq!(tally(&db).await, (0, 1, 0), "its effect is undone");

    let lost = Err(DbError::LeaseLost);
    assert_eq!(heartbeat(&db, &slow, HOUR).await, lost);
    let tx = db.begin().await.unwrap();
    assert_eq!(retry(&tx, &slow, "x", NONE).await, Err(DbError::LeaseLost));
    assert_eq!(release(&tx, &slow).await, lost);
    assert_eq!(bury(&tx, &slow, "x").await, lost);
    drop(tx);

    let tx = db.begin().await.unwrap();
    enqueue(&tx, a_job(2)).await.unwrap();
    let _finished = finish(tx, &quick).await.unwrap();
    assert_eq!(tally(&db).await, (1, 0, 0), "one effect");
});

db_test!(a_heartbeat_keeps_a_job, |db| async move {
    open_lane(&db, 1, NONE).await;
    put(&db, a_job(1)).await;
    let job = take_one(&db, NONE).await;
    heartbeat(&db, &job, HOUR).await.unwrap();
    assert!(take(&db, 1, HOUR).await.is_empty());
    let _finished = finish(db.begin().await.unwrap(), &job).await.unwrap();
    assert_eq!(heartbeat(&db, &job, HOUR).await, Err(DbError::LeaseLost));
});

db_test!(a_lane_gives_no_more_than_its_width_to_all_together, |db| async move {
    open_lane(&db, 2, NONE).await;
    for number in 1..=4 {
        put(&db, a_job(number)).await;
    }
    let other = db.again().await;
    let first = take(&db, 9, HOUR).await;
    assert_eq!(first.len(), 2);
    assert!(take(&other, 9, HOUR).await.is_empty());
    let _finished = finish(db.begin().await.unwrap(), &first[0]).await.unwrap();
    assert_eq!(take(&other, 9, HOUR).await.len(), 1);
    assert!(take(&db, 9, HOUR).await.is_empty());
});

db_test!(two_workers_never_get_the_same_job_nor_too_many, |db| async move {
    open_lane(&db, 12, NONE).await;
    for number in 1..=20 {
        put(&db, a_job(number)).await;
    }
    let other = db.again().await;
    let greedy = async |db: &Db| {
        let mut got = Vec::new();
        for _ in 0..8 {
            got.extend(take(db, 2, HOUR).await);
        }
        got
    };
    let (mut all, theirs) = tokio::join!(greedy(&db), greedy(&other));
    all.extend(theirs);
    let mut ids: Vec<_> = all.iter().map(|job| job.id).collect();
    ids.sort_unstable();
    ids.dedup();
    assert_eq!((all.len(), ids.len()), (12, 12));
});

/// Between counting and taking a second worker would count the same. SQLite lets one write anyway.
#[tokio::test]
async fn a_lane_from_which_a_worker_is_taking_gives_nothing_to_another() {
    on_postgres(async |db| {
        open_lane(&db, 1, NONE).await;
        put(&db, a_job(1)).await;
        let taking = db.begin().await.unwrap();
        let lock = "SELECT 1 FROM lane WHERE name = 'mail' FOR UPDATE";
        taking.inner().execute_unprepared(lock).await.unwrap();
        assert!(take(&db, 1, HOUR).await.is_empty());
        taking.commit().await.unwrap();
        assert_eq!(take(&db, 1, HOUR).await.len(), 1);
    })
    .await;
}

db_test!(a_lane_starts_one_job_an_interval, |db| async move {
    open_lane(&db, 9, HOUR).await;
    put(&db, a_job(1)).await;
    put(&db, a_job(2)).await;
    assert_eq!(take(&db, 9, HOUR).await.len(), 1);
    assert!(take(&db, 9, HOUR).await.is_empty());
    let left = wait(&db).await.unwrap();
    assert!(left > HOUR / 2 && left <= HOUR);
    // Declaring it again at the next start does not free it.
    open_lane(&db, 9, HOUR).await;
    assert!(take(&db, 9, HOUR).await.is_empty());

    let lane = lane::Entity::find_by_id("mail").one(db.pool()).await.unwrap().unwrap();
    let mut lane = lane.into_active_model();
    lane.next_free_at = ActiveValue::Set(0);
    lane.update(db.pool()).await.unwrap();
    assert_eq!(take(&db, 9, HOUR).await.len(), 1);
});

db_test!(jobs_wait_for_their_time_and_come_in_order, |db| async move {
    open_lane(&db, 9, NONE).await;
    assert_eq!(wait(&db).await, None);
    put(&db, NewJob { delay: HOUR, ..a_job(1) }).await;
    assert!(take(&db, 9, HOUR).await.is_empty());
    let left = wait(&db).await.unwrap();
    assert!(left > HOUR / 2 && left <= HOUR);
    for number in [3, 2] {
        put(&db, a_job(number)).await;
    }
    assert_eq!(wait(&db).await, Some(Duration::ZERO));
    let oldest =
        std::cmp::min_by_key(row(&db, 2).await, row(&db, 3).await, |job| (job.run_at, job.id));
    assert_eq!(take_one(&db, HOUR).await.id, oldest.id);
});

db_test!(a_full_lane_is_not_due_before_a_lease_ends, |db| async move {
    open_lane(&db, 1, NONE).await;
    put(&db, a_job(1)).await;
    put(&db, a_job(2)).await;
    take_one(&db, HOUR).await;
    assert!(wait(&db).await.unwrap() > HOUR / 2);
});

db_test!(a_job_is_dead_after_its_last_attempt_and_can_be_revived, |db| async move {
    open_lane(&db, 1, NONE).await;
    let request = Uuid::from_u128(77);
    put(&db, NewJob { max_attempts: 2, request: Some(request), ..a_job(1) }).await;
    for fate in [Fate::Again, Fate::Dead] {
        let job = take_one(&db, HOUR).await;
        let tx = db.begin().await.unwrap();
        assert_eq!(retry(&tx, &job, "store_busy", NONE).await, Ok(fate));
        tx.commit().await.unwrap();
    }
    assert!(take(&db, 1, HOUR).await.is_empty());
    assert_eq!(tally(&db).await, (0, 0, 1));
    assert_eq!(row(&db, 1).await.last_error.as_deref(), Some("store_busy"));

    let tx = db.begin().await.unwrap();
    assert_eq!(revive(&tx, Uuid::from_u128(78)).await, Ok(0));
    assert_eq!(revive(&tx, request).await, Ok(1));
    tx.commit().await.unwrap();
    assert_eq!(take_one(&db, HOUR).await.attempt, 1);
});

db_test!(a_job_that_is_retried_waits, |db| async move {
    open_lane(&db, 1, NONE).await;
    put(&db, a_job(1)).await;
    let job = take_one(&db, HOUR).await;
    let tx = db.begin().await.unwrap();
    assert_eq!(retry(&tx, &job, "store_busy", HOUR).await, Ok(Fate::Again));
    tx.commit().await.unwrap();
    assert!(take(&db, 1, HOUR).await.is_empty());
    assert!(wait(&db).await.unwrap() > HOUR / 2);
});

db_test!(a_released_job_has_lost_no_attempt, |db| async move {
    open_lane(&db, 1, NONE).await;
    put(&db, a_job(1)).await;
    let job = take_one(&db, HOUR).await;
    let tx = db.begin().await.unwrap();
    release(&tx, &job).await.unwrap();
    tx.commit().await.unwrap();
    let job = take_one(&db, HOUR).await;
    assert_eq!((job.attempt, job.fence()), (1, 2));
});

db_test!(a_lane_that_was_not_declared_gives_nothing, |db| async move {
    put(&db, a_job(1)).await;
    assert!(take(&db, 1, HOUR).await.is_empty());
    assert_eq!(wait(&db).await, None);
});

db_test!(the_counts_tell_who_waits_how_long, |db| async move {
    open_lane(&db, 1, NONE).await;
    put(&db, a_job(1)).await;
    put(&db, NewJob { delay: HOUR, ..a_job(2) }).await;
    let mut late = row(&db, 1).await.into_active_model();
    late.run_at = ActiveValue::Set(late.run_at.unwrap() - 5_000);
    late.update(db.pool()).await.unwrap();
    let lanes = counts(&db).await.unwrap();
    assert_eq!((lanes.len(), lanes[0].lane.as_str(), lanes[0].ready), (1, "mail", 2));
    assert!(lanes[0].late_by >= Duration::from_secs(5) && lanes[0].late_by < HOUR);
});

/// What a clock does to the rows that is set back by an hour.
async fn set_back(db: &Db) {
    let hour = HOUR.as_millis();
    for column in ["created_at", "run_at", "lease_until"] {
        db.pool()
            .execute_unprepared(&format!("UPDATE job SET {column} = {column} + {hour}"))
            .await
            .unwrap();
    }
}

db_test!(a_clock_that_is_set_back_keeps_no_job_waiting, |db| async move {
    open_lane(&db, 2, NONE).await;
    put(&db, a_job(1)).await;
    let taken = take_one(&db, NONE).await;
    put(&db, a_job(2)).await;
    put(&db, NewJob { delay: HOUR, ..a_job(3) }).await;
    assert_eq!(follow_clock(&db).await, Ok(None), "nothing was set back");
    set_back(&db).await;
    assert_eq!(take(&db, 9, HOUR).await, [], "an hour from now, by the clock of before");
    let by = follow_clock(&db).await.unwrap().unwrap();
    assert!(by > HOUR / 2 && by <= HOUR, "{by:?}");
    let again = take(&db, 9, HOUR).await;
    assert_eq!(again.len(), 2, "what was left and what was due, and nothing that has to wait");
    assert!(again.iter().any(|job| job.id == taken.id));
    let waits = row(&db, 3).await;
    assert!(waits.run_at > waits.created_at, "its delay is what it was");
    assert_eq!(follow_clock(&db).await, Ok(None), "once");
});
