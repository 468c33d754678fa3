//! Data categories: the keys of the fideslang taxonomy 3.1.4 (Ethyca and IAB Tech Lab, CC BY 4.0).

use std::fmt;

/// Every category a data map may name.
pub const CATEGORIES: &[&str] = &[
    "system",
    "system.authentication",
    "system.operations",
    "user",
    "user.account",
    "user.account.settings",
    "user.account.username",
    "user.authorization",
    "user.authorization.biometric",
    "user.authorization.credentials",
    "user.authorization.password",
    "user.behavior",
    "user.behavior.browsing_history",
    "user.behavior.media_consumption",
    "user.behavior.purchase_history",
    "user.behavior.search_history",
    "user.biometric",
    "user.biometric.fingerprint",
    "user.biometric.health",
    "user.biometric.retinal",
    "user.biometric.voice",
    "user.childrens",
    "user.contact",
    "user.contact.address",
    "user.contact.address.city",
    "user.contact.address.country",
    "user.contact.address.postal_code",
    "user.contact.address.state",
    "user.contact.address.street",
    "user.contact.email",
    "user.contact.fax_number",
    "user.contact.organization",
    "user.contact.phone_number",
    "user.contact.url",
    "user.content",
    "user.content.private",
    "user.content.public",
    "user.content.self_image",
    "user.criminal_history",
    "user.demographic",
    "user.demographic.age_range",
    "user.demographic.date_of_birth",
    "user.demographic.gender",
    "user.demographic.language",
    "user.demographic.marital_status",
    "user.demographic.political_opinion",
    "user.demographic.profile",
    "user.demographic.race_ethnicity",
    "user.demographic.religious_belief",
    "user.demographic.sexual_orientation",
    "user.device",
    "user.device.cookie",
    "user.device.cookie_id",
    "user.device.device_id",
    "user.device.ip_address",
    "user.financial",
    "user.financial.bank_account",
    "user.financial.credit_card",
    "user.government_id",
    "user.government_id.birth_certificate",
    "user.government_id.drivers_license_number",
    "user.government_id.immigration",
    "user.government_id.national_identification_number",
    "user.government_id.passport_number",
    "user.government_id.vehicle_registration",
    "user.health_and_medical",
    "user.health_and_medical.genetic",
    "user.health_and_medical.insurance_beneficiary_id",
    "user.health_and_medical.record_id",
    "user.job_title",
    "user.location",
    "user.location.imprecise",
    "user.location.precise",
    "user.name",
    "user.name.first",
    "user.name.last",
    "user.payment",
    "user.privacy_preferences",
    "user.sensor",
    "user.social",
    "user.telemetry",
    "user.unique_id",
    "user.unique_id.pseudonymous",
    "user.user_sensor",
    "user.workplace",
];

/// One of [`CATEGORIES`].
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Category(&'static str);

impl Category {
    /// Reads a key; `None` for one that the taxonomy does not have.
    pub fn parse(key: &str) -> Option<Self> {
        let at = CATEGORIES.binary_search(&key).ok()?;
        Some(Self(CATEGORIES[at]))
    }

    /// The key, `user.contact.email`.
    pub const fn as_str(self) -> &'static str {
        self.0
    }

    /// Secrets by which a person signs in: neither their value nor their name leaves in an archive,
    /// a preview, a log or a diff.
    pub fn is_secret(self) -> bool {
        self.within("user.authorization")
    }

    /// Whether it is `parent` or stands below it.
    pub fn within(self, parent: &str) -> bool {
        self.0.strip_prefix(parent).is_some_and(|rest| rest.is_empty() || rest.starts_with('.'))
    }

    /// The known key that is spelled most like `typed`, for error messages.
    pub fn nearest(typed: &str) -> &'static str {
        let shared = |key: &str| {
            let same = key.bytes().zip(typed.bytes()).take_while(|(a, b)| a == b).count();
            (same, std::cmp::Reverse(key.len().abs_diff(typed.len())))
        };
        CATEGORIES.iter().copied().max_by_key(|key| shared(key)).unwrap_or("user")
    }
}

impl fmt::Display for Category {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_list_is_sorted_so_that_it_can_be_searched() {
        assert!(CATEGORIES.is_sorted());
        assert!(CATEGORIES.iter().all(|key| Category::parse(key).is_some()));
    }

    #[test]
    fn secrets_are_known_by_their_branch() {
        assert!(Category::parse("user.authorization.password").unwrap().is_secret());
        assert!(Category::parse("user.authorization").unwrap().is_secret());
        assert!(!Category::parse("user.contact.email").unwrap().is_secret());
        assert_eq!(Category::parse("user.nonsense"), None);
        assert_eq!(Category::nearest("user.contact.emial"), "user.contact.email");
    }
}
