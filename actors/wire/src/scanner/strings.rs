//! The inside of JSON strings, fast.
//!
//! Eight bytes at a time for the first stretch, since most strings are short and a call of a
//! vector search costs more than they are long; then a vector search for the next quote or
//! backslash, with the check for control characters in a second loop that the compiler vectorises.

use crate::escape::{hex4, needs_escape};

const ONES: u64 = 0x0101_0101_0101_0101;
const HIGH: u64 = 0x8080_8080_8080_8080;

/// Bytes that are searched word by word before the vector search takes over.
const NEAR: usize = 64;

/// Length of the run at the start of `bytes` that needs no attention: up to the next quote,
/// backslash or control character.
#[inline]
pub(crate) fn plain_run(bytes: &[u8]) -> usize {
    let (words, tail) = bytes.as_chunks::<8>();
    for (number, word) in words.iter().take(NEAR / 8).enumerate() {
        let marks = special_marks(u64::from_le_bytes(*word));
        if marks != 0 {
            return number * 8 + (marks.trailing_zeros() / 8) as usize;
        }
    }
    if words.len() < NEAR / 8 {
        let plain = tail.iter().take_while(|byte| !needs_escape(**byte)).count();
        return words.len() * 8 + plain;
    }
    NEAR + far_run(bytes.get(NEAR..).unwrap_or_default())
}

/// Sets the high bit of each byte that is special; exact for the lowest one, which is all we ask.
#[inline]
fn special_marks(word: u64) -> u64 {
    let quote = word ^ (ONES * 0x22);
    let backslash = word ^ (ONES * 0x5c);
    let below = |word: u64, bound: u64| word.wrapping_sub(ONES * bound) & !word;
    (below(word, 0x20) | below(quote, 1) | below(backslash, 1)) & HIGH
}

fn far_run(bytes: &[u8]) -> usize {
    let len = memchr::memchr2(b'"', b'\\', bytes).unwrap_or(bytes.len());
    let run = bytes.get(..len).unwrap_or_default();
    let any_control = run.iter().fold(false, |any, byte| any | (*byte < 0x20));
    if any_control {
        return run.iter().position(|byte| *byte < 0x20).unwrap_or(len);
    }
    len
}

/// Length of the escape at the start of `bytes`, and how much longer it is than the UTF-8 of what
/// it stands for. `None` if JSON does not know it.
pub(super) fn escape_len(bytes: &[u8]) -> Option<(usize, usize)> {
    match bytes.get(1)? {
        b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't' => Some((2, 1)),
        b'u' => Some(unicode_len(hex4(bytes.get(2..6)?)?, bytes.get(6..12))),
        _ => None,
    }
}

fn unicode_len(unit: u16, follower: Option<&[u8]>) -> (usize, usize) {
    let low = match follower {
        Some([b'\\', b'u', digits @ ..]) => hex4(digits),
        _ => None,
    };
    match (unit, low) {
        (0xd800..=0xdbff, Some(0xdc00..=0xdfff)) => (12, 8),
        (0..=0x7f, _) => (6, 5),
        (0x80..=0x7ff, _) => (6, 4),
        // Three bytes of UTF-8, lone surrogates included: they are read as U+FFFD.
        _ => (6, 3),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn slow_run(bytes: &[u8]) -> usize {
        bytes
            .iter()
            .take_while(|byte| !needs_escape(**byte))
            .count()
    }

    #[test]
    fn every_place_of_every_byte_is_found() {
        for len in [0, 1, 7, 8, 9, 63, 64, 65, 80, 200] {
            for at in 0..len {
                for byte in 0..=255_u8 {
                    let mut bytes = vec![b'x'; len];
                    bytes[at] = byte;
                    assert_eq!(
                        plain_run(&bytes),
                        slow_run(&bytes),
                        "{byte} at {at} of {len}"
                    );
                }
            }
        }
    }

    proptest! {
        #[test]
        fn fast_and_slow_agree(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(plain_run(&bytes), slow_run(&bytes));
        }
    }
}
