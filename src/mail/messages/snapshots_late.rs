//! The late mail as its reader sees it, in both languages.

use super::Message as _;
use super::tests::*;
use crate::domain::language::Language;

fn said(language: Language) -> Vec<String> {
    let letter = late().render(&speaker(language), &facts());
    let text = letter.text.split("\n-- ").next().unwrap().to_owned();
    std::iter::once(letter.subject).chain(text.lines().map(ToOwned::to_owned)).collect()
}

#[test]
fn late_reads_well_in_english() {
    let said = said(Language::En);
    assert_eq!(said[0], "We are late with request R-7F3K9Q2M");
    for line in [
        "Promised by: 4 March 2026, 13:00 CET",
        "We answer at the latest on: 1 April 2026",
        "The reason: we have not been able to search all of our systems yet.",
        "Do you want to speak to somebody about it? You can reach us here: privacy@shop.example.",
    ] {
        assert!(said.iter().any(|one| one == line), "{line}: {said:#?}");
    }
}

#[test]
fn late_reads_well_in_german() {
    let said = said(Language::De);
    assert_eq!(said[0], "Wir sind mit dem Antrag R-7F3K9Q2M in Verzug");
    for line in [
        "Versprochen bis: 4. März 2026, 13:00 Uhr CET",
        "Wir antworten spätestens am: 1. April 2026",
        "Der Grund: Wir konnten noch nicht alle unsere Systeme durchsuchen.",
    ] {
        assert!(said.iter().any(|one| one == line), "{line}: {said:#?}");
    }
}
