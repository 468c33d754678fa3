//! Times and stretches of time, ready to be shown.

use jiff::Timestamp;

use crate::text::Speaker;

/// A point in time for `<time>`: once for machines, once for people.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Moment {
    /// RFC 3339 in UTC.
    pub machine: String,
    /// With zone, in the page's language.
    pub human: String,
}

impl Moment {
    /// A date with its time of day.
    pub fn at(speaker: &Speaker, at: Timestamp) -> Self {
        Self { machine: speaker.machine_time(at), human: speaker.date_time(at) }
    }

    /// A date alone.
    pub fn on(speaker: &Speaker, at: Timestamp) -> Self {
        Self { machine: speaker.machine_time(at), human: speaker.date(at) }
    }
}

/// A stretch of time as people say it. In German it is said in the dative, which all sentences that
/// take one ask for ("nach …", "in …", "innerhalb von …").
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Term {
    /// Minutes.
    Minutes(u64),
    /// Hours.
    Hours(u64),
    /// Days.
    Days(u64),
    /// Months.
    Months(u64),
    /// Years.
    Years(u64),
}

impl Term {
    /// What a wait of `seconds` is called: minutes, from an hour and a half on hours; rounded up, so
    /// that whoever waits so long has waited long enough.
    pub fn wait(seconds: u64) -> Self {
        match seconds {
            0..5400 => Self::Minutes(seconds.div_ceil(60).max(1)),
            _ => Self::Hours(seconds.div_ceil(3600)),
        }
    }

    /// In words.
    pub fn say(self, speaker: &Speaker) -> String {
        let (id, count) = match self {
            Self::Minutes(count) => ("web-term-minutes", count),
            Self::Hours(count) => ("web-term-hours", count),
            Self::Days(count) => ("web-term-days", count),
            Self::Months(count) => ("web-term-months", count),
            Self::Years(count) => ("web-term-years", count),
        };
        speaker.t1(id, "count", count)
    }
}

/// How long this service keeps what, as it is configured.
#[derive(Debug, Clone, Copy)]
pub struct Retention {
    /// Until a request that nobody confirmed is forgotten.
    pub lapse: Term,
    /// How long an archive can be downloaded.
    pub archive: Term,
    /// How long contact data and messages stay after the answer.
    pub closed: Term,
    /// How long the register keeps its line without contact data.
    pub register: Term,
}

#[cfg(test)]
impl Retention {
    pub(crate) fn sample() -> Self {
        Self {
            lapse: Term::Days(7),
            archive: Term::Days(14),
            closed: Term::Days(180),
            register: Term::Months(36),
        }
    }
}

#[cfg(test)]
impl Moment {
    /// A moment for samples, some hours after the sample's request.
    pub(crate) fn sample(speaker: &Speaker, hours: i64) -> Self {
        let start: Timestamp = "2026-11-20T09:12:00Z".parse().unwrap();
        Self::at(speaker, start + jiff::SignedDuration::from_hours(hours))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::language::Language;

    #[test]
    fn a_wait_is_never_said_too_short() {
        let say = |seconds, language| {
            Term::wait(seconds).say(&Speaker::new(language, jiff::tz::TimeZone::UTC))
        };
        assert_eq!(say(0, Language::En), "1 minute");
        assert_eq!(say(61, Language::En), "2 minutes");
        assert_eq!(say(5401, Language::En), "2 hours");
        assert_eq!(say(30, Language::De), "einer Minute");
        assert_eq!(say(600, Language::De), "10 Minuten");
    }
}
