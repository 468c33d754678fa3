//! Statutory deadlines: from what happened to every date that the law draws from it, with its rule,
//! the source of the rule, and the steps by which it was counted.
//!
//! The rules are data ([`rule`]), the holidays are data ([`calendar`]); what is here only counts. It
//! reads no clock. What it returns is kept with the version of its rules, so that a date of years
//! ago can be told and checked again.
//!
//! Sources that all rules share: days begin and end where the controller is; the day of the event is
//! not counted (Reg. 1182/71 Art. 3(1)); a period of months ends on the day of the same number, or on
//! the month's last (Art. 3(2)(c)); where a rule says so, a last day that is a Saturday, a Sunday or
//! a holiday moves to the next working day (Art. 3(4)). Months are always added to the first day,
//! never to an earlier result: three months after 31 January is 30 April.

pub mod calendar;
mod count;
mod course;
mod day;
mod facts;
mod forecast;
mod law;
mod regime;
pub mod rule;
mod trace;

pub use count::{Computed, Deadline, Due, Extension, compute};
pub use course::{Asked, Course, Kept, Question, Subject, binding, dates, extendable_to, is_late};
pub use facts::{BusinessWeek, Facts, FactsError, Identity, Pause, Received};
pub use forecast::Remaining;
pub use law::Law;
pub use regime::Regime;
pub use rule::{Kind, Rule};
pub use trace::{Off, Step, Why};

#[cfg(test)]
mod tests;
