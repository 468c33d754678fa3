//! Chance that repeats itself: the same seed throws the same dice, on every machine.

/// What the whole sample company is drawn from.
const SEED: u64 = 0x0067_6c69_6d6d_6572;

/// The generator `SplitMix64` (Steele, Lea and Flood, OOPSLA 2014). Quick even without
/// optimisation, which the hashing `SeededEntropy` is not; guards nothing.
#[derive(Debug, Clone)]
pub(super) struct Dice(u64);

impl Dice {
    /// Dice for one thing, whatever was thrown for the others before.
    pub(super) fn of(number: i64) -> Self {
        let mut dice = Self(SEED ^ number.cast_unsigned().wrapping_mul(0x2545_f491_4f6c_dd1d));
        dice.next();
        dice
    }

    /// Any 64 bits.
    pub(super) fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A whole number from `low` up to, not including, `high`; `low` where there is nothing between.
    pub(super) fn from(&mut self, low: i32, high: i32) -> i32 {
        let width = i64::from(high.saturating_sub(low).max(1));
        let [a, b, c, d, ..] = self.next().to_le_bytes();
        let drawn = (i64::from(u32::from_le_bytes([a, b, c, d])) * width) >> 32;
        low + i32::try_from(drawn).expect("less than the width, which is an i32")
    }

    /// Whether something happens that happens `percent` times in a hundred.
    pub(super) fn happens(&mut self, percent: i32) -> bool {
        self.from(0, 100) < percent
    }

    /// One of several, each equally likely.
    ///
    /// # Panics
    /// When there is none.
    pub(super) fn pick<'a, T: ?Sized>(&mut self, from: &[&'a T]) -> &'a T {
        let many = i32::try_from(from.len()).expect("short lists");
        from[usize::try_from(self.from(0, many)).expect("never below nought")]
    }

    /// Random bytes.
    pub(super) fn bytes<const N: usize>(&mut self) -> [u8; N] {
        let mut bytes = [0; N];
        for chunk in bytes.chunks_mut(8) {
            chunk.copy_from_slice(&self.next().to_le_bytes()[..chunk.len()]);
        }
        bytes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_number_throws_the_same_dice() {
        let throw = |number| Dice::of(number).bytes::<20>();
        assert_eq!(throw(1), throw(1));
        assert_ne!(throw(1), throw(2));
    }

    #[test]
    fn a_throw_stays_between_its_bounds_and_reaches_both() {
        let mut dice = Dice::of(7);
        let thrown: Vec<i32> = (0..2_000).map(|_| dice.from(-3, 3)).collect();
        assert_eq!(thrown.iter().min(), Some(&-3));
        assert_eq!(thrown.iter().max(), Some(&2));
        assert_eq!(dice.from(5, 5), 5);
    }
}
