//! Choices that a seed repeats.

use std::hash::{BuildHasher, RandomState};
use std::time::Duration;

use rightsdesk::ids::{Entropy, SeededEntropy};

use crate::support::setting;

/// Where a run's choices come from.
#[derive(Debug)]
pub(crate) struct Dice {
    source: SeededEntropy,
    seed: u64,
}

impl Dice {
    /// From `RIGHTSDESK_TEST_SEED`, else another one each time; printed, so that a failure names it.
    pub(crate) fn new(of: &str) -> Self {
        let given = setting("RIGHTSDESK_TEST_SEED").map(|seed| seed.parse().unwrap());
        let seed = given.unwrap_or_else(|| RandomState::new().hash_one(of) >> 32);
        println!("{of}: RIGHTSDESK_TEST_SEED={seed}");
        Self { source: SeededEntropy::new(seed), seed }
    }

    /// Others, which depend on the seed alone and not on what was drawn before.
    pub(crate) fn branch(&self, number: u64) -> Self {
        let seed = self.seed.wrapping_mul(1_000_003).wrapping_add(number + 1);
        Self { source: SeededEntropy::new(seed), seed }
    }

    /// A number below `end`.
    pub(crate) fn below(&self, end: u64) -> u64 {
        let entropy: &dyn Entropy = &self.source;
        u64::from_be_bytes(entropy.bytes()) % end
    }

    /// True so many times in a hundred.
    pub(crate) fn percent(&self, of: u64) -> bool {
        self.below(100) < of
    }

    /// One of them.
    pub(crate) fn pick<'a, T>(&self, of: &'a [T]) -> &'a T {
        &of[usize::try_from(self.below(of.len() as u64)).unwrap()]
    }

    /// A while between two bounds, in milliseconds.
    pub(crate) fn millis(&self, from: u64, to: u64) -> Duration {
        Duration::from_millis(from + self.below(to - from))
    }
}
