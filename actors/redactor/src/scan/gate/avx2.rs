//! The search for triggers with 256-bit vectors: guesses at where they may stand, 32 bytes at a
//! time.
//!
//! Literals: the sieve says where, and only the instructions are chosen here. Special triggers:
//! one lookup gives the kinds of each byte, and the rest is arithmetic on 32 bits, one per byte.
//! Guesses are too many and never too few.

#![allow(
    unsafe_code,
    reason = "a vector is loaded, and a function for AVX2 is called"
)]
#![expect(
    clippy::missing_safety_doc,
    reason = "functions for AVX2 are safe to call from one another; the one call from outside says why it may"
)]

use std::arch::x86_64::{
    __m256i, _mm256_and_si256, _mm256_loadu_si256, _mm256_movemask_epi8, _mm256_set1_epi8,
    _mm256_setzero_si256, _mm256_shuffle_epi8, _mm256_slli_epi16, _mm256_srli_epi16,
    _mm256_testz_si256,
};

use super::Search;
use super::sieve::{BLOCK, READ, Sieve, WINDOW};
use super::special::{SPECIALS, Special};

/// Bytes at a time.
const STEP: usize = 32;
/// Bytes behind a step that are read: triggers that begin at its last byte go on there.
const BEHIND: usize = WINDOW;

/// What is wanted; there is one only on a processor that has AVX2.
#[derive(Debug)]
pub(super) struct Filter {
    wants_specials: bool,
    /// All bits if short numbers are wanted, too.
    short_numbers: u32,
}

impl Filter {
    pub(super) fn new(wants: impl Fn(Special) -> bool) -> Option<Self> {
        let has_vectors = is_x86_feature_detected!("avx2");
        // Every processor with the first has the others; the compiler must be told, though.
        let counts_bits = is_x86_feature_detected!("bmi1") && is_x86_feature_detected!("popcnt");
        (has_vectors && counts_bits && is_x86_feature_detected!("bmi2")).then(|| Self {
            wants_specials: SPECIALS.into_iter().any(&wants),
            short_numbers: if wants(Special::Number) { u32::MAX } else { 0 },
        })
    }

    /// Judges all guesses from `from` on.
    pub(super) fn search(
        &self,
        sieve: &Sieve,
        text: &[u8],
        from: usize,
        search: &mut Search<'_, '_>,
    ) {
        // SAFETY: `new` is the only way to a filter, and it asks the processor for all features.
        unsafe { guess(self, sieve, text, from, search) }
    }
}

#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn guess(filter: &Filter, sieve: &Sieve, text: &[u8], from: usize, search: &mut Search<'_, '_>) {
    let mut at = from;
    while let Some(bytes) = text.get(at..).and_then(<[u8]>::first_chunk::<READ>) {
        judge(sieve.guesses(bytes), at, Search::literal, search);
        judge(
            both(filter, bytes, text, at),
            at,
            Search::special_by_byte,
            search,
        );
        at += BLOCK;
    }
    let mut rest = text.get(at..).unwrap_or_default();
    while !rest.is_empty() {
        let mut padded = [0; READ];
        for (to, byte) in padded.iter_mut().zip(rest) {
            *to = *byte;
        }
        let valid = u64::MAX >> BLOCK.saturating_sub(rest.len());
        judge(sieve.guesses(&padded) & valid, at, Search::literal, search);
        let specials = both(filter, &padded, text, at);
        judge(specials & valid, at, Search::special_by_byte, search);
        at += BLOCK;
        rest = rest.get(BLOCK..).unwrap_or_default();
    }
}

#[inline(always)]
fn judge<'g, 'f>(
    mut mask: u64,
    at: usize,
    judge: impl Fn(&mut Search<'g, 'f>, usize),
    search: &mut Search<'g, 'f>,
) {
    while mask != 0 {
        judge(search, at + mask.trailing_zeros() as usize);
        mask &= mask - 1;
    }
}

/// The special triggers that 64 bytes may begin.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn both(filter: &Filter, bytes: &[u8; READ], text: &[u8], at: usize) -> u64 {
    if !filter.wants_specials {
        return 0;
    }
    let nothing = &[0; STEP + BEHIND];
    let first = bytes.first_chunk().unwrap_or(nothing);
    let first = specials(filter, first, text, at);
    let second = bytes.last_chunk().unwrap_or(nothing);
    let second = specials(filter, second, text, at + STEP);
    u64::from(first) | u64::from(second) << STEP
}

/// The low and high halves of 32 bytes.
#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn halves(bytes: &[u8; STEP + BEHIND]) -> (__m256i, __m256i) {
    let half = _mm256_set1_epi8(15);
    let vector = bytes.first_chunk::<STEP>();
    let vector = vector.map_or(_mm256_setzero_si256(), |bytes| load(bytes));
    let low = _mm256_and_si256(vector, half);
    let high = _mm256_and_si256(_mm256_srli_epi16(vector, 4), half);
    (low, high)
}

#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn load(bytes: &[u8; STEP]) -> __m256i {
    // SAFETY: 32 bytes are borrowed, which is what is read, and the load asks for no alignment.
    unsafe { _mm256_loadu_si256(std::ptr::from_ref(bytes).cast()) }
}

#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
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
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn specials(filter: &Filter, bytes: &[u8; STEP + BEHIND], text: &[u8], at: usize) -> u32 {
    let (low, high) = halves(bytes);
    let low = _mm256_shuffle_epi8(load(&LOW_KINDS), low);
    let kinds = _mm256_and_si256(low, _mm256_shuffle_epi8(load(&HIGH_KINDS), high));
    let beginnings = _mm256_set1_epi8((DIGIT | COLON | AT).cast_signed());
    if _mm256_testz_si256(kinds, beginnings) == 0 || has_digit_or_colon_behind(bytes) {
        some_specials(filter, bytes, kinds, text, at)
    } else {
        0
    }
}

/// Letters at the end of a step are beginnings, too, if the right bytes follow: `0` to `9` and `:`
/// have the same high half.
#[inline]
fn has_digit_or_colon_behind(bytes: &[u8; STEP + BEHIND]) -> bool {
    let behind = bytes.last_chunk::<BEHIND>();
    let behind = behind.map_or(0, |bytes| u32::from_le_bytes(*bytes));
    let high = (behind ^ 0x3030_3030) & 0xF0F0_F0F0;
    high.wrapping_sub(0x0101_0101) & !high & 0x8080_8080 != 0
}

#[inline]
#[target_feature(enable = "avx2,bmi1,bmi2,popcnt")]
fn some_specials(
    filter: &Filter,
    bytes: &[u8; STEP + BEHIND],
    kinds: __m256i,
    text: &[u8],
    at: usize,
) -> u32 {
    let digit = bits(_mm256_slli_epi16(kinds, 7));
    let letter = bits(_mm256_slli_epi16(kinds, 6)) | bits(_mm256_slli_epi16(kinds, 5));
    let hex = digit | bits(_mm256_slli_epi16(kinds, 4));
    let colon = bits(_mm256_slli_epi16(kinds, 3));
    let at_sign = bits(_mm256_slli_epi16(kinds, 2));
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
    let two = run & next(run, 1);
    let six = two & next(two, 2) & next(two, 4);
    let colon_near = next(colon, 1) | next(colon, 2) | next(colon, 3) | next(colon, 4);

    let begins = !after_word | after_escape;
    let number = digit & begins & (six | filter.short_numbers);
    let after_colon = colon << 1;
    let hex_colon = (hex & begins & !after_colon & colon_near) | (colon & next(colon, 1));
    let code = capital & begins & next(capital, 1) & next(digit, 2) & next(digit, 3);
    number | hex_colon | code | at_sign
}

/// Bit `n` becomes what bit `n + by` was; behind the step everything is possible.
#[inline]
fn next(mask: u32, by: u32) -> u32 {
    mask >> by | !(u32::MAX >> by)
}
