//! One installation under test, with everything around it.

use std::fs;
use std::ops::RangeInclusive;
use std::path::PathBuf;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use tempfile::TempDir;
use url::Url;

use crate::client::Client;
use crate::database::Database;
use crate::dice::Dice;
use crate::mail::MailServer;
use crate::node::Node;
use crate::people;
use crate::proxy::Proxy;
use crate::s3::Storage;
use crate::support::free_port;
use crate::support::process::{Answer, rightsdesk, run};

/// A house.
pub(crate) struct House {
    _temp: TempDir,
    pub(crate) dir: PathBuf,
    pub(crate) database: Database,
    /// The shop in PostgreSQL, where there is one.
    pub(crate) shop: Option<Database>,
    pub(crate) mail: MailServer,
    pub(crate) storage: Option<Storage>,
    pub(crate) proxy: Option<Proxy>,
    pub(crate) nodes: Vec<Mutex<Node>>,
    pub(crate) base: String,
    /// When a process was killed, was seen to be dead, or lost its leases to a clock.
    /// From then until then somebody may have worked on who did not know of it.
    pub(crate) kills: Mutex<Vec<RangeInclusive<Instant>>>,
    pub(crate) people: u32,
    pub(crate) dice: Dice,
}

/// What a house is to be like.
#[derive(Debug, Clone, Default)]
pub(crate) struct Plan {
    pub(crate) name: &'static str,
    /// The server for the house's own database; SQLite without.
    pub(crate) postgres: Option<String>,
    pub(crate) people: u32,
    /// Whether archives lie in a folder in any case: S3 refuses callers whose clock is wrong.
    pub(crate) folder: bool,
    /// What each process does; else one alone does all, and over PostgreSQL there are three.
    pub(crate) roles: Option<&'static [&'static str]>,
    /// Further lines of the configuration.
    pub(crate) config: String,
    /// Further variables of every process.
    pub(crate) environment: Vec<(String, String)>,
}

impl House {
    /// Builds it; no process runs yet.
    pub(crate) async fn build(plan: Plan) -> Self {
        let dice = Dice::new(plan.name);
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("desk");
        run(temp.path(), &["init", "desk"]).expect(0, &[]);
        for folder in ["logs", "tmp", "stores"] {
            fs::create_dir(dir.join(folder)).unwrap();
        }
        let mail = MailServer::start(dice.branch(1)).await;
        people::pictures(&dir.join("stores/pictures"), plan.people);
        let mut environment = plan.environment;
        environment.push(("TMPDIR".to_owned(), dir.join("tmp").display().to_string()));
        let (mut shop, mut storage, mut proxy) = (None, None, None);
        let (database, way, places) = if let Some(admin) = &plan.postgres {
            let database = Database::create(admin, plan.name).await;
            let kept = Database::create(admin, &format!("{}_shop", plan.name)).await;
            kept.run(&people::sql(plan.people, true)).await;
            let (Database::Postgres { url, .. }, Database::Postgres { url: own, .. }) =
                (&kept, &database)
            else {
                unreachable!("both were just made on PostgreSQL")
            };
            let mut url = Url::parse(url).unwrap();
            let to = format!("{}:{}", url.host_str().unwrap(), url.port().unwrap_or(5432));
            let before = Proxy::start(to).await;
            url.set_host(Some("127.0.0.1")).unwrap();
            url.set_port(Some(before.addr.port())).unwrap();
            let mut variables = vec![("CRASH_DATABASE", own.clone()), ("CRASH_SHOP", url.into())];
            let mut places = "[database]\nurl = { env = \"CRASH_DATABASE\" }\n".to_owned();
            if !plan.folder {
                let s3 = Storage::start(&dir.join("s3"), dice.branch(2)).await;
                variables.push(("CRASH_ARCHIVES", s3.url("archives")));
                variables.push(("CRASH_LEDGER", s3.url("ledger")));
                places += "[ledger]\nurl = { env = \"CRASH_LEDGER\" }\n\
                    [archive]\nurl = { env = \"CRASH_ARCHIVES\" }\n";
                storage = Some(s3);
            }
            let named = variables.into_iter().map(|(name, value)| (name.to_owned(), value));
            environment.extend(named);
            (shop, proxy) = (Some(kept), Some(before));
            (database, "kind = \"postgres\"\nurl = { env = \"CRASH_SHOP\" }\n", places)
        } else {
            let kept = Database::Sqlite(dir.join("stores/shop.db"));
            kept.run(&people::sql(plan.people, false)).await;
            let database = Database::Sqlite(dir.join("data/rightsdesk.db"));
            (database, "kind = \"sqlite\"\nurl = \"sqlite:../stores/shop.db\"\n", String::new())
        };
        fs::write(dir.join("maps/people.toml"), people::map(way)).unwrap();
        let base = format!("http://127.0.0.1:{}", free_port());
        let usual: &[_] = if database.is_postgres() { &["web", "all", "worker"] } else { &["all"] };
        let roles = plan.roles.unwrap_or(usual);
        let mut nodes = Vec::new();
        for (at, role) in roles.iter().enumerate() {
            let name = format!("node{at}");
            let port =
                if at == 0 { Url::parse(&base).unwrap().port().unwrap() } else { free_port() };
            let config = dir.join(format!("{name}.toml"));
            let text = format!(
                "maps = [\"maps/people.toml\"]\n\
                 [organisation]\nname = \"Crash Test\"\ncontact = \"privacy@example.org\"\n\
                 [web]\nbase_url = \"{base}\"\nlisten = \"127.0.0.1:{port}\"\n\
                 trusted_proxies = [\"127.0.0.1\"]\n\
                 [console]\nlisten = \"127.0.0.1:{}\"\n\
                 [mail]\nurl = \"smtp://{}?tls=none\"\n\
                 [review]\naccess = \"auto\"\nexport = \"auto\"\n\
                 {places}{}",
                free_port(),
                mail.addr,
                plan.config,
            );
            fs::write(&config, text).unwrap();
            let port = (*role != "worker").then_some(port);
            let node = Node::new(&name, role, dir.clone(), config, port, environment.clone());
            nodes.push(Mutex::new(node));
        }
        let kills = Mutex::default();
        let people = plan.people;
        let house = Self {
            _temp: temp,
            dir,
            database,
            shop,
            mail,
            storage,
            proxy,
            nodes,
            base,
            kills,
            people,
            dice,
        };
        if house.database.is_postgres() {
            house.command(&["migrate"]).expect(0, &[]);
        }
        house
    }

    /// The same with all processes running.
    pub(crate) async fn open(plan: Plan) -> Self {
        let house = Self::build(plan).await;
        house.start();
        house.answers().await;
        house
    }

    /// Starts whatever does not run.
    pub(crate) fn start(&self) {
        self.start_to_die(None);
    }

    /// The same, where every process with jobs dies at a named point.
    pub(crate) fn start_to_die(&self, point: Option<&str>) {
        for node in &self.nodes {
            let mut node = node.lock().unwrap();
            if !node.is_alive() {
                node.start(point);
            }
        }
    }

    /// Kills a process.
    pub(crate) fn kill(&self, node: usize) {
        self.nodes[node].lock().unwrap().kill();
        self.strikes(Duration::ZERO);
    }

    /// Notes that processes are dead, or have lost their leases; for so long they may not know.
    pub(crate) fn strikes(&self, unaware: Duration) {
        let now = Instant::now();
        self.kills.lock().unwrap().push(now..=now + unaware);
    }

    /// Waits until every process with pages answers.
    pub(crate) async fn answers(&self) {
        let begun = Instant::now();
        for port in self.ports() {
            let client = Client::new(&self.base, port, 0);
            while client.get("/readyz").await.status() != Some(200) {
                assert!(
                    begun.elapsed() < Duration::from_mins(1),
                    "nobody answers; {}",
                    self.logs()
                );
                tokio::time::sleep(Duration::from_millis(30)).await;
            }
        }
    }

    /// Where pages are.
    pub(crate) fn ports(&self) -> Vec<u16> {
        self.nodes.iter().filter_map(|node| node.lock().unwrap().port).collect()
    }

    /// Runs a command with the configuration of the first process.
    pub(crate) fn command(&self, args: &[&str]) -> Answer {
        let mut command = rightsdesk();
        let node = self.nodes[0].lock().unwrap();
        command.current_dir(&self.dir).envs(node.environment.iter().cloned());
        command.arg("--config").arg(&node.config).args(args).output().unwrap().into()
    }

    /// The ends of all logs.
    pub(crate) fn logs(&self) -> String {
        let mut all = String::new();
        for node in &self.nodes {
            let log = fs::read_to_string(node.lock().unwrap().log()).unwrap_or_default();
            let lines: Vec<&str> = log.lines().collect();
            all += &lines[lines.len().saturating_sub(25)..].join("\n");
            all += "\n--\n";
        }
        all
    }

    /// Ends everything well and removes what does not go with the folder.
    pub(crate) async fn close(self) {
        for node in &self.nodes {
            node.lock().unwrap().terminate();
        }
        let surprises: Vec<_> =
            self.nodes.iter().flat_map(|node| node.lock().unwrap().surprises.clone()).collect();
        assert!(surprises.is_empty(), "{surprises:?} {}", self.logs());
        self.database.drop().await;
        if let Some(shop) = &self.shop {
            shop.drop().await;
        }
    }
}
