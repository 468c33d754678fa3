//! Webhook endpoints: a section each, under a name of the operator's choice.

use toml::de::DeTable;

use super::document::{Document, Section};
use super::error::{ConfigCode, Refusal};
use crate::domain::webhook::WebhookKind;
use crate::webhook::{Endpoint, SigningSecret};

/// Characters of a name.
const LONGEST: usize = 40;

/// A program that is told what happens.
#[derive(Debug, Clone)]
pub struct Webhook {
    /// Its name.
    pub name: String,
    /// Where it is, and what signs: `url`, `secret`, `old_secret`, `allow_private` (default
    /// false).
    pub endpoint: Endpoint,
    /// What it is told of. Default: everything.
    pub kinds: Vec<WebhookKind>,
}

/// All of them, by name.
pub(super) fn read(doc: &Document<'_>, root: &DeTable<'_>) -> Vec<Webhook> {
    let sections = Section::each(doc, root, "webhook");
    let mut all: Vec<Webhook> =
        sections.iter().filter_map(|(name, section)| one(name, section)).collect();
    all.sort_by(|one, other| one.name.cmp(&other.name));
    all
}

fn one(name: &str, section: &Section<'_>) -> Option<Webhook> {
    let fits = |byte: u8| byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'_');
    if name.is_empty() || name.len() > LONGEST || !name.bytes().all(fits) {
        let message = "write a name of up to 40 letters (a to z), digits, - and _";
        section.refuse_whole(Refusal::value(message));
    }
    for (key, write) in [
        ("url", "write where the messages go"),
        ("secret", "write { env = \"NAME\" }, the secret that signs"),
    ] {
        if section.entry(key).is_none() {
            section.missing(key, write);
        }
    }
    // All is read before the first `?`, so that all errors come at once.
    let allow_private = section.entry("allow_private").map(|entry| entry.truth());
    let kinds = kinds(section);
    let (secret, old_secret) = (secret(section, "secret"), secret(section, "old_secret"));
    let url = section.entry("url").and_then(|entry| entry.given());
    let (url, secret) = (url?, secret?);
    let allow_private = allow_private.unwrap_or(Some(false))?;
    let endpoint = Endpoint::new(url.text.expose(), secret, old_secret, allow_private);
    let endpoint = endpoint.map_err(|fault| Refusal::value(fault.to_string()));
    let endpoint = section.entry("url")?.keep(endpoint)?;
    Some(Webhook { name: name.to_owned(), endpoint, kinds: kinds? })
}

fn secret(section: &Section<'_>, key: &'static str) -> Option<SigningSecret> {
    let entry = section.entry(key)?;
    let text = entry.secret()?;
    let parsed = SigningSecret::parse(text.expose());
    entry.keep(parsed.map_err(|fault| Refusal::new(ConfigCode::BadValue, fault.to_string())))
}

fn kinds(section: &Section<'_>) -> Option<Vec<WebhookKind>> {
    let Some(entry) = section.entry("events") else { return Some(WebhookKind::ALL.to_vec()) };
    let mut kinds = Vec::new();
    let written = entry.texts()?;
    if written.is_empty() {
        entry.refuse_at(entry.at, Refusal::value("write at least one event"));
    }
    for (at, word) in written {
        match WebhookKind::parse(word) {
            Some(kind) if !kinds.contains(&kind) => kinds.push(kind),
            Some(_) => entry.refuse_at(at, Refusal::value("write each event once")),
            None => {
                let known: Vec<&str> = WebhookKind::ALL.iter().map(|kind| kind.as_str()).collect();
                let message = format!("the events are {}", known.join(", "));
                entry.refuse_at(at, Refusal::value(message));
            }
        }
    }
    Some(kinds)
}
