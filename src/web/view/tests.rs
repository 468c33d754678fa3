use std::collections::HashSet;
use std::path::Path;

use askama::Template;

use super::markup::{Tag, tags};
use super::*;
use crate::domain::language::Language;

/// Every page in every language, by name: `de-form-wrong`.
fn rendered() -> Vec<(String, String)> {
    fn add<T: Template>(
        out: &mut Vec<(String, String)>,
        frame: &Frame,
        samples: Vec<(&'static str, T)>,
    ) {
        for (name, page) in samples {
            out.push((format!("{}-{name}", frame.lang()), page.render().unwrap()));
        }
    }
    let mut all = Vec::new();
    for language in Language::ALL {
        let mut frame = Frame::sample(*language, "/here");
        frame.chosen = *language == Language::De;
        add(&mut all, &frame, ChoosePage::samples(&frame));
        add(&mut all, &frame, FormPage::samples(&frame));
        add(&mut all, &frame, SentPage::samples(&frame));
        add(&mut all, &frame, FlagDonePage::samples(&frame));
        add(&mut all, &frame, VerifyPage::samples(&frame));
        add(&mut all, &frame, AssertedPage::samples(&frame));
        add(&mut all, &frame, ChangingPage::samples(&frame));
        add(&mut all, &frame, StopPage::samples(&frame));
        add(&mut all, &frame, DocsPage::samples(&frame));
        add(&mut all, &frame, ResumePage::samples(&frame));
        add(&mut all, &frame, StatusPage::samples(&frame));
        add(&mut all, &frame, MessagePage::samples(&frame));
        add(&mut all, &frame, PrivacyPage::samples(&frame));
        add(&mut all, &frame, AccessibilityPage::samples(&frame));
        add(&mut all, &frame, MailboxPage::samples(&frame));
        add(&mut all, &frame, MailPage::samples(&frame));
    }
    all
}

fn is_field(tag: &Tag) -> bool {
    matches!(tag.name.as_str(), "input" | "select" | "textarea")
        && tag.get("type") != Some("hidden")
}

#[test]
fn every_page_is_well_formed_and_says_everything_in_words() {
    for (name, html) in rendered() {
        let tags = tags(&html);
        assert!(
            !html.contains("[web-") && !html.contains("[flag-") && !html.contains("[country-"),
            "{name}: a missing message"
        );
        assert_eq!(tags.iter().filter(|tag| tag.name == "h1").count(), 1, "{name}");
        let root = &tags[0];
        assert_eq!((root.name.as_str(), root.get("dir")), ("html", Some("ltr")), "{name}");
        assert_eq!(root.get("lang"), Some(&name[..2]), "{name}");
        // What programmers read is in English alone.
        let both = html.contains("hreflang=\"en\"") && html.contains("hreflang=\"de\"");
        assert!(both || name == "en-docs", "{name}");
        for tag in &tags {
            assert!(!matches!(tag.name.as_str(), "script" | "style" | "iframe"), "{name}: {tag:?}");
            let inline =
                tag.attributes.iter().any(|(key, _)| key == "style" || key.starts_with("on"));
            assert!(!inline, "{name}: {tag:?}");
        }
    }
}

#[test]
fn every_field_has_a_label_and_every_pointer_a_target() {
    for (name, html) in rendered() {
        let tags = tags(&html);
        let ids: Vec<&str> = tags.iter().filter_map(|tag| tag.get("id")).collect();
        let unique: HashSet<&str> = ids.iter().copied().collect();
        assert_eq!(ids.len(), unique.len(), "{name}: an id twice in {ids:?}");
        let labels: HashSet<&str> = tags.iter().filter_map(|tag| tag.get("for")).collect();
        for field in tags.iter().filter(|tag| is_field(tag)) {
            assert!(field.get("id").is_some_and(|id| labels.contains(id)), "{name}: {field:?}");
        }
        for tag in &tags {
            let pointers = ["for", "aria-describedby", "aria-labelledby"];
            let pointed = pointers.iter().filter_map(|key| tag.get(key)).flat_map(|v| v.split(' '));
            let within = tag.get("href").and_then(|href| href.strip_prefix('#'));
            for target in pointed.chain(within) {
                assert!(unique.contains(target), "{name}: {target:?} in {tag:?}");
            }
        }
    }
}

#[test]
fn what_people_type_stays_text() {
    for (name, html) in rendered() {
        let markup = ["<script", "<b>", "</b>"];
        assert!(markup.iter().all(|hostile| !html.contains(hostile)), "{name}");
    }
    let pages = rendered();
    let page = |name| &pages.iter().find(|(have, _)| have == name).unwrap().1;
    assert!(page("en-form-wrong").contains("עדה &#60;b&#62;"), "typed text comes back");
    assert!(page("en-form-wrong").contains("value=\"&#34;&#62;&#60;script&#62;"));
    assert!(page("en-status-ready").contains("&#60;script&#62;alert(1)"));
}

#[test]
fn nothing_is_ticked_beforehand_and_what_was_ticked_stays() {
    let pages = rendered();
    let ticked = |name: &str| {
        let html = &pages.iter().find(|(have, _)| have == name).unwrap().1;
        let ticked = tags(html).into_iter().filter(|tag| tag.get("checked").is_some());
        ticked.map(|tag| tag.get("id").unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert!(ticked("en-form").is_empty());
    assert_eq!(ticked("en-form-wrong"), ["right-access"]);
    let wrong = &pages.iter().find(|(have, _)| have == "en-form-wrong").unwrap().1;
    assert!(wrong.contains("value=\"parent\" selected"));
}

/// Fields that a person can fill in, and those that they have to.
fn fields(html: &str) -> (usize, usize) {
    let fields: Vec<Tag> = tags(html).into_iter().filter(is_field).collect();
    let needed = fields.iter().filter(|field| field.get("required").is_some()).count();
    (fields.len(), needed)
}

#[test]
fn opting_out_asks_for_no_more_than_opting_in() {
    let pages = rendered();
    let page = |name: &str| &pages.iter().find(|(have, _)| have == name).unwrap().1;
    for language in ["en", "de"] {
        let (all_out, needed_out) = fields(page(&format!("{language}-form-opt-out")));
        let (all_in, needed_in) = fields(page(&format!("{language}-form-opt-in")));
        assert!(all_out <= all_in, "{all_out} fields to say no, {all_in} to say yes");
        assert!(needed_out == 0 && needed_in > 0, "nothing has to be said to say no");
    }
}

#[test]
fn a_locked_page_offers_nothing_personal() {
    for (name, html) in rendered().iter().filter(|(name, _)| name.contains("status-locked")) {
        if name.ends_with("locked-again") {
            continue;
        }
        for personal in ["/download", "/withdraw", "/messages", "1234", "1.234", "1,234"] {
            assert!(!html.contains(personal), "{name}: {personal}");
        }
        assert!(html.contains("/status/tok/unlock"), "{name}");
    }
}

#[test]
fn forms_post_the_fields_of_the_contract_only() {
    let known = [
        "lang",
        "right",
        "email",
        "name",
        "country",
        "details",
        "on_behalf",
        "purpose",
        "of",
        "about",
        "scope",
        "category",
        "item",
        "code",
        "request",
        "text",
        "field",
        "value",
    ];
    for (name, html) in rendered() {
        for tag in tags(&html) {
            match tag.name.as_str() {
                "form" => assert_eq!(tag.get("method"), Some("post"), "{name}"),
                "input" | "select" | "textarea" => {
                    assert!(known.contains(&tag.get("name").unwrap()), "{name}: {tag:?}");
                }
                _ => {}
            }
        }
    }
}

#[test]
fn messages_of_both_languages_match_and_are_all_in_use() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let (en, de) = (include_str!("../../text/en/web.ftl"), include_str!("../../text/de/web.ftl"));
    assert_eq!(shape(en), shape(de));

    let mut sources = String::new();
    read_all(&root.join("templates/public"), &mut sources);
    read_all(&root.join("src/web/view"), &mut sources);
    // Ids whose end is a word of the contract; each word is rendered by a sample.
    let families = ["web-right-", "web-acting-", "web-of-"];
    for family in families {
        assert!(sources.contains(&format!("\"{family}{{")), "{family} is used nowhere");
    }
    for (id, _) in shape(en) {
        let used = sources.contains(&format!("\"{id}\""));
        assert!(used || families.iter().any(|of| id.starts_with(of)), "{id} is used nowhere");
    }
    assert!(!sources.contains(&["|", "safe"].concat()), "a template turns escaping off");
}

/// The ids of a Fluent file, each with its arguments.
fn shape(file: &str) -> Vec<(String, Vec<String>)> {
    let mut messages: Vec<(String, Vec<String>)> = Vec::new();
    for line in file.lines() {
        if let Some((id, _)) = line.split_once(" = ")
            && line.starts_with("web-")
        {
            messages.push((id.to_owned(), Vec::new()));
        }
        for part in line.split('$').skip(1) {
            let argument: String = part.chars().take_while(char::is_ascii_alphanumeric).collect();
            let (_, arguments) = messages.last_mut().expect("an argument stands in a message");
            if !arguments.contains(&argument) {
                arguments.push(argument);
            }
        }
    }
    for (_, arguments) in &mut messages {
        arguments.sort();
    }
    messages
}

fn read_all(folder: &Path, into: &mut String) {
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            read_all(&path, into);
        } else {
            into.push_str(&std::fs::read_to_string(path).unwrap());
        }
    }
}

/// With `RIGHTSDESK_WRITE_SAMPLES=DIR` the pages are also written there, for browsers and eyes.
#[test]
#[expect(clippy::disallowed_methods, reason = "a switch for whoever looks at the pages")]
fn every_page_asks_for_the_stylesheet_by_its_path() {
    let style = crate::web::asset::style();
    for (name, html) in rendered() {
        assert!(html.contains(&format!("href=\"{}\"", style.path)), "{name}");
        if let Some(folder) = std::env::var_os("RIGHTSDESK_WRITE_SAMPLES") {
            let local = html.replace("\"/assets/", "\"assets/");
            std::fs::write(Path::new(&folder).join(format!("{name}.html")), local).unwrap();
            for asset in [style, crate::web::asset::icon()] {
                let path = format!(".{}", asset.path);
                std::fs::create_dir_all(Path::new(&folder).join("assets")).unwrap();
                std::fs::write(Path::new(&folder).join(path), asset.body).unwrap();
            }
        }
    }
}
