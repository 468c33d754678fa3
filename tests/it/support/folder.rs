//! A folder from `rightsdesk init` with a configuration and maps of a test's own.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt;
use std::path::PathBuf;

use sqlx::sqlite::SqliteConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection};
use tempfile::TempDir;

use super::free_port;
use super::process::run;

/// What signs messages to endpoints.
pub(crate) const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// A folder that `serve` can start in.
pub(crate) struct Folder {
    _temp: TempDir,
    pub(crate) dir: PathBuf,
    pub(crate) base: String,
}

impl Folder {
    /// Fresh keys, a configuration where nobody has to look first, and no map.
    pub(crate) fn new() -> Self {
        let temp = tempfile::tempdir().unwrap();
        let dir = temp.path().join("desk");
        run(temp.path(), &["init", "desk"]).expect(0, &[]);
        let listen = format!("127.0.0.1:{}", free_port());
        let base = format!("http://{listen}");
        let folder = Self { _temp: temp, dir, base };
        folder.write(
            "rightsdesk.toml",
            &format!(
                "maps = [\"maps/*.toml\"]\n\
                 [organisation]\nname = \"Outside Test\"\nzone = \"Europe/Berlin\"\n\
                 authority = \"Data Protection Commission\"\n\
                 contact = \"privacy@example.org\"\n\
                 [web]\nbase_url = \"{}\"\nlisten = \"{listen}\"\n\
                 [console]\nlisten = \"127.0.0.1:{}\"\n\
                 [mail]\nurl = \"folder:mail\"\n\
                 [review]\naccess = \"auto\"\nexport = \"auto\"\n",
                folder.base,
                free_port()
            ),
        );
        folder
    }

    /// The same with a shop: a customer, two invoices, and a map that fits.
    pub(crate) async fn shop() -> Self {
        let folder = Self::new();
        folder.sql(SHOP_SQL).await;
        folder.write("maps/shop.toml", SHOP_MAP);
        folder
    }

    /// An endpoint that is told everything, in whatever network.
    pub(crate) fn webhook(&self, name: &str, url: &str) {
        let secret = self.dir.join("hook.secret");
        fs::write(&secret, WEBHOOK_SECRET).unwrap();
        fs::set_permissions(&secret, Permissions::from_mode(0o600)).unwrap();
        let section = format!(
            "[webhook.{name}]\nurl = \"{url}\"\nsecret = {{ file = \"hook.secret\" }}\n\
             allow_private = true\n"
        );
        self.write("rightsdesk.toml", &format!("{}{section}", self.read("rightsdesk.toml")));
    }

    /// Writes a file below the folder.
    pub(crate) fn write(&self, name: &str, text: &str) {
        fs::write(self.dir.join(name), text).unwrap();
    }

    /// Reads a file below the folder.
    pub(crate) fn read(&self, name: &str) -> String {
        fs::read_to_string(self.dir.join(name)).unwrap()
    }

    /// Puts one text into the place of another.
    #[track_caller]
    pub(crate) fn replace(&self, name: &str, from: &str, to: &str) {
        let text = self.read(name);
        assert!(text.contains(from), "{name} has no {from}");
        self.write(name, &text.replacen(from, to, 1));
    }

    /// Runs statements on the shop's database.
    pub(crate) async fn sql(&self, statements: &str) {
        let file = SqliteConnectOptions::new().filename(self.dir.join("maps/shop.db"));
        let mut shop = file.create_if_missing(true).connect().await.unwrap();
        sqlx::raw_sql(AssertSqlSafe(statements.to_owned())).execute(&mut shop).await.unwrap();
        shop.close().await.unwrap();
    }

    /// The path of the configuration.
    pub(crate) fn config(&self) -> PathBuf {
        self.dir.join("rightsdesk.toml")
    }
}

const SHOP_SQL: &str = "
CREATE TABLE customer(
    customer_id INTEGER PRIMARY KEY, email TEXT, name TEXT, password_hash TEXT);
CREATE TABLE invoice(
    invoice_id INTEGER PRIMARY KEY, customer_id INT REFERENCES customer(customer_id), total REAL);
INSERT INTO customer VALUES (1, 'ada@example.org', 'Ada', '$argon2$secret'),
    (2, 'bob@example.org', 'Bob', '$argon2$other');
INSERT INTO invoice VALUES (10, 1, 9.5), (11, 1, 20), (12, 2, 7);";

/// The map that fits the shop.
pub(crate) const SHOP_MAP: &str = "format = \"rightsdesk-map/1\"
[store.shop]
kind = \"sqlite\"
url = \"sqlite:shop.db\"
label = { en = \"Shop accounts\", de = \"Shop-Konten\" }
controller = \"self\"
purposes = [\"contract\"]
basis = \"GDPR 6(1)(b)\"
source = \"the person\"
recipients = []
country = \"DE\"
retention = \"until the account is closed\"
backup = \"30d\"
[store.shop.table.customer]
person = true
who = { email = \"email\", user = \"customer_id\" }
field = { email = \"user.contact.email\", name = \"user.name\", password_hash = \"user.authorization\" }
erase = \"delete\"
[store.shop.table.invoice]
via = \"customer_id -> customer.customer_id\"
field = { total = \"user.payment\" }
erase = \"delete\"
";
