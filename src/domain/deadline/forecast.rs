//! Whether what still has to be done fits before a date.

use jiff::{SignedDuration, Timestamp};

/// What still lies before the answer. The lengths are what a careful office needs, not what a good
/// day takes: the warning is to come while something can still be done.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remaining {
    /// The stores are still being asked: a day.
    pub gathering: bool,
    /// People who still have to look: a day each.
    pub reviews: u8,
    /// Time to change one's mind that is not over.
    pub cooling_off: SignedDuration,
    /// It is still to be carried out, or its archive to be made: a day.
    pub executing: bool,
}

const STEP: SignedDuration = SignedDuration::from_hours(24);

impl Remaining {
    /// How long all of it takes. Cooling-off runs beside the reviews, so the longer of the two counts.
    pub fn needed(&self) -> SignedDuration {
        let step = |is_left: bool| if is_left { STEP } else { SignedDuration::ZERO };
        let reviews = STEP * i32::from(self.reviews);
        step(self.gathering) + reviews.max(self.cooling_off) + step(self.executing)
    }

    /// Whether it would be over after `end`, begun at `now`.
    pub fn misses(&self, now: Timestamp, end: Timestamp) -> bool {
        now.checked_add(self.needed()).is_ok_and(|done| done > end)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_still_has_to_happen_is_added_up() {
        let all = Remaining {
            gathering: true,
            reviews: 2,
            cooling_off: SignedDuration::from_hours(24),
            executing: true,
        };
        assert_eq!(all.needed(), SignedDuration::from_hours(96));
        let long = Remaining { cooling_off: SignedDuration::from_hours(72), ..all };
        assert_eq!(long.needed(), SignedDuration::from_hours(120));
        let end: Timestamp = "2026-04-02T00:00:00Z".parse().unwrap();
        assert!(!all.misses(end - SignedDuration::from_hours(96), end));
        assert!(all.misses(end - SignedDuration::from_hours(95), end));
    }
}
