//! The answer to one vector.

use jiff::Timestamp;
use jiff::tz::TimeZone;
use serde_json::{Map, Value, json};

use crate::domain::deadline::{Computed, Deadline, Due, Extension, Kind, Regime};
use crate::domain::language::Language;
use crate::text::Speaker;

/// `2026-04-07T22:00Z`, seconds cut.
fn minute(at: Timestamp) -> String {
    at.strftime("%Y-%m-%dT%H:%MZ").to_string()
}

/// Whether a date is part of the answer. One that an extension notice has made pointless is not, nor
/// are readings that only the console shows.
fn is_told(computed: &Computed, deadline: &Deadline) -> bool {
    match (deadline.kind, computed.extension) {
        (Kind::RespondSafe, _) => computed.regime != Regime::UkGdpr,
        (Kind::ExtensionNotice, Some(_)) | (Kind::Extended, Some(Extension::Late { .. })) => false,
        _ => true,
    }
}

/// Whether the moment at which it ends is part of the answer.
const fn tells_end(regime: Regime) -> bool {
    matches!(regime, Regime::EuGdpr | Regime::UkGdpr | Regime::Ccpa | Regime::Policy)
}

pub(super) fn expect(computed: &Computed, zone: Option<&TimeZone>) -> Value {
    let mut expect = Map::new();
    let mut say = |name: &str, value: String| {
        expect.insert(name.to_owned(), Value::String(value));
    };
    for deadline in computed.deadlines.iter().filter(|one| is_told(computed, one)) {
        match deadline.due {
            Due::Day { date, .. } => say(deadline.kind.as_str(), date.to_string()),
            Due::AtOnce => say(deadline.kind.as_str(), "immediately".to_owned()),
            Due::Moment(at) => {
                let local = at.to_zoned(zone.cloned().unwrap_or(TimeZone::UTC));
                say("due_local", local.strftime("%Y-%m-%dT%H:%M%:z").to_string());
                say("due_utc", minute(at));
            }
        }
    }
    match computed.extension {
        Some(Extension::Late { overdue_from }) => {
            say("extension_valid", "no".to_owned());
            say("overdue_from", minute(overdue_from));
            return Value::Object(expect);
        }
        Some(Extension::Valid) => say("extension_valid", "yes".to_owned()),
        None => {}
    }
    if let Some(end) = computed.binding().and_then(Deadline::end)
        && tells_end(computed.regime)
    {
        say("end_utc", minute(end));
    }
    Value::Object(expect)
}

/// For each date its rule, where that is written, and every step in words.
pub(super) fn explain(computed: &Computed, language: Language, zone: Option<&TimeZone>) -> Value {
    let speaker = Speaker::new(language, zone.cloned().unwrap_or(TimeZone::UTC));
    let told = computed.deadlines.iter().map(|deadline| {
        let steps: Vec<String> =
            deadline.trace.iter().map(|step| speaker.deadline_step(step)).collect();
        let rule = json!({
            "rule": deadline.rule.name(), "source": deadline.rule.source, "steps": steps,
        });
        (deadline.kind.to_string(), rule)
    });
    Value::Object(told.collect())
}
