//! What tests of this room share.

use jiff::tz::TimeZone;

use crate::domain::address::EmailAddress;
use crate::domain::base_url::BaseUrl;
use crate::domain::duration::Period;
use crate::domain::language::Language;
use crate::domain::settings::{
    Deletion, DeletionReview, Organisation, Retention, Review, ReviewPolicy,
};
use crate::mail::Sender;
use crate::service::Settings;

/// What an operator might have decided.
pub(in crate::web) fn settings() -> Settings {
    let address = |text| EmailAddress::parse(text).unwrap();
    let period = |text| Period::parse(text).unwrap();
    Settings {
        organisation: Organisation {
            name: "Example Shop".to_owned(),
            zone: TimeZone::UTC,
            country: None,
            law: crate::domain::deadline::Law::default(),
            languages: Language::ALL.to_vec(),
            privacy_url: Some("https://shop.example/privacy".to_owned()),
            contact: Some(address("privacy+x@shop.example")),
            postal: None,
            authority: Some("Data Protection Commission".into()),
            processing_agreement: None,
        },
        base_url: BaseUrl::parse("https://rights.example").unwrap(),
        console_url: BaseUrl::parse("https://console.example.org").unwrap(),
        sender: Sender::new("Example Shop", address("rights@shop.example")),
        review: ReviewPolicy {
            access: Review::Auto,
            export: Review::Auto,
            confirmation: Review::Staff,
            correction: Review::Staff,
            restriction: Review::Staff,
            deletion: DeletionReview::TwoPerson,
            opt_out: Review::Auto,
            objection: Review::Auto,
        },
        deletion: Deletion::default(),
        map_version: String::new(),
        promise_hours: 72,
        lapse: period("7d"),
        keep: period("14d"),
        retention: Retention::default(),
        lift_notice: Period::parse("72h").unwrap(),
        webhooks: Vec::new(),
    }
}
