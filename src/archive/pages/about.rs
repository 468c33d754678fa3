//! The facts about stores, in words.

use super::super::answer::{Answer, StoreAnswer};
use super::letters::receiver;
use crate::text::Speaker;

/// One thing that the law wants said about a store.
pub(super) struct Fact {
    pub(super) id: &'static str,
    pub(super) texts: Vec<String>,
}

/// What GDPR Art. 15(1) and (2) want said about a store.
pub(super) fn about(speaker: &Speaker, answer: &Answer, store: &StoreAnswer) -> Vec<Fact> {
    let facts = &store.facts;
    let one = |text: &str| vec![text.to_owned()];
    let list = |texts: &[String]| {
        if texts.is_empty() { vec![speaker.t("archive-list-none")] } else { texts.to_vec() }
    };
    let controller = match &*facts.controller {
        "self" => &answer.organisation.name,
        other => other,
    };
    let retention = speaker.t2(
        "archive-about-backup",
        "text",
        speaker.duration(&facts.retention),
        "backup",
        speaker.duration(&facts.backup),
    );
    let country = speaker.country(&facts.country);
    let country = match &facts.safeguard {
        Some(safeguard) => {
            speaker.t2("archive-about-safeguard", "country", country, "safeguard", safeguard)
        }
        None => country,
    };
    let automated = match &*facts.automated {
        "none" => speaker.t("archive-about-automated-none"),
        text => text.to_owned(),
    };
    let receivers: Vec<String> =
        facts.receivers().iter().map(|one| receiver(speaker, one)).collect();
    let training = match facts.training {
        Some(true) => "archive-about-training-yes",
        Some(false) => "archive-about-training-no",
        None => "archive-about-training-unknown",
    };
    let mut categories: Vec<String> =
        facts.categories.iter().filter_map(|key| category(speaker, key)).collect();
    categories.sort();
    categories.dedup();
    [
        ("archive-about-controller", one(controller)),
        ("archive-about-purposes", list(&facts.purposes)),
        ("archive-about-categories", list(&categories)),
        ("archive-about-basis", one(&facts.basis)),
        ("archive-about-recipients", list(&receivers)),
        ("archive-about-source", one(&facts.source)),
        ("archive-about-retention", vec![retention]),
        ("archive-about-country", vec![country]),
        ("archive-about-automated", vec![automated]),
        ("archive-about-training", vec![speaker.t(training)]),
    ]
    .into_iter()
    .map(|(id, texts)| Fact { id, texts })
    .collect()
}

/// The kinds of data that have a name of their own in the pages; any other goes by the nearest one
/// above it.
const NAMED: &[&str] = &[
    "system",
    "user",
    "user.account",
    "user.account.settings",
    "user.account.username",
    "user.behavior",
    "user.behavior.browsing_history",
    "user.behavior.media_consumption",
    "user.behavior.purchase_history",
    "user.behavior.search_history",
    "user.biometric",
    "user.childrens",
    "user.contact",
    "user.contact.address",
    "user.contact.email",
    "user.contact.organization",
    "user.contact.phone_number",
    "user.contact.url",
    "user.content",
    "user.content.private",
    "user.content.public",
    "user.content.self_image",
    "user.criminal_history",
    "user.demographic",
    "user.demographic.date_of_birth",
    "user.demographic.language",
    "user.demographic.political_opinion",
    "user.demographic.race_ethnicity",
    "user.demographic.religious_belief",
    "user.demographic.sexual_orientation",
    "user.device",
    "user.device.cookie",
    "user.device.cookie_id",
    "user.device.device_id",
    "user.device.ip_address",
    "user.financial",
    "user.government_id",
    "user.health_and_medical",
    "user.job_title",
    "user.location",
    "user.name",
    "user.payment",
    "user.privacy_preferences",
    "user.sensor",
    "user.social",
    "user.telemetry",
    "user.unique_id",
    "user.user_sensor",
    "user.workplace",
];

fn category(speaker: &Speaker, key: &str) -> Option<String> {
    let mut key = key;
    while NAMED.binary_search(&key).is_err() {
        key = key.rsplit_once('.')?.0;
    }
    Some(speaker.t(&format!("archive-category-{}", key.replace('.', "-"))))
}

#[cfg(test)]
mod tests {
    use jiff::tz::TimeZone;

    use super::*;
    use crate::domain::category::CATEGORIES;
    use crate::domain::language::Language;

    #[test]
    fn every_kind_of_data_has_a_name_in_every_language() {
        assert!(NAMED.is_sorted());
        for language in [Language::En, Language::De] {
            let speaker = Speaker::new(language, TimeZone::UTC);
            for key in CATEGORIES {
                let name = category(&speaker, key).unwrap();
                assert!(!name.contains('['), "{key}: {name}");
            }
        }
    }
}
