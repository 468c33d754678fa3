//! Every key is read, stands in the commented file with its default, and in the documentation.

use super::*;
use crate::config::known::{KNOWN, nearest};
use crate::domain::settings::Deletion;
use crate::domain::webhook::WebhookKind;

const REFERENCE: &str = include_str!("../../../docs/configuration.md");

/// Sections and keys of the commented file, in its order, keys in comments too.
fn template_keys() -> Vec<(String, String)> {
    let (mut section, mut keys) = (String::new(), Vec::new());
    for line in TEMPLATE.lines() {
        let bare = line.strip_prefix("#[").map_or(line, |_| &line[1..]);
        if let Some(name) = bare.strip_prefix('[').and_then(|rest| rest.strip_suffix(']')) {
            name.clone_into(&mut section);
        } else if let Some((key, _)) = assignment(line) {
            keys.push((section.clone(), key.to_owned()));
        }
    }
    keys
}

/// `key = value` or `#key = value`.
fn assignment(line: &str) -> Option<(&str, &str)> {
    let (key, value) = line.strip_prefix('#').unwrap_or(line).split_once(" = ")?;
    let word = key.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_');
    (word && !key.is_empty()).then_some((key, value))
}

#[test]
fn the_commented_file_has_every_key_in_order() {
    let known: Vec<(String, String)> = KNOWN
        .iter()
        .flat_map(|(section, keys)| keys.iter().map(|key| ((*section).into(), (*key).into())))
        .collect();
    assert_eq!(template_keys(), known);
}

#[test]
fn the_documentation_has_every_key() {
    for (section, keys) in KNOWN {
        let head = match *section {
            "" => "## Top of the file\n".to_owned(),
            name => format!("## `[{name}]`\n"),
        };
        let (_, rest) = REFERENCE.split_once(&head).unwrap_or_else(|| panic!("{head}"));
        let table = rest.split("\n## ").next().unwrap();
        let rows: Vec<_> = table
            .lines()
            .filter_map(|line| line.strip_prefix("| `")?.split_once('`').map(|(key, _)| key))
            .collect();
        assert_eq!(&rows, keys, "{head}");
    }
}

/// Defaults that the commented file and the documentation name, as far as they can be written.
#[test]
fn the_documentation_names_the_defaults_of_the_commented_file() {
    for line in TEMPLATE.lines().filter(|line| line.starts_with('#')) {
        let Some((key, value)) = assignment(line) else { continue };
        let rows: Vec<_> =
            REFERENCE.lines().filter(|row| row.starts_with(&format!("| `{key}` |"))).collect();
        let example = rows.iter().any(|row| {
            row.contains("| none |")
                || row.contains("else `privacy@`")
                || row.contains("and `listen`")
        });
        let named = rows.iter().any(|row| row.contains(&format!("| `{value}` |")));
        assert!(named || example, "{line}");
    }
}

#[test]
fn the_commented_file_loads_as_it_is() {
    let config = parse(TEMPLATE).unwrap();
    assert_eq!(config.organisation.name, "Example Company");
    assert!(config.web.base_url.is_loopback());
}

#[test]
fn the_comments_of_the_commented_file_load_too_and_are_the_defaults() {
    let uncommented: Vec<_> = TEMPLATE
        .lines()
        .map(|line| {
            let counts = assignment(line).is_some() || line.starts_with("#[");
            if counts { line.trim_start_matches('#') } else { line }
        })
        .collect();
    let env = |name: &str| match name {
        "RIGHTSDESK_WEBHOOK_SECRET" | "RIGHTSDESK_WEBHOOK_OLD_SECRET" => {
            Some(WEBHOOK_SECRET.to_owned())
        }
        _ => Some("s3cret".to_owned()),
    };
    let text = uncommented.join("\n");
    let all = Config::parse(Path::new("rd.toml"), &text, "/etc/rd".into(), &env).unwrap();
    let none = parse(TEMPLATE).unwrap();
    assert_eq!(all.organisation.languages, none.organisation.languages);
    assert_eq!((&all.web.listen, &all.console), (&none.web.listen, &none.console));
    assert_eq!(all.web.trusted_proxies, none.web.trusted_proxies);
    assert_eq!(
        (&all.database, &all.archive, &all.ledger),
        (&none.database, &none.archive, &none.ledger)
    );
    assert_eq!((&all.mail.route, &all.keys.dir), (&none.mail.route, &none.keys.dir));
    assert_eq!(all.keys.epochs, none.keys.epochs);
    assert_eq!(all.archive_keep, none.archive_keep);
    assert_eq!((all.verification, all.review), (none.verification, none.review));
    // Whom no deletion may touch is an example there.
    let deletion = Deletion { protected: Vec::new(), ..all.deletion.clone() };
    assert_eq!((&deletion, all.promise), (&none.deletion, none.promise));
    assert_eq!((all.retention, all.log), (none.retention, none.log));
    assert_eq!((all.webhooks.len(), none.webhooks.len()), (1, 0), "one stands there to be copied");
    assert_eq!(all.webhooks[0].kinds, WebhookKind::ALL);
    assert_eq!(all.is_demo(), none.is_demo());
}

#[test]
fn every_key_is_read() {
    for (section, keys) in KNOWN {
        for key in *keys {
            // No key takes a date.
            let line = format!("{key} = 2026-01-01\n");
            let text = match *section {
                "" => format!("{line}{NEEDED}"),
                "organisation" | "web" => {
                    let head = format!("[{section}]\n");
                    let kept = NEEDED.lines().filter(|old| !old.starts_with(&format!("{key} =")));
                    let kept: Vec<_> = kept.chain([""]).collect();
                    kept.join("\n").replace(&head, &format!("{head}{line}"))
                }
                other => format!("{NEEDED}[{other}]\n{line}"),
            };
            let errors = parse(&text).expect_err(&text);
            let name = document::full_name(section, key);
            let about = errors.iter().find(|error| error.key == name);
            let code = about.unwrap_or_else(|| panic!("{name}: {errors:?}")).code;
            assert!(matches!(code, ConfigCode::WrongType | ConfigCode::LiteralSecret), "{name}");
        }
    }
}

#[test]
fn a_suggestion_is_near() {
    assert_eq!(nearest("base-url", &["base_url", "listen"]), Some("base_url"));
    assert_eq!(nearest("basurl", &["base_url", "listen"]), Some("base_url"));
    assert_eq!(nearest("port", &["base_url", "listen"]), None);
}
