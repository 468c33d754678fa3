//! What a column is likely to be.

use super::SeenColumn;
use super::sample::{Look, look};
use crate::store::sql::secret::{looks_secret, words};

/// A guess at a column.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Guess {
    pub(super) category: &'static str,
    pub(super) origin: Option<&'static str>,
    /// It rests on little.
    pub(super) weak: bool,
    /// What else to look at.
    pub(super) hint: Option<&'static str>,
}

const OBSERVED: Option<&str> = Some("observed");
const BYTES: &str = "bytes leave as base64; when they are files, leave them to an objects store";
const NAMES_A_FILE: &str =
    "names a file? { is = \"user.content\", blob = \"STORE:folder/{value}\" } gives it too";

/// Words of which one is enough, and what they say. The first line that fits counts.
const BY_WORD: &[(&[&str], &str, Option<&str>)] = &[
    (&["email", "mail"], "user.contact.email", None),
    (&["fax"], "user.contact.fax_number", None),
    (&["phone", "mobile", "telephone", "tel", "cell"], "user.contact.phone_number", None),
    (&["firstname", "forename"], "user.name.first", None),
    (&["lastname", "surname"], "user.name.last", None),
    (&["fullname", "nickname"], "user.name", None),
    (&["username", "login", "handle"], "user.account.username", None),
    (&["ip", "ipaddress"], "user.device.ip_address", OBSERVED),
    (&["useragent", "browser", "device"], "user.device", OBSERVED),
    (&["cookie"], "user.device.cookie_id", OBSERVED),
    (&["birthday", "birthdate", "birth", "dob"], "user.demographic.date_of_birth", None),
    (&["gender", "sex"], "user.demographic.gender", None),
    (&["locale", "language", "lang"], "user.demographic.language", None),
    (&["ssn", "passport"], "user.government_id", None),
    (&["iban", "bic"], "user.financial.bank_account", None),
    (&["card", "last4"], "user.financial.credit_card", None),
    (&["postcode", "postal", "zip", "zipcode"], "user.contact.address.postal_code", None),
    (&["city", "town"], "user.contact.address.city", None),
    (&["country"], "user.contact.address.country", None),
    (&["street"], "user.contact.address.street", None),
    (&["address"], "user.contact.address", None),
    (&["company", "organization", "organisation", "employer"], "user.contact.organization", None),
    (&["latitude", "longitude", "lat", "lng", "lon"], "user.location.precise", OBSERVED),
    (&["consent", "newsletter", "marketing", "optin"], "user.privacy_preferences", None),
    (&["preference", "preferences", "setting", "settings"], "user.account.settings", None),
    (
        &[
            "amount", "total", "subtotal", "price", "currency", "tax", "vat", "discount", "credit",
            "credits", "balance", "cost", "fee", "invoice", "payment", "paid", "quantity",
        ],
        "user.payment",
        None,
    ),
    (&["score", "segment", "rating", "risk"], "user.behavior", Some("inferred")),
    (&["avatar", "portrait", "selfie"], "user.content.self_image", None),
    (
        &[
            "prompt",
            "message",
            "body",
            "comment",
            "note",
            "notes",
            "biography",
            "bio",
            "question",
            "answer",
            "subject",
            "feedback",
            "text",
            "content",
            "description",
            "review",
        ],
        "user.content.private",
        None,
    ),
    (&["image", "photo", "picture", "upload", "file", "attachment"], "user.content", None),
    (&["website", "homepage", "url"], "user.contact.url", None),
];

/// Two words that stand side by side.
const BY_PAIR: &[([&str; 2], &str, Option<&str>)] = &[
    (["first", "name"], "user.name.first", None),
    (["given", "name"], "user.name.first", None),
    (["last", "name"], "user.name.last", None),
    (["family", "name"], "user.name.last", None),
    (["full", "name"], "user.name", None),
    (["display", "name"], "user.name", None),
    (["user", "name"], "user.account.username", None),
    (["user", "agent"], "user.device", OBSERVED),
    (["tax", "id"], "user.government_id.national_identification_number", None),
    (["job", "title"], "user.job_title", None),
    (["billing", "name"], "user.name", None),
    (["internal", "note"], "user.content.private", Some("inferred")),
];

/// What the column `name` of a table is. `person`: a row of the table is a person.
pub(super) fn guess(name: &str, seen: &SeenColumn, person: bool) -> Guess {
    let look = look(&seen.samples);
    let words = words(name);
    let has = |word: &str| words.iter().any(|known| known == word);
    let sure = |category, origin| Guess { category, origin, weak: false, hint: None };
    let weak = |category, origin| Guess { category, origin, weak: true, hint: None };
    let declared = seen.declared.to_ascii_lowercase();
    if looks_secret(name) {
        return sure("user.authorization", None);
    }
    if look == Some(Look::Secret) {
        let hint = Some("its values look like secrets");
        return Guess { hint, ..weak("user.authorization", None) };
    }
    if ["blob", "bytea", "binary"].iter().any(|kind| declared.contains(kind)) {
        return Guess { hint: Some(BYTES), ..weak("user.content", None) };
    }
    if look == Some(Look::File) {
        return Guess { hint: Some(NAMES_A_FILE), ..weak("user.content", None) };
    }
    if look == Some(Look::Email) && !has("email") && !has("mail") {
        return weak("user.contact.email", None);
    }
    if look == Some(Look::Ip) {
        return sure("user.device.ip_address", OBSERVED);
    }
    // A moment is one whatever it is called after: `email_confirmed_at` is no address.
    if is_moment(&words, &declared) && !has("birth") && !has("dob") && !has("birthday") {
        let category = if person { "user.account" } else { "user.behavior" };
        let money = ["invoice", "payment", "paid", "billing"].iter().any(|word| has(word));
        return weak(if money { "user.payment" } else { category }, OBSERVED);
    }
    let pair = BY_PAIR.iter().find(|(pair, ..)| words.windows(2).any(|two| two == pair));
    if let Some((_, category, origin)) = pair {
        return sure(category, *origin);
    }
    let word = BY_WORD.iter().find(|(any, ..)| any.iter().any(|word| has(word)));
    if let Some((_, category, origin)) = word {
        return sure(category, *origin);
    }
    match words.last().map_or("", String::as_str) {
        "name" if person => sure("user.name", None),
        "title" | "position" | "department" if person => sure("user.job_title", None),
        "state" | "province" | "region" if person || words.len() > 1 => {
            sure("user.contact.address.state", None)
        }
        "status" | "role" | "plan" if person => weak("user.account", OBSERVED),
        "id" | "uuid" | "guid" | "ref" => weak("user.unique_id", OBSERVED),
        _ if look == Some(Look::Url) => weak("user.contact.url", None),
        _ if person => weak("user.account", None),
        _ if ["numeric", "decimal", "money"].iter().any(|kind| declared.contains(kind)) => {
            weak("user.payment", None)
        }
        _ if ["bool", "int"].iter().any(|kind| declared.contains(kind)) => {
            weak("user.behavior", OBSERVED)
        }
        _ => weak("user.content.private", None),
    }
}

/// Whether a column holds a date or a time.
pub(super) fn is_moment(words: &[String], declared: &str) -> bool {
    let last = words.last().map_or("", String::as_str);
    declared.starts_with("timestamp")
        || ["date", "datetime"].contains(&declared)
        || (words.len() > 1 && ["at", "on", "date", "time"].contains(&last))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::category::Category;

    fn of(name: &str, declared: &str, samples: &[&str]) -> Guess {
        let samples = samples.iter().map(|value| (*value).to_owned()).collect();
        guess(name, &SeenColumn { declared: declared.to_owned(), unique: false, samples }, true)
    }

    #[test]
    fn names_types_and_values_lead_to_a_category() {
        for (name, declared, samples, category) in [
            ("FirstName", "text", &[][..], "user.name.first"),
            ("email", "text", &["a@example.org"], "user.contact.email"),
            ("login_name", "text", &[], "user.account.username"),
            ("password_hash", "text", &[], "user.authorization"),
            ("remember", "text", &["$2b$10$xyz"], "user.authorization"),
            ("last_seen", "inet", &["192.0.2.7"], "user.device.ip_address"),
            ("email_confirmed_at", "timestamptz", &[], "user.account"),
            ("PostalCode", "text", &[], "user.contact.address.postal_code"),
            ("reachable_under", "text", &["a@example.org"], "user.contact.email"),
            ("picture", "bytea", &[], "user.content"),
            ("birth_date", "date", &[], "user.demographic.date_of_birth"),
        ] {
            assert_eq!(of(name, declared, samples).category, category, "{name}");
        }
        assert!(of("shape", "text", &["round"]).weak);
        assert!(of("image_key", "text", &["made/7.png"]).hint.unwrap().contains("blob"));
    }

    #[test]
    fn every_guess_is_a_category_that_maps_may_name() {
        let words = BY_WORD.iter().map(|(_, category, _)| category);
        for category in words.chain(BY_PAIR.iter().map(|(_, category, _)| category)) {
            assert!(Category::parse(category).is_some(), "{category}");
        }
    }
}
