//! The composition root: from a configuration to a running service. The only place that names
//! mailers, clocks and storage; the registry of `store` names the adapters.

mod outside;
mod serve;

use std::path::Path;
use std::sync::Arc;

use zeroize::Zeroizing;

use crate::archive::vault::Vault;
use crate::clock::{Clock, SystemClock};
use crate::config::{Config, ConfigError, Database};
use crate::db::meta::STAMP;
use crate::db::{Db, DbError, lane};
use crate::domain::job::{
    ARCHIVE_LANE, HOUSE_LANE, LEDGER_LANE, MAIL_LANE, store_lane, webhook_lane,
};
use crate::domain::webhook::Subscription;
use crate::ids::{Entropy, OsEntropy};
use crate::job::work::Worker;
use crate::keys::Keys;
use crate::keys::epoch::{EpochError, EpochKeys};
use crate::keys::pepper::Peppers;
use crate::keys::root::KeyFileError;
use crate::keys::sealer::Sealer;
use crate::keys::signing::SigningKey;
use crate::ledger::Ledger;
use crate::mail::metered::Metered;
use crate::mail::{Mailer, Sender};
use crate::meter::Meter;
use crate::service::{Desk, Settings};
use crate::store::map::{self, DataMap};
use crate::store::throttle::Limits;
use crate::store::{Finding, Stores, registry};
use crate::webhook::{SystemResolver, Webhooks};
use outside::NoEpochs;

pub use serve::{NOBODY_RELEASES, Running, Shape, TOO_FEW_APPROVE, no_more, start};

/// What the demo writes into a database's stamp.
pub const DEMO: &str = "demo";
/// The file that marks a keys folder as the demo's.
pub const DEMO_KEYS: &str = "DEMO";
/// The setting that says where the keys of archives lie.
const EPOCHS: &str = "[keys] epochs";
/// How many jobs of one store run at once.
const STORE_WIDTH: u16 = 2;
const MAIL_WIDTH: u16 = 4;
const ARCHIVE_WIDTH: u16 = 2;
const LEDGER_WIDTH: u16 = 4;
/// How many messages to one endpoint are on their way at once.
const WEBHOOK_WIDTH: u16 = 2;

/// Why the service does not start. Says where and what to do.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct StartProblem {
    /// A stable word for scripts.
    pub code: &'static str,
    /// Where: a file and line, or a setting.
    pub place: String,
    /// What is wrong and what to do. No personal data, no secret.
    pub message: String,
}

impl StartProblem {
    pub(crate) fn new(
        code: &'static str,
        place: impl Into<String>,
        message: &(impl ToString + ?Sized),
    ) -> Self {
        Self { code, place: place.into(), message: message.to_string() }
    }
}

impl From<ConfigError> for StartProblem {
    fn from(error: ConfigError) -> Self {
        let ConfigError { code, place, key, message } = error;
        let message = if key.is_empty() { message } else { format!("{key}: {message}") };
        Self { code: code.as_str(), place, message }
    }
}

impl From<Finding> for StartProblem {
    fn from(finding: Finding) -> Self {
        Self {
            code: finding.code,
            place: format!("{}:{}", finding.file, finding.line),
            message: finding.message,
        }
    }
}

/// Somebody who can sign in to a demo's console. Their secrets belong to nobody.
#[derive(Debug, Clone, serde::Serialize, serde::Deserialize)]
pub struct DemoOfficer {
    /// Their address.
    pub email: String,
    /// What they are here for.
    pub role: String,
    /// Their password.
    pub password: String,
    /// The secret of their second factor, in base32.
    pub totp_secret: String,
}

/// A demo that runs.
#[derive(Debug)]
pub struct Demo {
    /// Where it is.
    pub base_url: String,
    /// Addresses to try, the one without trouble first.
    pub try_addresses: Vec<String>,
    /// Where the console is.
    pub console: String,
    /// Officers who can sign in.
    pub staff: Vec<DemoOfficer>,
    /// Its configuration file.
    pub config: String,
    /// The service.
    pub running: Running,
}

/// Everything of a service that a configuration names, opened and looked at.
pub struct House {
    /// The use cases.
    pub desk: Desk,
    /// The database.
    pub db: Db,
    /// The stores.
    pub stores: Arc<Stores>,
    /// The data maps.
    pub maps: Vec<DataMap>,
    /// Where archives lie.
    pub vault: Vault,
    /// Where checkpoints of the audit trail are kept.
    pub ledger: Ledger,
    /// How mails leave.
    pub mailer: Arc<dyn Mailer>,
    /// Who is told of what happens.
    pub webhooks: Webhooks,
    /// What signs manifests.
    pub signing: Arc<SigningKey>,
    /// What wraps the keys of archives.
    pub epochs: Arc<EpochKeys>,
    /// Randomness.
    pub entropy: Arc<dyn Entropy>,
    /// What everything is measured with.
    pub meter: Meter,
}

impl std::fmt::Debug for House {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("House").field("db", &self.db).finish_non_exhaustive()
    }
}

/// How the audit trail is called in what is signed: the service's address without the scheme.
fn origin(config: &Config) -> String {
    let address = config.web.base_url.as_str();
    let address = address.split_once("://").map_or(address, |(_, rest)| rest);
    format!("{}/audit", address.trim_end_matches('/'))
}

/// Looks up a variable of the environment.
pub type Lookup<'e> = &'e (dyn Fn(&str) -> Option<String> + Sync);

impl House {
    /// Opens everything. Nothing is migrated and no store is asked; a store that is down does not
    /// keep the service from starting.
    pub async fn open(config: &Config, env: Lookup<'_>) -> Result<Self, Vec<StartProblem>> {
        let meter = Meter::default();
        let keys = Self::keys(config);
        let peppers = keys.as_ref().ok().map(Keys::peppers);
        let (maps, stores, entropy) = open_stores(&config.maps, env, &meter, peppers.as_ref())?;
        let keys = keys.map_err(one)?;
        let signing = SigningKey::load(&config.keys.dir)
            .map_err(|error| one(config.keys.refuse(&error).into()))?;
        let signing = Arc::new(signing);
        let epochs = Arc::new(Self::epochs(config, keys.clone()).map_err(one)?);
        let vault = outside::vault(&config.archive)
            .map_err(|message| one(StartProblem::new("archive", "[archive] url", &message)))?
            .metered(&meter);
        let ledger = outside::ledger(&config.ledger, origin(config), Arc::clone(&signing))
            .map_err(|message| one(StartProblem::new("ledger", "[ledger] url", &message)))?
            .metered(&meter);
        let mailer = outside::mailer(&config.mail)
            .map_err(|message| one(StartProblem::new("mail", "[mail] url", &message)))?;
        let mailer = Arc::new(Metered::new(mailer, meter.clone()));
        config.webhooks.iter().for_each(|one| meter.webhook_endpoint(&one.name));
        let endpoints = config.webhooks.iter();
        let endpoints = endpoints.map(|one| (one.name.clone(), one.endpoint.clone())).collect();
        let webhooks = Webhooks::new(endpoints, Arc::new(SystemResolver));
        let db = Self::database(config, Sealer::new(keys, Arc::clone(&entropy)))
            .await
            .map_err(|error| one(database_problem(config, &error)))?;
        let desk = Desk::new(
            db.clone(),
            clock(),
            Arc::clone(&entropy),
            Arc::clone(&epochs),
            Arc::clone(&stores),
            Arc::new(settings(config, map::fingerprint(&maps))),
        )
        .metered(meter.clone());
        Ok(Self {
            desk,
            db,
            stores,
            maps,
            vault,
            ledger,
            mailer,
            webhooks,
            signing,
            epochs,
            entropy,
            meter,
        })
    }

    /// The keys of archives in their place, for a look at them.
    pub fn open_epochs(config: &Config) -> Result<EpochKeys, StartProblem> {
        Self::epochs(config, Self::keys(config)?)
    }

    fn epochs(config: &Config, keys: Keys) -> Result<EpochKeys, StartProblem> {
        outside::epochs(&config.keys.epochs, keys).map_err(|error| match error {
            NoEpochs::Keys(error) => epoch_problem(config, &error),
            NoEpochs::Address(message) => StartProblem::new("epochs", EPOCHS, &message),
        })
    }

    fn keys(config: &Config) -> Result<Keys, StartProblem> {
        Ok(Keys::new(&config.keys.root_key()?, &config.keys.older_keys()?))
    }

    async fn database(config: &Config, sealer: Sealer) -> Result<Db, DbError> {
        Db::connect(&Self::database_url(config), sealer).await
    }

    /// The database's URL, with its password: never to be shown.
    pub fn database_url(config: &Config) -> Zeroizing<String> {
        Zeroizing::new(match &config.database {
            Database::Sqlite(path) => format!("sqlite:{}", path.display()),
            Database::Postgres(url) => url.expose().to_owned(),
        })
    }

    /// Opens the database alone, for `migrate`.
    pub async fn open_database(config: &Config) -> Result<Db, StartProblem> {
        let keys = Self::keys(config)?;
        let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
        Self::database(config, Sealer::new(keys, entropy))
            .await
            .map_err(|error| database_problem(config, &error))
    }

    /// Refuses what belongs to the demo, and the other way round: config, keys and database bear
    /// its stamp. The schema has to be there.
    pub async fn require_stamp(&self, config: &Config, demo: bool) -> Result<(), StartProblem> {
        let stamped = async {
            let tx = self.db.begin_read().await?;
            tx.fact(STAMP).await
        };
        let stamp = stamped.await.map_err(|error| database_problem(config, &error))?;
        let keys = config.keys.dir.join(DEMO_KEYS).exists();
        let all = [config.is_demo(), keys, stamp.as_deref() == Some(DEMO)];
        let message = match (demo, all) {
            (true, [true, true, true]) | (false, [false, false, false]) => return Ok(()),
            (true, _) => "this folder was not made by `rightsdesk demo`; name another with --dir",
            (false, _) => {
                "config, keys or database belong to `rightsdesk demo`; start afresh with \
                 `rightsdesk init` in another folder"
            }
        };
        Err(StartProblem::new("demo_folder", config.file.display().to_string(), message))
    }

    /// The lanes of this house but those of webhooks, declared so that their jobs are given out.
    pub async fn declare_lanes(&self) -> Result<Vec<String>, DbError> {
        let stores = self.stores.keys().map(|name| (store_lane(name), STORE_WIDTH));
        let own = [
            (MAIL_LANE, MAIL_WIDTH),
            (ARCHIVE_LANE, ARCHIVE_WIDTH),
            (HOUSE_LANE, 1),
            (LEDGER_LANE, LEDGER_WIDTH),
        ]
        .map(|(name, width)| (name.to_owned(), width));
        self.declare(own.into_iter().chain(stores).collect()).await
    }

    /// The lanes of webhooks, apart from the others: whoever does not answer holds up nothing else.
    pub async fn declare_webhook_lanes(&self) -> Result<Vec<String>, DbError> {
        let lanes = self.webhooks.names().map(|name| (webhook_lane(name), WEBHOOK_WIDTH));
        self.declare(lanes.collect()).await
    }

    async fn declare(&self, lanes: Vec<(String, u16)>) -> Result<Vec<String>, DbError> {
        let tx = self.db.begin().await?;
        for (name, width) in &lanes {
            lane::declare(&tx, name, *width, std::time::Duration::ZERO).await?;
        }
        tx.commit().await?;
        Ok(lanes.into_iter().map(|(name, _)| name).collect())
    }

    /// Does the jobs of this house.
    pub fn worker(&self) -> Worker {
        Worker {
            desk: self.desk.clone(),
            db: self.db.clone(),
            mailer: Arc::clone(&self.mailer),
            vault: self.vault.clone(),
            signing: Arc::clone(&self.signing),
            webhooks: self.webhooks.clone(),
            entropy: Arc::clone(&self.entropy),
            ledger: self.ledger.clone(),
        }
    }
}

type OpenStores = (Vec<DataMap>, Arc<Stores>, Arc<dyn Entropy>);

/// Reads the data maps and makes their stores; asks none. Without `peppers` they mask with no hashes.
pub fn open_stores(
    files: &[std::path::PathBuf],
    env: Lookup<'_>,
    meter: &Meter,
    peppers: Option<&Peppers>,
) -> Result<OpenStores, Vec<StartProblem>> {
    let problems = |findings: Vec<Finding>| -> Vec<StartProblem> {
        findings.into_iter().map(StartProblem::from).collect()
    };
    let maps = map::read(files, env).map_err(problems)?;
    let entropy: Arc<dyn Entropy> = Arc::new(OsEntropy);
    let stores =
        registry::open(&maps, Limits::default(), &entropy, meter, peppers).map_err(problems)?;
    Ok((maps, Arc::new(stores), entropy))
}

/// Makes the keys of a new service in `dir`, each a new file readable by its owner alone.
pub fn make_keys(dir: &Path, entropy: &dyn Entropy) -> Result<(), KeyFileError> {
    crate::keys::root::RootKey::draw(entropy).write(&dir.join(crate::config::ROOT_KEY))?;
    SigningKey::make(dir, entropy)?;
    Ok(())
}

/// What is wrong with the database, and where it is set.
pub fn database_problem(config: &Config, error: &DbError) -> StartProblem {
    let place = match &config.database {
        Database::Sqlite(path) => format!("[database] {}", path.display()),
        // The URL may hold a password.
        Database::Postgres(_) => "[database] url".to_owned(),
    };
    StartProblem::new(error.word(), place, error)
}

/// What is wrong with the keys of archives, and where their place is set.
pub fn epoch_problem(config: &Config, error: &EpochError) -> StartProblem {
    match error {
        EpochError::File(error) => config.keys.refuse(error).into(),
        other => StartProblem::new(other.word(), EPOCHS, other),
    }
}

fn clock() -> Arc<dyn Clock> {
    Arc::new(SystemClock)
}

fn settings(config: &Config, map_version: String) -> Settings {
    Settings {
        sender: Sender::new(&config.organisation.name, config.mail.from.clone()),
        organisation: config.organisation.clone(),
        base_url: config.web.base_url.clone(),
        console_url: config.console.base_url.clone(),
        review: config.review,
        deletion: config.deletion.clone(),
        map_version,
        promise_hours: config.promise.hours,
        lift_notice: config.restriction.lift_notice,
        lapse: config.verification.lapse,
        keep: config.archive_keep.0,
        retention: config.retention,
        webhooks: config
            .webhooks
            .iter()
            .map(|one| Subscription { name: one.name.clone(), kinds: one.kinds.clone() })
            .collect(),
    }
}

fn one(problem: StartProblem) -> Vec<StartProblem> {
    vec![problem]
}
