//! What is refused, where, and what is said about it; and that defaults and docs are complete.

mod complete;
mod refused;
mod webhooks;

use super::*;

const NEEDED: &str = "[organisation]\nname = \"Shop\"\n[web]\nbase_url = \"https://p.example\"\n";

/// A secret of webhooks.
const WEBHOOK_SECRET: &str = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";

/// Reads `text` as if it stood in `/etc/rd/rd.toml`. The environment has `SECRET`, `EMPTY`, `HOOK`, and
/// `URL` with the given value.
fn parse_with(text: &str, url: &str) -> Result<Config, Vec<ConfigError>> {
    let env = |name: &str| match name {
        "SECRET" => Some("s3cret".to_owned()),
        "EMPTY" => Some(String::new()),
        "HOOK" => Some(WEBHOOK_SECRET.to_owned()),
        "URL" => Some(url.to_owned()),
        _ => None,
    };
    Config::parse(Path::new("rd.toml"), text, "/etc/rd".into(), &env)
}

fn parse(text: &str) -> Result<Config, Vec<ConfigError>> {
    parse_with(text, "")
}

/// What is needed, and `more`.
fn config(more: &str) -> Config {
    parse(&format!("{NEEDED}{more}")).unwrap_or_else(|errors| panic!("{more}: {errors:#?}"))
}

#[test]
fn name_and_base_url_are_enough() {
    let config = config("");
    assert_eq!(config.database, Database::Sqlite("/etc/rd/data/rightsdesk.db".into()));
    assert_eq!(config.archive, Place::Folder("/etc/rd/data/archives".into()));
    assert_eq!(config.ledger, Place::Folder("/etc/rd/data/ledger".into()));
    assert_eq!(config.mail.route, MailRoute::Folder("/etc/rd/data/mail".into()));
    assert_eq!(config.mail.from.as_str(), "privacy@p.example");
    assert_eq!(config.keys.dir, Path::new("/etc/rd/keys"));
    assert_eq!(config.keys.epochs, Place::Folder("/etc/rd/keys/epochs".into()));
    assert_eq!(config.console.base_url.as_str(), "http://127.0.0.1:8081");
    assert_eq!(config.organisation.languages.len(), 2);
    assert_eq!(config.promise.hours, 72);
    assert_eq!(config.archive_keep.0.to_string(), "14d");
    assert_eq!(config.retention.skeleton.to_string(), "36M");
    assert!(config.maps.is_empty() && config.refuse_demo().is_ok());
}

#[test]
fn what_is_written_is_what_is_read() {
    let config = parse(
        "maps = []\ndemo = true\n\
         [organisation]\nname = \" Shop \"\nzone = \"Europe/Berlin\"\ncountry = \"de\"\n\
         languages = [\"de\"]\ncontact = \"help@shop.example\"\n\
         [web]\nbase_url = \"http://127.0.0.1:8080/\"\n\
         trusted_proxies = [\"10.1.2.3/8\", \"192.0.2.7\"]\n\
         [archive]\nurl = \"file:///srv/archives\"\n\
         [review]\naccess = \"auto\"\nopt_out = \"staff\"\ndeletion = \"staff\"\n\
         [promise]\nhours = 48\n[log]\nformat = \"json\"\nlevel = \"warn\"\n",
    )
    .unwrap();
    assert_eq!(config.organisation.name, "Shop");
    assert_eq!(config.organisation.country.as_deref(), Some("DE"));
    assert_eq!(config.organisation.default_language().as_str(), "de");
    assert_eq!(config.mail.from.as_str(), "help@shop.example");
    let proxies: Vec<_> = config.web.trusted_proxies.iter().map(ToString::to_string).collect();
    assert_eq!(proxies, ["10.0.0.0/8", "192.0.2.7/32"]);
    assert_eq!(config.archive, Place::Folder("/srv/archives".into()));
    assert_eq!(config.review.access.as_str(), "auto");
    assert_eq!(config.review.export.as_str(), "staff");
    assert_eq!(config.review.opt_out.as_str(), "staff");
    assert_eq!(config.log, Log { format: LogFormat::Json, level: LogLevel::Warn });
    let error = config.refuse_demo().unwrap_err();
    assert_eq!((error.code, &*error.place), (ConfigCode::DemoFolder, "rd.toml:2"));
}

#[test]
fn mail_servers_are_encrypted_beyond_this_machine() {
    let smtp = |more: &str| match config(&format!("[mail]\n{more}")).mail.route {
        MailRoute::Smtp(smtp) => smtp,
        MailRoute::Folder(_) => panic!("{more}"),
    };
    for (url, tls, port) in [
        ("smtps://mail.example", SmtpTls::Implicit, 465),
        ("smtp://mail.example", SmtpTls::StartTls, 587),
        ("smtp://mail.example:25", SmtpTls::StartTls, 25),
        ("smtp://mail.example?tls=none", SmtpTls::None, 587),
        ("smtp://127.0.0.1:1025", SmtpTls::None, 1025),
        ("smtp://[::1]:1025", SmtpTls::None, 1025),
        ("smtp://localhost:1025", SmtpTls::None, 1025),
        ("smtp://127.0.0.1.example", SmtpTls::StartTls, 587),
    ] {
        let found = smtp(&format!("url = \"{url}\""));
        assert_eq!((found.tls, found.port), (tls, port), "{url}");
    }
    let login = "url = \"smtps://mail.example\"\nuser = \"rd\"\npassword = { env = \"SECRET\" }";
    let (user, password) = smtp(login).login.unwrap();
    assert_eq!((&*user, password.expose()), ("rd", "s3cret"));
}

#[test]
fn a_url_that_is_a_secret_may_hold_a_password() {
    let read = |section: &str, url: &str| {
        let text = format!("{NEEDED}[{section}]\nurl = {{ env = \"URL\" }}");
        parse_with(&text, url).unwrap()
    };
    let postgres = "postgres://rd:pass@db.example/rd?sslmode=verify-full";
    let Database::Postgres(url) = read("database", postgres).database else { panic!("postgres") };
    assert_eq!(url.expose(), postgres);
    let MailRoute::Smtp(smtp) = read("mail", "smtps://rd:p%40ss@mail.example").mail.route else {
        panic!("smtp")
    };
    assert_eq!(smtp.login.unwrap().1.expose(), "p@ss");
    let url = "s3://KEY:SECRET@bucket/a/b/?region=eu-central-1&endpoint=https://s3.example/";
    let Place::S3(s3) = read("archive", url).archive else { panic!("s3") };
    assert_eq!((&*s3.bucket, &*s3.prefix), ("bucket", "a/b"));
    assert_eq!(s3.endpoint.as_deref(), Some("https://s3.example"));
    assert_eq!(s3.login.as_ref().unwrap().1.expose(), "SECRET");
    assert!(!format!("{s3:?}").contains("SECRET"), "a secret does not show itself");
}

#[test]
fn a_place_holds_what_lies_in_it() {
    let place = |url: &str| config(&format!("[archive]\nurl = \"{url}\"")).archive;
    for (outer, inner, holds) in [
        ("file:a", "file:a", true),
        ("file:a", "file:a/b", true),
        ("file:a", "file:ab", false),
        ("file:a/b", "file:a/b/../c", false),
        ("file:a", "file:./a/../a/b", true),
        ("s3://b/x", "s3://b/x/y", true),
        ("s3://b", "s3://b/x", true),
        ("s3://b/x", "s3://b/xy", false),
        ("s3://b/x", "s3://c/x", false),
        ("s3://b/x", "file:x", false),
    ] {
        assert_eq!(place(outer).holds(&place(inner)), holds, "{outer} {inner}");
    }
}

#[test]
fn data_maps_are_found_beside_the_file() {
    let folder = tempfile::tempdir().unwrap();
    // A folder's own name is no pattern.
    let home = folder.path().join("a[b]*");
    fs::create_dir_all(home.join("maps")).unwrap();
    for name in ["maps/b.toml", "maps/a.toml", "maps/c.toml.txt", "one.toml"] {
        fs::write(home.join(name), "").unwrap();
    }
    let maps = "maps = [\"maps/*.toml\", \"one.toml\", \"maps/a.toml\"]\n";
    fs::write(home.join("rd.toml"), format!("{maps}{NEEDED}")).unwrap();
    let config = Config::load(&home.join("rd.toml"), &|_| None).unwrap();
    let expected = ["maps/a.toml", "maps/b.toml", "one.toml"].map(|name| home.join(name));
    assert_eq!(config.maps, expected);
}

#[test]
fn the_file_is_named_by_option_then_variable_then_default() {
    let env = |name: &str| (name == "RIGHTSDESK_CONFIG").then(|| "/env.toml".to_owned());
    assert_eq!(which_file(Some(Path::new("/a.toml")), &env), Path::new("/a.toml"));
    assert_eq!(which_file(None, &env), Path::new("/env.toml"));
    assert_eq!(which_file(None, &|_| None), Path::new("rightsdesk.toml"));
    assert_eq!(which_file(None, &|_| Some(String::new())), Path::new("rightsdesk.toml"));
}

#[test]
fn laws_and_holidays_follow_the_country_unless_written() {
    use crate::domain::deadline::Regime as R;
    let law = |keys: &str| {
        let text = NEEDED.replacen("[organisation]\n", &format!("[organisation]\n{keys}\n"), 1);
        parse(&text).unwrap().organisation.law
    };
    assert_eq!(law("").regimes, [R::EuGdpr]);
    assert_eq!((law("").home, law("country = \"DE\"").home), (None, Some("DE")));
    assert_eq!(law("country = \"GB\"").regimes, [R::UkGdpr]);
    assert_eq!(law("country = \"US\"").regimes[0], R::Ccpa);
    assert_eq!(law("country = \"DE\"\ncalendar = \"de-by\"").home, Some("DE-BY"));
    assert_eq!(law("country = \"DE\"\ncalendar = \"none\"").home, None);
    let own =
        law("regimes = [\"ccpa\", \"eu_gdpr\"]\npolicy_days = 20\nholidays = [\"2026-05-08\"]");
    assert_eq!(own.regimes, [R::Ccpa, R::EuGdpr, R::Policy]);
    assert_eq!((own.policy_days, own.holidays.len()), (Some(20), 1));
}
