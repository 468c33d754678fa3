//! Many machines over one PostgreSQL and one S3: web processes and workers, each in a folder of its
//! own with the same keys.

use std::collections::BTreeMap;
use std::fs;
use std::os::unix::fs::PermissionsExt;
use std::time::Instant;

use hyper::server::conn::http1;
use hyper_util::rt::TokioIo;
use s3s::auth::SimpleAuth;
use s3s::service::S3ServiceBuilder;
use sqlx::{AssertSqlSafe, Connection, PgConnection, Row};
use tempfile::TempDir;
use tokio::net::TcpListener;
use tokio_util::sync::CancellationToken;
use tokio_util::task::TaskTracker;

use crate::support::archive::Downloaded;
use crate::support::folder::Folder;
use crate::support::http::Visitor;
use crate::support::journey::Journey;
use crate::support::mail;
use crate::support::postgres::Postgres;
use crate::support::process::{Running, rightsdesk, run};
use crate::support::{PATIENCE, free_port};

const WEB: usize = 3;
/// So many invoices that gathering them takes several pages.
const MANY: &str =
    "WITH RECURSIVE n(i) AS (SELECT 100 UNION ALL SELECT i + 1 FROM n WHERE i < 60000)
    INSERT INTO invoice SELECT i, 1, i / 8.0 FROM n;";
/// How many jobs of one store run at once, on however many machines.
const STORE_WIDTH: i64 = 2;

/// Some web processes and two workers.
struct Cluster {
    database: Postgres,
    s3: TempDir,
    stop: CancellationToken,
    /// The machine that made the keys; it holds the maps and the mails too.
    home: Folder,
    others: Vec<Folder>,
    web: Vec<Running>,
    workers: Vec<Running>,
}

impl Cluster {
    async fn start(name: &str) -> Option<Self> {
        let database = Postgres::fresh(name).await?;
        let (s3, stop) = (tempfile::tempdir().unwrap(), CancellationToken::new());
        let endpoint = serve_s3(&s3, stop.clone()).await;
        let home = Folder::shop().await;
        home.sql(MANY).await;
        let mut cluster =
            Self { database, s3, stop, home, others: Vec::new(), web: vec![], workers: vec![] };
        cluster.configure(&cluster.home, &endpoint);
        for _ in 0..WEB - 1 + 2 {
            let folder = Folder::new();
            for key in ["root.key", "signing.key", "signing.pub"] {
                let (from, to) = (cluster.home.dir.join("keys"), folder.dir.join("keys"));
                fs::copy(from.join(key), to.join(key)).unwrap();
            }
            cluster.configure(&folder, &endpoint);
            cluster.others.push(folder);
        }
        run(&cluster.home.dir, &["migrate"]).expect(0, &[]);
        for place in 0..=cluster.others.len() {
            cluster.serve(place);
        }
        Some(cluster)
    }

    /// The same for all machines, but where each listens.
    fn configure(&self, folder: &Folder, endpoint: &str) {
        let (home, at) = (self.home.dir.display(), format!("base_url = \"{}\"", folder.base));
        let config = "rightsdesk.toml";
        folder.replace(config, &at, &format!("base_url = \"{}\"", self.home.base));
        folder.replace(config, "\"maps/*.toml\"", &format!("\"{home}/maps/*.toml\""));
        folder.replace(config, "folder:mail", &format!("folder:{home}/mail"));
        let mut sections = format!("[database]\nurl = \"{}\"\n", self.database.url);
        for (section, key, bucket) in [
            ("archive", "url", "archives"),
            ("ledger", "url", "ledger"),
            ("keys", "epochs", "keys"),
        ] {
            let url = format!("s3://ID:SECRET@{bucket}/desk?region=eu&endpoint={endpoint}");
            let file = folder.dir.join(format!("{bucket}.url"));
            fs::write(&file, &url).unwrap();
            fs::set_permissions(&file, fs::Permissions::from_mode(0o600)).unwrap();
            let written = format!("[{section}]\n{key} = {{ file = \"{bucket}.url\" }}\n");
            sections.push_str(&written);
        }
        folder.replace(config, "[mail]", &format!("{sections}[mail]"));
    }

    /// The first folders serve pages, the last two do jobs.
    fn serve(&mut self, place: usize) {
        let folder = place.checked_sub(1).map_or(&self.home, |place| &self.others[place]);
        let role = if place < WEB { "web" } else { "worker" };
        let mut command = rightsdesk();
        command.current_dir(&folder.dir).args(["serve", "--json", "--role", role]);
        let (log, mails) = (folder.dir.join("serve.log"), self.home.dir.join("mail"));
        let running = Running::start(command, log, folder.base.clone(), mails);
        if place < WEB { self.web.push(running) } else { self.workers.push(running) }
    }

    /// Asks at one machine, proves the address at the next.
    async fn ask(&self, at: usize, rights: &[&str], address: &str) -> Visitor {
        let web = |at: usize| &*self.web[at % WEB].base;
        let mut visitor = Visitor::new(&self.home.base, "en");
        visitor.turn_to(web(at));
        let mails = &self.web[0].mails;
        let before = mail::sent(mails, "verify", address).len();
        let mut form: Vec<_> = rights.iter().map(|right| ("right", *right)).collect();
        form.push(("email", address));
        assert_eq!(visitor.post("/requests", &form).await.status, 200);
        let verify = mail::wait(mails, "verify", address, before);
        visitor.turn_to(web(at + 1));
        let status = visitor.post(verify.link("/verify/"), &[("code", verify.code())]).await;
        assert!(status.status == 200 && status.path.starts_with("/status/"), "{status:?}");
        visitor.turn_to(web(at + 2));
        assert_eq!(visitor.get(&status.path).await.status, 200);
        visitor
    }

    /// Asks the database until it says something.
    async fn until(&self, what: &str, query: &str) -> String {
        let mut session = PgConnection::connect(&self.database.url).await.unwrap();
        let begun = Instant::now();
        loop {
            let query = AssertSqlSafe(query.to_owned());
            if let Some(row) = sqlx::query(query).fetch_optional(&mut session).await.unwrap() {
                return row.get(0);
            }
            assert!(begun.elapsed() < PATIENCE, "waited in vain for {what}");
            tokio::task::yield_now().await;
        }
    }

    async fn end(self) {
        for running in self.web.into_iter().chain(self.workers) {
            assert_eq!(running.terminate(), Some(0));
        }
        self.database.end().await;
        self.stop.cancel();
    }
}

/// An S3 service in this process, whose buckets are folders in `dir`.
async fn serve_s3(dir: &TempDir, stop: CancellationToken) -> String {
    for bucket in ["archives", "ledger", "keys"] {
        fs::create_dir(dir.path().join(bucket)).unwrap();
    }
    let mut service = S3ServiceBuilder::new(s3s_fs::FileSystem::new(dir.path()).unwrap());
    service.set_auth(SimpleAuth::from_single("ID", "SECRET"));
    let service = service.build();
    let listener = TcpListener::bind(("127.0.0.1", free_port())).await.unwrap();
    let address = listener.local_addr().unwrap();
    let (tasks, calls) = (TaskTracker::new(), TaskTracker::new());
    tasks.spawn(stop.run_until_cancelled_owned(async move {
        while let Ok((socket, _)) = listener.accept().await {
            let call =
                http1::Builder::new().serve_connection(TokioIo::new(socket), service.clone());
            calls.spawn(call);
        }
    }));
    format!("http://{address}")
}

#[tokio::test(flavor = "multi_thread")]
async fn a_request_goes_from_machine_to_machine() {
    let Some(cluster) = Cluster::start("nodes").await else { return };
    let mails = cluster.web[0].mails.clone();
    let mut visitor = cluster.ask(0, &["access"], "ada@example.org").await;
    mail::wait(&mails, "archive_ready", "ada@example.org", 0);
    let status = mail::sent(&mails, "archive_ready", "ada@example.org").pop().unwrap();
    let status = status.link("/status/").to_owned();
    // The code is asked for at one machine, typed at another, and the archive fetched at the third.
    assert_eq!(visitor.post(&format!("{status}/download-code"), &[]).await.status, 200);
    let code = mail::wait(&mails, "download_code", "ada@example.org", 0);
    visitor.turn_to(&cluster.web[0].base);
    let sent = visitor.send(&format!("{status}/download"), &[("code", code.code())]).await;
    let at = sent.headers()["location"].to_str().unwrap().to_owned();
    visitor.turn_to(&cluster.web[1].base);
    let archive = Downloaded::new(&visitor.bytes(&at).await);
    assert_eq!(archive.rows("shop", "invoice").len(), 59_901 + 2);
    archive.verify(&cluster.home.dir).expect(0, &[]);
    // The key that all of them used lies sealed in the bucket, and nowhere else.
    let week: Vec<_> = fs::read_dir(cluster.s3.path().join("keys/desk")).unwrap().collect();
    assert_eq!(week.len(), 1, "{week:?}");
    let key = fs::read_to_string(week[0].as_ref().unwrap().path()).unwrap();
    assert!(key.starts_with("rightsdesk-epoch-key/2 "), "{key}");
    for folder in cluster.others.iter().chain([&cluster.home]) {
        assert!(!folder.dir.join("keys/epochs").exists());
    }
    let checked = run(&cluster.others[0].dir, &["check"]);
    checked.expect(
        1,
        &["ok   archive keys: can be made and destroyed in s3://keys/desk", "ok   audit: "],
    );

    // Caps of mails hold over all machines: three codes an hour.
    for at in 0..7 {
        let mut visitor = Visitor::new(&cluster.web[at % WEB].base, "en");
        let form = [("right", "access"), ("email", "bob@example.org")];
        assert_eq!(visitor.post("/requests", &form).await.status, 200);
    }
    let none = "SELECT 'none' WHERE NOT EXISTS (SELECT 1 FROM job WHERE lane = 'mail')";
    cluster.until("the mails", none).await;
    assert_eq!(mail::sent(&mails, "verify", "bob@example.org").len(), 3);
    cluster.end().await;
}

/// A job of a worker that is gone is given to the next when its lease has run out, which takes half
/// a minute.
#[tokio::test(flavor = "multi_thread")]
async fn a_worker_that_dies_is_stood_in_for() {
    let Some(mut cluster) = Cluster::start("stand_in").await else { return };
    let mails = cluster.web[0].mails.clone();
    for (at, address) in ["ada@example.org", "bob@example.org"].into_iter().enumerate() {
        cluster.ask(at, &["access", "export"], address).await;
    }
    let held = "SELECT lease_owner FROM job WHERE kind = 'gather' AND state = 'running'";
    let owner = cluster.until("somebody who gathers", held).await;
    let dies = cluster.workers.iter().position(|one| owner == format!("pid {}", one.id()));
    cluster.workers.remove(dies.expect("one of the workers")).kill();

    let mut session = PgConnection::connect(&cluster.database.url).await.unwrap();
    let ready = |address: &str| mail::sent(&mails, "archive_ready", address).len();
    let begun = Instant::now();
    let mut most = 0;
    while ready("ada@example.org") + ready("bob@example.org") < 4 {
        let running = "SELECT count(*) FROM job WHERE lane = 'store:shop' AND state = 'running'";
        let running: i64 = sqlx::query_scalar(running).fetch_one(&mut session).await.unwrap();
        most = most.max(running);
        assert!(begun.elapsed() < 3 * PATIENCE, "waited in vain for the archives");
    }
    assert!((1..=STORE_WIDTH).contains(&most), "{most} at once");
    let mut each: BTreeMap<String, usize> = BTreeMap::new();
    for address in ["ada@example.org", "bob@example.org"] {
        *each.entry(address.to_owned()).or_default() += ready(address);
    }
    assert!(each.values().all(|mails| *mails == 2), "each once: {each:?}");
    // What came of it is whole.
    let mut ada = Journey::ask(&cluster.web[0], &["access"], "ada@example.org", "en").await;
    ada.ready(2);
    let archive = Downloaded::new(&ada.download().await);
    assert_eq!(archive.rows("shop", "invoice").len(), 59_901 + 2, "every row, each once");
    cluster.end().await;
}
