//! `[recipient.ID]`: who receives data, by which name, and how they are told of what was done.

use std::collections::BTreeSet;

use super::model::{DataMap, Noted, RecipientMap};
use super::section::Section;
use crate::domain::duration::Period;
use crate::domain::recipient::{How, Occasion, Recipient};
use crate::store::Finding;

pub(super) fn recipient(id: &Noted<String>, section: &Section<'_, '_>) -> Option<RecipientMap> {
    let report = |line, code, message: &str| {
        section.doc.report(line, code, format!("{}{message}", section.path));
    };
    let name = section.need_text("name", "name = \"Example Payments Ltd\"");
    let role = section.text("role").map(|text| text.value);
    let country = section.text("country");
    let how = section.text("how");
    let on = section.get("on").map(|entry| entry.texts().unwrap_or_default());
    let acknowledge = section.text("acknowledge");
    section.finish();
    if let Some(country) = &country
        && !(country.value.len() == 2 && country.value.bytes().all(|b| b.is_ascii_uppercase()))
    {
        report(country.line, "country", ".country: write a country's two capitals: \"IE\"");
    }
    let told = how.as_ref().map(|how| How::parse(&how.value));
    if let (Some(None), Some(how)) = (&told, &how) {
        let help = ".how: that is no address; write \"mail:privacy@pay.example\", \"https://…\" or, \
                    in words, what somebody has to do";
        report(how.line, "how", help);
    }
    let mut occasions = BTreeSet::new();
    for word in on.iter().flatten() {
        match Occasion::parse(&word.value) {
            Some(occasion) => {
                occasions.insert(occasion);
            }
            None => report(word.line, "on", ".on: write deletion, correction or restriction"),
        }
    }
    let within = acknowledge.as_ref().map(|text| Period::parse(&text.value));
    if let (Some(Err(error)), Some(text)) = (&within, &acknowledge) {
        report(text.line, "acknowledge", &format!(".acknowledge: {error}; write \"30d\""));
    }
    Some(RecipientMap {
        file: section.doc.file.clone(),
        line: id.line,
        recipient: Recipient {
            id: id.value.clone(),
            name: name?.value,
            role,
            country: country.map(|text| text.value),
            how: told.flatten(),
            // The law wants all of it told; a map may say less.
            on: if on.is_some() { occasions } else { Occasion::ALL.iter().copied().collect() },
            acknowledge: within.and_then(Result::ok),
        },
    })
}

/// What is wrong with the recipients of all maps together.
pub(super) fn check(maps: &[DataMap]) -> Vec<Finding> {
    let mut findings = Vec::new();
    let mut seen: Vec<&RecipientMap> = Vec::new();
    for one in maps.iter().flat_map(|map| &map.recipients) {
        let mut report = |code, message| {
            findings.push(Finding { file: one.file.clone(), line: one.line, code, message });
        };
        let recipient = &one.recipient;
        let same = |other: &&&RecipientMap| {
            other.recipient.is(&recipient.id) || other.recipient.is(&recipient.name)
        };
        if let Some(first) = seen.iter().find(same) {
            let message = format!(
                "recipient.{}: {} describes one with this id or name already; keep one of them",
                recipient.id, first.file
            );
            report("recipient_twice", message);
        }
        let stores = maps.iter().flat_map(|map| &map.stores);
        let used = stores.flat_map(|store| &store.facts.recipients).any(|word| recipient.is(word));
        if !used {
            let message = format!(
                "recipient.{0}: no store names it, so nobody would tell it anything; write \"{0}\" \
                 into recipients = […] of the stores whose data it gets",
                recipient.id
            );
            report("recipient_unused", message);
        }
        seen.push(one);
    }
    findings
}

/// Gives each store the descriptions of its recipients, from whichever map they stand in.
pub(super) fn resolve(maps: &mut [DataMap]) {
    let all: Vec<Recipient> = maps
        .iter()
        .flat_map(|map| &map.recipients)
        .map(|described| described.recipient.clone())
        .collect();
    for store in maps.iter_mut().flat_map(|map| &mut map.stores) {
        let words = &store.facts.recipients;
        let named = |one: &&Recipient| words.iter().any(|word| one.is(word));
        store.facts.described = all.iter().filter(named).cloned().collect();
    }
}
