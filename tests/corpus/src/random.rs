//! Chance that is the same on every machine: one number in, one endless stream of numbers out.
//!
//! Own and small, so that a corpus of today can be made again when libraries have changed.
//! Not for secrets that protect anything.

/// A generator of numbers (SplitMix64).
///
/// # Source
/// Steele, Lea, Flood, "Fast splittable pseudorandom number generators", 2014.
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    #[cfg(test)]
    pub(crate) const fn new(seed: u64) -> Self {
        Self(seed)
    }

    /// A generator of its own for a named part, so that parts do not move each other.
    pub(crate) fn for_part(seed: u64, part: &str) -> Self {
        let mut state = Self(seed ^ 0x6e65_6e79_6121_0000);
        for byte in part.bytes() {
            state = Self(state.next() ^ u64::from(byte));
        }
        state
    }

    pub(crate) const fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `end`; 0 if `end` is.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let end = u64::try_from(end).unwrap_or(u64::MAX).max(1);
        usize::try_from(self.next() % end).unwrap_or(0)
    }

    /// A number from `least` to `most`, both included.
    pub(crate) fn between(&mut self, least: usize, most: usize) -> usize {
        least + self.below(most.saturating_sub(least) + 1)
    }

    /// True once in `times`.
    pub(crate) fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }

    /// One of the words; the empty one if there are none.
    pub(crate) fn pick<'a>(&mut self, words: &[&'a str]) -> &'a str {
        let at = self.below(words.len());
        words.get(at).copied().unwrap_or_default()
    }

    /// A text of `count` letters of an alphabet of ASCII.
    pub(crate) fn text(&mut self, alphabet: &str, count: usize) -> String {
        let letters = alphabet.as_bytes();
        let letter = |random: &mut Self| letters.get(random.below(letters.len())).copied();
        (0..count)
            .filter_map(|_| letter(self))
            .map(char::from)
            .collect()
    }

    /// Digits, the first of which is not 0.
    pub(crate) fn digits(&mut self, count: usize) -> String {
        let first = self.text("123456789", count.min(1));
        first + &self.text("0123456789", count.saturating_sub(1))
    }

    pub(crate) fn hex(&mut self, count: usize) -> String {
        self.text("0123456789abcdef", count)
    }

    pub(crate) fn bytes(&mut self, count: usize) -> Vec<u8> {
        (0..count).map(|_| self.next().to_le_bytes()[0]).collect()
    }

    /// A random UUID, version 4.
    pub(crate) fn uuid(&mut self) -> String {
        let variant = self.pick(&["8", "9", "a", "b"]);
        let [a, b, c, d, e] = [8, 4, 3, 3, 12].map(|count| self.hex(count));
        format!("{a}-{b}-4{c}-{variant}{d}-{e}")
    }

    /// Puts the values into another order.
    pub(crate) fn shuffle<T>(&mut self, values: &mut [T]) {
        for at in (1..values.len()).rev() {
            values.swap(at, self.below(at + 1));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_same_seed_gives_the_same_numbers_for_ever() {
        let mut random = Random::new(1);
        assert_eq!(random.next(), 0x910a_2dec_8902_5cc1);
        assert_eq!(
            Random::for_part(1, "a").next(),
            Random::for_part(1, "a").next()
        );
        assert_ne!(
            Random::for_part(1, "a").next(),
            Random::for_part(1, "b").next()
        );
    }

    #[test]
    fn a_shuffle_keeps_every_value() {
        let mut values: Vec<usize> = (0..100).collect();
        Random::new(7).shuffle(&mut values);
        assert_ne!(values, (0..100).collect::<Vec<_>>());
        values.sort_unstable();
        assert_eq!(values, (0..100).collect::<Vec<_>>());
    }
}
