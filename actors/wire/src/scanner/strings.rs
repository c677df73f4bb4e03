//! The inside of JSON strings, fast.
//!
//! Eight bytes at a time for the first stretch, since most strings are short and a call of a
//! vector search costs more than they are long; then a vector search for the next quote or
//! backslash, with the check for control characters in a second loop that the compiler vectorises.
//! Source code has an escape every eight bytes, so the short ones are passed in the same loop.

use crate::escape::{hex4, is_short_escape, needs_escape, unit};

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

/// Bytes that are searched for the end of a string before all else.
const SHORT: usize = 24;

/// Length of the inside of the string at the start of `bytes`, if it is short and has no escapes.
#[inline(always)]
pub(super) fn short(bytes: &[u8]) -> Option<usize> {
    let (mut rest, mut len) = (bytes, 0);
    while len < SHORT {
        let (word, after) = rest.split_first_chunk::<8>()?;
        let marks = special_marks(u64::from_le_bytes(*word));
        if marks != 0 {
            len += (marks.trailing_zeros() / 8) as usize;
            return (bytes.get(len) == Some(&b'"')).then_some(len);
        }
        (rest, len) = (after, len + 8);
    }
    None
}

/// What stands between the quotes of a string, as far as JSON allows it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Inside {
    /// Its length in the document: up to the closing quote, to what may not stand there, or to the
    /// end.
    pub(super) len: usize,
    /// How many bytes its escapes are longer than what they stand for.
    pub(super) excess: usize,
}

/// Passes the inside of the string at the start of `bytes`.
pub(super) fn inside(bytes: &[u8]) -> Inside {
    let (mut rest, mut excess, mut near) = (bytes, 0, 0);
    // Whether the first of the next eight bytes belongs to an escape. Words begin at places that
    // do not depend on the escapes before them, so the processor reads ahead.
    let mut is_taken = false;
    while let Some((word, after)) = rest.split_first_chunk::<8>() {
        let marks = special_marks(u64::from_le_bytes(*word)) & !(u64::from(is_taken) * 0xff);
        is_taken = false;
        if marks != 0 {
            near = 0;
            let word = pass_word(rest, after, marks);
            (rest, excess, is_taken) = (word.next, excess + word.more, word.is_torn);
            if word.is_over {
                return Inside::before(rest, bytes, excess);
            }
            continue;
        }
        rest = after;
        near += 1;
        if near == NEAR / 8 {
            rest = rest.get(far_run(rest)..).unwrap_or_default();
            near = 0;
        }
    }
    rest = rest.get(usize::from(is_taken)..).unwrap_or_default();
    loop {
        rest = rest.get(plain_run(rest)..).unwrap_or_default();
        match pass_escape(rest) {
            Some((after, more)) => (rest, excess) = (after, excess + more),
            None => return Inside::before(rest, bytes, excess),
        }
    }
}

/// What eight bytes come to.
struct Word<'a> {
    /// What is to be read next.
    next: &'a [u8],
    /// How much longer their escapes are than what those stand for.
    more: usize,
    /// Whether the first byte of `next` belongs to an escape that begins before.
    is_torn: bool,
    /// Whether `next` is what ends the string, or may not stand in one.
    is_over: bool,
}

/// Passes the first eight bytes of `rest`, of which `marks` says which may be special.
#[inline(always)]
fn pass_word<'a>(rest: &'a [u8], after: &'a [u8], mut marks: u64) -> Word<'a> {
    let mut word = Word {
        next: after,
        more: 0,
        is_torn: false,
        is_over: false,
    };
    while marks != 0 {
        let place = marks.trailing_zeros() / 8;
        let special = rest.get(place as usize..).unwrap_or_default();
        match special {
            [b'"', ..] => {
                word.is_over = true;
                return Word {
                    next: special,
                    ..word
                };
            }
            [b'\\', letter, ..] if is_short_escape(*letter) => {
                word.more += 1;
                word.is_torn = place == 7;
                marks &= !(0xffff_u64 << (8 * place));
            }
            // Only the lowest mark is sure.
            [byte, ..] if !needs_escape(*byte) => marks &= marks - 1,
            _ => {
                let longer = pass_units(special).or_else(|| pass_escape(special));
                let (next, more) = longer.unwrap_or((special, 0));
                word.more += more;
                word.is_over = longer.is_none();
                return Word { next, ..word };
            }
        }
    }
    word
}

/// As [`pass_escape`], for all escapes of four digits at the start that are a character each: who
/// escapes one letter mostly escapes the whole word.
#[inline]
fn pass_units(bytes: &[u8]) -> Option<(&[u8], usize)> {
    let (mut rest, mut more) = (bytes, 0);
    while let Some((unit, after)) = unit(rest) {
        more += 3 + usize::from(unit < 0x800) + usize::from(unit < 0x80);
        rest = after;
    }
    (more > 0).then_some((rest, more))
}

impl Inside {
    fn before(rest: &[u8], bytes: &[u8], excess: usize) -> Self {
        let len = bytes.len() - rest.len();
        Self { len, excess }
    }
}

/// What follows the escape at the start, and how much longer it is than what it stands for; `None`
/// if there is none that JSON knows.
#[inline]
fn pass_escape(bytes: &[u8]) -> Option<(&[u8], usize)> {
    match bytes {
        [b'\\', letter, after @ ..] if is_short_escape(*letter) => Some((after, 1)),
        [b'\\', ..] => {
            let (len, excess) = escape_len(bytes)?;
            Some((bytes.get(len..)?, excess))
        }
        _ => None,
    }
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
fn escape_len(bytes: &[u8]) -> Option<(usize, usize)> {
    match bytes.get(1)? {
        b'u' => Some(unicode_len(hex4(bytes.get(2..6)?)?, bytes.get(6..12))),
        letter if is_short_escape(*letter) => Some((2, 1)),
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

    /// The same, a byte at a time.
    fn slow_inside(bytes: &[u8]) -> Inside {
        let (mut len, mut excess) = (0, 0);
        loop {
            let rest = bytes.get(len..).unwrap_or_default();
            let escape = rest.first().filter(|byte| **byte == b'\\');
            match (rest.first(), escape.and_then(|_| escape_len(rest))) {
                (_, Some((used, more))) => (len, excess) = (len + used, excess + more),
                (Some(byte), None) if !needs_escape(*byte) => len += 1,
                _ => return Inside { len, excess },
            }
        }
    }

    #[test]
    fn every_escape_at_every_place_is_passed_or_stops() {
        for escape in [
            r"\n",
            r"\u0041",
            r"\u0041\u00e9\u20acx",
            r"\u20ac\ud83d\ude00\u0041",
            r"\ud83d\ude00",
            r"\ud83d",
            r"\ude00\ud83dx",
            r"\u0000",
            r"\x",
            r"\u12g4",
            "\\",
            r"\u12",
            "\"",
            "\n",
            "\\\n",
            "",
        ] {
            for before in 0..=80 {
                for after in [0, 1, 7, 8, 9, 70] {
                    let text = format!("{}{escape}{}", "x".repeat(before), "y".repeat(after));
                    let (fast, slow) = (inside(text.as_bytes()), slow_inside(text.as_bytes()));
                    assert_eq!(fast, slow, "{text}");
                    if let Some(len) = short(text.as_bytes()) {
                        assert_eq!(slow, Inside { len, excess: 0 }, "{text}");
                        assert_eq!(text.as_bytes()[len], b'"', "{text}");
                    }
                }
            }
        }
    }

    proptest! {
        #[test]
        fn insides_are_the_same_fast_and_slow(
            pieces in proptest::collection::vec(proptest::sample::select(vec![
                "a", "word ", "é", "\\n", "\\\"", "\\\\", "\\u00e9", "\\ud83d", "\\ude00", "\\u", "\\",
                "\"", "\t", "a longer stretch of text without anything in it, which goes on and on and on",
            ]), 0..40),
        ) {
            let text = pieces.concat();
            prop_assert_eq!(inside(text.as_bytes()), slow_inside(text.as_bytes()));
        }

        #[test]
        fn fast_and_slow_agree(bytes in proptest::collection::vec(any::<u8>(), 0..300)) {
            prop_assert_eq!(plain_run(&bytes), slow_run(&bytes));
        }
    }
}
