//! Where literals may stand: a table with a bit for each four bytes that one of them has.
//!
//! Owns: which four bytes of a literal are looked for, and the table. Three of the bytes choose a
//! word of the table, the fourth a bit in it; a literal of three bytes has all bits of its word.
//! A thousand literals fill it to a few hundredths, where a search by shuffled vectors would
//! stop at every other letter.
//!
//! Small and capital letters are the same here. Guesses are too many and never too few.

use super::literals::Literal;

/// Bytes of a literal that are looked for.
pub(super) const WINDOW: usize = 4;
/// Bytes that are judged at once, one bit each.
pub(super) const BLOCK: usize = 64;
/// Bytes that judging a block reads.
pub(super) const READ: usize = BLOCK + WINDOW;

/// Words of the table, as a power of two.
const BITS: u32 = 12;
const WORDS: usize = 1 << BITS;
/// The bit that tells small letters from capitals, in each byte.
const FOLD: u64 = 0x2020_2020_2020_2020;
const THREE: u64 = 0x00FF_FFFF;

/// How often a byte comes in 10,000 of prose, code, JSON and logs, by its halves; counted over
/// this repository's documents and sources, and over made-up JSON and logs.
const COMMON: [[u16; 16]; 8] = [
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 220, 0, 0, 0, 0, 0],
    [0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0],
    [
        2027, 2, 191, 16, 1, 3, 2, 29, 40, 40, 11, 2, 131, 74, 119, 58,
    ],
    [
        135, 90, 119, 41, 40, 42, 41, 23, 24, 32, 151, 11, 6, 71, 10, 1,
    ],
    [1, 27, 4, 9, 8, 16, 18, 3, 5, 23, 1, 2, 8, 6, 25, 22],
    [10, 1, 12, 13, 37, 5, 3, 4, 1, 1, 19, 12, 2, 12, 1, 95],
    [
        82, 432, 73, 196, 228, 706, 124, 87, 206, 381, 6, 42, 210, 145, 347, 357,
    ],
    [
        162, 21, 378, 433, 590, 161, 65, 71, 31, 79, 5, 10, 93, 10, 1, 1,
    ],
];

/// The table, and for each literal how many of its bytes stand before those that are looked for.
#[derive(Debug)]
pub(super) struct Sieve {
    words: Box<[u64; WORDS]>,
}

impl Sieve {
    /// The table for these literals, and for each how many bytes stand before its window.
    pub(super) fn new(literals: &[Literal]) -> (Self, Vec<u8>) {
        let mut sieve = Self {
            words: Box::new([0; WORDS]),
        };
        let backs = literals.iter().map(|literal| sieve.add(&literal.text));
        let backs = backs.collect();
        (sieve, backs)
    }

    fn add(&mut self, literal: &[u8]) -> u8 {
        let windows = literal.windows(WINDOW).enumerate();
        let rarest = windows.min_by(|(_, a), (_, b)| odds(a).total_cmp(&odds(b)));
        match (rarest, literal) {
            (Some((back, window)), _) => {
                let (word, bit) = place(value(window));
                self.set(word, 1 << bit);
                u8::try_from(back).unwrap_or(u8::MAX)
            }
            (None, [first, second]) => {
                for third in 0..=u8::MAX {
                    let (word, _) = place(value(&[*first, *second, third]));
                    self.set(word, u64::MAX);
                }
                0
            }
            (None, short) => {
                let (word, _) = place(value(short));
                self.set(word, u64::MAX);
                0
            }
        }
    }

    fn set(&mut self, word: usize, bits: u64) {
        if let Some(word) = self.words.get_mut(word) {
            *word |= bits;
        }
    }

    /// The places among the first 64 bytes where a literal may have its window.
    #[inline(always)]
    pub(super) fn guesses(&self, bytes: &[u8; READ]) -> u64 {
        let mut mask = 0;
        for at in (0..BLOCK).step_by(WINDOW) {
            let eight = bytes.get(at..).and_then(<[u8]>::first_chunk::<8>);
            let eight = eight.map_or(0, |eight| u64::from_le_bytes(*eight)) | FOLD;
            for offset in 0..WINDOW {
                let (word, bit) = place(eight >> (8 * offset));
                let word = self.words.get(word).copied().unwrap_or(0);
                mask |= (word >> bit & 1) << (at + offset);
            }
        }
        mask
    }
}

/// The word and the bit of four bytes whose letters are folded.
#[inline(always)]
fn place(four: u64) -> (usize, u32) {
    let three = (four & THREE) as u32;
    let word = three.wrapping_mul(0x9E37_79B1) >> (32 - BITS);
    (word as usize, (four >> 24) as u32 & 63)
}

/// At most four bytes as a number, with folded letters.
fn value(bytes: &[u8]) -> u64 {
    let bytes = bytes.iter().take(WINDOW).rev();
    bytes.fold(0, |value, byte| value << 8 | u64::from(*byte)) | FOLD
}

/// How often four bytes would come by chance.
fn odds(window: &[u8]) -> f32 {
    let often = |byte: u8| {
        let row = COMMON.get(usize::from(byte >> 4));
        let count = row.and_then(|row| row.get(usize::from(byte & 15)));
        // Bytes that never came here may come elsewhere.
        f32::from(count.copied().unwrap_or(0)) + 1.0
    };
    let folded = |byte: &u8| match byte.is_ascii_alphabetic() {
        true => often(*byte) + often(*byte ^ 0x20),
        false => often(*byte),
    };
    window.iter().map(folded).product()
}
