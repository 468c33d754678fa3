//! `regimes`, `policy_days`, `calendar`, `holidays`: which statutory dates there are.

use jiff::civil::Date;

use crate::config::document::Section;
use crate::config::error::Refusal;
use crate::domain::deadline::calendar::Calendar;
use crate::domain::deadline::{Law, Regime};

/// Days that a policy can grant. No law waits longer.
const POLICY_DAYS: std::ops::RangeInclusive<u32> = 1..=90;

pub(super) fn read(section: &Section<'_>, country: Option<&str>) -> Law {
    let policy_days = section
        .entry("policy_days")
        .and_then(|entry| entry.number(POLICY_DAYS))
        .and_then(|days| u16::try_from(days).ok());
    let mut regimes = listed(section)
        .unwrap_or_else(|| country.map_or(&[Regime::EuGdpr][..], Regime::of_country).to_vec());
    regimes.retain(|regime| *regime != Regime::Policy);
    if policy_days.is_some() {
        regimes.push(Regime::Policy);
    }
    let home = match section.read("calendar", calendar) {
        Some(home) => home,
        None => country.and_then(own),
    };
    Law { regimes, policy_days, home, holidays: holidays(section) }
}

/// The regimes written, each once; `policy` needs its days.
fn listed(section: &Section<'_>) -> Option<Vec<Regime>> {
    let entry = section.entry("regimes")?;
    let texts = entry.texts()?;
    let words: Vec<_> = Regime::CONFIGURABLE.iter().map(|regime| regime.as_str()).collect();
    let refusal = || Refusal::value(format!("write some of {}, each once", words.join(", ")));
    if texts.is_empty() {
        entry.refuse_at(entry.at, refusal());
    }
    let mut regimes = Vec::new();
    for (at, text) in texts {
        let known = Regime::parse(text)
            .filter(|regime| Regime::CONFIGURABLE.contains(regime) && !regimes.contains(regime));
        match known {
            Some(Regime::Policy) if section.entry("policy_days").is_none() => {
                entry.refuse_at(at, Refusal::value("write `policy_days` too, the days it grants"));
            }
            Some(regime) => regimes.push(regime),
            None => entry.refuse_at(at, refusal()),
        }
    }
    Some(regimes)
}

/// The calendar of that name; the inner `None` for "none".
fn calendar(text: &str) -> Result<Option<&'static str>, Refusal> {
    if text == "none" {
        return Ok(None);
    }
    own(&text.to_ascii_uppercase()).map(Some).ok_or_else(|| {
        let names: Vec<_> = Calendar::names().collect();
        Refusal::value(format!("write one of {}, or \"none\"", names.join(", ")))
    })
}

fn own(name: &str) -> Option<&'static str> {
    Calendar::names().find(|known| *known == name)
}

fn holidays(section: &Section<'_>) -> Vec<Date> {
    let Some(entry) = section.entry("holidays") else { return Vec::new() };
    let mut days = Vec::new();
    for (at, text) in entry.texts().unwrap_or_default() {
        match text.parse::<Date>().ok().filter(|_| text.len() == 10) {
            Some(day) => days.push(day),
            None => entry.refuse_at(at, Refusal::value("write days such as \"2026-05-08\"")),
        }
    }
    days
}
