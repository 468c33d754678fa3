//! No room: neither for archives nor, where a small disk can be mounted, for the database.

use std::fs;
use std::path::PathBuf;
use std::process::Command;
use std::sync::Arc;
use std::time::{Duration, Instant};

use rustix::process::{Pid, Resource, Rlimit, prlimit};

use crate::check;
use crate::house::{House, Plan};
use crate::quiet;
use crate::run::{Crowd, goes};
use crate::story::Wish;
use crate::support::{PATIENCE, not_run, setting};

/// Bytes of the small disk; the database, its log and a few archives have room on it.
const DISK: &str = "size=24m";

/// A disk mounted in memory, until it is dropped.
struct Disk(PathBuf);

impl Disk {
    /// `None` where mounting is not allowed.
    fn mount(at: PathBuf) -> Option<Self> {
        fs::create_dir_all(&at).unwrap();
        let mut mount = Command::new("mount");
        let status = mount.args(["-t", "tmpfs", "-o", DISK, "crash"]).arg(&at).output();
        status.is_ok_and(|output| output.status.success()).then_some(Self(at))
    }

    /// Leaves no byte free.
    fn fill(&self) {
        let zeros = fs::File::open("/dev/zero").unwrap();
        let mut filler = fs::File::create(self.filler()).unwrap();
        // Ends with "no space left".
        let _ = std::io::copy(&mut &zeros, &mut filler);
    }

    /// Makes room again. Of what the mail server took meanwhile nothing could be noted down.
    fn clear(&self, house: &House) {
        fs::remove_file(self.filler()).unwrap();
        house.strikes(Duration::ZERO);
    }

    fn filler(&self) -> PathBuf {
        self.0.join("filler")
    }
}

impl Drop for Disk {
    fn drop(&mut self) {
        let _ = Command::new("umount").arg("--lazy").arg(&self.0).status();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn a_full_disk_costs_nothing_but_time() {
    let plan = Plan { name: "full_disk", people: 59, ..Plan::default() };
    let house = Arc::new(House::build(plan).await);
    let Some(disk) = Disk::mount(house.dir.join("data")) else {
        // The limit on files stands for it.
        println!("not run: mounting a small disk is not allowed here");
        return;
    };
    house.start();
    house.answers().await;
    let outside = check::audit::Outside::new();
    // Nobody with more than fits.
    let crowd = Crowd::come(&house, 1);
    for _ in 0..3 {
        tokio::time::sleep(house.dice.millis(700, 1_500)).await;
        disk.fill();
        tokio::time::sleep(house.dice.millis(700, 1_500)).await;
        disk.clear(&house);
    }
    tokio::time::sleep(Duration::from_millis(300)).await;
    disk.fill();
    // A start finds no room either.
    house.kill(0);
    house.start();
    tokio::time::sleep(Duration::from_millis(500)).await;
    disk.clear(&house);
    house.nodes[0].lock().unwrap().forgive_end();
    house.start();
    house.answers().await;
    let stories = crowd.leave().await;
    outside.keep(&house);
    quiet::wait(&house).await;
    check::all(&house, &stories, &outside).await;
    Arc::into_inner(house).unwrap().close().await;
    drop(disk);
}

/// No file of any process may grow beyond so many bytes, as under a quota.
fn limit(house: &House, most: Option<u64>) {
    for node in &house.nodes {
        let pid = node.lock().unwrap().pid().unwrap();
        let pid = Pid::from_raw(i32::try_from(pid).unwrap());
        prlimit(pid, Resource::Fsize, Rlimit { current: most, maximum: None }).unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_archive_for_which_there_is_no_room_waits_for_it() {
    let Some(server) = setting("RIGHTSDESK_TEST_POSTGRES") else {
        return not_run("RIGHTSDESK_TEST_POSTGRES");
    };
    let plan = Plan { name: "quota", people: 2, folder: true, ..Plan::default() };
    let house = Arc::new(House::build(Plan { postgres: Some(server), ..plan }).await);
    for node in &house.nodes {
        node.lock().unwrap().ignores_limit = true;
    }
    house.start();
    house.answers().await;
    limit(&house, Some(1024 * 1024));
    let room = async {
        let full = "SELECT count(*) FROM job WHERE last_error = 'archive_storage_full'";
        let begun = Instant::now();
        while house.database.number(full).await == 0 {
            assert!(begun.elapsed() < PATIENCE, "there was room; {}", house.logs());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        limit(&house, None);
    };
    let (story, ()) = tokio::join!(goes(&house, 1, Wish::Fetch), room);
    let outside = check::audit::Outside::new();
    outside.keep(&house);
    quiet::wait(&house).await;
    check::all(&house, &[story], &outside).await;
    Arc::into_inner(house).unwrap().close().await;
}
