//! The stage: a service with canaries in its stores, its settings and its keys.

use std::fmt::Write as _;
use std::fs;
use std::path::PathBuf;
use std::process::Command;

use data_encoding::BASE64;
use sqlx::postgres::PgConnectOptions;
use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, PgConnection};
use url::Url;

use super::watch::Watch;
use crate::support::folder::Folder;
use crate::support::free_port;
use crate::support::process::{Answer, Running, rightsdesk};
use crate::support::smtp::{MailServer, Manners};

pub(crate) const ADDRESS: &str = "zq-quagga-7731@example.org";
pub(crate) const REFUSED: &str = "zq-emu-5180@example.org";
pub(crate) const DEFERRED: &str = "zq-fossa-2297@example.org";
pub(crate) const USER: &str = "zq-ibis-6620";
pub(crate) const STREET: &str = "Marzipan Wharf 5512";
pub(crate) const PASSWORD_HASH: &str = "$argon2id$jaguarundi8853";
pub(crate) const ODD: &str = "kakapo-in-the-pantry-9046";
pub(crate) const FILE_NAME: &str = "zq-kinkajou portrait.txt";
pub(crate) const FILE: &str = "the lemming wears velvet 3391";
const MAIL_PASSWORD: &str = "zq-narwhal-smtp-4417";
const DATABASE_PASSWORD: &str = "zq-okapi-database-1208";
const WEBHOOK_SECRET: &[u8] = b"zq-quoll-webhook-7785-and-so-on-";
const STORE_PASSWORD: &str = "zq-pangolin-store-6634";

/// What is planted before anything happens.
pub(crate) const PLANTED: [(&str, &str); 13] = [
    ("address", "zq-quagga-7731"),
    ("refused address", "zq-emu-5180"),
    ("deferred address", "zq-fossa-2297"),
    ("identifier", USER),
    ("record", STREET),
    ("password hash in a store", "jaguarundi8853"),
    ("record in an error", ODD),
    ("file name", "zq-kinkajou"),
    ("file", FILE),
    ("password of the mail server", MAIL_PASSWORD),
    ("password of a database", DATABASE_PASSWORD),
    ("password of a store", STORE_PASSWORD),
    ("secret of a webhook", "zq-quoll-webhook-7785"),
];

/// Which database keeps the records.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Records {
    Sqlite,
    Postgres,
}

pub(crate) struct Scene {
    pub(crate) folder: Folder,
    /// Where mails arrive, outside of all that is searched.
    pub(crate) mails: PathBuf,
    pub(crate) metrics: String,
    pub(crate) watch: Watch,
    /// The database, for looking at it afterwards.
    pub(crate) postgres: Option<PgConnectOptions>,
    secrets: Vec<(&'static str, String)>,
    temporary: PathBuf,
    _outside: tempfile::TempDir,
    _mail: MailServer,
}

impl Scene {
    /// `more` stands at the end of the configuration. `admin` is a database from which others may be
    /// made, where records are in PostgreSQL.
    pub(crate) async fn set(records: Records, admin: Option<&str>, more: &str) -> Self {
        let folder = Folder::new();
        let outside = tempfile::tempdir().unwrap();
        let mails = outside.path().join("mails");
        let server = MailServer::start(Manners {
            folder: mails.clone(),
            refused: REFUSED.to_owned(),
            deferred: DEFERRED.to_owned(),
        });
        let server = server.await;
        let mail_at = server.at;
        let temporary = outside.path().join("tmp");
        fs::create_dir(&temporary).unwrap();
        let at = format!("127.0.0.1:{}", free_port());
        let mut scene = Self {
            watch: Watch::over(&temporary),
            metrics: format!("http://{at}"),
            secrets: vec![
                ("CANARY_MAIL_PASSWORD", MAIL_PASSWORD.to_owned()),
                ("CANARY_WEBHOOK", format!("whsec_{}", BASE64.encode(WEBHOOK_SECRET))),
            ],
            postgres: None,
            mails,
            temporary,
            folder,
            _outside: outside,
            _mail: server,
        };
        let mut config = scene.folder.read("rightsdesk.toml");
        let listen =
            format!("metrics_listen = \"{at}\"\ntrusted_proxies = [\"127.0.0.1\"]\n[console]");
        config = config.replace("[console]", &listen);
        let mail = format!(
            "url = \"smtp://127.0.0.1:{}?tls=none\"\nuser = \"desk\"\n\
             password = {{ env = \"CANARY_MAIL_PASSWORD\" }}",
            mail_at.port()
        );
        config = config.replace("url = \"folder:mail\"", &mail);
        config = config.replace("access = \"auto\"", "access = \"staff\"");
        let format = if records == Records::Sqlite { "text" } else { "json" };
        write!(config, "[log]\nlevel = \"debug\"\nformat = \"{format}\"\n{more}").unwrap();
        scene.fill_stores().await;
        if records == Records::Postgres {
            config.push_str("[database]\nurl = { env = \"CANARY_DATABASE_URL\" }\n");
            scene.make_databases(admin.expect("a server for the records")).await;
        } else {
            scene.fill_odd_sqlite().await;
        }
        scene.folder.write("rightsdesk.toml", &config);
        scene.run(&["migrate"], "").expect(0, &[]);
        scene
    }

    async fn fill_stores(&self) {
        self.folder
            .sql(&format!(
                "CREATE TABLE customer(
                    customer_id TEXT PRIMARY KEY, email TEXT, street TEXT, password_hash TEXT);
                CREATE TABLE upload(
                    upload_id INTEGER PRIMARY KEY, customer_id TEXT, file TEXT);
                INSERT INTO customer VALUES ('{USER}', '{ADDRESS}', '{STREET}', '{PASSWORD_HASH}'),
                    ('u-bob', 'bob@example.org', 'Elsewhere 1', 'x');
                INSERT INTO upload VALUES (1, '{USER}', '{FILE_NAME}');"
            ))
            .await;
        let facts = FACTS;
        self.folder.write(
            "maps/shop.toml",
            &format!(
                "format = \"rightsdesk-map/1\"\n[store.shop]\nkind = \"sqlite\"\n\
                 url = \"sqlite:shop.db\"\n{facts}[store.shop.table.customer]\nperson = true\n\
                 who = {{ email = \"email\", user = \"customer_id\" }}\n\
                 field = {{ email = \"user.contact.email\", street = \"user.contact.address\", \
                 password_hash = \"user.authorization\" }}\n\
                 [store.shop.table.upload]\nvia = \"customer_id -> customer.customer_id\"\n\
                 field = {{ file = {{ is = \"user.content\", blob = \"files:made/{{value}}\" }} }}\n"
            ),
        );
        let files = self.folder.dir.join("maps/files/made");
        fs::create_dir_all(&files).unwrap();
        fs::write(files.join(FILE_NAME), FILE).unwrap();
        self.folder.write(
            "maps/files.toml",
            &format!(
                "format = \"rightsdesk-map/1\"\n[store.files]\nkind = \"objects\"\n\
                 url = \"file:files\"\n{facts}[store.files.prefix.uploads]\n\
                 key = \"uploads/{{user}}/\"\nis = \"user.content\"\n"
            ),
        );
    }

    /// A column that SQLite cannot make, and says of what.
    async fn fill_odd_sqlite(&self) {
        let file = SqliteConnectOptions::new().filename(self.folder.dir.join("maps/odd.db"));
        let mut odd = file.create_if_missing(true).connect().await.unwrap();
        let statements = format!(
            "CREATE TABLE note(note_id INTEGER PRIMARY KEY, email TEXT, words TEXT);
            INSERT INTO note VALUES (1, '{ADDRESS}', '{ODD}');
            ALTER TABLE note ADD COLUMN made TEXT
                GENERATED ALWAYS AS (json_extract('{{}}', words)) VIRTUAL;"
        );
        sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut odd).await.unwrap();
        let said = sqlx::query("SELECT made FROM note").fetch_one(&mut odd).await.unwrap_err();
        assert!(said.to_string().contains(ODD), "the store quotes nothing: {said}");
        odd.close().await.unwrap();
        self.folder.write("maps/odd.toml", &odd_map("sqlite", "\"sqlite:odd.db\"", ""));
    }

    /// Own records and a store in PostgreSQL, each with a role of its own.
    async fn make_databases(&mut self, admin: &str) {
        let mut server = PgConnection::connect(admin).await.unwrap();
        for (part, password) in [("own", DATABASE_PASSWORD), ("odd", STORE_PASSWORD)] {
            let name = database(part);
            for statement in [
                format!("DROP DATABASE IF EXISTS {name} WITH (FORCE)"),
                format!("DROP ROLE IF EXISTS {name}"),
                format!("CREATE ROLE {name} LOGIN PASSWORD '{password}'"),
                format!("CREATE DATABASE {name} OWNER {name} ENCODING 'UTF8' TEMPLATE template0"),
            ] {
                sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut server).await.unwrap();
            }
            let mut url: Url = admin.parse().unwrap();
            url.set_path(&name);
            let options: PgConnectOptions = url.as_str().parse().unwrap();
            url.set_username(&name).unwrap();
            url.set_password(Some(password)).unwrap();
            url.set_query(Some("sslmode=disable"));
            if part == "own" {
                self.secrets.push(("CANARY_DATABASE_URL", url.to_string()));
                self.postgres = Some(options);
                continue;
            }
            self.secrets.push(("CANARY_STORE_URL", url.to_string()));
            let mut odd = options.connect().await.unwrap();
            let statements = format!(
                "CREATE TABLE note(note_id INTEGER PRIMARY KEY, email TEXT, words TEXT);
                INSERT INTO note VALUES (1, '{ADDRESS}', '{ODD}');
                CREATE VIEW odd AS SELECT note_id, email, words::int AS made FROM note;
                GRANT SELECT ON note, odd TO {name};"
            );
            sqlx::raw_sql(AssertSqlSafe(statements)).execute(&mut odd).await.unwrap();
            let said = sqlx::query("SELECT made FROM odd").fetch_one(&mut odd).await.unwrap_err();
            assert!(said.to_string().contains(ODD), "the store quotes nothing: {said}");
            odd.close().await.unwrap();
            let more = "[store.odd.table.note]\nignore = [\"*\"]\n";
            let url = "{ env = \"CANARY_STORE_URL\" }";
            self.folder.write("maps/odd.toml", &odd_map("postgres", url, more));
        }
        server.close().await.unwrap();
    }

    /// Takes its databases away again, and whoever may use them.
    pub(crate) async fn clear(&self, admin: &str) {
        let mut server = PgConnection::connect(admin).await.unwrap();
        for part in ["own", "odd"] {
            let name = database(part);
            for statement in
                [format!("DROP DATABASE {name} WITH (FORCE)"), format!("DROP ROLE {name}")]
            {
                sqlx::raw_sql(AssertSqlSafe(statement)).execute(&mut server).await.unwrap();
            }
        }
        server.close().await.unwrap();
    }

    fn command(&self) -> Command {
        let mut command = rightsdesk();
        command.current_dir(&self.folder.dir).env("TMPDIR", &self.temporary);
        command.envs(self.secrets.iter().map(|(name, value)| (*name, value.as_str())));
        command
    }

    /// Starts the service.
    pub(crate) fn serve(&self) -> Running {
        let mut command = self.command();
        command.args(["serve", "--json"]);
        let log = self.folder.dir.join("serve.log");
        Running::start(command, log, self.folder.base.clone(), self.mails.clone())
    }

    /// Runs a command, which reads `typed`; what it says is kept beside the log.
    pub(crate) fn run(&self, args: &[&str], typed: &str) -> Answer {
        let input = self.temporary.with_extension("typed");
        fs::write(&input, typed).unwrap();
        let mut command = self.command();
        command.args(args).stdin(fs::File::open(input).unwrap());
        Answer::from(command.output().unwrap())
    }
}

const FACTS: &str = "label = { en = \"A store\", de = \"Ein Speicher\" }\ncontroller = \"self\"\n\
    purposes = [\"contract\"]\nbasis = \"GDPR 6(1)(b)\"\nsource = \"the person\"\n\
    recipients = []\ncountry = \"DE\"\nretention = \"a year\"\nbackup = \"30d\"\n";

/// A database of this process, and the role that owns it.
fn database(part: &str) -> String {
    format!("rightsdesk_canary_{}_{part}", std::process::id())
}

/// A store whose rows are found and cannot be read.
fn odd_map(kind: &str, url: &str, more: &str) -> String {
    let (table, fields, key) = if kind == "sqlite" {
        ("note", "words = \"user.content\", made = \"user.content\"", "")
    } else {
        ("odd", "made = \"user.content\"", "key = [\"note_id\"]\n")
    };
    format!(
        "format = \"rightsdesk-map/1\"\n[store.odd]\nkind = \"{kind}\"\nurl = {url}\n{FACTS}\
         [store.odd.table.{table}]\n{key}who = {{ email = \"email\" }}\n\
         field = {{ email = \"user.contact.email\", {fields} }}\n{more}"
    )
}
