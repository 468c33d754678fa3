//! The input of one vector.

use jiff::Timestamp;
use jiff::civil::{Date, DateTime};
use jiff::tz::TimeZone;
use serde_json::{Map, Value};

use crate::domain::deadline::calendar::Calendar;
use crate::domain::deadline::{BusinessWeek, Facts, Identity, Pause, Received, Regime};

/// Every name there is. A misspelt one would leave a fact out, and the date would be wrong.
const NAMES: [&str; 21] = [
    "regime",
    "zone",
    "calendar",
    "holidays",
    "received_date",
    "received_at",
    "received_local",
    "id_requested",
    "id_received",
    "eu_identity_pause",
    "fee_paid",
    "clarification",
    "right",
    "verified",
    "business_week",
    "extension_notice_local",
    "appeal_received",
    "access",
    "downloaded",
    "policy_days",
    "note",
];

/// What was typed, understood.
pub(super) struct Typed {
    /// The law.
    pub(super) regime: Regime,
    calendar: Option<Calendar>,
    facts: Facts<'static>,
}

impl Typed {
    pub(super) fn read(calendars: &Value, input: &Value) -> Result<Self, String> {
        let input = Input(input.as_object().ok_or("`input` is no object")?);
        if let Some(odd) = input.0.keys().find(|name| !NAMES.contains(&name.as_str())) {
            return Err(format!("there is no `{odd}`; the names are {}", NAMES.join(", ")));
        }
        let regime = input.text("regime")?.ok_or("`regime` is missing")?;
        let regime = Regime::parse(regime).ok_or_else(|| {
            let all: Vec<_> = Regime::ALL.iter().map(|regime| regime.as_str()).collect();
            format!("there is no regime {regime:?}; there are {}", all.join(", "))
        })?;
        let zone = input.text("zone")?.map(zone).transpose()?;
        let calendar = input.calendar(calendars, regime)?;
        let retrieved = match regime {
            Regime::DropCadence => input.date("access")?,
            Regime::DropProcessing => input.date("downloaded")?,
            _ => None,
        };
        let facts = Facts {
            received: input.received(zone.as_ref())?,
            calendar: None,
            identity: input.identity()?,
            fee_paid: input.date("fee_paid")?,
            clarifications: input.clarifications()?,
            is_access: input.text("right")?.is_none_or(|right| right == "access"),
            verified: input.date("verified")?,
            business_week: input.choice("business_week", &WEEKS)?.unwrap_or_default(),
            extension_notice: input.moment("extension_notice_local", zone.as_ref())?,
            appeal_received: input.date("appeal_received")?,
            retrieved,
            policy_days: input.days("policy_days")?,
            zone,
        };
        Ok(Self { regime, calendar, facts })
    }

    pub(super) fn facts(&self) -> Facts<'_> {
        Facts { calendar: self.calendar.as_ref(), ..self.facts.clone() }
    }

    pub(super) fn zone(&self) -> Option<&TimeZone> {
        self.facts.zone.as_ref()
    }
}

const WEEKS: [(&str, BusinessWeek); 2] =
    [("mon_fri", BusinessWeek::MonFri), ("mon_sat", BusinessWeek::MonSat)];

/// One object, its null values taken as absent.
struct Input<'a>(&'a Map<String, Value>);

impl<'a> Input<'a> {
    fn get(&self, name: &str) -> Option<&'a Value> {
        self.0.get(name).filter(|value| !value.is_null())
    }

    fn text(&self, name: &str) -> Result<Option<&'a str>, String> {
        self.get(name)
            .map(|value| value.as_str().ok_or_else(|| format!("`{name}` is no text")))
            .transpose()
    }

    fn date(&self, name: &str) -> Result<Option<Date>, String> {
        self.text(name)?.map(|text| date(name, text)).transpose()
    }

    fn days(&self, name: &str) -> Result<Option<u16>, String> {
        let whole = |value: &Value| value.as_u64().and_then(|days| u16::try_from(days).ok());
        self.get(name)
            .map(|value| whole(value).ok_or_else(|| format!("`{name}` is no number of days")))
            .transpose()
    }

    fn choice<T: Copy>(&self, name: &str, all: &[(&str, T)]) -> Result<Option<T>, String> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let found = all.iter().find(|(word, _)| *word == text);
        found.map(|(_, value)| Some(*value)).ok_or_else(|| {
            let words: Vec<_> = all.iter().map(|(word, _)| *word).collect();
            format!("`{name}` is one of {}", words.join(", "))
        })
    }

    /// A local time of the zone. In a gap of the clock it is taken as if the gap were not; of two
    /// the first.
    fn moment(&self, name: &str, zone: Option<&TimeZone>) -> Result<Option<Timestamp>, String> {
        let Some(text) = self.text(name)? else { return Ok(None) };
        let wrong =
            || format!("`{name}` is no local time such as 2026-03-28T20:00 on a day that there is");
        // Seconds may stand there; an offset or a zone may not.
        let shape = [16, 19].contains(&text.len())
            && (text.as_bytes()[10], text.as_bytes()[13]) == (b'T', b':');
        let local: DateTime = text.parse().ok().filter(|_| shape).ok_or_else(wrong)?;
        let zone = zone.ok_or("`zone` is missing")?;
        let at = zone.to_ambiguous_timestamp(local).compatible().map_err(|_| wrong())?;
        Ok(Some(at))
    }

    fn received(&self, zone: Option<&TimeZone>) -> Result<Option<Received>, String> {
        let at = match self.text("received_at")? {
            None => None,
            Some(text) => Some(text.parse::<Timestamp>().map_err(|_| {
                "`received_at` is no moment such as 2026-06-30T22:30:00Z".to_owned()
            })?),
        };
        let local = self.moment("received_local", zone)?;
        let day = self.date("received_date")?;
        let moment = at.or(local);
        if let (Some(at), Some(local)) = (at, local)
            && at != local
        {
            return Err("`received_at` and `received_local` differ; write one".to_owned());
        }
        if let (Some(moment), Some(day), Some(zone)) = (moment, day, zone)
            && moment.to_zoned(zone.clone()).date() != day
        {
            return Err("`received_date` is another day than the moment; write one".to_owned());
        }
        Ok(moment.map(Received::At).or(day.map(Received::On)))
    }

    fn identity(&self) -> Result<Option<Identity>, String> {
        let (asked, got) = (self.date("id_requested")?, self.date("id_received")?);
        let words = [("none", false), ("suspend", true)];
        let suspends = self.choice("eu_identity_pause", &words)?.unwrap_or_default();
        // What nobody asked for moves nothing.
        Ok(asked.map(|asked| Identity { pause: Pause { asked, got }, suspends }))
    }

    fn clarifications(&self) -> Result<Vec<Pause>, String> {
        let wrong = || "`clarification` is a list of [asked, got]".to_owned();
        let Some(value) = self.get("clarification") else { return Ok(Vec::new()) };
        let read = |pair: &Value| {
            let [asked, got] = pair.as_array().ok_or_else(wrong)?.as_slice() else {
                return Err(wrong());
            };
            let asked = date("clarification", asked.as_str().ok_or_else(wrong)?)?;
            let got = match got {
                Value::Null => None,
                got => Some(date("clarification", got.as_str().ok_or_else(wrong)?)?),
            };
            Ok(Pause { asked, got })
        };
        value.as_array().ok_or_else(wrong)?.iter().map(read).collect()
    }

    /// The calendar that the input names, of those given or else of ours, and the days of its own.
    fn calendar(&self, given: &Value, regime: Regime) -> Result<Option<Calendar>, String> {
        let named = match self.text("calendar")? {
            None => None,
            Some(name) => Some(match given.get(name) {
                Some(listed) => Calendar::listed(dates(name, listed)?),
                None => Calendar::named(name).ok_or_else(|| {
                    format!("there is no calendar {name:?}; give its days in `calendars`")
                })?,
            }),
        };
        let days = match self.get("holidays") {
            None => None,
            Some(listed) => Some(dates("holidays", listed)?),
        };
        Ok(match (named, days) {
            (Some(named), days) => Some(named.and(days.unwrap_or_default())),
            (None, Some(days)) => Some(Calendar::listed(days)),
            (None, None) if regime == Regime::ChFadp => Calendar::named("CH"),
            (None, None) => None,
        })
    }
}

fn zone(name: &str) -> Result<TimeZone, String> {
    // "Etc/Unknown" is what jiff calls a zone that nobody knows.
    TimeZone::get(name)
        .ok()
        .filter(|zone| !zone.is_unknown())
        .ok_or_else(|| format!("there is no zone {name:?}; write one such as Europe/Berlin"))
}

fn dates(name: &str, listed: &Value) -> Result<Vec<Date>, String> {
    let wrong = || format!("`{name}` is a list of dates");
    let read = |day: &Value| date(name, day.as_str().ok_or_else(wrong)?);
    listed.as_array().ok_or_else(wrong)?.iter().map(read).collect()
}

/// `2026-03-05` and no other way of writing it.
fn date(name: &str, text: &str) -> Result<Date, String> {
    text.parse()
        .ok()
        .filter(|_| text.len() == 10)
        .ok_or_else(|| format!("`{name}`: {text:?} is no day such as 2026-03-05"))
}
