//! What the operator of these tests has decided.

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

/// Nobody has to look at anything before it goes out.
pub(super) fn settings() -> Settings {
    let review = Review::Auto;
    Settings {
        organisation: Organisation {
            name: "Example Studio".into(),
            zone: TimeZone::UTC,
            country: Some("DE".into()),
            law: crate::domain::deadline::Law::default(),
            languages: vec![Language::En, Language::De],
            privacy_url: None,
            contact: None,
            postal: None,
            authority: Some("Data Protection Commission".into()),
            processing_agreement: None,
        },
        base_url: BaseUrl::parse("http://127.0.0.1:8080").unwrap(),
        console_url: BaseUrl::parse("https://console.example.org").unwrap(),
        sender: Sender::new("Example", EmailAddress::parse("privacy@example.com").unwrap()),
        review: ReviewPolicy {
            access: review,
            export: review,
            confirmation: review,
            correction: review,
            // As it is unless somebody says otherwise.
            restriction: Review::Staff,
            deletion: DeletionReview::TwoPerson,
            opt_out: review,
            objection: review,
        },
        deletion: Deletion::default(),
        map_version: String::new(),
        promise_hours: 72,
        lapse: Period::parse("7d").unwrap(),
        keep: Period::parse("14d").unwrap(),
        retention: Retention::default(),
        lift_notice: Period::parse("72h").unwrap(),
        webhooks: Vec::new(),
    }
}
