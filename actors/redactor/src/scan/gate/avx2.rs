//! The search for triggers with 256-bit vectors: guesses at where they may stand, 32 bytes at a
//! time.
//!
//! Literals: four bytes are looked up half by half in tables whose bits are buckets of literals;
//! a place is a guess if some bucket is left after all eight lookups. Special triggers: one
//! lookup gives the kinds of each byte, and the rest is arithmetic on 32 bits, one per byte.
//! Guesses are too many and never too few.

#![allow(
    unsafe_code,
    reason = "a vector is loaded, and a function for AVX2 is called"
)]

use std::arch::x86_64::{
    __m256i, _mm256_and_si256, _mm256_cmpeq_epi8, _mm256_loadu_si256, _mm256_movemask_epi8,
    _mm256_or_si256, _mm256_set1_epi8, _mm256_setzero_si256, _mm256_shuffle_epi8,
    _mm256_slli_epi16, _mm256_srli_epi16, _mm256_testz_si256,
};

use super::Search;
use super::buckets::{Buckets, PLACES, TABLES, Table};
use super::special::Special;

/// Bytes at a time.
const STEP: usize = 32;
/// Bytes that a step reads: triggers that begin at its last byte go on behind it.
const READ: usize = STEP + PLACES;

/// The tables; there are some only on a processor that has AVX2.
#[derive(Debug)]
pub(super) struct Filter {
    tables: Box<[Table; TABLES]>,
    wants_specials: bool,
}

impl Filter {
    pub(super) fn new(buckets: &Buckets, wants_specials: bool) -> Option<Self> {
        is_x86_feature_detected!("avx2").then(|| Self {
            tables: buckets.tables.clone(),
            wants_specials,
        })
    }

    /// Judges all guesses from `from` on.
    pub(super) fn search(&self, text: &[u8], from: usize, search: &mut Search<'_, '_>) {
        // SAFETY: `new` is the only way to a filter and makes one only if the processor has AVX2.
        unsafe { guess(self, text, from, search) }
    }
}

#[target_feature(enable = "avx2")]
fn guess(filter: &Filter, text: &[u8], from: usize, search: &mut Search<'_, '_>) {
    let mut at = from;
    while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk::<READ>) {
        step(filter, bytes, u32::MAX, text, at, search);
        at += STEP;
    }
    let rest = text.get(at..).unwrap_or_default();
    let mut padded = [0; STEP + READ];
    padded
        .iter_mut()
        .zip(rest)
        .for_each(|(to, from)| *to = *from);
    for (start, valid) in [(0, rest.len()), (STEP, rest.len().saturating_sub(STEP))] {
        if let Some(bytes) = padded.get(start..).and_then(<[u8]>::first_chunk::<READ>)
            && valid > 0
        {
            let valid = u32::MAX >> (STEP - valid.min(STEP));
            step(filter, bytes, valid, text, at + start, search);
        }
    }
}

/// One step: the places that count are those whose bit is set in `valid`.
#[inline]
#[target_feature(enable = "avx2")]
fn step(
    filter: &Filter,
    bytes: &[u8; READ],
    valid: u32,
    text: &[u8],
    at: usize,
    search: &mut Search<'_, '_>,
) {
    let mut literals = literals(filter, bytes) & valid;
    while literals != 0 {
        search.literal(at + literals.trailing_zeros() as usize);
        literals &= literals - 1;
    }
    if filter.wants_specials {
        specials(bytes, valid, text, at, search);
    }
}

/// The places where some bucket has all four bytes.
#[inline]
#[target_feature(enable = "avx2")]
fn literals(filter: &Filter, bytes: &[u8; READ]) -> u32 {
    let halves = [
        halves(bytes, 0),
        halves(bytes, 1),
        halves(bytes, 2),
        halves(bytes, 3),
    ];
    let mut any = _mm256_setzero_si256();
    for table in filter.tables.iter() {
        let mut left = _mm256_set1_epi8(-1);
        for ([low, high], (lows, highs)) in table.iter().zip(halves) {
            let low = _mm256_shuffle_epi8(load(low), lows);
            let high = _mm256_shuffle_epi8(load(high), highs);
            left = _mm256_and_si256(left, _mm256_and_si256(low, high));
        }
        any = _mm256_or_si256(any, left);
    }
    !bits(_mm256_cmpeq_epi8(any, _mm256_setzero_si256()))
}

/// The low and high halves of the 32 bytes from `offset` on.
#[inline]
#[target_feature(enable = "avx2")]
fn halves(bytes: &[u8; READ], offset: usize) -> (__m256i, __m256i) {
    let half = _mm256_set1_epi8(15);
    let vector = bytes.get(offset..).and_then(<[u8]>::first_chunk::<STEP>);
    let vector = vector.map_or(_mm256_setzero_si256(), |bytes| load(bytes));
    let low = _mm256_and_si256(vector, half);
    let high = _mm256_and_si256(_mm256_srli_epi16(vector, 4), half);
    (low, high)
}

#[inline]
#[target_feature(enable = "avx2")]
fn load(bytes: &[u8; STEP]) -> __m256i {
    // SAFETY: 32 bytes are borrowed, which is what is read, and the load asks for no alignment.
    unsafe { _mm256_loadu_si256(std::ptr::from_ref(bytes).cast()) }
}

#[inline]
#[target_feature(enable = "avx2")]
fn bits(vector: __m256i) -> u32 {
    _mm256_movemask_epi8(vector).cast_unsigned()
}

/// Kinds of bytes, one bit each: a byte has those that both of its halves have.
const DIGIT: u8 = 1;
/// Letters of the columns `@A..O` of the ASCII table, in both cases.
const LETTER: u8 = 2;
/// Letters of the columns `P..Z`.
const LATE_LETTER: u8 = 4;
const HEX_LETTER: u8 = 8;
const COLON: u8 = 16;
const AT: u8 = 32;
const BACKSLASH: u8 = 64;
/// What stands between the digits of a number: ` .()-/`.
const BETWEEN: u8 = 128;

const LOW_KINDS: [u8; 32] = twice([
    DIGIT | LATE_LETTER | AT | BETWEEN,
    DIGIT | LETTER | LATE_LETTER | HEX_LETTER,
    DIGIT | LETTER | LATE_LETTER | HEX_LETTER,
    DIGIT | LETTER | LATE_LETTER | HEX_LETTER,
    DIGIT | LETTER | LATE_LETTER | HEX_LETTER,
    DIGIT | LETTER | LATE_LETTER | HEX_LETTER,
    DIGIT | LETTER | LATE_LETTER | HEX_LETTER,
    DIGIT | LETTER | LATE_LETTER,
    DIGIT | LETTER | LATE_LETTER | BETWEEN,
    DIGIT | LETTER | LATE_LETTER | BETWEEN,
    LETTER | LATE_LETTER | COLON,
    LETTER,
    LETTER | BACKSLASH,
    LETTER | BETWEEN,
    LETTER | BETWEEN,
    LETTER | BETWEEN,
]);

const HIGH_KINDS: [u8; 32] = twice([
    0,
    0,
    BETWEEN,
    DIGIT | COLON,
    LETTER | HEX_LETTER | AT,
    LATE_LETTER | BACKSLASH,
    LETTER | HEX_LETTER,
    LATE_LETTER,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
    0,
]);

#[expect(
    clippy::indexing_slicing,
    reason = "16 entries twice; `get` is not const"
)]
const fn twice(table: [u8; 16]) -> [u8; 32] {
    let mut both = [0; 32];
    let mut at = 0;
    while at < both.len() {
        both[at] = table[at & 15];
        at += 1;
    }
    both
}

#[inline]
#[target_feature(enable = "avx2")]
fn specials(bytes: &[u8; READ], valid: u32, text: &[u8], at: usize, search: &mut Search<'_, '_>) {
    let (low, high) = halves(bytes, 0);
    let low = _mm256_shuffle_epi8(load(&LOW_KINDS), low);
    let kinds = _mm256_and_si256(low, _mm256_shuffle_epi8(load(&HIGH_KINDS), high));
    let beginnings = _mm256_set1_epi8((DIGIT | COLON | AT).cast_signed());
    if _mm256_testz_si256(kinds, beginnings) == 0 || has_digit_or_colon_behind(bytes) {
        some_specials(bytes, kinds, valid, text, at, search);
    }
}

/// Letters at the end of a step are beginnings, too, if the right bytes follow: `0` to `9` and `:`
/// have the same high half.
#[inline]
fn has_digit_or_colon_behind(bytes: &[u8; READ]) -> bool {
    let behind = bytes.last_chunk::<PLACES>();
    let behind = behind.map_or(0, |bytes| u32::from_le_bytes(*bytes));
    let high = (behind ^ 0x3030_3030) & 0xF0F0_F0F0;
    high.wrapping_sub(0x0101_0101) & !high & 0x8080_8080 != 0
}

#[inline]
#[target_feature(enable = "avx2")]
fn some_specials(
    bytes: &[u8; READ],
    kinds: __m256i,
    valid: u32,
    text: &[u8],
    at: usize,
    search: &mut Search<'_, '_>,
) {
    let digit = bits(_mm256_slli_epi16(kinds, 7));
    let letter = bits(_mm256_slli_epi16(kinds, 6)) | bits(_mm256_slli_epi16(kinds, 5));
    let hex = digit | bits(_mm256_slli_epi16(kinds, 4));
    let colon = bits(_mm256_slli_epi16(kinds, 3));
    let backslash = bits(_mm256_slli_epi16(kinds, 1));
    let run = digit | bits(kinds);
    let vector = bytes
        .first_chunk::<STEP>()
        .map_or(kinds, |bytes| load(bytes));
    let capital = letter & !bits(_mm256_slli_epi16(vector, 2));

    let before = |count| at.checked_sub(count).and_then(|at| text.get(at));
    let word = digit | letter;
    let after_word = word << 1 | u32::from(before(1).is_some_and(u8::is_ascii_alphanumeric));
    let after_escape = backslash << 2
        | u32::from(before(1) == Some(&b'\\')) << 1
        | u32::from(before(2) == Some(&b'\\'));
    let alone = !after_word | after_escape;
    let two = run & next(run, 1);
    let six = two & next(two, 2) & next(two, 4);
    let colon_near = next(colon, 1) | next(colon, 2) | next(colon, 3) | next(colon, 4);

    let number = digit & alone & six;
    let hex_colon = (hex & !after_word & colon_near) | (colon & next(colon, 1));
    let codes = capital & !after_word & next(capital, 1) & next(digit, 2) & next(digit, 3);
    let at_sign = bits(_mm256_slli_epi16(kinds, 2));
    for (special, guesses) in [
        (Special::Number, number),
        (Special::HexColon, hex_colon),
        (Special::CapitalsDigits, codes),
        (Special::At, at_sign),
    ] {
        let mut guesses = guesses & valid;
        while guesses != 0 {
            search.special(special, at + guesses.trailing_zeros() as usize);
            guesses &= guesses - 1;
        }
    }
}

/// Bit `n` becomes what bit `n + by` was; behind the step everything is possible.
#[inline]
fn next(mask: u32, by: u32) -> u32 {
    mask >> by | !(u32::MAX >> by)
}
