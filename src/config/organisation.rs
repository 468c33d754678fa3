//! The `[organisation]` section.

mod law;

use jiff::tz::TimeZone;
use url::Url;

use super::document::{Section, one_line};
use super::error::Refusal;
use crate::domain::address::EmailAddress;
use crate::domain::language::Language;
use crate::domain::settings::Organisation;

pub(super) fn read(section: &Section<'_>) -> Option<Organisation> {
    if section.entry("name").is_none() {
        section.missing("name", "write your organisation's name, name = \"Example Company\"");
    }
    let name = section.read("name", |text| one_line(text, 200));
    let country = section.read("country", country);
    Some(Organisation {
        zone: section.read("zone", zone).unwrap_or(TimeZone::UTC),
        law: law::read(section, country.as_deref()),
        country,
        languages: languages(section),
        privacy_url: section.read("privacy_url", web_address),
        contact: section.read("contact", |text| {
            EmailAddress::parse(text).map_err(|error| Refusal::value(error.to_string()))
        }),
        postal: section.read("postal", postal),
        authority: section.read("authority", |text| one_line(text, 300)),
        processing_agreement: section
            .read("processing_agreement", |text| Ok(section.doc.path(text))),
        name: name?,
    })
}

fn zone(text: &str) -> Result<TimeZone, Refusal> {
    let message = "write a time zone of the IANA database, such as \"Europe/Berlin\" or \"UTC\"";
    // "Etc/Unknown" is what jiff calls a zone that nobody knows.
    TimeZone::get(text)
        .ok()
        .filter(|zone| !zone.is_unknown())
        .ok_or_else(|| Refusal::value(message))
}

fn country(text: &str) -> Result<String, Refusal> {
    match text.to_ascii_uppercase().as_str() {
        "UK" => Err(Refusal::value("write \"GB\" for the United Kingdom")),
        code if code.len() == 2 && code.bytes().all(|byte| byte.is_ascii_uppercase()) => {
            Ok(code.to_owned())
        }
        _ => Err(Refusal::value("write the country's two letters, such as \"DE\"")),
    }
}

fn languages(section: &Section<'_>) -> Vec<Language> {
    let Some(entry) = section.entry("languages") else { return Language::ALL.to_vec() };
    let Some(texts) = entry.texts() else { return Vec::new() };
    let message = || {
        let ours: Vec<_> = Language::ALL.iter().map(|one| format!("\"{one}\"")).collect();
        Refusal::value(format!("write some of {}, each once, the default first", ours.join(", ")))
    };
    if texts.is_empty() {
        entry.refuse_at(entry.at, message());
    }
    let mut languages = Vec::new();
    for (at, text) in texts {
        match Language::parse(text).filter(|language| !languages.contains(language)) {
            Some(language) => languages.push(language),
            None => entry.refuse_at(at, message()),
        }
    }
    languages
}

fn web_address(text: &str) -> Result<String, Refusal> {
    Url::parse(text)
        .ok()
        .filter(|url| matches!(url.scheme(), "https" | "http") && url.password().is_none())
        .map(String::from)
        .ok_or_else(|| {
            Refusal::value("write a web address, such as \"https://example.org/privacy\"")
        })
}

fn postal(text: &str) -> Result<String, Refusal> {
    let text = text.trim();
    let odd = |c: char| c.is_control() && c != '\n';
    if text.is_empty() || text.chars().count() > 500 || text.chars().any(odd) {
        return Err(Refusal::value("write an address of at most 500 characters"));
    }
    Ok(text.to_owned())
}
