//! How the promise was kept: by month received, right and channel.
//!
//! What each column means stands in `docs/promise.md`. Every request is in exactly one of `kept`,
//! `kept_net`, `missed`, `open`, `open_past` and `not_counted`; together they are `all`.

use std::collections::BTreeMap;
use std::fmt;

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp, ToSpan as _};

use super::promise::{Promise, PromiseFacts, PromiseState};
use super::request::{Channel, Outcome};
use super::right::Right;
use super::state::Status;

/// A calendar month.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Month {
    year: i16,
    month: i8,
}

impl Month {
    /// The month of an instant, on the calendar of `zone`.
    pub fn of(at: Timestamp, zone: &TimeZone) -> Self {
        let day = at.to_zoned(zone.clone()).date();
        Self { year: day.year(), month: day.month() }
    }

    /// The first month of a year.
    pub const fn january(year: i16) -> Self {
        Self { year, month: 1 }
    }

    /// Its year.
    pub const fn year(self) -> i16 {
        self.year
    }

    /// Reads `2026-03`.
    pub fn parse(text: &str) -> Option<Self> {
        let (year, month) = text.split_once('-')?;
        let digits = |text: &str| text.bytes().all(|byte| byte.is_ascii_digit());
        if year.len() != 4 || month.len() != 2 || !digits(year) || !digits(month) {
            return None;
        }
        let (year, month) = (year.parse().ok()?, month.parse().ok()?);
        Date::new(year, month, 1).ok().map(|_| Self { year, month })
    }

    /// The month that comes `months` after; before, where it is negative. Stays where it is at the
    /// ends of the calendar.
    #[must_use]
    pub fn plus(self, months: i32) -> Self {
        let Ok(first) = Date::new(self.year, self.month, 1) else { return self };
        let day = first.checked_add(months.months()).unwrap_or(first);
        Self { year: day.year(), month: day.month() }
    }

    /// Its first instant in `zone`.
    pub fn start(self, zone: &TimeZone) -> Timestamp {
        Date::new(self.year, self.month, 1)
            .ok()
            .and_then(|day| day.to_zoned(zone.clone()).ok())
            .map_or(Timestamp::MIN, |midnight| midnight.timestamp())
    }
}

impl fmt::Display for Month {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:04}-{:02}", self.year, self.month)
    }
}

/// What the report needs to know of one request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct ReportFacts {
    /// What is asked for.
    pub right: Right,
    /// How it came.
    pub channel: Channel,
    /// Where it is.
    pub status: Status,
    /// Whether staff took it for spam.
    pub spam: bool,
    /// When it was closed.
    pub completed_at: Option<Timestamp>,
    /// How it ended.
    pub outcome: Option<Outcome>,
    /// What its promise is computed from.
    pub promise: PromiseFacts,
}

/// In which column a request stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Standing {
    Kept,
    KeptNet,
    Missed,
    Open,
    OpenPast,
    NotCounted,
}

impl ReportFacts {
    /// The column, and gross and net time where it has come to an end.
    fn stand(&self, hours: u32, now: Timestamp) -> (Standing, Option<[SignedDuration; 2]>) {
        let mut facts = self.promise;
        if facts.verified_at.is_none() || self.spam || self.status == Status::Lapsed {
            return (Standing::NotCounted, None);
        }
        // Taken back: in time it counts for nothing; late, the promise was broken before.
        let withdrawn = self.status == Status::Withdrawn && facts.answered_at.is_none();
        if withdrawn {
            facts.answered_at = self.completed_at;
        }
        let promise = Promise::at(&facts, hours, now);
        let end = Some([promise.gross, promise.net]);
        match promise.state {
            None => (Standing::NotCounted, None),
            Some(PromiseState::Kept) if withdrawn => (Standing::NotCounted, None),
            Some(PromiseState::Kept) => (Standing::Kept, end),
            Some(PromiseState::KeptNet) if !withdrawn => (Standing::KeptNet, end),
            Some(PromiseState::Missed | PromiseState::KeptNet) => (Standing::Missed, end),
            Some(PromiseState::Overdue) => (Standing::OpenPast, None),
            Some(PromiseState::OnTime | PromiseState::AtRisk) => (Standing::Open, None),
        }
    }
}

/// Middle, nearly largest and largest of some times.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Spread {
    /// Half of them are no longer than this.
    pub p50: SignedDuration,
    /// 95 of 100 are no longer than this.
    pub p95: SignedDuration,
    /// None is longer.
    pub most: SignedDuration,
}

impl Spread {
    /// By nearest rank, so that each figure is one that occurred.
    fn of(times: &mut [SignedDuration]) -> Option<Self> {
        times.sort_unstable();
        let at = |percent: usize| times[(times.len() * percent).div_ceil(100).max(1) - 1];
        let most = *times.last()?;
        Some(Self { p50: at(50), p95: at(95), most })
    }
}

/// Counts and times of some requests.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Figures {
    /// All that were received.
    pub all: u64,
    /// Answered in time.
    pub kept: u64,
    /// Answered late, but in time without the hours that the person was waited for.
    pub kept_net: u64,
    /// Answered late, or taken back when the time was over.
    pub missed: u64,
    /// Not answered yet; there is time left.
    pub open: u64,
    /// Not answered yet, and late.
    pub open_past: u64,
    /// Never verified, taken back in time, spam.
    pub not_counted: u64,
    /// Elapsed from receipt to the answer; `None` where nothing was answered.
    pub gross: Option<Spread>,
    /// The same without the time spent waiting for the person.
    pub net: Option<Spread>,
}

/// One line: a month, a right, a channel.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReportRow {
    /// When the requests were received.
    pub month: Month,
    /// What was asked for.
    pub right: Right,
    /// How they came.
    pub channel: Channel,
    /// The figures.
    pub figures: Figures,
}

/// The whole report.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Report {
    /// The promise, in hours.
    pub hours: u32,
    /// When it was made: what is open may still be answered.
    pub made_at: Timestamp,
    /// Its lines, by month, right and channel.
    pub rows: Vec<ReportRow>,
    /// All of it in one line.
    pub total: Figures,
}

#[derive(Debug, Default)]
struct Cell {
    figures: Figures,
    gross: Vec<SignedDuration>,
    net: Vec<SignedDuration>,
}

impl Cell {
    fn add(&mut self, standing: Standing, end: Option<[SignedDuration; 2]>) {
        let figures = &mut self.figures;
        figures.all += 1;
        *match standing {
            Standing::Kept => &mut figures.kept,
            Standing::KeptNet => &mut figures.kept_net,
            Standing::Missed => &mut figures.missed,
            Standing::Open => &mut figures.open,
            Standing::OpenPast => &mut figures.open_past,
            Standing::NotCounted => &mut figures.not_counted,
        } += 1;
        if let Some([gross, net]) = end {
            self.gross.push(gross);
            self.net.push(net);
        }
    }

    fn done(mut self) -> Figures {
        self.figures.gross = Spread::of(&mut self.gross);
        self.figures.net = Spread::of(&mut self.net);
        self.figures
    }
}

/// Makes a report, one request after the other.
#[derive(Debug)]
pub struct Reporter {
    hours: u32,
    now: Timestamp,
    zone: TimeZone,
    cells: BTreeMap<(Month, &'static str, &'static str), (Right, Channel, Cell)>,
    total: Cell,
}

impl Reporter {
    /// An empty report of a promise of `hours`, looked at `now`, with months as in `zone`.
    pub fn new(hours: u32, now: Timestamp, zone: TimeZone) -> Self {
        Self { hours, now, zone, cells: BTreeMap::new(), total: Cell::default() }
    }

    /// Counts one request.
    pub fn add(&mut self, facts: &ReportFacts) {
        let (standing, end) = facts.stand(self.hours, self.now);
        let month = Month::of(facts.promise.received_at, &self.zone);
        let key = (month, facts.right.as_str(), facts.channel.as_str());
        let (_, _, cell) =
            self.cells.entry(key).or_insert_with(|| (facts.right, facts.channel, Cell::default()));
        cell.add(standing, end);
        self.total.add(standing, end);
    }

    /// The report.
    pub fn finish(self) -> Report {
        let rows = self.cells.into_iter().map(|((month, _, _), (right, channel, cell))| {
            ReportRow { month, right, channel, figures: cell.done() }
        });
        Report {
            hours: self.hours,
            made_at: self.now,
            rows: rows.collect(),
            total: self.total.done(),
        }
    }
}

/// The header of the CSV file. Columns are only ever added at the end.
const HEADER: &str = "month,right,channel,all,kept,kept_net,missed,open,open_past,not_counted,\
    gross_p50_hours,gross_p95_hours,gross_max_hours,net_p50_hours,net_p95_hours,net_max_hours";

impl Report {
    /// The lines and then the total, as CSV (RFC 4180). It holds words of ours and numbers alone,
    /// so that no field needs quotes and none is a formula.
    pub fn to_csv(&self) -> String {
        let line =
            |row: &ReportRow| format!("{},{},{}{}", row.month, row.right, row.channel, row.figures);
        let mut lines = vec![HEADER.to_owned()];
        lines.extend(self.rows.iter().map(line));
        lines.extend([format!("total,,{}", self.total), String::new()]);
        lines.join("\r\n")
    }
}

impl fmt::Display for Figures {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { all, kept, kept_net, missed, open, open_past, not_counted, gross, net } = self;
        for count in [all, kept, kept_net, missed, open, open_past, not_counted] {
            write!(f, ",{count}")?;
        }
        for spread in [gross, net] {
            match spread {
                None => f.write_str(",,,")?,
                Some(Spread { p50, p95, most }) => {
                    write!(f, ",{},{},{}", in_hours(*p50), in_hours(*p95), in_hours(*most))?;
                }
            }
        }
        Ok(())
    }
}

/// Hours with two digits after the point, rounded up, so that 72 hours and a second are not 72.
fn in_hours(time: SignedDuration) -> String {
    let hundredths = (time.as_millis().max(0) + 35_999) / 36_000;
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

#[cfg(test)]
mod tests;
