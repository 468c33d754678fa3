//! Time as a parameter. Nothing else in the house reads the system's clock.

use std::fmt::Debug;
use std::sync::Mutex;

use jiff::{SignedDuration, Timestamp};

/// Tells the time. Handed to whoever needs it, so that a test can stop it.
pub trait Clock: Debug + Send + Sync {
    /// The present instant, cut to whole milliseconds, which is what the database keeps.
    fn now(&self) -> Timestamp;
}

/// The machine's clock.
#[derive(Debug, Default, Clone, Copy)]
pub struct SystemClock;

impl Clock for SystemClock {
    fn now(&self) -> Timestamp {
        #[expect(clippy::disallowed_methods, reason = "the one place that reads the clock")]
        whole_millis(Timestamp::now())
    }
}

/// A clock that stands still until it is told to move.
#[derive(Debug)]
pub struct FixedClock(Mutex<Timestamp>);

impl FixedClock {
    /// Starts at `at`, for example `2026-03-01T12:00:00Z`.
    ///
    /// # Panics
    /// When `at` is no RFC 3339 instant.
    pub fn at(at: &str) -> Self {
        Self(Mutex::new(whole_millis(at.parse().expect("an RFC 3339 instant"))))
    }

    /// Moves forward.
    ///
    /// # Panics
    /// When `by` is negative: a clock does not go back.
    pub fn advance(&self, by: SignedDuration) {
        assert!(!by.is_negative(), "a clock does not go back");
        let mut now = self.0.lock().expect("no holder of this lock panics");
        *now += by;
    }
}

impl Clock for FixedClock {
    fn now(&self) -> Timestamp {
        *self.0.lock().expect("no holder of this lock panics")
    }
}

fn whole_millis(at: Timestamp) -> Timestamp {
    Timestamp::from_millisecond(at.as_millisecond()).unwrap_or(at)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fixed_clock_moves_only_when_told() {
        let clock = FixedClock::at("2026-03-01T12:00:00Z");
        let before = clock.now();
        assert_eq!(before, clock.now());
        clock.advance(SignedDuration::from_hours(1));
        assert_eq!(clock.now().to_string(), "2026-03-01T13:00:00Z");
    }

    #[test]
    fn the_system_clock_gives_whole_milliseconds() {
        assert_eq!(SystemClock.now().subsec_nanosecond() % 1_000_000, 0);
    }
}
