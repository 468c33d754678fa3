//! What the pages say, and what they must not do.

use std::io::{Cursor, read_to_string};

use super::*;
use crate::domain::controller::{Controller, HeldRows};

const PAGES: [&str; 4] = ["letter.html", "index.html", "about-your-data.html", "missing.html"];

async fn page(gathered: &Gathered, name: &str) -> String {
    let mut zip = zip::ZipArchive::new(Cursor::new(gathered.zip().await)).unwrap();
    read_to_string(zip.by_name(name).unwrap()).unwrap()
}

#[tokio::test]
async fn whatever_stands_in_the_data_stays_text() {
    let mut gathered = hostile().await;
    let facts = &mut gathered.answer.stores[0].facts;
    facts.label = BTreeMap::from([(Language::En, SCRIPT.into())]);
    facts.purposes = vec![SCRIPT.into()];
    gathered.answer.organisation.contact = format!("javascript:{SCRIPT}");
    gathered.answer.organisation.privacy_url = Some("javascript:alert(1)".into());
    for name in PAGES {
        let html = page(&gathered, name).await;
        assert!(html.contains("default-src 'none'"), "{name}");
        for bad in ["<script", "<img", "<svg", "href=\"javascript", "@import", "url(", " on"] {
            let inside_a_tag = html.split('<').any(|tag| {
                let tag = format!("<{}", tag.split('>').next().unwrap_or_default());
                tag.contains(bad)
            });
            assert!(!inside_a_tag, "{bad} in {name}");
        }
    }
}

#[tokio::test]
async fn only_the_letter_links_outside() {
    let gathered = hostile().await;
    for name in PAGES {
        let html = page(&gathered, name).await;
        let outside = html.matches("href=\"").count()
            - html.matches("href=\"letter.html").count()
            - html.matches("href=\"index.html").count()
            - html.matches("href=\"about-your-data.html").count()
            - html.matches("href=\"missing.html").count()
            - html.matches("href=\"data/").count()
            - html.matches("href=\"files/").count();
        assert_eq!(outside, if name == "letter.html" { 2 } else { 0 }, "{name}");
        let files = html.lines().filter(|line| line.contains("href=\"files/"));
        assert!(files.into_iter().all(|line| line.contains(" download>")), "{name}");
    }
}

#[tokio::test]
async fn every_text_exists_in_both_languages() {
    for language in [Language::En, Language::De] {
        for right in [Right::Access, Right::Export] {
            for mut gathered in [partly_missing(language), Gathered::new(right, language)] {
                gathered.answer.right = right;
                let pages = PAGES
                    .into_iter()
                    .filter(|name| right == Right::Access || *name != "about-your-data.html");
                for name in pages {
                    let html = page(&gathered, name).await;
                    assert!(!html.contains("[archive-") && !html.contains("{$"), "{name}: {html}");
                    assert!(html.contains(&format!("<html lang=\"{language}\" dir=\"ltr\">")));
                }
            }
        }
    }
}

#[tokio::test]
async fn what_is_missing_is_named_with_its_reason() {
    let gathered = partly_missing(Language::En);
    for name in ["missing.html", "letter.html"] {
        let html = page(&gathered, name).await;
        for text in [
            "orders: cannot be searched",
            "closed in 2019",
            "did not answer",
            "3 entries are about other people",
        ] {
            assert!(html.contains(text), "{text} in {name}");
        }
    }
    let whole = page(&Gathered::new(Right::Access, Language::En), "missing.html").await;
    assert!(whole.contains("Nothing is missing"));
}

#[tokio::test]
async fn the_letter_names_authority_court_and_contact() {
    let letter = page(&Gathered::new(Right::Access, Language::De), "letter.html").await;
    for text in [
        "18. November 2026",
        "in vollem Umfang",
        "Berliner Beauftragte für Datenschutz",
        "vor Gericht",
        "mailto:privacy@shop.example",
        "Musterweg 1",
        "https://shop.example/privacy",
    ] {
        assert!(letter.contains(text), "{text}");
    }
}

#[tokio::test]
async fn facts_about_stores_are_told_in_the_persons_language() {
    let about = page(&Gathered::new(Right::Access, Language::De), "about-your-data.html").await;
    for text in ["Kontaktdaten: E-Mail-Adresse", "Zahlungen", "30 Tage", "Example Shop"] {
        assert!(about.contains(text), "{text}");
    }
}

#[tokio::test]
async fn who_else_decides_is_named_in_both_languages() {
    let controller = |id: &str, contact: Option<&str>| Controller {
        id: id.into(),
        name: format!("{} & Co. KG", id.to_uppercase()),
        contact: contact.map(str::to_owned),
    };
    let held = |collection: &str, rows, controller| HeldRows {
        collection: collection.into(),
        controller,
        rows,
    };
    let en = [
        "<h2>Data that we hold on behalf of others</h2>",
        "<p>We hold data about you on behalf of ACME &#38; Co. KG, who decides about them: we neither \
         give nor change nor delete them by ourselves. We forwarded your request there on \
         19 November 2026. You can also turn to ACME &#38; Co. KG directly: privacy@acme.example.</p>",
        "<p>We hold data about you on behalf of CLUB &#38; Co. KG, who decides about them: we neither \
         give nor change nor delete them by ourselves. We forward your request there.</p>",
        "<li>member: one entry that we hold on behalf of ACME &#38; Co. KG, who decides about it.</li>",
        "<li>visit: 1,200 entries that we hold on behalf of CLUB &#38; Co. KG, who decides about \
         them.</li>",
    ];
    let de = [
        "<h2>Daten, die wir im Auftrag anderer aufbewahren</h2>",
        "<p>Im Auftrag von ACME &#38; Co. KG bewahren wir Daten über Sie auf. Dort wird darüber \
         entschieden: Von uns aus geben wir sie weder heraus, noch ändern oder löschen wir sie. Ihren \
         Antrag haben wir am 19. November 2026 dorthin weitergeleitet. Sie können sich auch \
         unmittelbar an ACME &#38; Co. KG wenden: privacy@acme.example.</p>",
        "Ihren Antrag leiten wir dorthin weiter.</p>",
        "<li>member: ein Eintrag, den wir im Auftrag von ACME &#38; Co. KG aufbewahren; dort wird \
         darüber entschieden.</li>",
        "<li>visit: 1.200 Einträge, die wir im Auftrag von CLUB &#38; Co. KG aufbewahren; dort wird \
         darüber entschieden.</li>",
    ];
    for (language, words) in [(Language::En, en), (Language::De, de)] {
        for right in [Right::Access, Right::Export, Right::Confirmation, Right::Recipients] {
            let mut gathered = Gathered::new(right, language);
            let tally = &mut gathered.answer.stores[0].tally;
            tally.add_held([
                held("visit", 1_000, controller("club", None)),
                held("member", 1, controller("acme", Some("privacy@acme.example"))),
                held("visit", 200, controller("club", None)),
            ]);
            let told = ("acme".to_owned(), "2026-11-19T09:00:00Z".parse().unwrap());
            gathered.answer.more.forwarded = [told].into();
            let letter = page(&gathered, "letter.html").await;
            for words in words {
                assert!(letter.contains(words), "{right}: {words} in {letter}");
            }
            let path = gathered.zip_file().await;
            verify(&path, gathered.signing.public()).unwrap();
        }
        let without = page(&Gathered::new(Right::Access, language), "letter.html").await;
        assert!(!without.contains(words[0]));
    }
}

#[tokio::test]
async fn letters_without_data_are_whole_in_both_languages() {
    for language in [Language::En, Language::De] {
        for (right, practices) in
            [(Right::Confirmation, false), (Right::Confirmation, true), (Right::Recipients, false)]
        {
            let mut gathered = partly_missing(language);
            gathered.answer.right = right;
            gathered.answer.more = More {
                practices,
                keys: vec!["email".into(), "shop:c.id".into(), SCRIPT.into()],
                remedies: vec![SCRIPT.into()],
                forwarded: std::collections::BTreeMap::new(),
                attachments: vec![Attachment {
                    name: "../AVV <b>.pdf".into(),
                    bytes: b"%PDF-1.7".to_vec(),
                }],
            };
            for name in ["letter.html", "index.html", "missing.html"] {
                let html = page(&gathered, name).await;
                assert!(!html.contains("[archive-") && !html.contains("{$"), "{name}: {html}");
                assert!(!html.contains("<script"), "{name}");
            }
            let letter = page(&gathered, "letter.html").await;
            assert_eq!(letter.contains("href=\"attachments/"), practices);
            let path = gathered.zip_file().await;
            let found = verify(&path, gathered.signing.public()).unwrap();
            assert_eq!(found.right, right.as_str());
            let mut zip = zip::ZipArchive::new(Cursor::new(gathered.zip().await)).unwrap();
            let names: Vec<String> =
                zip.file_names().map(|name| name.unwrap().into_owned()).collect();
            let paper = names.iter().find(|name| name.starts_with("attachments/")).unwrap();
            assert!(!paper.contains(".."), "{paper}");
            assert_eq!(read_to_string(zip.by_name(paper).unwrap()).unwrap(), "%PDF-1.7");
        }
    }
}
