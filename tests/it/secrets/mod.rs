//! Nothing about a person, and no secret, stands where it may not: canaries go through every flow of
//! the real program, and are then looked for in everything that it leaves behind.

mod hunt;
mod panics;
mod person;
mod programs;
mod scene;
mod staff;
mod watch;

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use sqlx::postgres::PgConnectOptions;
use sqlx::{AssertSqlSafe, ConnectOptions, Connection, Row};

use self::hunt::{Canary, Hunt, files};
use self::scene::{FILE, FILE_NAME, ODD, Records, STREET, Scene};
use self::staff::Officer;
use crate::support::archive::Downloaded;
use crate::support::collector::Collector;
use crate::support::http::Visitor;
use crate::support::{mail, not_run, setting};

const AT_THE_END: &str = "at the end";

/// What lies in the folder of a service and holds secrets by its nature.
const BY_NATURE: [&str; 2] = ["keys", "maps"];

#[tokio::test(flavor = "multi_thread")]
async fn no_canary_leaves_its_cage_on_sqlite() {
    plays(Records::Sqlite, None).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn no_canary_leaves_its_cage_on_postgres() {
    let Some(admin) = setting("RIGHTSDESK_TEST_POSTGRES") else {
        not_run("RIGHTSDESK_TEST_POSTGRES names no database");
        return;
    };
    plays(Records::Postgres, Some(&admin)).await;
}

async fn plays(records: Records, admin: Option<&str>) {
    let (traces, hooks) = (Collector::start().await, Collector::start().await);
    let mut more = format!(
        "[webhook.crm]\nurl = \"http://{}/hook\"\nsecret = {{ env = \"CANARY_WEBHOOK\" }}\n\
         allow_private = true\n",
        hooks.at
    );
    if cfg!(feature = "otel") {
        write!(more, "[traces]\nurl = \"http://{}\"\n", traces.at).unwrap();
    }
    let scene = Scene::set(records, admin, &more).await;
    let mut said = Vec::new();
    exports(&scene, &mut said);
    let desk = scene.serve();
    let console = format!("http://{}", desk.ready["console"].as_str().unwrap());

    let mut officer = Officer::signs_in(&scene, &console).await;
    let mut person = person::asks(&desk, scene::ADDRESS, "access").await;
    let mut visitors = person::others(&desk).await;
    person.writes(&desk).await;
    person::strangers(&desk, &console).await;
    let token = programs::call(&scene, &desk).await;
    officer.lets_out(&person.reference).await;
    let zip = person.downloads(&desk).await;
    let again = person::asks(&desk, scene::ADDRESS, "access").await;
    officer.refuses(&again.reference).await;
    officer.enters_a_letter(&console).await;
    person::told(&scene.metrics, "rightsdesk_mails_total{kind=\"verify\",outcome=\"refused\"}")
        .await;
    person::told(&scene.metrics, "rightsdesk_mail_errors_total{code=\"busy\"}").await;
    person::told(&scene.metrics, "rightsdesk_store_errors_total{store=\"odd\"").await;

    // The canaries were where they belong.
    let archive = Downloaded::new(&zip);
    let letter = format!("{:?}", archive.rows("shop", "customer"));
    assert!(letter.contains(STREET) && !letter.contains(ODD), "{letter}");

    let statuses = [&person, &again].map(|person| {
        let token = person.status.rsplit('/').next().unwrap();
        Canary::new("link to a status page", token)
    });
    visitors.extend([person.visitor, again.visitor]);
    let mut canaries = canaries(&scene, &officer, &visitors);
    canaries.extend(statuses);
    canaries.push(token);
    let hunt = Hunt::new(&canaries);
    let mut found = Vec::new();
    found.extend(records_of(&scene, &hunt, "while it runs", &person.reference).await);
    found.extend(folder_of(&scene, &hunt, "while it runs"));
    found.extend(commands(&scene, &hunt, said));
    let metrics = Visitor::new(&scene.metrics, "en").get("/metrics").await.text;
    found.extend(hunt.search("metrics", metrics.as_bytes(), "store=\"odd\""));
    assert_eq!(desk.terminate(), Some(0));

    found.extend(records_of(&scene, &hunt, AT_THE_END, &person.reference).await);
    found.extend(folder_of(&scene, &hunt, AT_THE_END));
    if cfg!(feature = "otel") {
        for control in ["store page", "job gather", "POST /requests", "/status/{token}"] {
            found.extend(hunt.search("traces", &traces.taken(), control));
        }
    }
    for control in ["request.verified", "webhook-signature", "archive.ready"] {
        found.extend(hunt.search("webhook", &hooks.taken(), control));
    }
    // Not a single file, however short.
    found.extend(scene.watch.made().into_iter().map(|name| format!("temporary file {name}")));
    if let Some(admin) = admin {
        scene.clear(admin).await;
    }
    found.sort();
    found.dedup();
    assert!(found.is_empty(), "\n{}\n", found.join("\n"));
}

/// Everything that may stand nowhere: what was planted, and what came up on the way.
fn canaries(scene: &Scene, officer: &Officer, visitors: &[Visitor]) -> Vec<Canary> {
    let said =
        scene::PLANTED.iter().chain(&person::SAID).chain(&staff::SAID).chain(&programs::SAID);
    let mut all: Vec<Canary> = said.map(|(what, word)| Canary::new(*what, *word)).collect();
    all.push(Canary::new("file's whole name", FILE_NAME));
    all.push(Canary::new("file's text", FILE));
    all.extend(officer.secrets.iter().cloned());
    for cookie in visitors.iter().flat_map(Visitor::cookies) {
        all.push(Canary::new("cookie", cookie));
    }
    for mail in mail::all(&scene.mails) {
        for line in mail.text.lines().map(str::trim).filter(|line| line.starts_with("http")) {
            let token = line.rsplit('/').next().unwrap();
            if token.len() > 20 {
                all.push(Canary::new(format!("link in a mail {}", mail.kind), token));
            }
        }
        if ["verify", "reminder", "status_code", "download_code"].contains(&mail.kind.as_str()) {
            let code = mail.code();
            all.push(Canary::new("code", code));
            all.push(Canary::new("code in one", code.replace('-', "")));
        }
    }
    for file in files(&scene.folder.dir.join("keys"), &["signing.pub"]) {
        let text = fs::read_to_string(&file).unwrap();
        let name = file.file_name().unwrap().to_str().unwrap().to_owned();
        for line in text.lines().filter(|line| !line.contains(' ')) {
            let Ok(bytes) = data_encoding::BASE64.decode(line.as_bytes()) else { continue };
            all.push(Canary::new(format!("key in {name}"), &bytes[bytes.len().min(64) - 32..]));
        }
    }
    let keys = all.iter().filter(|canary| canary.what.starts_with("key in")).count();
    assert!(keys >= 3, "root, signing and epoch: {keys}");
    assert!(all.iter().any(|canary| canary.what.starts_with("link in a mail archive_ready")));
    all
}

/// Everything in the folder of the service: database with its journals, log, archives, ledger.
fn folder_of(scene: &Scene, hunt: &Hunt, when: &str) -> Vec<String> {
    let dir = &scene.folder.dir;
    let mut found = Vec::new();
    let (mut archives, mut ledger) = (0, 0);
    for path in files(dir, &BY_NATURE) {
        let name = path.strip_prefix(dir).unwrap().display().to_string();
        archives += usize::from(name.starts_with("data/archives/"));
        ledger += usize::from(name.starts_with("data/ledger/"));
        // Journals come and go.
        let Ok(bytes) = fs::read(&path) else { continue };
        let what = format!("{name} {when}");
        found.extend(hunt.find(&bytes).into_iter().map(|canary| format!("{what}: {canary}")));
        found.extend(hunt.find(name.as_bytes()).into_iter().map(|found| format!("name {found}")));
    }
    // Checkpoints are signed each minute and at the end.
    assert!(archives > 0 && (ledger > 0 || when != AT_THE_END), "{archives} {ledger}");
    let log = fs::read(dir.join("serve.log")).unwrap();
    for control in ["/status/{token}", "job done", "job not done", "answered"] {
        found.extend(hunt.search(&format!("log {when}"), &log, control));
    }
    // The search sees what stands beside those files.
    planted_is_found(hunt, &dir.join("data/archives/control"));
    found
}

fn planted_is_found(hunt: &Hunt, at: &Path) {
    fs::write(at, format!("…{STREET}…")).unwrap();
    let seen = files(at.parent().unwrap(), &[]).into_iter().any(|path| {
        fs::read(path).is_ok_and(|bytes| hunt.find(&bytes).contains(&"record as it is"))
    });
    assert!(seen, "the search does not see what was planted");
    fs::remove_file(at).unwrap();
}

/// The records, as whoever reads the disk or the server sees them.
async fn records_of(scene: &Scene, hunt: &Hunt, when: &str, reference: &str) -> Vec<String> {
    if let Some(server) = &scene.postgres {
        return hunt.search(&format!("records {when}"), &dump(server).await, reference);
    }
    let mut all = Vec::new();
    for path in files(&scene.folder.dir.join("data"), &["archives", "ledger"]) {
        all.extend(fs::read(path).unwrap_or_default());
    }
    hunt.search(&format!("records {when}"), &all, reference)
}

/// Every row of every table as text, bytes in hex.
async fn dump(server: &PgConnectOptions) -> Vec<u8> {
    let mut session = server.connect().await.unwrap();
    let tables = "SELECT quote_ident(table_name) FROM information_schema.tables \
                  WHERE table_schema = 'public' AND table_type = 'BASE TABLE'";
    let tables = sqlx::query(tables).fetch_all(&mut session).await.unwrap();
    assert!(tables.len() > 15, "{}", tables.len());
    let mut all = Vec::new();
    for table in tables {
        let table: String = table.get(0);
        let rows = format!("SELECT t::text FROM {table} t");
        let rows = sqlx::query(AssertSqlSafe(rows)).fetch_all(&mut session).await.unwrap();
        for row in rows {
            all.extend(row.get::<String, _>(0).into_bytes());
            all.push(b'\n');
        }
    }
    session.close().await.unwrap();
    all
}

/// What a command says.
type Said = (String, String);

/// Copies for people, while there is no staff that would have to agree: one that works, and one that
/// comes upon the store that cannot be read.
fn exports(scene: &Scene, said: &mut Vec<Said>) {
    let out = tempfile::tempdir().unwrap();
    let user = format!("user={}", scene::USER);
    for (name, address, code) in
        [("export", "bob@example.org", 0), ("failing export", scene::ADDRESS, 1)]
    {
        let zip = out.path().join(format!("{code}.zip"));
        let mut args = vec!["export", "--email", "-", "--json", "--out", zip.to_str().unwrap()];
        if code == 1 {
            args.extend(["--id", &user]);
        }
        let answer = scene.run(&args, &format!("{address}\n"));
        said.push((name.to_owned(), format!("{name}: {} {}", answer.out, answer.err)));
        answer.expect(code, &[]);
    }
}

/// What commands say, and the files that they write.
fn commands(scene: &Scene, hunt: &Hunt, mut said: Vec<Said>) -> Vec<String> {
    let out = tempfile::tempdir().unwrap();
    let path = |name: &str| out.path().join(name).to_str().unwrap().to_owned();
    let (zip, backup, trail) = (path("zip"), path("backup"), path("trail"));
    let glass = ["export", "--email", "-", "--break-glass", "--reason", staff::WORDS];
    let glass = [&glass[..], &["--officer", staff::EMAIL, "--out", &zip]].concat();
    for (name, args, code) in [
        ("check", vec!["check"], None),
        ("check in json", vec!["check", "--json"], None),
        ("keys", vec!["keys", "status"], Some(0)),
        ("backup", vec!["backup", &backup], Some(0)),
        ("audit verify", vec!["audit", "verify"], Some(0)),
        ("audit export", vec!["audit", "export", &trail], Some(0)),
        ("map check", vec!["map", "check"], None),
        ("break glass", glass, Some(1)),
    ] {
        let answer = scene.run(&args, &format!("{}\n000000\n", scene::ADDRESS));
        said.push((name.to_owned(), format!("{name}: {} {}", answer.out, answer.err)));
        assert!(code.is_none_or(|code| answer.code == Some(code)), "{name}: {answer:?}");
    }
    let mut found = Vec::new();
    for (name, said) in said {
        found.extend(hunt.search(&format!("what {name} says"), said.as_bytes(), &name));
    }
    found.extend(hunt.search("audit trail", &fs::read(trail).unwrap(), "identity.revealed"));
    if scene.postgres.is_none() {
        found.extend(hunt.search("backup", &fs::read(backup).unwrap(), "SQLite format 3"));
    }
    found
}
