use std::path::Path;

use super::*;
use crate::domain::language::Language;
use crate::domain::record::Origin;

/// The facts that every store needs.
const FACTS: &str = r#"
label = { en = "Shop accounts", de = "Shop-Konten" }
controller = "self"
purposes = ["contract"]
basis = "GDPR 6(1)(b)"
source = "the person"
recipients = ["Payment provider"]
country = "DE"
retention = "until the account is closed"
backup = "30d"
"#;

const TABLES: &str = r#"
[store.shop.table.customer]
person = true
who = { email = "email", user = "customer_id" }
case_insensitive = true
proven_by = "email_confirmed_at"
field = { email = "user.contact.email", password_hash = "user.authorization", internal_note = { is = "user.content.private", origin = "inferred" }, picture = { is = "user.content", blob = "images:pictures/{value}", erase = { hmac = "pic" } } }
third_party.support = { on = "support_rep_id -> employee.employee_id" }
erase = "mask"

[store.shop.table.invoice]
via = "customer_id -> customer.customer_id"
field = { total = { is = "user.payment", erase = "null" }, billing_address = { is = "user.contact.address", erase = { constant = "" } } }
keep = { for = "10y", from = "invoice_date", ground = "AO 147" }
aggregate = { into = "sales", group = ["day"], min = 10 }

[store.shop.table.invoice_line]
via = "(invoice_id, year) -> invoice(invoice_id, year)"
lookup.track = { on = "track_id -> track.track_id", columns = ["name"] }
field = { unit_price = "user.payment", quantity = { is = "user.payment", erase = { generalise = "year" } } }
ignore = ["invoice_line_id"]
"#;

/// What makes visits, and what hangs on them, those of another controller.
const CLUB: &str = r#"
[controller.club]
name = "Club e. V."
contact = "https://club.example/privacy"
how = "mail:privacy@club.example"
acknowledge = "3d"
"#;

fn whole() -> String {
    format!(
        "format = \"rightsdesk-map/1\"\n[store.shop]\nkind = \"sqlite\"\nurl = \"sqlite:shop.db\"\n\
         safeguard = \"SCC\"\nautomated = \"none\"\nprivate_content = true\n{FACTS}{TABLES}\n\
         [store.images]\nkind = \"objects\"\nurl = {{ env = \"IMAGES\" }}\n{FACTS}\n\
         [store.images.prefix.uploads]\nkey = \"uploads/{{user}}/\"\nis = \"user.content.self_image\"\n\
         origin = \"observed\"\nerase = \"delete\"\nkeep = \"30d\"\n\
         [store.stats]\nkind = \"sqlite\"\nurl = \"sqlite:stats.db\"\n{FACTS}\n\
         [store.stats.table.visit]\nvia = \"owner -> shop:customer.customer_id\"\n\
         field = {{ at = \"user.behavior\" }}\n"
    )
}

fn env(name: &str) -> Option<String> {
    (name == "IMAGES").then(|| "s3://key:hidden@bucket".to_owned())
}

fn all_findings(text: &str) -> Vec<Finding> {
    match parse(Path::new("maps/shop.toml"), text, &env) {
        Ok(map) => together::check(&[map]),
        Err(findings) => findings,
    }
}

#[test]
fn everything_that_a_map_may_say_is_read() {
    let text = whole();
    assert_eq!(all_findings(&text), []);
    let map = parse(Path::new("maps/shop.toml"), &text, &env).unwrap();
    let shop = &map.stores[0];
    assert_eq!(shop.facts.label(Language::De), "Shop-Konten");
    assert!(shop.facts.private_content);
    assert!(!shop.facts.categories.iter().any(|key| key.contains("authorization")));
    let customer = shop.table("customer").unwrap();
    assert!(customer.person && customer.case_insensitive);
    assert_eq!(customer.who[1].column, "customer_id");
    assert_eq!(customer.field("internal_note").unwrap().origin, Origin::Inferred);
    let picture = customer.field("picture").unwrap();
    assert_eq!(picture.blob.as_ref().unwrap().before, "pictures/");
    assert_eq!(picture.erase, Some(FieldErase::Hmac("pic".into())));
    let invoice = shop.table("invoice").unwrap();
    assert_eq!(invoice.keep.as_ref().unwrap().period.to_string(), "10y");
    assert_eq!(invoice.aggregate.as_ref().unwrap().min, 10);
    assert_eq!(
        invoice.field("billing_address").unwrap().erase,
        Some(FieldErase::Constant(String::new()))
    );
    let line = shop.table("invoice_line").unwrap();
    assert_eq!(line.via[0].to, ["invoice_id", "year"]);
    assert_eq!(line.lookups[0].columns, ["name"]);
    assert_eq!(
        shop.tables.iter().map(|t| t.name.as_str()).collect::<Vec<_>>(),
        ["customer", "invoice", "invoice_line"]
    );
    assert_eq!(map.stores[1].prefixes[0].kind.as_str(), "user");
    assert_eq!(map.stores[2].tables[0].via[0].store.as_deref(), Some("shop"));
}

#[test]
fn a_secret_never_shows_in_debug_output() {
    let map = parse(Path::new("maps/shop.toml"), &whole(), &env).unwrap();
    assert_eq!(map.stores[1].url.as_ref().unwrap().value.reveal(), "s3://key:hidden@bucket");
    assert!(!format!("{map:?}").contains("hidden"));
}

/// One fault put into the good map: the text replaced, what stands there now, the code told.
const FAULTS: &[(&str, &str, &str)] = &[
    ("rightsdesk-map/1", "rightsdesk-map/9", "format"),
    ("[store.shop]", "[store.Shop]", "store_name"),
    ("kind = \"sqlite\"\nurl = \"sqlite:shop.db\"", "kind = 7", "type"),
    ("\"sqlite:shop.db\"", "\"postgres://u:pw@host/db\"", "literal_secret"),
    ("\"sqlite:shop.db\"", "\"postgres://host/db?password=pw\"", "literal_secret"),
    ("{ env = \"IMAGES\" }", "{ env = \"NOWHERE\" }", "secret"),
    ("{ env = \"IMAGES\" }", "{ file = \"no-such-file\" }", "secret"),
    ("country = \"DE\"", "country = \"Germany\"", "country"),
    ("backup = \"30d\"", "", "missing_key"),
    ("purposes = [\"contract\"]", "purposes = \"contract\"", "type"),
    ("label = { en", "label = { fr", "unknown_key"),
    ("person = true", "person = \"yes\"", "type"),
    ("who = { email = \"email\", user = \"customer_id\" }", "", "no_who"),
    ("case_insensitive", "case_insensitiv", "unknown_key"),
    ("\"user.contact.email\"", "\"user.contact.emial\"", "category"),
    ("origin = \"inferred\"", "origin = \"guessed\"", "origin"),
    ("images:pictures/{value}", "images:pictures/", "blob"),
    ("images:pictures/{value}", "images:../{value}", "blob"),
    ("images:pictures/{value}", "pictures:{value}", "blob_store"),
    ("erase = \"mask\"", "erase = \"burn\"", "erase"),
    ("erase = { hmac = \"pic\" }", "erase = { hmac = \"pic\", constant = \"x\" }", "erase"),
    ("for = \"10y\"", "for = \"ten years\"", "period"),
    ("customer_id -> customer.customer_id", "customer_id = customer", "reference"),
    ("customer_id -> customer.customer_id", "customer_id -> client.id", "via"),
    ("customer_id -> customer.customer_id", "invoice_id -> invoice_line.invoice_id", "via_cycle"),
    ("-> shop:customer", "-> shup:customer", "via"),
    ("track_id -> track.track_id", "track_id -> customer.customer_id", "lookup_person"),
    ("ignore = [\"invoice_line_id\"]", "ignore = [\"quantity\"]", "twice"),
    ("ignore = [\"invoice_line_id\"]", "key = [\"a\", \"a\"]", "twice"),
    ("ignore = [\"invoice_line_id\"]", "key = []", "empty"),
    ("ignore = [\"invoice_line_id\"]", "key = 1", "type"),
    ("ignore = [\"invoice_line_id\"]", "key = \"a\"\nignore = [\"*\"]", "ignored"),
    ("uploads/{user}/", "uploads/{user}", "prefix_key"),
    ("min = 10", "min = \"ten\"", "type"),
    ("[store.stats]", "[store.stats", "syntax"),
];

#[test]
fn each_fault_is_told_with_its_line_and_its_code() {
    for (good, bad, code) in FAULTS {
        let text = whole();
        assert!(text.contains(good), "{good}");
        let findings = all_findings(&text.replacen(good, bad, 1));
        let found = findings.iter().find(|finding| finding.code == *code);
        let found = found.unwrap_or_else(|| panic!("{bad}: {findings:?}"));
        assert!(found.line > 0 && found.file.ends_with("shop.toml"), "{found:?}");
        assert!(!found.message.contains("pw@") && !found.message.contains("=pw"), "{found:?}");
    }
}

#[test]
fn all_faults_come_together_and_each_with_its_own_line() {
    let text = "format = \"rightsdesk-map/1\"\n[store.a]\nkind = \"sqlite\"\nnonsense = 1\n\
                [store.a.table.t]\nwho = { email = 3 }\nfield = { a = \"user.nam\" }\n";
    let findings = all_findings(text);
    let at = |code| findings.iter().filter(|f| f.code == code).map(|f| f.line).collect::<Vec<_>>();
    assert_eq!(at("unknown_key"), [4]);
    assert_eq!(at("type"), [6]);
    assert_eq!(at("category"), [7]);
    assert_eq!(at("missing_key").len(), 9, "{findings:?}");
    let category = findings.iter().find(|finding| finding.code == "category").unwrap();
    assert!(category.message.contains("user.name"), "{category:?}");
}

const RECIPIENT: &str = "format = \"rightsdesk-map/1\"\n[recipient.pay]\n\
    name = \"Payment provider\"\nrole = \"payments\"\ncountry = \"IE\"\n\
    how = \"mail:privacy@pay.example\"\non = [\"deletion\"]\nacknowledge = \"30d\"\n";

#[test]
fn a_recipient_of_one_map_describes_what_stores_of_another_name() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let (maps, recipients) = (write("a.toml", &whole()), write("b.toml", RECIPIENT));
    let read_maps = read(&[maps.clone(), recipients.clone()], &env).unwrap();
    let facts = &read_maps[0].stores[0].facts;
    let [pay] = &facts.receivers()[..] else { panic!("one recipient") };
    assert_eq!((pay.id.as_str(), pay.country.as_deref()), ("pay", Some("IE")));
    assert!(pay.how.is_some() && pay.acknowledge.is_some());
    // Without the table the name alone is known, as ever.
    let alone = read(&[maps], &env).unwrap();
    let receivers = alone[0].stores[0].facts.receivers();
    assert_eq!(receivers[0].name, "Payment provider");
    assert_eq!(receivers[0].how, None);
    // A recipient that no store names would never be told.
    let codes = |files: &[PathBuf]| -> Vec<&'static str> {
        read(files, &env).unwrap_err().iter().map(|finding| finding.code).collect()
    };
    assert_eq!(codes(std::slice::from_ref(&recipients)), ["recipient_unused"]);
    let again = write("c.toml", RECIPIENT);
    let whole = write("a.toml", &whole());
    assert_eq!(codes(&[whole, recipients, again]), ["recipient_twice"]);
}

#[test]
fn what_is_wrong_about_a_recipient_is_told_with_its_line() {
    let wrong = RECIPIENT
        .replace("\"IE\"", "\"Ireland\"")
        .replace("mail:privacy@pay.example", "mail:nobody")
        .replace("\"deletion\"", "\"erasure\"")
        .replace("\"30d\"", "\"soon\"")
        .replace("name =", "title =");
    let findings = all_findings(&wrong);
    let codes: Vec<_> = findings.iter().map(|finding| (finding.line, finding.code)).collect();
    let expected = [
        (2, "missing_key"),
        (3, "unknown_key"),
        (5, "country"),
        (6, "how"),
        (7, "on"),
        (8, "acknowledge"),
    ];
    assert_eq!(codes, expected);
}

/// The whole map, in which the club decides over visits, pages seen in them, and what it keeps in a
/// store of its own.
fn of_the_club() -> String {
    format!(
        "{}controller = \"club\"\n[store.stats.table.page]\ncontroller = \"club\"\n\
         via = \"visit -> visit.id\"\nfield = {{ name = \"user.behavior\" }}\n{CLUB}\
         [store.club]\nkind = \"objects\"\nurl = \"file:club\"\n{}\
         [store.club.prefix.theirs]\nkey = \"a/{{user}}/\"\nis = \"user.content\"\n\
         [store.club.prefix.ours]\nkey = \"b/{{user}}/\"\nis = \"user.content\"\n\
         controller = \"self\"\nerase = \"delete\"\n",
        whole(),
        FACTS.replace("\"self\"", "\"Club e. V.\"")
    )
}

#[test]
fn whose_rows_are_is_said_of_a_collection_or_of_its_store() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::write(&path, text).unwrap();
        path
    };
    let text = of_the_club();
    assert_eq!(all_findings(&text), []);
    // It may stand in another map.
    let apart = write("a.toml", &text.replace(CLUB, "\n"));
    let club = write("b.toml", &format!("format = \"rightsdesk-map/1\"\n{CLUB}"));
    let maps = read(&[apart.clone(), club.clone()], &env).unwrap();
    let held = |store: usize| -> Vec<&str> {
        maps[0].stores[store].facts.held.iter().map(|held| held.collection.as_str()).collect()
    };
    assert_eq!((held(0), held(2), held(3)), (vec![], vec!["visit", "page"], vec!["theirs"]));
    let facts = &maps[0].stores[3].facts;
    assert_eq!(facts.controller, "Club e. V.");
    let of = facts.holder_of_file("a/17/x.png").unwrap();
    assert_eq!(of.controller.contact.as_deref(), Some("https://club.example/privacy"));
    assert_eq!(of.to_recipient().acknowledge.unwrap().to_string(), "3d");
    assert!(facts.holder_of_file("b/17/x.png").is_none());
    let codes = |files: &[PathBuf]| -> Vec<&'static str> {
        read(files, &env).unwrap_err().iter().map(|finding| finding.code).collect()
    };
    assert_eq!(codes(std::slice::from_ref(&apart)), ["controller", "controller"]);
    assert_eq!(codes(std::slice::from_ref(&club)), ["controller_unused"]);
    let again = write("c.toml", &format!("format = \"rightsdesk-map/1\"\n{CLUB}"));
    assert_eq!(codes(&[apart, club, again]), ["controller_twice"]);
}

#[test]
fn what_cannot_be_said_of_rows_of_another_controller_is_told_with_its_line() {
    let visit = "field = { at = \"user.behavior\" }\ncontroller = \"club\"\n";
    let faults: &[(&str, &str, &str)] = &[
        ("name = \"Club e. V.\"\n", "", "missing_key"),
        ("how = \"mail:privacy@club.example\"\n", "", "missing_key"),
        ("mail:privacy@club.example", "mail:nobody", "how"),
        ("https://club.example/privacy", "ring the bell", "contact"),
        ("\"3d\"", "\"soon\"", "acknowledge"),
        ("acknowledge =", "confirm =", "unknown_key"),
        ("[controller.club]", "[controller.self]", "controller"),
        ("controller = \"club\"\n[store", "controller = \"clab\"\n[store", "controller"),
        ("controller = \"Club e. V.\"", "controller = \"Klub e. V.\"", "controller"),
        ("controller = \"club\"\nvia", "via", "controller_via"),
        (visit, &format!("{visit}erase = \"delete\"\n"), "controller_erase"),
        (visit, &format!("{visit}keep = \"30d\"\n"), "controller_erase"),
        (visit, &format!("{visit}correct = [\"at\"]\n"), "controller_correct"),
        (visit, "controller = \"club\"\nignore = [\"at\"]\n", "controller_field"),
        (visit, &format!("{visit}restrict = {{ column = \"r\" }}\n"), "controller_marks"),
        ("via = \"visit -> visit.id\"", "ignore = [\"*\"]", "ignored"),
        (
            "[store.club.prefix.ours]",
            "erase = \"delete\"\n[store.club.prefix.ours]",
            "controller_erase",
        ),
        (
            "via = \"visit -> visit.id\"",
            "controller = \"self\"\nvia = \"visit -> visit.id\"\n\
             lookup.v = { on = \"visit -> visit.id\", columns = [\"at\"] }",
            "controller_lookup",
        ),
    ];
    for (good, bad, code) in faults {
        let mut text = of_the_club();
        assert!(text.contains(good), "{good}");
        text = text.replacen(good, bad, 1);
        if *code == "controller_lookup" {
            text = text.replace("table.page]\ncontroller = \"club\"\n", "table.page]\n");
        }
        let findings = all_findings(&text);
        let found = findings.iter().find(|finding| finding.code == *code);
        let found = found.unwrap_or_else(|| panic!("{bad}: {findings:?}"));
        assert!(found.line > 0 && found.file.ends_with("shop.toml"), "{found:?}");
    }
}
