//! Where literals may stand: a table of which bytes may stand around two others.
//!
//! Owns: which four bytes of a literal are looked for, its *window*, and the tables. The search
//! looks at every other place only. So a literal of five bytes and more has two windows, one of
//! which begins at such a place wherever the literal does. A shorter one has one, and may begin a
//! byte later than where the search looks.
//!
//! A thousand literals let one place of fifteen pass, where a search by shuffled vectors would
//! stop at every other letter. A second look at those takes away what is left by chance.
//!
//! Small and capital letters are the same here. Guesses are too many and never too few.

use super::literals::Literal;

/// Bytes of a literal that are looked for.
pub(super) const WINDOW: usize = 4;
/// Bytes that are judged at once, one bit each.
pub(super) const BLOCK: usize = 64;
/// Bytes that judging a block reads, whether they count or not.
pub(super) const READ: usize = BLOCK + 8;

/// The bits of a byte that count for the first table; they tell letters from each other, in
/// either case.
pub(super) const LOW: u8 = 31;
/// The bit of a byte of zeros.
const HIGHEST: u32 = 1 << 31;
/// Pairs of such bytes.
const PAIRS: usize = 1 << 10;
/// Words of the tables of the second look.
const LONG: usize = 1 << 10;
const SHORT: usize = 1 << 8;

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

/// The tables, side by side.
#[derive(Debug)]
pub(super) struct Sieve {
    /// By the two bytes in the middle of a window: which bytes stand before them in the low half
    /// and which after them in the high half, the highest bit of a half for a byte of zeros.
    middles: [u64; PAIRS],
    /// Windows with the byte that follows them.
    fives: Bits<LONG>,
    /// Windows that end a literal.
    fours: Bits<SHORT>,
    /// Literals of two and three bytes, in each letter case that they may have.
    short: Bits<SHORT>,
    /// Beginnings of literals that may begin a byte later, likewise.
    later: Bits<SHORT>,
}

/// Where the search looks for a literal: so many bytes of it stand before.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Windows {
    /// At one of these, whichever is at a place where the search looks.
    Either([u8; 2]),
    /// At its beginning, or a byte before that.
    Beginning,
}

impl Sieve {
    /// The tables for these literals, and where each of them is looked for. Of fewer than
    /// `shortest` bytes none is in the tables.
    pub(super) fn new(literals: &[Literal], shortest: usize) -> (Box<Self>, Vec<Windows>) {
        let mut sieve = Box::new(Self {
            middles: [0; PAIRS],
            fives: Bits::new(),
            fours: Bits::new(),
            short: Bits::new(),
            later: Bits::new(),
        });
        let windows = literals
            .iter()
            .map(|literal| match literal.text.len() < shortest {
                true => Windows::Beginning,
                false => sieve.add(literal),
            });
        let windows = windows.collect();
        (sieve, windows)
    }

    fn add(&mut self, literal: &Literal) -> Windows {
        match *literal.text {
            [a, b] => (0..=u8::MAX).for_each(|c| self.add_short([a, b, c], literal)),
            [a, b, c] => self.add_short([a, b, c], literal),
            [a, b, c, _] => {
                self.add_window(&literal.text, 0);
                self.add_later([a, b, c], literal);
            }
            _ => {
                let backs = [0, 1].map(|parity| rarest(&literal.text, parity));
                backs
                    .iter()
                    .for_each(|back| self.add_window(&literal.text, *back));
                return Windows::Either(backs.map(|back| u8::try_from(back).unwrap_or(0)));
            }
        }
        Windows::Beginning
    }

    fn add_window(&mut self, literal: &[u8], back: usize) {
        let Some([a, b, c, d, rest @ ..]) = literal.get(back..) else {
            return;
        };
        self.allow([Some(*a), Some(*b), Some(*c), Some(*d)]);
        let window = u64::from(u32::from_le_bytes([*a, *b, *c, *d])) | FOLD;
        match rest.first() {
            Some(next) => self.fives.set(window & FOUR | u64::from(next | 0x20) << 32),
            None => self.fours.set(window & FOUR),
        }
    }

    fn add_short(&mut self, three: [u8; 3], literal: &Literal) {
        let [a, b, c] = three.map(Some);
        self.allow([a, b, c, None]);
        for three in in_each_case(three, literal.any_case) {
            self.short.set(three);
        }
        self.add_later(three, literal);
    }

    fn add_later(&mut self, three: [u8; 3], literal: &Literal) {
        let [a, b, c] = three.map(Some);
        self.allow([None, a, b, c]);
        for three in in_each_case(three, literal.any_case) {
            self.later.set(three);
        }
    }

    /// Lets a window pass whose outer bytes may be any.
    fn allow(&mut self, window: [Option<u8>; WINDOW]) {
        let [before, first, second, after] = window;
        let bit = |byte: Option<u8>| byte.map_or(u32::MAX, |byte| HIGHEST >> (byte & LOW));
        let pair = first
            .zip(second)
            .map_or(0, |(first, second)| pair(first, second));
        if let Some(entry) = self.middles.get_mut(pair) {
            *entry |= u64::from(bit(before)) | u64::from(bit(after)) << 32;
        }
    }

    #[inline(always)]
    pub(super) fn entry(&self, pair: u16) -> u64 {
        let entry = self.middles.get(usize::from(pair) & (PAIRS - 1));
        entry.copied().unwrap_or(0)
    }

    /// The second look: whether a literal is likely to be known by the first bytes of eight, and
    /// whether one is to begin a byte later. Few that are none are left.
    #[inline(always)]
    pub(super) fn are_likely(&self, eight: [u8; 8]) -> [bool; 2] {
        let bytes = u64::from_le_bytes(eight);
        let folded = bytes | FOLD;
        let here = self.fives.has(folded & FIVE)
            | self.fours.has(folded & FOUR)
            | self.short.has(bytes & THREE);
        [here, self.later.has(bytes >> 8 & THREE)]
    }

    /// The same for literals of five bytes and more alone.
    #[inline(always)]
    pub(super) fn is_likely(&self, eight: [u8; 8]) -> bool {
        let folded = u64::from_le_bytes(eight) | FOLD;
        self.fives.has(folded & FIVE) | self.fours.has(folded & FOUR)
    }
}

const THREE: u64 = 0x00FF_FFFF;
const FOUR: u64 = 0xFFFF_FFFF;
const FIVE: u64 = 0xFF_FFFF_FFFF;
/// The bit that tells small letters from capitals, in each byte.
const FOLD: u64 = 0x2020_2020_2020_2020;

/// Three bytes, or all spellings of them.
pub(super) fn in_each_case(three: [u8; 3], any_case: bool) -> impl Iterator<Item = u64> {
    let [a, b, c] = three.map(u64::from);
    let three = a | b << 8 | c << 16;
    let letters = three
        .to_le_bytes()
        .map(|byte| match byte.is_ascii_alphabetic() {
            true if any_case => 0x20,
            _ => 0,
        });
    let letters = u64::from_le_bytes(letters);
    let cases = [0, 1, 2, 3, 4, 5, 6, 7].map(|case: u64| {
        let spread = case & 1 | (case & 2) << 7 | (case & 4) << 14;
        spread << 5 & letters
    });
    cases.into_iter().map(move |case| three ^ case)
}

fn pair(first: u8, second: u8) -> usize {
    usize::from(first & LOW) | usize::from(second & LOW) << 5
}

/// Where among the places of this parity the rarest window of a literal is; one with a byte after
/// it, if there is such a one.
fn rarest(literal: &[u8], parity: usize) -> usize {
    let followed = literal.len().saturating_sub(1).max(WINDOW + 1);
    let windows = literal.get(..followed).unwrap_or(literal).windows(WINDOW);
    let windows = windows.enumerate().skip(parity).step_by(2);
    let rarest = windows.min_by(|(_, a), (_, b)| odds(a).total_cmp(&odds(b)));
    rarest.map_or(parity, |(back, _)| back)
}

/// A table of bits by a hash, of so many words of 64.
#[derive(Debug)]
pub(super) struct Bits<const WORDS: usize>([u64; WORDS]);

impl<const WORDS: usize> Bits<WORDS> {
    pub(super) fn new() -> Self {
        Self([0; WORDS])
    }

    #[inline(always)]
    fn place(key: u64) -> (usize, u32) {
        let bits = WORDS.trailing_zeros() + 6;
        let hash = key.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> (64 - bits);
        ((hash >> 6) as usize, (hash & 63) as u32)
    }

    pub(super) fn set(&mut self, key: u64) {
        let (word, bit) = Self::place(key);
        if let Some(word) = self.0.get_mut(word) {
            *word |= 1 << bit;
        }
    }

    #[inline(always)]
    pub(super) fn has(&self, key: u64) -> bool {
        let (word, bit) = Self::place(key);
        self.0.get(word).copied().unwrap_or(0) >> bit & 1 == 1
    }
}

/// How often four bytes would come by chance.
fn odds(window: &[u8]) -> f32 {
    let folded = |byte: &u8| match byte.is_ascii_alphabetic() {
        true => often(*byte) + often(*byte ^ 0x20),
        false => often(*byte),
    };
    window.iter().map(folded).product()
}

/// How often a byte comes in 10,000, and one more: those that never came here may come elsewhere.
pub(super) fn often(byte: u8) -> f32 {
    let row = COMMON.get(usize::from(byte >> 4));
    let count = row.and_then(|row| row.get(usize::from(byte & 15)));
    f32::from(count.copied().unwrap_or(0)) + 1.0
}
