//! How long to wait before a failed job is tried again.

use std::time::Duration;

const BASE_MS: u64 = 2_000;
const CAP_MS: u64 = 15 * 60 * 1_000;

/// The wait after attempt number `attempt` (from 1): anything between nothing and a ceiling of two
/// seconds that doubles with each attempt up to a quarter of an hour. Spread over the whole span
/// ("full jitter"), so that jobs that failed together do not come back together.
///
/// `random` is any number, each equally likely.
pub fn backoff(attempt: u16, random: u64) -> Duration {
    let doublings = u32::from(attempt.saturating_sub(1)).min(20);
    let ceiling = CAP_MS.min(BASE_MS << doublings);
    Duration::from_millis(random % (ceiling + 1))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::domain::job::Job;
    use crate::ids::MailId;

    fn ceiling(attempt: u16) -> Duration {
        Duration::from_millis((0..20_000).map(|n| n * 7919).fold(0, |most, random| {
            most.max(u64::try_from(backoff(attempt, random).as_millis()).unwrap())
        }))
    }

    #[test]
    fn the_wait_grows_up_to_a_quarter_of_an_hour() {
        assert_eq!(backoff(1, 2_000), Duration::from_secs(2));
        assert_eq!(backoff(2, 4_000), Duration::from_secs(4));
        assert_eq!(backoff(9, 512_000), Duration::from_secs(512));
        assert_eq!(backoff(10, 900_000), Duration::from_mins(15));
        assert!(ceiling(1) < ceiling(3) && ceiling(3) < ceiling(6));
    }

    #[test]
    fn a_mail_outlasts_a_mail_server_that_is_away_for_three_days() {
        let mail = Job::SendMail { mail: MailId(uuid::Uuid::nil()) };
        // On average half of the ceiling; the sum of so many hardly strays from it.
        let waits = (1..mail.max_attempts()).map(|attempt| ceiling(attempt) / 2);
        assert!(waits.sum::<Duration>() > Duration::from_hours(80));
    }

    proptest! {
        #[test]
        fn the_wait_stays_within_its_bounds(attempt: u16, random: u64) {
            prop_assert!(backoff(attempt, random) <= Duration::from_mins(15));
            prop_assert!(backoff(1, random) <= Duration::from_secs(2));
        }
    }
}
