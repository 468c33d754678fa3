//! The steps by which a date was counted, in words.

use jiff::civil::Date;

use super::{Arg, Speaker};
use crate::domain::deadline::{Off, Step, Why};
use crate::domain::language::Language;

impl Speaker {
    /// `31 January 2026`, `31. Januar 2026`.
    pub fn day(&self, day: Date) -> String {
        let month = self.t(super::format::month_id(day.month()));
        match self.language {
            Language::En => format!("{} {month} {}", day.day(), day.year()),
            Language::De => format!("{}. {month} {}", day.day(), day.year()),
        }
    }

    /// `Saturday, 28 February 2026`, `Samstag, 28. Februar 2026`.
    pub fn weekday(&self, day: Date) -> String {
        let name = self.t(&format!("deadline-weekday-{}", day.weekday().to_monday_one_offset()));
        format!("{name}, {}", self.day(day))
    }

    /// One step, as a sentence.
    pub fn deadline_step(&self, step: &Step) -> String {
        let day = |day: &Date| Arg::from(self.weekday(*day));
        match step {
            Step::Received { day: on, zone: None } => self.t1("deadline-received", "day", day(on)),
            Step::Received { day: on, zone: Some(zone) } => {
                self.t2("deadline-received-in", "day", day(on), "zone", zone)
            }
            Step::Appealed { day: on } => self.t1("deadline-appealed", "day", day(on)),
            Step::Retrieved { day: on } => self.t1("deadline-retrieved", "day", day(on)),
            Step::Moved { day: on, why: Why::Identity } => {
                self.t1("deadline-moved-identity", "day", day(on))
            }
            Step::Moved { day: on, why: Why::Fee } => self.t1("deadline-moved-fee", "day", day(on)),
            Step::VerifiedLater { day: on } => self.t1("deadline-verified", "day", day(on)),
            Step::IdentityRuns { day: on } => self.t1("deadline-identity-runs", "day", day(on)),
            Step::ClarificationRuns { day: on } => {
                self.t1("deadline-clarification-runs", "day", day(on))
            }
            Step::AskedTooLate { day: on } => self.t1("deadline-asked-late", "day", day(on)),
            Step::Awaited { day: on } => self.t1("deadline-awaited", "day", day(on)),
            Step::Months { count, day: on, short: false } => {
                self.t2("deadline-months", "count", count, "day", day(on))
            }
            Step::Months { count, day: on, short: true } => {
                self.t2("deadline-months-short", "count", count, "day", day(on))
            }
            Step::Days { count, day: on } => {
                self.t2("deadline-days", "count", count, "day", day(on))
            }
            Step::FirstDayCounts { day: on } => self.t1("deadline-first-day", "day", day(on)),
            Step::WorkingDays { count, day: on, saturdays, holidays } => {
                self.working_days(*count, *on, *saturdays, holidays)
            }
            Step::Hours { count, at } => {
                self.t2("deadline-hours", "count", count, "at", self.date_time(*at))
            }
            Step::AtOnce => self.t("deadline-at-once"),
            Step::Paused { first, last, count, day: on } => self.with(
                "deadline-paused",
                [
                    ("first", self.day(*first).into()),
                    ("last", self.day(*last).into()),
                    ("count", count.into()),
                    ("day", day(on)),
                ],
            ),
            Step::Rolled { from, because, day: on } => {
                let from = day(from);
                match because {
                    Off::Weekend => {
                        self.t2("deadline-rolled-weekend", "from", from, "day", day(on))
                    }
                    Off::Holiday => {
                        self.t2("deadline-rolled-holiday", "from", from, "day", day(on))
                    }
                }
            }
            Step::Ends { at, zone: None } => self.t1("deadline-ends", "at", self.date_time(*at)),
            Step::Ends { at, zone: Some(zone) } => {
                let at = self.date_time(*at);
                self.t2("deadline-ends-in", "at", at, "zone", zone)
            }
            Step::NoticeInTime { at } => {
                self.t1("deadline-notice-in-time", "at", self.date_time(*at))
            }
            Step::NoticeLate { at } => self.t1("deadline-notice-late", "at", self.date_time(*at)),
            Step::ChosenByOfficer { regime } => self.t1("deadline-chosen", "regime", regime),
        }
    }

    fn working_days(&self, count: u64, on: Date, saturdays: bool, holidays: &[Date]) -> String {
        let week = if saturdays { "deadline-week-six" } else { "deadline-week-five" };
        let first = self.with(
            "deadline-working-days",
            [
                ("count", count.into()),
                ("week", self.t(week).into()),
                ("day", self.weekday(on).into()),
            ],
        );
        if holidays.is_empty() {
            return first;
        }
        let days: Vec<String> = holidays.iter().map(|day| self.day(*day)).collect();
        format!("{first} {}", self.t1("deadline-holidays", "days", days.join("; ")))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::domain::deadline::calendar::Calendar;
    use crate::domain::deadline::{Facts, Kind, Received, Regime, compute};
    use jiff::civil::date;
    use jiff::tz::TimeZone;

    fn told(language: Language, kind: Kind) -> String {
        let calendar = Calendar::named("DE").unwrap();
        let facts = Facts {
            received: Some(Received::On(date(2026, 1, 31))),
            zone: TimeZone::get("Europe/Berlin").ok(),
            calendar: Some(&calendar),
            ..Facts::default()
        };
        let computed = compute(Regime::EuGdpr, &facts).unwrap();
        let speaker = Speaker::new(language, TimeZone::get("Europe/Berlin").unwrap());
        let steps = &computed.get(kind).unwrap().trace;
        steps.iter().map(|step| speaker.deadline_step(step)).collect::<Vec<_>>().join("\n")
    }

    #[test]
    fn a_date_is_told_step_by_step() {
        insta::assert_snapshot!(told(Language::En, Kind::Respond), @r"
        Received on Saturday, 31 January 2026 (days of Europe/Berlin).
        One month later is Saturday, 28 February 2026, the last day of that month.
        Saturday, 28 February 2026 is no working day; the next one is Monday, 2 March 2026.
        It ends with that day in Europe/Berlin: 3 March 2026, 00:00 CET.
        ");
        insta::assert_snapshot!(told(Language::De, Kind::Respond), @r"
        Eingegangen am Samstag, 31. Januar 2026 (Tage in Europe/Berlin).
        Einen Monat später ist Samstag, 28. Februar 2026, der letzte Tag dieses Monats.
        Samstag, 28. Februar 2026 ist kein Arbeitstag; der nächste ist Montag, 2. März 2026.
        Die Frist endet mit diesem Tag in Europe/Berlin: 3. März 2026, 00:00 Uhr CET.
        ");
    }
}
