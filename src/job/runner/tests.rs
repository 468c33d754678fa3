use std::future::pending;

use tokio::sync::mpsc::{UnboundedReceiver, UnboundedSender, unbounded_channel};
use tokio::task::JoinHandle;
use uuid::Uuid;

use super::*;
use crate::db::job::{LaneCount, NewJob, counts, enqueue};
use crate::db::lane::declare;
use crate::db::testing::{db_test, on_postgres};
use crate::ids::SeededEntropy;

const HOUR: Duration = Duration::from_hours(1);
const KEY_OF_EFFECT: &str = "effect";

/// Does what the kind of the job says, and tells.
#[derive(Debug)]
struct Scripted {
    db: Db,
    told: UnboundedSender<String>,
}

impl Scripted {
    fn tell(&self, what: &str, job: &Claimed) {
        let _ = self.told.send(format!("{what} {} {}", job.kind, job.attempt));
    }
}

/// Tells that a job was dropped in the middle.
struct Dropped<'a>(&'a Scripted, &'a Claimed);

impl Drop for Dropped<'_> {
    fn drop(&mut self) {
        self.0.tell("dropped", self.1);
    }
}

#[async_trait]
impl Handler for Scripted {
    async fn run(&self, job: &Claimed) -> Result<Finished, JobError> {
        self.tell("run", job);
        let again = |code| JobError::Retry { code, after: Some(Duration::ZERO) };
        match job.kind.as_str() {
            "busy_once" if job.attempt == 1 => return Err(again("store_busy")),
            "always_busy" => return Err(again("store_busy")),
            "hopeless" => return Err(JobError::Fail { code: "no_such_box" }),
            "panics" => panic!("as the test wants it"),
            "hangs" => {
                let _dropped = Dropped(self, job);
                pending::<()>().await;
            }
            _ => {}
        }
        let tx = self.db.begin().await?;
        Ok(job::finish(tx, job).await?)
    }

    async fn delayed(&self, _: &Tx, job: &Claimed, wait: Duration) -> Result<(), DbError> {
        if job.kind == "busy_once" {
            self.tell(&format!("delayed by {} s", wait.as_secs()), job);
        }
        Ok(())
    }

    async fn died(&self, tx: &Tx, job: &Claimed, code: &'static str) -> Result<(), DbError> {
        let effect = NewJob { lane: "letters", dedup_key: Some(KEY_OF_EFFECT), ..a_job("effect") };
        enqueue(tx, effect).await?;
        self.tell(&format!("died of {code}"), job);
        Ok(())
    }
}

fn a_job(kind: &str) -> NewJob<'_> {
    let source: &dyn Entropy = &crate::ids::OsEntropy;
    NewJob {
        id: Uuid::from_bytes(source.bytes()),
        lane: "mail",
        kind,
        payload: "{}",
        delay: Duration::ZERO,
        max_attempts: 2,
        dedup_key: None,
        request: None,
    }
}

async fn put(db: &Db, job: NewJob<'_>) {
    let tx = db.begin().await.unwrap();
    declare(&tx, "mail", 4, Duration::ZERO).await.unwrap();
    assert!(enqueue(&tx, job).await.unwrap());
    tx.commit().await.unwrap();
}

/// A runner at work, which never looks unless it has a reason to.
struct Started {
    stop: CancellationToken,
    task: JoinHandle<()>,
    told: UnboundedReceiver<String>,
}

impl Started {
    fn new(db: &Db, change: impl FnOnce(&mut RunnerSettings)) -> Self {
        let (tell, told) = unbounded_channel();
        let handler = Arc::new(Scripted { db: db.clone(), told: tell });
        let mut settings = RunnerSettings::usual("w".to_owned(), vec!["mail".to_owned()]);
        settings.look_every = HOUR;
        settings.lease = HOUR;
        change(&mut settings);
        let entropy = Arc::new(SeededEntropy::new(1));
        let runner = Runner::new(db.clone(), handler, settings, entropy);
        let stop = CancellationToken::new();
        let task = TaskTracker::new().spawn(runner.run(stop.clone()));
        Self { stop, task, told }
    }

    async fn hears(&mut self, what: &str) {
        let next = timeout(Duration::from_mins(1), self.told.recv());
        assert_eq!(next.await.expect("in good time").unwrap(), what);
    }

    async fn stops(self) {
        self.stop.cancel();
        timeout(Duration::from_mins(1), self.task).await.expect("in good time").unwrap();
    }
}

async fn lane(db: &Db, name: &str) -> LaneCount {
    let found = counts(db).await.unwrap().into_iter().find(|lane| lane.lane == name);
    found.unwrap_or_default()
}

db_test!(a_job_is_done_and_gone, |db| async move {
    put(&db, a_job("fine")).await;
    let mut runner = Started::new(&db, |_| {});
    runner.hears("run fine 1").await;
    runner.stops().await;
    assert_eq!(lane(&db, "mail").await, LaneCount::default());
});

db_test!(a_job_that_comes_while_the_runner_sleeps_wakes_it, |db| async move {
    let mut runner = Started::new(&db, |_| {});
    for _ in 0..3 {
        put(&db, a_job("fine")).await;
        runner.hears("run fine 1").await;
    }
    runner.stops().await;
});

#[tokio::test]
async fn a_job_of_another_process_wakes_the_runner() {
    on_postgres(async |db| {
        let mut runner = Started::new(&db, |_| {});
        let mut pokes = db.waker().subscribe();
        while !db.waker().hears_all() {
            pokes.changed().await.unwrap();
        }
        let other = db.again().await;
        for _ in 0..3 {
            put(&other, a_job("fine")).await;
            runner.hears("run fine 1").await;
        }
        runner.stops().await;
    })
    .await;
}

db_test!(a_job_that_was_refused_runs_again, |db| async move {
    put(&db, a_job("busy_once")).await;
    let mut runner = Started::new(&db, |_| {});
    runner.hears("run busy_once 1").await;
    runner.hears("delayed by 0 s busy_once 1").await;
    runner.hears("run busy_once 2").await;
    runner.stops().await;
    assert_eq!(lane(&db, "mail").await, LaneCount::default());
});

db_test!(a_death_and_what_a_person_must_know_are_one_change, |db| async move {
    put(&db, a_job("always_busy")).await;
    let mut runner = Started::new(&db, |_| {});
    runner.hears("run always_busy 1").await;
    runner.hears("run always_busy 2").await;
    runner.hears("died of store_busy always_busy 2").await;
    runner.stops().await;
    assert_eq!(lane(&db, "mail").await.dead, 1);
    assert_eq!(lane(&db, "letters").await.ready, 1);
});

db_test!(a_hopeless_job_is_not_tried_again, |db| async move {
    put(&db, a_job("hopeless")).await;
    let mut runner = Started::new(&db, |_| {});
    runner.hears("run hopeless 1").await;
    runner.hears("died of no_such_box hopeless 1").await;
    runner.stops().await;
    assert_eq!(lane(&db, "mail").await.dead, 1);
});

db_test!(a_panic_hurts_its_own_job_only, |db| async move {
    put(&db, NewJob { max_attempts: 1, ..a_job("panics") }).await;
    let mut runner = Started::new(&db, |_| {});
    runner.hears("run panics 1").await;
    runner.hears("died of panic panics 1").await;
    put(&db, a_job("fine")).await;
    runner.hears("run fine 1").await;
    runner.stops().await;
});

db_test!(a_job_that_ends_its_process_each_time_dies_unrun, |db| async move {
    put(&db, NewJob { max_attempts: 1, ..a_job("hangs") }).await;
    // As a process leaves it that was killed.
    let lanes = ["mail".to_owned()];
    let wanted = Wanted { lanes: &lanes, owner: "gone", lease: Duration::ZERO, most: 1 };
    assert_eq!(job::claim(&db, wanted).await.unwrap().len(), 1);
    let mut runner = Started::new(&db, |_| {});
    runner.hears("died of crashed hangs 2").await;
    runner.stops().await;
    assert_eq!(lane(&db, "mail").await.dead, 1);
});

db_test!(a_stop_puts_back_what_cannot_end_in_time, |db| async move {
    put(&db, a_job("hangs")).await;
    let mut runner = Started::new(&db, |settings| settings.grace = Duration::ZERO);
    runner.hears("run hangs 1").await;
    runner.stops().await;
    assert_eq!(lane(&db, "mail").await.ready, 1);
    // It has lost no attempt.
    let mut runner = Started::new(&db, |settings| settings.grace = Duration::ZERO);
    runner.hears("run hangs 1").await;
    runner.stops().await;
});

db_test!(who_loses_the_lease_is_stopped, |db| async move {
    put(&db, a_job("hangs")).await;
    // The heartbeat comes within half a second and finds that the lease is gone.
    let lease = Duration::from_secs(1);
    let mut runner = Started::new(&db, |settings| settings.lease = lease);
    runner.hears("run hangs 1").await;
    let fence = "UPDATE job SET lease_token = lease_token + 1, lease_until = lease_until + 3600000";
    sea_orm::ConnectionTrait::execute_unprepared(db.pool(), fence).await.unwrap();
    runner.hears("dropped hangs 1").await;
    runner.stops().await;
    assert_eq!(lane(&db, "mail").await.running, 1, "it is somebody else's now");
});

db_test!(runners_share_the_width_of_a_lane, |db| async move {
    let other = db.again().await;
    for _ in 0..6 {
        put(&db, a_job("hangs")).await;
    }
    let quick = |settings: &mut RunnerSettings| settings.grace = Duration::ZERO;
    let (mut one, mut two) = (Started::new(&db, quick), Started::new(&other, quick));
    let started = async {
        for _ in 0..4 {
            tokio::select! {
                _ = one.told.recv() => {}
                _ = two.told.recv() => {}
            }
        }
    };
    timeout(Duration::from_mins(1), started).await.expect("in good time");
    let mail = lane(&db, "mail").await;
    assert_eq!((mail.running, mail.ready), (4, 2));
    one.stops().await;
    two.stops().await;
    assert_eq!(lane(&db, "mail").await.ready, 6);
});
