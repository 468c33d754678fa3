//! Bad configurations, each with the code, line and key of its error, and words of its message.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;

use super::*;
use crate::ids::SeededEntropy;
use crate::keys::root::RootKey;
use ConfigCode as C;

/// Each text comes after [`NEEDED`], so its first line is line 5.
const BAD: &[(&str, ConfigCode, usize, &str, &str)] = &[
    // Keys.
    ("listn = \"a\"", C::UnknownKey, 5, "[web] listn", "did you mean `listen`?"),
    ("[databse]\nurl = \"a\"", C::UnknownKey, 5, "[databse]", "did you mean `[database]`?"),
    ("[log]\nhours = 72", C::UnknownKey, 6, "[log] hours", "did you mean `[promise] hours`?"),
    ("[log]\nxyzzy = 1", C::UnknownKey, 6, "[log] xyzzy", "the keys here are format, level"),
    ("[xyzzy]", C::UnknownKey, 5, "[xyzzy]", "the sections are organisation, web"),
    ("[[mail]]", C::WrongType, 5, "[mail]", "write a section"),
    ("[promise]\nhours = \"72\"", C::WrongType, 6, "[promise] hours", "a whole number"),
    ("[promise]\nhours = 0", C::BadValue, 6, "[promise] hours", "from 1 to 720"),
    ("listen = 8080", C::WrongType, 5, "[web] listen", "a text in quotes"),
    // Lengths of time.
    ("[archive]\nkeep = \"14 days\"", C::BadDuration, 6, "[archive] keep", "s, m, h, d, w, M, y"),
    ("[archive]\nkeep = \"0d\"", C::BadDuration, 6, "[archive] keep", "more than nothing"),
    ("[retention]\nmails = \"1h\"", C::BadDuration, 6, "[retention] mails", "\"48h\" to \"36M\""),
    ("[retention]\nskeleton = \"31y\"", C::BadDuration, 6, "[retention] skeleton", "to \"30y\""),
    ("[retention]\n\nclosed = \"d\"", C::BadDuration, 7, "[retention] closed", "\"24h\""),
    ("[verification]\nlapse = 7", C::WrongType, 6, "[verification] lapse", "in quotes"),
    // Secrets.
    ("[mail]\nuser=\"a\"\npassword = \"x\"", C::LiteralSecret, 7, "[mail] password", "env ="),
    (
        "[database]\nurl = \"postgres://a:x@b/c\"",
        C::LiteralSecret,
        6,
        "[database] url",
        "file = \"PATH\"",
    ),
    ("[database]\nurl = \"postgres://b/c\"", C::BadValue, 6, "[database] url", "verify-full"),
    (
        "[database]\nurl = \"postgres://b/c?password=x\"",
        C::LiteralSecret,
        6,
        "[database] url",
        "env =",
    ),
    ("[mail]\nurl = \"smtps://a:x@b\"", C::LiteralSecret, 6, "[mail] url", "`password`"),
    ("[archive]\nurl = \"s3://a:x@b\"", C::LiteralSecret, 6, "[archive] url", "env ="),
    ("[mail]\nurl = { env = \"NO\" }", C::MissingSecret, 6, "[mail] url", "NO is not set"),
    ("[mail]\nurl = { env = \"EMPTY\" }", C::MissingSecret, 6, "[mail] url", "is empty"),
    ("[mail]\nurl = { file = \"no\" }", C::MissingSecret, 6, "[mail] url", "/etc/rd/no"),
    ("[mail]\nurl = { var = \"A\" }", C::WrongType, 6, "[mail] url", "exactly one of"),
    ("[mail]\nurl = { env = \"A\", file = \"B\" }", C::WrongType, 6, "[mail] url", "exactly one"),
    // Addresses and places.
    ("listen = \"localhost:8080\"", C::BadValue, 5, "[web] listen", "127.0.0.1:8080"),
    ("listen = \"127.0.0.1:8081\"", C::BadValue, 5, "[web] listen", "[console] listens"),
    ("metrics_listen = \"127.0.0.1:8080\"", C::BadValue, 5, "[web] metrics_listen", "another"),
    ("[console]\nlisten = \"127.0.0.1:8080\"", C::BadValue, 6, "[console] listen", "[web] listens"),
    ("[console]\nlisten = \"0.0.0.0:81\"", C::MissingKey, 5, "[console] base_url", "base_url ="),
    (
        "trusted_proxies = [\n  \"10.0.0.1\",\n  \"proxy\",\n]",
        C::BadValue,
        7,
        "[web] trusted_proxies",
        "10.0.0.0/8",
    ),
    ("trusted_proxies = [\"::/0\"]", C::BadValue, 5, "[web] trusted_proxies", "everybody"),
    ("trusted_proxies = \"::1\"", C::WrongType, 5, "[web] trusted_proxies", "a list"),
    ("[database]\nurl = \"mysql://b/c\"", C::BadValue, 6, "[database] url", "sqlite:FILE"),
    ("[database]\nurl = \"sqlite::memory:\"", C::BadValue, 6, "[database] url", "has to last"),
    ("[database]\nurl = \"sqlite:a?mode=ro\"", C::BadValue, 6, "[database] url", "only the path"),
    ("[archive]\nurl = \"data\"", C::BadValue, 6, "[archive] url", "file:FOLDER"),
    ("[archive]\nurl = \"file://data\"", C::BadValue, 6, "[archive] url", "file:FOLDER"),
    ("[archive]\nurl = \"s3://b?endpoint=http://c\"", C::BadValue, 6, "[archive] url", "https://"),
    ("[archive]\nurl = \"s3://b?x=y\"", C::BadValue, 6, "[archive] url", "region and endpoint"),
    ("[ledger]\nurl = \"file:data/archives/l\"", C::BadValue, 6, "[ledger] url", "outside"),
    ("[keys]\nepochs = \"file:data/archives/k\"", C::BadValue, 6, "[keys] epochs", "of their own"),
    ("[keys]\nepochs = \"file:data\"", C::BadValue, 6, "[keys] epochs", "of their own"),
    ("[keys]\nepochs = \"file:data/ledger\"", C::BadValue, 6, "[keys] epochs", "[ledger] url"),
    ("[keys]\nepochs = \"keys\"", C::BadValue, 6, "[keys] epochs", "file:FOLDER"),
    ("[mail]\nurl = \"https://b\"", C::BadValue, 6, "[mail] url", "folder:DIR"),
    ("[mail]\nurl = \"folder:\"", C::BadValue, 6, "[mail] url", "folder:DIR"),
    ("[mail]\nurl = \"smtps://b?tls=none\"", C::BadValue, 6, "[mail] url", "with smtp://"),
    ("[mail]\nurl = \"smtp://a@b\"", C::BadValue, 6, "[mail] url", "`user`"),
    (
        "[mail]\nurl = \"smtp://b?tls=none\"\nuser = \"a\"\npassword = { env = \"SECRET\" }",
        C::BadValue,
        6,
        "[mail] url",
        "in the clear",
    ),
    ("[mail]\nuser = \"a\"", C::MissingKey, 5, "[mail] password", "env ="),
    ("[mail]\npassword = { env = \"SECRET\" }", C::MissingKey, 5, "[mail] user", "write the user"),
    ("[mail]\nfrom = \"privacy\"", C::BadValue, 6, "[mail] from", "name@example.org"),
    // Words.
    ("[review]\naccess = \"none\"", C::BadValue, 6, "[review] access", "\"staff\" or \"auto\""),
    ("[review]\ndeletion = \"auto\"", C::BadValue, 6, "[review] deletion", "\"two_person\""),
    ("[deletion]\ngrowth = \"all\"", C::BadValue, 6, "[deletion] growth", "\"same_scope\""),
    ("[log]\nlevel = \"trace\"", C::BadValue, 6, "[log] level", "\"debug\""),
];

/// The same for `[organisation]`, whose only other line is its name, and for the top.
const BAD_ORGANISATION: &[(&str, &str)] = &[
    ("zone = \"Berlin\"", "Europe/Berlin"),
    ("zone = \"+01:00\"", "Europe/Berlin"),
    ("country = \"UK\"", "\"GB\""),
    ("country = \"Germany\"", "two letters"),
    ("calendar = \"XX\"", "or \"none\""),
    ("holidays = [\"8 May\"]", "2026-05-08"),
    ("regimes = [\"gdpr\"]", "eu_gdpr, uk_gdpr"),
    ("regimes = [\"ccpa\", \"ccpa\"]", "each once"),
    ("regimes = []", "each once"),
    ("regimes = [\"policy\"]", "`policy_days`"),
    ("policy_days = 0", "from 1 to 90"),
    ("languages = [\"fr\"]", "\"en\", \"de\""),
    ("languages = [\"en\", \"en\"]", "each once"),
    ("languages = []", "the default first"),
    ("privacy_url = \"shop.example\"", "https://example.org/privacy"),
    ("contact = \"shop\"", "name@example.org"),
    ("postal = \"\"", "at most 500"),
    ("authority = \"a\\nb\"", "one line"),
];

fn only(text: &str) -> ConfigError {
    let errors = parse(text).expect_err(text);
    assert_eq!(errors.len(), 1, "{text}: {errors:#?}");
    errors.into_iter().next().unwrap()
}

#[test]
fn each_bad_value_is_named_by_line_and_key() {
    for (bad, code, line, key, says) in BAD {
        let error = only(&format!("{NEEDED}{bad}\n"));
        let found = (error.code, &*error.place, &*error.key);
        assert_eq!(found, (*code, &*format!("rd.toml:{line}"), *key), "{bad}: {error}");
        assert!(error.message.contains(says), "{bad}: {error}");
    }
}

#[test]
fn each_bad_word_about_the_organisation_is_named() {
    for (bad, says) in BAD_ORGANISATION {
        let text = NEEDED.replacen("\n[web]", &format!("\n{bad}\n[web]"), 1);
        let error = only(&text);
        let key = bad.split(' ').next().unwrap();
        assert_eq!((&*error.place, error.key), ("rd.toml:3", format!("[organisation] {key}")));
        assert!(error.message.contains(says), "{bad}: {}", error.message);
    }
}

#[test]
fn a_base_url_is_https_and_bare() {
    for (bad, says) in [
        ("http://p.example", "write https://"),
        ("https://p.example/privacy", "without path"),
        ("p.example", "a whole address"),
    ] {
        let error = only(&NEEDED.replace("https://p.example", bad));
        assert_eq!((&*error.place, &*error.key), ("rd.toml:4", "[web] base_url"));
        assert!(error.message.contains(says), "{error}");
    }
}

#[test]
fn all_errors_come_at_once_in_the_order_of_the_file() {
    let errors =
        parse("map = []\n[web]\nlisten = 1\n[promise]\nhours = 0\n[organisation]\n").unwrap_err();
    let found: Vec<_> =
        errors.iter().map(|error| (error.code, &*error.place, &*error.key)).collect();
    let expected = [
        (C::UnknownKey, "rd.toml:1", "map"),
        (C::MissingKey, "rd.toml:2", "[web] base_url"),
        (C::WrongType, "rd.toml:3", "[web] listen"),
        (C::BadValue, "rd.toml:5", "[promise] hours"),
        (C::MissingKey, "rd.toml:6", "[organisation] name"),
    ];
    assert_eq!(found, expected);
    assert_eq!(errors[0].message, "there is no such key; did you mean `maps`?");
}

#[test]
fn what_is_no_toml_is_told_by_line_and_never_quoted() {
    let errors = parse(&format!("{NEEDED}[mail]\npassword = \"hunter2\n")).unwrap_err();
    assert!(errors.iter().all(|error| error.code == C::Syntax));
    assert_eq!(errors[0].place, "rd.toml:6");
    assert!(errors[0].message.contains("expected"), "{}", errors[0]);
    assert!(!format!("{errors:?}").contains("hunter2"));
}

#[test]
fn no_message_repeats_a_secret() {
    for text in [
        "[mail]\nuser = \"a\"\npassword = \"hunter2\"",
        "[database]\nurl = \"postgres://a:hunter2@b/c\"",
        "[database]\nurl = \"mysql://a:hunter2@b/c\"",
        "[mail]\nurl = \"smtps://a:hunter2@b\"",
        "[archive]\nurl = \"s3://a:hunter2@b\"",
        "[archive]\nurl = \"gs://a:hunter2@b\"",
    ] {
        assert!(!format!("{:?}", only(&format!("{NEEDED}{text}"))).contains("hunter2"), "{text}");
    }
}

#[test]
fn a_missing_file_and_a_missing_map_are_named() {
    let errors = Config::load(Path::new("/no/rd.toml"), &|_| None).unwrap_err();
    assert_eq!((errors[0].code, &*errors[0].place), (C::NoConfigFile, "/no/rd.toml"));
    assert!(errors[0].message.contains("rightsdesk init"));
    let error = only(&format!("maps = [\n\"no.toml\"]\n{NEEDED}"));
    assert_eq!((error.code, &*error.place, &*error.key), (C::BadValue, "rd.toml:2", "maps"));
}

#[test]
fn mail_from_nowhere_goes_to_folders_only() {
    let local = NEEDED.replace("https://p.example", "http://127.0.0.1:8080");
    assert!(parse(&local).is_ok());
    let error = only(&format!("{local}[mail]\nurl = \"smtp://127.0.0.1:25\"\n"));
    assert_eq!((error.code, &*error.key), (C::MissingKey, "[mail] from"));
}

#[test]
fn a_secret_file_that_others_can_read_is_refused() {
    let folder = tempfile::tempdir().unwrap();
    let (config, secret) = (folder.path().join("rd.toml"), folder.path().join("pw"));
    let mail = "[mail]\nurl = \"smtps://m.example\"\nuser = \"a\"\npassword = { file = \"pw\" }\n";
    fs::write(&config, format!("{NEEDED}{mail}")).unwrap();
    fs::write(&secret, "s3cret\n").unwrap();
    fs::set_permissions(&secret, Permissions::from_mode(0o640)).unwrap();
    let errors = Config::load(&config, &|_| None).unwrap_err();
    assert_eq!((errors[0].code, &*errors[0].key), (C::ReadableSecret, "[mail] password"));
    assert!(errors[0].place.ends_with("rd.toml:8") && errors[0].message.contains("chmod 600"));
    fs::set_permissions(&secret, Permissions::from_mode(0o600)).unwrap();
    let MailRoute::Smtp(smtp) = Config::load(&config, &|_| None).unwrap().mail.route else {
        panic!("smtp")
    };
    assert_eq!(smtp.login.unwrap().1.expose(), "s3cret", "without the line end");
}

#[test]
fn a_key_file_is_refused_where_its_folder_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let dir = folder.path().to_str().unwrap();
    let keys = config(&format!("[keys]\ndir = \"{dir}\"\n")).keys;
    let path = keys.dir.join(ROOT_KEY);
    let refused = || {
        let error = keys.root_key().unwrap_err();
        assert_eq!((&*error.place, &*error.key), ("rd.toml:6", "[keys] dir"));
        assert!(error.message.contains(path.to_str().unwrap()), "{error}");
        error
    };
    let missing = refused();
    assert_eq!(missing.code, C::MissingKeyFile);
    assert!(missing.message.contains("rightsdesk init"));
    RootKey::draw(&SeededEntropy::new(1)).write(&path).unwrap();
    assert!(keys.root_key().is_ok());
    fs::set_permissions(&path, Permissions::from_mode(0o644)).unwrap();
    let readable = refused();
    assert_eq!(readable.code, C::ReadableKeyFile);
    assert!(readable.message.contains("chmod 600"));
    fs::set_permissions(&path, Permissions::from_mode(0o600)).unwrap();
    fs::write(&path, "nonsense").unwrap();
    assert_eq!(refused().code, C::BadKeyFile);
}
