//! The same law said a second time: day by day, on a calendar of its own, without jiff's arithmetic.

use std::collections::BTreeSet;

use jiff::civil::Date;
use jiff::{SignedDuration, Timestamp};

use super::*;

/// A day that knows nothing but the next one.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Plain {
    year: i16,
    month: i8,
    day: i8,
    /// 0 is Monday.
    weekday: u8,
}

impl Plain {
    const FIRST: Self = Self { year: 2024, month: 1, day: 1, weekday: 0 };

    fn month_length(self) -> i8 {
        let leap = self.year % 4 == 0 && (self.year % 100 != 0 || self.year % 400 == 0);
        match self.month {
            2 => 28 + i8::from(leap),
            4 | 6 | 9 | 11 => 30,
            _ => 31,
        }
    }

    fn next(mut self) -> Self {
        self.weekday = (self.weekday + 1) % 7;
        self.day += 1;
        if self.day > (Self { day: 1, ..self }).month_length() {
            (self.day, self.month) = (1, self.month + 1);
        }
        if self.month > 12 {
            (self.month, self.year) = (1, self.year + 1);
        }
        self
    }

    fn date(self) -> Date {
        Date::new(self.year, self.month, self.day).unwrap()
    }
}

/// Walks on until the month has changed so often, and stops on the day of the number or the last.
fn months_later(start: Plain, months: u8) -> Plain {
    let (mut now, mut changed) = (start, 0);
    loop {
        now = now.next();
        changed += u8::from(now.day == 1);
        if changed == months && (now.day == start.day || now.day == now.month_length()) {
            return now;
        }
    }
}

fn days_later(start: Plain, days: usize) -> Plain {
    (0..days).fold(start, |now, _| now.next())
}

fn rests(day: Plain, holidays: &BTreeSet<Plain>) -> bool {
    day.weekday >= 5 || holidays.contains(&day)
}

fn rolled(mut day: Plain, holidays: &BTreeSet<Plain>) -> Plain {
    while rests(day, holidays) {
        day = day.next();
    }
    day
}

fn business_days(start: Plain, count: usize, six: bool, holidays: &BTreeSet<Plain>) -> Plain {
    let mut day = start;
    let mut left = count;
    loop {
        day = day.next();
        let weekend = day.weekday == 6 || (day.weekday == 5 && !six);
        if !weekend && !holidays.contains(&day) {
            left -= 1;
            if left == 0 {
                return day;
            }
        }
    }
}

/// Numbers without end from one seed, the same in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, below: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        usize::try_from(self.0 >> 33).unwrap() % below
    }
}

const ZONES: [&str; 12] = [
    "Europe/Berlin",
    "Europe/London",
    "America/Los_Angeles",
    "America/Sao_Paulo",
    "Africa/Cairo",
    "Asia/Beirut",
    "America/Havana",
    "America/Santiago",
    "Atlantic/Azores",
    "America/Nuuk",
    "Australia/Lord_Howe",
    "Pacific/Kiritimati",
];

/// The moment ends `day` where the zone is: a second before it is that day, and then no more.
fn ends(at: Timestamp, day: Date, zone: &TimeZone) -> bool {
    let local = |at: Timestamp| at.to_zoned(zone.clone()).date();
    local(at - SignedDuration::from_secs(1)) == day && local(at) > day
}

#[test]
fn a_hundred_thousand_requests_have_the_same_dates_counted_day_by_day() {
    let all: Vec<Plain> =
        std::iter::successors(Some(Plain::FIRST), |day| Some(day.next())).take(16 * 365).collect();
    let zones = ZONES.map(zone);
    let mut dice = Dice(0x2545_F491_4F6C_DD1D);
    let mut holidays: BTreeSet<Plain> = BTreeSet::new();
    let mut calendar = Calendar::default();
    for case in 0..100_000 {
        if case % 500 == 0 {
            // One day in twelve rests, so that runs of them at weekends and year ends occur.
            holidays = all.iter().copied().filter(|_| dice.roll(12) == 0).collect();
            calendar = Calendar::listed(holidays.iter().map(|day| day.date()));
        }
        let index = dice.roll(all.len() - 400);
        let received = all[index];
        let zone = &zones[dice.roll(zones.len())];
        let pick = |days: usize| all[index + days];
        let asked = dice.roll(6);
        let got = asked + dice.roll(9);
        let (again, until) = (asked + dice.roll(9), asked + 9 + dice.roll(9));
        let (proof, fee, six) = (dice.roll(12), dice.roll(12), dice.roll(2) == 0);
        let facts = Facts {
            received: Some(Received::On(received.date())),
            zone: Some(zone.clone()),
            calendar: Some(&calendar),
            identity: Some(Identity {
                pause: pause(pick(asked).date(), Some(pick(asked + proof).date())),
                suspends: six,
            }),
            fee_paid: Some(pick(fee).date()),
            clarifications: vec![
                pause(pick(asked).date(), Some(pick(got).date())),
                pause(pick(again).date(), Some(pick(until).date())),
            ],
            is_access: true,
            business_week: if six { BusinessWeek::MonSat } else { BusinessWeek::MonFri },
            ..Facts::default()
        };
        let same = |regime: Regime, expected: &[(Kind, Plain)]| {
            let computed = compute(regime, &facts).unwrap();
            for (kind, day) in expected {
                let deadline = computed.get(*kind).unwrap();
                assert_eq!(deadline.date(), Some(day.date()), "{kind} of {facts:?}");
                assert!(ends(deadline.end().unwrap(), day.date(), zone), "{kind} of {facts:?}");
            }
        };
        match case % 4 {
            0 => {
                let still = if six { proof } else { 0 };
                let end =
                    |months| rolled(days_later(months_later(received, months), still), &holidays);
                same(
                    Regime::EuGdpr,
                    &[
                        (Kind::Respond, end(1)),
                        (Kind::ExtensionNotice, end(1)),
                        (Kind::Extended, end(3)),
                    ],
                );
            }
            1 => {
                let start = (asked + proof).max(fee);
                // Each day of a question once, however many questions were open on it.
                let still = (start..start + 40)
                    .filter(|day| (asked..=got).contains(day) || (again..=until).contains(day))
                    .count();
                let end = |months| {
                    rolled(days_later(months_later(pick(start), months), still), &holidays)
                };
                same(Regime::UkGdpr, &[(Kind::Respond, end(1)), (Kind::Extended, end(3))]);
            }
            2 => same(
                Regime::Ccpa,
                &[
                    (Kind::Ack, business_days(received, 10, six, &holidays)),
                    (Kind::Respond, days_later(received, 45)),
                    (Kind::RespondSafe, days_later(received, 44)),
                    (Kind::Extended, days_later(received, 90)),
                ],
            ),
            _ => {
                let effect = business_days(received, 15, six, &holidays);
                same(Regime::CcpaOptout, &[(Kind::Effect, effect)]);
                same(Regime::UsIa, &[(Kind::Respond, days_later(received, 90))]);
                let rest = rolled(days_later(received, 30), &holidays);
                same(Regime::ChFadp, &[(Kind::RespondIfRolled, rest)]);
            }
        }
    }
}
