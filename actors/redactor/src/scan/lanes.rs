//! Which bytes of a text are digits, small letters and capitals: one bit each, 64 at a time.
//! With vectors where the processor has them.
//!
//! Without jumps: what byte comes next in a random text, no processor foresees.

/// Bytes that are told at once.
pub(crate) const LANES: usize = 64;

/// A bit for each of up to 64 bytes, the lowest one for the first.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct Lanes {
    pub(crate) digit: u64,
    pub(crate) lower: u64,
    pub(crate) upper: u64,
}

/// What a word of eight bytes has in each.
const ONES: u64 = 0x0101_0101_0101_0101;
const HIGHS: u64 = ONES << 7;

impl Lanes {
    /// Those of the first 64 bytes of `text`.
    #[inline]
    pub(crate) fn of(text: &[u8]) -> Self {
        let text = text.get(..LANES).unwrap_or(text);
        super::gate::lanes(text).unwrap_or_else(|| Self::by_words(text))
    }

    /// The same for every processor, eight bytes at a time.
    fn by_words(text: &[u8]) -> Self {
        let mut lanes = Self::default();
        let (words, rest) = text.as_chunks::<8>();
        let mut at = 0;
        for word in words {
            lanes.add(*word, at);
            at += 8;
        }
        if !rest.is_empty() {
            let mut last = [0; 8];
            let taken = last.iter_mut().zip(rest);
            taken.for_each(|(to, from)| *to = *from);
            lanes.add(last, at);
        }
        lanes
    }

    #[inline]
    fn add(&mut self, bytes: [u8; 8], at: u32) {
        let bytes = u64::from_le_bytes(bytes);
        let ascii = !bytes & HIGHS;
        let low = bytes & !HIGHS;
        let digit = between(low, b'0', b'9') & ascii;
        let letter = between(low | ONES << 5, b'a', b'z') & ascii;
        let lower = letter & bytes << 2;
        self.digit |= gather(digit) << at;
        self.lower |= gather(lower) << at;
        self.upper |= gather(letter & !lower) << at;
    }

    #[inline]
    pub(crate) fn letter(self) -> u64 {
        self.lower | self.upper
    }
}

/// The highest bit of each byte that is one of these; no byte has it before.
#[inline]
fn between(bytes: u64, first: u8, last: u8) -> u64 {
    let is_not_before = bytes + ONES * u64::from(0x80 - first);
    let is_behind = bytes + ONES * u64::from(0x7F - last);
    is_not_before & !is_behind & HIGHS
}

/// The highest bits of eight bytes, side by side.
#[inline]
fn gather(highs: u64) -> u64 {
    (highs >> 7).wrapping_mul(0x0102_0408_1020_4080) >> 56
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_byte_has_the_lanes_of_its_kind() {
        for byte in 0..=u8::MAX {
            for (len, at) in [
                (1, 0),
                (7, 6),
                (8, 7),
                (20, 17),
                (31, 3),
                (32, 31),
                (33, 32),
                (47, 20),
                (63, 62),
                (64, 63),
                (90, 40),
            ] {
                let mut text = vec![b'!'; len];
                text[at] = byte;
                let bit = |is_so: bool| u64::from(is_so) << at;
                let expected = Lanes {
                    digit: bit(byte.is_ascii_digit()),
                    lower: bit(byte.is_ascii_lowercase()),
                    upper: bit(byte.is_ascii_uppercase()),
                };
                assert_eq!(Lanes::of(&text), expected, "{byte} at {at} of {len}");
                let by_words = Lanes::by_words(text.get(..LANES).unwrap_or(&text));
                assert_eq!(by_words, expected, "{byte} at {at} of {len}");
            }
        }
    }

    #[test]
    fn neighbours_do_not_matter() {
        let text: Vec<u8> = (0..=u8::MAX).rev().collect();
        for (number, part) in text.chunks(LANES).enumerate() {
            let lanes = Lanes::of(part);
            for (at, byte) in part.iter().enumerate() {
                let is = |lane: u64| lane >> at & 1 == 1;
                assert_eq!(is(lanes.digit), byte.is_ascii_digit(), "{number} {at}");
                assert_eq!(is(lanes.lower), byte.is_ascii_lowercase(), "{number} {at}");
                assert_eq!(is(lanes.upper), byte.is_ascii_uppercase(), "{number} {at}");
            }
        }
    }
}
