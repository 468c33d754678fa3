//! Clocks that jump, by libfaketime in every process of a house: forth and back while people wait,
//! and past the end of archives.

use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};

use crate::check;
use crate::check::bounds::archives;
use crate::client::Outcome;
use crate::house::{House, Plan};
use crate::points::{arm, dies};
use crate::quiet;
use crate::run::goes;
use crate::story::Wish;
use crate::support::{PATIENCE, not_run, setting};

const HOUR: i64 = 3600;
const DAY: i64 = 24 * HOUR;
/// Beyond the end of an archive (14 days) and of its week.
const LATER: i64 = 23 * DAY;

/// The library, where there is one.
fn faketime() -> Option<PathBuf> {
    if let Some(named) = setting("RIGHTSDESK_TEST_FAKETIME") {
        return Some(named.into());
    }
    let folders = fs::read_dir("/usr/lib").into_iter().flatten();
    let mut files = folders.map(|folder| folder.unwrap().path().join("faketime/libfaketime.so.1"));
    files.find(|file| file.exists())
}

/// The file that says by how much all clocks of the house are wrong.
fn file(plan: &'static str) -> PathBuf {
    std::env::temp_dir().join(format!("rightsdesk-{plan}-{}.clock", std::process::id()))
}

/// A house whose clocks can be set.
struct Clocks {
    house: Arc<House>,
    file: PathBuf,
    offset: i64,
}

impl Clocks {
    async fn open(plan: Plan) -> Option<Self> {
        let Some(library) = faketime() else {
            not_run("libfaketime.so.1, see RIGHTSDESK_TEST_FAKETIME");
            return None;
        };
        let file = file(plan.name);
        fs::write(&file, "+0s\n").unwrap();
        let variables = [
            ("LD_PRELOAD", library.display().to_string()),
            ("FAKETIME_TIMESTAMP_FILE", file.display().to_string()),
            ("FAKETIME_NO_CACHE", "1".to_owned()),
            ("FAKETIME_DONT_FAKE_MONOTONIC", "1".to_owned()),
            ("FAKETIME_DISABLE_SHM", "1".to_owned()),
            ("NO_FAKE_STAT", "1".to_owned()),
        ];
        let environment = variables.map(|(name, value)| (name.to_owned(), value)).into();
        let house = Arc::new(House::open(Plan { environment, ..plan }).await);
        Some(Self { house, file, offset: 0 })
    }

    /// Sets every clock of the house, at once as a machine does that has found the right time.
    ///
    /// Leases are as long as the database's clock says: after a jump forth nobody holds one, and
    /// whoever is in the middle of a mail is overtaken as if it had died.
    fn jump(&mut self, by: i64) {
        // A lease is prolonged every ten seconds: until then nobody notices that it is another's.
        self.house.strikes(Duration::from_secs(10));
        self.offset += by;
        let next = self.file.with_extension("next");
        fs::write(&next, format!("{:+}s\n", self.offset)).unwrap();
        fs::rename(next, &self.file).unwrap();
    }

    /// Waits until the house has destroyed every archive.
    async fn all_gone(&self) {
        let begun = Instant::now();
        while self.house.database.number("SELECT count(*) FROM archive WHERE state <> 'gone'").await
            > 0
        {
            assert!(begun.elapsed() < 2 * PATIENCE, "not gone; {}", self.house.logs());
            tokio::time::sleep(Duration::from_millis(50)).await;
        }
        quiet::wait(&self.house).await;
    }

    /// The weeks that have a key.
    fn weeks(&self) -> Vec<String> {
        let keys = fs::read_dir(self.house.dir.join("keys/epochs")).unwrap();
        let files = keys.map(|entry| entry.unwrap().path());
        let keys = files.filter(|file| file.extension().is_some_and(|ending| ending == "key"));
        keys.map(|file| file.file_stem().unwrap().to_string_lossy().into_owned()).collect()
    }
}

impl Drop for Clocks {
    fn drop(&mut self) {
        let _ = fs::remove_file(&self.file);
    }
}

const READING: &str = "SELECT count(*) FROM job WHERE kind = 'gather' AND state = 'running'";

/// Clocks jump while somebody's stores are being read and somebody's mails wait for another try;
/// half of the times the processes are killed right then.
async fn jumps(plan: Plan) {
    let Some(mut clocks) = Clocks::open(Plan { people: 300, ..plan }).await else { return };
    let house = Arc::clone(&clocks.house);
    let (mut stories, outside) = (Vec::new(), check::audit::Outside::new());
    let jumps = [(1, HOUR), (61, -HOUR), (121, DAY), (181, -DAY)];
    for (at, (person, by)) in jumps.into_iter().enumerate() {
        let begun = Instant::now();
        let jump = async {
            while house.database.number(READING).await == 0 {
                tokio::time::sleep(Duration::from_millis(5)).await;
            }
            house.mail.misbehave(100);
            // Written after the storm began and before the jump.
            let waits = goes(&house, person + 1, Wish::Abandon);
            let jump = async {
                tokio::time::sleep(Duration::from_millis(500)).await;
                clocks.jump(by);
                if at % 2 == 1 {
                    for node in 0..house.nodes.len() {
                        house.kill(node);
                    }
                    house.start();
                }
                house.mail.misbehave(0);
            };
            tokio::join!(waits, jump).0
        };
        let (story, other) = tokio::join!(goes(&house, person, Wish::Fetch), jump);
        println!("a jump by {by} s: over after {:.1?}", begun.elapsed());
        stories.extend([story, other]);
    }
    outside.keep(&house);
    quiet::wait(&house).await;
    check::all(&house, &stories, &outside).await;
    drop(clocks);
    Arc::into_inner(house).unwrap().close().await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jumping_clocks_delay_nobody_on_sqlite() {
    jumps(Plan { name: "jumps_sqlite", ..Plan::default() }).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn jumping_clocks_delay_nobody_on_postgres() {
    let Some(server) = setting("RIGHTSDESK_TEST_POSTGRES") else {
        return not_run("RIGHTSDESK_TEST_POSTGRES");
    };
    let plan = Plan { name: "jumps_postgres", folder: true, ..Plan::default() };
    jumps(Plan { postgres: Some(server), ..plan }).await;
}

/// P21: after its time nothing opens an archive any more, not even whoever kept a copy of the
/// database and of storage and has every key that there is.
#[tokio::test(flavor = "multi_thread")]
async fn archives_past_their_time_are_gone_for_good() {
    // Mails are remembered, for the checks.
    let config = "[retention]\nmails = \"36M\"\nclosed = \"5y\"\n".to_owned();
    let plan = Plan { name: "expiry", people: 30, config, ..Plan::default() };
    let Some(mut clocks) = Clocks::open(plan).await else { return };
    let house = Arc::clone(&clocks.house);
    let mut stories = vec![goes(&house, 2, Wish::Fetch).await];
    if cfg!(feature = "crash-points") {
        // What a half upload leaves behind has to go too.
        arm(&house, "upload half").await;
        let (story, ()) = tokio::join!(goes(&house, 1, Wish::Fetch), dies(&house, "upload half"));
        stories.push(story);
    }
    quiet::wait(&house).await;
    let outside = check::audit::Outside::new();
    outside.keep(&house);
    let (now, copy) = (house.dir.join("data"), house.dir.join("stores/copy"));
    copied(&now, &copy);
    let weeks = clocks.weeks();
    clocks.jump(LATER);
    house.start();
    clocks.all_gone().await;
    assert!(weeks.iter().all(|week| !clocks.weeks().contains(week)), "{weeks:?} are still there");
    let points = ["archive key before", "archive key after", "epoch key before", "epoch key after"];
    for (point, person) in points.iter().zip(3..) {
        if cfg!(feature = "crash-points") {
            stories.push(goes(&house, person, Wish::Fetch).await);
            quiet::wait(&house).await;
            clocks.jump(LATER);
            arm(&house, point).await;
            dies(&house, point).await;
            clocks.all_gone().await;
        } else {
            not_run("a binary with --features crash-points");
        }
    }
    let left = check::bounds::files(&archives(&house));
    assert!(left.is_empty(), "{left:?} outlived the archives");
    check::all(&house, &stories, &outside).await;

    // The copy comes back, with the keys of today and the clock of then.
    house.nodes[0].lock().unwrap().terminate();
    fs::rename(&now, house.dir.join("stores/today")).unwrap();
    copied(&copy, &now);
    let back = clocks.offset;
    clocks.jump(-back);
    house.start();
    house.answers().await;
    let (path, client) = &stories[0].doors[0];
    match client.get(path).await {
        Outcome::Answer(answer) => assert_ne!(answer.status, 200, "the copy opens"),
        Outcome::Unknown => {}
        Outcome::Nothing => panic!("nobody answers; {}", house.logs()),
    }
    drop(clocks);
    Arc::into_inner(house).unwrap().close().await;
}

fn copied(from: &std::path::Path, to: &std::path::Path) {
    for file in check::bounds::files(from) {
        let at = to.join(file.strip_prefix(from).unwrap());
        fs::create_dir_all(at.parent().unwrap()).unwrap();
        fs::copy(file, at).unwrap();
    }
}
