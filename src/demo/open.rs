//! Opens a demo's folder: makes it, or goes on with it, and starts the service on it.

use std::fs::{self, DirBuilder};
use std::io;
use std::net::{SocketAddr, TcpListener};
use std::os::unix::fs::DirBuilderExt;
use std::path::{Path, PathBuf};

use super::{mailbox, make, officers};
use crate::config::{Config, DEFAULT_FILE};
use crate::db::meta::STAMP;
use crate::ids::Entropy;
use crate::keys::root::write_new;
use crate::run::{
    DEMO, DEMO_KEYS, Demo, House, Shape, StartProblem, database_problem, make_keys, start,
};
use crate::telemetry;

/// `LISTEN` and `CONSOLE` stand for the addresses.
const CONFIG: &str = include_str!("rightsdesk.toml");

/// Makes the folder where it is not there, and starts everything in this process.
pub async fn open(
    dir: &Path,
    listen: SocketAddr,
    entropy: &dyn Entropy,
) -> Result<Demo, Vec<StartProblem>> {
    let one = |problem| vec![problem];
    if !listen.ip().is_loopback() {
        return Err(one(StartProblem::new(
            "demo_listen",
            "--listen",
            "the demo listens on this machine only; write 127.0.0.1:PORT or [::1]:PORT",
        )));
    }
    let folder = Folder::at(dir);
    let fresh = folder.prepare(entropy).map_err(one)?;
    let company = make(&folder.dir).await.map_err(|error| one(folder.broken(&error)))?;
    let console = next_free(listen);
    folder.write_config(listen, console).map_err(one)?;
    let config = Config::load(&folder.config, &|_| None)
        .map_err(|errors| errors.into_iter().map(StartProblem::from).collect::<Vec<_>>())?;
    // A demo sends nothing anywhere.
    let _ = telemetry::start(config.log, None);
    crate::web::edge::panic::report_place_only();
    let house = House::open(&config, &|_| None).await?;
    let broken = |error| one(database_problem(&config, &error));
    house.db.migrate_with_copy().await.map_err(broken)?;
    if fresh {
        let tx = house.db.begin().await.map_err(broken)?;
        tx.set_fact(STAMP, DEMO).await.map_err(broken)?;
        tx.commit().await.map_err(broken)?;
    }
    house.require_stamp(&config, true).await.map_err(one)?;
    let staff = folder.keys.join("officers.json");
    let staff = officers::officers(&house, &staff, entropy).await.map_err(one)?;
    let mails = folder.dir.join("mail");
    let both = Shape { web: true, worker: true };
    let running =
        start(&house, &config, both, |site| mailbox::routes(site, mails)).await.map_err(one)?;
    Ok(Demo {
        base_url: config.web.base_url.as_str().to_owned(),
        try_addresses: company.try_addresses,
        console: format!("{}/console/", config.console.base_url.as_str()),
        staff,
        config: folder.config.display().to_string(),
        running,
    })
}

/// The next port after the public one that nobody listens on.
fn next_free(listen: SocketAddr) -> SocketAddr {
    let free = |port: &u16| TcpListener::bind((listen.ip(), *port)).is_ok();
    let mut later = (listen.port()..u16::MAX).skip(1);
    SocketAddr::new(listen.ip(), later.find(free).unwrap_or(0))
}

struct Folder {
    dir: PathBuf,
    keys: PathBuf,
    config: PathBuf,
}

impl Folder {
    fn at(dir: &Path) -> Self {
        Self { dir: dir.to_owned(), keys: dir.join("keys"), config: dir.join(DEFAULT_FILE) }
    }

    /// Makes folder and keys; a folder that is there already has to be a demo's. True when it is
    /// fresh.
    fn prepare(&self, entropy: &dyn Entropy) -> Result<bool, StartProblem> {
        let stamp = self.keys.join(DEMO_KEYS);
        if stamp.exists() {
            return Ok(false);
        }
        let taken = fs::read_dir(&self.dir).is_ok_and(|mut entries| entries.next().is_some());
        if taken {
            return Err(StartProblem::new(
                "demo_folder",
                self.dir.display().to_string(),
                "is not empty and was not made by `rightsdesk demo`; name another folder with \
                 --dir",
            ));
        }
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&self.keys)
            .map_err(|error| self.broken(&error))?;
        make_keys(&self.keys, entropy).map_err(|error| self.broken(&error))?;
        write_new(&stamp, b"These keys belong to a demo.\n")
            .map_err(|error| self.broken(&error))?;
        Ok(true)
    }

    /// The configuration is the demo's own and follows `--listen`.
    fn write_config(&self, listen: SocketAddr, console: SocketAddr) -> Result<(), StartProblem> {
        let text =
            CONFIG.replace("LISTEN", &listen.to_string()).replace("CONSOLE", &console.to_string());
        let part = self.config.with_extension("part");
        fs::write(&part, text)
            .and_then(|()| fs::rename(&part, &self.config))
            .map_err(|error: io::Error| self.broken(&error))
    }

    fn broken(&self, error: &dyn std::error::Error) -> StartProblem {
        StartProblem::new("demo_folder", self.dir.display().to_string(), error)
    }
}
