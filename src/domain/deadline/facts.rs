//! What happened, as far as a rule looks at it.

use jiff::civil::Date;
use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::calendar::Calendar;
use super::regime::Regime;

/// When something was received.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Received {
    /// On a day where the controller is.
    On(Date),
    /// At a moment.
    At(Timestamp),
}

/// A question that a clock may wait for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pause {
    /// The day on which it was asked.
    pub asked: Date,
    /// The day on which the answer came; `None` while it is awaited.
    pub got: Option<Date>,
}

/// Who asks was in doubt.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Identity {
    /// The question for proof, and the proof.
    pub pause: Pause,
    /// Whether the company counts the wait as a pause where the law is silent (GDPR).
    pub suspends: bool,
}

/// Which days of a week are for business.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub enum BusinessWeek {
    /// Monday to Friday.
    #[default]
    MonFri,
    /// Monday to Saturday.
    MonSat,
}

/// All that a rule may look at. What a law does not know it passes over.
#[derive(Debug, Clone, Default)]
pub struct Facts<'a> {
    /// When the request was received.
    pub received: Option<Received>,
    /// Where days begin and end.
    pub zone: Option<TimeZone>,
    /// The holidays.
    pub calendar: Option<&'a Calendar>,
    /// A doubt about who asks.
    pub identity: Option<Identity>,
    /// When a fee that was asked for was paid.
    pub fee_paid: Option<Date>,
    /// Questions about what the request is about.
    pub clarifications: Vec<Pause>,
    /// Whether it is an access request: no other stops for such a question.
    pub is_access: bool,
    /// When the person was verified. Moves nothing, and the trace says so.
    pub verified: Option<Date>,
    /// Days of business.
    pub business_week: BusinessWeek,
    /// When the person was told that it takes longer, with the reasons.
    pub extension_notice: Option<Timestamp>,
    /// When an appeal was received.
    pub appeal_received: Option<Date>,
    /// When a list was fetched.
    pub retrieved: Option<Date>,
    /// Days that the company's policy grants.
    pub policy_days: Option<u16>,
}

/// Why no date follows from the facts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
pub enum FactsError {
    /// Something that the rule needs is not there.
    #[error("`{0}` is missing")]
    Missing(&'static str),
    /// What was asked first came first.
    #[error("`{later}` lies before `{earlier}`; swap or correct them")]
    Order {
        /// What has to come first.
        earlier: &'static str,
        /// What came before it.
        later: &'static str,
    },
    /// Beyond what calendars reach.
    #[error("the date lies outside the years that can be counted")]
    Range,
}

impl Facts<'_> {
    /// The day of receipt.
    pub(super) fn received_day(&self) -> Result<Option<Date>, FactsError> {
        match self.received {
            None => Ok(None),
            Some(Received::On(day)) => Ok(Some(day)),
            Some(Received::At(at)) => {
                let zone = self.zone.clone().ok_or(FactsError::Missing("zone"))?;
                Ok(Some(at.to_zoned(zone).date()))
            }
        }
    }

    /// Whether everything is there, and in an order that can have been.
    pub(super) fn check(&self, regime: Regime) -> Result<(), FactsError> {
        let missing = |name| Err(FactsError::Missing(name));
        match regime {
            Regime::DropCadence if self.retrieved.is_none() => return missing("access"),
            Regime::DropProcessing if self.retrieved.is_none() => return missing("downloaded"),
            Regime::DropCadence | Regime::DropProcessing => return Ok(()),
            Regime::Policy if self.policy_days.is_none() => return missing("policy_days"),
            Regime::Sla72h if !matches!(self.received, Some(Received::At(_))) => {
                return missing("received_at");
            }
            _ => {}
        }
        let appealed = self.appeal_received.is_some() && super::Rule::of(regime).any(is_appeal);
        if self.received.is_none() && !appealed {
            return missing("received_date");
        }
        if regime.needs_zone() && self.zone.is_none() {
            return missing("zone");
        }
        if regime.needs_calendar() && self.calendar.is_none() {
            return missing("calendar");
        }
        self.check_order()
    }

    fn check_order(&self) -> Result<(), FactsError> {
        let ordered =
            |earlier, first: Option<Date>, later, second: Option<Date>| match (first, second) {
                (Some(first), Some(second)) if second < first => {
                    Err(FactsError::Order { earlier, later })
                }
                _ => Ok(()),
            };
        let received = self.received_day()?;
        if let Some(Identity { pause, .. }) = self.identity {
            ordered("received", received, "id_requested", Some(pause.asked))?;
            ordered("id_requested", Some(pause.asked), "id_received", pause.got)?;
        }
        for pause in &self.clarifications {
            ordered("received", received, "clarification", Some(pause.asked))?;
            ordered("question", Some(pause.asked), "answer", pause.got)?;
        }
        ordered("received", received, "verified", self.verified)?;
        ordered("received", received, "fee_paid", self.fee_paid)?;
        ordered("received", received, "appeal_received", self.appeal_received)?;
        if let Some(sent) = self.extension_notice {
            let zone = self.zone.clone().ok_or(FactsError::Missing("zone"))?;
            ordered("received", received, "extension_notice", Some(sent.to_zoned(zone).date()))?;
        }
        Ok(())
    }
}

fn is_appeal(rule: &super::Rule) -> bool {
    rule.from == super::rule::Anchor::Appeal
}

impl Pause {
    /// The last day of it: while the answer is awaited, the day of the question, so that a date
    /// computed now is never later than the final one.
    pub(super) fn last(self) -> Date {
        self.got.unwrap_or(self.asked)
    }
}

/// Hours as a duration.
pub(super) fn hours(count: u16) -> SignedDuration {
    SignedDuration::from_hours(count.into())
}
