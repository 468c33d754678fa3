//! The PostgreSQL server ends and comes back, in each of its ways, while people are served.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::time::Duration;

use tempfile::TempDir;

use crate::check;
use crate::house::{House, Plan};
use crate::quiet;
use crate::run::{Crowd, behave, misbehave};
use crate::support::{free_port, not_run};

/// A server of this test's own, with the settings that a fresh installation has.
struct Server {
    folder: TempDir,
    bin: PathBuf,
    port: u16,
}

impl Server {
    /// `None` where there is no PostgreSQL.
    fn start() -> Option<Self> {
        let Some(bin) = bin() else {
            not_run("initdb of PostgreSQL");
            return None;
        };
        // Below /tmp, since the path of a socket has at most 107 bytes.
        let folder = tempfile::tempdir_in("/tmp").unwrap();
        if is_root() {
            let owned = Command::new("chown").arg("postgres:").arg(folder.path()).status();
            assert!(owned.unwrap().success());
        }
        let server = Self { folder, bin, port: free_port() };
        let args = ["-U", "crash", "--auth=trust", "--encoding=UTF8", "--locale=C", "--no-sync"];
        server.tool("initdb", &args);
        server.control("start", &[]);
        Some(server)
    }

    fn url(&self) -> String {
        format!("postgres://crash@127.0.0.1:{}/postgres", self.port)
    }

    fn control(&self, verb: &str, args: &[&str]) {
        let (log, folder) = (self.folder.path().join("log"), self.folder.path().display());
        let options = format!(
            "-p {} -c listen_addresses=127.0.0.1 -c unix_socket_directories={folder} \
             -c max_connections=120",
            self.port
        );
        let (log, mut all) = (log.display().to_string(), vec![verb, "-w", "-t", "60"]);
        all.extend(["-l", &log, "-o", &options]);
        all.extend(args);
        self.tool("pg_ctl", &all);
    }

    /// Runs one of its programs, which refuse to run as root.
    fn tool(&self, name: &str, args: &[&str]) {
        let program = self.bin.join(name);
        let mut command = if is_root() {
            let mut command = Command::new("runuser");
            command.args(["-u", "postgres", "--"]).arg(program);
            command
        } else {
            Command::new(program)
        };
        command.arg("-D").arg(self.folder.path().join("data")).args(args).current_dir("/tmp");
        // The server that pg_ctl starts would keep pipes open.
        let said = fs::File::create(self.folder.path().join(format!("{name}.said"))).unwrap();
        let status = command.stdin(Stdio::null()).stdout(said.try_clone().unwrap()).stderr(said);
        let well = status.status().unwrap().success();
        let said = self.folder.path().join(format!("{name}.said"));
        assert!(well, "{name} {args:?}: {}", fs::read_to_string(said).unwrap());
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        if self.folder.path().join("data/postmaster.pid").exists() {
            self.control("stop", &["-m", "immediate"]);
        }
    }
}

fn is_root() -> bool {
    rustix::process::geteuid().is_root()
}

/// The folder of PostgreSQL's server programs; Debian keeps them off the PATH.
fn bin() -> Option<PathBuf> {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten();
    let mut folders: Vec<PathBuf> =
        versions.map(|version| version.unwrap().path().join("bin")).collect();
    folders.sort();
    folders.extend(["/usr/local/bin", "/usr/bin"].map(|folder| Path::new(folder).to_owned()));
    folders.into_iter().find(|folder| folder.join("initdb").exists())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_database_that_comes_back_has_lost_nothing() {
    let Some(server) = Server::start() else { return };
    let plan = Plan { name: "restart", people: 150, ..Plan::default() };
    let house = Arc::new(House::open(Plan { postgres: Some(server.url()), ..plan }).await);
    let outside = check::audit::Outside::new();
    let crowd = Crowd::come(&house, 1);
    misbehave(&house);
    for way in ["immediate", "fast", "immediate"] {
        tokio::time::sleep(house.dice.millis(1_500, 3_000)).await;
        tokio::task::block_in_place(|| {
            server.control("stop", &["-m", way]);
            std::thread::sleep(Duration::from_millis(500));
            server.control("start", &[]);
        });
        // Of what the mail server took meanwhile nothing could be noted down.
        house.strikes(Duration::ZERO);
    }
    behave(&house);
    let stories = crowd.leave().await;
    outside.keep(&house);
    quiet::wait(&house).await;
    check::all(&house, &stories, &outside).await;
    Arc::into_inner(house).unwrap().close().await;
}
