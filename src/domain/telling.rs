//! One recipient that has to be told of one thing, and how far that is (GDPR Art. 19), or one other
//! controller to whom a request has to be forwarded (Art. 28(3)(e)). People tell it;
//! the program only says whom, of what and how, and asks when it was not done in time.

use jiff::tz::TimeZone;
use jiff::{SignedDuration, Timestamp};

use super::code::stored_words;
use super::duration::Period;
use super::recipient::{How, Occasion, Recipient};
use crate::ids::{RequestId, StaffId, TellingId};

/// Whoever is to be told should be so within this time: the law wants it without undue delay, and
/// the promise to people is as long.
pub const TELL_WITHIN: SignedDuration = SignedDuration::from_hours(72);

/// Staff are reminded so often of who was not told.
pub const REMIND_EVERY: SignedDuration = SignedDuration::from_hours(7 * 24);

stored_words!(Topic {
    Deletion = "deletion",
    Correction = "correction",
    Restriction = "restriction",
    Lifting = "lifting",
    Forward = "forward",
});

/// What there is to tell.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Topic {
    /// Data were deleted.
    Deletion,
    /// Data were corrected.
    Correction,
    /// The use of data was restricted.
    Restriction,
    /// The restriction was lifted.
    Lifting,
    /// Somebody asks for data that it decides over and that we hold on its behalf.
    Forward,
}

impl Topic {
    /// What data maps call it; nothing where it is not for those who received data.
    pub const fn occasion(self) -> Option<Occasion> {
        match self {
            Self::Deletion => Some(Occasion::Deletion),
            Self::Correction => Some(Occasion::Correction),
            Self::Restriction | Self::Lifting => Some(Occasion::Restriction),
            Self::Forward => None,
        }
    }
}

/// How far it is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Progress {
    /// Nobody has told the recipient.
    Untold,
    /// It was told.
    Told,
    /// It was told, and has acknowledged it.
    Acknowledged,
}

/// One recipient, to be told of one thing.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Telling {
    /// Its id.
    pub id: TellingId,
    /// Of which request.
    pub request: RequestId,
    /// The recipient's id in the data maps.
    pub recipient: String,
    /// Its name.
    pub name: String,
    /// What there is to tell.
    pub topic: Topic,
    /// How it is told, or was; `None` where no map said so.
    pub how: Option<How>,
    /// Within which time it has to acknowledge.
    pub acknowledge: Option<Period>,
    /// When it came up.
    pub made_at: Timestamp,
    /// Until when it has to be told or, after that, has to acknowledge; `None` when nothing is owed.
    pub due_at: Option<Timestamp>,
    /// When it was told.
    pub told_at: Option<Timestamp>,
    /// Who told it.
    pub told_by: Option<StaffId>,
    /// When it acknowledged.
    pub acknowledged_at: Option<Timestamp>,
    /// When staff were last reminded.
    pub alerted_at: Option<Timestamp>,
}

impl Telling {
    /// One that has just come up.
    pub fn new(
        id: TellingId,
        request: RequestId,
        of: &Recipient,
        topic: Topic,
        now: Timestamp,
    ) -> Self {
        Self {
            id,
            request,
            recipient: of.id.clone(),
            name: of.name.clone(),
            topic,
            how: of.how.clone(),
            acknowledge: of.acknowledge,
            made_at: now,
            due_at: Some(now + TELL_WITHIN),
            told_at: None,
            told_by: None,
            acknowledged_at: None,
            alerted_at: None,
        }
    }

    /// How far it is.
    pub const fn progress(&self) -> Progress {
        match (self.told_at, self.acknowledged_at) {
            (_, Some(_)) => Progress::Acknowledged,
            (Some(_), None) => Progress::Told,
            (None, None) => Progress::Untold,
        }
    }

    /// Somebody has told it. From now on its time to acknowledge runs, on the calendar of `zone`.
    /// False when it was told before.
    pub fn tell(&mut self, by: StaffId, now: Timestamp, zone: &TimeZone) -> bool {
        if self.progress() != Progress::Untold {
            return false;
        }
        (self.told_at, self.told_by) = (Some(now), Some(by));
        self.due_at = self.acknowledge.map(|within| within.after(now, zone));
        self.alerted_at = None;
        true
    }

    /// It has acknowledged. False when it did before, or was never told.
    pub fn acknowledge(&mut self, now: Timestamp) -> bool {
        if self.progress() != Progress::Told {
            return false;
        }
        self.acknowledged_at = Some(now);
        self.due_at = None;
        true
    }

    /// Whether staff are to be reminded now: again and again of who was not told, once of who has
    /// not acknowledged, which is not in their hands.
    pub fn wants_reminder(&self, now: Timestamp) -> bool {
        self.due_at.is_some_and(|due| due <= now)
            && self.alerted_at.is_none_or(|told| {
                self.progress() == Progress::Untold && told + REMIND_EVERY <= now
            })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use uuid::Uuid;

    fn at(hours: i64) -> Timestamp {
        let start: Timestamp = "2026-03-02T10:00:00Z".parse().unwrap();
        start + SignedDuration::from_hours(hours)
    }

    fn telling(acknowledge: Option<&str>) -> Telling {
        let recipient = Recipient {
            acknowledge: acknowledge.and_then(|text| Period::parse(text).ok()),
            ..Recipient::named("Parcel service")
        };
        let (id, request) = (TellingId(Uuid::nil()), RequestId(Uuid::nil()));
        Telling::new(id, request, &recipient, Topic::Deletion, at(0))
    }

    #[test]
    fn one_is_told_once_and_acknowledges_once_and_not_before() {
        let by = StaffId(Uuid::nil());
        let mut one = telling(Some("30d"));
        assert!(!one.acknowledge(at(1)), "it knows nothing yet");
        assert!(one.tell(by, at(2), &TimeZone::UTC) && !one.tell(by, at(3), &TimeZone::UTC));
        assert_eq!((one.progress(), one.due_at), (Progress::Told, Some(at(2 + 30 * 24))));
        assert!(one.acknowledge(at(4)) && !one.acknowledge(at(5)));
        assert_eq!((one.progress(), one.due_at), (Progress::Acknowledged, None));
        let mut two = telling(None);
        two.tell(by, at(2), &TimeZone::UTC);
        assert_eq!(two.due_at, None, "nothing is wanted of it");
    }

    #[test]
    fn staff_are_reminded_weekly_of_the_untold_and_once_of_the_silent() {
        let mut one = telling(Some("30d"));
        assert!(!one.wants_reminder(at(71)) && one.wants_reminder(at(72)));
        one.alerted_at = Some(at(72));
        assert!(!one.wants_reminder(at(72 + 7 * 24 - 1)) && one.wants_reminder(at(72 + 7 * 24)));
        one.tell(StaffId(Uuid::nil()), at(100), &TimeZone::UTC);
        let silent = 100 + 30 * 24;
        assert!(!one.wants_reminder(at(silent - 1)) && one.wants_reminder(at(silent)));
        one.alerted_at = Some(at(silent));
        assert!(!one.wants_reminder(at(silent + 1_000)));
    }

    #[test]
    fn the_end_of_a_restriction_is_for_whoever_is_told_of_restrictions() {
        assert_eq!(Topic::Lifting.occasion(), Some(Occasion::Restriction));
        for occasion in Occasion::ALL {
            let topic = Topic::parse(occasion.as_str()).unwrap();
            assert_eq!(topic.occasion(), Some(*occasion));
        }
    }
}
