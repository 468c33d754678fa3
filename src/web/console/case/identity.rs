//! Who asks, as a reveal shows it.

use crate::service::case::Identity;
use crate::text::Speaker;

/// What is known of them, with its labels.
pub(super) fn facts_of(speaker: &Speaker, Identity(contact): &Identity) -> Vec<(String, String)> {
    let mut facts = Vec::new();
    if let Some(email) = &contact.email {
        facts.push((speaker.t("console-email"), email.as_str().to_owned()));
    }
    for other in &contact.proved {
        facts.push((speaker.t("console-email-other"), other.as_str().to_owned()));
    }
    for one in contact.warned.iter().filter(|one| one.called) {
        facts.push((speaker.t("console-email-called"), one.address.as_str().to_owned()));
    }
    if let Some(name) = &contact.name {
        facts.push((speaker.t("console-name-typed"), name.as_str().to_owned()));
    }
    if let Some(details) = &contact.details {
        facts.push((speaker.t("console-details"), details.as_str().to_owned()));
    }
    for key in &contact.identifiers {
        facts.push((key.kind.to_string(), key.value().to_owned()));
    }
    facts
}
