//! What California wants counted each year: how many asked, what became of it, and how long it took
//! (11 CCR 7102(a)(1)).
//!
//! Everybody is counted and not Californians alone, which 7102(b) allows where it is said. Every
//! request is in exactly one of `whole` to `open`; together they are `received`.

use jiff::SignedDuration;

use super::code::stored_words;
use super::report::ReportFacts;
use super::request::Outcome;
use super::right::Right;
use super::state::Status;

stored_words!(Counted {
    Delete = "delete",
    Correct = "correct",
    Know = "know",
    OptOut = "opt_out",
    Limit = "limit",
});

/// The kinds that are counted apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Counted {
    /// Requests to delete.
    Delete,
    /// Requests to correct.
    Correct,
    /// Requests to know: for a copy, in whatever form.
    Know,
    /// Requests to opt out of sale and sharing.
    OptOut,
    /// Requests to limit the use of sensitive data.
    Limit,
}

impl Counted {
    /// What a right counts as; `None` where California wants no figure.
    pub const fn of(right: Right) -> Option<Self> {
        match right {
            Right::Deletion => Some(Self::Delete),
            Right::Correction => Some(Self::Correct),
            Right::Access | Right::Export => Some(Self::Know),
            Right::OptOut => Some(Self::OptOut),
            Right::Limit => Some(Self::Limit),
            _ => None,
        }
    }
}

/// The figures of one kind.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// Which.
    pub kind: Counted,
    /// All that were received.
    pub received: u64,
    /// Complied with in whole; also where nothing is held.
    pub whole: u64,
    /// Complied with in part.
    pub part: u64,
    /// Denied by staff, with ground and facts.
    pub denied: u64,
    /// Not verified: nobody proved the address, or its owner never asked.
    pub not_verified: u64,
    /// Taken back by the person.
    pub taken_back: u64,
    /// Without an answer when this was counted.
    pub open: u64,
    /// Days from receipt to the answer, whole or in part or denied.
    pub days: Option<Days>,
}

/// Days from receipt to the answer.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Days {
    /// Half of the requests took no longer: by nearest rank, so that it is one that occurred.
    pub median: f64,
    /// All of them, divided by their number.
    pub mean: f64,
}

impl Eq for Days {}

impl Days {
    fn of(times: &mut [SignedDuration]) -> Option<Self> {
        times.sort_unstable();
        let median = times.get(times.len().div_ceil(2).checked_sub(1)?)?.as_secs_f64();
        let sum: f64 = times.iter().map(SignedDuration::as_secs_f64).sum();
        let count = u32::try_from(times.len()).map_or(f64::from(u32::MAX), f64::from);
        let days = |seconds: f64| (seconds / 86_400.0 * 10.0).round() / 10.0;
        Some(Self { median: days(median), mean: days(sum / count) })
    }
}

/// Counts one request after the other.
#[derive(Debug)]
pub struct Counter {
    lines: Vec<(Line, Vec<SignedDuration>)>,
}

impl Default for Counter {
    fn default() -> Self {
        let line = |kind: &Counted| Line {
            kind: *kind,
            received: 0,
            whole: 0,
            part: 0,
            denied: 0,
            not_verified: 0,
            taken_back: 0,
            open: 0,
            days: None,
        };
        Self { lines: Counted::ALL.iter().map(|kind| (line(kind), Vec::new())).collect() }
    }
}

impl Counter {
    /// Counts one request. Spam is no request.
    pub fn add(&mut self, facts: &ReportFacts) {
        let Some(kind) = Counted::of(facts.right).filter(|_| !facts.spam) else { return };
        let Some((line, times)) = self.lines.iter_mut().find(|(line, _)| line.kind == kind) else {
            return;
        };
        line.received += 1;
        let answered = match facts.outcome {
            _ if facts.status == Status::Lapsed => {
                line.not_verified += 1;
                return;
            }
            Some(Outcome::NotIdentified) => {
                line.not_verified += 1;
                return;
            }
            Some(Outcome::Withdrawn) => {
                line.taken_back += 1;
                return;
            }
            Some(Outcome::Full | Outcome::NothingFound) => &mut line.whole,
            Some(Outcome::Partial | Outcome::Pending | Outcome::KeptInPart) => &mut line.part,
            Some(Outcome::Refused) => &mut line.denied,
            None => {
                line.open += 1;
                return;
            }
        };
        *answered += 1;
        if let Some(at) = facts.promise.answered_at {
            times.push(at.duration_since(facts.promise.received_at));
        }
    }

    /// The lines, in the order of the regulation.
    pub fn finish(self) -> Vec<Line> {
        let done = |(mut line, mut times): (Line, Vec<SignedDuration>)| {
            line.days = Days::of(&mut times);
            line
        };
        self.lines.into_iter().map(done).collect()
    }
}

/// The header of the CSV file. Columns are only ever added at the end.
const HEADER: &str =
    "year,kind,received,whole,part,denied,not_verified,taken_back,open,median_days,mean_days";

/// The lines as CSV (RFC 4180); words of ours and numbers alone.
pub fn to_csv(year: i16, lines: &[Line]) -> String {
    let mut rows = vec![HEADER.to_owned()];
    rows.extend(lines.iter().map(|line| {
        let Line { kind, received, whole, part, denied, not_verified, taken_back, open, days } = line;
        let days = days.map_or_else(|| ",".to_owned(), |of| format!("{:.1},{:.1}", of.median, of.mean));
        format!(
            "{year},{kind},{received},{whole},{part},{denied},{not_verified},{taken_back},{open},{days}"
        )
    }));
    rows.push(String::new());
    rows.join("\r\n")
}

#[cfg(test)]
mod tests {
    use jiff::Timestamp;

    use super::*;
    use crate::domain::promise::PromiseFacts;
    use crate::domain::request::Channel;

    fn facts(right: Right, outcome: Option<Outcome>, days: i64) -> ReportFacts {
        let received_at: Timestamp = "2026-03-01T00:00:00Z".parse().unwrap();
        let ended = outcome.map(|_| received_at + SignedDuration::from_hours(24 * days));
        ReportFacts {
            right,
            channel: Channel::Form,
            status: if outcome.is_some() { Status::Fulfilled } else { Status::Gathering },
            spam: false,
            completed_at: ended,
            outcome,
            promise: PromiseFacts {
                received_at,
                verified_at: Some(received_at),
                answered_at: ended,
                waited: SignedDuration::ZERO,
                waiting_since: None,
            },
        }
    }

    fn count(all: &[ReportFacts]) -> Vec<Line> {
        let mut counter = Counter::default();
        for one in all {
            counter.add(one);
        }
        counter.finish()
    }

    #[test]
    fn every_request_stands_in_one_column_of_its_kind() {
        let mut all: Vec<ReportFacts> =
            Outcome::ALL.iter().map(|outcome| facts(Right::Deletion, Some(*outcome), 2)).collect();
        all.push(facts(Right::Deletion, None, 0));
        all.push(ReportFacts { spam: true, ..facts(Right::Deletion, Some(Outcome::Refused), 1) });
        all.push(ReportFacts { status: Status::Lapsed, ..facts(Right::Deletion, None, 0) });
        all.push(facts(Right::Objection, Some(Outcome::Full), 1));
        let lines = count(&all);
        let line = &lines[0];
        assert_eq!((line.kind, line.received), (Counted::Delete, 10));
        assert_eq!([line.whole, line.part, line.denied], [2, 3, 1]);
        assert_eq!([line.not_verified, line.taken_back, line.open], [2, 1, 1]);
        let sum = line.whole + line.part + line.denied + line.not_verified;
        assert_eq!(sum + line.taken_back + line.open, line.received);
        assert!(lines[1..].iter().all(|line| line.received == 0 && line.days.is_none()));
    }

    #[test]
    fn days_are_counted_from_receipt_to_the_answer() {
        let all = [1, 2, 9].map(|days| facts(Right::Access, Some(Outcome::Full), days));
        let lines = count(&all);
        assert_eq!(lines[2].days, Some(Days { median: 2.0, mean: 4.0 }));
        let csv = to_csv(2026, &lines);
        assert!(csv.contains("\r\n2026,know,3,3,0,0,0,0,0,2.0,4.0\r\n"), "{csv}");
        assert!(csv.contains("\r\n2026,limit,0,0,0,0,0,0,0,,\r\n"), "{csv}");
        assert!(csv.starts_with(HEADER));
    }

    #[test]
    fn a_copy_in_either_form_is_a_request_to_know() {
        let all = [Right::Access, Right::Export].map(|right| facts(right, None, 0));
        assert_eq!(count(&all)[2].received, 2);
    }
}
