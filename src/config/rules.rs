//! The sections that say how requests are handled: review, deletion, promise, retention.

use super::document::Section;
use crate::domain::settings::{
    Deletion, DeletionReview, Growth, Promise, Retention, Review, ReviewPolicy,
};

pub(super) fn review(section: &Section<'_>) -> ReviewPolicy {
    let read = |key| section.choice(key, Review::ALL, Review::as_str);
    let or_auto = |key| if section.entry(key).is_some() { read(key) } else { Review::Auto };
    ReviewPolicy {
        access: read("access"),
        export: read("export"),
        confirmation: read("confirmation"),
        correction: read("correction"),
        restriction: read("restriction"),
        deletion: section.choice("deletion", DeletionReview::ALL, DeletionReview::as_str),
        opt_out: or_auto("opt_out"),
        objection: or_auto("objection"),
    }
}

pub(super) fn deletion(section: &Section<'_>) -> Deletion {
    Deletion {
        cooling_off: section.period("cooling_off", "24h", true),
        growth: section.choice("growth", Growth::ALL, Growth::as_str),
    }
}

pub(super) fn promise(section: &Section<'_>) -> Promise {
    // A month is the longest that any law would wait for an answer.
    let hours = section.entry("hours").and_then(|entry| entry.number(1..=720));
    Promise { hours: hours.unwrap_or(72) }
}

pub(super) fn retention(section: &Section<'_>) -> Retention {
    Retention {
        closed: section.period("closed", "180d", false),
        skeleton: section.period("skeleton", "36M", false),
    }
}
