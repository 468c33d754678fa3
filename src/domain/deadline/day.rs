//! Counting on the calendar.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, ToSpan};

use super::calendar::Calendar;
use super::facts::{BusinessWeek, FactsError, Pause};
use super::trace::Off;

/// `months` after `day`, on the day of the same number or the month's last.
pub(super) fn months_after(day: Date, months: u8) -> Result<Date, FactsError> {
    add(day, i64::from(months).months())
}

/// `days` after `day`.
pub(super) fn days_after(day: Date, days: i64) -> Result<Date, FactsError> {
    add(day, days.days())
}

fn add(day: Date, span: Span) -> Result<Date, FactsError> {
    day.checked_add(span).map_err(|_| FactsError::Range)
}

/// `count` business days after `day`, and the holidays that were passed over.
pub(super) fn business_days_after(
    day: Date,
    count: u16,
    week: BusinessWeek,
    calendar: &Calendar,
) -> Result<(Date, Vec<Date>), FactsError> {
    let (mut last, mut left, mut skipped) = (day, count, Vec::new());
    while left > 0 {
        last = days_after(last, 1)?;
        let off = match last.weekday() {
            Weekday::Sunday => true,
            Weekday::Saturday => week == BusinessWeek::MonFri,
            _ => false,
        };
        if off {
            continue;
        }
        if calendar.is_holiday(last) {
            skipped.push(last);
            continue;
        }
        left -= 1;
    }
    Ok((last, skipped))
}

/// Why `day` is none for work (Reg. 1182/71 Art. 2: Saturdays, Sundays, public holidays).
pub(super) fn off(day: Date, calendar: Option<&Calendar>) -> Option<Off> {
    match day.weekday() {
        Weekday::Saturday | Weekday::Sunday => Some(Off::Weekend),
        _ => calendar.filter(|calendar| calendar.is_holiday(day)).map(|_| Off::Holiday),
    }
}

/// `day` or the first working day after it.
pub(super) fn working_day(day: Date, calendar: Option<&Calendar>) -> Result<Date, FactsError> {
    let mut day = day;
    while off(day, calendar).is_some() {
        day = days_after(day, 1)?;
    }
    Ok(day)
}

/// The first moment after `day` where the zone is. A day that begins with a gap begins behind it; of
/// two midnights it begins with the first.
pub(super) fn end_of(day: Date, zone: &TimeZone) -> Result<Timestamp, FactsError> {
    let next = days_after(day, 1)?;
    next.to_zoned(zone.clone()).map(|midnight| midnight.timestamp()).map_err(|_| FactsError::Range)
}

/// Days from `first` to `last`, both counted.
pub(super) fn inclusive(first: Date, last: Date) -> i64 {
    i64::from((last - first).get_days()) + 1
}

/// The same days, each once: overlapping pauses become one. What lies
/// before `start` is no pause of the clock.
pub(super) fn merged(pauses: &[Pause], start: Date) -> Vec<(Date, Date)> {
    let mut sorted: Vec<(Date, Date)> = pauses
        .iter()
        .map(|pause| (pause.asked.max(start), pause.last()))
        .filter(|(first, last)| first <= last)
        .collect();
    sorted.sort_unstable();
    let mut whole: Vec<(Date, Date)> = Vec::new();
    for (first, last) in sorted {
        match whole.last_mut() {
            Some((_, end)) if first <= *end => *end = last.max(*end),
            _ => whole.push((first, last)),
        }
    }
    whole
}
