//! The sections that say how requests are handled: review, deletion, promise, retention.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::document::Section;
use super::error::{ConfigCode, Refusal};
use crate::domain::duration::Period;
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
    let number = |key, default| {
        let read = section.entry(key).and_then(|entry| entry.number(1..=10_000_000));
        read.map_or(default, u64::from)
    };
    Deletion {
        cooling_off: section.period("cooling_off", "24h", true),
        growth: section.choice("growth", Growth::ALL, Growth::as_str),
        rows: number("rows", 100_000),
        an_hour: number("an_hour", 50),
        protected: section
            .entry("protected")
            .and_then(|entry| entry.texts())
            .map(|texts| texts.into_iter().map(|(_, text)| text.to_owned()).collect())
            .unwrap_or_default(),
    }
}

pub(super) fn promise(section: &Section<'_>) -> Promise {
    // A month is the longest that any law would wait for an answer.
    let hours = section.entry("hours").and_then(|entry| entry.number(1..=720));
    Promise { hours: hours.unwrap_or(72) }
}

pub(super) fn retention(section: &Section<'_>) -> Retention {
    Retention {
        closed: kept(section, "closed", "180d", ["1d", "10y"]),
        skeleton: kept(section, "skeleton", "36M", ["1M", "30y"]),
        // Mails are counted for a day, sessions live as long.
        mails: kept(section, "mails", "30d", ["48h", "36M"]),
        downloads: kept(section, "downloads", "48h", ["24h", "36M"]),
        dead_jobs: kept(section, "dead_jobs", "90d", ["7d", "36M"]),
        upgrade_copies: kept(section, "upgrade_copies", "30d", ["1d", "36M"]),
    }
}

/// A length of time within bounds.
fn kept(
    section: &Section<'_>,
    key: &'static str,
    default: &str,
    [least, most]: [&str; 2],
) -> Period {
    let length = |period: Period| period.after(Timestamp::UNIX_EPOCH, &TimeZone::UTC);
    let bound = |text| Period::parse(text).map(length).expect("a bound of ours is readable");
    let written = section.period(key, default, false);
    if !(bound(least)..=bound(most)).contains(&length(written)) {
        let message = format!("write a time from \"{least}\" to \"{most}\"");
        section.refuse(key, Refusal::new(ConfigCode::BadDuration, message));
    }
    written
}
