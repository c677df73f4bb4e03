//! Whether a string is made of words, or looks random.
//!
//! Owns a small model of how letters follow each other in words and in names of source code.

use super::lanes::{LANES, Lanes};

/// For each letter, which letters often follow it in words: bit 0 for `a`.
///
/// # Source
/// Counted over the words of this project's documents and sources and of the manuals and modules
/// of Perl and Python, each word once: these 310 of 676 pairs are 96.5 % of all. Random letters
/// hit one of them in 46 % of cases.
const FOLLOWS: [u32; 26] = [
    0x01fe_bd6f,
    0x0116_4b15,
    0x011e_5d9d,
    0x0116_493b,
    0x01ef_f9ff,
    0x011e_4935,
    0x0016_79d1,
    0x011a_4911,
    0x02ae_f87f,
    0x0010_0011,
    0x0004_0110,
    0x013c_c93d,
    0x0014_d913,
    0x013c_6dfd,
    0x007e_fd6f,
    0x011e_c995,
    0x0010_0800,
    0x013e_fd7f,
    0x015d_fdb5,
    0x015e_d9bd,
    0x000e_f97f,
    0x0000_4111,
    0x0006_6191,
    0x0008_8114,
    0x000c_b910,
    0x0000_0110,
];

/// Share of usual pairs of letters in words, in percent; random strings stay below.
const USUAL: usize = 78;

/// What was counted in a string.
#[derive(Debug, Default)]
struct Counts {
    digits: usize,
    letters: usize,
    /// Stretches of letters; a capital letter after a small one begins one.
    pieces: usize,
    /// Digits directly between letters.
    sandwiches: usize,
}

/// Whether a string is made of words, as names and prose are: `refresh_token`, `getSha256Hash`.
///
/// Strings of few letters and no digits count as words: nothing says that they are random.
pub(crate) fn is_wordy(text: &[u8]) -> bool {
    is_wordy_of(text, Lanes::of(text))
}

/// The same, if it is known what the first bytes are.
pub(crate) fn is_wordy_of(text: &[u8], lanes: Lanes) -> bool {
    let mut counts = Counts::default();
    let mut before = Before::default();
    counts.add(lanes, &mut before);
    for part in text.chunks(LANES).skip(1) {
        counts.add(Lanes::of(part), &mut before);
    }
    let many_digits = counts.digits > (text.len() / 5).max(3);
    let enough = counts.letters >= 8 || counts.letters >= 4 && counts.digits >= 2;
    let short_pieces = enough && counts.letters * 2 < counts.pieces * 5;
    if many_digits || short_pieces || counts.sandwiches >= 2 {
        return false;
    }
    usual(text) * 100 >= (counts.letters - counts.pieces) * USUAL
}

/// What stands before 64 bytes; each is one bit, the lowest.
#[derive(Debug, Clone, Copy, Default)]
struct Before {
    lower: u64,
    letter: u64,
    /// Digits, and before them a letter.
    digits_after_letter: u64,
}

impl Counts {
    fn add(&mut self, lanes: Lanes, before: &mut Before) {
        let Lanes { digit, lower, .. } = lanes;
        let letter = lanes.letter();
        let after_letter = letter << 1 | before.letter;
        let after_lower = lower << 1 | before.lower;
        let pieces = letter & !after_letter | lanes.upper & after_lower;
        // One is carried through each run of digits, and comes out behind it.
        let entered = digit & after_letter | before.digits_after_letter;
        let (left, carried) = digit.overflowing_add(entered);
        self.digits += digit.count_ones() as usize;
        self.letters += letter.count_ones() as usize;
        self.pieces += pieces.count_ones() as usize;
        self.sandwiches += (left & !digit & letter).count_ones() as usize;
        *before = Before {
            lower: lower >> 63,
            letter: letter >> 63,
            digits_after_letter: u64::from(carried),
        };
    }
}

/// How many letters follow another of the same piece, as they often do in words.
fn usual(text: &[u8]) -> usize {
    let pairs = text.iter().zip(text.get(1..).unwrap_or_default());
    let is_usual = |(before, byte): (&u8, &u8)| {
        let is_hump = before.is_ascii_lowercase() & byte.is_ascii_uppercase();
        let are_letters = before.is_ascii_alphabetic() & byte.is_ascii_alphabetic();
        are_letters & !is_hump & follows(*before, *byte)
    };
    pairs.map(|pair| usize::from(is_usual(pair))).sum()
}

/// Whether a letter often follows another; anything if they are no letters.
#[inline]
fn follows(first: u8, second: u8) -> bool {
    let row = ROWS.get(usize::from(first & 31)).copied().unwrap_or(0);
    row >> (second & 31) & 1 == 1
}

/// [`FOLLOWS`] by the last five bits of a letter, and so its bits.
static ROWS: [u32; 32] = rows();

#[expect(clippy::indexing_slicing, reason = "26 of 32; `get` is not const")]
const fn rows() -> [u32; 32] {
    let mut rows = [0; 32];
    let mut letter = 0;
    while letter < FOLLOWS.len() {
        rows[letter + 1] = FOLLOWS[letter] << 1;
        letter += 1;
    }
    rows
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// The same, byte by byte.
    fn is_wordy_by_bytes(text: &[u8]) -> bool {
        let (mut digits, mut letters, mut pieces, mut sandwiches) = (0, 0, 0, 0);
        let (mut pairs, mut usual) = (0, 0);
        let mut before = 0_u8;
        let mut since_letter = false;
        for &byte in text {
            let (is_digit, is_letter) = (byte.is_ascii_digit(), byte.is_ascii_alphabetic());
            let is_hump = before.is_ascii_lowercase() && byte < b'a';
            let is_piece = is_letter && (!before.is_ascii_alphabetic() || is_hump);
            let is_pair = is_letter && !is_piece;
            digits += usize::from(is_digit);
            letters += usize::from(is_letter);
            sandwiches += usize::from(is_letter && since_letter && before.is_ascii_digit());
            pieces += usize::from(is_piece);
            pairs += usize::from(is_pair);
            usual += usize::from(is_pair && follows(before, byte));
            since_letter = is_letter || since_letter && is_digit;
            before = byte;
        }
        let many_digits = digits > (text.len() / 5).max(3);
        let enough = letters >= 8 || letters >= 4 && digits >= 2;
        let short_pieces = enough && letters * 2 < pieces * 5;
        !many_digits && !short_pieces && sandwiches < 2 && usual * 100 >= pairs * USUAL
    }

    proptest! {
        #[test]
        fn many_bytes_at_once_are_as_wordy_as_one_by_one(
            text in "([a-z]{1,9}|[A-Z]{1,4}|[0-9]{1,70}|[a-zA-Z0-9]{1,60}|[_.é -]){0,30}",
        ) {
            prop_assert_eq!(is_wordy(text.as_bytes()), is_wordy_by_bytes(text.as_bytes()), "{}", text);
        }
    }

    #[test]
    fn names_and_prose_are_words() {
        for text in [
            "refresh_token",
            "userProfileService",
            "getSha256Hash",
            "application/json",
            "CancellationToken",
            "DATABASE_CONNECTION",
            "us-east-1",
            "the quick brown fox",
            "password",
            "x",
        ] {
            assert!(is_wordy(text.as_bytes()), "{text}");
        }
    }

    #[test]
    fn random_strings_are_none() {
        for text in [
            "aB1cD2eF3gH4",
            "0123456789abcdef0123456789abcdef",
            "wJalrXUtnFEMI/K7MDENG/bPxRfiCYzzzzzzKEY",
            "xkqzvwjhgfdpbnmt",
            "k3j4h5g6f7",
            "QwZrTpLkXvBnMzHg",
            "3f2504e0-4f89-11d3-9a0c-0305e82c3301",
        ] {
            assert!(!is_wordy(text.as_bytes()), "{text}");
        }
    }
}
