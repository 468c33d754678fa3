//! From facts to dates.

use jiff::Timestamp;
use jiff::civil::Date;

use super::day::{
    business_days_after, days_after, end_of, inclusive, merged, months_after, off, working_day,
};
use super::facts::{BusinessWeek, Facts, FactsError, Received, hours};
use super::regime::Regime;
use super::rule::{Anchor, Kind, Length, Rule, Stops};
use super::trace::{Step, Why};

/// When something is due.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Due {
    /// At once.
    AtOnce,
    /// On that day, to its end.
    Day {
        /// The day, where the controller is.
        date: Date,
        /// The first moment after it; `None` where no zone is known.
        end: Option<Timestamp>,
    },
    /// At that moment.
    Moment(Timestamp),
}

/// One date, and how it was counted.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Deadline {
    /// What has to be done.
    pub kind: Kind,
    /// By which rule.
    pub rule: &'static Rule,
    /// When.
    pub due: Due,
    /// Step by step.
    pub trace: Vec<Step>,
}

impl Deadline {
    /// The day it is due on.
    pub fn date(&self) -> Option<Date> {
        match self.due {
            Due::Day { date, .. } => Some(date),
            Due::AtOnce | Due::Moment(_) => None,
        }
    }

    /// The first moment at which it is too late.
    pub fn end(&self) -> Option<Timestamp> {
        match self.due {
            Due::Day { end, .. } => end,
            Due::Moment(at) => Some(at),
            Due::AtOnce => None,
        }
    }
}

/// What an extension notice brought about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Extension {
    /// It was sent in time.
    Valid,
    /// It was not; the answer is overdue from the end of the first time.
    Late {
        /// That end.
        overdue_from: Timestamp,
    },
}

/// All dates of one law for one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Computed {
    /// The law.
    pub regime: Regime,
    /// Its dates, in the order of its rules.
    pub deadlines: Vec<Deadline>,
    /// What a notice brought about; `None` where there was none.
    pub extension: Option<Extension>,
}

impl Computed {
    /// The date of that kind.
    pub fn get(&self, kind: Kind) -> Option<&Deadline> {
        self.deadlines.iter().find(|deadline| deadline.kind == kind)
    }

    /// The date by which the answer has to be there: the longer one only after a notice in time.
    pub fn binding(&self) -> Option<&Deadline> {
        let first = self.deadlines.first()?;
        let longer = if first.kind == Kind::Appeal { Kind::AppealExtended } else { Kind::Extended };
        let extended = self.get(longer).filter(|_| self.extension == Some(Extension::Valid));
        extended.or(Some(first))
    }
}

/// Computes every date that `regime` draws from `facts`. Pure; dates where the controller is, moments
/// in UTC.
///
/// # Errors
/// When a fact that the law needs is missing, or the facts cannot have happened in that order.
pub fn compute(regime: Regime, facts: &Facts<'_>) -> Result<Computed, FactsError> {
    facts.check(regime)?;
    let mut deadlines: Vec<Deadline> = Vec::new();
    let mut extension = None;
    // Where an appeal alone is counted, a notice is about its answer.
    let (answer, longer) = if facts.received.is_none() {
        (Kind::Appeal, Kind::AppealExtended)
    } else {
        (Kind::Respond, Kind::Extended)
    };
    for rule in Rule::of(regime) {
        let Some(mut deadline) = one(rule, facts, extension == Some(Extension::Valid))? else {
            continue;
        };
        if rule.kind == answer
            && let (Some(sent), Some(end)) = (facts.extension_notice, deadline.end())
        {
            let in_time = sent < end;
            extension = Some(if in_time {
                Extension::Valid
            } else {
                deadline.trace.push(Step::NoticeLate { at: sent });
                Extension::Late { overdue_from: end }
            });
        }
        if rule.kind == longer
            && let (Some(Extension::Valid), Some(at)) = (extension, facts.extension_notice)
        {
            deadline.trace.push(Step::NoticeInTime { at });
        }
        deadlines.push(deadline);
    }
    Ok(Computed { regime, deadlines, extension })
}

/// One date; `None` where what it is counted from did not happen.
fn one(
    rule: &'static Rule,
    facts: &Facts<'_>,
    extended: bool,
) -> Result<Option<Deadline>, FactsError> {
    let mut trace = Vec::new();
    let Some(start) = start(rule, facts, &mut trace)? else { return Ok(None) };
    let deadline = |due, trace| Ok(Some(Deadline { kind: rule.kind, rule, due, trace }));
    let mut day = match (rule.length, facts.received) {
        (Length::Nothing, _) => {
            trace.push(Step::AtOnce);
            return deadline(Due::AtOnce, trace);
        }
        (Length::Hours(count), Some(Received::At(at))) => {
            let at = at.checked_add(hours(count)).map_err(|_| FactsError::Range)?;
            trace.push(Step::Hours { count: count.into(), at });
            return deadline(Due::Moment(at), trace);
        }
        _ => counted(rule.length, start, facts, &mut trace)?,
    };
    if rule.first_day_counts {
        day = days_after(day, -1)?;
        trace.push(Step::FirstDayCounts { day });
    }
    day = paused(rule, start, day, facts, extended, &mut trace)?;
    if rule.rolls
        && let Some(because) = off(day, facts.calendar)
    {
        let from = day;
        day = working_day(day, facts.calendar)?;
        trace.push(Step::Rolled { from, because, day });
    }
    let end = match &facts.zone {
        None => None,
        Some(zone) => {
            let at = end_of(day, zone)?;
            trace.push(Step::Ends { at, zone: zone.iana_name().map(ToOwned::to_owned) });
            Some(at)
        }
    };
    deadline(Due::Day { date: day, end }, trace)
}

/// The day from which a rule counts.
fn start(
    rule: &Rule,
    facts: &Facts<'_>,
    trace: &mut Vec<Step>,
) -> Result<Option<Date>, FactsError> {
    let day = match rule.from {
        Anchor::Appeal => {
            trace.extend(facts.appeal_received.map(|day| Step::Appealed { day }));
            return Ok(facts.appeal_received);
        }
        Anchor::Retrieval => {
            trace.extend(facts.retrieved.map(|day| Step::Retrieved { day }));
            return Ok(facts.retrieved);
        }
        Anchor::Receipt | Anchor::RelevantTime => facts.received_day()?,
    };
    let Some(mut day) = day else { return Ok(None) };
    let zone = facts.zone.as_ref().and_then(|zone| zone.iana_name()).map(ToOwned::to_owned);
    trace.push(Step::Received { day, zone });
    if let Some(verified) = facts.verified {
        trace.push(Step::VerifiedLater { day: verified });
    }
    if rule.from == Anchor::RelevantTime {
        let identity = facts.identity.map(|identity| identity.pause);
        if let Some(asked) = identity.filter(|pause| pause.got.is_none()) {
            trace.push(Step::Awaited { day: asked.asked });
        }
        let proved = identity.and_then(|pause| pause.got).map(|day| (day, Why::Identity));
        let paid = facts.fee_paid.map(|day| (day, Why::Fee));
        let latest = proved.into_iter().chain(paid).max_by_key(|(day, _)| *day);
        if let Some((later, why)) = latest.filter(|(later, _)| *later > day) {
            day = later;
            trace.push(Step::Moved { day, why });
        }
    }
    Ok(Some(day))
}

fn counted(
    length: Length,
    start: Date,
    facts: &Facts<'_>,
    trace: &mut Vec<Step>,
) -> Result<Date, FactsError> {
    let day = match length {
        Length::Months(months) => {
            let day = months_after(start, months)?;
            let short = day.day() != start.day();
            trace.push(Step::Months { count: months.into(), day, short });
            day
        }
        Length::WorkingDays(count) => {
            let calendar = facts.calendar.ok_or(FactsError::Missing("calendar"))?;
            let (day, holidays) = business_days_after(start, count, facts.business_week, calendar)?;
            let saturdays = facts.business_week == BusinessWeek::MonSat;
            trace.push(Step::WorkingDays { count: count.into(), day, saturdays, holidays });
            day
        }
        Length::Days(count) => days(start, count, trace)?,
        Length::PolicyDays => {
            days(start, facts.policy_days.ok_or(FactsError::Missing("policy_days"))?, trace)?
        }
        Length::Nothing | Length::Hours(_) => return Err(FactsError::Missing("received_at")),
    };
    Ok(day)
}

fn days(start: Date, count: u16, trace: &mut Vec<Step>) -> Result<Date, FactsError> {
    let day = days_after(start, count.into())?;
    trace.push(Step::Days { count: count.into(), day });
    Ok(day)
}

/// Adds the days on which the clock stood still. A question that came after the time was over stops
/// nothing: for the longer time only where it holds, else for the first.
fn paused(
    rule: &Rule,
    start: Date,
    day: Date,
    facts: &Facts<'_>,
    extended: bool,
    trace: &mut Vec<Step>,
) -> Result<Date, FactsError> {
    // The end that a question has to come before, and what the pauses so far have added to it.
    let mut limit = match rule.length {
        Length::Months(_) if rule.kind == Kind::Extended && !extended => months_after(start, 1)?,
        _ => day,
    };
    let mut day = day;
    for (first, last, count) in pauses(rule, start, facts, trace) {
        let end = if rule.rolls { working_day(limit, facts.calendar)? } else { limit };
        if first > end {
            trace.push(Step::AskedTooLate { day: first });
            continue;
        }
        limit = days_after(limit, count)?;
        day = days_after(day, count)?;
        trace.push(Step::Paused { first, last, count: count.unsigned_abs(), day });
    }
    Ok(day)
}

/// First day, last day, and how many days each pause adds.
fn pauses(
    rule: &Rule,
    start: Date,
    facts: &Facts<'_>,
    trace: &mut Vec<Step>,
) -> Vec<(Date, Date, i64)> {
    let identity = facts.identity;
    if rule.stops == Stops::Identity
        && let Some(identity) = identity
    {
        let pause = identity.pause;
        match pause.got {
            Some(got) if identity.suspends => {
                // From the question to the proof: the days between, of which the last counts again.
                return vec![(pause.asked, got, inclusive(pause.asked, got) - 1)];
            }
            None if identity.suspends => trace.push(Step::Awaited { day: pause.asked }),
            _ => trace.push(Step::IdentityRuns { day: pause.asked }),
        }
    }
    if rule.stops == Stops::Clarification && facts.is_access {
        let open = facts.clarifications.iter().filter(|pause| pause.got.is_none());
        trace.extend(open.map(|pause| Step::Awaited { day: pause.asked }));
        let merged = merged(&facts.clarifications, start);
        return merged.into_iter().map(|(a, b)| (a, b, inclusive(a, b))).collect();
    }
    trace.extend(facts.clarifications.iter().map(|p| Step::ClarificationRuns { day: p.asked }));
    Vec::new()
}
